"""Where something lies, with its error; WGS 84, covariances east-north in square metres."""

import math
from dataclasses import dataclass
from typing import Final

EARTH_RADIUS_M: Final = 6_371_008.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A point on the ground and the covariance of its error.

    Args:
        ee: variance eastwards, m².
        en: covariance of east and north, m².
        nn: variance northwards, m².
        address: how a person would say where it is; may be empty.
    """

    latitude: float
    longitude: float
    ee: float
    en: float
    nn: float
    address: str = ""

    @property
    def sigma_m(self) -> float:
        """Give the standard error along the worst direction, in metres."""
        half = (self.ee + self.nn) / 2.0
        return math.sqrt(half + math.hypot((self.ee - self.nn) / 2.0, self.en))


def metres_east_north(origin: Place, of: Place) -> tuple[float, float]:
    """Give the offset from one place to another in a plane tangent at the first, for < 10 km."""
    north = math.radians(of.latitude - origin.latitude) * EARTH_RADIUS_M
    east = math.radians(of.longitude - origin.longitude) * EARTH_RADIUS_M
    return east * math.cos(math.radians(origin.latitude)), north


def distance_m(a: Place, b: Place) -> float:
    """Give the distance between two places less than 10 km apart, in metres."""
    return math.hypot(*metres_east_north(a, b))
