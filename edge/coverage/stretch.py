"""At most a minute of a pass: how far, how densely and how well it was looked at."""

import math
import statistics
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detect.quality import FrameQuality
from dispatch.wire import Hidden, Inspected
from edge.frame import Frame

Array = NDArray[np.float64]

STRETCH: Final = timedelta(seconds=60)
_LEAST_MOVE_M: Final = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What a sweep reports.

    Attributes:
        position_sigma_m: standard error of the ground's place, shared by the stretch.
        frame_distance_m: mean way between frames that counted.
        gap_median_m, gap_most_m: way between one usable frame and the next; None where there was
            but one.
        frames_left_out: frames of the source that were not looked at.
    """

    number: int
    started_at: datetime
    ended_at: datetime
    distance_m: float
    frames: int
    frame_distance_m: float
    gap_median_m: float | None
    gap_most_m: float | None
    frames_left_out: int
    position_sigma_m: float
    inspected: tuple[Inspected, ...]
    hidden: tuple[Hidden, ...]


@dataclass(slots=True)
class _Open:
    """The stretch under way."""

    started_at: datetime
    ended_at: datetime
    distance_m: float = 0.0
    frames: int = 0
    counted: int = 0
    left_out: int = 0
    sharpness: float = 0.0
    sigma_m: float = 0.0
    gaps_m: list[float] = field(default_factory=list)


class Way:
    """The way of a pass, stretch by stretch."""

    def __init__(self) -> None:
        self._open: _Open | None = None
        self._number = 0
        self._last: tuple[int, Array] | None = None
        self._moved: Array | None = None
        self._usable: Array | None = None

    @property
    def is_open(self) -> bool:
        """Whether a stretch is under way."""
        return self._open is not None

    @property
    def place(self) -> Array:
        """(2,) of the last frame, metres east and north of the pass's origin."""
        assert self._last is not None, "a pass has a place once it has a frame"
        return self._last[1]

    @property
    def quality(self) -> float:
        """Mean sharpness of the frames that counted, 0 to 1."""
        assert self._open is not None, "a frame opens its stretch"
        return round(self._open.sharpness / max(self._open.counted, 1), 3)

    def is_over(self, at: datetime) -> bool:
        """Say whether the stretch under way ends before a frame of this time."""
        return self._open is not None and at - self._open.started_at >= STRETCH

    def take(self, frame: Frame, origin: Array, quality: FrameQuality, *, sigma_m: float) -> bool:
        """Account for a frame; say whether it shows more than the last one that counted.

        Args:
            origin: (2,) metres east and north of the pass's origin.
            sigma_m: standard error of its ground's place, shared by the pass.
        """
        stretch = self._open = self._open or _Open(started_at=frame.at, ended_at=frame.at)
        if self._last is not None:
            stretch.distance_m += _apart(origin, self._last[1])
            stretch.left_out += max(frame.index - self._last[0] - 1, 0)
        self._last, stretch.ended_at = (frame.index, origin), frame.at
        stretch.frames += 1
        stretch.sigma_m = max(stretch.sigma_m, sigma_m)
        if self._moved is not None and _apart(origin, self._moved) < _LEAST_MOVE_M:
            return False
        self._moved = origin
        if quality.usable:
            if self._usable is not None:
                stretch.gaps_m.append(_apart(origin, self._usable))
            self._usable = origin
        return True

    def count(self, quality: FrameQuality) -> None:
        """Count a frame whose looks are told in the stretch under way."""
        assert self._open is not None, "a frame opens its stretch"
        if quality.usable:
            self._open.counted += 1
            self._open.sharpness += min(1.0, max(0.0, quality.sharpness))

    def end(self, *, inspected: tuple[Inspected, ...], hidden: tuple[Hidden, ...]) -> Stretch:
        """End the stretch under way."""
        stretch = self._open
        assert stretch is not None, "only an open stretch ends"
        self._open, number = None, self._number
        self._number += 1
        gaps = stretch.gaps_m
        return Stretch(
            number=number,
            started_at=stretch.started_at,
            ended_at=stretch.ended_at,
            distance_m=round(stretch.distance_m, 2),
            frames=stretch.frames,
            frame_distance_m=round(stretch.distance_m / max(stretch.counted, 1), 3),
            gap_median_m=round(statistics.median(gaps), 2) if gaps else None,
            gap_most_m=round(max(gaps), 2) if gaps else None,
            frames_left_out=stretch.left_out,
            position_sigma_m=round(stretch.sigma_m, 3),
            inspected=inspected,
            hidden=hidden,
        )


def _apart(one: Array, other: Array) -> float:
    return math.dist(one, other)
