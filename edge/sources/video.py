"""A recorded video as frames with their true presentation times, by PyAV."""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Final, cast

import av
import numpy as np
from av.container import InputContainer
from av.sidedata.sidedata import SideDataContainer
from av.sidedata.sidedata import Type as SideDataType
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from dispatch.wire import Platform
from edge.errors import EdgeError
from edge.frame import Frame
from edge.sources.decoded import sharpness_of

SAMPLED_FPS: Final = 5.0
"""At 10 m/s two metres between frames: a thing is in reach for six of them."""
MAX_PIXELS: Final = 50_000_000
GOES_BACK_S: Final = 1
"""Further back than that, times begin anew."""
_SLACK: Final = Fraction(1, 1000)
_CHUNK: Final = 1 << 20


class UnusableVideo(EdgeError):
    """A file cannot be used as a video, and why."""

    def __init__(self, path: Path, zh: str, en: str) -> None:
        super().__init__(f"视频 {path} 不能用：{zh}", f"video {path} cannot be used: {en}")
        self.path = path


class CutOffVideo(EdgeError):
    """A video ends in the middle: what came before was looked at, the rest is missing."""

    def __init__(self, path: Path, frames: int) -> None:
        super().__init__(
            f"视频 {path} 在第 {frames} 帧之后读不下去，文件可能不完整；请重新拷贝",
            f"video {path} cannot be read on after frame {frames}: it may be cut off, "
            "copy it again",
        )
        self.path, self.frames = path, frames


class TimesGoBack(CutOffVideo):
    """The times of a video begin anew in the middle, so what follows cannot be dated."""

    def __init__(self, path: Path, frames: int) -> None:
        super().__init__(path, frames)
        self.zh = f"视频 {path} 的时间在第 {frames} 帧之后倒退，后面的画面不用；请把各段分开拷贝"
        self.en = (
            f"the times of video {path} go back after frame {frames}: what follows is not used, "
            "copy its parts as files of their own"
        )


class NoOverlap(EdgeError):
    """Footage and telemetry are not of the same time."""

    def __init__(
        self, footage: tuple[datetime, datetime], track: tuple[datetime, datetime]
    ) -> None:
        said = " — ".join(f"{at:%Y-%m-%d %H:%M:%S}Z" for at in footage)
        recorded = " — ".join(f"{at:%Y-%m-%d %H:%M:%S}Z" for at in track)
        super().__init__(
            f"画面时间 {said} 与遥测时间 {recorded} 不重叠；"
            "请检查文件是否配对，或用 --start 指定开始时间",
            f"the footage of {said} does not overlap the telemetry of {recorded}: check that they "
            "belong together, or state the start with --start",
        )
        self.footage, self.track = footage, track


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedFrame:
    """A frame of a video, in the decoder's own form until it is looked at.

    Attributes:
        seconds: its presentation time after the first frame.
    """

    index: int
    at: datetime
    seconds: Fraction
    picture: VideoFrame = field(repr=False)

    def sharpness(self) -> float:
        """Give how sharp it is, 0 to 1."""
        return sharpness_of(self.picture)

    def develop(self) -> Frame:
        """Give its pixels, turned upright as the file says (its display matrix)."""
        stored = self.picture.to_ndarray(format="bgr24")
        upright = np.rot90(stored, round(self.picture.rotation / 90))
        return Frame(
            index=self.index,
            at=self.at,
            image=np.ascontiguousarray(upright, np.uint8),
            name=f"{float(self.seconds):.3f} s",
        )


