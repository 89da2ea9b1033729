"""GPX 1.0 and 1.1 tracks, by gpxpy; entities are refused before it reads them.

Elevation is above mean sea level; ellipsoidal height is known only where the geoid's is stated.
"""

import hashlib
import math
from pathlib import Path
from typing import Final

import gpxpy
import gpxpy.gpx
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from edge.telemetry.track import Fix, TrackTelemetry, UnusableTelemetry, clean
from edge.telemetry.wording import Explain, explain_cleaned

_RANGE_ERROR_M: Final = 2.0
"""Receiver error for a dilution of precision of 1, per axis."""


def is_gpx(path: Path, head: bytes) -> bool:
    """Say whether a file is GPX."""
    return path.suffix.lower() == ".gpx" or b"<gpx" in head


def read_gpx(path: Path, *, explain: Explain) -> TrackTelemetry:
    """Read the track points of a GPX file that carry a time.

    Raises:
        UnusableTelemetry: it is no GPX, or has no track with times at 1 Hz or faster.
    """
    content = path.read_bytes()
    try:
        ElementTree.fromstring(content)
        gpx = gpxpy.parse(content.decode("utf-8-sig"))
    except (ElementTree.ParseError, DefusedXmlException, gpxpy.gpx.GPXException) as error:
        raise UnusableTelemetry(path, f"不是有效的 GPX：{error}", f"not GPX: {error}") from error
    except (UnicodeDecodeError, ValueError) as error:
        raise UnusableTelemetry(path, f"GPX 内容有误：{error}", f"bad GPX: {error}") from error
    points = [
        point for track in gpx.tracks for segment in track.segments for point in segment.points
    ]
    timed = [point for point in points if point.time is not None]
    fixes = [_fix(point) for point in timed]
    cleaned = clean(fixes)
    explain(
        f"GPX：{len(points)} 个轨迹点，{len(timed)} 个有时间",
        f"GPX: {len(points)} track points, {len(timed)} with a time",
    )
    explain_cleaned(cleaned, explain)
    if not timed:
        raise UnusableTelemetry(path, "轨迹点都没有时间", "no track point has a time")
    return TrackTelemetry(path, cleaned.fixes, digest=hashlib.sha256(content).hexdigest())


def _fix(point: gpxpy.gpx.GPXTrackPoint) -> Fix:
    assert point.time is not None, "untimed points are left out"
    elevation, geoid = point.elevation, point.geoid_height
    dilution = point.horizontal_dilution
    course = getattr(point, "course", None)
    return Fix(
        at=point.time,
        latitude=point.latitude,
        longitude=point.longitude,
        height_hae_m=None if elevation is None or geoid is None else elevation + geoid,
        yaw=None if course is None else math.radians(course),
        sigma_m=None if dilution is None else max(0.5, _RANGE_ERROR_M * dilution),
    )
