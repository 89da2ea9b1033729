"""The slow and obvious twin of the city's clocks: time passes minute by minute, and is counted."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from dispatch.clocks.clock import Alarm
from dispatch.clocks.worktime import Calendar, ClockType

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
BEGIN: Final = datetime(2025, 12, 27, tzinfo=UTC)
"""Days before a turn of the year, so that what is drawn runs over it."""
MINUTE: Final = timedelta(minutes=1)
_DAYS: Final = st.integers(-3, 40).map(lambda n: BEGIN.date() + timedelta(days=n))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Draw a city's calendar: one to three shifts, perhaps past midnight, and days that differ."""
    marks = sorted(draw(st.sets(st.integers(0, 47), min_size=2, max_size=6)))
    marks = marks[: len(marks) // 2 * 2]
    if draw(st.booleans()):
        marks = [*marks[1:], marks[0]]
    times = [time(mark // 2, mark % 2 * 30) for mark in marks]
    return Calendar(
        zone=SHANGHAI,
        shifts=tuple(list(pairwise(times))[::2]),
        holidays=frozenset(draw(st.sets(_DAYS, max_size=12))),
        workdays=frozenset(draw(st.sets(_DAYS, max_size=12))),
        years=frozenset({2025, 2026}),
    )


def counts(at: datetime, clock: ClockType, calendar: Calendar) -> bool:
    """Say whether the minute from `at` on passes on a clock."""
    here = at.astimezone(calendar.zone)
    today, now = here.date(), here.time()
    if clock in {ClockType.URGENT, ClockType.CALENDAR_DAYS}:
        return True
    if clock is ClockType.WORKING_DAYS:
        return works(today, calendar)
    for begin, end in calendar.shifts:
        if begin < end and works(today, calendar) and begin <= now < end:
            return True
        if end <= begin and works(today, calendar) and now >= begin:
            return True
        if end <= begin and works(today - timedelta(days=1), calendar) and now < end:
            return True
    return False


def works(day: date, calendar: Calendar) -> bool:
    """Say whether a day is worked."""
    return day in calendar.workdays or (day.weekday() < 5 and day not in calendar.holidays)


@dataclass(slots=True, kw_only=True)
class SlowClock:
    """A clock that knows no dates: how many minutes have passed, and how many may.

    Args:
        limit: minutes.
        rung: each alarm with the moment at which it rang.
    """

    kind: ClockType
    calendar: Calendar
    now: datetime
    original: int
    limit: int
    passed: int = 0
    fired: Alarm = Alarm.GREEN
    rung: list[tuple[Alarm, datetime]] = field(default_factory=list)

    def run(self, minutes: int) -> None:
        """Let time pass."""
        for _ in range(minutes):
            self.passed += counts(self.now, self.kind, self.calendar)
            self.now += MINUTE
            if self.fired is Alarm.GREEN and self.passed * 5 >= self.limit * 4:
                self._ring(Alarm.YELLOW)
            if self.fired is Alarm.YELLOW and self.passed >= self.limit:
                self._ring(Alarm.RED)

    def rest(self, minutes: int) -> None:
        """Stand still."""
        self.now += MINUTE * minutes

    def extend(self) -> bool:
        """Add the original limit once more; say whether that is still allowed."""
        if self.passed >= self.limit:
            return False
        self.limit += self.original
        if self.passed * 5 < self.limit * 4:
            self.fired = Alarm.GREEN
        return True

    def _ring(self, alarm: Alarm) -> None:
        self.fired = alarm
        self.rung.append((alarm, self.now))
