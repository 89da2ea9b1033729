"""How likely one pass detects an object that it inspects: a spread over objects, not one number.

Objects are ranked from the hardest (0) to the easiest (1) to detect. The rank stays with an
object; what it means in a chance of detection depends on the size in the picture and the light.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from dispatch.wire import Light

Array = npt.NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(32)
RANKS: Final[Array] = (_NODES + 1.0) / 2.0
RANK_WEIGHTS: Final[Array] = _WEIGHTS / 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallBand:
    """What a model card states of objects of one class, size and light.

    Args:
        min_px: square root of the box area at the model's input, from here on …
        max_px: … up to here.
        lower: one-sided 95 % lower bound of the mean share of passes that detect an object.
        concentration: a + b of the Beta over objects, > 0.
        rendered: whether it was measured on rendered frames; such a band judges rendered passes
            alone, and where there is one, they are judged by no other.
    """

    min_px: float
    max_px: float
    light: Light
    lower: float
    concentration: float
    rendered: bool = False


def band_of(bands: Sequence[RecallBand], *, size_px: float, light: Light) -> RecallBand | None:
    """Give what a card states of a size in the picture and a light; None where it says nothing."""
    fit = [each for each in bands if each.light is light and each.min_px <= size_px]
    return max(fit, key=lambda each: each.min_px, default=None)


def detection_chances(bands: Sequence[RecallBand], *, size_px: float, light: Light) -> Array:
    """Give (32,) the chance of detection at each rank; zero where the card promises nothing.

    The mean is the card's lower bound: overstating recall is what makes false closures.
    """
    band = band_of(bands, size_px=size_px, light=light)
    if band is None:
        return np.zeros_like(RANKS)
    mean = min(band.lower, 0.999)
    if mean <= 1e-3:
        return np.zeros_like(RANKS)
    spread = band.concentration
    return np.array(beta_quantiles(mean * spread, (1.0 - mean) * spread))


@lru_cache(maxsize=512)
def beta_quantiles(a: float, b: float) -> tuple[float, ...]:
    """Give the quantiles of Beta(a, b) at `RANKS`, by bisection."""
    low, high = np.zeros_like(RANKS), np.ones_like(RANKS)
    for _ in range(52):
        middle = (low + high) / 2.0
        above = beta_share(middle, a, b) > RANKS
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return tuple(((low + high) / 2.0).tolist())


def beta_share(d: Array, a: float, b: float) -> Array:
    """Give the share of Beta(a, b) below d, 0 < d < 1.

    Source: continued fraction DLMF 8.17.22, by Lentz's method, on the side where it converges.
    """
    flip = d > (a + 1.0) / (a + b + 2.0)
    x = np.where(flip, 1.0 - d, d)
    p, q = np.where(flip, b, a), np.where(flip, a, b)
    log_scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    scale = np.exp(log_scale + p * np.log(x) + q * np.log1p(-x)) / p
    share = scale / _fraction(x, p, q)
    return np.asarray(np.where(flip, 1.0 - share, share))


def _fraction(x: Array, p: Array, q: Array) -> Array:
    """Evaluate 1 + c₁/(1 + c₂/(1 + …)) of the incomplete beta function."""
    tiny = 1e-300
    value = np.ones_like(x)
    top, bottom = np.ones_like(x), np.zeros_like(x)
    for n in range(1, 200):
        m = n // 2
        if n % 2:
            step = -(p + m) * (p + q + m) * x / ((p + 2 * m) * (p + 2 * m + 1))
        else:
            step = m * (q - m) * x / ((p + 2 * m - 1) * (p + 2 * m))
        bottom = 1.0 + step * bottom
        bottom = 1.0 / np.where(np.abs(bottom) < tiny, tiny, bottom)
        top = 1.0 + step / top
        top = np.where(np.abs(top) < tiny, tiny, top)
        change = top * bottom
        value = value * change
        if float(np.max(np.abs(change - 1.0))) < 1e-14:
            break
    return value
