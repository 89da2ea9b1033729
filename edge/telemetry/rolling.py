"""The last seconds of a live track: cleaned like a recorded one, and as short as memory allows.

The newest fix has no neighbour behind it to hold it against. It is believed if the one before,
moving on at its measured speed, comes near it; otherwise it waits for the next.
"""

from collections import deque
from datetime import timedelta
from pathlib import Path
from typing import Final

import numpy as np

from edge.placing.geodesy import LocalPlane
from edge.telemetry.cleaning import MAX_TURN_M_S2, NOISE_M, clean
from edge.telemetry.track import Fix, TrackTelemetry

KEPT: Final = timedelta(seconds=20)
"""Frames are asked for within seconds; a jump needs neighbours to be seen as one."""
_MOST_FIXES: Final = 512


class RollingTrack:
    """Takes fixes as they come and gives the track of the last ones."""

    def __init__(self, name: Path, *, digest: str) -> None:
        """Start empty.

        Args:
            name: what faults of the track are told of.
        """
        self._name, self._digest = name, digest
        self._fixes: deque[Fix] = deque(maxlen=_MOST_FIXES)
        self._heading: float | None = None
        self._track: TrackTelemetry | None = None
        self._stale = False

    def add(self, fix: Fix) -> None:
        """Take the next fix."""
        if len(self._fixes) == _MOST_FIXES:
            self.track()
        self._fixes.append(fix)
        self._stale = True

    def clear(self) -> None:
        """Forget the fixes, which are of another time than those to come."""
        self._fixes.clear()
        self._track, self._stale = None, False

    def track(self) -> TrackTelemetry | None:
        """Give the track of the last seconds; None while there are fewer than two fixes of it.

        Raises:
            UnusableTelemetry: the fixes lie too far apart in time to be bridged.
        """
        if self._stale:
            self._stale, self._track = False, self._rebuilt()
        return self._track

    def _rebuilt(self) -> TrackTelemetry | None:
        fixes = list(clean(tuple(self._fixes)).fixes)
        if len(fixes) > 1 and not _follows(fixes[-2], fixes[-1]):
            fixes.pop()
        if len(fixes) < 2:
            return None
        track = TrackTelemetry(self._name, fixes, digest=self._digest, heading=self._heading)
        first = fixes[-1].at - KEPT
        if fixes[0].at < first:
            self._heading = track.heading_at(first)
        while self._fixes[0].at < first:
            self._fixes.popleft()
        return track


def _follows(before: Fix, after: Fix) -> bool:
    if before.velocity is None:
        return False
    step_s = (after.at - before.at) / timedelta(seconds=1)
    way = LocalPlane(latitude=before.latitude, longitude=before.longitude).east_north(
        after.latitude, after.longitude
    )
    off_m = float(np.hypot(*(way - np.asarray(before.velocity) * step_s)))
    noise_m = max(NOISE_M, 3.0 * (after.sigma_m or 0.0))
    return off_m <= noise_m + MAX_TURN_M_S2 * step_s**2 / 2.0
