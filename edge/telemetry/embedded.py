"""Telemetry inside a video: GoPro's metadata track, or DJI's subtitles as a text track.

The track's packets, put one behind the other, are what a file of their own would hold, so the same
readers take them. Only that track is read; the pictures, gigabytes of them, are skipped.
A GoPro's clock is set by hand and its satellites' is not: what its metadata says of the time at a
moment of the video tells when the video began.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Final

import av
from av.container import InputContainer
from av.stream import Discard, Stream

from edge.telemetry.gpmf import read_gpmf
from edge.telemetry.log import Recorded
from edge.telemetry.track import UnusableTelemetry

_GOPRO: Final = b"DEVC"
_MOST_BYTES: Final = 256 * 2**20
_TEXT: Final = "mov_text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """A piece of a telemetry track; seconds after the start of the video."""

    after_s: float
    lasts_s: float
    content: bytes


def is_video(head: bytes) -> bool:
    """Say whether a file is an MP4 or QuickTime video, by its first bytes."""
    return head[4:8] == b"ftyp"


def carries_telemetry(path: Path) -> bool:
    """Say whether a file is a video with telemetry inside."""
    with suppress(UnusableTelemetry):
        return bool(embedded_in(path))
    return False


def embedded_in(path: Path) -> bytes:
    """Give the telemetry inside a video as a file of its own would hold it.

    Raises:
        UnusableTelemetry: the video cannot be read, or carries none.
    """
    packets = _packets(path)
    if not packets:
        raise UnusableTelemetry(
            path,
            "视频里没有遥测轨道（GoPro 元数据或大疆字幕）；请另给轨迹文件",
            "the video carries no telemetry track (GoPro metadata, DJI subtitles): "
            "give a track file of its own",
        )
    if packets[0].content.startswith(_GOPRO):
        return b"".join(packet.content for packet in packets)
    return "\n".join(_cues(packets)).encode()


def satellite_start(path: Path) -> datetime | None:
    """Give when a video began by the satellite time inside; None where it has none.

    The median over the metadata's packets, each of which is stamped in both times.
    """
    try:
        packets = _packets(path)
    except UnusableTelemetry:
        return None
    starts = list(_starts(path, [one for one in packets if one.content.startswith(_GOPRO)]))
    if not starts:
        return None
    after_s = median((start - starts[0]).total_seconds() for start in starts)
    return starts[0] + timedelta(seconds=after_s)


def _starts(path: Path, packets: list[Packet]) -> Iterator[datetime]:
    for packet in packets:
        with suppress(UnusableTelemetry):
            log = read_gpmf(Recorded(path=path, content=packet.content))
            yield log.fixes[0].at - timedelta(seconds=packet.after_s)


def _packets(path: Path) -> list[Packet]:
    try:
        with av.open(str(path), mode="r") as container:
            stream = _stream(container)
            return [] if stream is None else list(_read(path, container, stream))
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise UnusableTelemetry(path, "视频读不下去", "the video cannot be read") from error


def _stream(container: InputContainer) -> Stream | None:
    """Choose the telemetry track and skip all others."""
    chosen: Stream | None = None
    for stream in container.streams:
        gopro = stream.type == "data" and "GoPro MET" in stream.metadata.get("handler_name", "")
        text = stream.type == "subtitle" and stream.codec_context.name == _TEXT
        if chosen is None and (gopro or text):
            chosen = stream
        else:
            stream.discard = Discard.all
    return chosen


def _read(path: Path, container: InputContainer, stream: Stream) -> Iterator[Packet]:
    read = 0
    for packet in container.demux(stream):
        if packet.pts is None or not packet.size:
            continue
        read += packet.size
        if read > _MOST_BYTES:
            raise UnusableTelemetry(path, "遥测轨道过大", "its telemetry track is too large")
        content = bytes(packet)
        if stream.type == "subtitle":
            content = content[2 : 2 + int.from_bytes(content[:2], "big")]
        if content:
            yield Packet(
                after_s=float(packet.pts * packet.time_base),
                lasts_s=float((packet.duration or 0) * packet.time_base),
                content=content,
            )


def _cues(packets: list[Packet]) -> Iterator[str]:
    """Give subtitles as their file would say them."""
    for number, packet in enumerate(packets, start=1):
        begin, end = _stamp(packet.after_s), _stamp(packet.after_s + packet.lasts_s)
        text = packet.content.decode("utf-8", "replace").strip()
        yield f"{number}\n{begin} --> {end}\n{text}\n"


def _stamp(seconds: float) -> str:
    whole = round(max(0.0, seconds) * 1000.0)
    minutes, rest = divmod(whole, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d},{rest % 1000:03d}"
