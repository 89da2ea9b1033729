"""What people decide about cases; each decision names the version that the person saw.

Who may call a route is read from the table of transitions, so that it is said in one place. Most
decisions need nothing but words: they are rows of `ALONE` and `BY_PROFILE`; the others say what
else they take. A decision that its sender gave an id may come again: it is taken once.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends

from api.centre.wiring import Centre, centre_of
from api.doors.auth import allow
from api.keeping.retention import erase_for_person
from api.routes.reports import position_of
from api.schemas.batch import BatchOrder
from api.schemas.orders import (
    CheckOrder,
    ComponentOrder,
    CorrectOrder,
    Decided,
    DecidedOut,
    DispatchOrder,
    EraseOrder,
    MergeOrder,
    SuspendOrder,
)
from dispatch.case.guard import was_taken
from dispatch.case.step import Decision, SentAs
from dispatch.case.transition import Action, roles_for
from dispatch.city.profile import Profile
from dispatch.ids import CaseId, DecisionId, DepartmentId
from dispatch.keeping import erasing
from dispatch.loop import casework, closing, granting, naming, supervision
from dispatch.loop.correcting import Correction, correct_case
from dispatch.loop.handover import load_case
from dispatch.missing import StaleCase
from dispatch.people.people import Person
from dispatch.ports.unit_of_work import UnitOfWork

router = APIRouter(prefix="/cases/{id_}", tags=["decisions"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where somebody decides on one case."""

    case: CaseId
    action: Action
    person: Person
    centre: Centre

    @property
    def profile(self) -> Profile:
        """The city's rules."""
        return self.centre.profile

    @property
    def uow(self) -> UnitOfWork:
        """A transaction, not yet begun."""
        return self.centre.begin()

    @contextmanager
    def deciding(self, said: Decided, *, of: BatchOrder | None = None) -> Iterator[Decision]:
        """Put what was said into casework's terms, to be decided once however often it comes.

        Args:
            of: the batch that it is a part of.
        """
        decision = Decision(
            by=self.person,
            at=self.centre.now(),
            note=said.note,
            code=said.code,
            severity=said.severity,
            seen=said.version,
            sent_as=_sent_as(of or said, self.action),
        )
        try:
            yield decision
        except StaleCase:
            # Looked for now: of two at once, the second finds what the first has done since.
            with self.centre.read() as uow:
                case = load_case(self.case, by=self.person, uow=uow)
            if not was_taken(decision, case.history):
                raise

    def after(self) -> DecidedOut:
        """Give the case as it stands now."""
        with self.centre.read() as uow:
            case = load_case(self.case, by=self.person, uow=uow)
        return DecidedOut(id=case.id, status=case.status, version=case.version)


def _sent_as(said: Decided | BatchOrder, action: Action) -> SentAs | None:
    """Name what was said as its sender does; what was seen, and where, is no part of it."""
    if said.id is None:
        return None
    # Without defaults, so that a centre that knows of more takes it for the same.
    rest = said.model_dump(mode="json", exclude={"id", "version", "cases"}, exclude_defaults=True)
    return SentAs.of(DecisionId(str(said.id)), {**rest, "action": action.value})


def _desk_for(action: Action) -> Callable[..., Desk]:
    """Make a dependency that lets only those pass who may take an action from some status."""

    def desk(
        id_: str,
        person: Annotated[Person, Depends(allow(*roles_for(action)))],
        centre: Annotated[Centre, Depends(centre_of)],
    ) -> Desk:
        return Desk(case=CaseId(id_), action=action, person=person, centre=centre)

    return desk


Simple = Callable[..., None]
ALONE: Final[dict[Action, tuple[Simple, str]]] = {
    Action.ACCEPT: (casework.accept_case, "Take a dispatched case on."),
    Action.RETURN: (casework.return_case, "Give a filed case back to those who filed it."),
    Action.APPROVE: (closing.approve_case, "Close a handled case as repaired."),
    Action.REMARK: (casework.remark_case, "Write something down in a case's history."),
    Action.HOLD: (erasing.hold_case, "Keep the evidence of a case over its time."),
    Action.RELEASE: (erasing.release_case, "End a hold on the evidence of a case."),
    Action.ASK_EXTENSION: (granting.ask_extension, "Ask for one original limit more."),
    Action.ENDORSE: (granting.endorse_request, "Stand behind a request, for the department."),
    Action.TURN_DOWN: (granting.turn_down_request, "Refuse a request for more time."),
    Action.REPLY: (supervision.reply_to_supervision, "Answer a supervision."),
    Action.UPHOLD: (supervision.uphold_appeal, "Find an appeal right."),
    Action.DISMISS: (supervision.dismiss_appeal, "Find an appeal wrong."),
}
"""Decisions that need words alone."""
BY_PROFILE: Final[dict[Action, tuple[Simple, str]]] = {
    Action.ASK_CONFIRMATION: (
        casework.ask_confirmation,
        "Send a collector to look whether a report is true.",
    ),
    Action.CONFIRM: (casework.confirm_case, "Find a report true."),
    Action.REFUTE: (casework.refute_case, "Find a report untrue."),
    Action.VOID: (casework.void_case, "End a case before filing, with a reason."),
    Action.FILE: (casework.file_case, "Accept a case under its filing condition."),
    Action.SELF_HANDLE: (
        casework.self_handle_case,
        "Report as put right on the spot, with an after-photo handed in before.",
    ),
    Action.DECLINE: (casework.decline_case, "Give a case back to the dispatcher."),
    Action.FINISH: (
        casework.finish_case,
        "Report the work as done, with an after-photo handed in before.",
    ),
    Action.EXTEND: (granting.extend_case, "Grant the handling one original limit more."),
    Action.RESUME: (granting.resume_case, "Go on with a suspended case."),
    Action.SEND_BACK: (closing.send_back_case, "Have the same department do it again."),
    Action.WRITE_OFF: (casework.write_off_case, "Close a case without repair, with a reason."),
    Action.REOPEN: (casework.reopen_case, "Take up again what was closed or made void."),
    Action.SUPERVISE: (supervision.supervise_case, "Press for a case; a reply is owed."),
    Action.APPEAL: (supervision.appeal_case, "Appeal against a missed limit of handling."),
}
"""Decisions that need words, and the city's rules."""


