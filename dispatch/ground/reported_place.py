"""Where a person says that something is, as a position with its error; WGS 84, m² east-north."""

import math
from datetime import date
from typing import Final

import shapely

from dispatch.errors import DispatchError
from dispatch.ground.grid import GridMap
from dispatch.ground.place import EARTH_RADIUS_M
from dispatch.wire import Covariance, Position

SIGMAS_IN_STATED: Final = 1.515
"""Radius that holds 68 % of a plane normal error, in standard errors.

W3C Geolocation asks for the radius of 95 %, Android's receivers state that of 68 % and browsers
hand it on; the wider error of the two readings is taken.
"""
STAND_OFF_M: Final = 3.0
"""Who reports stands beside the thing, not on it."""
PIN_SIGMA_M: Final = 5.0
"""How well a thumb puts a pin on a map, one axis."""
SHARED_M2: Final = 0.01
"""A report shares its error with nothing: the least that the wire's form takes."""


class NoSuchArea(DispatchError):
    """No grid of the city that counts on the day lies in the area."""

    def __init__(self, area: str) -> None:
        super().__init__(
            f"没有编号以“{area}”开头的网格，请重新选择地点",
            f"no grid of the city has an id that begins with '{area}': choose the place again",
        )
        self.area = area


def from_phone(latitude: float, longitude: float, *, accuracy_m: float) -> Position:
    """Give the position of what the owner of a phone reports.

    Args:
        accuracy_m: the radius that the phone states, > 0.
    """
    variance = (accuracy_m / SIGMAS_IN_STATED) ** 2 + STAND_OFF_M**2
    return _position(latitude, longitude, ee=variance, nn=variance)


def from_pin(latitude: float, longitude: float) -> Position:
    """Give the position of a pin that a person put on the map."""
    return _position(latitude, longitude, ee=PIN_SIGMA_M**2, nn=PIN_SIGMA_M**2)


def from_area(area: str, *, grids: GridMap, day: date) -> Position:
    """Give the middle of an area; the error is that of a point anywhere within its bounds.

    Args:
        area: leading digits of grid ids.

    Raises:
        NoSuchArea: no grid that counts on the day lies in it.
    """
    found = [each for each in grids.grids if each.id.startswith(area) and each.valid_on(day)]
    if not area or not found:
        raise NoSuchArea(area)
    ground = shapely.union_all([each.polygon for each in found])
    inside = ground.centroid if ground.covers(ground.centroid) else ground.representative_point()
    west, south, east, north = ground.bounds
    across_m = math.radians(east - west) * EARTH_RADIUS_M * math.cos(math.radians(inside.y))
    along_m = math.radians(north - south) * EARTH_RADIUS_M
    return _position(inside.y, inside.x, ee=across_m**2 / 12.0, nn=along_m**2 / 12.0)


def _position(latitude: float, longitude: float, *, ee: float, nn: float) -> Position:
    return Position(
        latitude=latitude,
        longitude=longitude,
        shared=Covariance(ee=SHARED_M2, en=0.0, nn=SHARED_M2),
        own=Covariance(ee=ee, en=0.0, nn=nn),
    )
