"""u-blox receivers: fixes from NAV-PVT, refined by NAV-HPPOSLLH, turned by NAV-ATT.

Field offsets after the u-blox interface description. NAV-PVT counts in UTC, so no leap seconds are
applied. hAcc is taken as the standard error of the horizontal distance, hence sigma = hAcc / sqrt 2
per axis. headMot is the course of travel and never the heading of the body.
"""

import math
import struct
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from edge.telemetry.log import NO_FIX, NO_TIME, UNREADABLE, Log, Recorded, Words
from edge.telemetry.nmea import nmea_fixes
from edge.telemetry.receiver import Message, Sentence, received
from edge.telemetry.track import Fix

PVT: Final = (0x01, 0x07)
_HPPOSLLH: Final = (0x01, 0x14)
_ATT: Final = (0x01, 0x05)
_PVT_BYTES: Final = 92
_USABLE: Final = frozenset({2, 3, 4})
"""fixType: 2D, 3D, with dead reckoning; that alone (1) and time only (5) place nothing."""
_FIX_OK: Final = 0x01
_DATE_AND_TIME: Final = 0x03

_BY_NMEA: Final[Words] = (
    "没有 NAV-PVT，位置取自 NMEA 语句",
    "there is no NAV-PVT: places are taken from the NMEA sentences",
)


def is_receiver(path: Path, head: bytes) -> bool:
    """Say whether a file is the recording of a navigation receiver."""
    whole, _ = received(head)
    return path.suffix.lower() in {".ubx", ".nmea"} or bool(whole)


def read_receiver(recorded: Recorded) -> Log:
    """Read UBX, NMEA, or both mixed.

    Raises:
        UnusableTelemetry: no message holds a fix.
    """
    whole, broken = received(recorded.content)
    messages = [one for one in whole if isinstance(one, Message)]
    fixes, lost = ubx_fixes(messages)
    assumed: tuple[Words, ...] = ()
    if not any(message.kind == PVT for message in messages):
        fixes, lost = nmea_fixes([one for one in whole if isinstance(one, Sentence)])
        assumed = (_BY_NMEA,) if messages else ()
    lost.update(broken)
    if not fixes:
        told_zh = "".join(f"；{count} 条{zh}" for (zh, _), count in lost.items())
        told_en = "".join(f"; {count} {en}" for (_, en), count in lost.items())
        raise recorded.unusable(
            f"{len(whole)} 条完好消息中没有带时间的定位{told_zh}",
            f"none of its {len(whole)} whole messages is a fix with a time{told_en}",
        )
    return Log(
        rows=len(fixes) + lost.total(),
        fixes=tuple(fixes),
        dropped=tuple(lost.items()),
        assumed=assumed,
    )


def ubx_fixes(messages: Sequence[Message]) -> tuple[list[Fix], Counter[Words]]:
    """Give the fixes of whole messages, in order, and what was lost by reason."""
    fine = {
        struct.unpack_from("<I", message.payload, 4)[0]: message.payload
        for message in messages
        if message.kind == _HPPOSLLH and len(message.payload) >= 36
    }
    turned = {
        struct.unpack_from("<I", message.payload)[0]: message.payload
        for message in messages
        if message.kind == _ATT and len(message.payload) >= 32
    }
    lost: Counter[Words] = Counter()
    fixes: list[Fix] = []
    for message in messages:
        if message.kind != PVT:
            continue
        fix = _fix(message.payload)
        if isinstance(fix, Fix):
            week_ms = struct.unpack_from("<I", message.payload)[0]
            fixes.append(_turned(_refined(fix, fine, week_ms), turned, week_ms))
        else:
            lost[fix] += 1
    return fixes, lost


def _fix(payload: bytes) -> Fix | Words:
    if len(payload) < _PVT_BYTES:
        return UNREADABLE
    year, month, day, hour, minute, second, valid = struct.unpack_from("<HBBBBBB", payload, 4)
    nano = struct.unpack_from("<i", payload, 16)[0]
    kind, flags = payload[20], payload[21]
    if valid & _DATE_AND_TIME != _DATE_AND_TIME:
        return NO_TIME
    if kind not in _USABLE or not flags & _FIX_OK:
        return NO_FIX
    longitude, latitude, height, _, accuracy = struct.unpack_from("<iiiiI", payload, 24)
    north, east = struct.unpack_from("<ii", payload, 48)
    try:
        whole = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        return NO_TIME
    late = timedelta(seconds=max(0, second - 59), microseconds=round(nano / 1000.0))
    return Fix(
        at=whole + late,
        latitude=latitude * 1e-7,
        longitude=longitude * 1e-7,
        height_hae_m=height * 1e-3,
        sigma_m=accuracy * 1e-3 / math.sqrt(2.0),
        velocity=(east * 1e-3, north * 1e-3),
    )


def _refined(fix: Fix, fine: Mapping[int, bytes], week_ms: int) -> Fix:
    """Take the place to 0.1 mm where NAV-HPPOSLLH of the same moment gives it."""
    payload = fine.get(week_ms)
    if payload is None or payload[3] & 0x01:
        return fix
    longitude, latitude, height = struct.unpack_from("<iii", payload, 8)
    finer = struct.unpack_from("<bbb", payload, 20)
    accuracy = struct.unpack_from("<I", payload, 28)[0]
    return replace(
        fix,
        latitude=latitude * 1e-7 + finer[1] * 1e-9,
        longitude=longitude * 1e-7 + finer[0] * 1e-9,
        height_hae_m=height * 1e-3 + finer[2] * 1e-4,
        sigma_m=accuracy * 1e-4 / math.sqrt(2.0),
    )


def _turned(fix: Fix, turned: Mapping[int, bytes], week_ms: int) -> Fix:
    """Take roll, pitch and heading of the vehicle where NAV-ATT of the same moment knows them."""
    payload = turned.get(week_ms)
    if payload is None:
        return fix
    roll, pitch, heading = struct.unpack_from("<iii", payload, 8)
    heading_error_deg = struct.unpack_from("<I", payload, 28)[0] * 1e-5
    if not 0.0 < heading_error_deg < 5.0:
        return fix
    return replace(
        fix,
        roll=math.radians(roll * 1e-5),
        pitch=math.radians(pitch * 1e-5),
        yaw=math.radians(heading * 1e-5),
    )
