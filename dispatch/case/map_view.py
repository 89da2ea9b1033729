"""What a map shows at once: a box of ground, and what of the cases in it."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from h3.api import basic_int as h3

from dispatch.case.transition import Status
from dispatch.errors import DispatchError
from dispatch.ground.place import EARTH_RADIUS_M, LOOKUP_RESOLUTION
from dispatch.ids import CaseId, DepartmentId

GROUPS_AT_MOST: Final = 300
"""So many cells of about one size fill a view; more could not be told apart on a screen."""


class NotABox(DispatchError):
    """A text is no box of ground."""

    def __init__(self, text: str) -> None:
        shown = text[:80]
        super().__init__(
            f"“{shown}”不是地图范围；请按“西,南,东,北”给出四个经纬度（度），西小于东、南小于北，"
            "不支持跨 180 度经线",
            f"'{shown}' is no box: give west,south,east,north in degrees, west below east and "
            "south below north; a box across the antimeridian is asked for in two",
        )
        self.text = text


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Ground between two meridians and two parallels, WGS 84, degrees; its edges are in it."""

    west: float
    south: float
    east: float
    north: float

    @property
    def area_m2(self) -> float:
        """Give the area of the ground, on a sphere."""
        wide = math.radians(self.east - self.west)
        high = math.sin(math.radians(self.north)) - math.sin(math.radians(self.south))
        return EARTH_RADIUS_M**2 * wide * high

    @property
    def cells(self) -> frozenset[int]:
        """Give the look-up cells that lie in it, wholly or in part."""
        corners = [
            (self.south, self.west),
            (self.south, self.east),
            (self.north, self.east),
            (self.north, self.west),
        ]
        found = h3.h3shape_to_cells_experimental(
            h3.LatLngPoly(corners), LOOKUP_RESOLUTION, contain="overlap"
        )
        return frozenset(found)

    def holds(self, latitude: float, longitude: float) -> bool:
        """Say whether a point lies in it."""
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north


@dataclass(frozen=True, slots=True, kw_only=True)
class MapView:
    """Which cases a map shows: those in a box that are open, or ended of late.

    Args:
        ended_since: of those that ended, the ones that did so from this time on.
        area: leading digits of the grid id; empty means the whole city.
        department: None for all.
        status: None for all.
    """

    box: Box
    ended_since: datetime
    area: str = ""
    department: DepartmentId | None = None
    status: Status | None = None

    @property
    def resolution(self) -> int:
        """Give the H3 resolution whose cells part the box into at most `GROUPS_AT_MOST`.

        The finest is that of the look-up cells.
        """
        return next(
            (
                resolution
                for resolution in range(LOOKUP_RESOLUTION, 0, -1)
                if self.box.area_m2 <= GROUPS_AT_MOST * _cell_area_m2(resolution)
            ),
            0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseGroup:
    """The cases of a view that lie in one cell.

    Args:
        open: how many of them have not ended.
        latitude, longitude: the mean of their places, degrees.
        only: the case, where it is one.
    """

    count: int
    open: int
    latitude: float
    longitude: float
    only: CaseId | None


def box_of(text: str) -> Box:
    """Read a box written as west,south,east,north.

    Raises:
        NotABox: it is none.
    """
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise NotABox(text) from None
    if not (-180.0 <= west < east <= 180.0 and -90.0 <= south < north <= 90.0):
        raise NotABox(text)
    return Box(west=west, south=south, east=east, north=north)


def group_key(cell: int, resolution: int) -> int:
    """Give what all look-up cells in one cell of a coarser resolution begin with.

    An H3 index holds the digits of its resolutions one after the other, three bits each
    (h3geo.org, "H3 index representations").
    """
    return cell >> group_shift(resolution)


def group_shift(resolution: int) -> int:
    """Give how many of a look-up cell's last bits are finer than a resolution."""
    return 3 * (15 - resolution)


def _cell_area_m2(resolution: int) -> float:
    return float(h3.average_hexagon_area(resolution, unit="m^2"))
