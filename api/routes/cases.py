"""Lists, queues, and the story of a case."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query

from api.centre.wiring import Centre, centre_of
from api.doors.auth import AnybodySignedIn, allow
from api.schemas.case_map import CaseGroupOut, CaseMap
from api.schemas.cases import CasePage, QueueOut
from api.schemas.stories import CaseStory, ContactsOut
from api.words.stories import lines_of, story_of
from api.words.wording import status_words
from dispatch.case.case import Case
from dispatch.case.due_order import DueKey, due_key
from dispatch.case.map_view import MapView, box_of
from dispatch.case.number import number_part
from dispatch.case.transition import ENDED, Status
from dispatch.city_words import CityWords
from dispatch.ids import CaseId, DepartmentId
from dispatch.intake import tips
from dispatch.loop.handover import load_case
from dispatch.people.people import Person, Role
from dispatch.ports.unit_of_work import CaseFilter, Queue, UnitOfWork

router = APIRouter(tags=["cases"])
Here = Annotated[Centre, Depends(centre_of)]
Order = Literal["deadline", "newest"]
Limit = Annotated[int, Query(ge=1, le=200)]
COUNTED_AT_MOST: Final = 1_000
"""What has ended grows for ever; beyond so many it is said that there are more."""
DRAWN_AT_MOST: Final = 200
"""So many cases of a view are told one by one; more are told as groups."""
DRAWN_AFTER_END: Final = timedelta(days=7)


@router.get("/cases", operation_id="list_cases")
def list_cases(
    person: AnybodySignedIn,
    centre: Here,
    status: Status | None = None,
    department: str | None = None,
    label: str | None = None,
    overdue: Literal["yes"] | None = None,
    number: str | None = None,
    order: Order | None = None,
    after: str | None = None,
    limit: Limit = 50,
) -> CasePage:
    """List cases within a person's reach.

    A queue of open cases, and what is overdue, comes by deadline: what is longest overdue first,
    then what is due next, last what has no limit that runs. Other lists have the newest first, as
    every list with `order=newest`. `overdue=yes` gives those of which a limit has passed; `number`
    takes what is known of a number: its day, the characters after the dash, or both. From four of
    these on, a case comes by the numbers of those too that were merged into it.
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
    timed = overdue is not None or (status is not None and status not in ENDED)
    order = "deadline" if timed and order != "newest" else "newest"
    with centre.read() as uow:
        wanted = _with_survivors(wanted, uow=uow)
        found = _page(wanted, order=order, after=after, limit=limit + 1, uow=uow)
        lines = lines_of(found[:limit], uow=uow, profile=centre.profile, now=now)
    more = _key_of(found[limit - 1], order=order) if len(found) > limit else None
    return CasePage(cases=lines, order=order, next=more, as_of=now)


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
        ended = uow.cases.count_ended(wanted, most=COUNTED_AT_MOST + 1)
        open_ = uow.cases.queues(wanted, now=centre.now())
    city = centre.profile.words
    return [_queue(status, ended.get(status, 0), open_.get(status), city=city) for status in Status]


@router.get("/map/cases", operation_id="map_cases")
def map_cases(
    person: AnybodySignedIn, centre: Here, bbox: str, status: Status | None = None
) -> CaseMap:
    """Give the cases in a box that are open or ended within a week, one by one or in groups.

    `bbox` is west,south,east,north in degrees. More than 200 cases come as groups by H3 cell, the
    finer the smaller the box; every case is counted in one of them.
    """
    now = centre.now()
    view = MapView(
        box=box_of(bbox),
        ended_since=now - DRAWN_AFTER_END,
        area=person.area,
        department=_reach(person, None),
        status=status,
    )
    with centre.read() as uow:
        ids = uow.case_map.ids(view, limit=DRAWN_AT_MOST + 1)
        if len(ids) > DRAWN_AT_MOST:
            groups = [
                CaseGroupOut.model_validate(each, from_attributes=True)
                for each in uow.case_map.groups(view)
            ]
            return CaseMap(cases=[], groups=groups, total=sum(g.count for g in groups), as_of=now)
        cases = list(uow.cases.known(ids).values())
        lines = lines_of(cases, uow=uow, profile=centre.profile, now=now)
    return CaseMap(cases=lines, groups=[], total=len(lines), as_of=now)


def _with_survivors(wanted: CaseFilter, *, uow: UnitOfWork) -> CaseFilter:
    """Ask as well for what goes on in the place of merged cases with the number asked for."""
    part = wanted.numbered
    if part is None or not part.is_telling:
        return wanted
    return replace(wanted, as_numbered=uow.cases.under(part))


def _page(
    wanted: CaseFilter, *, order: Order, after: str | None, limit: int, uow: UnitOfWork
) -> Sequence[Case]:
    if order == "deadline":
        return uow.cases.due(wanted, limit=limit, after=due_key(after) if after else None)
    return uow.cases.find(wanted, limit=limit, after=CaseId(after) if after else None)


def _key_of(last: Case, *, order: Order) -> str:
    """Give what continues a list behind a case."""
    if order == "deadline":
        return DueKey(at=last.overdue_at, case=last.id).written()
    return last.id


def _reach(person: Person, asked: str | None) -> DepartmentId | None:
    """Narrow a list to the department of somebody who handles."""
    if person.roles & {Role.DEPARTMENT, Role.HANDLER}:
        return person.department
    return DepartmentId(asked) if asked else None


def _queue(status: Status, ended: int, queue: Queue | None, *, city: CityWords) -> QueueOut:
    return QueueOut(
        status=status,
        words=status_words(status, city),
        count=queue.count if queue else min(ended, COUNTED_AT_MOST),
        more=ended > COUNTED_AT_MOST,
        oldest=queue.oldest if queue else None,
        overdue=queue.overdue if queue else 0,
    )
