"""Whether areas tile the ground: where two share some, where some is in none, what sticks out.

Shapes are WGS 84 degrees, longitude first; areas are taken in a plane tangent at the shape, good
to a part in a thousand over a district.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol

import numpy as np
import shapely

from dispatch.ground.place import EARTH_RADIUS_M

M_PER_DEG: Final = math.radians(EARTH_RADIUS_M)
SNAP_DEG: Final = 1e-9
"""Coordinates closer than this are the same: a tenth of a millimetre."""


class Tile(Protocol):
    """A piece of ground with the days on which it counts."""

    @property
    def id(self) -> str:
        """Its digits."""
        ...

    @property
    def polygon(self) -> shapely.Polygon | None:
        """Its ground, if it is known."""
        ...

    @property
    def valid_from(self) -> date:
        """The first day on which it counts."""
        ...

    @property
    def valid_until(self) -> date | None:
        """The last day on which it counts; None for as yet unknown."""
        ...

    def valid_on(self, day: date) -> bool:
        """Say whether it counts on a day."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """A piece of ground that is amiss: a point in it, and its size."""

    latitude: float
    longitude: float
    area_m2: float

    @property
    def at(self) -> str:
        """Write its place."""
        return f"{self.latitude:.6f}, {self.longitude:.6f}"


def overlaps(tiles: Sequence[Tile], *, tolerance_m2: float) -> Iterator[tuple[int, int, Patch]]:
    """Give the numbers of two tiles valid at one time that share ground, and what they share."""
    polygons = np.array([tile.polygon for tile in tiles], dtype=object)
    left, right = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    for i, j in sorted(zip(left.tolist(), right.tolist(), strict=True)):
        if i < j and valid_together(tiles[i], tiles[j]):
            shared = shapely.intersection(polygons[i], polygons[j])
            if area_m2(shared) > tolerance_m2:
                yield i, j, _patch(shared)


def gaps(tiles: Sequence[Tile], *, day: date, tolerance_m2: float) -> Iterator[tuple[int, Patch]]:
    """Give ground enclosed by the tiles of a day but in none, with the number of a tile beside."""
    numbers = [number for number, tile in enumerate(tiles) if tile.valid_on(day)]
    tree = shapely.STRtree([tiles[number].polygon for number in numbers])
    for part in shapely.get_parts(_union([tiles[number] for number in numbers])):
        for ring in shapely.get_rings(part)[1:]:
            hole = shapely.Polygon(ring)
            if area_m2(hole) > tolerance_m2:
                yield numbers[int(tree.nearest(hole))], _patch(hole)


def uncovered(
    ground: shapely.Polygon, tiles: Sequence[Tile], *, tolerance_m2: float
) -> Iterator[Patch]:
    """Give the parts of some ground that lie in none of the tiles."""
    yield from _patches(shapely.difference(ground, _union(tiles), grid_size=SNAP_DEG), tolerance_m2)


def outside(tile: Tile, ground: shapely.Polygon, *, tolerance_m2: float) -> Iterator[Patch]:
    """Give the parts of a tile that lie outside some ground."""
    shapely.prepare(ground)
    if shapely.covers(ground, tile.polygon):
        return
    left = shapely.difference(tile.polygon, ground, grid_size=SNAP_DEG)
    yield from _patches(left, tolerance_m2)


def days_of_change(tiles: Sequence[Tile]) -> list[date]:
    """Give the days on which some tile begins, or no longer counts, in order."""
    begun = {tile.valid_from for tile in tiles}
    ended = {tile.valid_until + timedelta(days=1) for tile in tiles if tile.valid_until}
    return sorted(begun | ended)


def valid_together(a: Tile, b: Tile) -> bool:
    """Say whether there is a day on which both count."""
    starts = max(a.valid_from, b.valid_from)
    return a.valid_on(starts) and b.valid_on(starts)


def area_m2(shape: shapely.Geometry) -> float:
    """Give the area of a shape in degrees, in square metres."""
    if shape.is_empty:
        return 0.0
    latitude = math.radians(shape.centroid.y)
    return float(shape.area) * M_PER_DEG**2 * math.cos(latitude)


def _union(tiles: Sequence[Tile]) -> shapely.Geometry:
    return shapely.union_all([tile.polygon for tile in tiles], grid_size=SNAP_DEG)


def _patches(shape: shapely.Geometry, tolerance_m2: float) -> Iterator[Patch]:
    for part in shapely.get_parts(shape):
        if area_m2(part) > tolerance_m2:
            yield _patch(part)


def _patch(shape: shapely.Geometry) -> Patch:
    inside = shape.representative_point()
    return Patch(latitude=inside.y, longitude=inside.x, area_m2=area_m2(shape))
