"""What cannot wait for its track's end: told as soon as it is evidence, and again when all is seen.

A hazard is told once k of n frames show it. Whatever is still followed while the vehicle stands is
told, too, for its track may not end for minutes. Told again, a thing keeps the id it was first told
under, whichever view of it is the best by then.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from typing import Final

import numpy as np

from detect.track import Track
from dispatch.wire import Finding, Position
from edge.findings.stitching import CAP_M
from edge.placing.geodesy import LocalPlane

PARKED: Final = timedelta(seconds=10)
"""So long without a frame worth looking at, the vehicle stands."""


class Early:
    """The tracks of one pass that were told before they ended."""

    def __init__(self, labels: Collection[str], *, root: Callable[[int], int]) -> None:
        """Begin a pass.

        Args:
            labels: classes that are told at once.
            root: gives the number under which a track goes on that was joined to another.
        """
        self._labels, self._root = frozenset(labels), root
        self._told: dict[int, Finding] = {}

    def of_hazards(self, tracks: Iterable[Track]) -> tuple[Track, ...]:
        """Give the tracks that are told at once and were not yet."""
        return tuple(track for track in self.untold(tracks) if track.label in self._labels)

    def untold(self, tracks: Iterable[Track]) -> tuple[Track, ...]:
        """Give the tracks that are evidence and were not told yet."""
        return tuple(
            track for track in tracks if track.number not in self._told and track.is_evidence
        )

    def may_tell(self, finding: Finding) -> bool:
        """Say whether a thing is surely none that was told already; it waits for its end if not.

        One track of a thing may begin where another was lost: only at the end they are joined.
        """
        here = finding.position
        return here is not None and not any(
            told.label == finding.label
            and told.position is not None
            and _apart_m(told.position, here) <= CAP_M
            for told in self._told.values()
        )

    def tell(self, number: int, finding: Finding) -> None:
        """Remember that a track was told."""
        self._told[number] = finding

    def id_of(self, number: int) -> str | None:
        """Give the id under which a track, or the first of those joined in it, was told."""
        ids = [told.id for each, told in sorted(self._told.items()) if self._root(each) == number]
        return ids[0] if ids else None


def _apart_m(one: Position, other: Position) -> float:
    plane = LocalPlane(latitude=one.latitude, longitude=one.longitude)
    return float(np.hypot(*plane.east_north(other.latitude, other.longitude)))
