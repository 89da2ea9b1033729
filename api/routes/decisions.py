"""What people decide about cases; each decision names the version that the person saw.

Who may call a route is read from the table of transitions, so that it is said in one place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends

from api.auth import allow
from api.schemas.cases import (
    CheckOrder,
    Decided,
    DecidedOut,
    DispatchOrder,
    MergeOrder,
    SuspendOrder,
)
from api.wiring import Centre, centre_of
from dispatch import casework, closing
from dispatch.handover import load_case
from dispatch.ids import CaseId, DepartmentId
from dispatch.people import Person
from dispatch.ports import UnitOfWork
from dispatch.profile import Profile
from dispatch.step import Decision
from dispatch.transition import Action, roles_for

router = APIRouter(prefix="/cases/{id_}", tags=["decisions"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where somebody decides on one case."""

    case: CaseId
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

    def decision(self, said: Decided) -> Decision:
        """Put what was said into casework's terms."""
        return Decision(by=self.person, at=self.centre.now(), note=said.note, seen=said.version)

    def after(self) -> DecidedOut:
        """Give the case as it stands now."""
        with self.centre.read() as uow:
            case = load_case(self.case, by=self.person, uow=uow)
        return DecidedOut(id=case.id, status=case.status, version=case.version)


def _desk_for(action: Action) -> Callable[..., Desk]:
    """Make a dependency that lets only those pass who may take an action from some status."""

    def desk(
        id_: str,
        person: Annotated[Person, Depends(allow(*roles_for(action)))],
        centre: Annotated[Centre, Depends(centre_of)],
    ) -> Desk:
        return Desk(case=CaseId(id_), person=person, centre=centre)

    return desk


@router.post("/confirm", operation_id="confirm_case")
def confirm(said: Decided, desk: Annotated[Desk, Depends(_desk_for(Action.CONFIRM))]) -> DecidedOut:
    """Find a report true."""
    casework.confirm_case(desk.case, desk.decision(said), profile=desk.profile, uow=desk.uow)
    return desk.after()


@router.post("/refute", operation_id="refute_case")
def refute(said: Decided, desk: Annotated[Desk, Depends(_desk_for(Action.REFUTE))]) -> DecidedOut:
    """Find a report untrue."""
    casework.refute_case(desk.case, desk.decision(said), uow=desk.uow)
    return desk.after()


@router.post("/void", operation_id="void_case")
def void(said: Decided, desk: Annotated[Desk, Depends(_desk_for(Action.VOID))]) -> DecidedOut:
    """End a case before filing, with a reason."""
    casework.void_case(desk.case, desk.decision(said), uow=desk.uow)
    return desk.after()


@router.post("/merge", operation_id="merge_case")
def merge(said: MergeOrder, desk: Annotated[Desk, Depends(_desk_for(Action.MERGE))]) -> DecidedOut:
    """End a case because another one is of the same problem."""
    casework.merge_case(desk.case, CaseId(said.into), desk.decision(said), uow=desk.uow)
    return desk.after()


@router.post("/file", operation_id="file_case")
def file(said: Decided, desk: Annotated[Desk, Depends(_desk_for(Action.FILE))]) -> DecidedOut:
    """Accept a case under its filing condition."""
    casework.file_case(desk.case, desk.decision(said), profile=desk.profile, uow=desk.uow)
    return desk.after()


@router.post("/dispatch", operation_id="dispatch_case")
def dispatch(
    said: DispatchOrder, desk: Annotated[Desk, Depends(_desk_for(Action.DISPATCH))]
) -> DecidedOut:
    """Send a case to the department that shall handle it."""
    casework.dispatch_case(
        desk.case,
        DepartmentId(said.department),
        desk.decision(said),
        profile=desk.profile,
        uow=desk.uow,
    )
    return desk.after()


@router.post("/accept", operation_id="accept_case")
def accept(said: Decided, desk: Annotated[Desk, Depends(_desk_for(Action.ACCEPT))]) -> DecidedOut:
    """Take a dispatched case on."""
    casework.accept_case(desk.case, desk.decision(said), uow=desk.uow)
    return desk.after()


