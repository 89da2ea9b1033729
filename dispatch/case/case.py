"""A case (案卷): the administrative record of one problem, from report to closure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from pydantic import JsonValue

from dispatch.case import audit
from dispatch.case.guard import (
    NobodyToSendBackTo,
    NotSelfHandled,
    NotYourReport,
    StepBeforeLast,
    refuse_other_department,
    refuse_own_work,
)
from dispatch.case.number import end_of, number_of
from dispatch.case.step import SENT_AS, Decision, Step
from dispatch.case.transition import DONE, ENDED, Action, Status, permit
from dispatch.catalogue.catalog import CatalogClass
from dispatch.catalogue.component import Match
from dispatch.clocks.clock import Clock, Look, Stage
from dispatch.ground.place import Place
from dispatch.ids import CaseId, DepartmentId, GridId, PersonId, ProblemId
from dispatch.people.people import Person, Role
from dispatch.wire import Measure, message_id


class Source(StrEnum):
    """Who found it first."""

    PATROL = "patrol"
    COLLECTOR = "collector"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What a case is and where it lies, as somebody put it right."""

    category: CatalogClass
    severity: str | None
    place: Place
    grid: GridId | None
    grid_share: float


@dataclass(slots=True, kw_only=True)
class Case:
    """The record of one problem; its history is audit trail, event list and indicator input.

    Args:
        category: the class as it was when the case was made.
        measure: the subject's size, where the class has a measured filing condition.
        severity: how grave it is, by the class's levels; None where the class has none.
        grid: None outside every grid.
        grid_share: share of the position's error that lies in `grid`, 0 to 1.
        rendered: made from rendered footage: shown as such wherever the case is shown.
        look: the look that the report waits for; None where nobody was sent, or somebody decided.
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
    severity: str | None = None
    status: Status = Status.REPORTED
    department: DepartmentId | None = None
    handler: PersonId | None = None
    merged_into: CaseId | None = None
    recurs: CaseId | None = None
    suspended_until: datetime | None = None
    clocks: dict[Stage, Clock] = field(default_factory=dict)
    look: Look | None = None
    history: list[Step] = field(default_factory=list)
    version: int = 0

    @property
    def number(self) -> str:
        """Give the number by which people name the case."""
        return number_of(self.id, self.reported_at)

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
    def number_end(self) -> str:
        """Give what of the number tells it from others of its day, as people say it."""
        return end_of(self.id)

    @property
    def overdue_at(self) -> datetime | None:
        """Give when the first of the limits that run passes; None where none runs."""
        limit = self.next_limit
        return limit.due_at if limit and self.is_open else None

    @property
    def next_limit(self) -> Clock | Look | None:
        """Give the limit to hurry for: of all that run, the one that passes first."""
        running: list[Clock | Look] = [clock for clock in self.clocks.values() if clock.runs]
        running += [self.look] if self.look else []
        return min(running, key=lambda limit: limit.due_at, default=None)

    @property
    def rings_at(self) -> datetime | None:
        """Give the moment at which the clock has next to do with the case."""
        moments = [clock.rings_at for clock in self.clocks.values()]
        return min((at for at in [*moments, self.suspended_until] if at), default=None)

    @property
    def self_handler(self) -> PersonId | None:
        """Give the collector who handled the case unasked, or None where a department did."""
        last = self.last_done
        return last.by if last is not None and last.action is Action.SELF_HANDLE else None

    @property
    def was_self_handled(self) -> bool:
        """Whether a collector, and no department, put it right this time."""
        return self.self_handler is not None

    @property
    def component(self) -> Match | None:
        """Give what the registry said of it, or a person after that; None where nobody asked."""
        step = next((each for each in reversed(self.history) if "component" in each.grounds), None)
        found = step.grounds["component"] if step else None
        return None if found is None else Match.model_validate(found)

    @property
    def was_corrected(self) -> bool:
        """Whether a person said that it is of another class or lies elsewhere."""
        return self.last(Action.CORRECT) is not None

    @property
    def class_was_corrected(self) -> bool:
        """Whether a person said that it is of another class."""
        return self._said_to_be("class")

    @property
    def place_was_corrected(self) -> bool:
        """Whether a person said that it lies elsewhere."""
        return self._said_to_be("place")

    def _said_to_be(self, what: str) -> bool:
        said = (step.grounds.get("corrected") for step in self.history)
        return any(isinstance(each, Mapping) and what in each for each in said)

    @property
    def reported_label(self) -> str | None:
        """Give what it was reported as."""
        subject = self.history[0].grounds.get("subject") if self.was_corrected else None
        return str(subject["label"]) if isinstance(subject, Mapping) else self.category.label

    def subject(self) -> dict[str, JsonValue]:
        """Give what figures tell cases apart by, and what only a correction changes."""
        return {
            "grid": self.grid or "",
            "label": self.category.label or "",
            "source": self.source.value,
            "recurs": self.recurs is not None,
        }

    def may_reopen(self, person: Person) -> bool:
        """Say whether a person may take up again what was ended: a supervisor, or who reported."""
        return Role.SUPERVISOR in person.roles or person.id == self.history[0].by

    def last(self, action: Action) -> Step | None:
        """Give the latest step of a kind."""
        return next((step for step in reversed(self.history) if step.action is action), None)

    @property
    def last_done(self) -> Step | None:
        """Give the step that last reported the work as done, by whomever."""
        return next((step for step in reversed(self.history) if step.action in DONE), None)

    def report(self, decision: Decision) -> None:
        """Write the first step of a new case; it seals what figures tell cases apart by."""
        self.take(Action.REPORT, decision, facts={"subject": self.subject()})

    def ask_confirmation(self, decision: Decision) -> None:
        """Have a collector look whether the report is true; changes no status."""
        self.take(Action.ASK_CONFIRMATION, decision)

    def correct(self, to: Corrected, decision: Decision, *, clocks: Iterable[Clock]) -> None:
        """Put its class or place right; seals anew what figures tell cases apart by."""
        said = {"grid": to.grid or "", "label": to.category.label or ""}
        facts: dict[str, JsonValue] = {"subject": {**self.subject(), **said}}
        self.take(Action.CORRECT, decision, clocks=clocks, facts=facts)
        self.category, self.severity = to.category, to.severity
        self.place, self.grid, self.grid_share = to.place, to.grid, to.grid_share

    def confirm(self, decision: Decision) -> None:
        """Record that somebody found the report to be true."""
        self.take(Action.CONFIRM, decision)

    def refute(self, decision: Decision) -> None:
        """End a report that is not true."""
        self.take(Action.REFUTE, decision)

    def void(self, decision: Decision) -> None:
        """End the case before filing, with a reason."""
        self.take(Action.VOID, decision)

    def merge(self, into: CaseId, decision: Decision) -> None:
        """End the case because another one is of the same problem."""
        self.take(Action.MERGE, decision, facts={"into": into})
        self.merged_into = into

    def file(self, decision: Decision, *, clocks: Iterable[Clock]) -> None:
        """Accept the case under its filing condition; starts the dispatch and the whole clock.

        Raises:
            NotSelfHandled: a department handled it, so it is sent back instead.
        """
        if self.status is Status.HANDLED and not self.was_self_handled:
            raise NotSelfHandled
        self.take(Action.FILE, decision, clocks=clocks)
        self.stop(Stage.CHECK, decision.at)
        self.handler = None

    def self_handle(self, decision: Decision, *, clock: Clock) -> None:
        """Record that the collector put it right on the spot; starts the check clock."""
        self.take(Action.SELF_HANDLE, decision, clocks=(clock,))
        self.handler = decision.by.id

    def dispatch(self, to: DepartmentId, decision: Decision, *, clock: Clock) -> None:
        """Make a department responsible; starts the handling clock."""
        self.take(Action.DISPATCH, decision, clocks=(clock,), facts={"department": to})
        self.stop(Stage.DISPATCH, decision.at)
        self.department, self.handler = to, None

    def accept(self, decision: Decision) -> None:
        """Take the case on for the department."""
        self.take(Action.ACCEPT, decision)
        self.handler = decision.by.id

    def decline(self, decision: Decision, *, clock: Clock) -> None:
        """Give the case back to the dispatcher; starts the dispatch clock anew."""
        self.take(Action.DECLINE, decision, clocks=(clock,), facts={"department": self.department})
        self.stop(Stage.HANDLING, decision.at)
        self.department = self.handler = None

    def send_in_again(self, decision: Decision) -> None:
        """Give a filed case back to those who filed it; the whole clock goes on."""
        self.take(Action.RETURN, decision)
        self.stop(Stage.DISPATCH, decision.at)

    def finish(self, decision: Decision, *, clock: Clock) -> None:
        """Report the work as done; starts the check clock."""
        self.take(Action.FINISH, decision, clocks=(clock,), facts={"department": self.department})
        self.stop(Stage.HANDLING, decision.at)
        self.handler = decision.by.id

    def verify(self, decision: Decision) -> None:
        """Attach what later passes say of the repair; changes no status."""
        self.take(Action.VERIFY, decision)

    def check(self, decision: Decision) -> None:
        """Attach what a person found on the spot after handling; changes no status.

        Raises:
            OwnWork: that person handled it.
        """
        refuse_own_work(decision.by, self.self_handler)
        self.take(Action.CHECK, decision)

    def approve(self, decision: Decision) -> None:
        """Close the case as repaired.

        Raises:
            OwnWork: the person who closes it handled it.
        """
        refuse_own_work(decision.by, self.self_handler)
        self.take(Action.APPROVE, decision)

    def send_back(self, decision: Decision, *, clock: Clock) -> None:
        """Have the same department do it again; starts the handling clock anew.

        Raises:
            NobodyToSendBackTo: no department handled it.
        """
        if self.was_self_handled:
            raise NobodyToSendBackTo
        facts: dict[str, JsonValue] = {"department": self.department}
        self.take(Action.SEND_BACK, decision, clocks=(clock,), facts=facts)
        self.stop(Stage.CHECK, decision.at)
        self.handler = None

    def write_off(self, decision: Decision) -> None:
        """Close the case without repair, with a reason; counted apart."""
        self.take(Action.WRITE_OFF, decision)

    def reopen(self, decision: Decision, *, clocks: Iterable[Clock]) -> None:
        """Take up again what was ended; the clocks of what is now to be done start anew.

        Raises:
            NotYourReport: a collector would reopen what somebody else reported.
        """
        if not self.may_reopen(decision.by):
            raise NotYourReport(decision.by)
        self.take(Action.REOPEN, decision, clocks=clocks)
        self.department = self.handler = self.merged_into = None

    def ring(self, clock: Clock, decision: Decision) -> None:
        """Record that a clock reached 80 or 100 % of its limit."""
        facts: dict[str, JsonValue] = {"stage": clock.stage.value, "alarm": clock.fired.value}
        self.take(Action.ALARM, decision, clocks=(clock,), facts=facts)

    def remark(self, decision: Decision) -> None:
        """Write something down; changes nothing."""
        self.take(Action.REMARK, decision)

    def take(
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
        refuse_other_department(role, decision.by, self.department)
        if self.history and decision.at < self.history[-1].at:
            raise StepBeforeLast(decision.at, self.history[-1].at)
        set_clocks = {clock.stage: clock for clock in clocks}
        grounds: dict[str, JsonValue] = {**decision.grounds, **(facts or {})}
        if decision.sent_as:
            grounds[SENT_AS] = decision.sent_as.written()
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
        self.look = self.look if after is before else None
        self.clocks |= set_clocks
        if after in ENDED:
            self._end(decision.at)

    def _end(self, at: datetime) -> None:
        self.suspended_until = None
        for stage in list(self.clocks):
            self.stop(stage, at)

    def stop(self, stage: Stage, at: datetime) -> None:
        """Stop a stage's clock, if it runs; one that is paused stopped when it was paused."""
        clock = self.clocks.get(stage)
        if clock is not None and clock.stopped_at is None:
            self.clocks[stage] = replace(clock, stopped_at=clock.paused_at or at)


def case_id(problem: ProblemId, *, at: datetime) -> CaseId:
    """Give the id of the case that a problem gets at a time."""
    return CaseId(message_id(at, "case", problem))
