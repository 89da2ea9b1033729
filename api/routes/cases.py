"""Lists, queues, and the story of a case."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query

from api.auth import AnybodySignedIn
from api.schemas.base import Words
from api.schemas.cases import CasePage, CaseStory, QueueOut
from api.stories import line_of, story_of
from api.wiring import Centre, centre_of
from dispatch.clock import Alarm
from dispatch.handover import load_case
from dispatch.ids import CaseId, DepartmentId
from dispatch.people import Person, Role
from dispatch.ports import CaseFilter, UnitOfWork
from dispatch.transition import ENDED, Status

router = APIRouter(tags=["cases"])
Here = Annotated[Centre, Depends(centre_of)]
Limit = Annotated[int, Query(ge=1, le=200)]
QUEUE_LOOK: Final = 500
"""Of how many cases of a queue the oldest and the overdue are looked for."""


@router.get("/cases", operation_id="list_cases")
def list_cases(
    person: AnybodySignedIn,
    centre: Here,
    status: Status | None = None,
    department: str | None = None,
    label: str | None = None,
    after: str | None = None,
    limit: Limit = 50,
) -> CasePage:
    """List cases within a person's reach, the newest first."""
    now = centre.now()
    wanted = CaseFilter(
        statuses=frozenset({status}) if status else None,
        department=_reach(person, department),
        area=person.area,
        label=label,
    )
    with centre.read() as uow:
        found = uow.cases.find(wanted, limit=limit + 1, after=CaseId(after) if after else None)
        lines = [line_of(case, uow=uow, profile=centre.profile, now=now) for case in found[:limit]]
    more = lines[-1].id if len(found) > limit else None
    return CasePage(cases=lines, next=more, as_of=now)


@router.get("/cases/{id_}", operation_id="get_case")
def get_case(id_: str, person: AnybodySignedIn, centre: Here) -> CaseStory:
    """Tell the story of one case."""
    with centre.read() as uow:
        case = load_case(CaseId(id_), by=person, uow=uow)
        return story_of(case, reader=person, uow=uow, profile=centre.profile, now=centre.now())


@router.get("/queues", operation_id="list_queues")
def list_queues(person: AnybodySignedIn, centre: Here) -> list[QueueOut]:
    """Count what waits at each stage, with its oldest age and how much is overdue."""
    now = centre.now()
    department = _reach(person, None)
    with centre.read() as uow:
        counts = uow.cases.count(CaseFilter(department=department, area=person.area))
        return [
            _queue(status, counts.get(status, 0), department, person.area, uow=uow, now=now)
            for status in Status
        ]


def _reach(person: Person, asked: str | None) -> DepartmentId | None:
    """Narrow a list to the department of somebody who handles."""
    if person.roles & {Role.DEPARTMENT, Role.HANDLER}:
        return person.department
    return DepartmentId(asked) if asked else None


def _queue(
    status: Status,
    count: int,
    department: DepartmentId | None,
    area: str,
    *,
    uow: UnitOfWork,
    now: datetime,
) -> QueueOut:
    wanted = CaseFilter(statuses=frozenset({status}), department=department, area=area)
    open_ = count and status not in ENDED
    cases = uow.cases.find(wanted, limit=QUEUE_LOOK) if open_ else []
    late = [
        case
        for case in cases
        if any(clock.runs and clock.alarm(now) is Alarm.RED for clock in case.clocks.values())
    ]
    return QueueOut(
        status=status,
        words=Words(zh=status.zh, en=status.value),
        count=count,
        oldest=min((case.reported_at for case in cases), default=None),
        overdue=len(late),
    )
