"""How good a place is: the radius of its 90 % circle, of a covariance as arrays hold it."""

import numpy as np
from numpy.typing import NDArray

from dispatch import wire

Array = NDArray[np.float64]


def ce90(covariance: Array) -> float:
    """Give the radius of the 90 % circle of a (2, 2) covariance, m² to metres."""
    return wire.ce90(float(covariance[0, 0]), float(covariance[0, 1]), float(covariance[1, 1]))
