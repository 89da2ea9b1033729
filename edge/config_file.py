"""Read the configuration: the file, what the environment puts over it, and where faults lie.

Every fault is said in Chinese and English, with its line or its variable, and an unknown setting
with the known one that it is most like.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from edge.config import Config, UnusableConfig

PREFIX: Final = "XUNHUAN_EDGE_"
_HEADER: Final = re.compile(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]")
_KEY: Final = re.compile(r"\s*([\w\-]+)\s*=")

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadConfig:
    """A configuration and where each setting that is not a default comes from.

    Attributes:
        written: what the file says.
        variables: by setting, the variable of the environment that states it.
    """

    config: Config
    written: Mapping[str, Any]
    variables: Mapping[Place, str]

    def origin(self, place: Place) -> str:
        """Say where a setting comes from: a variable's name, `file` or `default`."""
        if place in self.variables:
            return self.variables[place]
        table: Any = self.written
        for key in place:
            if not isinstance(table, Mapping) or key not in table:
                return "default"
            table = table[key]
        return "file"


@dataclass(slots=True)
class _Source:
    text: str
    variables: dict[Place, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def read_config(path: Path) -> Config:
    """Read and check a configuration file under this process's environment.

    Raises:
        UnusableConfig: it is missing, is no TOML, or says what it must not.
    """
    return read_with_origins(path, os.environ).config


def read_with_origins(path: Path, environment: Mapping[str, str]) -> ReadConfig:
    """Read and check a configuration file, with `XUNHUAN_EDGE_<TABLE>_<KEY>` put over it.

    Raises:
        UnusableConfig: it is missing, is no TOML, or it or the environment says what it must not.
    """
    text, written = _parse(path)
    source = _Source(text)
    said = _with_environment(written, environment, source)
    try:
        config = Config.model_validate(said)
    except ValidationError as error:
        faults = [_fault(each, source) for each in error.errors()]
        raise UnusableConfig(path, [*source.faults, *faults]) from error
    if source.faults:
        raise UnusableConfig(path, source.faults)
    return ReadConfig(config=config, written=written, variables=source.variables)


def line_of(text: str, keys: Sequence[str | int]) -> int:
    """Give the line (from 1) of a key in TOML text, or of the table that lacks it; 1 for the file.

    Args:
        keys: the path to the key, tables first; a number counts `[[tables]]` of one name, from 0.
    """
    best, table, counts = 1, "", dict[str, int]()
    wanted = ".".join(str(key) for key in keys)
    for number, line in enumerate(text.splitlines(), start=1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            table = header[2]
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = f"{table}.{counts[table]}"
            if wanted == table or wanted.startswith(table + "."):
                best = number
        elif key and f"{table}.{key[1]}".lstrip(".") == wanted:
            return number
    return best


def _parse(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except FileNotFoundError as error:
        raise UnusableConfig(path, ["没有这个文件 / there is no such file"]) from error
    except UnicodeDecodeError as error:
        raise UnusableConfig(path, ["文件不是 UTF-8 / the file is not UTF-8"]) from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = found[1] if found else str(text.count("\n") + 1)
        fault = f"第 {line} 行 line {line}: 不是 TOML 写法 / this is no TOML: {error}"
        raise UnusableConfig(path, [fault]) from error


def _with_environment(
    written: Mapping[str, Any], environment: Mapping[str, str], source: _Source
) -> dict[str, Any]:
    said = {name: dict(each) if isinstance(each, dict) else each for name, each in written.items()}
    for variable, text in sorted(environment.items()):
        if not variable.startswith(PREFIX):
            continue
        place = _place_of(variable)
        if place is None:
            known = [_variable(*each) for each in _all_places()]
            source.faults.append(
                f"环境变量 {variable}: 没有这个设置{_like(variable, known, 'zh')} / environment "
                f"variable: there is no such setting{_like(variable, known, 'en')}"
            )
            continue
        source.variables[place] = variable
        if len(place) == 1:
            said[place[0]] = text
        else:
            said.setdefault(place[0], {})[place[1]] = _value(text)
    return said


def _place_of(variable: str) -> tuple[str, ...] | None:
    return next((each for each in _all_places() if _variable(*each) == variable), None)


def _all_places() -> Iterator[tuple[str, ...]]:
    for name, stated in Config.model_fields.items():
        table = _table_of(stated.annotation)
        if table is None:
            yield (name,)
        elif not get_args(stated.annotation):  # Lists of tables are stated in the file only.
            yield from ((name, key) for key in table.model_fields)


def _variable(*place: str) -> str:
    return PREFIX + "_".join(place).upper()


def _value(text: str) -> object:
    """Read a variable as TOML would; what is no TOML value is text."""
    try:
        return next(iter(tomllib.loads(f"value = {text}").values()))
    except tomllib.TOMLDecodeError:
        return text


def _fault(error: ErrorDetails, source: _Source) -> str:
    place = error["loc"]
    zh, en = _words(error)
    name = ".".join(str(key) for key in place) or "文件 file"
    if place in source.variables:
        return f"环境变量 {source.variables[place]} environment: {zh} / {en}"
    line = line_of(source.text, place)
    return f"第 {line} 行 line {line}: {name}: {zh} / {en}"


def _words(error: ErrorDetails) -> tuple[str, str]:
    kind, given = error["type"], {key: str(value) for key, value in error.get("ctx", {}).items()}
    if kind == "extra_forbidden":
        *tables, key = error["loc"]
        known = _keys_at(tuple(tables))
        return (
            f"没有这个设置{_like(str(key), known, 'zh')}",
            f"there is no such setting{_like(str(key), known, 'en')}",
        )
    if kind == "value_error":
        en, _, zh = given["error"].partition(" / ")
        # Errors of the house say Chinese first, validators of the models English first.
        return (en, zh or en) if re.match(r"[^\x00-\x7f]", en) else (zh or en, en)
    words = _WORDS.get(kind)
    if words is None:
        return error["msg"], error["msg"]
    given_zh = {
        key: value.replace(" or ", "、").replace(", ", "、") for key, value in given.items()
    }
    return words[0].format_map(given_zh), words[1].format_map(given)


def _keys_at(tables: Place) -> list[str]:
    model: type[BaseModel] = Config
    for key in tables:
        if isinstance(key, str):
            model = _table_of(model.model_fields[key].annotation) or model
    return list(model.model_fields)


def _table_of(annotation: object) -> type[BaseModel] | None:
    """Give the table that a setting is, or is a list of; None for a plain value."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_table_of(each) for each in get_args(annotation))
    return next((each for each in found if each is not None), None)


def _like(said: str, known: Sequence[str], language: str) -> str:
    near = difflib.get_close_matches(said, known, n=1, cutoff=0.6)
    if not near:
        return ""
    return f"，是不是 {near[0]}" if language == "zh" else f", did you mean {near[0]}"


_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("缺少这个设置", "this setting is missing"),
    "greater_than_equal": ("应不小于 {ge}", "must be at least {ge}"),
    "less_than_equal": ("应不大于 {le}", "must be at most {le}"),
    "finite_number": ("应为有限的数", "must be a finite number"),
    "enum": ("应为 {expected} 之一", "must be one of {expected}"),
    "literal_error": ("应为 {expected} 之一", "must be one of {expected}"),
    "int_type": ("应为整数", "must be a whole number"),
    "int_parsing": ("应为整数", "must be a whole number"),
    "int_from_float": ("应为整数", "must be a whole number"),
    "float_type": ("应为数", "must be a number"),
    "float_parsing": ("应为数", "must be a number"),
    "string_type": ("应为带引号的文字", "must be text in quotes"),
    "bool_type": ("应为 true 或 false", "must be true or false"),
    "bool_parsing": ("应为 true 或 false", "must be true or false"),
    "path_type": ("应为带引号的路径", "must be a path in quotes"),
    "model_type": ("应为一节设置，如 [表名]", "must be a table like [name]"),
    "tuple_type": ("应为列表", "must be a list"),
    "too_long": ("最多 {max_length} 项", "has at most {max_length} entries"),
    "too_short": ("至少 {min_length} 项", "has at least {min_length} entries"),
    "string_pattern_mismatch": ("写法不对，应符合 {pattern}", "must be written like {pattern}"),
}
