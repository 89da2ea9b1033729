"""Working time: what a city's limit means in minutes, over shifts, holidays and swapped days."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from dispatch.errors import DispatchError

MAX_DAYS: Final = 3700
"""A limit that is not used up after ten years of calendar is a mistake, not a limit."""


class ClockType(StrEnum):
    """How a limit's time passes."""

    URGENT = "urgent"
    """紧急工作时: continuous, nights and holidays count."""
    WORKING_HOURS = "working_hours"
    """工作时: the hours of the shifts on working days."""
    WORKING_DAYS = "working_days"
    """工作日: working days; due at the same clock time some working days later."""
    CALENDAR_DAYS = "calendar_days"
    """自然日, 紧急工作日: every day counts."""


class NotALimit(DispatchError):
    """The text states no limit that the city's clocks know."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"“{text}”不是时限,请写成“2紧急工作时”“4工作时”“5工作日”“7自然日”这样",
            f"'{text}' is no limit: write it like 2紧急工作时, 4工作时, 5工作日 or 7自然日",
        )
        self.text = text


class NoWorkingTime(DispatchError):
    """The calendar has no working time left for a limit to pass in."""

    def __init__(self, start: datetime) -> None:
        super().__init__(
            f"工作日历自 {start:%Y-%m-%d} 起没有足够的工作时间,请检查班次和节假日设置",
            f"the calendar holds too little working time from {start:%Y-%m-%d}: "
            "check its shifts and holidays",
        )
        self.start = start


_UNITS: Final = {
    "紧急工作时": ClockType.URGENT,
    "工作时": ClockType.WORKING_HOURS,
    "工作日": ClockType.WORKING_DAYS,
    "紧急工作日": ClockType.CALENDAR_DAYS,
    "自然日": ClockType.CALENDAR_DAYS,
}
_LIMIT: Final = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*个?\s*(" + "|".join(_UNITS) + r")\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A limit as the city wrote it, and what that means."""

    written: str
    amount: float
    clock: ClockType

    def times(self, factor: int) -> "Limit":
        """Give a limit of the same kind, so many times as long."""
        unit = self.written.strip().lstrip("0123456789. 个")
        amount = self.amount * factor
        return Limit(written=f"{amount:g}{unit}", amount=amount, clock=self.clock)


def parse_limit(written: str) -> Limit:
    """Read a limit as cities write it, for example 2紧急工作时.

    Raises:
        NotALimit: the text is none, or its amount is zero.
    """
    found = _LIMIT.match(written)
    if found is None or float(found[1]) <= 0.0:
        raise NotALimit(written)
    return Limit(written=written.strip(), amount=float(found[1]), clock=_UNITS[found[2]])
