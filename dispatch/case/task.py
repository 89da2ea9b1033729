"""A task: something one person must do to a case: confirm, handle, check it, answer for it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.errors import DispatchError
from dispatch.ids import CaseId, DepartmentId, PersonId, TaskId
from dispatch.people.people import Person, Role
from dispatch.wire import message_id


class TaskKind(StrEnum):
    """What is to be done."""

    CONFIRM = "confirm"
    HANDLE = "handle"
    CHECK = "check"
    ENDORSE = "endorse"
    GRANT = "grant"
    REPLY = "reply"
    JUDGE = "judge"


class TaskStatus(StrEnum):
    """How far it is."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class TaskEnded(DispatchError):
    """The task is done or cancelled already."""

    def __init__(self, task: TaskId, status: TaskStatus) -> None:
        said = {TaskStatus.DONE: "已完成", TaskStatus.CANCELLED: "已取消"}.get(status, status)
        super().__init__(
            f"这项[任务]{said}，不需要再做，请刷新[任务]列表",
            f"[task] {task} is {status} already: refresh the list of [tasks]",
        )
        self.task, self.status = task, status


@dataclass(slots=True, kw_only=True)
class Task:
    """One person's piece of work; in a pool of its role until somebody takes it.

    Args:
        role: who may do it.
        department: whose people may do it; None on the supervision side.
        person: who does it; None while it waits in the pool.
        suggestion: what the machine proposes, for one tap; None where it must not be told.
    """

    id: TaskId
    case: CaseId
    kind: TaskKind
    role: Role
    area: str
    made_at: datetime
    department: DepartmentId | None = None
    person: PersonId | None = None
    due_at: datetime | None = None
    suggestion: str | None = None
    status: TaskStatus = TaskStatus.OPEN
    ended_at: datetime | None = None
    ended_by: PersonId | None = None
    version: int = 0

    def fits(self, person: Person) -> bool:
        """Say whether a person may do it: role, department, area, and nobody else's already."""
        return (
            self.role in person.roles
            and self.department in {None, person.department}
            and self.area.startswith(person.area)
            and self.person in {None, person.id}
        )

    def give(self, person: PersonId) -> None:
        """Make one person responsible for it.

        Raises:
            TaskEnded: nothing is left to do.
        """
        self._must_be_open()
        self.person = person

    def end(self, *, by: PersonId, at: datetime) -> None:
        """Mark it as done.

        Raises:
            TaskEnded: it is done or cancelled already.
        """
        self._must_be_open()
        self.status, self.ended_at, self.ended_by = TaskStatus.DONE, at, by

    def cancel(self, *, by: PersonId, at: datetime) -> None:
        """Take it back, because the case went another way.

        Raises:
            TaskEnded: it is done or cancelled already.
        """
        self._must_be_open()
        self.status, self.ended_at, self.ended_by = TaskStatus.CANCELLED, at, by

    def _must_be_open(self) -> None:
        if self.status is not TaskStatus.OPEN:
            raise TaskEnded(self.id, self.status)


def task_id(case: CaseId, kind: TaskKind, *, round_: int, at: datetime) -> TaskId:
    """Give the id of the task of a kind that the case's n-th step made."""
    return TaskId(message_id(at, "task", case, kind, str(round_)))
