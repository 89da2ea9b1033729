"""A problem (问题): one physical thing, over all passes and sensors that saw it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dispatch.ground.place import Place
from dispatch.ids import ObservationId, ProblemId
from dispatch.wire import Covariance, Measure, Method, NotObservable, Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeSum:
    """What sights measured of one quantity, so that more can be added to it.

    Args:
        known_by: how many sights knew the thing by this quantity first of all.
        count: of the measures.
        weight: sum of their information, each by its own error.
        mean: by weight.
        scatter: weighted sum of squared distances from the mean.
        shape: mean by weight of the error that the unknown shape leaves.
        method: None if they differ, or none is stated.
    """

    quantity: Quantity
    known_by: int
    count: int
    weight: float
    mean: float
    scatter: float
    shape: float
    method: Method | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """What the older sights of a problem say, told once and not read again.

    It stands for them as one sight of a pass of its own would: gists that were made together share
    an error, as the sights of one pass do.

    Args:
        key: names those that were made together.
        until: when the newest sight in any of these was captured.
        sights: how many it holds: the first of the problem's observations.
        passes: how many passes they are of.
        place: where they put the thing, with the gist's own error.
        shared: the error that it shares with the gists of its key.
        probabilities: sum over its passes.
        unseen: of each quantity, what the newest of them could not tell.
    """

    key: str
    until: datetime
    sights: int
    passes: int
    place: Place
    shared: Covariance
    probabilities: Mapping[str, float]
    first_seen_at: datetime
    last_seen_at: datetime
    sizes: tuple[SizeSum, ...]
    unseen: tuple[NotObservable, ...]
    pixels_per_metre: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is known of one physical thing, told from its observations and nothing else.

    Args:
        probabilities: chance of each label, the mean over passes; they sum to 1.
        passes: how many passes saw it.
        sizes: what was measured of it over all passes, the one it is known by first.
        unseen: what of its size no pass could tell, and why.
        observations: those in its gist first, else in their `order`.
        pixels_per_metre: of the best view at the model's input; None where none stated it.
        gist: what its older sights say; None as long as all of them are read.
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
    gist: Gist | None = None
    version: int = 0

    @property
    def condensed(self) -> tuple[ObservationId, ...]:
        """Give the observations in its gist."""
        return self.observations[: self.gist.sights] if self.gist else ()

    @property
    def measure(self) -> Measure | None:
        """Give the size it is known by; None where no pass measured it."""
        return self.sizes[0] if self.sizes else None

    @property
    def label(self) -> str:
        """Give the likeliest label; of equals, the first by name."""
        return min(self.probabilities, key=lambda label: (-self.probabilities[label], label))
