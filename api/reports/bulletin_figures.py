"""The bulletin's figures: key figures, bars, groups, patrols and models."""

from collections.abc import Sequence
from typing import Final

from api.figures import Sheet, group_words
from api.reports.counted import Counted
from api.reports.document import Bar, Bars, Part, Section, Table
from api.reports.figure_words import (
    NONE,
    interval_words,
    of_words,
    trend_words,
    value_words,
)
from api.reports.tongue import Tongue
from dispatch.evaluation import Figure
from dispatch.formula import Grouping
from dispatch.indicator import Indicator, Key
from dispatch.indicators.counts import COUNTS
from dispatch.indicators.patrols import PATROLS
from dispatch.indicators.rates import RATES
from dispatch.profile import Profile

DRAWN: Final = (
    Key.ON_TIME_CONFIRM,
    Key.ON_TIME_DISPATCH,
    Key.ON_TIME_HANDLING,
    Key.ON_TIME_CHECK,
    Key.ON_TIME_CLOSURE,
    Key.CLOSURE,
    Key.REWORK,
    Key.FALSE_ALARM,
    Key.CANNOT_TELL,
)
_DUTIES: Final = ("confirm", "dispatch", "handling", "check", "closure", "reply")
_DUTY_COUNTS: Final = ("due", "done", "in_time", "late", "overdue")
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


def summary_section(counted: Counted, tongue: Tongue) -> Section:
    """Say in a few sentences what the period brought."""
    now, before = _by_key(counted.sheet), _by_key(counted.before)
    told = tongue.say(
        "本期上报 {reported} 件（上期 {before} 件），立案 {filed} 件，派遣 {dispatched} 件，"
        "结案 {closed} 件；另有未经修复的特殊结案 {written_off} 件。",
        "{reported} cases were reported ({before} in the period before), {filed} filed, "
        "{dispatched} dispatched, {closed} closed; {written_off} were written off unrepaired, "
        "counted apart.",
    ).format(
        before=before[Key.REPORTED].numerator,
        **{
            key.value: now[key].numerator
            for key in (Key.REPORTED, Key.FILED, Key.DISPATCHED, Key.CLOSED, Key.WRITTEN_OFF)
        },
    )
    on_time = now[Key.ON_TIME_CLOSURE]
    held = tongue.say(
        f"按期结案率 {value_words(on_time, tongue)}（{of_words(on_time)}，95% 区间 "
        f"{interval_words(on_time)}）；期末超期未办 {len(counted.late)} 项，返工与重开 "
        f"{len(counted.redone)} 次，复巡看不清 {now[Key.CANNOT_TELL].numerator} 件。",
        f"Closed on time: {value_words(on_time, tongue)} ({of_words(on_time)}, 95 % interval "
        f"{interval_words(on_time)}). At its end {len(counted.late)} duties were overdue; work "
        f"began anew {len(counted.redone)} times; of {now[Key.CANNOT_TELL].numerator} cases later "
        "passes could not tell.",
    )
    index = counted.sheet.index
    mark = (
        tongue.say(
            f"示例综合分 {index.mark:.1f}（{index.grade}），按各率区间的不利一端计，不是国家标准。",
            f"Example mark {index.mark:.1f} ({index.grade}), each rate at the cautious end of its "
            "interval; it is no national standard.",
        )
        if index
        else ""
    )
    title = tongue.say("概况", "Summary")
    return Section(title=title, parts=tuple(each for each in (told, held, mark) if each))


def bars_section(counted: Counted, tongue: Tongue) -> Section:
    """Draw the rates that lead."""
    before = _by_key(counted.before)
    bars = tuple(
        Bar(
            name=_name(figure.indicator, tongue),
            value=figure.value,
            low=figure.low,
            high=figure.high,
            before=before[key].value,
            words=f"{value_words(figure, tongue)}  {interval_words(figure)}",
        )
        for key, figure in _by_key(counted.sheet).items()
        if key in DRAWN
    )
    legend = tongue.say(
        "横条为本期，横线为 95% 区间，菱形为上期；没有横条的本期无数据。",
        "Bar: this period; line: its 95 % interval; diamond: the period before. No bar: no data.",
    )
    return Section(
        title=tongue.say("主要比率", "Leading rates"), parts=(Bars(bars=bars, legend=legend),)
    )


def key_section(counted: Counted, tongue: Tongue) -> Section:
    """Give all rates and counts, each beside that of the period before."""
    return Section(
        title=tongue.say("指标与趋势", "Figures and trends"),
        parts=(
            _trends(RATES, counted, tongue),
            _trends(COUNTS, counted, tongue, shares=False),
            _duties(counted, tongue),
        ),
    )


def group_sections(counted: Counted, profile: Profile, tongue: Tongue) -> list[Section]:
    """Give a table by street, by department and by class."""
    wanted = (
        (Grouping.STREET, _OF_AREAS, tongue.say("分街道", "By street")),
        (Grouping.DEPARTMENT, _OF_DEPARTMENTS, tongue.say("分部门", "By department")),
        (Grouping.LABEL, _OF_AREAS, tongue.say("分类别", "By class")),
    )
    return [
        Section(title=title, parts=(_groups(by, keys, counted, profile, tongue),))
        for by, keys, title in wanted
    ]