def _plain(action: Action, use: Simple, *, by_profile: bool) -> Callable[..., DecidedOut]:
    def decide(said: Decided, desk: Annotated[Desk, Depends(_desk_for(action))]) -> DecidedOut:
        rules = {"profile": desk.profile} if by_profile else {}
        with desk.deciding(said) as decision:
            use(desk.case, decision, uow=desk.uow, **rules)
        return desk.after()

    return decide


for _rows, _needs_profile in ((ALONE, False), (BY_PROFILE, True)):
    for _action, (_use, _summary) in _rows.items():
        router.add_api_route(
            f"/{_action.value.replace('_', '-')}",
            _plain(_action, _use, by_profile=_needs_profile),
            methods=["POST"],
            operation_id=f"{_action.value}_case",
            name=_action.value,
            description=_summary,
        )


@router.post("/merge", operation_id="merge_case")
def merge(said: MergeOrder, desk: Annotated[Desk, Depends(_desk_for(Action.MERGE))]) -> DecidedOut:
    """End a case because another one is of the same problem."""
    with desk.deciding(said) as decision:
        casework.merge_case(desk.case, CaseId(said.into), decision, uow=desk.uow)
    return desk.after()


@router.post("/correct", operation_id="correct_case")
def correct(
    said: CorrectOrder, desk: Annotated[Desk, Depends(_desk_for(Action.CORRECT))]
) -> DecidedOut:
    """Give a report its right class or place, before it is filed."""
    position = None if said.place is None else position_of(said.place, centre=desk.centre)
    correction = Correction(label=said.label, position=position)
    with desk.deciding(said) as decision:
        correct_case(desk.case, correction, decision, profile=desk.profile, uow=desk.uow)
    return desk.after()


@router.post("/dispatch", operation_id="dispatch_case")
def dispatch(
    said: DispatchOrder, desk: Annotated[Desk, Depends(_desk_for(Action.DISPATCH))]
) -> DecidedOut:
    """Send a case to the department that shall handle it."""
    to = DepartmentId(said.department)
    with desk.deciding(said) as decision:
        casework.dispatch_case(desk.case, to, decision, profile=desk.profile, uow=desk.uow)
    return desk.after()


@router.post("/component", operation_id="name_component_of_case")
def name_component(
    said: ComponentOrder, desk: Annotated[Desk, Depends(_desk_for(Action.DISPATCH))]
) -> DecidedOut:
    """Say which component of the registry it is; a rule may then dispatch it."""
    profile, component = desk.profile, said.component
    with desk.deciding(said) as decision:
        naming.name_component(desk.case, component, decision, profile=profile, uow=desk.uow)
    return desk.after()


@router.post("/ask-suspension", operation_id="ask_suspension_case")
def ask_suspension(
    said: SuspendOrder, desk: Annotated[Desk, Depends(_desk_for(Action.ASK_SUSPENSION))]
) -> DecidedOut:
    """Ask that a case rests until a day when handling can go on."""
    with desk.deciding(said) as decision:
        granting.ask_suspension(desk.case, decision, until=said.until, uow=desk.uow)
    return desk.after()


@router.post("/suspend", operation_id="suspend_case")
def suspend(
    said: SuspendOrder, desk: Annotated[Desk, Depends(_desk_for(Action.SUSPEND))]
) -> DecidedOut:
    """Grant that a case rests until a day when handling can go on."""
    profile, until = desk.profile, said.until
    with desk.deciding(said) as decision:
        granting.suspend_case(desk.case, decision, until=until, profile=profile, uow=desk.uow)
    return desk.after()


@router.post("/erase", operation_id="erase_of_case")
def erase(said: EraseOrder, desk: Annotated[Desk, Depends(_desk_for(Action.ERASE))]) -> DecidedOut:
    """Erase a photo, or the reporters' contacts, because the person asks for it."""
    photo, contacts = said.photo, said.contacts
    with desk.deciding(said) as decision:
        erase_for_person(desk.case, decision, photo=photo, contacts=contacts, centre=desk.centre)
    return desk.after()


@router.post("/check", operation_id="check_case")
def check(said: CheckOrder, desk: Annotated[Desk, Depends(_desk_for(Action.CHECK))]) -> DecidedOut:
    """Record what a person found on the spot after handling."""
    with desk.deciding(said) as decision:
        closing.check_case(desk.case, said.result, decision, uow=desk.uow)
    return desk.after()
