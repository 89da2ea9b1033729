"""Periods of figures as people name them, from a day to a year, in the city's own time."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from api.centre.wiring import Centre
from api.errors import ApiError
from dispatch.clocks.period import Period

_MONTH: Final = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
_DAY: Final = timedelta(days=1)


class NotAPeriod(ApiError):
    """A period is written in another way than those that are known."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"统计期“{text}”写法不对，请写成 2026-11（月）、2026-Q4（季）、2026（年）、"
            "2026-W47（周）、2026-11-21（日）、2026-11-01..2026-11-15（起止日，含首尾），"
            "或 last-month、this-week、yesterday 之类",
            f"{text} is no period: write it as 2026-11 (month), 2026-Q4, 2026, 2026-W47 (week), "
            "2026-11-21 (day), 2026-11-01..2026-11-15 (first and last day), or last-month, "
            "this-week, yesterday and the like",
        )


class NotAMonth(ApiError):
    """A period is written in another way than year and month."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"统计期“{text}”写法不对，请写成 2026-11", f"{text} is no month: write it as 2026-11"
        )


class Length(StrEnum):
    """How long a period is, as people reckon."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    DAYS = "days"
    """From one day to another."""


_MONTHS_OF: Final = {Length.MONTH: 1, Length.QUARTER: 3, Length.YEAR: 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A period with what people call it.

    Args:
        text: as it is written, e.g. 2026-11; for a relative one the period that it came to.
        before: the period of the same length that ends where this one starts.
    """

    text: str
    length: Length
    period: Period
    before: Period

    def is_over(self, at: datetime) -> bool:
        """Say whether no more of it is to come."""
        return at >= self.period.end


def month(text: str | None, *, centre: Centre) -> Period:
    """Give a month as a period; by default the current one.

    Raises:
        NotAMonth: it is written in another way.
    """
    today = centre.now().astimezone(centre.profile.zone).date()
    text = text or _written(Length.MONTH, today)
    if not _MONTH.fullmatch(text):
        raise NotAMonth(text)
    return span_of(text, centre=centre).period


def span_of(text: str | None, *, centre: Centre) -> Span:
    """Give a period by its name; by default the current month.

    Raises:
        NotAPeriod: it is written in none of the known ways, or there is no such day.
        PeriodReversed: its last day comes before its first.
    """
    zone = centre.profile.zone
    today = centre.now().astimezone(zone).date()
    text = _absolute(text or "this-month", today)
    for form, first_of in _FORMS.items():
        match = re.fullmatch(form, text)
        if match is not None:
            try:
                length, first = first_of(match)
                end = _days_end(text) if length is Length.DAYS else _after(length, first)
            except ValueError as error:
                raise NotAPeriod(text) from error
            return _span(text, length, first, end, zone)
    raise NotAPeriod(text)


def _span(text: str, length: Length, first: date, end: date, zone: ZoneInfo) -> Span:
    period = Period(start=_midnight(first, zone), end=_midnight(end, zone))
    earlier = first - (end - first) if length is Length.DAYS else _begin(length, first - _DAY)
    before = Period(start=_midnight(earlier, zone), end=period.start)
    return Span(text=text, length=length, period=period, before=before)


_FORMS: Final[Mapping[str, Callable[[re.Match[str]], tuple[Length, date]]]] = {
    r"(20\d\d)": lambda m: (Length.YEAR, date(int(m[1]), 1, 1)),
    r"(20\d\d)-Q([1-4])": lambda m: (Length.QUARTER, date(int(m[1]), 3 * int(m[2]) - 2, 1)),
    r"(20\d\d)-(\d\d)": lambda m: (Length.MONTH, date(int(m[1]), int(m[2]), 1)),
    r"(20\d\d)-W(\d\d)": lambda m: (Length.WEEK, date.fromisocalendar(int(m[1]), int(m[2]), 1)),
    r"(20\d\d-\d\d-\d\d)": lambda m: (Length.DAY, date.fromisoformat(m[1])),
    r"(20\d\d-\d\d-\d\d)\.\.20\d\d-\d\d-\d\d": lambda m: (
        Length.DAYS,
        date.fromisoformat(m[1]),
    ),
}


def _absolute(text: str, today: date) -> str:
    """Give a relative name, e.g. last-month, as the period that it means today."""
    if text == "today":
        return _written(Length.DAY, today)
    if text == "yesterday":
        return _written(Length.DAY, today - _DAY)
    match = re.fullmatch(r"(this|last)-(week|month|quarter|year)", text)
    if match is None:
        return text
    length = Length(match[2])
    first = _begin(length, today)
    return _written(length, first if match[1] == "this" else _begin(length, first - _DAY))


def _written(length: Length, day: date) -> str:
    if length is Length.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    if length is Length.QUARTER:
        return f"{day.year}-Q{(day.month + 2) // 3}"
    return day.isoformat()[: {Length.YEAR: 4, Length.MONTH: 7}.get(length)]


def _begin(length: Length, day: date) -> date:
    """Give the first day of the period of a length that holds a day."""
    if length is Length.DAY:
        return day
    if length is Length.WEEK:
        return day - day.weekday() * _DAY
    months = _MONTHS_OF[length]
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)


def _after(length: Length, first: date) -> date:
    """Give the first day after a period that begins on a day."""
    if length not in _MONTHS_OF:
        return first + (7 if length is Length.WEEK else 1) * _DAY
    number = first.year * 12 + first.month - 1 + _MONTHS_OF[length]
    return date(number // 12, number % 12 + 1, 1)


def _days_end(text: str) -> date:
    return date.fromisoformat(text.partition("..")[2]) + _DAY


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