@router.post("/decline", operation_id="decline_case")
def decline(said: Decided, desk: Annotated[Desk, Depends(_desk_for(Action.DECLINE))]) -> DecidedOut:
    """Give a case back to the dispatcher, with the reason."""
    casework.decline_case(desk.case, desk.decision(said), profile=desk.profile, uow=desk.uow)
    return desk.after()


@router.post("/finish", operation_id="finish_case")
def finish(said: Decided, desk: Annotated[Desk, Depends(_desk_for(Action.FINISH))]) -> DecidedOut:
    """Report the work as done, with an after-photo handed in before."""
    casework.finish_case(desk.case, desk.decision(said), profile=desk.profile, uow=desk.uow)
    return desk.after()


@router.post("/extend", operation_id="extend_case")
def extend(said: Decided, desk: Annotated[Desk, Depends(_desk_for(Action.EXTEND))]) -> DecidedOut:
    """Give the handling one original limit more."""
    casework.extend_case(desk.case, desk.decision(said), profile=desk.profile, uow=desk.uow)
    return desk.after()


@router.post("/suspend", operation_id="suspend_case")
def suspend(
    said: SuspendOrder, desk: Annotated[Desk, Depends(_desk_for(Action.SUSPEND))]
) -> DecidedOut:
    """Stop the clocks until a day when handling can go on."""
    casework.suspend_case(desk.case, desk.decision(said), until=said.until, uow=desk.uow)
    return desk.after()


@router.post("/resume", operation_id="resume_case")
def resume(said: Decided, desk: Annotated[Desk, Depends(_desk_for(Action.RESUME))]) -> DecidedOut:
    """Go on with a suspended case."""
    casework.resume_case(desk.case, desk.decision(said), profile=desk.profile, uow=desk.uow)
    return desk.after()


@router.post("/check", operation_id="check_case")
def check(said: CheckOrder, desk: Annotated[Desk, Depends(_desk_for(Action.CHECK))]) -> DecidedOut:
    """Record what a person found on the spot after handling."""
    closing.check_case(desk.case, said.result, desk.decision(said), uow=desk.uow)
    return desk.after()


@router.post("/approve", operation_id="approve_case")
def approve(said: Decided, desk: Annotated[Desk, Depends(_desk_for(Action.APPROVE))]) -> DecidedOut:
    """Close a handled case as repaired."""
    closing.approve_case(desk.case, desk.decision(said), uow=desk.uow)
    return desk.after()


@router.post("/send-back", operation_id="send_back_case")
def send_back(
    said: Decided, desk: Annotated[Desk, Depends(_desk_for(Action.SEND_BACK))]
) -> DecidedOut:
    """Have the same department do it again."""
    closing.send_back_case(desk.case, desk.decision(said), profile=desk.profile, uow=desk.uow)
    return desk.after()


@router.post("/write-off", operation_id="write_off_case")
def write_off(
    said: Decided, desk: Annotated[Desk, Depends(_desk_for(Action.WRITE_OFF))]
) -> DecidedOut:
    """Close a case without repair, with a reason."""
    casework.write_off_case(desk.case, desk.decision(said), uow=desk.uow)
    return desk.after()


@router.post("/reopen", operation_id="reopen_case")
def reopen(said: Decided, desk: Annotated[Desk, Depends(_desk_for(Action.REOPEN))]) -> DecidedOut:
    """Take up again what was closed or made void."""
    casework.reopen_case(desk.case, desk.decision(said), profile=desk.profile, uow=desk.uow)
    return desk.after()


@router.post("/remark", operation_id="remark_case")
def remark(said: Decided, desk: Annotated[Desk, Depends(_desk_for(Action.REMARK))]) -> DecidedOut:
    """Write something down in a case's history."""
    casework.remark_case(desk.case, desk.decision(said), uow=desk.uow)
    return desk.after()
