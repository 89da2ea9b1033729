"""Is a vehicle still the one that stood there before? By place, height and coarse colour alone.

No plate is read and nothing names the vehicle: the answer is a chance, by Bayes' rule over "the
same" and "another one on the same spot". The spreads are assumed, not yet counted in a city.
Place: metres east and north. Colour: shares of red, green and blue.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.ground.place import metres_east_north
from dispatch.identity.sights import matrix, place_of, position_of
from dispatch.sights.observation import Observation
from dispatch.wire import Measure

SPOT_M: Final = 2.5
"""How far from the first one another vehicle on the same spot stands: a bay and a half is 7 m."""
LIGHTNESS: Final = (0.15, 0.30)
"""Spread of the difference in lightness: of one vehicle in another light, and of two vehicles."""
TINT: Final = (0.06, 0.16)
"""The same of red against green, and of blue against both; most vehicles are grey."""
HEIGHT_M: Final = 0.35
"""Spread of the difference in height between two vehicles, beside the errors of measuring."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sameness:
    """How likely two sights are of the same thing.

    Args:
        apart_m: between their places.
        by_look: whether height or colour could be compared, too.
    """

    chance: float
    apart_m: float
    by_look: bool


def sameness(one: Observation, other: Observation, *, prior: float) -> Sameness:
    """Tell how likely two sights are of the same thing.

    Args:
        prior: chance of that before anything is compared.

    Raises:
        NoPosition: one of them has none.
    """
    gap = np.array(metres_east_north(place_of(one), place_of(other)))
    looks = _looks(one, other)
    evidence = _by_place(one, other, gap) + sum(looks)
    odds = math.exp(min(evidence, 50.0)) * prior / (1.0 - prior)
    return Sameness(chance=odds / (1.0 + odds), apart_m=float(np.hypot(*gap)), by_look=bool(looks))


def _by_place(one: Observation, other: Observation, gap: Array) -> float:
    """Give the log-likelihood ratio of the gap; what one pass shares cancels within it."""
    here, there = position_of(one), position_of(other)
    spread = matrix(here.own) + matrix(there.own)
    if one.finding.pass_id != other.finding.pass_id:
        spread = spread + matrix(here.shared) + matrix(there.shared)
    return _log_normal(gap, spread) - _log_normal(gap, spread + SPOT_M**2 * np.eye(2))


def _looks(one: Observation, other: Observation) -> list[float]:
    """Give the log-likelihood ratio of each trait that both sights show."""
    here, there = one.finding.stay, other.finding.stay
    if here is None or there is None:
        return []
    ratios = []
    if here.height is not None and there.height is not None:
        ratios.append(_by_height(here.height, there.height))
    if here.colour is not None and there.colour is not None:
        ratios.append(_by_colour(np.array(here.colour), np.array(there.colour)))
    return ratios


def _by_height(here: Measure, there: Measure) -> float:
    error = math.hypot(here.sigma, there.sigma)
    return _ratio(here.value - there.value, error, math.hypot(error, HEIGHT_M))


def _by_colour(here: Array, there: Array) -> float:
    red, green, blue = (float(each) for each in here - there)
    return (
        _ratio((red + green + blue) / 3.0, *LIGHTNESS)
        + _ratio(red - green, *TINT)
        + _ratio(blue - (red + green) / 2.0, *TINT)
    )


def _ratio(gap: float, same: float, other: float) -> float:
    """Give log N(gap; 0, same²) - log N(gap; 0, other²)."""
    return math.log(other / same) - 0.5 * gap * gap * (same**-2 - other**-2)


def _log_normal(gap: Array, covariance: Array) -> float:
    distance2 = float(gap @ np.linalg.solve(covariance, gap))
    return -0.5 * (distance2 + math.log(float(np.linalg.det(2.0 * math.pi * covariance))))
