"""When a live frame was exposed, by the device's clock: the camera's own times, laid on arrivals.

A frame arrives late by what the network and the decoder hold it up, never early; so the least
delay of the last half minute ties the camera's clock to the device's, and the camera's own times
smooth the rest. Both clocks may drift against each other by what half a minute shows.
"""

from collections import deque
from datetime import datetime, timedelta
from typing import Final

OVER_S: Final = 30.0
"""So long is a least delay remembered."""
JUMP_S: Final = 3.0
"""Further apart than this, the camera's clock or the device's was set: the tie is made anew."""
_LEAST: Final = timedelta(milliseconds=1)


class Stamper:
    """Stamps the frames of one connection to a camera."""

    def __init__(self, *, latency_s: float = 0.0) -> None:
        """Begin with the next frame.

        Args:
            latency_s: least time from exposure to arrival, as measured for this kind of camera.
        """
        self._latency = timedelta(seconds=latency_s)
        self._ties: deque[tuple[float, float]] = deque()
        self._origin: datetime | None = None
        self._last_pts_s: float | None = None
        self._last_at: datetime | None = None

    def stamp(self, pts_s: float | None, arrived: datetime) -> datetime | None:
        """Give when a frame was exposed; None for one that is not later than the one before.

        Args:
            pts_s: the camera's presentation time, seconds from anywhere; None if it states none.
            arrived: when it was decoded, by the device's clock.
        """
        at = arrived if pts_s is None else self._tied(pts_s, arrived)
        if at is None:
            return None
        at -= self._latency
        back = None if self._last_at is None else self._last_at - at
        # A quicker arrival than any before mends the tie; further back, the clock was set.
        if self._last_at and back is not None and timedelta() <= back < timedelta(seconds=JUMP_S):
            at = self._last_at + _LEAST
        self._last_at = at
        return at

    def _tied(self, pts_s: float, arrived: datetime) -> datetime | None:
        last, self._last_pts_s = self._last_pts_s, pts_s
        if last is not None and last - JUMP_S < pts_s <= last:
            self._last_pts_s = last
            return None
        if self._origin is None:
            self._origin = arrived
        since_s = (arrived - self._origin).total_seconds()
        delay_s = since_s - pts_s
        if self._ties and abs(delay_s - min(tie for _, tie in self._ties)) > JUMP_S:
            self._ties.clear()
        self._remember(since_s, delay_s)
        return self._origin + timedelta(seconds=pts_s + self._ties[0][1])

    def _remember(self, since_s: float, delay_s: float) -> None:
        """Keep the least delays of the last while, the least of all first (a monotonic queue)."""
        while self._ties and self._ties[-1][1] >= delay_s:
            self._ties.pop()
        self._ties.append((since_s, delay_s))
        while since_s - self._ties[0][0] > OVER_S:
            self._ties.popleft()