def patrol_section(counted: Counted, profile: Profile, tongue: Tongue) -> Section:
    """Give what patrols did, and what ground they truly inspected for each class."""
    classes = [
        (sheet, _by_key(sheet)[Key.COVERAGE], _by_key(sheet)[Key.COVERAGE_AGE])
        for sheet in counted.groups[Grouping.LABEL]
    ]
    rows = tuple(
        (
            _group(Grouping.LABEL, sheet, counted, profile, tongue),
            value_words(coverage, tongue),
            value_words(age, tongue),
        )
        for sheet, coverage, age in classes
        if coverage.value is not None
    )
    parts: list[Part] = [_trends(PATROLS, counted, tongue, shares=False)]
    if rows:
        heads = tongue.say(
            "类别|有效巡检覆盖率|覆盖龄期中位数", "Class|Truly inspected|Age, median"
        )
        table = Table(
            heads=tuple(heads.split("|")), rows=rows, widths=(2, 1, 1), numbers=frozenset({1, 2})
        )
        parts.append(table)
    return Section(title=tongue.say("巡查覆盖", "Patrol coverage"), parts=tuple(parts))


def model_section(counted: Counted, profile: Profile, tongue: Tongue) -> Section:
    """Give false finds of each version of a model; what people reported stands under no model."""
    return Section(
        title=tongue.say("各模型版本的误报", "False finds by model version"),
        parts=(_groups(Grouping.MODEL, _OF_MODELS, counted, profile, tongue),),
    )


def _trends(
    indicators: Sequence[Indicator], counted: Counted, tongue: Tongue, *, shares: bool = True
) -> Table:
    now, before = _by_key(counted.sheet), _by_key(counted.before)
    heads = tongue.say(
        "指标|本期|95% 区间|构成|上期|变化", "Figure|Now|95 % interval|Of|Before|Change"
    )
    rows = (_trend_row(now[each.key], before[each.key], tongue) for each in indicators)
    if shares:
        return Table(
            heads=tuple(heads.split("|")),
            rows=tuple(rows),
            widths=(2.2, 1.1, 1.5, 1.2, 1.1, 1.9),
            numbers=frozenset({1, 2, 3, 4, 5}),
        )
    kept = (0, 1, 4, 5)
    named = heads.split("|")
    return Table(
        heads=tuple(named[column] for column in kept),
        rows=tuple(tuple(row[column] for column in kept) for row in rows),
        widths=(3, 1.4, 1.4, 1.6),
        numbers=frozenset({1, 2, 3}),
    )


def _trend_row(now: Figure, before: Figure, tongue: Tongue) -> tuple[str, ...]:
    return (
        _name(now.indicator, tongue),
        value_words(now, tongue),
        interval_words(now),
        of_words(now),
        value_words(before, tongue),
        trend_words(now, before, tongue),
    )


def _duties(counted: Counted, tongue: Tongue) -> Table:
    now = _by_key(counted.sheet)
    heads = tongue.say(
        "环节|应办|已办|按期|超期办结|超期未办", "Duty|Due|Done|On time|Late|Overdue, not done"
    )
    names = tongue.say(
        "核实|派遣|处置|核查|结案|回复督办", "Confirm|Dispatch|Handle|Check|Close|Reply"
    )
    rows = tuple(
        (name, *(str(now[Key(f"{which}_{duty}")].numerator) for which in _DUTY_COUNTS))
        for name, duty in zip(names.split("|"), _DUTIES, strict=True)
    )
    return Table(
        heads=tuple(heads.split("|")),
        rows=rows,
        widths=(2, 1, 1, 1, 1, 1.2),
        numbers=frozenset(range(1, 6)),
    )


def _groups(
    by: Grouping, keys: Sequence[Key], counted: Counted, profile: Profile, tongue: Tongue
) -> Table:
    sheets = counted.groups[by]
    figures = [_by_key(sheet) for sheet in sheets]
    some = _by_key(counted.sheet)
    marked = by in {Grouping.STREET, Grouping.DEPARTMENT}
    rows = tuple(
        (
            _group(by, sheet, counted, profile, tongue),
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
            *(_name(some[key].indicator, tongue) for key in keys),
        ),
        rows=rows,
        widths=(
            1.9,
            *(1.0 for _ in mark_head),
            *(1.5 if some[k].indicator.of else 0.9 for k in keys),
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


def _group(by: Grouping, sheet: Sheet, counted: Counted, profile: Profile, tongue: Tongue) -> str:
    if by is Grouping.MODEL and not sheet.group:
        return tongue.say("（人报的）", "(people's reports)")
    day = counted.span.period.last_day
    return tongue.of(group_words(by, sheet.group, profile=profile, day=day))


def _name(indicator: Indicator, tongue: Tongue) -> str:
    return tongue.say(indicator.name_zh, indicator.name_en)


def _by_key(sheet: Sheet) -> dict[Key, Figure]:
    return {figure.indicator.key: figure for figure in sheet.figures}
