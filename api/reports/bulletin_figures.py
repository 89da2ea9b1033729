"""The bulletin's figures: the summary, bars, all figures with their trends, and patrols."""

from collections.abc import Sequence
from typing import Final

from api.reports.bulletin_groups import group_name
from api.reports.counted import Counted
from api.reports.document import Bar, Bars, Part, Section, Table
from api.reports.figure_words import (
    by_key,
    indicator_name,
    interval_words,
    of_words,
    trend_words,
    value_words,
)
from api.reports.tongue import Tongue
from dispatch.city.profile import Profile
from dispatch.figures.evaluation import Figure
from dispatch.indicators.counts import COUNTS
from dispatch.indicators.formula import Grouping
from dispatch.indicators.indicator import Indicator, Key
from dispatch.indicators.patrols import PATROLS
from dispatch.indicators.rates import RATES

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


def summary_section(counted: Counted, tongue: Tongue) -> Section:
    """Say in a few sentences what the period brought."""
    now, before = by_key(counted.sheet), by_key(counted.before)
    told = tongue.say(
        "本期[上报] {reported} 件（上期 {before} 件），[立案] {filed} 件，[派遣] {dispatched} 件，"
        "[结案] {closed} 件；另有未经修复的[特殊结案] {written_off} 件。",
        "{reported} [cases] were [reported] ({before} in the period before), {filed} [filed], "
        "{dispatched} [dispatched], {closed} [closed]; {written_off} were [written off] "
        "unrepaired, counted apart.",
    ).format(
        before=before[Key.REPORTED].numerator,
        **{
            key.value: now[key].numerator
            for key in (Key.REPORTED, Key.FILED, Key.DISPATCHED, Key.CLOSED, Key.WRITTEN_OFF)
        },
    )
    on_time = now[Key.ON_TIME_CLOSURE]
    late, redone = len(counted.lists.late), len(counted.lists.redone)
    held = tongue.say(
        f"按期[结案]率 {value_words(on_time, tongue)}（{of_words(on_time)}，95% 区间 "
        f"{interval_words(on_time)}）；期末超期未办 {late} 项，[返工]与重开 "
        f"{redone} 次，复巡看不清 {now[Key.CANNOT_TELL].numerator} 件。",
        f"[Closed] on time: {value_words(on_time, tongue)} ({of_words(on_time)}, 95 % interval "
        f"{interval_words(on_time)}). At its end {late} duties were overdue; work "
        f"began anew {redone} times; of {now[Key.CANNOT_TELL].numerator} [cases] "
        "later passes could not tell.",
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
    before = by_key(counted.before)
    bars = tuple(
        Bar(
            name=indicator_name(figure.indicator, tongue),
            value=figure.value,
            low=figure.low,
            high=figure.high,
            before=before[key].value,
            words=f"{value_words(figure, tongue)}  {interval_words(figure)}",
        )
        for key, figure in by_key(counted.sheet).items()
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


def patrol_section(counted: Counted, profile: Profile, tongue: Tongue) -> Section:
    """Give what patrols did, and what ground they truly inspected for each class."""
    classes = [
        (sheet, by_key(sheet)[Key.COVERAGE], by_key(sheet)[Key.COVERAGE_AGE])
        for sheet in counted.groups[Grouping.LABEL]
    ]
    rows = tuple(
        (
            group_name(Grouping.LABEL, sheet, counted, profile, tongue),
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


def _trends(
    indicators: Sequence[Indicator], counted: Counted, tongue: Tongue, *, shares: bool = True
) -> Table:
    now, before = by_key(counted.sheet), by_key(counted.before)
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
        indicator_name(now.indicator, tongue),
        value_words(now, tongue),
        interval_words(now),
        of_words(now),
        value_words(before, tongue),
        trend_words(now, before, tongue),
    )


def _duties(counted: Counted, tongue: Tongue) -> Table:
    now = by_key(counted.sheet)
    heads = tongue.say(
        "环节|应办|已办|按期|超期办结|超期未办", "Duty|Due|Done|On time|Late|Overdue, not done"
    )
    names = tongue.say(
        "[核实]|[派遣]|[处置]|[核查]|[结案]|回复[督办]",
        "[Confirm]|[Dispatch]|[Handle]|[Check]|[Close]|Reply",
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
