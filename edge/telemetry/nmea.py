"""NMEA 0183 of any talker: RMC dates and places, GGA and GNS give height, GST errors, HDT heading.

Sentences of one moment make one fix. A date comes only with RMC or ZDA, so sentences before the
first one are counted as undated. Height above the ellipsoid is height above mean sea level plus the
geoid's separation, and unknown without either. VTG repeats what RMC says and is not needed.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from edge.telemetry.log import NO_FIX, NO_TIME, UNREADABLE, Words
from edge.telemetry.receiver import Sentence
from edge.telemetry.track import Fix, velocity

_KNOT_M_S: Final = 1852.0 / 3600.0
_TIME: Final = re.compile(r"(\d\d)(\d\d)(\d\d(?:\.\d+)?)")
_ANGLE: Final = re.compile(r"(\d{2,3})(\d\d(?:\.\d+)?)")
_NOT_MEASURED: Final = frozenset({"N", "E", "M", "S"})
"""Modes of RMC that measure nothing: none, dead reckoning, typed in, simulated."""


@dataclass(slots=True, kw_only=True)
class _Epoch:
    """What the sentences of one moment said; `seconds` since midnight UTC."""

    seconds: float
    day: date | None = None
    place: tuple[float, float] | None = None
    height_hae_m: float | None = None
    sigma_m: float | None = None
    yaw: float | None = None
    velocity: tuple[float, float] | None = None
    without_fix: bool = False


def nmea_fixes(
    sentences: Sequence[Sentence], *, after: datetime | None = None
) -> tuple[list[Fix], Counter[Words]]:
    """Give the fixes of whole sentences, in order, and what was lost by reason.

    Args:
        after: UTC of the fix before, which dates sentences that do not say their date.
    """
    lost: Counter[Words] = Counter()
    epochs: list[_Epoch] = []
    for sentence in sentences:
        try:
            _take(sentence, epochs)
        except (ValueError, IndexError):
            lost[UNREADABLE] += 1
    fixes: list[Fix] = []
    day = None if after is None else after.date()
    before_s = 0.0 if after is None else seconds_of_day(f"{after:%H%M%S.%f}")
    for epoch in epochs:
        if epoch.day is None and day is not None and epoch.seconds < before_s - 43_200.0:
            day += timedelta(days=1)
        day, before_s = epoch.day or day, epoch.seconds
        fix = _fix(epoch, day)
        if isinstance(fix, Fix):
            fixes.append(fix)
        else:
            lost[fix] += 1
    return fixes, lost


def _take(sentence: Sentence, epochs: list[_Epoch]) -> None:
    fields = sentence.fields
    if sentence.kind in {"HDT", "THS"}:
        if epochs and fields[0] and (sentence.kind == "HDT" or fields[1] == "A"):
            epochs[-1].yaw = math.radians(_number(fields[0]))
        return
    if sentence.kind not in {"RMC", "GGA", "GNS", "GST", "ZDA"} or not fields[0]:
        return
    epoch = _epoch(seconds_of_day(fields[0]), epochs)
    if sentence.kind == "RMC":
        _take_rmc(fields, epoch)
    elif sentence.kind in {"GGA", "GNS"}:
        _take_height(sentence, epoch)
    elif sentence.kind == "GST" and fields[5] and fields[6]:
        epoch.sigma_m = math.hypot(_number(fields[5]), _number(fields[6])) / math.sqrt(2.0)
    elif sentence.kind == "ZDA" and all(fields[1:4]):
        epoch.day = date(int(fields[3]), int(fields[2]), int(fields[1]))


def _epoch(seconds: float, epochs: list[_Epoch]) -> _Epoch:
    if not epochs or epochs[-1].seconds != seconds:
        epochs.append(_Epoch(seconds=seconds))
    return epochs[-1]


def _take_rmc(fields: tuple[str, ...], epoch: _Epoch) -> None:
    mode = fields[11] if len(fields) > 11 else "A"
    if fields[1] != "A" or mode in _NOT_MEASURED:
        epoch.without_fix = True
    else:
        epoch.place = epoch.place or _place(fields[2:6])
        if fields[6] and fields[7]:
            epoch.velocity = velocity(_number(fields[6]) * _KNOT_M_S, _number(fields[7]))
    if fields[8]:
        day, month, year = (int(fields[8][k : k + 2]) for k in (0, 2, 4))
        epoch.day = date(2000 + year if year < 80 else 1900 + year, month, day)


def _take_height(sentence: Sentence, epoch: _Epoch) -> None:
    fields = sentence.fields
    quality = fields[5]
    measured = quality in set("123459") if sentence.kind == "GGA" else bool(quality.strip("NEMS"))
    if not measured:
        epoch.without_fix = True
        return
    epoch.place = _place(fields[1:5])
    sea, geoid = (fields[8], fields[10]) if sentence.kind == "GGA" else (fields[8], fields[9])
    if sea and geoid:
        epoch.height_hae_m = _number(sea) + _number(geoid)


def _fix(epoch: _Epoch, day: date | None) -> Fix | Words:
    if epoch.place is None or epoch.without_fix:
        return NO_FIX
    if day is None:
        return NO_TIME
    return Fix(
        at=datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=epoch.seconds),
        latitude=epoch.place[0],
        longitude=epoch.place[1],
        height_hae_m=epoch.height_hae_m,
        yaw=epoch.yaw,
        sigma_m=epoch.sigma_m,
        velocity=epoch.velocity,
    )


def _place(fields: Sequence[str]) -> tuple[float, float]:
    """Give degrees of latitude, N or S, longitude, E or W, as ddmm.mmm.

    Raises:
        ValueError: a field is none of these.
    """
    degrees: list[float] = []
    for said, side, sides in ((fields[0], fields[1], "NS"), (fields[2], fields[3], "EW")):
        found = _ANGLE.fullmatch(said)
        if found is None or side not in sides or not side or float(found[2]) >= 60.0:
            raise ValueError(said)
        value = float(found[1]) + float(found[2]) / 60.0
        degrees.append(value if side == sides[0] else -value)
    return degrees[0], degrees[1]


def seconds_of_day(said: str) -> float:
    """Give seconds since midnight of hhmmss.ss.

    Raises:
        ValueError: it is no such time.
    """
    found = _TIME.fullmatch(said)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59 or float(found[3]) >= 61.0:
        raise ValueError(said)
    return int(found[1]) * 3600.0 + int(found[2]) * 60.0 + float(found[3])


def _number(said: str) -> float:
    value = float(said)
    if not math.isfinite(value):
        raise ValueError(said)
    return value
