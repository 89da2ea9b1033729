"""What hides the street from a camera that drives: dirt and drops on the lens, the bonnet, a stamp.

Whatever a street shows passes outwards along the lines that run from the point driven towards, so
over a drive all places on one line have seen the same things. A place that is brighter or darker
than its line, or that changes less than it does, is not looking at the street. Brightness is taken
as its logarithm, so a shadow, the carrier's own too, leaves the changes as they are.
A kerb or a lane marking lies along its line and passes; a smooth road is smooth all along it.
Before enough of the street has gone by, nothing is said. Only the ground is judged, below the point
driven towards. The limits were chosen on two drawn drives, clean and spoilt by drawn dirt, drops
and a bonnet; `detect.veil_*` of the benchmarks measure on others. No real drive has been measured.
"""

from dataclasses import dataclass
from typing import Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from detect.box import Boxes
from detect.pixels import RawImage, small_grey

LEAST_VIEWS: Final = 25
"""After fewer views of a clean street several times as many places differ from their lines."""
MEMORY: Final = 50
"""Views after which what was seen counts a third: a wiped lens is believed within a hundred."""
WIDTH: Final = 320

_LINES: Final = 96
_STEPS: Final = 48
_BEGIN: Final = 0.05
"""Where lines begin, in widths of the picture: nearer to the middle nothing moves."""
_DARK: Final = 8.0
"""Grey levels added before the logarithm, so that noise in the dark does not count as change."""
_BARELY: Final = 0.35
_LITTLE: Final = 0.7
"""Change of a place by that of its line. On clean drawn streets 1 % have less than 0.6."""
_OFF: Final = 0.08
_SPOT_OFF: Final = 0.12
"""Logarithms of brightness by which a place differs from its line."""
_SPOT_SHARE: Final = 0.02
"""Up to so much of the ground, brightness alone tells: more may be the carrier's own shadow."""
_AROUND: Final = 15
_ERRORS: Final = 3.0
_SPOT_ERRORS: Final = 8.0
"""Standard errors of the mean; views follow each other, so fewer of them stand alone."""
_FROZEN: Final = 0.004
"""Least usual change: a sensor's noise alone is above it."""
_TREMBLE: Final = 0.02
"""Change that grain and the rounding of a marking's edge make; less of it proves nothing."""
_STILL: Final = 0.01
"""Change under which a place sees nothing go by, its whole line neither, where others see much."""
_EVERY: Final = 5
_GRID: Final = (90, 160)
_FAR: Final = 1e6
_LONGEST: Final = 4.0
"""Widths of the picture to which a line through a bending lens is followed."""

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


