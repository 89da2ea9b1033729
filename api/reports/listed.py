"""Lists of a report: what was left undone past its limit, and what had to be done again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dispatch.case.case import Case
from dispatch.case.step import Step
from dispatch.case.transition import ENDED, Action, Status
from dispatch.clocks.period import Window
from dispatch.figures.fact import Fact
from dispatch.figures.life import tell_life
from dispatch.ids import DepartmentId
from dispatch.indicators.formula import DUTIES

AGAIN: Final = frozenset({Action.SEND_BACK, Action.REOPEN})
_LEAVES: Final = frozenset({Action.DECLINE, Action.REOPEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A duty that was due in the period and is not done, by what is known at its end."""

    case: Case
    fact: Fact
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Redone:
    """A step by which work began anew, with the department whose work it was."""

    case: Case
    step: Step
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a case stood at a moment."""

    status: Status
    department: DepartmentId | None
    ended_at: datetime | None


def late_of(cases: Iterable[Case], window: Window) -> tuple[Late, ...]:
    """Give what was left undone past its limit, the longest overdue first."""
    found = [
        Late(case=case, fact=fact, due_at=fact.due_at)
        for case in cases
        for fact in tell_life(case.history, until=window.until).facts
        if fact.kind in DUTIES
        and fact.due_at is not None
        and fact.done_at is None
        and fact.is_due_in(window)
    ]
    return tuple(sorted(found, key=lambda one: (one.due_at, one.case.id, one.fact.number)))


def redone_of(cases: Iterable[Case], window: Window) -> tuple[Redone, ...]:
    """Give what was sent back or taken up again in the period, in the order of time."""
    found = [
        Redone(case=case, step=step, department=_department(case.history[: step.number - 1]))
        for case in cases
        for step in case.history
        if step.action in AGAIN and window.start <= step.at < window.until
    ]
    return tuple(sorted(found, key=lambda one: (one.step.at, one.case.id, one.step.number)))


def standing(case: Case, *, at: datetime) -> Standing:
    """Tell from its history how a case stood before a moment; as reported, if it was not yet."""
    steps = [step for step in case.history if step.at < at]
    status = steps[-1].after if steps else Status.REPORTED
    ended = next((step.at for step in reversed(steps) if step.before not in ENDED), None)
    department = _department(steps)
    return Standing(
        status=status,
        department=DepartmentId(department) if department else None,
        ended_at=ended if status in ENDED else None,
    )


def concerns(case: Case, *, start: datetime, until: datetime) -> bool:
    """Say whether a case was known before `until` and, by what was known, not ended by `start`."""
    if not case.history or case.history[0].at >= until:
        return False
    ended = standing(case, at=until).ended_at
    return ended is None or ended >= start


def _department(steps: Iterable[Step]) -> str:
    """Give the department that was responsible after some steps."""
    department = ""
    for step in steps:
        if step.action is Action.DISPATCH:
            department = str(step.grounds.get("department") or "")
        elif step.action in _LEAVES:
            department = ""
    return department
