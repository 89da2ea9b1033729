"""Working time: what a city's limit means in minutes, over shifts, holidays and swapped days."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from dispatch.errors import DispatchError

MAX_DAYS: Final = 3700
"""A limit that is not used up after ten years of calendar is a mistake, not a limit."""
MAX_AMOUNT: Final = 1000.0
"""Hours or days of a limit; so many pass within `MAX_DAYS` on every clock that cities keep."""


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
            f"“{text}”不是时限，请写成“2紧急工作时”“4工作时”“5工作日”“7自然日”这样",
            f"'{text}' is no limit: write it like 2紧急工作时, 4工作时, 5工作日 or 7自然日",
        )
        self.text = text


class NoWorkingTime(DispatchError):
    """The calendar has no working time left for a limit to pass in."""

    def __init__(self, start: datetime) -> None:
        super().__init__(
            f"工作日历自 {start:%Y-%m-%d} 起没有足够的工作时间，请检查班次和节假日设置",
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

    @property
    def length(self) -> timedelta:
        """Give the time that has to pass on its clock; a working day passes in 24 hours of it."""
        in_days = self.clock in {ClockType.WORKING_DAYS, ClockType.CALENDAR_DAYS}
        return timedelta(days=self.amount) if in_days else timedelta(hours=self.amount)


def parse_limit(written: str) -> Limit:
    """Read a limit as cities write it, for example 2紧急工作时; full-width digits are digits too.

    Raises:
        NotALimit: the text is none, or its amount is zero or beyond `MAX_AMOUNT`.
    """
    plain = unicodedata.normalize("NFKC", written).strip()
    found = _LIMIT.match(plain)
    if found is None or not 0.0 < float(found[1]) <= MAX_AMOUNT:
        raise NotALimit(written)
    return Limit(written=plain, amount=float(found[1]), clock=_UNITS[found[2]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When a city works.

    Args:
        shifts: (start, end) of the working hours of a day, local, in order. The last may end
            before it starts: it runs past midnight and belongs to the day on which it starts.
        holidays: days off that are no weekend, or are one anyhow.
        workdays: weekend days that are worked (调休).
        years: the years whose holidays are known; in others plain weekends count.
    """

    zone: ZoneInfo
    shifts: tuple[tuple[time, time], ...]
    holidays: frozenset[date]
    workdays: frozenset[date]
    years: frozenset[int]

    def works_on(self, day: date) -> bool:
        """Say whether a day is a working day."""
        if day in self.workdays:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def unplanned(self, start: datetime, end: datetime) -> tuple[int, ...]:
        """Give the years that a span touches and whose holidays are not known."""
        first, last = (at.astimezone(self.zone).year for at in (start, end))
        return tuple(year for year in range(first, last + 1) if year not in self.years)

    def after(self, start: datetime, length: timedelta, clock: ClockType) -> datetime:
        """Give the moment when so much time has passed on a clock since `start`, in UTC.

        Raises:
            NoWorkingTime: the calendar holds too little working time.
        """
        if length <= timedelta(0):
            return start.astimezone(UTC)
        left = length
        for opens, closes in self._spans(start, clock):
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
        raise NoWorkingTime(start)

    def between(self, start: datetime, end: datetime, clock: ClockType) -> timedelta:
        """Give the time that passes on a clock from `start` to `end`."""
        passed = timedelta(0)
        for opens, closes in self._spans(start, clock):
            if opens >= end:
                break
            passed += min(closes, end) - opens
        return passed

    def _spans(self, start: datetime, clock: ClockType) -> Iterator[tuple[datetime, datetime]]:
        # A shift of the day before may run past midnight.
        first = start.astimezone(self.zone).date() - timedelta(days=1)
        for number in range(MAX_DAYS):
            day = first + timedelta(days=number)
            for begin, end in self._day(day, clock):
                if end > start:
                    yield max(begin, start.astimezone(UTC)), end

    def _day(self, day: date, clock: ClockType) -> Iterator[tuple[datetime, datetime]]:
        if clock in {ClockType.WORKING_HOURS, ClockType.WORKING_DAYS} and not self.works_on(day):
            return
        if clock is ClockType.WORKING_HOURS:
            for begin, end in self.shifts:
                ends_on = day + timedelta(days=1) if end <= begin else day
                yield self._utc(day, begin), self._utc(ends_on, end)
        else:
            yield self._utc(day, time.min), self._utc(day + timedelta(days=1), time.min)

    def _utc(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)
