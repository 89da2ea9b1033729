"""Chosen frames that show what was shown before, kept back until it is known why.

If the next chosen one shows something new, the camera saw all the way and they are given, in order.
If nothing changes for some metres it had stopped, and they show ground that lies elsewhere.
"""

from collections import deque
from typing import Final

from edge.sources.live.frame import LiveFrame

MOST_KEPT: Final = 6
"""By then most cameras have shown whether they stopped; the oldest gives way."""


class Doubted:
    """Keeps back what one camera may have sent after it stopped."""

    def __init__(self) -> None:
        """Begin with the next frame."""
        self._kept: deque[LiveFrame] = deque()

    def take(self, frame: LiveFrame) -> tuple[tuple[LiveFrame, ...], int]:
        """Take a frame; give those that may be looked at by now, and how many had to give way."""
        if not frame.repeats:
            given = (*self._kept, frame)
            self._kept.clear()
            return given, 0
        self._kept.append(frame)
        gone = len(self._kept) - MOST_KEPT
        if gone > 0:
            self._kept.popleft()
        return (), max(0, gone)

    def drop(self) -> int:
        """Throw away what is kept; give how many frames that were."""
        count = len(self._kept)
        self._kept.clear()
        return count
