"""How a lens bends light: where the straight way through the pinhole would have met the picture.

Coordinates are normalised: x right, y down at z = 1 of the optical frame. *Straight* is without a
lens, *seen* is with it; pixels follow from `seen` by focal length and principal point.
Sources: D. C. Brown, "Close-range camera calibration", 1971; J. Kannala and S. S. Brandt, "A
generic camera model and calibration method for conventional, wide-angle, and fish-eye lenses",
2006, in the form with four odd powers that OpenCV's fisheye calibration gives.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

WIDEST: Final = math.radians(85.0)
"""Rays farther off the axis than this are not used: the plane z = 1 runs out."""
_HALVINGS: Final = 16
_NEWTON_STEPS: Final = 12
_MET: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Distortion:
    """Brown and Conrady: radial k1, k2, k3 and tangential p1, p2, as OpenCV orders their use."""

    k1: float = 0.0
    k2: float = 0.0
    p1: float = 0.0
    p2: float = 0.0
    k3: float = 0.0

    @property
    def reach(self) -> float:
        """Give the radius in `straight` beyond which two rays share a pixel, or are too wide."""
        return _brown_reach(self)

    def distort(self, straight: Array) -> Array:
        """Give `seen` (n, 2) for `straight` (n, 2)."""
        x, y = straight[:, 0], straight[:, 1]
        square = x * x + y * y
        radial = _horner(square, self._radial)
        return np.column_stack(
            [
                x * radial + 2.0 * self.p1 * x * y + self.p2 * (square + 2.0 * x * x),
                y * radial + self.p1 * (square + 2.0 * y * y) + 2.0 * self.p2 * x * y,
            ]
        )

    def slope(self, straight: Array) -> Array:
        """Give d seen / d straight, (n, 2, 2)."""
        x, y = straight[:, 0], straight[:, 1]
        square = x * x + y * y
        radial = _horner(square, self._radial)
        steeper = 2.0 * _horner(square, (self.k1, 2.0 * self.k2, 3.0 * self.k3))
        slope = np.empty((len(straight), 2, 2))
        slope[:, 0, 0] = radial + x * x * steeper + 2.0 * self.p1 * y + 6.0 * self.p2 * x
        slope[:, 1, 1] = radial + y * y * steeper + 6.0 * self.p1 * y + 2.0 * self.p2 * x
        slope[:, 0, 1] = x * y * steeper + 2.0 * self.p1 * x + 2.0 * self.p2 * y
        slope[:, 1, 0] = slope[:, 0, 1]
        return slope

    def straighten(self, seen: Array) -> Array:
        """Give `straight` (n, 2) for `seen` (n, 2); NaN where no ray within reach is seen there."""
        if self == Distortion():
            return seen.copy()
        far = np.linalg.norm(seen, axis=1)
        radius = _inverse(far, lambda r: r * _horner(r * r, self._radial), self.reach)
        with np.errstate(all="ignore"):
            straight: Array = seen * np.where(far > 0.0, radius / far, 1.0)[:, None]
            for _ in range(_NEWTON_STEPS):
                off = self.distort(straight) - seen
                straight = straight - _solve(self.slope(straight), off)
        return _met(straight, self.distort, seen, self.reach)

    @property
    def _radial(self) -> tuple[float, ...]:
        return (1.0, self.k1, self.k2, self.k3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fisheye:
    """Kannala and Brandt: the angle t off the axis is seen at t (1 + k1 t² + … + k4 t⁸)."""

    k1: float = 0.0
    k2: float = 0.0
    k3: float = 0.0
    k4: float = 0.0

    @property
    def reach(self) -> float:
        """Give the radius in `straight` beyond which two rays share a pixel, or are too wide."""
        return math.tan(_fisheye_widest(self))

    def distort(self, straight: Array) -> Array:
        """Give `seen` (n, 2) for `straight` (n, 2)."""
        radius = np.linalg.norm(straight, axis=1)
        bent = self._bent(np.arctan(radius))
        with np.errstate(divide="ignore", invalid="ignore"):
            seen: Array = straight * np.where(radius > 0.0, bent / radius, 1.0)[:, None]
        return seen

    def slope(self, straight: Array) -> Array:
        """Give d seen / d straight, (n, 2, 2): one slope along the radius, another across it."""
        radius = np.linalg.norm(straight, axis=1)
        angle = np.arctan(radius)
        along = _horner(angle**2, self._steepness) / (1.0 + radius**2)
        with np.errstate(divide="ignore", invalid="ignore"):
            across = np.where(radius > 0.0, self._bent(angle) / radius, 1.0)
            out = np.where(radius[:, None] > 0.0, straight / radius[:, None], 0.0)
        radial = out[:, :, None] * out[:, None, :]
        slope = across[:, None, None] * (np.eye(2) - radial) + along[:, None, None] * radial
        return np.asarray(slope, np.float64)

    def straighten(self, seen: Array) -> Array:
        """Give `straight` (n, 2) for `seen` (n, 2); NaN where no ray within reach is seen there."""
        far = np.linalg.norm(seen, axis=1)
        angle = _inverse(far, self._bent, _fisheye_widest(self))
        with np.errstate(all="ignore"):
            for _ in range(_NEWTON_STEPS):
                angle = angle - (self._bent(angle) - far) / _horner(angle**2, self._steepness)
            straight: Array = seen * np.where(far > 0.0, np.tan(angle) / far, 1.0)[:, None]
        return _met(straight, self.distort, seen, self.reach)

    def _bent(self, angle: Array) -> Array:
        return angle * _horner(angle**2, (1.0, self.k1, self.k2, self.k3, self.k4))

    @property
    def _steepness(self) -> tuple[float, ...]:
        return (1.0, 3.0 * self.k1, 5.0 * self.k2, 7.0 * self.k3, 9.0 * self.k4)


Lens = Distortion | Fisheye


def _horner(x: Array, coefficients: Sequence[float]) -> Array:
    total = np.zeros_like(x)
    for coefficient in reversed(coefficients):
        total = total * x + coefficient
    return total


def _inverse(seen: Array, bent: Callable[[Array], Array], limit: float) -> Array:
    """Bracket where a function that rises up to `limit` reaches `seen`, to limit / 2¹⁶."""
    low, high = np.zeros_like(seen), np.full_like(seen, limit)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        short = bent(middle) < seen
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return (low + high) / 2.0


def _solve(slope: Array, off: Array) -> Array:
    """Solve (n, 2, 2) against (n, 2) without an exception where a slope is flat."""
    a, b, c, d = slope[:, 0, 0], slope[:, 0, 1], slope[:, 1, 0], slope[:, 1, 1]
    step = np.column_stack([d * off[:, 0] - b * off[:, 1], a * off[:, 1] - c * off[:, 0]])
    solved: Array = step / (a * d - b * c)[:, None]
    return solved


def _met(straight: Array, distort: Callable[[Array], Array], seen: Array, reach: float) -> Array:
    """Put NaN where an inversion did not arrive, or arrived beyond the lens's reach."""
    with np.errstate(all="ignore"):
        off = np.abs(distort(straight) - seen).max(axis=1)
        met = (off < _MET) & (np.linalg.norm(straight, axis=1) < reach)
    return np.where(met[:, None], straight, np.nan)


def _turning_square(*slope: float) -> float:
    """Give the least positive square at which a polynomial of it (rising powers) is zero."""
    roots = np.atleast_1d(np.roots(slope[::-1]))
    squares = [r.real for r in roots if abs(r.imag) < 1e-12 and r.real > 0.0]
    return min(squares, default=math.inf)


@lru_cache(maxsize=16)
def _brown_reach(lens: Distortion) -> float:
    turning = _turning_square(1.0, 3.0 * lens.k1, 5.0 * lens.k2, 7.0 * lens.k3)
    return min(math.sqrt(turning), math.tan(WIDEST))


@lru_cache(maxsize=16)
def _fisheye_widest(lens: Fisheye) -> float:
    turning = _turning_square(1.0, 3.0 * lens.k1, 5.0 * lens.k2, 7.0 * lens.k3, 9.0 * lens.k4)
    return min(math.sqrt(turning), WIDEST)
