"""Open recorded footage by what it is.

A `*.street.json` is a rendered street and brings telemetry and camera; a folder is a set of photos
whose own metadata is both; any other file is a video, which needs a camera file, and a telemetry
file unless it carries its track inside.
"""

from datetime import datetime
from pathlib import Path
from typing import Final

from dispatch.wire import EARLIEST, Platform
from edge.errors import EdgeError
from edge.footage import Footage
from edge.photo import OTHER_SUFFIXES, PHOTO_SUFFIXES
from edge.placing.camera_file import read_camera
from edge.placing.photo_camera import flight_camera
from edge.sources.photos import PhotoFolder
from edge.sources.street.source import RenderedStreet
from edge.sources.video import VideoFile
from edge.telemetry.embedded import carries_telemetry, satellite_start
from edge.telemetry.opening import open_telemetry
from edge.telemetry.simulated import SimulatedTelemetry
from edge.telemetry.track import TrackTelemetry
from edge.telemetry.wording import Explain

STREET_SUFFIX: Final = ".street.json"
TRACK_SUFFIXES: Final = (".gpx", ".csv", ".srt", ".ubx", ".nmea")


class NoSuchFile(EdgeError):
    """A named file or folder does not exist."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"没有这个文件或文件夹：{path}", f"there is no such file or folder: {path}"
        )
        self.path = path


class NeedsTelemetry(EdgeError):
    """A video alone does not say where it was taken."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"录像 {path} 需要轨迹和相机文件：请加 --telemetry 和 --camera",
            f"the video {path} needs a track and a camera file: add --telemetry and --camera",
        )
        self.path = path


class LoneTrack(EdgeError):
    """A track, or a drone's subtitles, lies there without the video that it belongs to."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name} 是轨迹或字幕，旁边没有录像：请把同名的录像一起拷入",
            f"{path.name} is a track or subtitles without a video beside it: copy the video of the "
            "same name as well",
        )
        self.path = path


class LoosePhoto(EdgeError):
    """A single photo is no flight."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"照片 {path.name} 没有放进文件夹：一次飞行的照片请放进一个文件夹再拷入",
            f"the photo {path.name} lies loose: put the photos of one flight into one folder",
        )
        self.path = path


def open_footage(
    path: Path,
    *,
    telemetry: Path | None,
    camera: Path | None,
    starts_at: datetime | None,
    explain: Explain,
) -> Footage:
    """Open footage with its telemetry and camera.

    Args:
        starts_at: time of a video's first frame, if not as its file says.
        explain: is told, in Chinese and English, what was recognised and what was left out.

    Raises:
        NoSuchFile: one of the files is missing.
        NeedsTelemetry: a video comes alone.
        LoosePhoto: it is one photo, not a folder of them.
        LoneTrack: it is a track, not footage.
        EdgeError: what was wrong with a file.
    """
    for named in (path, telemetry, camera):
        if named is not None and not named.exists():
            raise NoSuchFile(named)
    if path.name.endswith(STREET_SUFFIX):
        return _open_street(path)
    if path.is_dir():
        return _open_photos(path, telemetry=telemetry, camera=camera, explain=explain)
    _check_stands_alone(path)
    if telemetry is None and camera is not None and carries_telemetry(path):
        telemetry = path
    if telemetry is None or camera is None:
        # What is no video should be told so, before it is told what it lacks.
        VideoFile(path, starts_at=starts_at or EARLIEST)
        raise NeedsTelemetry(path)
    return _open_video(path, telemetry, camera, starts_at=starts_at, explain=explain)


def _check_stands_alone(path: Path) -> None:
    suffix = path.suffix.lower()
    if suffix in PHOTO_SUFFIXES | OTHER_SUFFIXES:
        raise LoosePhoto(path)
    if suffix in TRACK_SUFFIXES:
        raise LoneTrack(path)


def _open_street(path: Path) -> Footage:
    source = RenderedStreet(path)
    return Footage(
        source=source,
        telemetry=SimulatedTelemetry(path),
        camera=source.camera(),
        photos=source.platform is Platform.DRONE,
    )


def _open_photos(
    path: Path, *, telemetry: Path | None, camera: Path | None, explain: Explain
) -> Footage:
    source = PhotoFolder(path)
    for refused in source.refused:
        explain(refused.zh, refused.en)
    return Footage(
        source=source,
        telemetry=open_telemetry(path if telemetry is None else telemetry, explain=explain),
        camera=flight_camera(source.photos) if camera is None else read_camera(camera),
        photos=True,
    )


def _open_video(
    path: Path, telemetry: Path, camera: Path, *, starts_at: datetime | None, explain: Explain
) -> Footage:
    if telemetry == path and starts_at is None:
        starts_at = _by_satellites(path, explain)
    seen_by = read_camera(camera)
    flown = seen_by.mounting.height_above_ground_m is None
    source = VideoFile(
        path,
        starts_at=starts_at,
        platform=Platform.DRONE if flown else Platform.VEHICLE,
    )
    track = open_telemetry(telemetry, explain=explain, starts_at=source.span[0])
    if isinstance(track, TrackTelemetry):
        source.check_overlap(track.span)
    return Footage(source=source, telemetry=track, camera=seen_by, photos=False)


def _by_satellites(path: Path, explain: Explain) -> datetime | None:
    """Give when a video began by the satellite time inside, which no one sets by hand."""
    starts_at = satellite_start(path)
    if starts_at is not None:
        explain(
            f"录像开始时间取自其中的卫星时间：{starts_at:%Y-%m-%d %H:%M:%S}Z",
            f"the video began at {starts_at:%Y-%m-%d %H:%M:%S}Z by the satellite time inside",
        )
    return starts_at
