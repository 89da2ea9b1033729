"""The datums of maps in China, for what is shown and linked; what is stored is WGS 84, always.

GCJ-02 shifts WGS 84 by up to 700 m inside China, BD-09 shifts GCJ-02 once more. The forward ways
are the published formulas (Krasovsky's ellipsoid of 1940 and sums of sines); backwards, the point
is sought that the forward way brings to the given one. Outside the rectangle around China nothing
is shifted. The rectangle takes in neighbours, Hong Kong and Macau; where a map of these is not
shifted, choose WGS 84.
"""

import math
from enum import StrEnum
from typing import Final

_AXIS_M: Final = 6_378_245.0
_ECCENTRICITY2: Final = 0.00669342162296594323
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_BAIDU_TURN: Final = math.pi * 3000.0 / 180.0
_BAIDU_EAST, _BAIDU_NORTH = 0.0065, 0.006
_NEAR_DEG: Final = 1e-10
_STEPS: Final = 20


class Datum(StrEnum):
    """What a map's coordinates refer to (坐标系)."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def from_wgs84(latitude: float, longitude: float, datum: Datum) -> tuple[float, float]:
    """Give the latitude and longitude, degrees, at which a map of a datum shows a place."""
    if datum is Datum.WGS84 or not _is_shifted(latitude, longitude):
        return latitude, longitude
    shown = _gcj02(latitude, longitude)
    return shown if datum is Datum.GCJ02 else _bd09(*shown)


def to_wgs84(latitude: float, longitude: float, datum: Datum) -> tuple[float, float]:
    """Give the latitude and longitude, degrees, of what a map of a datum shows at a point.

    Within 1e-9 degrees inside China. At the rectangle's border, where the forward way jumps, some
    points are shown by no place and others by two; there the error is that of the shift.
    """
    north, east = latitude, longitude
    for _ in range(_STEPS):
        shown = from_wgs84(north, east, datum)
        up, right = latitude - shown[0], longitude - shown[1]
        north, east = north + up, east + right
        if max(abs(up), abs(right)) < _NEAR_DEG:
            break
    return north, east


def _is_shifted(latitude: float, longitude: float) -> bool:
    return _SOUTH <= latitude <= _NORTH and _WEST <= longitude <= _EAST


def _gcj02(latitude: float, longitude: float) -> tuple[float, float]:
    x, y = longitude - 105.0, latitude - 35.0
    sine = math.sin(math.radians(latitude))
    shrink = 1.0 - _ECCENTRICITY2 * sine * sine
    meridian_m = _AXIS_M * (1.0 - _ECCENTRICITY2) / (shrink * math.sqrt(shrink))
    parallel_m = _AXIS_M / math.sqrt(shrink) * math.cos(math.radians(latitude))
    return (
        latitude + math.degrees(_north_m(x, y) / meridian_m),
        longitude + math.degrees(_east_m(x, y) / parallel_m),
    )


def _north_m(x: float, y: float) -> float:
    smooth = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    waves = _waves(x, (20.0, 6.0), (20.0, 2.0))
    waves += _waves(y, (20.0, 1.0), (40.0, 1.0 / 3.0))
    return smooth + 2.0 / 3.0 * (waves + _waves(y, (160.0, 1.0 / 12.0), (320.0, 1.0 / 30.0)))


def _east_m(x: float, y: float) -> float:
    smooth = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    waves = _waves(x, (20.0, 6.0), (20.0, 2.0))
    waves += _waves(x, (20.0, 1.0), (40.0, 1.0 / 3.0))
    return smooth + 2.0 / 3.0 * (waves + _waves(x, (150.0, 1.0 / 12.0), (300.0, 1.0 / 30.0)))


def _waves(way: float, *parts: tuple[float, float]) -> float:
    """Sum sines of a way in degrees, each with its height and its turns by pi a degree."""
    return sum(height * math.sin(way * turns * math.pi) for height, turns in parts)


def _bd09(latitude: float, longitude: float) -> tuple[float, float]:
    far = math.hypot(longitude, latitude) + 0.00002 * math.sin(latitude * _BAIDU_TURN)
    angle = math.atan2(latitude, longitude) + 0.000003 * math.cos(longitude * _BAIDU_TURN)
    return far * math.sin(angle) + _BAIDU_NORTH, far * math.cos(angle) + _BAIDU_EAST
