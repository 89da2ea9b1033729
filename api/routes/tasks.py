"""What one person has to do."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends

from api.centre.wiring import Centre, centre_of
from api.doors.auth import AnybodySignedIn
from api.schemas.tasks import TaskEntry, TaskQueue
from api.words.choices import reasons_by_path
from api.words.stories import lines_of, task_out
from dispatch.loop.duty import is_others_to_do, tasks_now

AT_ONCE: Final = 100
"""More than anybody does in a day; the rest follows as these are done."""

READ_AT_ONCE: Final = 10 * AT_ONCE
"""Where there are shifts, so many are looked through for what is still theirs."""

router = APIRouter(prefix="/tasks", tags=["tasks"])


@router.get("/mine", operation_id="my_tasks")
def my_tasks(person: AnybodySignedIn, centre: Annotated[Centre, Depends(centre_of)]) -> TaskQueue:
    """List a person's open tasks with their cases, the first due first."""
    now = centre.now()
    with centre.read() as uow:
        shifts = centre.profile.roster.shifts
        fitting = uow.tasks.open_for(person, limit=READ_AT_ONCE if shifts else AT_ONCE + 1)
        people = uow.people.all() if shifts else ()
        found = tasks_now(fitting, person, people=people, profile=centre.profile, at=now)
        cases = uow.cases.known({task.case for task in found[:AT_ONCE]})
        waiting = [
            task for task in found[:AT_ONCE] if not is_others_to_do(task, cases[task.case], person)
        ]
        lines = lines_of(list(cases.values()), uow=uow, profile=centre.profile, now=now)
    by_case = {line.id: line for line in lines}
    city = centre.profile.words
    tasks = [TaskEntry(task=task_out(task, city=city), line=by_case[task.case]) for task in waiting]
    more = len(found) > AT_ONCE
    return TaskQueue(tasks=tasks, more=more, reasons=reasons_by_path(centre.profile), as_of=now)
