"""GoPro telemetry (GPMF): nested records of key, type, size, repeat, padded to four bytes.

After the published GPMF format. A DEVC holds STRM; a stream with GPS9 or GPS5 holds places, its
SCAL the divisors, GPSF the quality (2 or 3 is a fix), GPSP the dilution times 100, GPSU the UTC of
a GPS5 packet's first sample. A GPS5 sample is spread over the time to the next packet; GPS9
carries its own time. Altitude mixes datums over the models and is not read. Speed comes without a
course and is not used; orientation (CORI) refers to the camera's start, not to north.
"""

import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from edge.telemetry.log import CUT_OFF, NO_FIX, NO_TIME, UNREADABLE, Log, Recorded, Words
from edge.telemetry.track import Fix

_NESTED: Final = 0
_RANGE_ERROR_M: Final = 2.0
"""Receiver error for a dilution of precision of 1, per axis."""
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_GPS9: Final = struct.Struct(">7i2H")
_GPS5: Final = struct.Struct(">5i")
_PACKET_S: Final = 1.0

_NO_HEIGHT: Final[Words] = (
    "不用高度，因机型而异；朝向取自行驶方向",
    "height is not read, its datum differs by model; the heading is the course",
)


@dataclass(frozen=True, slots=True)
class _Record:
    key: bytes
    kind: int
    size: int
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Packet:
    """GPS5 samples under one time stamp."""

    at: datetime
    places: tuple[tuple[float, float], ...]
    sigma_m: float | None


def is_gpmf(_path: Path, head: bytes) -> bool:
    """Say whether a file is a raw GPMF stream."""
    return head.startswith(b"DEVC")


def read_gpmf(recorded: Recorded) -> Log:
    """Read the places of a raw GPMF stream.

    Raises:
        UnusableTelemetry: no stream holds a place with a time.
    """
    lost: Counter[Words] = Counter()
    packets: list[_Packet] = []
    fixes: list[Fix] = []
    for stream in _streams(recorded.content, lost):
        by_key = {record.key: record for record in stream}
        try:
            if b"GPS9" in by_key:
                fixes.extend(_stamped(by_key, lost))
            elif b"GPS5" in by_key:
                packet = _packet(by_key, lost)
                packets.extend(() if packet is None else (packet,))
        except (struct.error, ValueError, IndexError, ZeroDivisionError, OverflowError):
            lost[UNREADABLE] += 1
    fixes = fixes or _spread(packets)
    if not fixes:
        told_zh = "".join(f"；{count} 条{zh}" for (zh, _), count in lost.items())
        told_en = "".join(f"; {count} {en}" for (_, en), count in lost.items())
        raise recorded.unusable(
            f"没有带时间的定位{told_zh}", f"it holds no place with a time{told_en}"
        )
    return Log(
        rows=len(fixes) + lost.total(),
        fixes=tuple(fixes),
        dropped=tuple(lost.items()),
        assumed=(_NO_HEIGHT,),
    )


def _streams(content: bytes, lost: Counter[Words]) -> Iterator[tuple[_Record, ...]]:
    for device in _records(content, lost):
        if device.key != b"DEVC":
            continue
        for stream in _records(device.body, lost):
            if stream.key == b"STRM" and stream.kind == _NESTED:
                yield tuple(_records(stream.body, lost))


def _records(content: bytes, lost: Counter[Words]) -> Iterator[_Record]:
    at = 0
    while at + 8 <= len(content):
        key, kind, size, repeat = struct.unpack_from(">4sBBH", content, at)
        if key == b"\0\0\0\0":
            return
        end = at + 8 + size * repeat
        if end > len(content):
            lost[CUT_OFF] += 1
            return
        yield _Record(key, kind, size, content[at + 8 : end])
        at = end + -end % 4


def _divisors(by_key: dict[bytes, _Record], count: int) -> tuple[int, ...]:
    scale = by_key.get(b"SCAL")
    if scale is None or scale.size != 4 or len(scale.body) < 4 * count:
        raise ValueError("SCAL")
    return struct.unpack_from(f">{count}i", scale.body)


def _packet(by_key: dict[bytes, _Record], lost: Counter[Words]) -> _Packet | None:
    samples = [
        _GPS5.unpack_from(by_key[b"GPS5"].body, at)
        for at in range(0, len(by_key[b"GPS5"].body), _GPS5.size)
    ]
    quality, stamp = by_key.get(b"GPSF"), by_key.get(b"GPSU")
    if quality is None or struct.unpack_from(">I", quality.body)[0] not in {2, 3}:
        lost[NO_FIX] += len(samples)
        return None
    if stamp is None:
        lost[NO_TIME] += len(samples)
        return None
    scale, dilution = _divisors(by_key, 5), by_key.get(b"GPSP")
    return _Packet(
        at=datetime.strptime(stamp.body.decode("ascii")[:16], "%y%m%d%H%M%S.%f").replace(
            tzinfo=UTC
        ),
        places=tuple((one[0] / scale[0], one[1] / scale[1]) for one in samples),
        sigma_m=_sigma_m(struct.unpack_from(">H", dilution.body)[0]) if dilution else None,
    )


def _spread(packets: list[_Packet]) -> list[Fix]:
    fixes: list[Fix] = []
    for number, packet in enumerate(packets):
        following = packets[number + 1].at if number + 1 < len(packets) else None
        span_s = (following - packet.at).total_seconds() if following else _PACKET_S
        step_s = (span_s if 0.0 < span_s < 2.0 else _PACKET_S) / max(1, len(packet.places))
        fixes.extend(
            Fix(
                at=packet.at + timedelta(seconds=step_s * place),
                latitude=latitude,
                longitude=longitude,
                sigma_m=packet.sigma_m,
            )
            for place, (latitude, longitude) in enumerate(packet.places)
        )
    return fixes


def _stamped(by_key: dict[bytes, _Record], lost: Counter[Words]) -> list[Fix]:
    body, scale = by_key[b"GPS9"].body, _divisors(by_key, 9)
    fixes: list[Fix] = []
    for at in range(0, len(body), _GPS9.size):
        said = [value / by for value, by in zip(_GPS9.unpack_from(body, at), scale, strict=True)]
        if said[8] not in {2.0, 3.0}:
            lost[NO_FIX] += 1
            continue
        fixes.append(
            Fix(
                at=_EPOCH + timedelta(days=said[5], seconds=said[6]),
                latitude=said[0],
                longitude=said[1],
                sigma_m=_sigma_m(round(said[7] * 100.0)),
            )
        )
    return fixes


def _sigma_m(dilution_hundredths: int) -> float:
    return max(0.5, _RANGE_ERROR_M * dilution_hundredths / 100.0)
