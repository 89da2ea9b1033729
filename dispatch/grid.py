"""Unit grids (单元网格): the polygons a city is divided into, and which of them holds a point.

Coordinates are WGS 84 degrees, longitude first as in GeoJSON; areas and offsets are taken in a
plane tangent at the point, good to a part in a thousand over a district.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import shapely

from dispatch.ids import GridId
from dispatch.place import EARTH_RADIUS_M, Place, error_points

M_PER_DEG: Final = math.radians(EARTH_RADIUS_M)
FAULT_AREA_M2: Final = 1.0
"""Overlaps and holes smaller than this are rounding of coordinates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One unit grid.

    Args:
        id: 15 digits: county 6, street 3, community 3, serial 3.
        owner: who the ground belongs to, in the profile's words.
        polygon: its ground, longitude and latitude.
        valid_until: the last day on which it counts; None for as yet unknown.
    """

    id: GridId
    owner: str
    polygon: shapely.Polygon
    valid_from: date
    valid_until: date | None = None

    def valid_on(self, day: date) -> bool:
        """Say whether it counts on a day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class GridShare:
    """A grid and the share of a position's error that lies in it, 0 to 1."""

    grid: Grid
    share: float


class GridMap:
    """The grids of a city, found by point."""

    def __init__(self, grids: Sequence[Grid]) -> None:
        """Index the grids."""
        self.grids = tuple(sorted(grids, key=lambda grid: (grid.id, grid.valid_from)))
        self._tree = shapely.STRtree([grid.polygon for grid in self.grids])
        self._by_id = {grid.id: grid for grid in self.grids}

    def get(self, id_: GridId | None) -> Grid | None:
        """Give the newest grid of an id, or None."""
        return None if id_ is None else self._by_id.get(id_)

    def holding(self, latitude: float, longitude: float, *, day: date) -> Grid | None:
        """Give the grid that holds a point, of two at a border the one of lower id, or None."""
        return next(self._hits(shapely.Point(longitude, latitude), day), None)

    def holding_each(
        self, longitudes: Sequence[float], latitudes: Sequence[float], *, day: date
    ) -> list[GridId | None]:
        """Give the id of the grid that holds each point, as `holding` does, all at once."""
        points = shapely.points(longitudes, latitudes)
        found: list[GridId | None] = [None] * len(points)
        inputs, hits = self._tree.query(points, predicate="intersects")
        for point, hit in sorted(zip(inputs.tolist(), hits.tolist(), strict=True), reverse=True):
            if self.grids[hit].valid_on(day):
                found[point] = self.grids[hit].id
        return found

    def shares(self, place: Place, *, day: date) -> tuple[GridShare, ...]:
        """Tell how a position's error is spread over grids, the largest share first.

        The normal error is stood for by 36 points of equal weight on three rings, so that a
        share is exact to 3 %. What lies outside every grid is missing from the sum.
        """
        counts: dict[int, int] = {}
        points = shapely.points(error_points(place, rings=3, ways=12))
        inputs, hits = self._tree.query(points, predicate="intersects")
        first: dict[int, int] = {}
        for point, hit in sorted(zip(inputs.tolist(), hits.tolist(), strict=True)):
            if self.grids[hit].valid_on(day):
                first.setdefault(point, hit)
        for hit in first.values():
            counts[hit] = counts.get(hit, 0) + 1
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return tuple(
            GridShare(grid=self.grids[hit], share=count / len(points)) for hit, count in ranked
        )

    def _hits(self, point: shapely.Point, day: date) -> Iterator[Grid]:
        for hit in sorted(self._tree.query(point, predicate="intersects").tolist()):
            if self.grids[hit].valid_on(day):
                yield self.grids[hit]


def overlaps(grids: Sequence[Grid]) -> Iterator[tuple[Grid, Grid, float]]:
    """Give pairs of grids valid at one time that share ground, with the shared m²."""
    polygons = [grid.polygon for grid in grids]
    left, right = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    for i, j in sorted(zip(left.tolist(), right.tolist(), strict=True)):
        a, b = grids[i], grids[j]
        if i < j and valid_together(a, b):
            area = area_m2(a.polygon.intersection(b.polygon))
            if area > FAULT_AREA_M2:
                yield a, b, area


def holes(grids: Sequence[Grid], *, day: date) -> Iterator[tuple[float, float, float]]:
    """Give (latitude, longitude, m²) of ground enclosed by the grids of a day but in none."""
    union = shapely.union_all(
        [grid.polygon for grid in grids if grid.valid_on(day)], grid_size=1e-9
    )
    for part in shapely.get_parts(union):
        for ring in shapely.get_rings(part)[1:]:
            hole = shapely.Polygon(ring)
            if area_m2(hole) > FAULT_AREA_M2:
                inside = hole.representative_point()
                yield inside.y, inside.x, area_m2(hole)


def area_m2(shape: shapely.Geometry) -> float:
    """Give the area of a shape in degrees, in square metres."""
    if shape.is_empty:
        return 0.0
    latitude = math.radians(shape.centroid.y)
    return float(shape.area) * M_PER_DEG**2 * math.cos(latitude)


def valid_together(a: Grid, b: Grid) -> bool:
    """Say whether there is a day on which both count."""
    starts = max(a.valid_from, b.valid_from)
    return a.valid_on(starts) and b.valid_on(starts)
