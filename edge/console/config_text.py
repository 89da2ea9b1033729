"""A configuration written out: a file that could be read again, and where each setting is from."""

import json
from collections.abc import Iterator

from edge.config_file import Place, ReadConfig

Value = str | int | float | bool | list["Value"] | None
"""A setting as JSON has it; None is one that nobody stated and that has no default."""


def effective_text(read: ReadConfig) -> str:
    """Give every setting in effect as TOML, each with its origin; read again, it means the same.

    TOML cannot say that a setting is not stated: such a one is named in a comment.
    """
    top, tables = list[str](), list[str]()
    for name, value in read.config.model_dump(mode="json").items():
        if isinstance(value, dict):
            tables += ["", f"[{name}]", *_lines((name,), value, read)]
        elif isinstance(value, list):
            for each in value:
                tables += ["", f"[[{name}]]  # {read.origin((name,))}", *_lines((), each, None)]
        else:
            top += _lines((), {name: value}, read)
    return "\n".join([*top, *tables]) + "\n"


def _lines(table: Place, settings: dict[str, Value], read: ReadConfig | None) -> Iterator[str]:
    for key, value in settings.items():
        origin = "" if read is None else f"  # {read.origin((*table, key))}"
        yield f"# {key} 未设置 · not set" if value is None else f"{key} = {_toml(value)}{origin}"


def _toml(value: Value) -> str:
    """Write a value as TOML; JSON writes it alike but for one character that TOML wants escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
