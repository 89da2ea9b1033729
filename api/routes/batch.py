"""One decision on many cases: each in its own transaction, by the same guards as one alone."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends

from api.centre.wiring import Centre, centre_of
from api.doors.auth import AnybodySignedIn
from api.errors import ApiError
from api.routes.decisions import ALONE, BY_PROFILE, Desk
from api.schemas.base import Words
from api.schemas.batch import (
    BatchChoice,
    BatchLine,
    BatchOrder,
    BatchOut,
    GradedClass,
    RefusedOut,
    SeenCase,
)
from api.schemas.orders import Decided
from api.words.choices import choice_out
from api.words.class_words import GRADING, levels_of
from api.words.wording import error_words, status_words
from dispatch.case.transition import TRANSITIONS, Action, Status
from dispatch.city.profile import Profile
from dispatch.errors import DispatchError
from dispatch.ids import CaseId, DepartmentId
from dispatch.loop import casework
from dispatch.loop.handover import load_case
from dispatch.people.people import Person

router = APIRouter(prefix="/cases/batch", tags=["decisions"])
Here = Annotated[Centre, Depends(centre_of)]

IN_BATCHES: Final = frozenset(
    {
        Action.ASK_CONFIRMATION,
        Action.CONFIRM,
        Action.REFUTE,
        Action.FILE,
        Action.VOID,
        Action.DISPATCH,
        Action.ACCEPT,
        Action.DECLINE,
        Action.RETURN,
        Action.SUPERVISE,
        Action.APPROVE,
        Action.SEND_BACK,
        Action.WRITE_OFF,
        Action.REOPEN,
    }
)
"""All others answer what was asked in one case, or bring a photo, a day or words of its own."""


class NotInBatches(ApiError):
    """The action is about one case alone."""

    def __init__(self, action: Action) -> None:
        super().__init__(
            f"“{action.marked}”要逐件办理，请打开[案卷]",
            f"'{action}' is decided case by case: open the [case]",
        )
        self.action = action


class NotGraded(ApiError):
    """A severity is given with an action that does not say how grave a case is."""

    def __init__(self, action: Action) -> None:
        super().__init__(
            f"“{action.zh}”不定严重程度，请去掉严重程度再办",
            f"'{action}' does not say how grave a case is: leave the severities out",
        )
        self.action = action


@router.get("/choices", operation_id="batch_choices")
def batch_choices(person: AnybodySignedIn, centre: Here, status: Status) -> list[BatchChoice]:
    """List what a person may decide on many cases of a status at once."""
    return [
        _choice(action, status, centre.profile)
        for (before, action), transition in TRANSITIONS.items()
        if before is status and _in_batches(before, action) and transition.roles & person.roles
    ]


@router.post("", operation_id="decide_batch")
def decide_batch(said: BatchOrder, person: AnybodySignedIn, centre: Here) -> BatchOut:
    """Decide on up to 200 cases; each is done or refused by itself, and the answer lists all.

    What is done stays done: there is no way back for the whole.
    """
    if said.action not in IN_BATCHES:
        raise NotInBatches(said.action)
    if said.severities and said.action not in GRADING:
        raise NotGraded(said.action)
    lines = [_decided(said, each, person, centre) for each in said.cases]
    done = sum(line.refused is None for line in lines)
    return BatchOut(done=done, refused=len(lines) - done, cases=lines)


def _decided(said: BatchOrder, seen: SeenCase, person: Person, centre: Centre) -> BatchLine:
    desk = Desk(case=CaseId(seen.id), action=said.action, person=person, centre=centre)
    refused = None
    try:
        _decide(said, _words_for(said, seen, desk), desk)
    except DispatchError as error:
        refused = RefusedOut(
            code=type(error).__name__, words=error_words(error, centre.profile.words)
        )
    return _line(desk, refused)


def _in_batches(status: Status, action: Action) -> bool:
    """Say whether it is offered: a closed case is taken up again with a photo of its own."""
    return action in IN_BATCHES and (status, action) != (Status.CLOSED, Action.REOPEN)


def _choice(action: Action, status: Status, profile: Profile) -> BatchChoice:
    graded = [
        GradedClass(
            label=label, words=Words(zh=each.name_zh, en=each.name_en), levels=levels_of(each)
        )
        for label, each in profile.classes.items()
        if action in GRADING and each.severities
    ]
    plain = choice_out(action, status, profile=profile)
    return BatchChoice(**dict(plain), graded=graded)


def _words_for(said: BatchOrder, seen: SeenCase, desk: Desk) -> Decided:
    """Give what is said of one case: the common words, and how grave its class was found."""
    severity = ""
    if said.severities:
        with desk.centre.read() as uow:
            case = load_case(desk.case, by=desk.person, uow=uow)
        severity = said.severities.get(case.category.label or "", "")
    return Decided(version=seen.version, note=said.note, code=said.code, severity=severity)


def _decide(said: BatchOrder, decided: Decided, desk: Desk) -> None:
    with desk.deciding(decided, of=said) as decision:
        if said.action is Action.DISPATCH:
            to = DepartmentId(said.department)
            casework.dispatch_case(desk.case, to, decision, profile=desk.profile, uow=desk.uow)
        elif said.action in BY_PROFILE:
            BY_PROFILE[said.action][0](desk.case, decision, profile=desk.profile, uow=desk.uow)
        else:
            ALONE[said.action][0](desk.case, decision, uow=desk.uow)


def _line(desk: Desk, refused: RefusedOut | None) -> BatchLine:
    """Say how a case stands now; of one out of reach nothing is said but that it is not there."""
    try:
        with desk.centre.read() as uow:
            case = load_case(desk.case, by=desk.person, uow=uow)
    except DispatchError:
        return BatchLine(id=desk.case, number=None, status=None, status_words=None, refused=refused)
    return BatchLine(
        id=case.id,
        number=case.number,
        status=case.status,
        status_words=status_words(case.status, desk.centre.profile.words),
        refused=refused,
    )
