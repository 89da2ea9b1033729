"""What a reader may do to a case now, and what has to be said for it."""

from datetime import datetime
from typing import Final

from api.schemas.base import Words
from api.schemas.choices import ChoiceOut, Need, OptionOut
from api.words.class_words import with_severity
from api.words.wording import (
    action_words,
    result_words,
)
from dispatch.case.case import Case
from dispatch.case.transition import TRANSITIONS, Action, Status
from dispatch.city.profile import Profile, ReasonCode
from dispatch.loop.closing import CheckResult
from dispatch.loop.offer import offered
from dispatch.people.people import Person

_UNASKED: Final = frozenset({Action.VERIFY, Action.ALARM, Action.REPORT, Action.ERASE})


_NEEDS: Final = {
    Action.CORRECT: Need.CORRECTION,
    Action.MERGE: Need.INTO,
    Action.DISPATCH: Need.DEPARTMENT,
    Action.SUSPEND: Need.UNTIL,
    Action.ASK_SUSPENSION: Need.UNTIL,
    Action.CHECK: Need.RESULT,
    Action.FINISH: Need.PHOTO,
    Action.SELF_HANDLE: Need.PHOTO,
}


def choices_of(
    case: Case, reader: Person, profile: Profile, now: datetime, *, asked: bool, lacks_now: bool
) -> list[ChoiceOut]:
    """Give what the reader may do; nobody is sent to look twice at once.

    Args:
        lacks_now: no picture shows how it is now, and one is needed to take it up again.
    """
    left_out = _UNASKED | {Action.ASK_CONFIRMATION} if asked else _UNASKED
    found = [
        with_severity(choice_out(action, case.status, profile=profile), case)
        for action in offered(case, reader, profile=profile, at=now)
        if action not in left_out
    ]
    needed = Need.PHOTO_OF_NOW if lacks_now else Need.ANY_PHOTO_OF_NOW
    return [
        each.model_copy(update={"needs": needed}) if each.action is Action.REOPEN else each
        for each in found
    ]


def choice_out(action: Action, status: Status, *, profile: Profile) -> ChoiceOut:
    """Shape something that may be done to a case of a status, with what has to be said for it."""
    return ChoiceOut(
        action=action,
        words=action_words(action, profile.words),
        reason=TRANSITIONS[status, action].reason,
        needs=Need.CODE if profile.reasons_for(action) else _NEEDS.get(action),
        options=_options(action, profile),
        chosen=None,
    )


def _options(action: Action, profile: Profile) -> list[OptionOut]:
    if action is Action.DISPATCH:
        return [
            OptionOut(id=each.id, words=Words(zh=each.name_zh, en=each.name_en))
            for each in profile.departments.values()
        ]
    if action is Action.CORRECT:
        return [
            OptionOut(id=label, words=Words(zh=each.name_zh, en=each.name_en))
            for label, each in sorted(profile.classes.items(), key=lambda pair: str(pair[1].key))
        ]
    if action is Action.CHECK:
        return [OptionOut(id=result, words=result_words(result)) for result in CheckResult]
    return [_reason(each) for each in profile.reasons_for(action)]


def reasons_by_path(profile: Profile) -> dict[str, list[OptionOut]]:
    """Give the city's reason codes by the path of the action that they are for."""
    by_path: dict[str, list[OptionOut]] = {}
    for each in profile.reasons:
        by_path.setdefault(each.action.value.replace("_", "-"), []).append(_reason(each))
    return by_path


def _reason(code: ReasonCode) -> OptionOut:
    return OptionOut(id=code.code, words=Words(zh=code.name_zh, en=code.name_en))
