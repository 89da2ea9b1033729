"""DJI subtitles: a video's telemetry, one cue a frame or a second, in the dialect of its drone.

What a dialect may hide, and how it is told:
- `GPS(longitude, latitude, satellites)`; only with a third value in metres (`0.0M`) is it
  `GPS(latitude, longitude, height)`. Named values are taken by name, also as `longtitude`.
- `G.PRY` is the gimbal's pitch, roll, yaw, in this order; `F.PRY` is the aircraft's and not used.
- `H`, `BAROMETER`, `Hb`, `rel_alt` count from take-off. `altitude` and `abs_alt` mix datums over
  the models and are not read.
- The clock in the text is the pilot's, without a zone. A cue's own time counts from the start of
  the video, and wherever that start is known, it alone dates the fix.
"""

import math
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from edge.telemetry.log import NO_PLACE, NO_TIME, Log, Recorded, Words
from edge.telemetry.track import Fix

_NUMBER: Final = r"[-+]?\d+(?:\.\d+)?"
_CUE: Final = re.compile(r"(\d+):(\d\d):(\d\d)[,.](\d{3})\s*-->")
_CLOCK: Final = re.compile(
    r"(\d{4})[-.](\d{1,2})[-.](\d{1,2}) (\d{1,2}):(\d\d):(\d\d)(?:[.,](\d{3}))?(?:,(\d{3})\b)?"
)
_GPS: Final = re.compile(rf"GPS\s*\(\s*({_NUMBER})\s*,\s*({_NUMBER})\s*,\s*{_NUMBER}\s*(M?)\s*\)")
_GIMBAL: Final = re.compile(
    rf"G\.PRY\s*\(\s*({_NUMBER})[^,\d]*,\s*({_NUMBER})[^,\d]*,\s*({_NUMBER})"
)
_HEIGHT: Final = re.compile(rf"(?:\bH |BAROMETER:|\bHb:|\brel_alt:\s*)({_NUMBER})")
_TAG: Final = re.compile(r"<[^>]*>")
_BLOCKS: Final = re.compile(r"\n\s*\n")
_METRES_A_DEGREE: Final = 111_320.0
_RECEIVER_M: Final = 1.5

_FROM_VIDEO: Final[Words] = (
    "时间按字幕在录像中的位置计算，不用其中无时区的时钟",
    "times count from the start of the video; the clock in the text has no zone and is not used",
)
_AS_UTC: Final[Words] = (
    "不知道录像开始时间，字幕中无时区的时钟按 UTC 处理",
    "the start of the video is unknown: the clock in the text, without a zone, is read as UTC",
)


@dataclass(frozen=True, slots=True)
class _Place:
    latitude: float
    longitude: float
    decimals: int


def is_srt(path: Path, head: bytes) -> bool:
    """Say whether a file is a subtitle file."""
    return path.suffix.lower() == ".srt" or _CUE.search(_text(head)) is not None


def read_srt(recorded: Recorded) -> Log:
    """Read the subtitles of a DJI video.

    Raises:
        UnusableTelemetry: there is no cue, or none has a place with a time.
    """
    blocks = [part for part in _BLOCKS.split(_text(recorded.content)) if part.strip()]
    lost: Counter[Words] = Counter()
    fixes: list[Fix] = []
    for block in blocks:
        fix = _fix(block, recorded.starts_at)
        if isinstance(fix, Fix):
            fixes.append(fix)
        else:
            lost[fix] += 1
    if not fixes:
        why = "、".join(f"{count} 条{zh}" for (zh, _), count in lost.items()) or "没有内容"
        reason = ", ".join(f"{count} {en}" for (_, en), count in lost.items()) or "it is empty"
        raise recorded.unusable(
            f"字幕中没有可用的定位：{why}", f"no cue has a usable fix: {reason}"
        )
    return Log(
        rows=len(blocks),
        fixes=tuple(fixes),
        dropped=tuple(lost.items()),
        assumed=(_FROM_VIDEO if recorded.starts_at else _AS_UTC,),
        flown=True,
    )


def _text(content: bytes) -> str:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    said = content.decode("utf-16" if wide else "utf-8-sig", "replace")
    return _TAG.sub("", said.replace("\r\n", "\n").replace("\r", "\n"))


def _fix(block: str, starts_at: datetime | None) -> Fix | Words:
    place = _named(block) or _listed(block)
    if place is None:
        return NO_PLACE
    at = _time(block, starts_at)
    if at is None:
        return NO_TIME
    height, gimbal = _HEIGHT.search(block), _gimbal(block)
    coarse_m = _METRES_A_DEGREE / 10**place.decimals / math.sqrt(12.0)
    return Fix(
        at=at,
        latitude=place.latitude,
        longitude=place.longitude,
        height_above_ground_m=float(height[1]) if height else None,
        yaw=gimbal[2] if gimbal else None,
        pitch=gimbal[0] if gimbal else None,
        roll=gimbal[1] if gimbal else None,
        sigma_m=math.hypot(_RECEIVER_M, coarse_m),
    )


def _named(block: str) -> _Place | None:
    latitude, longitude = _bracketed(block, "latitude"), _bracketed(block, "longt?itude")
    if latitude is None or longitude is None:
        return None
    return _Place(float(latitude), float(longitude), _decimals(latitude))


def _bracketed(block: str, name: str) -> str | None:
    found = re.search(rf"\b{name}\s*:\s*({_NUMBER})\s*[\]\s,]", block)
    return found[1] if found else None


def _listed(block: str) -> _Place | None:
    found = _GPS.search(block)
    if found is None:
        return None
    one, other, metres = found.groups()
    latitude, longitude = (one, other) if metres else (other, one)
    return _Place(float(latitude), float(longitude), _decimals(latitude))


def _decimals(said: str) -> int:
    return len(said.partition(".")[2])


def _gimbal(block: str) -> tuple[float, float, float] | None:
    """Give pitch, roll and yaw, radians, referred to the world; None where they are not written."""
    listed = _GIMBAL.search(block)
    said = listed.groups() if listed else _named_gimbal(block)
    if said is None:
        return None
    pitch, roll, yaw = (math.radians(float(value)) for value in said)
    return None if pitch == roll == yaw == 0.0 else (pitch, roll, yaw)


def _named_gimbal(block: str) -> tuple[str, ...] | None:
    values = [_bracketed(block, name) for name in ("gb_pitch", "gb_roll", "gb_yaw")]
    return None if None in values else tuple(value for value in values if value is not None)


def _time(block: str, starts_at: datetime | None) -> datetime | None:
    cue = _CUE.search(block)
    if starts_at is not None and cue is not None:
        hours, minutes, seconds, milliseconds = map(int, cue.groups())
        return starts_at.astimezone(UTC) + timedelta(
            hours=hours, minutes=minutes, seconds=seconds, milliseconds=milliseconds
        )
    clock = _CLOCK.search(block)
    if clock is None:
        return None
    *whole, milli, micro = (int(part or 0) for part in clock.groups())
    try:
        return datetime(*whole, milli * 1000 + micro, tzinfo=UTC)  # type: ignore[arg-type, misc]  # six parts of the pattern
    except ValueError:
        return None