class Bend(Protocol):
    """A lens that bends lines: between places (n, 2) in widths and heights of the picture."""

    def straight(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give where a lens that bends nothing would show them; NaN beyond the lens."""

    def bent(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give where this one shows them; NaN beyond the lens."""


@dataclass(frozen=True, slots=True)
class Veil:
    """The part of a camera's picture that does not show the ground.

    Attributes:
        mask: (90, 160) bool over the whole frame.
        share: of the ground that was judged, 0 to 1.
    """

    mask: Mask
    share: float

    def over(self, boxes: NDArray[np.floating], frame: tuple[int, int]) -> NDArray[np.float64]:
        """Give the share (n,) of each box that is hidden; the nearest place for an empty box.

        Args:
            boxes: (n, 4) left, top, right, bottom in pixels of the frame.
            frame: (height, width) of the frame.
        """
        rows, columns = self.mask.shape
        sums = np.zeros((rows + 1, columns + 1))
        sums[1:, 1:] = np.cumsum(np.cumsum(self.mask, axis=0), axis=1)
        scale = np.tile([columns / frame[1], rows / frame[0]], 2)
        scaled = np.asarray(boxes, np.float64).reshape(-1, 4) * scale
        low = np.clip(np.floor(scaled[:, :2]), 0, [columns - 1, rows - 1]).astype(np.int64)
        high = np.clip(np.ceil(scaled[:, 2:]), low + 1, [columns, rows]).astype(np.int64)
        hidden = (
            sums[high[:, 1], high[:, 0]]
            - sums[low[:, 1], high[:, 0]]
            - sums[high[:, 1], low[:, 0]]
            + sums[low[:, 1], low[:, 0]]
        )
        return np.asarray(hidden / (high - low).prod(axis=1), np.float64)


class VeilSearch:
    """Learns from the frames of one pass what hides the street."""

    def __init__(self, towards: tuple[float, float], *, lens: Bend | None = None) -> None:
        """Begin a pass.

        Args:
            towards: where the picture shows the point driven towards, in widths from the left and
                heights from the top; inside the picture.
            lens: of a camera that bends lines.

        Raises:
            ValueError: the point lies outside the picture.
        """
        if not (0.0 < towards[0] < 1.0 and 0.0 < towards[1] < 1.0 - _BEGIN):
            raise ValueError(f"the point driven towards {towards} is not in the picture")
        self._towards, self._lens = towards, lens
        self._lines: _Lines | None = None
        self._views: Floats = np.zeros((_STEPS, _LINES), np.float32)
        self._mean: Floats = np.zeros((_STEPS, _LINES), np.float32)
        self._variance: Floats = np.zeros((_STEPS, _LINES), np.float32)
        self._taken = 0
        self._veil: Veil | None = None

    @property
    def veil(self) -> Veil | None:
        """What hides the street, as far as is known; None before `LEAST_VIEWS` views."""
        return self._veil

    def take(self, image: RawImage, *, before: Boxes) -> None:
        """Take a frame of some moved way; a frame of a standing carrier tells nothing.

        Args:
            before: (n, 4) pixels: what stands before the street by itself, as the car ahead does.

        Raises:
            UnusableFrame: the frame is no picture.
        """
        grey = small_grey(image, WIDTH)
        size = (grey.shape[0], grey.shape[1])
        if self._lines is None or self._lines.size != size:
            self._lines = _lines(size, self._towards, self._lens)
        seen = cv2.remap(
            cv2.GaussianBlur(grey, (0, 0), 1.0), self._lines.x, self._lines.y, cv2.INTER_LINEAR
        )
        bright = np.log(np.asarray(seen, np.float32) + np.float32(_DARK))
        self._learn(bright, free=self._lines.free_of(before * (size[1] / image.shape[1])))
        self._taken += 1
        if self._taken >= LEAST_VIEWS and (self._veil is None or self._taken % _EVERY == 0):
            self._veil = self._judged(self._lines)

    def _learn(self, bright: Floats, *, free: Mask) -> None:
        """Carry mean and variance on, each place by its own count of views."""
        if not self._taken:
            self._mean = bright
        self._views += free
        weight = np.where(free, np.maximum(1.0 / np.maximum(self._views, 1.0), 1.0 / MEMORY), 0.0)
        weight = weight.astype(np.float32)
        step = bright - self._mean
        # What every place shares is the exposure.
        step -= np.median(step)
        self._mean += weight * step
        self._variance += weight * (step * step * (1.0 - weight) - self._variance)

    def _judged(self, lines: "_Lines") -> Veil:
        change: Floats = np.sqrt(self._variance)
        known = self._views >= LEAST_VIEWS
        if float(np.quantile(change, 0.75)) < _FROZEN:
            hidden = known
        else:
            hidden = _differing(self._mean, change, views=self._views) & known
        mask = np.zeros(_GRID, np.bool_)
        mask[lines.inside] = hidden.ravel()[lines.place]
        return Veil(mask=mask, share=float(mask.sum() / max(len(lines.place), 1)))


def _differing(mean: Floats, change: Floats, *, views: Floats) -> Mask:
    """Say (steps, lines) which places have not seen what their line has."""
    moved: Floats = np.hypot(change, np.float32(_TREMBLE))
    ratio: Floats = np.asarray(moved / np.median(moved, axis=0), np.float32)
    off = np.abs(mean - _usual_brightness(mean, ratio))
    error = moved / np.sqrt(np.clip(views, 1.0, MEMORY))
    dull = (ratio < _LITTLE) & (off > np.maximum(_OFF, _ERRORS * error))
    dull |= ratio < _BARELY
    if float(np.median(change)) > 3.0 * _STILL:
        dull |= change < _STILL
    # Beside parked cars the brightness of a line drifts; a drop also stands out from all around it.
    off = np.minimum(off, np.abs(mean - _around(mean)))
    spots = _small((off > np.maximum(_SPOT_OFF, _SPOT_ERRORS * error)) & ~dull)
    found = (dull | spots).astype(np.uint8)
    # The middle of a drop may be as bright as the street; single places are chance; rims are soft.
    whole = cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    clean = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    return np.asarray(cv2.dilate(clean, np.ones((3, 3), np.uint8)) > 0, np.bool_)


def _usual_brightness(mean: Floats, ratio: Floats) -> Floats:
    """Give (lines,) the median brightness of each line's places that change as it does."""
    order = np.sort(np.where(ratio > 0.5, mean, np.inf), axis=0)
    count = np.isfinite(order).sum(axis=0)
    return np.asarray(order[np.maximum(count - 1, 0) // 2, np.arange(_LINES)], np.float32)


def _around(mean: Floats) -> Floats:
    """Give (steps, lines) the median brightness around each place, in steps of 1/64."""
    levels = np.clip(np.rint(mean * 64.0) + 128.0, 0, 255).astype(np.uint8)
    middle = cv2.medianBlur(levels, _AROUND)
    return np.asarray((middle.astype(np.float32) - 128.0) / 64.0, np.float32)


def _small(found: Mask) -> Mask:
    """Keep what is no larger than a drop and has places around it on all sides."""
    _, names, stats, _ = cv2.connectedComponentsWithStats(found.astype(np.uint8))
    left, top, wide, tall, count = stats.T
    within = (left > 0) & (left + wide < found.shape[1]) & (top + tall < found.shape[0])
    kept = within & (count <= _SPOT_SHARE * found.size)
    kept[0] = False
    return np.asarray(kept[names], np.bool_)


@dataclass(frozen=True, slots=True)
class _Lines:
    """Places on lines that run outwards over the ground, for one size of picture.

    Attributes:
        size: (height, width) of the small picture.
        x, y: (steps, lines) pixels of the small picture.
        inside: (rows, columns) bool over the mask: where lines run.
        place: (n,) the flat index of the place nearest to each of these.
    """

    size: tuple[int, int]
    x: Floats
    y: Floats
    inside: Mask
    place: NDArray[np.int64]

    def free_of(self, boxes: NDArray[np.floating]) -> Mask:
        """Say (steps, lines) what lies in none of the boxes (n, 4) of the small picture."""
        free = np.ones(self.x.shape, np.bool_)
        for left, top, right, bottom in boxes:
            across = (self.x >= left) & (self.x <= right)
            free &= ~(across & (self.y >= top) & (self.y <= bottom))
        return free


def _lines(size: tuple[int, int], towards: tuple[float, float], lens: Bend | None = None) -> _Lines:
    height, width = size
    around = np.array([width, height], np.float64)
    x0, y0 = (np.array(towards) if lens is None else lens.straight(np.array([towards]))[0]) * around
    angle = (np.arange(_LINES) + 0.5) / _LINES * np.pi
    end = _way_out(angle, size, (x0, y0))
    if lens is not None:
        end = _bent_way_out(angle, size, (x0, y0), lens)
    begin = np.minimum(_BEGIN * width, end / 2.0)
    # Equal steps of the logarithm: along a line the street passes about equally fast in these.
    way = begin * (end / begin) ** (((np.arange(_STEPS) + 0.5) / _STEPS)[:, None])
    y, x = np.mgrid[: _GRID[0], : _GRID[1]] + 0.5
    grid = np.stack([x / _GRID[1], y / _GRID[0]], axis=-1)
    if lens is not None:
        grid = lens.straight(grid.reshape(-1, 2)).reshape(grid.shape)
    x, y = np.moveaxis(np.nan_to_num(grid, nan=-_FAR) * around - (x0, y0), -1, 0)
    line = np.clip((np.arctan2(y, x) / np.pi * _LINES).astype(np.int64), 0, _LINES - 1)
    far = np.hypot(x, y)
    inside = (y > 0.0) & (far >= begin[line])
    step = np.log(np.maximum(far, 1e-6) / begin[line]) / np.log(end / begin)[line] * _STEPS
    place = np.clip(step.astype(np.int64), 0, _STEPS - 1) * _LINES + line
    spots = np.stack([x0 + way * np.cos(angle), y0 + way * np.sin(angle)], axis=-1)
    if lens is not None:
        spots = lens.bent((spots / around).reshape(-1, 2)).reshape(spots.shape) * around
    # The maps of `cv2.remap` count from the centre of the first pixel.
    across, down = np.moveaxis(spots - 0.5, -1, 0)
    return _Lines(
        size=size,
        x=across.astype(np.float32),
        y=down.astype(np.float32),
        inside=inside,
        place=place[inside],
    )


def _way_out(
    angle: NDArray[np.float64], size: tuple[int, int], start: tuple[float, float]
) -> NDArray[np.float64]:
    """Give the way (lines,) from a point to the border of the picture, pixels."""
    height, width = size
    across, down = np.cos(angle), np.sin(angle)
    side = np.where(across > 0.0, width - start[0], start[0]) / np.maximum(np.abs(across), 1e-9)
    return np.asarray(np.minimum(side, (height - start[1]) / np.maximum(down, 1e-9)), np.float64)


def _bent_way_out(
    angle: NDArray[np.float64], size: tuple[int, int], start: tuple[float, float], lens: Bend
) -> NDArray[np.float64]:
    """Give the straight way (lines,) from a point to where a bending lens shows the border."""
    around = np.array([size[1], size[0]], np.float64)
    way = np.linspace(0.0, _LONGEST * size[1], 40 * int(_LONGEST))[:, None]
    spots = np.stack([start[0] + way * np.cos(angle), start[1] + way * np.sin(angle)], axis=-1)
    shown = lens.bent((spots / around).reshape(-1, 2)).reshape(spots.shape)
    inside = ((shown >= 0.0) & (shown <= 1.0)).all(axis=-1)
    # A line ends where it first leaves the picture.
    last = np.where(inside.all(axis=0), len(way), np.argmin(inside, axis=0)) - 1
    return np.asarray(way[np.maximum(last, 1), 0], np.float64)
