"""Evaluation (评价): figures from counted facts, each with its interval.

What is counted stands in `dispatch.indicators`. `count_cases` counts over whole histories: the
plain way, which shows what is meant. The store counts the same over kept facts (`ports.Facts`), and
is held to this one by a test. Nothing after the period's end is read, so a period gives the same
figures for ever.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dispatch.case.case import Case
from dispatch.city.policies import IndicatorPolicy
from dispatch.clocks.period import Window
from dispatch.figures.fact import Fact, Subject, area_of, group_of, meets
from dispatch.figures.life import tell_life
from dispatch.ids import CaseId
from dispatch.indicators.formula import Amount, Grouping, Kind, Part, splits
from dispatch.indicators.indicator import Indicator, Key
from dispatch.indicators.interval import wilson
from dispatch.indicators.table import INDICATORS

Counts = Mapping[Part, int]
"""What each part of a formula reckons; one that reckons nothing may be left out."""
_Met = tuple[Subject, Fact]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """An indicator's value with its interval.

    Args:
        value: in the indicator's unit; None where there is nothing to reckon it of.
        low: lower end of the 95 % interval of a share (Wilson); None for other figures.
        numerator: what is counted, before the indicator's scale.
        denominator: of how many; that of a plain number is the number.
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


def figures(
    counts: Counts, *, policy: IndicatorPolicy, by: Grouping = Grouping.CITY
) -> tuple[Figure, ...]:
    """Give every indicator over the counts of one group, in the order of `INDICATORS`."""
    return tuple(_figure(indicator, counts, policy, by) for indicator in INDICATORS)


def select_facts(
    cases: Iterable[Case], part: Part, window: Window, *, area: str = ""
) -> Iterator[tuple[Subject, Fact]]:
    """Give the facts in an area that a part of a formula counts, by whole histories."""
    for subject, fact in _told(cases, window, area):
        if meets(part, fact, window, of=subject):
            yield subject, fact


def count_cases(
    cases: Sequence[Case],
    *,
    parts: Iterable[Part],
    window: Window,
    by: Grouping = Grouping.CITY,
    area: str = "",
) -> dict[str, dict[Part, int]]:
    """Count the facts in an area of each part of a formula in each group, by whole histories."""
    found: dict[str, dict[Part, list[_Met]]] = {}
    of_kind: dict[Kind, list[Part]] = {}
    for part in parts:
        of_kind.setdefault(part.facts, []).append(part)
    for subject, fact in _told(cases, window, area):
        for part in of_kind.get(fact.kind, ()):
            if meets(part, fact, window, of=subject):
                group = found.setdefault(group_of(part, fact, by, of=subject), {})
                group.setdefault(part, []).append((subject, fact))
    reckoned = {}
    for name, taken in found.items():
        counts = {part: reckon(part.amount, met) for part, met in taken.items()}
        reckoned[name] = {part: number for part, number in counts.items() if number}
    return {group: counts for group, counts in reckoned.items() if counts}


def reckon(amount: Amount, met: Sequence[_Met]) -> int:
    """Reckon an amount over the facts that a part of a formula takes, of which there is one.

    Raises:
        ValueError: it is an amount of patrols.
    """
    match amount:
        case Amount.FACTS:
            return len(met)
        case Amount.MEDIAN | Amount.P90:
            delays = sorted(fact.delay_s for _, fact in met)
            return delays[rank_of(amount, len(delays)) - 1]
        case Amount.OWNERS:
            return len({(of.pass_id, fact.department) for of, fact in met if of.pass_id})
    raise ValueError(f"{amount} is not reckoned of the facts of cases")


def rank_of(amount: Amount, number: int) -> int:
    """Give which of so many values, in ascending order from 1, stands for them (nearest rank)."""
    return -(-number * 9 // 10) if amount is Amount.P90 else -(-number // 2)


def _told(cases: Iterable[Case], window: Window, area: str) -> Iterator[tuple[Subject, Fact]]:
    for case in cases:
        subject = subject_of(case)
        for fact in tell_life(case.history, until=window.until).facts:
            if area_of(fact, subject).startswith(area):
                yield subject, fact


def subject_of(case: Case) -> Subject:
    """Give what all facts of a case share."""
    seen = case.history[0].grounds if case.history else {}
    return Subject(
        case=CaseId(case.id),
        area=case.grid or "",
        label=case.category.label or "",
        source=case.source.value,
        model=str(seen.get("model") or ""),
        recurs=case.recurs is not None,
        pass_id=str(seen.get("pass") or ""),
        device=str(seen.get("device") or ""),
        platform=str(seen.get("platform") or ""),
    )


def _figure(indicator: Indicator, counts: Counts, policy: IndicatorPolicy, by: Grouping) -> Figure:
    hits = counts.get(indicator.counts, 0)
    part = indicator.denominator(policy.denominators.get(indicator.key))
    told = splits(indicator.counts.kind, by) and (part is None or splits(part.kind, by))
    of = hits if part is None else counts.get(part, 0)
    interval = wilson(hits, of) if of and indicator.is_rate and indicator.sampled else (None, None)
    return Figure(
        indicator=indicator,
        value=_value(indicator, hits, of) if told and (of or part is None) else None,
        low=interval[0],
        high=interval[1],
        numerator=hits,
        denominator=of,
    )


def _value(indicator: Indicator, hits: int, of: int) -> float:
    whole = indicator.is_rank or not indicator.of
    return hits * indicator.scale / (1 if whole else of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """One mark made of several rates, 0 to 100, and its grade; an example, not a standard."""

    mark: float
    grade: str


def index_of(
    found: Iterable[Figure], *, policy: IndicatorPolicy, weights: Mapping[Key, float] | None = None
) -> Index | None:
    """Weigh rates into one mark, each at the cautious end of its interval, counts by their bands.

    So one case closed in four minutes does not lead a ranking. None where a rate has no cases.

    Args:
        weights: those of the group that is judged; the city's general ones if None.
    """
    by_key = {figure.indicator.key: figure for figure in found}
    total = 0.0
    weights = weights or policy.weights
    for key, weight in sorted(weights.items()):
        score = _score(by_key[key], policy)
        if score is None:
            return None
        total += weight * score
    mark = 100.0 * total / sum(weights.values())
    reached = [(least, name) for name, least in policy.grades.items() if mark >= least]
    return Index(mark=round(mark, 2), grade=max(reached)[1])


def _score(figure: Figure, policy: IndicatorPolicy) -> float | None:
    """Give what a figure is worth, 0 to 1: a count by its band, a share at its cautious end."""
    bands = policy.bands.get(figure.indicator.key)
    if bands is not None:
        return max((band.score for band in bands if figure.numerator >= band.least), default=0.0)
    if figure.low is None or figure.high is None:
        return None
    return 1.0 - figure.high if figure.indicator.less_is_better else figure.low
