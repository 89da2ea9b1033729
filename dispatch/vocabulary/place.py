"""Where something lies, with the error it shares with its pass and the error of its own."""

import math
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from dispatch.vocabulary.basis import Wire


class Covariance(Wire):
    """A 2x2 covariance in the local east-north plane, m²; positive definite."""

    ee: Annotated[float, Field(gt=0.0, le=1e8, allow_inf_nan=False)]
    en: Annotated[float, Field(ge=-1e8, le=1e8, allow_inf_nan=False)]
    nn: Annotated[float, Field(gt=0.0, le=1e8, allow_inf_nan=False)]

    @model_validator(mode="after")
    def _is_positive_definite(self) -> Self:
        if self.ee * self.nn - self.en * self.en <= 0.0:
            raise ValueError("the covariance is not positive definite")
        return self


# Radius of 90 % of a plane normal error in units of its larger standard error, for ratios 0,
# 0.1 … 1 of the smaller to the larger; the quantile of x² + (r y)², by integration.
_CE90_RADIUS: Final = (
    1.6449,
    1.6479,
    1.6573,
    1.6738,
    1.6992,
    1.7371,
    1.7915,
    1.8625,
    1.9472,
    2.0424,
    2.1460,
)
ACCURACY_M: Final = (("A", 0.5), ("B", 1.0), ("C", 10.0))
"""Classes of positional accuracy of city components: the error in metres that each allows."""


def ce90(ee: float, en: float, nn: float) -> float:
    """Give the radius of the 90 % circle of an east-north covariance, m² to metres."""
    half, apart = (ee + nn) / 2.0, math.hypot((ee - nn) / 2.0, en)
    large, small = math.sqrt(max(half + apart, 0.0)), math.sqrt(max(half - apart, 0.0))
    if large == 0.0:
        return 0.0
    steps = len(_CE90_RADIUS) - 1
    at = min(small / large, 1.0) * steps
    low = min(int(at), steps - 1)
    return large * (_CE90_RADIUS[low] + (at - low) * (_CE90_RADIUS[low + 1] - _CE90_RADIUS[low]))


def accuracy_class(ce90_m: float) -> str | None:
    """Give the class A, B or C of a place by its CE90; None beyond the last."""
    return next((name for name, limit_m in ACCURACY_M if ce90_m <= limit_m), None)


class Position(Wire):
    """Where something lies, with its error split into what the pass shares and what is its own.

    The shared part (GNSS bias, boresight) is common to every finding of one pass and cancels
    between two of them; the own part (pixel, range, attitude noise) does not.
    """

    latitude: Annotated[float, Field(ge=-90.0, le=90.0, allow_inf_nan=False)]
    longitude: Annotated[float, Field(ge=-180.0, le=180.0, allow_inf_nan=False)]
    height_hae_m: Annotated[float, Field(ge=-500.0, le=9000.0, allow_inf_nan=False)] | None = None
    shared: Covariance
    own: Covariance

    @property
    def ce90_m(self) -> float:
        """Give the radius that holds the true place in 90 of 100 cases, metres."""
        shared, own = self.shared, self.own
        return ce90(shared.ee + own.ee, shared.en + own.en, shared.nn + own.nn)

    @property
    def accuracy(self) -> str | None:
        """Give the best class of positional accuracy that CE90 reaches; None where none."""
        return accuracy_class(self.ce90_m)

    @model_validator(mode="after")
    def _is_a_place(self) -> Self:
        if self.latitude == 0.0 and self.longitude == 0.0:
            raise ValueError("latitude 0, longitude 0 is what a receiver says that has no fix")
        return self