class VideoFile:
    """A video file: frames at a steady rate, or every frame to choose from."""

    def __init__(
        self,
        path: Path,
        *,
        starts_at: datetime | None = None,
        platform: Platform = Platform.VEHICLE,
        fps: float = SAMPLED_FPS,
    ) -> None:
        """Open a video and read what it says of itself.

        Args:
            starts_at: time of its first frame, aware; None takes the file's own creation time.
            fps: frames to give per second of footage, > 0; never more than it has.

        Raises:
            UnusableVideo: no video, too large frames, or nothing says when it starts.
        """
        self._path, self._platform, self._fps = path, platform, fps
        with _open(path) as container:
            stream = _stream(path, container)
            self._seconds = _duration(container, stream)
            said = container.metadata.get("creation_time")
        self._starts_at = starts_at.astimezone(UTC) if starts_at else _created(path, said)
        self._digest = _digest(path)

    @property
    def digest(self) -> str:
        """Hash of the file."""
        return self._digest

    @property
    def platform(self) -> Platform:
        """What carried the camera."""
        return self._platform

    @property
    def rendered(self) -> bool:
        """Videos are taken, not drawn."""
        return False

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Give the times of the first and, as the file states it, the last frame."""
        return self._starts_at, self._starts_at + timedelta(seconds=self._seconds)

    def check_overlap(self, track: tuple[datetime, datetime]) -> None:
        """Check that telemetry of a span is of the same time.

        Raises:
            NoOverlap: it is not.
        """
        first, last = self.span
        if track[1] < first or track[0] > last:
            raise NoOverlap(self.span, track)

    def frames(self) -> Iterator[Frame]:
        """Decode and give frames at the steady rate.

        Raises:
            UnusableVideo: nothing can be decoded.
            CutOffVideo: decoding fails on the way, or ends well before the stated duration.
        """
        wanted = Fraction(0)
        step = 1 / Fraction(self._fps).limit_denominator(1000)
        for recorded in self.recorded():
            if recorded.seconds + _SLACK < wanted:
                continue
            wanted = max(wanted + step, recorded.seconds + step / 2)
            yield recorded.develop()

    def recorded(self) -> Iterator["RecordedFrame"]:
        """Decode and give every frame, to choose from.

        Raises:
            UnusableVideo: nothing can be decoded, or the file turns it askew or mirrors it.
            CutOffVideo: decoding fails on the way, or ends well before the stated duration.
        """
        number, last_s = 0, Fraction(0)
        with _open(self._path) as container:
            stream = _stream(self._path, container)
            for number, (seconds, picture) in enumerate(self._decoded(container, stream), start=1):
                last_s = seconds
                self._check_way_up(picture)
                yield RecordedFrame(
                    index=number - 1,
                    at=self._starts_at + timedelta(seconds=float(seconds)),
                    seconds=seconds,
                    picture=picture,
                )
        if self._seconds - float(last_s) > max(1.0, 0.05 * self._seconds):
            raise CutOffVideo(self._path, number)

    def _decoded(
        self, container: InputContainer, stream: VideoStream
    ) -> Iterator[tuple[Fraction, VideoFrame]]:
        """Give the frames with their time after the first."""
        first: Fraction | None = None
        last = Fraction(-1)
        number = 0
        try:
            for picture in container.decode(stream):
                if picture.pts is None or picture.time_base is None:
                    continue
                seconds = picture.pts * picture.time_base
                first = seconds if first is None else first
                if last - (seconds - first) > GOES_BACK_S:
                    raise TimesGoBack(self._path, number)
                if seconds - first <= last:
                    # Two pictures of one moment: the first stands.
                    continue
                last = seconds - first
                yield last, picture
                number += 1
        except av.error.FFmpegError as error:
            if number:
                raise CutOffVideo(self._path, number) from error
            raise UnusableVideo(self._path, "一帧也解不出来", "not one frame decodes") from error
        if not number:
            raise UnusableVideo(self._path, "一帧也解不出来", "not one frame decodes")

    def _check_way_up(self, picture: VideoFrame) -> None:
        """Take only quarter turns.

        Whether a mirrored picture shows the street or its mirror image, the file does not say:
        cameras on the driver's side and telephones write either.
        """
        if _is_mirrored(picture):
            raise UnusableVideo(
                self._path,
                "显示矩阵把画面左右镜像，位置会左右颠倒；请关闭相机的镜像（前置、自拍）重新拍摄，"
                "画面里的字是正的就去掉该标记后再试",
                "its display matrix mirrors it, so places would lie on the wrong side: turn the "
                "camera's mirror (front, selfie) off; if writing in the stored picture reads "
                "rightly, remove that matrix and try again",
            )
        if picture.rotation % 90:
            raise UnusableVideo(
                self._path,
                f"旋转标记为 {picture.rotation} 度，只能是 90 度的倍数；请去掉该标记后再试",
                f"its display matrix turns it by {picture.rotation} degrees, which is no multiple "
                "of 90: remove that matrix and try again",
            )


def _is_mirrored(picture: VideoFrame) -> bool:
    """Say whether the display matrix reflects: its upper left 2x2 part turns a corner around."""
    # The library's stub of a frame knows of motion vectors only.
    side = cast(SideDataContainer, picture.side_data)
    for said in (side[index] for index in range(len(side))):
        if said.type is SideDataType.DISPLAYMATRIX:
            a, b, _, c, d, *_ = struct.unpack("=9i", bytes(said))
            return bool(a * d - b * c < 0)
    return False


def _open(path: Path) -> InputContainer:
    try:
        return av.open(str(path), mode="r")
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise UnusableVideo(path, "不是视频文件", "it is no video") from error


def _stream(path: Path, container: InputContainer) -> VideoStream:
    if not container.streams.video:
        raise UnusableVideo(path, "文件里没有视频", "it holds no video stream")
    stream = container.streams.video[0]
    if not 0 < stream.width * stream.height <= MAX_PIXELS:
        raise UnusableVideo(
            path,
            f"画面 {stream.width}×{stream.height}",
            f"frames of {stream.width}x{stream.height}",
        )
    stream.thread_type = "AUTO"
    return stream


def _duration(container: InputContainer, stream: VideoStream) -> float:
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return 0.0 if container.duration is None else container.duration / 1e6


def _created(path: Path, said: str | None) -> datetime:
    try:
        at = datetime.fromisoformat(said or "")
    except ValueError as error:
        raise UnusableVideo(
            path,
            "文件没有写录制时间，请用 --start 指定第一帧的时间",
            "it does not say when it was recorded: state the time of its first frame with --start",
        ) from error
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
