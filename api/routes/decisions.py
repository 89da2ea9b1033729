"""What people decide about cases; each decision names the version that the person saw.

Who may call a route is read from the table of transitions, so that it is said in one place.
"""

from typing import Annotated

from fastapi import APIRouter, Depends

from api.auth import AnybodySignedIn, allow
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
from dispatch.transition import Action, roles_for

router = APIRouter(prefix="/cases/{id_}", tags=["decisions"])
Here = Annotated[Centre, Depends(centre_of)]


def may(action: Action) -> Person:
    """Make a parameter default that lets only those pass who may take an action somewhere."""
    person: Person = Depends(allow(*roles_for(action)))
    return person


def _after(id_: str, person: Person, centre: Centre) -> DecidedOut:
    with centre.read() as uow:
        case = load_case(CaseId(id_), by=person, uow=uow)
    return DecidedOut(id=case.id, status=case.status, version=case.version)


@router.post("/confirm", operation_id="confirm_case")
def confirm(
    id_: str, said: Decided, centre: Here, person: Person = may(Action.CONFIRM)
) -> DecidedOut:
    """Find a report true."""
    casework.confirm_case(
        CaseId(id_),
        by=person,
        at=centre.now(),
        seen=said.version,
        note=said.note,
        profile=centre.profile,
        uow=centre.begin(),
    )
    return _after(id_, person, centre)


@router.post("/refute", operation_id="refute_case")
def refute(
    id_: str, said: Decided, centre: Here, person: Person = may(Action.REFUTE)
) -> DecidedOut:
    """Find a report untrue."""
    casework.refute_case(
        CaseId(id_),
        by=person,
        at=centre.now(),
        seen=said.version,
        note=said.note,
        uow=centre.begin(),
    )
    return _after(id_, person, centre)


@router.post("/void", operation_id="void_case")
def void(id_: str, said: Decided, centre: Here, person: Person = may(Action.VOID)) -> DecidedOut:
    """End a case before filing, with a reason."""
    casework.void_case(
        CaseId(id_),
        by=person,
        at=centre.now(),
        seen=said.version,
        note=said.note,
        uow=centre.begin(),
    )
    return _after(id_, person, centre)


@router.post("/merge", operation_id="merge_case")
def merge(
    id_: str, said: MergeOrder, centre: Here, person: Person = may(Action.MERGE)
) -> DecidedOut:
    """End a case because another one is of the same problem."""
    casework.merge_case(
        CaseId(id_),
        CaseId(said.into),
        by=person,
        at=centre.now(),
        seen=said.version,
        note=said.note,
        uow=centre.begin(),
    )
    return _after(id_, person, centre)


@router.post("/file", operation_id="file_case")
def file(id_: str, said: Decided, centre: Here, person: Person = may(Action.FILE)) -> DecidedOut:
    """Accept a case under its filing condition."""
    casework.file_case(
        CaseId(id_),
        by=person,
        at=centre.now(),
        seen=said.version,
        note=said.note,
        profile=centre.profile,
        uow=centre.begin(),
    )
    return _after(id_, person, centre)


@router.post("/dispatch", operation_id="dispatch_case")
def dispatch(
    id_: str, said: DispatchOrder, centre: Here, person: Person = may(Action.DISPATCH)
) -> DecidedOut:
    """Send a case to the department that shall handle it."""
    casework.dispatch_case(
        CaseId(id_),
        DepartmentId(said.department),
        by=person,
        at=centre.now(),
        seen=said.version,
        note=said.note,
        profile=centre.profile,
        uow=centre.begin(),
    )
    return _after(id_, person, centre)


@router.post("/accept", operation_id="accept_case")
def accept(
    id_: str, said: Decided, centre: Here, person: Person = may(Action.ACCEPT)
) -> DecidedOut:
    """Take a dispatched case on."""
    casework.accept_case(
        CaseId(id_),
        by=person,
        at=centre.now(),
        seen=said.version,
        note=said.note,
        uow=centre.begin(),
    )
    return _after(id_, person, centre)


@router.post("/decline", operation_id="decline_case")
def decline(
    id_: str, said: Decided, centre: Here, person: Person = may(Action.DECLINE)
) -> DecidedOut:
    """Give a case back to the dispatcher, with the reason."""
    casework.decline_case(
        CaseId(id_),
        by=person,
        at=centre.now(),
        seen=said.version,
        note=said.note,
        profile=centre.profile,
        uow=centre.begin(),
    )
    return _after(id_, person, centre)


