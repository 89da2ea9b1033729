"""Areas (区域): district, street and community over the unit grids, with names that have a time.

An id says where an area belongs: county 6 digits, street 3, community 3, unit grid 3.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import shapely


class Level(IntEnum):
    """How many digits name an area of a kind."""

    DISTRICT = 6
    STREET = 9
    COMMUNITY = 12
    GRID = 15

    @property
    def zh(self) -> str:
        """Give the kind's Chinese name."""
        return {6: "区县", 9: "街道", 12: "社区", 15: "单元网格"}[self.value]

    @property
    def en(self) -> str:
        """Give the kind's English name."""
        return {6: "district", 9: "street", 12: "community", 15: "unit grid"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A district, street or community.

    Args:
        id: 6, 9 or 12 digits.
        valid_until: the last day on which it counts; None for as yet unknown.
        polygon: its ground, longitude and latitude; None where only its name is known.
    """

    id: str
    name_zh: str
    name_en: str
    valid_from: date = date.min
    valid_until: date | None = None
    polygon: shapely.Polygon | None = None

    @property
    def level(self) -> Level:
        """Say what kind of area it is."""
        return Level(len(self.id))

    def valid_on(self, day: date) -> bool:
        """Say whether it counts on a day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class AreaMap:
    """The areas of a city, found by id and day."""

    def __init__(self, areas: Iterable[Area] = ()) -> None:
        """Keep the areas, those of one id by their time."""
        self.areas = tuple(sorted(areas, key=lambda area: (area.id, area.valid_from)))
        self._by_id: dict[str, list[Area]] = {}
        for area in self.areas:
            self._by_id.setdefault(area.id, []).append(area)

    def get(self, id_: str, *, day: date) -> Area | None:
        """Give the area that an id named on a day; failing that, the newest that it named."""
        named = self._by_id.get(id_, [])
        valid = [area for area in named if area.valid_on(day)]
        return (valid or named)[-1] if named else None
