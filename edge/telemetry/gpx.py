"""GPX 1.0 and 1.1 tracks, by gpxpy; entities are refused before it reads them.

Elevation is above mean sea level; ellipsoidal height is known only where the geoid's is stated.
"""

from datetime import UTC
from pathlib import Path
from typing import Final

import gpxpy
import gpxpy.gpx
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from edge.telemetry.log import NO_TIME, Log, Recorded, Words
from edge.telemetry.track import Fix, velocity

_RANGE_ERROR_M: Final = 2.0
"""Receiver error for a dilution of precision of 1, per axis."""

_UTC: Final[Words] = (
    "时间没有写时区，按 UTC 处理",
    "no time zone is stated: times are read as UTC",
)


def is_gpx(path: Path, head: bytes) -> bool:
    """Say whether a file is GPX."""
    return path.suffix.lower() == ".gpx" or b"<gpx" in head


def read_gpx(recorded: Recorded) -> Log:
    """Read the track points of a GPX file that carry a time.

    Raises:
        UnusableTelemetry: it is no GPX, or no point of it has a time.
    """
    try:
        ElementTree.fromstring(recorded.content)
        gpx = gpxpy.parse(recorded.content.decode("utf-8-sig"))
    except (ElementTree.ParseError, DefusedXmlException, gpxpy.gpx.GPXException) as error:
        raise recorded.unusable(f"不是有效的 GPX：{error}", f"not GPX: {error}") from error
    except (UnicodeDecodeError, ValueError) as error:
        raise recorded.unusable(f"GPX 内容有误：{error}", f"bad GPX: {error}") from error
    points = [
        point for track in gpx.tracks for segment in track.segments for point in segment.points
    ]
    timed = [point for point in points if point.time is not None]
    if not timed:
        raise recorded.unusable("轨迹点都没有时间", "no track point has a time")
    unzoned = any(point.time is not None and point.time.tzinfo is None for point in timed)
    return Log(
        rows=len(points),
        fixes=tuple(_fix(point) for point in timed),
        dropped=((NO_TIME, len(points) - len(timed)),),
        assumed=(_UTC,) if unzoned else (),
    )


def _fix(point: gpxpy.gpx.GPXTrackPoint) -> Fix:
    assert point.time is not None, "untimed points are left out"
    elevation, geoid = point.elevation, point.geoid_height
    dilution = point.horizontal_dilution
    course, speed = getattr(point, "course", None), point.speed
    return Fix(
        at=point.time.replace(tzinfo=point.time.tzinfo or UTC).astimezone(UTC),
        latitude=point.latitude,
        longitude=point.longitude,
        height_hae_m=None if elevation is None or geoid is None else elevation + geoid,
        sigma_m=None if dilution is None else max(0.5, _RANGE_ERROR_M * dilution),
        velocity=None if course is None or speed is None else velocity(speed, course),
    )
