"""A case (案卷): the administrative record of one problem, from report to closure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pydantic import JsonValue

from dispatch.catalog import CatalogClass
from dispatch.clock import Clock, Stage
from dispatch.errors import DispatchError
from dispatch.ids import CaseId, DepartmentId, GridId, PersonId, ProblemId
from dispatch.people import Person, Role
from dispatch.place import Place
from dispatch.transition import ENDED, TRANSITIONS, Action, Status
from dispatch.wire import Measure

Grounds = Mapping[str, JsonValue]
"""Why a step was taken: rules, numbers and names, as JSON."""

MAX_EXTENSIONS: Final = 2
MAX_SUSPENSION: Final = timedelta(days=365)


class Source(StrEnum):
    """Who found it first."""

    PATROL = "patrol"
    COLLECTOR = "collector"
    PUBLIC = "public"


class IllegalTransition(DispatchError):
    """The action is not open to a case in its present status."""

    def __init__(self, case: CaseId, status: Status, action: Action) -> None:
        possible = "、".join(a.zh for s, a in TRANSITIONS if s is status and a is not Action.ALARM)
        allowed = ", ".join(a for s, a in TRANSITIONS if s is status and a is not Action.ALARM)
        super().__init__(
            f"案卷现在是“{status.zh}”,不能“{action.zh}”;现在可以:{possible}",
            f"the case is {status} and cannot be given '{action}'; possible now: {allowed}",
        )
        self.case, self.status, self.action = case, status, action


class NotYourStep(DispatchError):
    """The person's role may not take the action."""

    def __init__(self, person: Person, action: Action, roles: frozenset[Role]) -> None:
        needed = "、".join(role.zh for role in sorted(roles))
        super().__init__(
            f"“{action.zh}”由{needed}操作,{person.name}没有这个岗位,请转给他们",
            f"'{action}' is for {', '.join(sorted(roles))}; {person.name} is none of these: "
            "hand it to them",
        )
        self.person, self.action, self.roles = person.id, action, roles


class OtherDepartment(DispatchError):
    """Somebody would handle a case of another department."""

    def __init__(self, person: Person, department: DepartmentId | None) -> None:
        super().__init__(
            f"案卷现由 {department} 负责,{person.name}属于 {person.department},不能处理",
            f"the case is with {department}; {person.name} belongs to {person.department} "
            "and cannot act on it",
        )
        self.person, self.department = person.id, department


class ReasonMissing(DispatchError):
    """The action needs a reason in words."""

    def __init__(self, action: Action) -> None:
        super().__init__(f"“{action.zh}”必须写明原因", f"'{action}' needs a reason: write it down")
        self.action = action


class StepBeforeLast(DispatchError):
    """The step is dated before the case's last one."""

    def __init__(self, at: datetime, last: datetime) -> None:
        super().__init__(
            f"操作时间 {at:%Y-%m-%d %H:%M:%S} 早于上一步 {last:%Y-%m-%d %H:%M:%S},请核对时钟",
            f"the step at {at.isoformat()} lies before the last one at {last.isoformat()}: "
            "check the clock",
        )
        self.at, self.last = at, last


class ExtensionRefused(DispatchError):
    """The limit cannot be extended any more."""


class SuspensionRefused(DispatchError):
    """The case cannot be suspended, or not for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened to a case; never changed, sealed over the step before."""

    number: int
    action: Action
    before: Status | None
    after: Status
    by: PersonId
    role: Role
    at: datetime
    note: str = ""
    grounds: Grounds = field(default_factory=dict)
    seal: str = ""

    def record(self) -> dict[str, JsonValue]:
        """Give what the seal covers."""
        return {
            "number": self.number,
            "action": self.action.value,
            "before": self.before.value if self.before else None,
            "after": self.after.value,
            "by": self.by,
            "role": self.role.value,
            "at": self.at.isoformat(),
            "note": self.note,
            "grounds": dict(self.grounds),
        }


@dataclass(slots=True, kw_only=True)
class Case:
    """The record of one problem; its history is audit trail, event list and indicator input.

    Args:
        category: the class as it was when the case was made.
        limits_class: the profile's limit row that applied, set when filed.
        measure: the subject's size, where the class has a measured filing condition.
        grid_share: share of the position's error that lies in `grid`, 0 to 1.
        rendered: made from rendered footage: shown as such wherever the case is shown.
        after: the case that goes on from this one, or that this one was merged into.
        recurs: the closed case of the same problem that this one follows.
    """

    id: CaseId
    problem: ProblemId
    category: CatalogClass
    place: Place
    grid: GridId | None
    grid_share: float
    source: Source
    rendered: bool
    reported_at: datetime
    measure: Measure | None = None
    status: Status = Status.REPORTED
    department: DepartmentId | None = None
    handler: PersonId | None = None
    merged_into: CaseId | None = None
    recurs: CaseId | None = None
    suspended_until: datetime | None = None
    clocks: dict[Stage, Clock] = field(default_factory=dict)
    history: list[Step] = field(default_factory=list)
    version: int = 0

    @property
    def number(self) -> str:
        """Give the number by which people name the case."""
        return f"{self.reported_at:%Y%m%d}-{self.id[-6:].upper()}"

    @property
    def cell(self) -> int:
        """Give the look-up cell of its place."""
        return self.place.cell

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.status not in ENDED

    @property
    def rings_at(self) -> datetime | None:
        """Give the moment at which the clock has next to do with the case."""
        moments = [clock.rings_at for clock in self.clocks.values()]
        return min((at for at in [*moments, self.suspended_until] if at), default=None)

    def last(self, action: Action) -> Step | None:
        """Give the latest step of a kind."""
        return next((step for step in reversed(self.history) if step.action is action), None)
