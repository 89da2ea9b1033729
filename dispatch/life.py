"""A case's life as indicators need it, told from its history alone and up to a moment."""

from collections.abc import Iterable, Iterator, Sequence
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
    Stage.DISPATCH: {Action.DISPATCH, Action.RETURN},
    Stage.HANDLING: {Action.FINISH},
    Stage.WHOLE: {Action.APPROVE},
}
_DROPS: Final = {
    Stage.DISPATCH: {Action.MERGE, Action.WRITE_OFF},
    Stage.HANDLING: {Action.DECLINE, Action.WRITE_OFF},
    Stage.WHOLE: {Action.MERGE, Action.VOID, Action.WRITE_OFF},
}


@dataclass(slots=True, kw_only=True)
class Duty:
    """Something that was to be done by a deadline.

    Args:
        done_at: None while it is open.
        lapsed_at: it ended undone; what ended before its deadline did not have to be done.
        suspended: whether its time stands still at the moment of telling.
        exempt: an appeal against its missed deadline was upheld.
    """

    stage: Stage
    department: str
    started_at: datetime
    due_at: datetime
    done_at: datetime | None = None
    lapsed_at: datetime | None = None
    suspended: bool = False
    exempt: bool = False

    @property
    def on_time(self) -> bool:
        """Whether it was done by its deadline."""
        return self.done_at is not None and self.done_at <= self.due_at

    def is_due_in(self, start: datetime, end: datetime, *, now: datetime) -> bool:
        """Say whether it should have been done in a period, by what is known at `now`.

        That is: its deadline falls in the period and has come (or it is done already), or came
        before and it was still open when the period began; its time does not stand still, and no
        appeal took it out. What lapsed late counts as undone: writing off what is overdue, or
        giving it back, makes no figure better.
        """
        if self.suspended or self.exempt or self._lapsed_in_time:
            return False
        ended_at = self.done_at or self.lapsed_at
        if self.due_at < start:
            return ended_at is None or ended_at >= start
        return self.due_at < end and (ended_at is not None or self.due_at <= now)

    @property
    def _lapsed_in_time(self) -> bool:
        return self.lapsed_at is not None and self.lapsed_at <= self.due_at


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
        if step.action is Action.UPHOLD:
            _exempt(step, duties)
    return Life(steps=steps, duties=tuple(duties))


def _apply(step: Step, stage: Stage, running: dict[Stage, Duty], duties: list[Duty]) -> None:
    duty = running.get(stage)
    if duty is not None:
        _change(step, stage, duty)
        if duty.done_at is not None or duty.lapsed_at is not None:
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
        duty.lapsed_at = step.at
    elif step.action is Action.SUSPEND:
        duty.suspended = True
    elif step.action in {Action.EXTEND, Action.RESUME}:
        duty.suspended = False
        duty.due_at = _due_at(step, stage) or duty.due_at
    if stage is Stage.WHOLE and step.action is Action.DISPATCH:
        duty.department = str(step.grounds.get("department") or "")


def _exempt(upheld: Step, duties: Iterable[Duty]) -> None:
    """Take out the handling that an upheld appeal is about, and the whole it was a part of."""
    started = datetime.fromisoformat(str(upheld.grounds["started_at"]))
    for duty in duties:
        ended = duty.done_at or duty.lapsed_at
        about = duty.stage is Stage.HANDLING and duty.started_at == started
        around = duty.started_at <= started and (ended is None or ended >= started)
        if about or (duty.stage is Stage.WHOLE and around):
            duty.exempt = True


def _due_at(step: Step, stage: Stage) -> datetime | None:
    clocks = step.grounds.get("clocks")
    clock = clocks.get(stage.value) if isinstance(clocks, dict) else None
    due_at = clock.get("due_at") if isinstance(clock, dict) else None
    return datetime.fromisoformat(due_at) if isinstance(due_at, str) else None
