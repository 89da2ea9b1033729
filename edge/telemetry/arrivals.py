"""The steady clock against a receiver's time, from when its messages arrive.

A message about a moment t arrives at t + o + d: o is what the steady clock is ahead, d > 0 the
delay of computing, sending and being read. Delays scatter upwards only, so the least difference of
the last minute is o plus the shortest delay, which receivers keep (u-blox: some 0.03 to 0.13 s);
that one is taken off as `latency_s`. Crystals drift by some 1e-5, under a millisecond a minute.
"""

from collections import deque
from typing import Final

_WINDOW_S: Final = 60.0
_SETTLED: Final = 5
_SETTLED_S: Final = 2.0
_LEAP_S: Final = 0.9
"""A receiver that learns of leap seconds corrects itself by a whole second or more."""
_LEAP_SCATTER_S: Final = 0.25
_LEAP_SEEN_S: Final = 10.0


class ArrivalOffset:
    """Follows how far the steady clock is ahead of the receiver's time."""

    def __init__(self, *, latency_s: float) -> None:
        """Start without knowledge.

        Args:
            latency_s: the shortest delay between a moment and the arrival of its first message.
        """
        self._latency_s = latency_s
        self._seen: deque[tuple[float, float]] = deque(maxlen=4096)

    def add(self, arrived_s: float, stated_s: float) -> bool:
        """Take a message's arrival (steady clock) and its moment (receiver, any epoch), seconds.

        Returns:
            Whether the receiver's time made a leap, so that what came before is of another time.
        """
        ahead_s = arrived_s - stated_s
        leapt = bool(self._seen) and ahead_s < self._least() - _LEAP_S
        if leapt:
            self._seen.clear()
        self._seen.append((arrived_s, ahead_s))
        while self._seen[0][0] < arrived_s - _WINDOW_S:
            self._seen.popleft()
        return leapt or self._fell_back(arrived_s)

    def known_s(self) -> float | None:
        """Give how far the steady clock is ahead, seconds; None until enough has arrived."""
        if len(self._seen) < _SETTLED or self._seen[-1][0] - self._seen[0][0] < _SETTLED_S:
            return None
        return self._least() - self._latency_s

    def late_s(self) -> float:
        """Give by how much the last message came later than the quickest."""
        return self._seen[-1][1] - self._least() if self._seen else 0.0

    def restart(self) -> None:
        """Forget everything."""
        self._seen.clear()

    def _least(self) -> float:
        return min(ahead for _, ahead in self._seen)

    def _fell_back(self, arrived_s: float) -> bool:
        """See a receiver's time set back: for long all are late, and all by the same."""
        least = self._least()
        lately = [ahead for at, ahead in self._seen if at > arrived_s - _LEAP_SEEN_S]
        enough = len(lately) >= _SETTLED and self._seen[0][0] <= arrived_s - _LEAP_SEEN_S
        if not enough or min(lately) < least + _LEAP_S:
            return False
        if max(lately) - min(lately) > _LEAP_SCATTER_S:
            return False
        kept = [(at, ahead) for at, ahead in self._seen if at > arrived_s - _LEAP_SEEN_S]
        self._seen.clear()
        self._seen.extend(kept)
        return True
