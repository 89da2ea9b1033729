"""Between latitude and longitude (WGS 84) and metres east and north of a place."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import pymap3d
from numpy.typing import NDArray

Array = NDArray[np.float64]


_A: Final = 6_378_137.0
_E2: Final = 6.694_379_990_14e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalPlane:
    """The plane that touches the ellipsoid at an origin; good to 1 cm within 300 m of it."""

    latitude: float
    longitude: float

    def east_north(self, latitude: float | Array, longitude: float | Array) -> Array:
        """Give metres east and north of the origin, shape (2,) or (n, 2)."""
        east, north, _ = pymap3d.geodetic2enu(
            latitude, longitude, 0.0, self.latitude, self.longitude, 0.0
        )
        return np.stack([np.asarray(east, float), np.asarray(north, float)], axis=-1)

    def latitude_longitude(self, east_north: Array) -> Array:
        """Give degrees of points (2,) or (n, 2) in metres east and north of the origin."""
        # The sagitta keeps far points on the ellipsoid, not above it.
        down = -(np.square(east_north).sum(axis=-1)) / (2.0 * 6_371_000.0)
        latitude, longitude, _ = pymap3d.enu2geodetic(
            east_north[..., 0], east_north[..., 1], down, self.latitude, self.longitude, 0.0
        )
        return np.stack([np.asarray(latitude, float), np.asarray(longitude, float)], axis=-1)


def moved(
    latitude: float, longitude: float, *, east_m: float, north_m: float
) -> tuple[float, float]:
    """Give degrees of a place some metres on, straight as the crow flies; for 10 m to 1e-5 m."""
    north, east = degrees_per_metre(latitude)
    return latitude + north * north_m, longitude + east * east_m


def degrees_per_metre(latitude: float) -> tuple[float, float]:
    """Give degrees of latitude for a metre north and of longitude for a metre east, at a place.

    By the radii of curvature of the ellipsoid (W. Torge, "Geodesy", 2001, 4.1).
    """
    sine = math.sin(math.radians(latitude))
    flat = 1.0 - _E2 * sine * sine
    across = _A / math.sqrt(flat)
    along = across * (1.0 - _E2) / flat
    return math.degrees(1.0 / along), math.degrees(
        1.0 / (across * math.cos(math.radians(latitude)))
    )
