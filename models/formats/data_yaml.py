"""The class names of a YOLO set's `data.yaml`.

Four ways of writing them are in use: a list or a mapping, in a block or in brackets.
"""

import re
from pathlib import Path
from typing import Final

from models.errors import BrokenDataset
from models.formats.sheet import text_of

MOST_BYTES: Final = 1 << 20
_NAMES: Final = re.compile(r"^names:[ \t]*(?P<rest>.*)$", re.MULTILINE)
_BLOCK_LINE: Final = re.compile(r"^\s*(?:-\s+(?P<item>.+)|(?P<index>\d+)\s*:\s+(?P<named>.+))$")
_BRACKETED: Final = re.compile(r"\A\s*(?:\[(?P<list>[^\[\]]*)\]|\{(?P<mapping>[^{}]*)\})")
_ENTRY: Final = re.compile(
    r"""\s*(?:(?P<index>\d+)\s*:\s*)?(?:"(?P<double>[^"]*)"|'(?P<single>(?:[^']|'')*)'|(?P<plain>[^,'"]+))\s*(?:,|\Z)"""
)
_COMMENT: Final = re.compile(r"\s+#.*$")


def read_names(path: Path) -> tuple[str, ...]:
    """Read the class names in the order of their codes.

    Raises:
        BrokenDataset: there is no file, it names no classes, one twice, or leaves a code out.
    """
    if not path.is_file():
        raise BrokenDataset(path.parent, "缺少 data.yaml", "data.yaml is missing")
    text = text_of(path, most_bytes=MOST_BYTES)
    found = _NAMES.search(text)
    rest = text[found.start("rest") :] if found else ""
    head = rest.lstrip(" \t")
    entries = _bracketed(path, head) if head[:1] in {"[", "{"} else _block(rest)
    names = tuple(name for _, name in entries)
    if not names or "" in names:
        raise BrokenDataset(path, "names 没有列出类别", "`names` lists no classes")
    if [code for code, _ in entries] != list(range(len(entries))):
        raise BrokenDataset(path, "类别编号不是从 0 连续", "codes do not run from 0 without gaps")
    if len(set(names)) < len(names):
        raise BrokenDataset(path, "有重名类别", "a class is named twice")
    return names


def _block(rest: str) -> list[tuple[int, str]]:
    entries: list[tuple[int, str]] = []
    for line in rest.splitlines()[1:]:
        bare = _COMMENT.sub("", line).rstrip()
        if not bare or bare.lstrip().startswith("#"):
            continue
        found = _BLOCK_LINE.match(bare)
        if not found:
            break
        code = int(found["index"]) if found["index"] else len(entries)
        entries.append((code, _unquoted(found["item"] or found["named"])))
    return sorted(entries)


def _bracketed(path: Path, head: str) -> list[tuple[int, str]]:
    found = _BRACKETED.match(head)
    if not found:
        raise BrokenDataset(path, "names 的括号没有配对", "the brackets of `names` do not close")
    inner = (found["list"] or found["mapping"] or "").strip().rstrip(",")
    entries: list[tuple[int, str]] = []
    at = 0
    while at < len(inner):
        entry = _ENTRY.match(inner, at)
        if not entry or entry.end() == at:
            raise BrokenDataset(
                path, "names 读不懂", f"cannot read `names` at {inner[at : at + 20]!r}"
            )
        name = next(v for v in (entry["double"], entry["single"], entry["plain"]) if v is not None)
        entries.append((int(entry["index"]) if entry["index"] else len(entries), name.strip()))
        at = entry.end()
    return sorted(entries)


def _unquoted(text: str) -> str:
    text = text.strip()
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1].strip() if quoted else text
