"""What a person has to do, with the cases it is about."""

from datetime import datetime

from api.schemas.base import Shape, Words
from api.schemas.cases import CaseLine
from api.schemas.choices import OptionOut
from dispatch.people.people import Role


class TaskOut(Shape):
    """A task of the case."""

    id: str
    kind: str
    kind_words: Words
    role: Role
    person: str | None
    made_at: datetime
    due_at: datetime | None
    status: str
    suggestion: str | None


class TaskEntry(Shape):
    """A task with its case, as a worker's queue shows it."""

    task: TaskOut
    line: CaseLine


class TaskQueue(Shape):
    """What one person has to do, the first due first."""

    tasks: list[TaskEntry]
    more: bool
    """Whether more wait than are listed."""
    reasons: dict[str, list[OptionOut]]
    """The city's reason codes by the action's path, so that a phone has them offline."""
    as_of: datetime
