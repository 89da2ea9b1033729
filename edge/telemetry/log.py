"""What a reader takes from a telemetry file before anything is judged: fixes, and what was lost.

Every format gives a `Log`; cleaning, telling and interpolating are the same for all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from edge.telemetry.track import Fix, UnusableTelemetry

Words = tuple[str, str]
"""The same in Chinese and in English."""

NO_PLACE: Final[Words] = ("没有位置", "without a position")
NO_TIME: Final[Words] = ("没有时间", "without a time")
NO_FIX: Final[Words] = ("接收机未定位", "because the receiver had no fix")
BAD_CHECKSUM: Final[Words] = ("校验和错误", "with a wrong checksum")
CUT_OFF: Final[Words] = ("被截断", "cut off")
UNREADABLE: Final[Words] = ("读不懂", "that cannot be read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A telemetry file as read.

    Attributes:
        rows: records of the file that should hold a fix.
        fixes: as recorded, in file order; neither sorted nor checked against each other.
        dropped: records that gave no fix, counted by reason.
        assumed: what the file does not say and the reader took for granted (zone, datum, errors).
        flown: its attitude is a drone's gimbal; without one nothing can be placed.
    """

    rows: int
    fixes: tuple[Fix, ...]
    dropped: tuple[tuple[Words, int], ...] = ()
    assumed: tuple[Words, ...] = ()
    flown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A file to read.

    Attributes:
        starts_at: when the video began that the file accompanies, aware; None where unknown.
    """

    path: Path
    content: bytes = field(repr=False)
    starts_at: datetime | None = None

    def unusable(self, zh: str, en: str) -> UnusableTelemetry:
        """Give the refusal of this file, for a reason."""
        return UnusableTelemetry(self.path, zh, en)


Read = Callable[[Recorded], Log]
"""Reads one format.

Raises:
    UnusableTelemetry: nothing of the file can be used.
"""
