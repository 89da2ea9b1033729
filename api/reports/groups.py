"""The figures of a month told apart: a table a grouping, a row a group."""

from collections.abc import Iterator
from typing import Final

from api.figures import Sheet, group_words, sheets_by
from api.wiring import Centre
from dispatch.formula import Grouping
from dispatch.indicators.table import INDICATORS
from dispatch.period import Period
from dispatch.profile import Profile

GROUPINGS: Final = {
    Grouping.STREET: "街道 Streets",
    Grouping.DEPARTMENT: "部门 Departments",
    Grouping.LABEL: "类别 Classes",
}
"""What a bulletin tells figures apart by, and what each table is called."""
GROUP_HEADS: Final = (
    "代号 Id",
    "名称 Name",
    "综合分 Mark",
    "等级 Grade",
    *(f"{each.name_zh} {each.name_en}" for each in INDICATORS),
)
Cell = str | float | None


def group_rows(
    by: Grouping, period: Period, *, area: str, centre: Centre
) -> Iterator[tuple[Cell, ...]]:
    """Give each group's id, name, mark, grade and figures; None where nothing is to be counted."""
    for sheet in sheets_by(by, period, area=area, centre=centre):
        yield _row(by, sheet, period, centre.profile)


def _row(by: Grouping, sheet: Sheet, period: Period, profile: Profile) -> tuple[Cell, ...]:
    name = group_words(by, sheet.group, profile=profile, day=period.last_day).zh
    mark = (sheet.index.mark, sheet.index.grade) if sheet.index else (None, "")
    return (sheet.group, name, *mark, *(figure.value for figure in sheet.figures))
