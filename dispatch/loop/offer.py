"""What a person may do to a case right now: the table of transitions and the case's own guards."""

from datetime import datetime, timedelta

from dispatch.case.case import Case
from dispatch.case.guard import AppealRefused
from dispatch.case.pending import answers, open_request
from dispatch.case.pressing import refuse_late_or_second_appeal
from dispatch.case.transition import TRANSITIONS, Action, Status
from dispatch.city.profile import Profile
from dispatch.people.people import Person, Role


def offered(case: Case, person: Person, *, profile: Profile, at: datetime) -> tuple[Action, ...]:
    """Give the actions that would be taken from a person at a time, in the table's order.

    What depends on what is said with it (a day, a photo, a reason) is refused when it is said.
    """
    handles = bool(person.roles & {Role.DEPARTMENT, Role.HANDLER})
    if handles and case.department not in {None, person.department}:
        return ()
    return tuple(
        action
        for (status, action), transition in TRANSITIONS.items()
        if status is case.status
        and transition.roles & person.roles
        and answers(action, case.history)
        and _allowed(action, case, person, profile=profile, at=at)
    )


def _allowed(action: Action, case: Case, person: Person, *, profile: Profile, at: datetime) -> bool:
    match action:
        case Action.ASK_EXTENSION | Action.ASK_SUSPENSION:
            return open_request(case.history) is None
        case Action.FILE:
            return case.status is not Status.HANDLED or case.was_self_handled
        case Action.SEND_BACK:
            return not case.was_self_handled
        case Action.REOPEN:
            return case.may_reopen(person)
        case Action.APPEAL:
            return _appealable(case, profile=profile, at=at)
        case _:
            return True


def _appealable(case: Case, *, profile: Profile, at: datetime) -> bool:
    try:
        within = timedelta(days=profile.casework.appeal_days)
        refuse_late_or_second_appeal(case, within=within, at=at)
    except AppealRefused:
        return False
    return True
