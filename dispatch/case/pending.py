"""What a case's history leaves open: a request for more time, a supervision without its reply, an
appeal without its judgement. Told from the steps alone, so that there is nothing to keep in step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dispatch.case.step import Step
from dispatch.case.transition import Action
from dispatch.people.people import Role

_ASKS: Final = {Action.ASK_EXTENSION: Action.EXTEND, Action.ASK_SUSPENSION: Action.SUSPEND}
_ASK_ENDS: Final = frozenset({Action.EXTEND, Action.SUSPEND, Action.TURN_DOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Somebody who handles asks for more time.

    Args:
        step: the step that asked.
        grant: the action that would grant it.
        endorsed: whether the department stands behind it.
        until: the end of the suspension that is asked for, or None.
    """

    step: Step
    grant: Action
    endorsed: bool
    until: datetime | None


def open_request(history: Sequence[Step]) -> Request | None:
    """Give the request that nobody has answered, or None; it lapses when the case moves on."""
    endorsed = False
    for step in reversed(history):
        if step.action in _ASKS:
            until = step.grounds.get("until")
            return Request(
                step=step,
                grant=_ASKS[step.action],
                endorsed=endorsed or step.role is Role.DEPARTMENT,
                until=datetime.fromisoformat(until) if isinstance(until, str) else None,
            )
        if step.action in _ASK_ENDS or (step.before is not step.after and _moves(step)):
            return None
        endorsed = endorsed or step.action is Action.ENDORSE
    return None


HOLDING: Final = frozenset({Action.HOLD, Action.APPEAL})
"""What keeps a case's evidence over its time until it is answered."""


def open_supervision(history: Sequence[Step]) -> Step | None:
    """Give the latest supervision (督办) that was not replied to, or None."""
    return _unanswered(history, asks={Action.SUPERVISE}, answers={Action.REPLY})


def open_appeal(history: Sequence[Step]) -> Step | None:
    """Give the appeal (申诉) that was not judged, or None."""
    return _unanswered(history, asks={Action.APPEAL}, answers={Action.UPHOLD, Action.DISMISS})


def open_hold(history: Sequence[Step]) -> Step | None:
    """Give the hold (证据保全) that keeps the case's evidence over its time, or None."""
    return _unanswered(history, asks={Action.HOLD}, answers={Action.RELEASE})


def answers(action: Action, history: Sequence[Step]) -> bool:  # noqa: PLR0911 # a table
    """Say whether an action finds open what it answers; those that answer nothing always do."""
    request = open_request(history)
    match action:
        case Action.ENDORSE:
            return request is not None and not request.endorsed
        case Action.TURN_DOWN:
            return request is not None
        case Action.EXTEND | Action.SUSPEND:
            return request is not None and request.endorsed and request.grant is action
        case Action.REPLY:
            return open_supervision(history) is not None
        case Action.UPHOLD | Action.DISMISS:
            return open_appeal(history) is not None
        case Action.HOLD | Action.RELEASE:
            return (open_hold(history) is None) is (action is Action.HOLD)
        case _:
            return True


def level_of(supervision: Step) -> int:
    """Give how high a supervision stands, from 1."""
    level = supervision.grounds.get("level")
    return level if isinstance(level, int) else 1


def _unanswered(history: Sequence[Step], *, asks: set[Action], answers: set[Action]) -> Step | None:
    for step in reversed(history):
        if step.action in asks:
            return step
        if step.action in answers:
            return None
    return None


def _moves(step: Step) -> bool:
    # A worker may ask before the case is taken on; taking it on does not take the request back.
    return step.action is not Action.ACCEPT
