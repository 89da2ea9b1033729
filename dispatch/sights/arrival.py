"""An arrival (到件): a finding or a sweep that was acknowledged and is on its way to the cases."""

from dataclasses import dataclass
from datetime import datetime

from dispatch import wire

Patrolled = wire.Finding | wire.Sweep
"""What patrols send, which the map and the cases are told of: hazards first, else as it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A batch as it came, of which some messages go in line.

    Args:
        device: who sent it, as its signature proves.
        received_at: when it was acknowledged.
        packed: gzip of the JSON that holds the messages.
        places: where in it these messages stand, with their ids.
        hazards: which of these places hold a find of a class that the city calls a hazard.
        hastened: ids of hazards of which an earlier revision waits, to be told before them.
    """

    device: str
    received_at: datetime
    packed: bytes
    places: dict[int, str]
    hazards: frozenset[int] = frozenset()
    hastened: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message that waits to be told to the map and the cases.

    Args:
        mail: number of the batch that it came with; hazards and others are ordered by it.
        place: where it stands in the batch.
        raw: as parsed from JSON.
    """

    mail: int
    place: int
    device: str
    received_at: datetime
    raw: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How many arrivals wait, and since when the first of them does."""

    waiting: int
    oldest_at: datetime | None

    def age_s(self, now: datetime) -> float:
        """Give how long the first has waited, in seconds; 0 where none waits."""
        return 0.0 if self.oldest_at is None else max(0.0, (now - self.oldest_at).total_seconds())
