"""What is wrong with a stated value, in Chinese and English, with what to write instead."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails


class Misstated(ValueError):
    """A value that a city states is refused; raised while a row or a table is checked."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


# pydantic's facts about an error have no type that could be stated, hence Any.
Facts = Mapping[str, Any]
_ZH: Final[Mapping[str, Callable[[Facts], str]]] = {
    "missing": lambda _: "缺少这一项，请补上",
    "extra_forbidden": lambda _: "没有这一项设置，请改正名称或删去",
    "string_pattern_mismatch": lambda facts: f"写法不符，应符合 {facts['pattern']}",
    "string_too_short": lambda facts: f"至少 {facts['min_length']} 个字，请补上",
    "string_too_long": lambda facts: f"最多 {facts['max_length']} 个字，请缩短",
    "string_type": lambda _: "应为文字，请加引号",
    "too_short": lambda facts: f"至少 {facts['min_length']} 项，请补上",
    "too_long": lambda facts: f"最多 {facts['max_length']} 项，请删减",
    "greater_than": lambda facts: f"应大于 {facts['gt']:g}",
    "greater_than_equal": lambda facts: f"应不小于 {facts['ge']:g}",
    "less_than": lambda facts: f"应小于 {facts['lt']:g}",
    "less_than_equal": lambda facts: f"应不大于 {facts['le']:g}",
    "enum": lambda facts: f"应为其中之一：{facts['expected']}",
    "literal_error": lambda facts: f"应为其中之一：{facts['expected']}",
    "float_parsing": lambda _: "应为数字",
    "float_type": lambda _: "应为数字",
    "finite_number": lambda _: "应为有限的数字",
    "int_parsing": lambda _: "应为整数",
    "int_type": lambda _: "应为整数",
    "bool_parsing": lambda _: "应为 true 或 false",
    "bool_type": lambda _: "应为 true 或 false",
    "date_type": lambda _: "应为日期，例如 2026-01-31",
    "date_parsing": lambda _: "应为日期，例如 2026-01-31",
    "date_from_datetime_parsing": lambda _: "应为日期，例如 2026-01-31",
    "time_parsing": lambda _: "应为时刻，例如 08:30",
    "time_type": lambda _: "应为时刻，例如 08:30",
    "tuple_type": lambda _: "应为列表，例如 [ … ]",
    "list_type": lambda _: "应为列表，例如 [ … ]",
    "dict_type": lambda _: "应为一组“名称 = 值”",
    "model_type": lambda _: "应为一组“名称 = 值”",
    "model_attributes_type": lambda _: "应为一组“名称 = 值”",
}


def words_of(detail: ErrorDetails) -> tuple[str, str]:
    """Say one thing that pydantic refused, in Chinese and English, without its place."""
    facts = detail.get("ctx", {})
    said = facts.get("error")
    if isinstance(said, Misstated):
        return said.zh, said.en
    chinese = _ZH.get(detail["type"])
    return (chinese(facts) if chinese else f"填写有误({detail['msg']})"), detail["msg"]


def place_of(detail: ErrorDetails) -> tuple[str | int, ...]:
    """Give the path of names and numbers to the value; pydantic's mark of a key is left out."""
    return tuple(part for part in detail["loc"] if part != "[key]")


def named(place: tuple[str | int, ...]) -> str:
    """Write a path as people do, e.g. calendar.shifts.0."""
    return ".".join(str(part) for part in place)


def refusals(error: ValidationError) -> list[tuple[tuple[str | int, ...], str, str]]:
    """Give (place, Chinese, English) of everything that pydantic refused."""
    return [(place_of(each), *words_of(each)) for each in error.errors()]


def columns_of(row: type[BaseModel]) -> tuple[frozenset[str], frozenset[str]]:
    """Give the columns that a row's form knows, and those among them that it must have."""
    known = frozenset(row.model_fields)
    return known, frozenset(n for n, each in row.model_fields.items() if each.is_required())
