"""Telemetry recognised by what it holds; the one place where a format is added."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from edge.placing.pose import Telemetry
from edge.telemetry.cleaning import clean
from edge.telemetry.csv_track import is_csv, read_csv
from edge.telemetry.embedded import embedded_in, is_video
from edge.telemetry.gpmf import is_gpmf, read_gpmf
from edge.telemetry.gpx import is_gpx, read_gpx
from edge.telemetry.log import Log, Read, Recorded
from edge.telemetry.photos import NON_RTK, PhotoTelemetry
from edge.telemetry.srt import is_srt, read_srt
from edge.telemetry.track import RECEIVER, TrackTelemetry, UnusableTelemetry
from edge.telemetry.ubx import is_receiver, read_receiver
from edge.telemetry.wording import Explain, explain_log

_HEAD_BYTES: Final = 4096
_MOST_BYTES: Final = 512 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A kind of telemetry file.

    Attributes:
        recognises: whether a file, by its path and first bytes, is of this kind.
    """

    name: str
    recognises: Callable[[Path, bytes], bool]
    read: Read


FORMATS: Final[tuple[Format, ...]] = (
    Format(name="GPX", recognises=is_gpx, read=read_gpx),
    Format(name="GoPro GPMF", recognises=is_gpmf, read=read_gpmf),
    Format(name="DJI SRT", recognises=is_srt, read=read_srt),
    Format(name="u-blox UBX / NMEA", recognises=is_receiver, read=read_receiver),
    Format(name="CSV", recognises=is_csv, read=read_csv),
)


class NoGimbalAngles(UnusableTelemetry):
    """A drone's track says where it was, but not where its camera looked."""

    def __init__(self, path: Path, fixes: int) -> None:
        super().__init__(
            path,
            f"{fixes} 个定位点都没有云台角，不知道镜头朝向；请改用写有云台角的照片或记录",
            f"none of its {fixes} fixes has gimbal angles, so where the camera looked is unknown: "
            "use photos or a record that state them",
        )
        self.fixes = fixes


def open_telemetry(
    path: Path, *, explain: Explain | None = None, starts_at: datetime | None = None
) -> Telemetry:
    """Open a telemetry file, or a folder of drone photos, which is its own telemetry.

    Args:
        explain: is told, in Chinese and English, what was recognised, used and dropped.
        starts_at: when the video began that the telemetry accompanies; subtitles count from it.

    Raises:
        NoGimbalAngles: a drone's track without its camera's attitude.
        UnusableTelemetry: no format recognises it, or the one that does cannot use it.
        NoPhotos: a folder without usable photos.
    """
    tell = explain or _quietly
    if path.is_dir():
        return PhotoTelemetry(path, explain=tell)
    kind, log, digest = read_log(path, starts_at=starts_at)
    tell(f"识别为 {kind.name}", f"recognised as {kind.name}")
    cleaned = clean(log.fixes)
    explain_log(log, cleaned, tell)
    fixes = cleaned.fixes
    if log.flown:
        fixes = tuple(fix for fix in fixes if fix.yaw is not None)
        if len(fixes) < len(cleaned.fixes):
            left = len(cleaned.fixes) - len(fixes)
            tell(f"{left} 个定位点没有云台角", f"{left} fixes without gimbal angles")
        if not fixes:
            raise NoGimbalAngles(path, len(cleaned.fixes))
    return TrackTelemetry(path, fixes, digest=digest, error=NON_RTK if log.flown else RECEIVER)


def read_log(path: Path, *, starts_at: datetime | None = None) -> tuple[Format, Log, str]:
    """Recognise and read a telemetry file; give its format, what it holds, and its hash.

    Raises:
        UnusableTelemetry: no format recognises it, or the one that does finds nothing to use.
    """
    content = _content(path)
    for kind in FORMATS:
        if kind.recognises(path, content[:_HEAD_BYTES]):
            log = kind.read(Recorded(path=path, content=content, starts_at=starts_at))
            return kind, log, hashlib.sha256(content).hexdigest()
    known = ", ".join(kind.name for kind in FORMATS)
    raise UnusableTelemetry(
        path,
        f"不认识的格式（支持 {known}、无人机照片）",
        f"no known format ({known}, drone photos)",
    )


def _content(path: Path) -> bytes:
    """Give what a file holds, or what the telemetry track of a video does."""
    try:
        with path.open("rb") as file:
            if is_video(file.read(_HEAD_BYTES)):
                return embedded_in(path)
        if path.stat().st_size > _MOST_BYTES:
            raise UnusableTelemetry(path, "文件过大", "it is too large")
        return path.read_bytes()
    except OSError as error:
        raise UnusableTelemetry(path, "读不到这个文件", "it cannot be read") from error


def _quietly(_zh: str, _en: str) -> None:
    """Tell nobody."""