@router.post("/finish", operation_id="finish_case")
def finish(
    id_: str, said: Decided, centre: Here, person: Person = may(Action.FINISH)
) -> DecidedOut:
    """Report the work as done, with an after-photo handed in before."""
    casework.finish_case(
        CaseId(id_),
        by=person,
        at=centre.now(),
        seen=said.version,
        note=said.note,
        profile=centre.profile,
        uow=centre.begin(),
    )
    return _after(id_, person, centre)


@router.post("/extend", operation_id="extend_case")
def extend(
    id_: str, said: Decided, centre: Here, person: Person = may(Action.EXTEND)
) -> DecidedOut:
    """Give the handling one original limit more."""
    casework.extend_case(
        CaseId(id_),
        by=person,
        at=centre.now(),
        seen=said.version,
        note=said.note,
        profile=centre.profile,
        uow=centre.begin(),
    )
    return _after(id_, person, centre)


@router.post("/suspend", operation_id="suspend_case")
def suspend(
    id_: str, said: SuspendOrder, centre: Here, person: Person = may(Action.SUSPEND)
) -> DecidedOut:
    """Stop the clocks until a day when handling can go on."""
    casework.suspend_case(
        CaseId(id_),
        until=said.until,
        by=person,
        at=centre.now(),
        seen=said.version,
        note=said.note,
        uow=centre.begin(),
    )
    return _after(id_, person, centre)


@router.post("/resume", operation_id="resume_case")
def resume(
    id_: str, said: Decided, centre: Here, person: Person = may(Action.RESUME)
) -> DecidedOut:
    """Go on with a suspended case."""
    casework.resume_case(
        CaseId(id_),
        by=person,
        at=centre.now(),
        seen=said.version,
        note=said.note,
        profile=centre.profile,
        uow=centre.begin(),
    )
    return _after(id_, person, centre)


@router.post("/check", operation_id="check_case")
def check(
    id_: str, said: CheckOrder, centre: Here, person: Person = may(Action.CHECK)
) -> DecidedOut:
    """Record what a person found on the spot after handling."""
    closing.check_case(
        CaseId(id_),
        said.result,
        by=person,
        at=centre.now(),
        seen=said.version,
        note=said.note,
        uow=centre.begin(),
    )
    return _after(id_, person, centre)


@router.post("/approve", operation_id="approve_case")
def approve(
    id_: str, said: Decided, centre: Here, person: Person = may(Action.APPROVE)
) -> DecidedOut:
    """Close a handled case as repaired."""
    closing.approve_case(
        CaseId(id_),
        by=person,
        at=centre.now(),
        seen=said.version,
        note=said.note,
        uow=centre.begin(),
    )
    return _after(id_, person, centre)


@router.post("/send-back", operation_id="send_back_case")
def send_back(
    id_: str, said: Decided, centre: Here, person: Person = may(Action.SEND_BACK)
) -> DecidedOut:
    """Have the same department do it again."""
    closing.send_back_case(
        CaseId(id_),
        by=person,
        at=centre.now(),
        seen=said.version,
        note=said.note,
        profile=centre.profile,
        uow=centre.begin(),
    )
    return _after(id_, person, centre)


@router.post("/write-off", operation_id="write_off_case")
def write_off(
    id_: str, said: Decided, centre: Here, person: Person = may(Action.WRITE_OFF)
) -> DecidedOut:
    """Close a case without repair, with a reason."""
    casework.write_off_case(
        CaseId(id_),
        by=person,
        at=centre.now(),
        seen=said.version,
        note=said.note,
        uow=centre.begin(),
    )
    return _after(id_, person, centre)


@router.post("/reopen", operation_id="reopen_case")
def reopen(
    id_: str, said: Decided, centre: Here, person: Person = may(Action.REOPEN)
) -> DecidedOut:
    """Take up again what was closed or made void."""
    casework.reopen_case(
        CaseId(id_),
        by=person,
        at=centre.now(),
        seen=said.version,
        note=said.note,
        profile=centre.profile,
        uow=centre.begin(),
    )
    return _after(id_, person, centre)


@router.post("/remark", operation_id="remark_case")
def remark(id_: str, said: Decided, centre: Here, person: AnybodySignedIn) -> DecidedOut:
    """Write something down in a case's history."""
    casework.remark_case(
        CaseId(id_),
        by=person,
        at=centre.now(),
        seen=said.version,
        note=said.note,
        uow=centre.begin(),
    )
    return _after(id_, person, centre)
