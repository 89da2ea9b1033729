"""Unit grids (单元网格): the polygons a city is divided into, and which of them holds a point.

Coordinates are WGS 84 degrees, longitude first as in GeoJSON.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import shapely

from dispatch.ground.place import Place, error_points
from dispatch.ids import GridId


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
        self._generations: dict[GridId, list[Grid]] = {}
        for grid in self.grids:
            self._generations.setdefault(grid.id, []).append(grid)

    def get(self, id_: GridId | None) -> Grid | None:
        """Give the newest grid of an id, or None."""
        return self._generations[id_][-1] if id_ in self._generations else None

    def on(self, id_: GridId | None, *, day: date) -> Grid | None:
        """Give the grid that an id named on a day; failing that, the newest; or None."""
        named = self._generations.get(id_, []) if id_ is not None else []
        valid = [grid for grid in named if grid.valid_on(day)]
        return (valid or named)[-1] if named else None

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

    def meeting(self, ground: shapely.Polygon, *, day: date) -> tuple[Grid, ...]:
        """Give the grids that have a point with some ground in common on a day, by id."""
        return tuple(self._hits(ground, day))

    def _hits(self, shape: shapely.Geometry, day: date) -> Iterator[Grid]:
        for hit in sorted(self._tree.query(shape, predicate="intersects").tolist()):
            if self.grids[hit].valid_on(day):
                yield self.grids[hit]
