"""Whether a camera shows a frozen picture: nothing in it changes, though the vehicle moves.

Some cameras go on sending their last picture after their sensor has stopped. Standing still looks
alike, so what counts is the way driven since anything changed.
"""

from datetime import datetime
from enum import Enum, auto
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

MOST_CHANGE: Final = 0.5
"""Mean grey levels by which a repeated picture differs from itself after coding, at thumb size."""
FROZEN_M: Final = 4.0
FROZEN_S: Final = 1.0
"""Both must pass without a change."""
THUMB: Final = (64, 36)
"""(width, height) at which pictures are compared."""

Image = NDArray[np.uint8]


class Shows(Enum):
    """What a picture shows, held against those before it."""

    CHANGE = auto()
    THE_SAME = auto()
    """As before: its camera stopped, or there was nothing new to see."""
    FROZEN = auto()
    """As before, for so long a way that its camera must have stopped."""


class Stillness:
    """Watches the thumbs of one camera."""

    def __init__(self) -> None:
        """Begin with the next picture."""
        self._thumb: Image | None = None
        self._since: datetime | None = None
        self._driven_m = 0.0
        self._last: datetime | None = None

    def take(self, thumb: Image, at: datetime, *, speed_m_s: float) -> Shows:
        """Take a picture; say what it shows.

        Args:
            thumb: (36, 64) grey.
            speed_m_s: of the vehicle; 0 where it is not known.
        """
        if self._thumb is None or float(cv2.absdiff(thumb, self._thumb).mean()) > MOST_CHANGE:
            self._thumb, self._since, self._last, self._driven_m = thumb, at, at, 0.0
            return Shows.CHANGE
        assert self._since is not None and self._last is not None, "set with the first thumb"
        self._driven_m += speed_m_s * max(0.0, (at - self._last).total_seconds())
        self._last = at
        long_s = (at - self._since).total_seconds()
        far = long_s >= FROZEN_S and self._driven_m >= FROZEN_M
        return Shows.FROZEN if far else Shows.THE_SAME
