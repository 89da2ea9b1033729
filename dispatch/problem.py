"""A problem (问题): one physical thing, over all passes and sensors that saw it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dispatch.ids import ObservationId, ProblemId
from dispatch.place import Place
from dispatch.wire import Measure, NotObservable


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is known of one physical thing, told from its observations and nothing else.

    Args:
        probabilities: chance of each label, the mean over passes; they sum to 1.
        passes: how many passes saw it.
        sizes: what was measured of it over all passes, the one it is known by first.
        unseen: what of its size no pass could tell, and why.
        pixels_per_metre: of the best view at the model's input; None where none stated it.
    """

    id: ProblemId
    place: Place
    probabilities: Mapping[str, float]
    first_seen_at: datetime
    last_seen_at: datetime
    passes: int
    observations: tuple[ObservationId, ...]
    sizes: tuple[Measure, ...] = ()
    unseen: tuple[NotObservable, ...] = ()
    pixels_per_metre: float | None = None
    version: int = 0

    @property
    def measure(self) -> Measure | None:
        """Give the size it is known by; None where no pass measured it."""
        return self.sizes[0] if self.sizes else None

    @property
    def label(self) -> str:
        """Give the likeliest label; of equals, the first by name."""
        return min(self.probabilities, key=lambda label: (-self.probabilities[label], label))
