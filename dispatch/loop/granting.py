"""What people decide about more time for a case: one decision and one transaction a function.

The chain: whoever handles asks, the department agrees, the dispatcher grants or turns it down.
Raised besides what each names: what `dispatch.loop.casework` names, after which nothing was
changed.
"""

from datetime import datetime, timedelta
from typing import Final

from dispatch.case import more_time
from dispatch.case.case import Case
from dispatch.case.pending import open_request
from dispatch.case.step import Decision
from dispatch.case.task import TaskKind
from dispatch.city.profile import Profile
from dispatch.clocks.clock import Stage
from dispatch.clocks.deadline import extend_clock, resume_clock
from dispatch.ids import CaseId
from dispatch.loop.handover import cancel_tasks, case_to_decide, end_tasks, make_task, open_tasks
from dispatch.people.people import Role
from dispatch.ports.unit_of_work import UnitOfWork

_TIMED: Final = {TaskKind.HANDLE: Stage.HANDLING, TaskKind.REPLY: Stage.REPLY}
"""Tasks that rest with a case, and the clock of each."""


def ask_extension(id_: CaseId, decision: Decision, *, uow: UnitOfWork) -> None:
    """Ask for one original limit more.

    Raises:
        AskedAlready: a request waits.
    """
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        more_time.ask_extension(case, decision)
        _hand_up(case, decision, uow=uow)
        uow.cases.save(case)
        uow.commit()


def ask_suspension(id_: CaseId, decision: Decision, *, until: datetime, uow: UnitOfWork) -> None:
    """Ask that a case rests until a day when handling can go on.

    Raises:
        AskedAlready: a request waits.
    """
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        more_time.ask_suspension(case, decision, until=until)
        _hand_up(case, decision, uow=uow)
        uow.cases.save(case)
        uow.commit()


def endorse_request(id_: CaseId, decision: Decision, *, uow: UnitOfWork) -> None:
    """Stand behind a request, for the department.

    Raises:
        NothingAsked: nobody asked, or the department agreed already.
    """
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        more_time.endorse(case, decision)
        end_tasks(case.id, TaskKind.ENDORSE, by=decision.by.id, at=decision.at, uow=uow)
        _hand_up(case, decision, uow=uow)
        uow.cases.save(case)
        uow.commit()


def turn_down_request(id_: CaseId, decision: Decision, *, uow: UnitOfWork) -> None:
    """Refuse a request; the limits stay as they are.

    Raises:
        NothingAsked: nobody asked.
    """
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        more_time.turn_down(case, decision)
        _answered(case, decision, uow=uow)
        uow.cases.save(case)
        uow.commit()


def extend_case(id_: CaseId, decision: Decision, *, profile: Profile, uow: UnitOfWork) -> None:
    """Grant the handling one original limit more.

    Raises:
        NothingAsked: no department asked for it.
        ExtensionRefused: it is overdue already, or was extended often enough.
    """
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        handling = case.clocks.get(Stage.HANDLING)
        now, calendar = decision.at, profile.calendar
        clocks = [extend_clock(handling, at=now, calendar=calendar)] if handling else []
        more_time.extend(case, decision, clocks=clocks, most=profile.casework.extensions)
        for task in open_tasks(case.id, TaskKind.HANDLE, uow=uow):
            task.due_at = clocks[0].due_at
            uow.tasks.save(task)
        _answered(case, decision, uow=uow)
        uow.cases.save(case)
        uow.commit()


def suspend_case(
    id_: CaseId, decision: Decision, *, until: datetime, profile: Profile, uow: UnitOfWork
) -> None:
    """Grant that a case rests until a day when handling can go on.

    Raises:
        NothingAsked: no department asked for it.
        SuspensionRefused: it was suspended before, or would be for too long.
    """
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        most = timedelta(days=profile.casework.suspension_days)
        more_time.suspend(case, decision, until=until, most=most)
        _answered(case, decision, uow=uow)
        uow.cases.save(case)
        uow.commit()


def resume_case(id_: CaseId, decision: Decision, *, profile: Profile, uow: UnitOfWork) -> None:
    """Go on with a suspended case."""
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        resume(case, decision, since=decision.at, profile=profile, uow=uow)
        uow.cases.save(case)
        uow.commit()


def resume(
    case: Case, decision: Decision, *, since: datetime, profile: Profile, uow: UnitOfWork
) -> None:
    """Let the clocks of a suspended case run again; joins the caller's transaction.

    Args:
        since: when time began to pass again, not after the decision.
    """
    rests = [c for c in case.clocks.values() if c.paused_at and not c.stopped_at]
    clocks = [resume_clock(each, at=since, calendar=profile.calendar) for each in rests]
    more_time.resume(case, decision, clocks=clocks)
    for kind, stage in _TIMED.items():
        for task in open_tasks(case.id, kind, uow=uow):
            task.due_at = case.clocks[stage].due_at
            uow.tasks.save(task)


def _hand_up(case: Case, decision: Decision, *, uow: UnitOfWork) -> None:
    """Give the next in the chain the request to decide on, while the work is not yet overdue."""
    request = open_request(case.history)
    assert request is not None, "a request was just made"
    kind, role = TaskKind.ENDORSE, Role.DEPARTMENT
    if request.endorsed:
        kind, role = TaskKind.GRANT, Role.DISPATCHER
    handling = case.clocks.get(Stage.HANDLING)
    make_task(
        case,
        kind,
        role=role,
        due_at=handling.due_at if handling else None,
        department=None if request.endorsed else case.department,
        at=decision.at,
        uow=uow,
    )


def _answered(case: Case, decision: Decision, *, uow: UnitOfWork) -> None:
    end_tasks(case.id, TaskKind.GRANT, by=decision.by.id, at=decision.at, uow=uow)
    cancel_tasks(case.id, (TaskKind.ENDORSE,), by=decision.by.id, at=decision.at, uow=uow)
