"""What becomes of cases when the map finds that two problems are one: recorded, never silent.

A merge is carried out by itself before filing, and proposed to a person after it.
These join the transaction of whoever calls them.
"""

from datetime import datetime
from typing import Final

from dispatch.case import Case
from dispatch.handover import cancel_tasks
from dispatch.ids import ProblemId
from dispatch.people import MACHINE
from dispatch.ports import UnitOfWork
from dispatch.step import Decision
from dispatch.task import TaskKind
from dispatch.transition import Action, Status

_UNFILED: Final = frozenset({Status.REPORTED, Status.CONFIRMED})


def move_cases(gone: ProblemId, to: ProblemId, *, at: datetime, uow: UnitOfWork) -> None:
    """Move the cases of a problem, and its sights without one, to what took its place.

    Of two open cases the unfiled one is merged into the other; where both are filed, a person is
    asked to.
    """
    uow.suppressed.move(gone, to)
    others = [case for case in uow.cases.of_problem(to) if case.is_open]
    for case in uow.cases.of_problem(gone):
        note = "复巡表明与另一问题是同一处 / later passes show it to be one with another problem"
        grounds = {"problem": str(gone), "now": str(to)}
        case.problem = to
        case.remark(Decision(by=MACHINE, at=_not_before(case, at), note=note, grounds=grounds))
        if case.is_open and others:
            _join(case, others[0], at=at, uow=uow)
        uow.cases.save(case)


def _join(case: Case, other: Case, *, at: datetime, uow: UnitOfWork) -> None:
    if case.status in _UNFILED:
        _merge(case, other, at=at, uow=uow)
    elif other.status in _UNFILED:
        _merge(other, case, at=at, uow=uow)
        uow.cases.save(other)
    else:
        note = (
            f"可能与 {other.number} 是同一问题，请决定是否并案 / "
            f"perhaps one problem with {other.number}: decide whether to merge them"
        )
        grounds = {"proposes": Action.MERGE.value, "into": str(other.id)}
        case.remark(Decision(by=MACHINE, at=_not_before(case, at), note=note, grounds=grounds))


def _merge(case: Case, into: Case, *, at: datetime, uow: UnitOfWork) -> None:
    note = f"与 {into.number} 是同一问题 / one problem with {into.number}"
    case.merge(into.id, Decision(by=MACHINE, at=_not_before(case, at), note=note))
    cancel_tasks(case.id, tuple(TaskKind), by=MACHINE.id, at=at, uow=uow)


def _not_before(case: Case, at: datetime) -> datetime:
    return max(at, case.history[-1].at)
