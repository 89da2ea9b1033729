"""Where something lies, with its error; WGS 84, covariances east-north in square metres."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

import numpy as np
from h3.api import basic_int as h3
from numpy.typing import NDArray

from dispatch.wire import accuracy_class, ce90

_GOLDEN: Final = (math.sqrt(5.0) - 1.0) / 2.0
EARTH_RADIUS_M: Final = 6_371_008.8
LOOKUP_RESOLUTION: Final = 11
"""H3 resolution of the look-up column: wider than any two sights of one thing lie apart."""
RING_M: Final = 27.0
"""How far the ring around a cell reaches at least: 1.5 edges of the smallest cells (18 m)."""


class Point(Protocol):
    """Whatever has a latitude and a longitude, degrees of WGS 84."""

    @property
    def latitude(self) -> float:
        """Give it."""

    @property
    def longitude(self) -> float:
        """Give it."""


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
    def cell(self) -> int:
        """Give the H3 cell under which the place is looked up."""
        return lookup_cell(self.latitude, self.longitude)

    @property
    def sigma_m(self) -> float:
        """Give the standard error along the worst direction, in metres."""
        half = (self.ee + self.nn) / 2.0
        return math.sqrt(half + math.hypot((self.ee - self.nn) / 2.0, self.en))

    @property
    def ce90_m(self) -> float:
        """Give the radius of the circle that holds the truth with 90 % chance, in metres."""
        return ce90(self.ee, self.en, self.nn)

    @property
    def accuracy(self) -> str | None:
        """Give the class of positional accuracy, A, B or C, that CE90 reaches; None where none."""
        return accuracy_class(self.ce90_m)


def lookup_cell(latitude: float, longitude: float) -> int:
    """Give the cell of the look-up column that holds a point."""
    return int(h3.latlng_to_cell(latitude, longitude, LOOKUP_RESOLUTION))


@lru_cache(maxsize=16_384)
def cells_near(cell: int, *, radius_m: float) -> tuple[int, ...]:
    """Give the look-up cells that hold everything within a distance of any point of a cell.

    Args:
        radius_m: at least 0; one ring reaches `RING_M`.
    """
    return tuple(sorted(h3.grid_disk(cell, max(1, math.ceil(radius_m / RING_M)))))


def metres_east_north(origin: Point, of: Point) -> tuple[float, float]:
    """Give the offset from one point to another in a plane tangent at the first, for < 10 km."""
    north = math.radians(of.latitude - origin.latitude) * EARTH_RADIUS_M
    east = math.radians(of.longitude - origin.longitude) * EARTH_RADIUS_M
    return east * math.cos(math.radians(origin.latitude)), north


def distance_m(a: Point, b: Point) -> float:
    """Give the distance between two points less than 10 km apart, in metres."""
    return math.hypot(*metres_east_north(a, b))


def error_points(place: Place, *, rings: int, ways: int) -> NDArray[np.float64]:
    """Stand for a place's normal error by points of equal weight.

    They lie on ellipses through the middles of equal parts of probability, each ellipse turned by
    a golden share of a step so that no two line up.

    Returns:
        (rings * ways, 2) longitude and latitude.
    """
    covariance = np.array([[place.ee, place.en], [place.en, place.nn]])
    root = np.linalg.cholesky(covariance + np.eye(2) * 1e-9)
    numbers = np.arange(rings)
    radii = np.sqrt(-2.0 * np.log(1.0 - (numbers + 0.5) / rings))
    turns = (np.arange(ways) + np.mod(numbers * _GOLDEN, 1.0)[:, None]) * (2.0 * math.pi / ways)
    circle = radii[:, None, None] * np.stack([np.cos(turns), np.sin(turns)], axis=-1)
    metres = circle.reshape(-1, 2) @ root.T
    north = math.radians(EARTH_RADIUS_M)
    scale = np.array([north * math.cos(math.radians(place.latitude)), north])
    points: NDArray[np.float64] = metres / scale + np.array([place.longitude, place.latitude])
    return points
