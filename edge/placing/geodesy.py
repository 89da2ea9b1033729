"""Between latitude and longitude (WGS 84) and metres east and north of a place."""

from dataclasses import dataclass

import numpy as np
import pymap3d
from numpy.typing import NDArray

Array = NDArray[np.float64]


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
