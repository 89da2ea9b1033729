"""What people decide after handling: check on the spot, close, send back; one transaction each.

People's verdicts are counted as evidence on departments and on the machine's closures only where
the person was not told what the machine thinks: told people agree too easily.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from pydantic import JsonValue

from dispatch.case.case import Case
from dispatch.case.step import Decision, Grounds, Step
from dispatch.case.task import TaskKind
from dispatch.case.transition import DONE, Action
from dispatch.city.profile import Profile
from dispatch.clocks.clock import Stage
from dispatch.ids import CaseId
from dispatch.loop.copied import copies_in
from dispatch.loop.handover import (
    cancel_tasks,
    case_to_decide,
    end_tasks,
    make_task,
    open_tasks,
    stage_clock,
)
from dispatch.people.people import Role
from dispatch.ports.unit_of_work import Question, UnitOfWork
from dispatch.verification.verdict import Verdict


class CheckResult(StrEnum):
    """What a person found on the spot."""

    REPAIRED = "repaired"
    STILL_THERE = "still_there"
    CANNOT_TELL = "cannot_tell"


def check_case(id_: CaseId, result: CheckResult, decision: Decision, *, uow: UnitOfWork) -> None:
    """Record what a collector found on the spot, and have a supervisor decide on it."""
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        told = _was_told(case, uow=uow)
        grounds: Grounds = {"result": result.value, "told": told}
        case.check(replace(decision, grounds=grounds))
        if not told and result is not CheckResult.CANNOT_TELL:
            _count(case, uow=uow, still_there=result is CheckResult.STILL_THERE)
        end_tasks(case.id, TaskKind.CHECK, by=decision.by.id, at=decision.at, uow=uow)
        make_task(
            case,
            TaskKind.CHECK,
            role=Role.SUPERVISOR,
            suggestion=result.value,
            due_at=_check_due(case),
            at=decision.at,
            uow=uow,
        )
        uow.cases.save(case)
        uow.commit()


def approve_case(id_: CaseId, decision: Decision, *, uow: UnitOfWork) -> None:
    """Close a handled case as repaired, under its closing condition."""
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        told = _was_told(case, uow=uow)
        case.approve(replace(decision, grounds=closing_grounds(case, told=told, uow=uow)))
        if not told:
            _count(case, uow=uow, still_there=False)
        end_tasks(case.id, TaskKind.CHECK, by=decision.by.id, at=decision.at, uow=uow)
        cancel_tasks(case.id, frozenset(TaskKind), by=decision.by.id, at=decision.at, uow=uow)
        uow.cases.save(case)
        uow.commit()


def send_back_case(id_: CaseId, decision: Decision, *, profile: Profile, uow: UnitOfWork) -> None:
    """Have the same department do it again, because it is not done."""
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        told = _was_told(case, uow=uow)
        clock = stage_clock(case, Stage.HANDLING, profile=profile, at=decision.at)
        grounds = closing_grounds(case, told=told, uow=uow)
        case.send_back(replace(decision, grounds=grounds), clock=clock)
        if not told:
            _count(case, uow=uow, still_there=True)
        end_tasks(case.id, TaskKind.CHECK, by=decision.by.id, at=decision.at, uow=uow)
        make_task(
            case,
            TaskKind.HANDLE,
            role=Role.HANDLER,
            department=case.department,
            due_at=clock.due_at,
            at=decision.at,
            uow=uow,
        )
        uow.cases.save(case)
        uow.commit()


def find_undone(case: Case, decision: Decision, *, uow: UnitOfWork) -> Decision:
    """Find what a collector put right on the spot not to be so; joins the caller's transaction.

    Returns:
        The decision to file it for a department, with what passes and people say of the work.
    """
    told = _was_told(case, uow=uow)
    if not told:
        _count(case, uow=uow, still_there=True)
    end_tasks(case.id, TaskKind.CHECK, by=decision.by.id, at=decision.at, uow=uow)
    grounds = closing_grounds(case, told=told, uow=uow)
    del grounds["condition_zh"], grounds["condition_en"]
    return replace(decision, grounds={**decision.grounds, **grounds})


def closing_grounds(case: Case, *, told: bool, uow: UnitOfWork) -> dict[str, JsonValue]:
    """Give the closing condition and what passes and people say of this round's work."""
    grounds: dict[str, JsonValue] = {
        "condition_zh": case.category.closing_zh,
        "condition_en": case.category.closing_en,
        "told": told,
    }
    verified = of_this_round(case, Action.VERIFY)
    if verified is not None:
        grounds["verification"] = {
            name: verified.grounds.get(name) for name in ("verdict", "reason", "present")
        }
    checked = of_this_round(case, Action.CHECK)
    if checked is not None:
        grounds["check"] = checked.grounds.get("result")
    if case.last_done is not None:
        grounds["after_photos"] = case.last_done.grounds.get("after_photos")
    copies = copies_in(case, uow=uow)
    if copies:
        grounds["copies"] = [each.grounds() for each in copies]
    return grounds


def of_this_round(case: Case, action: Action) -> Step | None:
    """Give the latest step of a kind since the work was last reported as done, or None."""
    for step in reversed(case.history):
        if step.action is action:
            return step
        if step.action in DONE:
            return None
    return None


def is_verdict(grounds: Mapping[str, JsonValue], *verdicts: Verdict) -> bool:
    """Say whether a verification step came to one of the verdicts."""
    return grounds.get("verdict") in {verdict.value for verdict in verdicts}


def _was_told(case: Case, *, uow: UnitOfWork) -> bool:
    """Say whether somebody was told a verdict of this round before deciding."""
    tasks = open_tasks(case.id, TaskKind.CHECK, uow=uow)
    return any(task.suggestion is not None for task in tasks)


def _check_due(case: Case) -> datetime | None:
    clock = case.clocks.get(Stage.CHECK)
    return clock.due_at if clock else None


def _count(case: Case, *, uow: UnitOfWork, still_there: bool) -> None:
    label = case.category.label
    if label is None:
        return
    who = case.department or ""
    uow.verdicts.add(Question.DONE_FALSE, label=label, who=who, answer=still_there)
    verified = of_this_round(case, Action.VERIFY)
    if verified is not None and is_verdict(verified.grounds, Verdict.REPAIRED):
        uow.verdicts.add(Question.CLOSURE_FALSE, label=label, who="", answer=still_there)
