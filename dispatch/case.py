"""A case (案卷): the administrative record of one problem, from report to closure."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pydantic import JsonValue

from dispatch import audit
from dispatch.catalog import CatalogClass
from dispatch.clock import Clock, Stage
from dispatch.errors import DispatchError
from dispatch.ids import CaseId, DepartmentId, GridId, PersonId, ProblemId
from dispatch.people import Person, Role
from dispatch.place import Place
from dispatch.step import Decision, Step
from dispatch.transition import ENDED, Action, Status, permit
from dispatch.wire import Measure, message_id

MAX_EXTENSIONS: Final = 2
MAX_SUSPENSION: Final = timedelta(days=365)


class Source(StrEnum):
    """Who found it first."""

    PATROL = "patrol"
    COLLECTOR = "collector"
    PUBLIC = "public"


class OtherDepartment(DispatchError):
    """Somebody would handle a case of another department."""

    def __init__(self, person: Person, department: DepartmentId | None) -> None:
        super().__init__(
            f"案卷由 {department} 负责，{person.name}属于 {person.department}，请转给责任部门",
            f"the case is with {department}, and {person.name} belongs to {person.department}: "
            "leave it to the department responsible",
        )
        self.person, self.department = person.id, department


class StepBeforeLast(DispatchError):
    """The step is dated before the case's last one."""

    def __init__(self, at: datetime, last: datetime) -> None:
        super().__init__(
            f"操作时间 {at:%Y-%m-%d %H:%M:%S} 早于上一步 {last:%Y-%m-%d %H:%M:%S}，请核对时钟",
            f"the step at {at.isoformat()} lies before the last one at {last.isoformat()}: "
            "check the clock",
        )
        self.at, self.last = at, last


class ExtensionRefused(DispatchError):
    """The limit cannot be extended any more."""


class SuspensionRefused(DispatchError):
    """The case cannot be suspended, or not for so long."""


