"""Intervals of shares: what a few counts really say."""

import math
from typing import Final

import numpy as np

Z95: Final = 1.959964
"""Two-sided 95 % of the normal."""
_STEPS: Final = 4000


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Give the 95 % interval of a share: Wilson, J. Am. Stat. Assoc. 22 (1927), p. 209.

    Args:
        hits: 0 to `of`.
        of: 0 gives (0, 1): nothing is known.
    """
    if of == 0:
        return 0.0, 1.0
    share, z2 = hits / of, Z95 * Z95
    centre = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return max(0.0, centre - half), min(1.0, centre + half)


def difference(now: tuple[int, int], before: tuple[int, int]) -> tuple[float, float]:
    """Give the 95 % interval of how much one share is above another, of other things.

    Newcombe, Statistics in Medicine 17 (1998), p. 873, method 10: from both Wilson intervals.

    Args:
        now: hits, and of how many; above 0.
        before: likewise.
    """
    (low, high), (low0, high0) = wilson(*now), wilson(*before)
    share, share0 = now[0] / now[1], before[0] / before[1]
    below = math.hypot(share - low, high0 - share0)
    above = math.hypot(high - share, share0 - low0)
    return share - share0 - below, share - share0 + above


def beta_lower(a: float, b: float, *, alpha: float = 0.05) -> float:
    """Give the value below which a Beta(a, b) lies with the chance `alpha`, to 0.0005.

    Args:
        a: pseudo-count of yes, at least 1.
        b: pseudo-count of no, at least 1.
    """
    x = (np.arange(_STEPS) + 0.5) / _STEPS
    log_density = (a - 1.0) * np.log(x) + (b - 1.0) * np.log1p(-x)
    density = np.exp(log_density - log_density.max())
    below = np.cumsum(density) / density.sum()
    return float(x[np.searchsorted(below, alpha)])
