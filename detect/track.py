"""One thing followed over frames, and whether that is evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Final, Self

from detect.manifest import Manifest

Corners = tuple[float, float, float, float]

NESTED: Final = 0.7
"""Share of a box that lies in another one from which both are of one thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackPolicy:
    """When frames make a track, and a track evidence.

    Attributes:
        thresholds: lowest score of each class that files; starts a track, too.
        seen: views out of `window` consecutive ones that must show the thing.
        window: see `seen`.
        floor: lowest score that carries a track on.
        patience: frames that a thing in view may be missed before its track ends; a vehicle that
            passes before it hides it for two seconds.
    """

    thresholds: Mapping[str, float]
    seen: int = 3
    window: int = 6
    floor: float = 0.1
    patience: int = 12

    @classmethod
    def of(cls, manifest: Manifest) -> Self:
        """Give the usual policy with the thresholds of a model."""
        return cls(thresholds={entry.label: entry.threshold for entry in manifest.classes})


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackPoint:
    """One sight of the thing.

    Attributes:
        frame_index: the frame.
        at: its exposure time.
        view: number of the viewpoint; frames of a standing camera share one.
        xyxy: left, top, right, bottom in pixels of the frame.
        score: raw score, 0 to 1.
        probability: calibrated chance, 0 to 1.
        label: what it was taken for.
    """

    frame_index: int
    at: datetime
    view: int
    xyxy: Corners
    score: float
    probability: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One thing over the frames that showed it.

    Attributes:
        number: counts tracks from 1 in the order they began.
        label: the class with the most votes, each sight's vote weighed by its probability.
        points: its sights in order of time.
        offered: numbers of the viewpoints in which it was in view, ascending; seen or not.
        threshold: lowest score of its class that files.
        policy: what it is judged by.
    """

    number: int
    label: str
    points: tuple[TrackPoint, ...]
    offered: tuple[int, ...]
    threshold: float
    policy: TrackPolicy

    @property
    def views(self) -> Mapping[int, float]:
        """Give the viewpoints that showed it as its label, each with its best score there."""
        best: dict[int, float] = {}
        for point in self.points:
            if point.label == self.label:
                best[point.view] = max(best.get(point.view, 0.0), point.score)
        return best

    @property
    def frames_seen(self) -> int:
        """Count the viewpoints that showed it as its label; a standing camera has one."""
        return len(self.views)

    @property
    def frames_offered(self) -> int:
        """Count the viewpoints in which it was in view."""
        return len(self.offered)

    @property
    def score(self) -> float:
        """Give the median score over the viewpoints that showed it as its label."""
        return median(self.views.values())

    @property
    def probabilities(self) -> Mapping[str, float]:
        """Give each class its mean calibrated probability over all sights, absent counting 0."""
        votes = votes_of(self.points)
        return {label: vote / len(self.points) for label, vote in votes.items()}

    @property
    def is_evidence(self) -> bool:
        """Whether it was seen often enough, at a median score that files.

        Often enough is k of n: in some `window` consecutive viewpoints that had it in view, it was
        seen in at least `seen`.
        """
        shown = self.views
        hits = [view in shown for view in self.offered]
        width = self.policy.window
        often = any(
            sum(hits[start : start + width]) >= self.policy.seen for start in range(len(hits))
        )
        return often and self.score >= self.threshold


def nested_share(one: Corners, other: Corners) -> float:
    """Give the share of the smaller of two boxes that lies in the larger, 0 to 1."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return max(across, 0.0) * max(down, 0.0) / smaller if smaller > 0.0 else 0.0


def votes_of(points: tuple[TrackPoint, ...]) -> dict[str, float]:
    """Sum the probabilities that sights give each class, the strongest class first."""
    votes: dict[str, float] = {}
    for point in points:
        votes[point.label] = votes.get(point.label, 0.0) + point.probability
    return dict(sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])))
