"""Shape a place: where it is, and the ellipse that holds the truth with 90 % chance."""

import math
from datetime import date
from typing import Final

from api.schemas.base import Words
from api.schemas.cases import PlaceOut
from dispatch.ground.area import AreaMap, Level
from dispatch.ground.place import EARTH_RADIUS_M, Place

CHI2_90: Final = 4.605
"""Squared radius, in standard errors, of the ellipse that holds 90 % of a plane normal."""


def place_out(place: Place) -> PlaceOut:
    """Shape a place with the ellipse of 90 %, as a ring of longitude and latitude."""
    return PlaceOut(
        latitude=place.latitude,
        longitude=place.longitude,
        address=place.address,
        ce90_m=place.ce90_m,
        accuracy=place.accuracy,
        ellipse=_ellipse(place),
    )


def grid_words(grid: str, areas: AreaMap, *, day: date) -> Words:
    """Say which grid it is as people do: by its community, where that has a name, and its end."""
    within = areas.get(grid[: Level.COMMUNITY], day=day)
    end = grid[Level.COMMUNITY :]
    if within is None:
        return Words(zh=f"网格 {grid}", en=f"grid {grid}")
    return Words(zh=f"{within.name_zh} {end} 网格", en=f"{within.name_en}, grid {end}")


def _ellipse(place: Place, points: int = 36) -> list[tuple[float, float]]:
    # Cholesky factor of the covariance maps the unit circle onto the ellipse.
    l11 = math.sqrt(place.ee)
    l21 = place.en / l11
    l22 = math.sqrt(max(place.nn - l21 * l21, 0.0))
    radius = math.sqrt(CHI2_90)
    per_degree = math.radians(EARTH_RADIUS_M)
    east_degree = per_degree * math.cos(math.radians(place.latitude))
    ring = []
    for index in range(points + 1):
        angle = 2.0 * math.pi * (index % points) / points
        u, v = radius * math.cos(angle), radius * math.sin(angle)
        east, north = l11 * u, l21 * u + l22 * v
        ring.append((place.longitude + east / east_degree, place.latitude + north / per_degree))
    return ring
