"""What one person has to do."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api.auth import AnybodySignedIn
from api.schemas.cases import TaskEntry, TaskQueue
from api.stories import line_of, reasons_by_path, task_out
from api.wiring import Centre, centre_of

router = APIRouter(prefix="/tasks", tags=["tasks"])


@router.get("/mine", operation_id="my_tasks")
def my_tasks(person: AnybodySignedIn, centre: Annotated[Centre, Depends(centre_of)]) -> TaskQueue:
    """List a person's open tasks with their cases, the first due first."""
    now = centre.now()
    with centre.read() as uow:
        tasks = [
            TaskEntry(
                task=task_out(task),
                line=line_of(uow.cases.get(task.case), uow=uow, profile=centre.profile, now=now),
            )
            for task in uow.tasks.open_for(person)
        ]
    return TaskQueue(tasks=tasks, reasons=reasons_by_path(centre.profile), as_of=now)
