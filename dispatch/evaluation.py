"""Evaluation (评价): figures from counted facts, each with its interval.

What is counted stands in `dispatch.indicator_table`. `count_cases` counts over whole histories: the
plain way, which shows what is meant. The store counts the same over kept facts (`ports.Facts`), and
is held to this one by a test. Nothing after the period's end is read, so a period gives the same
figures for ever.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dispatch.case import Case
from dispatch.fact import Fact, Subject, group_of, meets
from dispatch.formula import Grouping, Kind, Part
from dispatch.ids import CaseId
from dispatch.indicator import Indicator, Key
from dispatch.indicator_table import INDICATORS
from dispatch.interval import wilson
from dispatch.life import tell_life
from dispatch.period import Window
from dispatch.profile import IndicatorPolicy

Counts = Mapping[Part, int]
"""How many facts each part of a formula counts; a part that counts none may be left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """An indicator's value with its interval.

    Args:
        value: the count, or the share from 0 to 1; None where nothing is to be counted.
        low: lower end of the 95 % interval of a share (Wilson); None for a count.
        numerator: what is counted.
        denominator: of how many; that of a count is the count.
    """

    indicator: Indicator
    value: float | None
    low: float | None
    high: float | None
    numerator: int
    denominator: int


def parts_of(policy: IndicatorPolicy) -> tuple[Part, ...]:
    """Give every part of the formulas with the denominators that a city chose, each once."""
    parts: dict[Part, None] = {}
    for indicator in INDICATORS:
        parts[indicator.counts] = None
        of = indicator.denominator(policy.denominators.get(indicator.key))
        if of is not None:
            parts[of] = None
    return tuple(parts)


def figures(counts: Counts, *, policy: IndicatorPolicy) -> tuple[Figure, ...]:
    """Give every indicator over some counts, in the order of `INDICATORS`."""
    return tuple(_figure(indicator, counts, policy) for indicator in INDICATORS)


def select_facts(
    cases: Iterable[Case], part: Part, window: Window
) -> Iterator[tuple[Subject, Fact]]:
    """Give the facts that a part of a formula counts, by whole histories."""
    for subject, fact in _told(cases, window):
        if meets(part, fact, window, of=subject):
            yield subject, fact


def count_cases(
    cases: Sequence[Case],
    *,
    parts: Iterable[Part],
    window: Window,
    by: Grouping = Grouping.CITY,
) -> dict[str, dict[Part, int]]:
    """Count the facts of each part of a formula in each group, by whole histories."""
    found: dict[str, dict[Part, int]] = {}
    of_kind: dict[Kind, list[Part]] = {}
    for part in parts:
        of_kind.setdefault(part.kind, []).append(part)
    for subject, fact in _told(cases, window):
        met = [p for p in of_kind.get(fact.kind, ()) if meets(p, fact, window, of=subject)]
        if met:
            counts = found.setdefault(group_of(fact, subject, by), {})
            counts |= {part: counts.get(part, 0) + 1 for part in met}
    return found


def _told(cases: Iterable[Case], window: Window) -> Iterator[tuple[Subject, Fact]]:
    for case in cases:
        subject = subject_of(case)
        for fact in tell_life(case.history, until=window.until).facts:
            yield subject, fact


def subject_of(case: Case) -> Subject:
    """Give what all facts of a case share."""
    model = case.history[0].grounds.get("model") if case.history else None
    return Subject(
        case=CaseId(case.id),
        area=case.grid or "",
        label=case.category.label or "",
        source=case.source.value,
        model=str(model or ""),
        recurs=case.recurs is not None,
    )


def _figure(indicator: Indicator, counts: Counts, policy: IndicatorPolicy) -> Figure:
    hits = counts.get(indicator.counts, 0)
    part = indicator.denominator(policy.denominators.get(indicator.key))
    if part is None:
        return Figure(
            indicator=indicator,
            value=float(hits),
            low=None,
            high=None,
            numerator=hits,
            denominator=hits,
        )
    of = counts.get(part, 0)
    low, high = wilson(hits, of) if of else (None, None)
    return Figure(
        indicator=indicator,
        value=hits / of if of else None,
        low=low,
        high=high,
        numerator=hits,
        denominator=of,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """One mark made of several rates, 0 to 100, and its grade; an example, not a standard."""

    mark: float
    grade: str


LOWEST_GRADE: Final = "E"


def index_of(
    found: Iterable[Figure], *, policy: IndicatorPolicy, weights: Mapping[Key, float] | None = None
) -> Index | None:
    """Weigh rates into one mark, each at the cautious end of its interval.

    So one case closed in four minutes does not lead a ranking. None where a rate has no cases.

    Args:
        weights: those of the group that is judged; the city's general ones if None.
    """
    by_key = {figure.indicator.key: figure for figure in found}
    total = 0.0
    weights = weights or policy.weights
    for key, weight in sorted(weights.items()):
        figure = by_key[key]
        if figure.low is None or figure.high is None:
            return None
        total += weight * (1.0 - figure.high if figure.indicator.less_is_better else figure.low)
    mark = 100.0 * total / sum(weights.values())
    reached = [(least, name) for name, least in policy.grades.items() if mark >= least]
    return Index(mark=round(mark, 2), grade=max(reached)[1] if reached else LOWEST_GRADE)