@dataclass(slots=True, kw_only=True)
class Case:
    """The record of one problem; its history is audit trail, event list and indicator input.

    Args:
        category: the class as it was when the case was made.
        measure: the subject's size, where the class has a measured filing condition.
        grid: None outside every grid.
        grid_share: share of the position's error that lies in `grid`, 0 to 1.
        rendered: made from rendered footage: shown as such wherever the case is shown.
        merged_into: the case that goes on in its place.
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
        return f"{self.reported_at:%Y%m%d}-{self.id[-8:].upper()}"

    @property
    def cell(self) -> int:
        """Give the look-up cell of its place."""
        return self.place.cell

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.status not in ENDED

    @property
    def ended_at(self) -> datetime | None:
        """Give when the case ended, if it did; remarks may follow."""
        if self.is_open:
            return None
        return next(step.at for step in reversed(self.history) if step.before not in ENDED)

    @property
    def rings_at(self) -> datetime | None:
        """Give the moment at which the clock has next to do with the case."""
        moments = [clock.rings_at for clock in self.clocks.values()]
        return min((at for at in [*moments, self.suspended_until] if at), default=None)

    def last(self, action: Action) -> Step | None:
        """Give the latest step of a kind."""
        return next((step for step in reversed(self.history) if step.action is action), None)

    def report(self, decision: Decision) -> None:
        """Write the first step of a new case."""
        self._step(Action.REPORT, decision)

    def confirm(self, decision: Decision) -> None:
        """Record that somebody found the report to be true."""
        self._step(Action.CONFIRM, decision)

    def refute(self, decision: Decision) -> None:
        """End a report that is not true."""
        self._step(Action.REFUTE, decision)

    def void(self, decision: Decision) -> None:
        """End the case before filing, with a reason."""
        self._step(Action.VOID, decision)

    def merge(self, into: CaseId, decision: Decision) -> None:
        """End the case because another one is of the same problem."""
        self._step(Action.MERGE, decision, facts={"into": into})
        self.merged_into = into

    def file(self, decision: Decision, *, clocks: Iterable[Clock]) -> None:
        """Accept the case under its filing condition; starts the dispatch and the whole clock."""
        self._step(Action.FILE, decision, clocks=clocks)

    def dispatch(self, to: DepartmentId, decision: Decision, *, clock: Clock) -> None:
        """Make a department responsible; starts the handling clock."""
        self._step(Action.DISPATCH, decision, clocks=(clock,), facts={"department": to})
        self._stop(Stage.DISPATCH, decision.at)
        self.department, self.handler = to, None

    def accept(self, decision: Decision) -> None:
        """Take the case on for the department."""
        self._step(Action.ACCEPT, decision)
        self.handler = decision.by.id

    def decline(self, decision: Decision, *, clock: Clock) -> None:
        """Give the case back to the dispatcher; starts the dispatch clock anew."""
        self._step(Action.DECLINE, decision, clocks=(clock,), facts={"department": self.department})
        self._stop(Stage.HANDLING, decision.at)
        self.department = self.handler = None

    def finish(self, decision: Decision, *, clock: Clock) -> None:
        """Report the work as done; starts the check clock."""
        self._step(Action.FINISH, decision, clocks=(clock,), facts={"department": self.department})
        self._stop(Stage.HANDLING, decision.at)
        self.handler = decision.by.id

    def extend(self, decision: Decision, *, clocks: Iterable[Clock]) -> None:
        """Give the handling one original limit more.

        Raises:
            ExtensionRefused: it is overdue already, or was extended twice.
        """
        self._refuse_extension(decision.at)
        self._step(Action.EXTEND, decision, clocks=clocks)

    def suspend(self, decision: Decision, *, until: datetime) -> None:
        """Stop the clocks until a day when handling can go on.

        Raises:
            SuspensionRefused: it was suspended before, or would be for more than a year.
        """
        self._refuse_suspension(until, decision.at)
        running = [clock for clock in self.clocks.values() if clock.runs]
        self._step(Action.SUSPEND, decision, facts={"until": until.isoformat()})
        self.clocks |= {clock.stage: replace(clock, paused_at=decision.at) for clock in running}
        self.suspended_until = until

    def resume(self, decision: Decision, *, clocks: Iterable[Clock]) -> None:
        """Go on with a suspended case; the clocks run again."""
        self._step(Action.RESUME, decision, clocks=clocks)
        self.suspended_until = None

    def verify(self, decision: Decision) -> None:
        """Attach what later passes say of the repair; changes no status."""
        self._step(Action.VERIFY, decision)

    def check(self, decision: Decision) -> None:
        """Attach what a person found on the spot after handling; changes no status."""
        self._step(Action.CHECK, decision)

    def approve(self, decision: Decision) -> None:
        """Close the case as repaired."""
        self._step(Action.APPROVE, decision)

    def send_back(self, decision: Decision, *, clock: Clock) -> None:
        """Have the same department do it again; starts the handling clock anew."""
        facts: dict[str, JsonValue] = {"department": self.department}
        self._step(Action.SEND_BACK, decision, clocks=(clock,), facts=facts)
        self._stop(Stage.CHECK, decision.at)
        self.handler = None

    def write_off(self, decision: Decision) -> None:
        """Close the case without repair, with a reason; counted apart."""
        self._step(Action.WRITE_OFF, decision)

    def reopen(self, decision: Decision, *, clocks: Iterable[Clock]) -> None:
        """Take up again what was ended; the clocks of what is now to be done start anew."""
        self._step(Action.REOPEN, decision, clocks=clocks)
        self.department = self.handler = self.merged_into = None

    def ring(self, clock: Clock, decision: Decision) -> None:
        """Record that a clock reached 80 or 100 % of its limit."""
        facts: dict[str, JsonValue] = {"stage": clock.stage.value, "alarm": clock.fired.value}
        self._step(Action.ALARM, decision, clocks=(clock,), facts=facts)

    def remark(self, decision: Decision) -> None:
        """Write something down; changes nothing."""
        self._step(Action.REMARK, decision)

    def _step(
        self,
        action: Action,
        decision: Decision,
        *,
        clocks: Iterable[Clock] = (),
        facts: dict[str, JsonValue] | None = None,
    ) -> None:
        """Check everything, then move and record; `facts` join the decision's grounds."""
        before = self.status if self.history else None
        after, role = permit(before, action, by=decision.by, note=decision.note)
        self._refuse_others(role, decision)
        set_clocks = {clock.stage: clock for clock in clocks}
        grounds: dict[str, JsonValue] = {**decision.grounds, **(facts or {})}
        if set_clocks:
            grounds["clocks"] = {stage.value: c.written() for stage, c in set_clocks.items()}
        step = Step(
            number=len(self.history) + 1,
            action=action,
            before=before,
            after=after,
            by=decision.by.id,
            role=role,
            at=decision.at,
            note=decision.note.strip(),
            grounds=grounds,
        )
        previous = self.history[-1].seal if self.history else audit.FIRST
        self.history.append(replace(step, seal=audit.seal(previous, step.record())))
        self.status = after
        self.clocks |= set_clocks
        if after in ENDED:
            self._end(decision.at)

    def _refuse_others(self, role: Role, decision: Decision) -> None:
        handles = role in {Role.DEPARTMENT, Role.HANDLER}
        if handles and decision.by.department != self.department and self.department is not None:
            raise OtherDepartment(decision.by, self.department)
        if self.history and decision.at < self.history[-1].at:
            raise StepBeforeLast(decision.at, self.history[-1].at)

    def _end(self, at: datetime) -> None:
        self.suspended_until = None
        for stage in list(self.clocks):
            self._stop(stage, at)

    def _stop(self, stage: Stage, at: datetime) -> None:
        clock = self.clocks.get(stage)
        if clock is not None and clock.stopped_at is None:
            self.clocks[stage] = replace(clock, stopped_at=clock.paused_at or at)

    def _refuse_extension(self, at: datetime) -> None:
        clock = self.clocks.get(Stage.HANDLING)
        given = sum(1 for step in self.history if step.action is Action.EXTEND)
        if given >= MAX_EXTENSIONS:
            raise ExtensionRefused(
                f"已延期 {given} 次，最多 {MAX_EXTENSIONS} 次；可申请挂账",
                f"extended {given} times, {MAX_EXTENSIONS} is the most: ask for suspension",
            )
        if clock is not None and at > clock.due_at:
            raise ExtensionRefused(
                f"已在 {clock.due_at:%Y-%m-%d %H:%M} 超期，延期要在到期前申请",
                f"overdue since {clock.due_at.isoformat()}: extensions are asked for before",
            )

    def _refuse_suspension(self, until: datetime, at: datetime) -> None:
        if self.last(Action.SUSPEND) is not None:
            raise SuspensionRefused(
                "每件案卷只能挂账一次，请延期或处置",
                "a case is suspended once: extend or handle it",
            )
        if not at < until <= at + MAX_SUSPENSION:
            raise SuspensionRefused(
                "挂账到期日须在今天之后、一年以内，请改日期",
                "a suspension ends after today and within a year: choose another date",
            )


def case_id(problem: ProblemId, *, at: datetime) -> CaseId:
    """Give the id of the case that a problem gets at a time."""
    return CaseId(message_id(at, "case", problem))
