"""Join tracks of one thing: pieces that the picture tracker lost, and a part boxed in its whole.

Two tracks are one thing if their places agree within their own errors (Mahalanobis distance; what
the pass shares cancels) and a hard cap, and if no frame shows them side by side: in frames that
show both, one box usually lies in the other. A model boxes a hole, and the deepest part of it, too.
A track is reported only once it has been over for a while.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import Final

import numpy as np

from detect.track import NESTED, Track, TrackPoint, nested_share, votes_of
from edge.placing.geodesy import LocalPlane
from edge.placing.geotag import GroundPoint

HOLD: Final = timedelta(seconds=6)
"""Longer than anything stays in reach of a moving car; a standing one ends no tracks."""
GATE: Final = 9.21
"""99 % of a chi-squared variable with two degrees of freedom."""
CAP_M: Final = 3.0


@dataclass(frozen=True, slots=True)
class _Piece:
    track: Track
    place: GroundPoint | None


class Stitching:
    """Holds ended tracks of a pass back until nothing can be joined to them any more."""

    def __init__(
        self, place: Callable[[Track], GroundPoint | None], *, thresholds: Mapping[str, float]
    ) -> None:
        """Begin a pass.

        Args:
            place: places a track, or gives None where that cannot be done.
            thresholds: lowest score of each class that files.
        """
        self._place, self._thresholds = place, thresholds
        self._held: list[_Piece] = []
        self._joined_to: dict[int, int] = {}

    def root(self, number: int) -> int:
        """Give the number under which a track goes on; its own if it was joined to none."""
        while number in self._joined_to:
            number = self._joined_to[number]
        return number

    def take(self, ended: Iterable[Track], *, at: datetime) -> tuple[Track, ...]:
        """Take tracks that ended by now; give those that are over for good, as they began."""
        for track in ended:
            self._join(track)
        ripe = [piece for piece in self._held if at - piece.track.points[-1].at > HOLD]
        self._held = [piece for piece in self._held if piece not in ripe]
        return _in_order(ripe)

    def held(self) -> tuple[Track, ...]:
        """Give the tracks that are held back."""
        return tuple(piece.track for piece in self._held)

    def finish(self) -> tuple[Track, ...]:
        """End the pass; give what was held."""
        held, self._held = self._held, []
        return _in_order(held)

    def _join(self, track: Track) -> None:
        piece = _Piece(track, self._place(track))
        near = [(_distance(piece, other), n) for n, other in enumerate(self._held)]
        distance, number = min(near, default=(math.inf, -1))
        if distance > GATE:
            self._held.append(piece)
            return
        joined = self._joined(self._held.pop(number).track, track)
        # The whole may now lie nearer to a third piece than either part did.
        self._join(joined)

    def _joined(self, one: Track, other: Track) -> Track:
        points = _joined_points(one, other)
        label = next(iter(votes_of(points)))
        first, later = sorted((one.number, other.number))
        self._joined_to[later] = first
        return replace(
            one,
            number=first,
            label=label,
            points=points,
            offered=tuple(sorted({*one.offered, *other.offered})),
            threshold=self._thresholds[label],
        )


def _distance(one: _Piece, other: _Piece) -> float:
    """Give the squared Mahalanobis distance; infinite for what cannot be one thing."""
    if one.place is None or other.place is None or one.track.label != other.track.label:
        return math.inf
    if _are_side_by_side(one.track, other.track):
        return math.inf
    plane = LocalPlane(latitude=one.place.latitude, longitude=one.place.longitude)
    away = plane.east_north(other.place.latitude, other.place.longitude)
    if math.hypot(float(away[0]), float(away[1])) > CAP_M:
        return math.inf
    return float(away @ np.linalg.solve(one.place.own + other.place.own, away))


def _are_side_by_side(one: Track, other: Track) -> bool:
    """Say whether the frames that show both usually show them apart; not if there is no such."""
    boxes = {point.frame_index: point.xyxy for point in one.points}
    shares = [
        nested_share(boxes[point.frame_index], point.xyxy)
        for point in other.points
        if point.frame_index in boxes
    ]
    return bool(shares) and median(shares) < NESTED


def _joined_points(one: Track, other: Track) -> tuple[TrackPoint, ...]:
    """Give the sights of both in order of time; of a frame that shows both, the surer one."""
    best: dict[int, TrackPoint] = {}
    for point in (*one.points, *other.points):
        known = best.get(point.frame_index)
        if known is None or point.score > known.score:
            best[point.frame_index] = point
    return tuple(best[index] for index in sorted(best))


def _in_order(pieces: Iterable[_Piece]) -> tuple[Track, ...]:
    return tuple(sorted((piece.track for piece in pieces), key=lambda track: track.number))
