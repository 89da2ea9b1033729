"""The bulletin's groups: a table by street, department, class and model."""

from collections.abc import Mapping, Sequence
from typing import Final

from api.figures import Sheet, group_words
from api.reports.counted import Counted
from api.reports.document import Section, Table
from api.reports.figure_words import (
    NONE,
    by_key,
    indicator_name,
    interval_words,
    of_words,
    value_words,
)
from api.reports.tongue import Tongue
from dispatch.city.profile import Profile
from dispatch.figures.evaluation import Figure
from dispatch.indicators.formula import Grouping
from dispatch.indicators.indicator import Key

_OF_AREAS: Final = (
    Key.REPORTED,
    Key.FILED,
    Key.CLOSED,
    Key.ON_TIME_CLOSURE,
    Key.OVERDUE_CLOSURE,
    Key.REWORK,
)
_OF_DEPARTMENTS: Final = (
    Key.DISPATCHED,
    Key.ON_TIME_HANDLING,
    Key.OVERDUE_HANDLING,
    Key.REWORK,
    Key.RETURNED,
    Key.EXTENDED,
)
_OF_MODELS: Final = (Key.REPORTED, Key.FOUND_UNTRUE, Key.FALSE_ALARM, Key.MISSED, Key.CANNOT_TELL)


_TITLES: Final = {
    Grouping.DISTRICT: ("分区", "By district"),
    Grouping.STREET: ("分街道", "By street"),
    Grouping.COMMUNITY: ("分社区", "By community"),
    Grouping.GRID: ("分网格", "By grid"),
    Grouping.DEPARTMENT: ("分[部门]", "By [department]"),
    Grouping.LABEL: ("分类别", "By class"),
}
_UNMARKED: Final = frozenset({Grouping.LABEL, Grouping.MODEL})
MOST: Final = 100
"""Rows of a table on paper, those with the most reports; the workbook holds them all."""


def group_sections(counted: Counted, profile: Profile, tongue: Tongue) -> list[Section]:
    """Give a table by each of what the reader chose: parts of the city, departments, classes."""
    return [
        Section(
            title=tongue.say(*_TITLES[by]),
            parts=(
                _groups(
                    by,
                    _OF_DEPARTMENTS if by is Grouping.DEPARTMENT else _OF_AREAS,
                    counted,
                    profile,
                    tongue,
                ),
            ),
        )
        for by in counted.tables
        if by in _TITLES
    ]


def model_section(counted: Counted, profile: Profile, tongue: Tongue) -> Section:
    """Give false finds of each version of a model; what people reported stands under no model."""
    return Section(
        title=tongue.say("各模型版本的误报", "False finds by model version"),
        parts=(_groups(Grouping.MODEL, _OF_MODELS, counted, profile, tongue),),
    )


def group_name(
    by: Grouping, sheet: Sheet, counted: Counted, profile: Profile, tongue: Tongue
) -> str:
    """Name a group; what no model found is called so."""
    if by is Grouping.MODEL and not sheet.group:
        return tongue.say("（人报的）", "(people's reports)")
    day = counted.span.period.last_day
    return tongue.of(group_words(by, sheet.group, profile=profile, day=day))


def _groups(
    by: Grouping, keys: Sequence[Key], counted: Counted, profile: Profile, tongue: Tongue
) -> Table:
    some = by_key(counted.sheet)
    marked = by not in _UNMARKED
    all_ = [
        (sheet, found)
        for sheet in counted.groups[by]
        if any((found := by_key(sheet))[key].numerator or found[key].denominator for key in keys)
    ]
    rows = tuple(
        (
            group_name(by, sheet, counted, profile, tongue),
            *((_mark(sheet),) if marked else ()),
            *(_cell(found[key], tongue) for key in keys),
        )
        for sheet, found in _busiest(all_, keys[0])
    )
    mark_head = (tongue.say("示例分", "Example mark"),) if marked else ()
    columns = len(mark_head) + len(keys)
    return Table(
        heads=(
            tongue.say("名称", "Name"),
            *mark_head,
            *(indicator_name(some[key].indicator, tongue) for key in keys),
        ),
        rows=rows,
        widths=(
            1.9,
            *(1.0 for _ in mark_head),
            *(1.5 if some[k].indicator.of else 1.15 for k in keys),
        ),
        numbers=frozenset(range(1, columns + 1)),
        note=_note(len(all_), tongue),
    )


def _busiest(
    all_: Sequence[tuple[Sheet, Mapping[Key, Figure]]], count: Key
) -> list[tuple[Sheet, Mapping[Key, Figure]]]:
    """Give the groups that most happened in, in their own order."""
    by_count = sorted(range(len(all_)), key=lambda at: -all_[at][1][count].numerator)
    return [all_[at] for at in sorted(by_count[:MOST])]


def _note(number: int, tongue: Tongue) -> str:
    if number == 0:
        return tongue.say("本期没有。", "None in the period.")
    if number <= MOST:
        return ""
    return tongue.say(
        f"共 {number} 行，此处只列件数最多的 {MOST} 行，全部见同期 Excel 报表。",
        f"{number} rows, the {MOST} with the most cases here; all are in the workbook of the "
        "period.",
    )


def _cell(figure: Figure, tongue: Tongue) -> str:
    if figure.low is None or figure.value is None:
        return value_words(figure, tongue)
    return f"{value_words(figure, tongue)}\n{interval_words(figure)}\n{of_words(figure)}"


def _mark(sheet: Sheet) -> str:
    return f"{sheet.index.mark:.1f} {sheet.index.grade}" if sheet.index else NONE
