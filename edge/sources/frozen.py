"""A recording whose picture stands still while its carrier moves: what it shows lies elsewhere.

Frames that show what was shown before are kept back until the picture changes. If that took some
metres, the camera had stopped and none of them is given; else they are, in order.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

import cv2
import numpy as np

from edge.errors import EdgeError
from edge.frame import Frame
from edge.placing.pose import Telemetry
from edge.sources.choice import Spot, apart_m, spot_by
from edge.sources.live.stillness import FROZEN_M, FROZEN_S, MOST_CHANGE, THUMB, Image
from edge.state import Passed

FEWEST: Final = 3
"""Fewer repeats than that may be chance, of what flies high over water say."""
MOST_KEPT: Final = 8
"""So many that did not move far enough by then were taken on the spot."""


def not_frozen(
    frames: Iterable[Frame], telemetry: Telemetry, *, passed: Callable[[Passed], None]
) -> Iterator[Frame]:
    """Give the frames of a recording that show the ground over which they were taken.

    Args:
        passed: is told of each frame that is left out.

    Raises:
        EdgeError: what reading the frames raises, after those before it.
    """
    frozen = Frozen(passed=passed)
    try:
        for frame in frames:
            yield from frozen.take(frame, spot_by(telemetry, frame.at))
    except EdgeError:
        yield from frozen.finish()
        raise
    yield from frozen.finish()


class Frozen:
    """Keeps back the frames of one recording while its picture does not change."""

    def __init__(self, *, passed: Callable[[Passed], None]) -> None:
        """Begin with the next frame."""
        self._passed = passed
        self._since: tuple[Image, datetime] | None = None
        self._last: Spot | None = None
        self._kept: list[Frame] = []
        self._moved_m = 0.0
        self._stopped = False

    def take(self, frame: Frame, spot: Spot | None) -> tuple[Frame, ...]:
        """Take a frame; give those of which it is known by now that the camera had not stopped.

        Args:
            spot: where it was taken; where that is not known, nobody can say that it moved.
        """
        thumb, before, self._last = _thumb(frame), self._last, spot
        if self._since is None or _differ(thumb, self._since[0]) or spot is None:
            given = (*self.finish(), frame)
            self._since, self._moved_m = (thumb, frame.at), 0.0
            return given
        self._moved_m += 0.0 if before is None else apart_m(before, spot)
        self._kept.append(frame)
        lasted_s = (frame.at - self._since[1]).total_seconds()
        far = self._moved_m >= FROZEN_M and lasted_s >= FROZEN_S
        self._stopped |= far and len(self._kept) >= FEWEST
        if self._stopped:
            for _ in self._kept:
                self._passed(Passed.FROZEN)
            self._kept.clear()
        elif len(self._kept) >= MOST_KEPT:
            return self.finish()
        return ()

    def finish(self) -> tuple[Frame, ...]:
        """End a run of equal pictures; give what was kept back."""
        given = tuple(self._kept)
        self._kept.clear()
        self._stopped = False
        return given


def _differ(thumb: Image, other: Image) -> bool:
    return float(cv2.absdiff(thumb, other).mean()) > MOST_CHANGE


def _thumb(frame: Frame) -> Image:
    small = cv2.resize(frame.image, THUMB, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
