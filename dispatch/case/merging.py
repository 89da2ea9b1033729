"""Merging (并案): which of two cases of one problem may be ended for the other."""

from datetime import UTC, datetime

from dispatch.case.case import Case
from dispatch.case.transition import TRANSITIONS, Action
from dispatch.clocks.clock import Stage
from dispatch.errors import DispatchError


class MergeRefused(DispatchError):
    """A case would be ended for one that does not go on in its place."""

    def __init__(self, into: Case) -> None:
        super().__init__(
            f"不能并入 {into.number}（{into.status.marked}），请选择另一件未结束的[案卷]",
            f"{into.number} is {into.status}: merge into another [case] that is still open",
        )
        self.into = into.id


class MergesIntoYounger(DispatchError):
    """A filed case would be ended for one that was filed after it, and so win time."""

    def __init__(self, case: Case, into: Case) -> None:
        super().__init__(
            f"{case.number} [立案]在先，不能并入后[立案]的 {into.number}，请反过来[并案]",
            f"{case.number} was filed before {into.number}: merge the later one into it",
        )
        self.case, self.into = case.id, into.id


def refuse_merge(case: Case, into: Case) -> None:
    """Refuse to end a case for another that cannot stand for it.

    Raises:
        MergeRefused: the other one is the same case, or has ended.
        MergesIntoYounger: the case was filed, and the other one later or not yet.
    """
    if into.id == case.id or not into.is_open:
        raise MergeRefused(into)
    if _timed_from(case) < _timed_from(into):
        raise MergesIntoYounger(case, into)


def mergeable(one: Case, other: Case) -> tuple[Case, Case] | None:
    """Give which of two open cases may be ended now, and the one that goes on.

    None where neither may: the later filed is with a department, or waits for its check.
    """
    pairs = ((one, other), (other, one))
    return next((pair for pair in pairs if _may_end(*pair)), None)


def in_order(one: Case, other: Case) -> tuple[Case, Case]:
    """Give two cases in the order in which they were filed."""
    return (one, other) if _timed_from(one) <= _timed_from(other) else (other, one)


def _may_end(case: Case, into: Case) -> bool:
    allowed = into.is_open and (case.status, Action.MERGE) in TRANSITIONS
    return allowed and _timed_from(case) >= _timed_from(into)


def _timed_from(case: Case) -> datetime:
    """Give since when the whole of a case is timed, or the end of time where it is not yet."""
    whole = case.clocks.get(Stage.WHOLE)
    return whole.started_at if whole else datetime.max.replace(tzinfo=UTC)
