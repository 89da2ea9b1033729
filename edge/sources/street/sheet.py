"""The street's surface as one flat picture, and noise that keeps its size in metres."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.sources.street.shapes import Image

Field = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Window:
    """A rectangle of a sheet.

    Attributes:
        image: (rows, columns, 3) a view of the sheet's own pixels: writing paints the sheet.
        along: (1, columns) metres along the street at each column's centre.
        right: (rows, 1) metres to the right of the centre line at each row's centre.
    """

    image: Image
    along: Field
    right: Field
    px_per_m: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Sheet:
    """A flat picture of ground: columns run along the street, rows to its right.

    Attributes:
        image: (rows, columns, 3) blue-green-red.
        start: (along, right) metres of the outer corner of the first pixel.
    """

    image: Image
    px_per_m: float
    start: tuple[float, float]

    def window(self, middle: tuple[float, float], reach_m: tuple[float, float]) -> Window | None:
        """Give the rectangle within reach of a point; None if it lies off the sheet."""
        rows, columns = self.image.shape[:2]
        low = [(middle[i] - reach_m[i] - self.start[i]) * self.px_per_m for i in (0, 1)]
        high = [(middle[i] + reach_m[i] - self.start[i]) * self.px_per_m for i in (0, 1)]
        left, top = max(round(low[0]), 0), max(round(low[1]), 0)
        right, bottom = min(round(high[0]), columns), min(round(high[1]), rows)
        if left >= right or top >= bottom:
            return None
        along = self.start[0] + (np.arange(left, right, dtype=np.float32) + 0.5) / self.px_per_m
        across = self.start[1] + (np.arange(top, bottom, dtype=np.float32) + 0.5) / self.px_per_m
        return Window(
            image=self.image[top:bottom, left:right],
            along=along[None, :].astype(np.float32),
            right=across[:, None].astype(np.float32),
            px_per_m=self.px_per_m,
        )

    def pixels(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the (n, 2) column, row (pixel centres whole) of (n, 2) along, right metres."""
        placed: NDArray[np.float64] = (points - self.start) * self.px_per_m - 0.5
        return placed


def noise(
    shape: tuple[int, int],
    *,
    px_per_m: float,
    waves_m: Sequence[float],
    rng: np.random.Generator,
) -> Field:
    """Draw smooth noise, zero mean and about unit spread.

    Args:
        shape: rows, columns.
        waves_m: sizes of its lumps, metres; each size weighs the same.
    """
    total = np.zeros(shape, np.float32)
    for wave in waves_m:
        step = max(wave * px_per_m, 1.0)
        rows, columns = int(np.ceil(shape[0] / step)) + 2, int(np.ceil(shape[1] / step)) + 2
        coarse = rng.standard_normal((rows, columns), dtype=np.float32)
        fine = cv2.resize(
            coarse, (round(columns * step), round(rows * step)), interpolation=cv2.INTER_CUBIC
        )
        total += fine[: shape[0], : shape[1]]
    scaled: Field = total / np.float32(np.sqrt(len(waves_m)) * 0.75)
    return scaled


def rise(low: float, high: float, values: Field) -> Field:
    """Rise smoothly from 0 at `low` to 1 at `high`."""
    share = np.clip((values - low) / (high - low), 0.0, 1.0)
    smooth: Field = (share * share * (3.0 - 2.0 * share)).astype(np.float32)
    return smooth


def tint(window: Window, factor: Field) -> None:
    """Multiply a window's pixels by a (rows, columns) field."""
    scaled = window.image.astype(np.float32) * factor[..., None]
    window.image[:] = np.clip(scaled, 0.0, 255.0).astype(np.uint8)


def mix(window: Window, colour: Field | tuple[float, float, float], share: Field) -> None:
    """Lay a colour (or a picture of the window's size) over a window.

    Args:
        share: (rows, columns), 0 leaves the sheet, 1 covers it.
    """
    over = np.asarray(colour, dtype=np.float32)
    under = window.image.astype(np.float32)
    blended = under + (over - under) * share[..., None]
    window.image[:] = np.clip(blended, 0.0, 255.0).astype(np.uint8)
