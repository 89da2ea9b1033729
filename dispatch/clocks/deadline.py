"""Deadlines: start, pause, resume and extend the clocks of a case over a city's calendar."""

from dataclasses import replace
from datetime import datetime, timedelta

from dispatch.clocks.clock import WARN_SHARE, Alarm, Clock, Stage
from dispatch.clocks.worktime import Calendar, Limit


def start_clock(stage: Stage, limit: Limit, *, at: datetime, calendar: Calendar) -> Clock:
    """Start a limit running.

    Raises:
        NoWorkingTime: the calendar holds too little working time.
    """
    return Clock(
        stage=stage,
        original=limit,
        limit=limit,
        started_at=at,
        warn_at=calendar.after(at, limit.length * WARN_SHARE, limit.clock),
        due_at=calendar.after(at, limit.length, limit.clock),
    )


def resume_clock(clock: Clock, *, at: datetime, calendar: Calendar) -> Clock:
    """Let a paused clock run again with what was left of its limit; what was missed stays missed.

    Raises:
        NoWorkingTime: the calendar holds too little working time.
    """
    paused_at = clock.paused_at
    if paused_at is None:
        return clock
    kind = clock.limit.clock

    def moved(mark: datetime) -> datetime:
        if mark <= paused_at:
            return mark
        return calendar.after(at, calendar.between(paused_at, mark, kind), kind)

    return replace(clock, paused_at=None, warn_at=moved(clock.warn_at), due_at=moved(clock.due_at))


def shorten_clock(clock: Clock, *, left: timedelta, calendar: Calendar) -> Clock:
    """Let a clock that just started run only for what was left of an earlier one, if that is less.

    Raises:
        NoWorkingTime: the calendar holds too little working time.
    """
    length, kind, at = clock.limit.length, clock.limit.clock, clock.started_at
    if left >= length:
        return clock
    to_warning = left - length * (1 - WARN_SHARE)
    return replace(
        clock,
        warn_at=calendar.after(at, to_warning, kind),
        due_at=calendar.after(at, left, kind),
    )


def extend_clock(clock: Clock, *, at: datetime, calendar: Calendar) -> Clock:
    """Add one original limit; it warns anew where 80 % of the longer limit are still to come.

    Args:
        at: when it is extended, not after it was due.

    Raises:
        NoWorkingTime: the calendar holds too little working time.
    """
    kind = clock.limit.clock
    limit = Limit(
        written=f"{clock.limit.written}+{clock.original.written}",
        amount=clock.limit.amount + clock.original.amount,
        clock=kind,
    )
    due_at = calendar.after(clock.due_at, clock.original.length, kind)
    # Counted back from the end: between the start and now the clock may have stood still.
    passed = limit.length - calendar.between(at, due_at, kind)
    to_warning = limit.length * WARN_SHARE - passed
    if to_warning <= timedelta(0):
        fired = Alarm.GREEN if clock.fired is Alarm.GREEN else Alarm.YELLOW
        return replace(clock, limit=limit, due_at=due_at, fired=fired)
    warn_at = calendar.after(at, to_warning, kind)
    return replace(clock, limit=limit, warn_at=warn_at, due_at=due_at, fired=Alarm.GREEN)
