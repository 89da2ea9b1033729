"""Repeatable noise laid over the ground in metres."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Noise:
    """A square of smooth random values that repeats; about zero mean and unit spread."""

    tile: Field

    @classmethod
    def drawn(cls, rng: np.random.Generator, *, cells: int = 256) -> Self:
        """Draw a tile."""
        raw = rng.standard_normal((cells, cells)).astype(np.float32)
        around = cv2.GaussianBlur(np.pad(raw, 4, mode="wrap"), (0, 0), 0.8)
        smooth = around[4:-4, 4:-4]
        return cls(smooth / smooth.std())

    def at(self, x: Field, y: Field, *, grain_m: float) -> Field:
        """Sample at ground points; `grain_m` is the size of one cell."""
        u, v = (np.asarray(part / grain_m, np.float32) for part in (x, y))
        sampled = cv2.remap(self.tile, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        return np.asarray(sampled, np.float32)

    def layered(self, x: Field, y: Field, *, grains_m: Sequence[float], footprint: Field) -> Field:
        """Sum layers of several grains, each fading out where a pixel covers more than a cell.

        Args:
            footprint: metres a pixel covers on the ground.
        """
        total = np.zeros_like(x, np.float32)
        for i, grain in enumerate(grains_m):
            visible = np.clip(1.5 - footprint / grain, 0, 1)
            total += self.at(x + 7.3 * i, y - 3.1 * i, grain_m=grain) * visible
        return total / np.float32(np.sqrt(len(grains_m)))
