"""An arrival (到件): a finding or a sweep that was acknowledged and is on its way to the cases."""

from dataclasses import dataclass
from datetime import datetime

from dispatch import wire

Patrolled = wire.Finding | wire.Sweep
"""What patrols send, which the map and the cases are told of in the order of its arrival."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message that waits to be told to the map and the cases.

    Args:
        message: checked by itself, not yet beside others.
        received_at: when it was acknowledged.
        number: its place in the line; 0 until it has one.
    """

    message: Patrolled
    received_at: datetime
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How many arrivals wait, and since when the first of them does."""

    waiting: int
    oldest_at: datetime | None

    def age_s(self, now: datetime) -> float:
        """Give how long the first has waited, in seconds; 0 where none waits."""
        return 0.0 if self.oldest_at is None else max(0.0, (now - self.oldest_at).total_seconds())
