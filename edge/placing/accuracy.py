"""How good a place is: the radius of its 90 % circle, and the class that this reaches."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ACCURACY_M: Final = (("A", 0.5), ("B", 1.0), ("C", 10.0))
"""Classes of positional accuracy of city components: the error in metres that each allows."""
# Radius of 90 % of a two-dimensional normal error in units of its larger standard error, for
# ratios 0, 0.1 … 1 of the smaller to the larger; the quantile of x² + (r y)², by integration.
_CE90_RATIO: Final = np.linspace(0.0, 1.0, 11)
_CE90_RADIUS: Final = np.array(
    [1.6449, 1.6479, 1.6573, 1.6738, 1.6992, 1.7371, 1.7915, 1.8625, 1.9472, 2.0424, 2.1460]
)


def ce90(covariance: Array) -> float:
    """Give the radius of the 90 % circle of a (2, 2) covariance."""
    small, large = np.sqrt(np.maximum(np.linalg.eigvalsh(covariance), 0.0))
    if large == 0.0:
        return 0.0
    return float(large * np.interp(small / large, _CE90_RATIO, _CE90_RADIUS))


def accuracy_class(ce90_m: float) -> str | None:
    """Give the class A, B or C of a place by its CE90; None beyond the last."""
    return next((name for name, limit_m in ACCURACY_M if ce90_m <= limit_m), None)
