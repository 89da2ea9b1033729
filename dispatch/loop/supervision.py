"""Pressing for cases, replies, appeals: one decision and one transaction a function.

Raised besides what each names: what `dispatch.loop.casework` names, after which nothing was
changed.
"""

from datetime import timedelta

from dispatch.case import pressing
from dispatch.case.case import Case
from dispatch.case.step import Decision
from dispatch.case.task import TaskKind
from dispatch.case.transition import Status
from dispatch.city.profile import Profile
from dispatch.clocks.clock import Stage
from dispatch.clocks.deadline import start_clock
from dispatch.ids import CaseId
from dispatch.loop.handover import cancel_tasks, case_to_decide, end_tasks, make_task
from dispatch.people.people import Role
from dispatch.ports.unit_of_work import UnitOfWork


def supervise_case(id_: CaseId, decision: Decision, *, profile: Profile, uow: UnitOfWork) -> None:
    """Press for a case; whoever has it owes a reply."""
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        press(case, decision, profile=profile, uow=uow)
        uow.cases.save(case)
        uow.commit()


def press(case: Case, decision: Decision, *, profile: Profile, uow: UnitOfWork) -> None:
    """Press for a case one level above the last time; joins the caller's transaction."""
    limit = profile.ladder.reply_limit(pressing.next_level(case))
    clock = start_clock(Stage.REPLY, limit, at=decision.at, calendar=profile.calendar)
    pressing.supervise(case, decision, clock=clock)
    cancel_tasks(case.id, (TaskKind.REPLY,), by=decision.by.id, at=decision.at, uow=uow)
    filed = case.status is Status.FILED
    make_task(
        case,
        TaskKind.REPLY,
        role=Role.DISPATCHER if filed else Role.DEPARTMENT,
        department=None if filed else case.department,
        due_at=clock.due_at,
        at=decision.at,
        uow=uow,
    )


def reply_to_supervision(id_: CaseId, decision: Decision, *, uow: UnitOfWork) -> None:
    """Answer a supervision.

    Raises:
        NotSupervised: none waits for a reply.
    """
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        pressing.reply(case, decision)
        end_tasks(case.id, TaskKind.REPLY, by=decision.by.id, at=decision.at, uow=uow)
        uow.cases.save(case)
        uow.commit()


def appeal_case(id_: CaseId, decision: Decision, *, profile: Profile, uow: UnitOfWork) -> None:
    """Appeal against a missed limit of handling.

    Raises:
        AppealRefused: no limit was missed, it is too late, or it was appealed before.
    """
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        within = timedelta(days=profile.casework.appeal_days)
        pressing.appeal(case, decision, within=within)
        make_task(case, TaskKind.JUDGE, role=Role.EVALUATOR, at=decision.at, uow=uow)
        uow.cases.save(case)
        uow.commit()


def uphold_appeal(id_: CaseId, decision: Decision, *, uow: UnitOfWork) -> None:
    """Find an appeal right: what was missed leaves the statistics and stays visible.

    Raises:
        NoAppeal: none waits.
    """
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        pressing.uphold(case, decision)
        end_tasks(case.id, TaskKind.JUDGE, by=decision.by.id, at=decision.at, uow=uow)
        uow.cases.save(case)
        uow.commit()


def dismiss_appeal(id_: CaseId, decision: Decision, *, uow: UnitOfWork) -> None:
    """Find an appeal wrong.

    Raises:
        NoAppeal: none waits.
    """
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        pressing.dismiss(case, decision)
        end_tasks(case.id, TaskKind.JUDGE, by=decision.by.id, at=decision.at, uow=uow)
        uow.cases.save(case)
        uow.commit()
