"""Days and hours on which something counts: a zone's rules, an approval, a person's duty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from dispatch.clocks.worktime import Calendar


class Days(StrEnum):
    """The days that are meant."""

    ALL = "all"
    WORKING = "working"
    REST = "rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When something counts.

    Args:
        valid_until: the last day on which it counts; None for as yet unknown.
        weekdays: 1 (Monday) to 7; none means every day of the week.
        hours: (start, end) local; one that ends before it starts runs past midnight, into the
            next day; none means the whole day.
    """

    valid_from: date
    valid_until: date | None = None
    days: Days = Days.ALL
    weekdays: frozenset[int] = frozenset()
    hours: tuple[tuple[time, time], ...] = ()

    def counts_at(self, at: datetime, calendar: Calendar) -> bool:
        """Say whether it counts at a moment."""
        local = at.astimezone(calendar.zone)
        return any(
            self._counts_on(day, calendar)
            for day in _days_of(local, self.hours)
            if self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
        )

    def _counts_on(self, day: date, calendar: Calendar) -> bool:
        if self.weekdays and day.isoweekday() not in self.weekdays:
            return False
        return self.days is Days.ALL or calendar.works_on(day) is (self.days is Days.WORKING)


def _days_of(local: datetime, hours: Sequence[tuple[time, time]]) -> set[date]:
    """Give the days to whose hours a moment belongs: the day itself, the one before, or none."""
    if not hours:
        return {local.date()}
    now, days = local.time(), set[date]()
    for start, end in hours:
        overnight = end <= start
        if start <= now and (overnight or now < end):
            days.add(local.date())
        if overnight and now < end:
            days.add(date.fromordinal(local.date().toordinal() - 1))
    return days
