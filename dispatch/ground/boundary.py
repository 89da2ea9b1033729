"""Boundary strips (责任边界): ground on which a person says who is responsible."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Final

import shapely

from dispatch.ground.place import Place, error_points

_RINGS: Final = 3
_WAYS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """One strip, such as a road between two subdistricts.

    Args:
        label: the classes it is about: a label or a pattern as `road.*`.
        polygon: its ground, longitude and latitude.
        valid_until: the last day on which it counts; None for as yet unknown.
    """

    id: str
    name_zh: str
    name_en: str
    label: str
    polygon: shapely.Polygon
    valid_from: date
    valid_until: date | None = None

    def counts_for(self, label: str, day: date) -> bool:
        """Say whether it leaves open who is responsible for a class on a day."""
        return self.valid_on(day) and fnmatchcase(label, self.label)

    def valid_on(self, day: date) -> bool:
        """Say whether it counts on a day for anything."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class BoundaryMap:
    """The boundary strips of a city, found by place."""

    def __init__(self, boundaries: Sequence[Boundary] = ()) -> None:
        """Index the strips."""
        self.boundaries = tuple(sorted(boundaries, key=lambda each: each.id))
        self._tree = shapely.STRtree([each.polygon for each in self.boundaries])

    def about(self, place: Place, *, label: str, day: date) -> tuple[Boundary, float] | None:
        """Give the strip that most likely holds a thing of a class, with the chance, or None."""
        if not self.boundaries:
            return None
        points = shapely.points(error_points(place, rings=_RINGS, ways=_WAYS))
        _, hits = self._tree.query(points, predicate="intersects")
        counts: dict[int, int] = {}
        for hit in hits.tolist():
            if self.boundaries[hit].counts_for(label, day):
                counts[hit] = counts.get(hit, 0) + 1
        if not counts:
            return None
        first = min(counts, key=lambda hit: (-counts[hit], hit))
        return self.boundaries[first], counts[first] / len(points)
