"""Evaluation (评价): indicators from case histories alone, each figure with its cases.

A case leaves marks: for this indicator it counts, and it is, or is not, a hit. A figure is hits
over marks, with the interval that so few marks allow; grouping marks gives areas, departments,
classes. Nothing after the period's end is read, so a period gives the same figures for ever.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dispatch.case import Case
from dispatch.clock import Stage
from dispatch.errors import DispatchError
from dispatch.ids import CaseId
from dispatch.indicator import INDICATORS, Indicator, Key
from dispatch.interval import wilson
from dispatch.life import Life, tell_life
from dispatch.profile import IndicatorPolicy
from dispatch.transition import Action


class PeriodReversed(DispatchError):
    """The period ends before it starts."""

    def __init__(self, start: datetime, end: datetime) -> None:
        super().__init__(
            f"统计期从 {start:%Y-%m-%d} 到 {end:%Y-%m-%d}，起止颠倒，请改正",
            f"the period from {start.isoformat()} to {end.isoformat()} ends before it starts: "
            "swap them",
        )
        self.start, self.end = start, end


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `start` up to, not including, `end`.

    Raises:
        PeriodReversed: it ends before it starts.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse a period that ends before it starts."""
        if self.end <= self.start:
            raise PeriodReversed(self.start, self.end)

    def holds(self, at: datetime) -> bool:
        """Say whether a moment lies in it."""
        return self.start <= at < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One case counted for one indicator.

    Args:
        department: the one whose duty it was; empty where it was nobody's.
        reason: the code that explains a hit, e.g. why nothing could be told.
    """

    key: Key
    case: CaseId
    hit: bool
    area: str
    department: str
    label: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """An indicator's value with its interval and its cases.

    Args:
        value: the count, or the share from 0 to 1; None where nothing is to be counted.
        low: lower end of the 95 % interval of a share (Wilson).
        hits: the cases of the numerator, or those counted.
        of: the cases of the denominator.
        reasons: number of hits by reason.
    """

    indicator: Indicator
    value: float | None
    low: float | None
    high: float | None
    hits: tuple[CaseId, ...]
    of: tuple[CaseId, ...]
    reasons: Mapping[str, int]


def marks_of(cases: Iterable[Case], *, period: Period, now: datetime) -> Iterator[Mark]:
    """Give the marks that cases leave in a period, by what is known at `now`."""
    until = min(period.end, now)
    for case in cases:
        life = tell_life(case.history, until=until)
        if life.steps:
            for key, hit, department, reason in _counted(case, life, period, until):
                yield Mark(
                    key=key,
                    case=case.id,
                    hit=hit,
                    area=case.grid or "",
                    department=department,
                    label=case.category.label or "",
                    reason=reason,
                )


def figures(marks: Iterable[Mark]) -> tuple[Figure, ...]:
    """Give every indicator over some marks, in the order of `INDICATORS`."""
    by_key: dict[Key, list[Mark]] = {indicator.key: [] for indicator in INDICATORS}
    for mark in marks:
        by_key[mark.key].append(mark)
    return tuple(_figure(indicator, by_key[indicator.key]) for indicator in INDICATORS)


def grouped(
    marks: Iterable[Mark], *, by: Callable[[Mark], str]
) -> Mapping[str, tuple[Figure, ...]]:
    """Give every indicator for each group of marks, e.g. by department or area."""
    groups: dict[str, list[Mark]] = {}
    for mark in marks:
        groups.setdefault(by(mark), []).append(mark)
    return {name: figures(groups[name]) for name in sorted(groups)}


Counted = tuple[Key, bool, str, str]
_EVENTS: Final = {
    Action.REPORT: Key.REPORTED,
    Action.FILE: Key.FILED,
    Action.APPROVE: Key.CLOSED,
    Action.WRITE_OFF: Key.WRITTEN_OFF,
    Action.DECLINE: Key.RETURNED,
    Action.SUSPEND: Key.SUSPENDED,
}


def _counted(case: Case, life: Life, period: Period, now: datetime) -> Iterator[Counted]:
    yield from _events(life, period)
    yield from _reports(case, life, period)
    yield from _duties(life, period, now)
    yield from _verdicts(life, period)


def _events(life: Life, period: Period) -> Iterator[Counted]:
    department = ""
    for step in life.steps:
        department = str(step.grounds.get("department") or department)
        key = _EVENTS.get(step.action)
        if key is not None and period.holds(step.at):
            yield key, True, department, ""


def _reports(case: Case, life: Life, period: Period) -> Iterator[Counted]:
    reported = life.steps[0]
    judged = [step for a in (Action.CONFIRM, Action.REFUTE) for step in life.of(a)]
    if period.holds(reported.at):
        valid = any(True for a in (Action.CONFIRM, Action.FILE) for _ in life.of(a))
        untrue = any(True for _ in life.of(Action.REFUTE))
        yield Key.VALID_REPORT, valid and not untrue, "", ""
        if case.recurs is not None:
            yield Key.RECURRED, True, "", ""
    in_period = [step for step in judged if period.holds(step.at)]
    if in_period:
        last = max(in_period, key=lambda step: step.number)
        yield Key.FALSE_ALARM, last.action is Action.REFUTE, "", ""


def _duties(life: Life, period: Period, now: datetime) -> Iterator[Counted]:
    for stage, key in (
        (Stage.DISPATCH, Key.ON_TIME_DISPATCH),
        (Stage.HANDLING, Key.ON_TIME_HANDLING),
    ):
        for duty in life.of_stage(stage):
            if duty.is_due_in(period.start, period.end, now=now):
                yield key, duty.on_time, duty.department, ""
    for duty in life.of_stage(Stage.WHOLE):
        if duty.is_due_in(period.start, period.end, now=now):
            yield Key.CLOSURE, duty.done_at is not None, duty.department, ""
            yield Key.ON_TIME_CLOSURE, duty.on_time, duty.department, ""
            reworked = any(step.at >= duty.started_at for step in life.of(Action.SEND_BACK))
            yield Key.REWORK, reworked, duty.department, ""


def _verdicts(life: Life, period: Period) -> Iterator[Counted]:
    judged = [step for step in life.of(Action.VERIFY) if period.holds(step.at)]
    if judged:
        grounds = judged[-1].grounds
        cannot = grounds.get("verdict") == "cannot_tell"
        yield Key.CANNOT_TELL, cannot, "", str(grounds.get("reason") or "") if cannot else ""


def _figure(indicator: Indicator, marks: list[Mark]) -> Figure:
    hits = [mark for mark in marks if mark.hit]
    reasons: dict[str, int] = {}
    for mark in hits:
        if mark.reason:
            reasons[mark.reason] = reasons.get(mark.reason, 0) + 1
    value: float | None = float(len(hits))
    low: float | None = None
    high: float | None = None
    if indicator.is_rate:
        value = len(hits) / len(marks) if marks else None
        low, high = wilson(len(hits), len(marks)) if marks else (None, None)
    return Figure(
        indicator=indicator,
        value=value,
        low=low,
        high=high,
        hits=tuple(mark.case for mark in hits),
        of=tuple(mark.case for mark in marks),
        reasons=dict(sorted(reasons.items())),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """One mark made of several rates, 0 to 100, and its grade; an example, not a standard."""

    mark: float
    grade: str


def index_of(found: Iterable[Figure], *, policy: IndicatorPolicy) -> Index | None:
    """Weigh rates into one mark, each at the cautious end of its interval.

    So one case closed in four minutes does not lead a ranking. None where a rate has no cases.
    """
    by_key = {figure.indicator.key: figure for figure in found}
    total = 0.0
    for key, weight in sorted(policy.weights.items()):
        figure = by_key[key]
        if figure.low is None or figure.high is None:
            return None
        total += weight * (1.0 - figure.high if figure.indicator.less_is_better else figure.low)
    mark = 100.0 * total / sum(policy.weights.values())
    reached = [(least, name) for name, least in policy.grades.items() if mark >= least]
    return Index(mark=round(mark, 2), grade=max(reached)[1] if reached else "E")
