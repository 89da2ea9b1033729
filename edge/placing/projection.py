"""Plane coordinates that elevation models come in, and WGS 84 longitude and latitude.

Transverse Mercator by Krüger's series to the third order in n, good to a millimetre within three
degrees of its meridian: C. F. F. Karney, "Transverse Mercator with an accuracy of a few
nanometers", 2011.
CGCS2000 and WGS 84 are interchangeable here.
"""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_A: Final = 6_378_137.0
_F: Final = 1.0 / 298.257223563
_N: Final = _F / (2.0 - _F)
_E: Final = 2.0 * np.sqrt(_N) / (1.0 + _N)
_RADIUS: Final = _A / (1.0 + _N) * (1.0 + _N**2 / 4.0 + _N**4 / 64.0)
_FORWARD: Final = (
    _N / 2.0 - 2.0 * _N**2 / 3.0 + 5.0 * _N**3 / 16.0,
    13.0 * _N**2 / 48.0 - 3.0 * _N**3 / 5.0,
    61.0 * _N**3 / 240.0,
)
_BACK: Final = (
    _N / 2.0 - 2.0 * _N**2 / 3.0 + 37.0 * _N**3 / 96.0,
    _N**2 / 48.0 + _N**3 / 15.0,
    17.0 * _N**3 / 480.0,
)
_LATITUDE: Final = (
    2.0 * _N - 2.0 * _N**2 / 3.0 - 2.0 * _N**3,
    7.0 * _N**2 / 3.0 - 8.0 * _N**3 / 5.0,
    56.0 * _N**3 / 15.0,
)


class Projection(Protocol):
    """Between degrees and the coordinates of a grid."""

    def forward(self, latitude: Array, longitude: Array) -> tuple[Array, Array]:
        """Give x and y of latitude and longitude in degrees."""

    def back(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Give latitude and longitude in degrees of x and y."""


@dataclass(frozen=True, slots=True)
class Degrees:
    """Longitude and latitude themselves."""

    def forward(self, latitude: Array, longitude: Array) -> tuple[Array, Array]:
        """Give x and y."""
        return longitude, latitude

    def back(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Give latitude and longitude."""
        return y, x


@dataclass(frozen=True, slots=True)
class WebMercator:
    """The sphere's Mercator of map tiles, EPSG 3857."""

    def forward(self, latitude: Array, longitude: Array) -> tuple[Array, Array]:
        """Give x and y in its own metres."""
        return _A * np.radians(longitude), _A * np.arcsinh(np.tan(np.radians(latitude)))

    def back(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Give latitude and longitude."""
        return np.degrees(np.arctan(np.sinh(y / _A))), np.degrees(x / _A)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransverseMercator:
    """A zone of UTM or of Gauss-Krüger."""

    meridian: float
    scale: float
    false_east: float
    false_north: float = 0.0

    def forward(self, latitude: Array, longitude: Array) -> tuple[Array, Array]:
        """Give east and north in metres."""
        sine = np.sin(np.radians(latitude))
        away = np.radians(longitude - self.meridian)
        tangent = np.sinh(np.arctanh(sine) - _E * np.arctanh(_E * sine))
        xi = np.arctan2(tangent, np.cos(away))
        eta = np.arctanh(np.sin(away) / np.sqrt(1.0 + tangent**2))
        up, across = xi.copy(), eta.copy()
        for order, factor in enumerate(_FORWARD, start=1):
            up += factor * np.sin(2 * order * xi) * np.cosh(2 * order * eta)
            across += factor * np.cos(2 * order * xi) * np.sinh(2 * order * eta)
        reach = self.scale * _RADIUS
        return self.false_east + reach * across, self.false_north + reach * up

    def back(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Give latitude and longitude."""
        reach = self.scale * _RADIUS
        up, across = (y - self.false_north) / reach, (x - self.false_east) / reach
        xi, eta = up.copy(), across.copy()
        for order, factor in enumerate(_BACK, start=1):
            xi -= factor * np.sin(2 * order * up) * np.cosh(2 * order * across)
            eta -= factor * np.cos(2 * order * up) * np.sinh(2 * order * across)
        conformal = np.arcsin(np.sin(xi) / np.cosh(eta))
        latitude = conformal.copy()
        for order, factor in enumerate(_LATITUDE, start=1):
            latitude += factor * np.sin(2 * order * conformal)
        away = np.arctan2(np.sinh(eta), np.cos(xi))
        return np.degrees(latitude), self.meridian + np.degrees(away)


def projection_of(epsg: int) -> Projection | None:
    """Give the projection of an EPSG code; None for one that is not known here.

    4326, 4490 (degrees), 3857, 326zz and 327zz (UTM), 4513-4533 and 4534-4554 (CGCS2000 in zones
    of three degrees, with and without the zone's number before the easting).
    """
    if epsg in {4326, 4490}:
        return Degrees()
    if epsg == 3857:
        return WebMercator()
    zone = epsg % 100
    if epsg // 100 in {326, 327} and 1 <= zone <= 60:
        south = 1e7 if epsg // 100 == 327 else 0.0
        return TransverseMercator(
            meridian=6.0 * zone - 183.0, scale=0.9996, false_east=5e5, false_north=south
        )
    if 4513 <= epsg <= 4533:
        number = epsg - 4513 + 25
        return TransverseMercator(meridian=3.0 * number, scale=1.0, false_east=number * 1e6 + 5e5)
    if 4534 <= epsg <= 4554:
        return TransverseMercator(meridian=3.0 * (epsg - 4534 + 25), scale=1.0, false_east=5e5)
    return None
