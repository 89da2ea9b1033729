"""Join pieces of one thing's track that the picture tracker lost and began again.

Two tracks are one thing if they are never seen in the same frame and their places agree within
their own errors (Mahalanobis distance; what the pass shares cancels) and a hard cap. A track is
therefore reported only once it has been over for a while.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from detect.track import Track, votes_of
from edge.geodesy import LocalPlane
from edge.geotag import GroundPoint

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

    def take(self, ended: Iterable[Track], *, at: datetime) -> tuple[Track, ...]:
        """Take tracks that ended by now; give those that are over for good, as they began."""
        for track in ended:
            self._join(track)
        ripe = [piece for piece in self._held if at - piece.track.points[-1].at > HOLD]
        self._held = [piece for piece in self._held if piece not in ripe]
        return _in_order(ripe)

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
        points = tuple(sorted((*one.points, *other.points), key=lambda point: point.frame_index))
        label = next(iter(votes_of(points)))
        return replace(
            one,
            number=min(one.number, other.number),
            label=label,
            points=points,
            offered=tuple(sorted({*one.offered, *other.offered})),
            threshold=self._thresholds[label],
        )


def _distance(one: _Piece, other: _Piece) -> float:
    """Give the squared Mahalanobis distance; infinite for what cannot be one thing."""
    if one.place is None or other.place is None or one.track.label != other.track.label:
        return math.inf
    frames = {point.frame_index for point in one.track.points}
    if any(point.frame_index in frames for point in other.track.points):
        return math.inf
    plane = LocalPlane(latitude=one.place.latitude, longitude=one.place.longitude)
    away = plane.east_north(other.place.latitude, other.place.longitude)
    if math.hypot(float(away[0]), float(away[1])) > CAP_M:
        return math.inf
    return float(away @ np.linalg.solve(one.place.own + other.place.own, away))


def _in_order(pieces: Iterable[_Piece]) -> tuple[Track, ...]:
    return tuple(sorted((piece.track for piece in pieces), key=lambda track: track.number))
