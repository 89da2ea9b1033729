"""Lists, queues, and the story of a case."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from api.auth import AnybodySignedIn, allow
from api.schemas.cases import CasePage, CaseStory, ContactsOut, QueueOut
from api.stories import lines_of, story_of
from api.wiring import Centre, centre_of
from api.wording import status_words
from dispatch import tips
from dispatch.handover import load_case
from dispatch.ids import CaseId, DepartmentId
from dispatch.number import number_part
from dispatch.people import Person, Role
from dispatch.ports import CaseFilter, Queue
from dispatch.transition import Status

router = APIRouter(tags=["cases"])
Here = Annotated[Centre, Depends(centre_of)]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/cases", operation_id="list_cases")
def list_cases(
    person: AnybodySignedIn,
    centre: Here,
    status: Status | None = None,
    department: str | None = None,
    label: str | None = None,
    overdue: Literal["yes"] | None = None,
    number: str | None = None,
    after: str | None = None,
    limit: Limit = 50,
) -> CasePage:
    """List cases within a person's reach, the newest first.

    `overdue=yes` gives those of which a limit has passed; `number` takes what is known of a number:
    its day, the characters after the dash, or both.
    """
    now = centre.now()
    wanted = CaseFilter(
        statuses=frozenset({status}) if status else None,
        department=_reach(person, department),
        area=person.area,
        label=label,
        overdue=now if overdue else None,
        numbered=number_part(number) if number else None,
    )
    with centre.read() as uow:
        found = uow.cases.find(wanted, limit=limit + 1, after=CaseId(after) if after else None)
        lines = lines_of(found[:limit], uow=uow, profile=centre.profile, now=now)
    more = lines[-1].id if len(found) > limit else None
    return CasePage(cases=lines, next=more, as_of=now)


@router.get("/cases/{id_}", operation_id="get_case")
def get_case(id_: str, person: AnybodySignedIn, centre: Here) -> CaseStory:
    """Tell the story of one case."""
    with centre.read() as uow:
        case = load_case(CaseId(id_), by=person, uow=uow)
        return story_of(case, reader=person, uow=uow, profile=centre.profile, now=centre.now())


@router.get("/cases/{id_}/contacts", operation_id="list_contacts")
def list_contacts(
    id_: str, person: Annotated[Person, Depends(allow(Role.ACCEPTOR))], centre: Here
) -> ContactsOut:
    """Give how the citizens who reported a case may be asked; it is kept apart from the case."""
    with centre.read() as uow:
        return ContactsOut(contacts=tips.contacts_of(CaseId(id_), by=person, uow=uow))


@router.get("/queues", operation_id="list_queues")
def list_queues(person: AnybodySignedIn, centre: Here) -> list[QueueOut]:
    """Count what waits at each stage, with its oldest age and how much is overdue."""
    wanted = CaseFilter(department=_reach(person, None), area=person.area)
    with centre.read() as uow:
        counts = uow.cases.count(wanted)
        open_ = uow.cases.queues(wanted, now=centre.now())
    return [_queue(status, counts.get(status, 0), open_.get(status)) for status in Status]


def _reach(person: Person, asked: str | None) -> DepartmentId | None:
    """Narrow a list to the department of somebody who handles."""
    if person.roles & {Role.DEPARTMENT, Role.HANDLER}:
        return person.department
    return DepartmentId(asked) if asked else None


def _queue(status: Status, count: int, queue: Queue | None) -> QueueOut:
    return QueueOut(
        status=status,
        words=status_words(status),
        count=count,
        oldest=queue.oldest if queue else None,
        overdue=queue.overdue if queue else 0,
    )
