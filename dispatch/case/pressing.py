"""Pressing for a case (督办) with its reply, and the appeal (申诉) against a missed limit."""

from datetime import datetime, timedelta

from pydantic import JsonValue

from dispatch.case.case import Case
from dispatch.case.guard import NoAppeal, NotSupervised, refuse_appeal
from dispatch.case.pending import answers, level_of, open_appeal
from dispatch.case.step import Decision
from dispatch.case.transition import Action
from dispatch.clocks.clock import Clock, Stage


def supervise(case: Case, decision: Decision, *, clock: Clock) -> None:
    """Press for it, one level above the last time; starts the reply clock anew."""
    facts: dict[str, JsonValue] = {"level": next_level(case), "department": case.department}
    case.take(Action.SUPERVISE, decision, clocks=(clock,), facts=facts)


def next_level(case: Case) -> int:
    """Give the level, from 1, at which the case would be pressed for next."""
    before = case.last(Action.SUPERVISE)
    return 1 if before is None else level_of(before) + 1


def reply(case: Case, decision: Decision) -> None:
    """Answer a supervision; stops the reply clock.

    Raises:
        NotSupervised: none waits for a reply.
    """
    if not answers(Action.REPLY, case.history):
        raise NotSupervised
    case.take(Action.REPLY, decision)
    case.stop(Stage.REPLY, decision.at)


def appeal(case: Case, decision: Decision, *, within: timedelta) -> None:
    """Appeal against a missed limit of handling, for the department.

    Args:
        within: how long after the limit the city hears an appeal.

    Raises:
        AppealRefused: no limit was missed, it is too late, or it was appealed before.
    """
    refuse_late_or_second_appeal(case, within=within, at=decision.at)
    case.take(Action.APPEAL, decision, facts=_missed(case))


def refuse_late_or_second_appeal(case: Case, *, within: timedelta, at: datetime) -> None:
    """Refuse an appeal that the case does not allow.

    Raises:
        AppealRefused: no limit was missed, it is too late, or it was appealed before.
    """
    clock = case.clocks.get(Stage.HANDLING)
    waiting = open_appeal(case.history) is not None
    judged = clock is not None and _judged(case, clock)
    refuse_appeal(clock, judged=judged, waiting=waiting, within=within, at=at)


def uphold(case: Case, decision: Decision) -> None:
    """Find an appeal right: what was missed leaves the statistics and stays visible.

    Raises:
        NoAppeal: none waits.
    """
    case.take(Action.UPHOLD, decision, facts=_appealed(case))


def dismiss(case: Case, decision: Decision) -> None:
    """Find an appeal wrong.

    Raises:
        NoAppeal: none waits.
    """
    case.take(Action.DISMISS, decision, facts=_appealed(case))


def _missed(case: Case) -> dict[str, JsonValue]:
    clock = case.clocks[Stage.HANDLING]
    return {
        "stage": clock.stage.value,
        "started_at": clock.started_at.isoformat(),
        "due_at": clock.due_at.isoformat(),
        "department": case.department,
    }


def _appealed(case: Case) -> dict[str, JsonValue]:
    waiting = open_appeal(case.history)
    if waiting is None:
        raise NoAppeal
    return {name: waiting.grounds[name] for name in ("stage", "started_at", "department")}


def _judged(case: Case, clock: Clock) -> bool:
    judged = {Action.UPHOLD, Action.DISMISS}
    started = clock.started_at.isoformat()
    return any(
        step.action in judged and step.grounds.get("started_at") == started for step in case.history
    )
