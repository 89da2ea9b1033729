"""Find the line of a setting in TOML text, which the standard library's reader does not tell."""

import re
from collections.abc import Iterator
from typing import Final

Place = tuple[str | int, ...]
_HEADER: Final = re.compile(r"\s*(\[\[?)([^\[\]]+)\]")
_KEY: Final = re.compile(
    r"""\s*((?:"[^"]*"|'[^']*'|[\w\-]+)(?:\s*\.\s*(?:"[^"]*"|[\w\-]+))*)\s*="""
)
_PART: Final = re.compile(r""""([^"]*)"|'([^']*)'|([\w\-]+)""")


def line_of_setting(text: str, place: Place) -> int:
    """Find the line of a setting; of what is missing, that of its table; 1 for the file.

    Args:
        place: names of tables and keys, and numbers in lists, from 0.
    """
    best, reached = 1, 0
    for line, path in _settings(text):
        common = min(len(path), len(place))
        if path[:common] == place[:common] and common > reached:
            best, reached = line, common
    return best


def _settings(text: str) -> Iterator[tuple[int, Place]]:
    table: Place = ()
    counts: dict[Place, int] = {}
    for line, written in enumerate(text.splitlines(), start=1):
        header, key = _HEADER.match(written), _KEY.match(written)
        if key is not None:
            yield line, (*table, *_parts(key[1]))
        elif header is not None:
            table = _parts(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            yield line, table


def _parts(written: str) -> Place:
    return tuple("".join(found) for found in _PART.findall(written))
