"""Deadlines: start, pause, resume and extend the clocks of a case over a city's calendar."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from dispatch.clock import Alarm, Clock, Stage
from dispatch.worktime import Calendar, Limit

WARN_SHARE: Final = 0.8
"""The share of a limit after which it is shown in yellow."""


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
    """Let a paused clock run again with what was left of its limit.

    Raises:
        NoWorkingTime: the calendar holds too little working time.
    """
    if clock.paused_at is None:
        return clock
    kind = clock.limit.clock
    left = calendar.between(clock.paused_at, clock.due_at, kind)
    to_warning = calendar.between(clock.paused_at, clock.warn_at, kind)
    return replace(
        clock,
        paused_at=None,
        warn_at=calendar.after(at, to_warning, kind),
        due_at=calendar.after(at, left, kind),
    )


def extend_clock(clock: Clock, *, calendar: Calendar) -> Clock:
    """Add one original limit, and count the alarms anew.

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
    left = calendar.between(clock.started_at, due_at, kind)
    return replace(
        clock,
        limit=limit,
        warn_at=calendar.after(clock.started_at, left * WARN_SHARE, kind),
        due_at=due_at,
        fired=Alarm.GREEN,
    )
