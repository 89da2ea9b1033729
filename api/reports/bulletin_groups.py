"""The bulletin's groups: a table by street, department, class and model."""

from collections.abc import Sequence
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
from dispatch.evaluation import Figure
from dispatch.formula import Grouping
from dispatch.indicator import Key
from dispatch.profile import Profile

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


def group_sections(counted: Counted, profile: Profile, tongue: Tongue) -> list[Section]:
    """Give a table by street, by department and by class."""
    wanted = (
        (Grouping.STREET, _OF_AREAS, tongue.say("分街道", "By street")),
        (Grouping.DEPARTMENT, _OF_DEPARTMENTS, tongue.say("分[部门]", "By [department]")),
        (Grouping.LABEL, _OF_AREAS, tongue.say("分类别", "By class")),
    )
    return [
        Section(title=title, parts=(_groups(by, keys, counted, profile, tongue),))
        for by, keys, title in wanted
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
    sheets = counted.groups[by]
    figures = [by_key(sheet) for sheet in sheets]
    some = by_key(counted.sheet)
    marked = by in {Grouping.STREET, Grouping.DEPARTMENT}
    rows = tuple(
        (
            group_name(by, sheet, counted, profile, tongue),
            *((_mark(sheet),) if marked else ()),
            *(_cell(found[key], tongue) for key in keys),
        )
        for sheet, found in zip(sheets, figures, strict=True)
        if any(found[key].numerator or found[key].denominator for key in keys)
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
        note="" if rows else tongue.say("本期没有。", "None in the period."),
    )


def _cell(figure: Figure, tongue: Tongue) -> str:
    if figure.low is None or figure.value is None:
        return value_words(figure, tongue)
    return f"{value_words(figure, tongue)}\n{interval_words(figure)}\n{of_words(figure)}"


def _mark(sheet: Sheet) -> str:
    return f"{sheet.index.mark:.1f} {sheet.index.grade}" if sheet.index else NONE
