"""Sum up cases into queues, the same for every store."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from dispatch.clock import Alarm, Clock, Stage
from dispatch.ports import Queue
from dispatch.transition import Status

Fact = tuple[Status, datetime, Mapping[Stage, Clock]]


def summed_up(facts: Iterable[Fact], *, now: datetime) -> dict[Status, Queue]:
    """Count cases, and those with a limit overrun, by status; note when the oldest was reported."""
    queues: dict[Status, Queue] = {}
    for status, reported_at, clocks in facts:
        known = queues.get(status) or Queue(count=0, oldest=reported_at, overdue=0)
        late = any(clock.runs and clock.alarm(now) is Alarm.RED for clock in clocks.values())
        queues[status] = Queue(
            count=known.count + 1,
            oldest=min(known.oldest, reported_at),
            overdue=known.overdue + late,
        )
    return queues
