"""More time for a case: whoever handles asks, the department agrees, the dispatcher grants."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from dispatch.case.case import Case
from dispatch.case.guard import AskedAlready, NothingAsked, refuse_extension, refuse_suspension
from dispatch.case.pending import answers, open_request
from dispatch.case.step import Decision
from dispatch.case.transition import Action
from dispatch.clocks.clock import Clock, Stage


def ask_extension(case: Case, decision: Decision) -> None:
    """Ask for one original limit more.

    Raises:
        AskedAlready: a request waits.
    """
    _refuse_second_request(case)
    case.take(Action.ASK_EXTENSION, decision)


def ask_suspension(case: Case, decision: Decision, *, until: datetime) -> None:
    """Ask that the clocks stop until a day when handling can go on.

    Raises:
        AskedAlready: a request waits.
    """
    _refuse_second_request(case)
    case.take(Action.ASK_SUSPENSION, decision, facts={"until": until.isoformat()})


def endorse(case: Case, decision: Decision) -> None:
    """Stand behind a request, for the department.

    Raises:
        NothingAsked: nobody asked, or the department agreed already.
    """
    _refuse_unasked(case, Action.ENDORSE)
    case.take(Action.ENDORSE, decision)


def turn_down(case: Case, decision: Decision) -> None:
    """Refuse a request; the limits stay as they are.

    Raises:
        NothingAsked: nobody asked.
    """
    _refuse_unasked(case, Action.TURN_DOWN)
    case.take(Action.TURN_DOWN, decision)


def extend(case: Case, decision: Decision, *, clocks: Iterable[Clock], most: int) -> None:
    """Grant the handling one original limit more.

    Args:
        clocks: the handling clock as extended.
        most: extensions that the city allows.

    Raises:
        NothingAsked: no department asked for it.
        ExtensionRefused: it is overdue already, or was extended often enough.
    """
    _refuse_unasked(case, Action.EXTEND)
    given = sum(1 for step in case.history if step.action is Action.EXTEND)
    handling = case.clocks.get(Stage.HANDLING)
    refuse_extension(handling, given=given, most=most, at=decision.at)
    case.take(Action.EXTEND, decision, clocks=clocks)


def suspend(case: Case, decision: Decision, *, until: datetime, most: timedelta) -> None:
    """Grant that the clocks stop until a day when handling can go on.

    Args:
        most: how long the city lets a case be suspended.

    Raises:
        NothingAsked: no department asked for it.
        SuspensionRefused: it was suspended before, or would be for too long.
    """
    _refuse_unasked(case, Action.SUSPEND)
    before = case.last(Action.SUSPEND) is not None
    refuse_suspension(until, before=before, most=most, at=decision.at)
    running = [clock for clock in case.clocks.values() if clock.runs]
    case.take(Action.SUSPEND, decision, facts={"until": until.isoformat()})
    case.clocks |= {clock.stage: replace(clock, paused_at=decision.at) for clock in running}
    case.suspended_until = until


def resume(case: Case, decision: Decision, *, clocks: Iterable[Clock]) -> None:
    """Go on with a suspended case; the clocks run again."""
    case.take(Action.RESUME, decision, clocks=clocks)
    case.suspended_until = None


def _refuse_second_request(case: Case) -> None:
    request = open_request(case.history)
    if request is not None:
        raise AskedAlready(request)


def _refuse_unasked(case: Case, action: Action) -> None:
    if not answers(action, case.history):
        raise NothingAsked(action)
