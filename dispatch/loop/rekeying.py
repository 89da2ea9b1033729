"""What becomes of cases when the map finds that two problems are one: recorded, never silent.

A merge is carried out by itself before filing, and proposed to a person after it, the way round in
which it would be accepted.
These join the transaction of whoever calls them.
"""

from datetime import datetime

from dispatch.case.case import Case
from dispatch.case.merging import in_order, mergeable
from dispatch.case.step import Decision
from dispatch.case.task import TaskKind
from dispatch.case.transition import TRANSITIONS, Action
from dispatch.ids import ProblemId
from dispatch.loop.handover import cancel_tasks
from dispatch.people.people import MACHINE, Role
from dispatch.ports.unit_of_work import UnitOfWork


def move_cases(gone: ProblemId, to: ProblemId, *, at: datetime, uow: UnitOfWork) -> None:
    """Move the cases of a problem, and its sights without one, to what took its place.

    Of two open cases the unfiled one is merged into the other; where both are filed, a person is
    asked to merge the later into the earlier, or told that this cannot be done yet.
    """
    uow.suppressed.move(gone, to, at=at)
    others = [case for case in uow.cases.of_problem(to) if case.is_open]
    for case in uow.cases.of_problem(gone):
        note = "复巡表明与另一问题是同一处 / later passes show it to be one with another problem"
        grounds = {"problem": str(gone), "now": str(to)}
        case.problem = to
        case.remark(Decision(by=MACHINE, at=_not_before(case, at), note=note, grounds=grounds))
        if case.is_open and others:
            others[0] = _join(case, others[0], at=at, uow=uow)
        uow.cases.save(case)


def _join(case: Case, other: Case, *, at: datetime, uow: UnitOfWork) -> Case:
    """See to it that one of two cases goes on, and give the one that does or did before."""
    pair = mergeable(case, other)
    if pair is None:
        _tell(case, other, at=at)
        return other
    ended, into = pair
    by_itself = Role.MACHINE in TRANSITIONS[ended.status, Action.MERGE].roles
    if by_itself:
        _merge(ended, into, at=at, uow=uow)
    else:
        _propose(ended, into, at=at)
    if ended is other:
        uow.cases.save(other)
    return into if by_itself else other


def _propose(case: Case, into: Case, *, at: datetime) -> None:
    note = (
        f"可能与 {into.number} 是同一问题，请决定是否并案 / "
        f"perhaps one problem with {into.number}: decide whether to merge them"
    )
    grounds = {"proposes": Action.MERGE.value, "into": str(into.id)}
    case.remark(Decision(by=MACHINE, at=_not_before(case, at), note=note, grounds=grounds))


def _tell(case: Case, other: Case, *, at: datetime) -> None:
    earlier, later = in_order(case, other)
    note = (
        f"可能与 {other.number} 是同一问题。{later.number} 立案在后，已在部门手中，现在不能并案，"
        f"回退后可并入 {earlier.number} / "
        f"perhaps one problem with {other.number}. {later.number} was filed later and is with a "
        f"department: it cannot be merged now, but into {earlier.number} once it is given back"
    )
    grounds = {"perhaps_one_with": str(other.id)}
    case.remark(Decision(by=MACHINE, at=_not_before(case, at), note=note, grounds=grounds))


def _merge(case: Case, into: Case, *, at: datetime, uow: UnitOfWork) -> None:
    note = f"与 {into.number} 是同一问题 / one problem with {into.number}"
    case.merge(into.id, Decision(by=MACHINE, at=_not_before(case, at), note=note))
    cancel_tasks(case.id, tuple(TaskKind), by=MACHINE.id, at=at, uow=uow)


def _not_before(case: Case, at: datetime) -> datetime:
    return max(at, case.history[-1].at)
