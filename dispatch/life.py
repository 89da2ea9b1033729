"""A case's life as indicators need it, told from its history alone and up to a moment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from dispatch.clock import Stage
from dispatch.step import Step
from dispatch.transition import Action

_STARTS: Final = {
    Stage.DISPATCH: {Action.FILE, Action.DECLINE, Action.REOPEN},
    Stage.HANDLING: {Action.DISPATCH, Action.SEND_BACK},
    Stage.WHOLE: {Action.FILE, Action.REOPEN},
}
_DOES: Final = {
    Stage.DISPATCH: {Action.DISPATCH},
    Stage.HANDLING: {Action.FINISH},
    Stage.WHOLE: {Action.APPROVE},
}
_DROPS: Final = {
    Stage.DISPATCH: {Action.MERGE, Action.WRITE_OFF},
    Stage.HANDLING: {Action.DECLINE, Action.WRITE_OFF},
    Stage.WHOLE: {Action.MERGE, Action.WRITE_OFF},
}


@dataclass(slots=True, kw_only=True)
class Duty:
    """Something that was to be done by a deadline.

    Args:
        done_at: None while it is open.
        suspended: whether its time stands still at the moment of telling.
        dropped: it ended without having to be done.
    """

    stage: Stage
    department: str
    started_at: datetime
    due_at: datetime
    done_at: datetime | None = None
    suspended: bool = False
    dropped: bool = False

    @property
    def on_time(self) -> bool:
        """Whether it was done by its deadline."""
        return self.done_at is not None and self.done_at <= self.due_at

    def is_due_in(self, start: datetime, end: datetime, *, now: datetime) -> bool:
        """Say whether it should have been done in a period, by what is known at `now`.

        That is: its deadline falls in the period and has come (or it is done already), or came
        before and it was still open when the period began; and its time does not stand still.
        """
        if self.suspended or self.dropped:
            return False
        if self.due_at < start:
            return self.done_at is None or self.done_at >= start
        return self.due_at < end and (self.done_at is not None or self.due_at <= now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What happened to a case up to a moment."""

    steps: tuple[Step, ...]
    duties: tuple[Duty, ...] = field(default=())

    def of(self, action: Action) -> Iterator[Step]:
        """Give the steps of a kind, the oldest first."""
        return (step for step in self.steps if step.action is action)

    def of_stage(self, stage: Stage) -> Iterator[Duty]:
        """Give the duties of a stage, the oldest first."""
        return (duty for duty in self.duties if duty.stage is stage)


def tell_life(history: Sequence[Step], *, until: datetime) -> Life:
    """Tell a life from the steps before a moment."""
    steps = tuple(step for step in history if step.at < until)
    duties: list[Duty] = []
    running: dict[Stage, Duty] = {}
    for step in steps:
        for stage in _STARTS:
            _apply(step, stage, running, duties)
    return Life(steps=steps, duties=tuple(duties))


def _apply(step: Step, stage: Stage, running: dict[Stage, Duty], duties: list[Duty]) -> None:
    duty = running.get(stage)
    if duty is not None:
        _change(step, stage, duty)
        if duty.done_at is not None or duty.dropped:
            del running[stage]
    due_at = _due_at(step, stage)
    if step.action in _STARTS[stage] and due_at is not None:
        department = str(step.grounds.get("department") or "")
        running[stage] = Duty(stage=stage, department=department, started_at=step.at, due_at=due_at)
        duties.append(running[stage])


def _change(step: Step, stage: Stage, duty: Duty) -> None:
    if step.action in _DOES[stage]:
        duty.done_at = step.at
    elif step.action in _DROPS[stage]:
        duty.dropped = True
    elif step.action is Action.SUSPEND:
        duty.suspended = True
    elif step.action in {Action.EXTEND, Action.RESUME}:
        duty.suspended = False
        duty.due_at = _due_at(step, stage) or duty.due_at
    if stage is Stage.WHOLE and step.action is Action.DISPATCH:
        duty.department = str(step.grounds.get("department") or "")


def _due_at(step: Step, stage: Stage) -> datetime | None:
    clocks = step.grounds.get("clocks")
    clock = clocks.get(stage.value) if isinstance(clocks, dict) else None
    due_at = clock.get("due_at") if isinstance(clock, dict) else None
    return datetime.fromisoformat(due_at) if isinstance(due_at, str) else None
