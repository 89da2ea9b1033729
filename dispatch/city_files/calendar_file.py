"""Read a city's working calendar: the national plan, and the city's own days over it."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from chinese_calendar import constants as national
from pydantic import Field

from dispatch.city.policies import Policy
from dispatch.city_files.profile_settings import CalendarSettings
from dispatch.clocks.worktime import Calendar
from dispatch.files.datafile import DataFolder

CALENDAR: Final = "calendar.csv"


class DayKind(StrEnum):
    """What a day is, whatever day of the week it is."""

    HOLIDAY = "holiday"
    WORKDAY = "workday"


class DayRow(Policy):
    """A row of `calendar.csv`: a day that differs from the national plan, or from the week."""

    date: date
    kind: DayKind
    note: Annotated[str, Field(max_length=80)] = ""


def read_calendar(data: DataFolder, settings: CalendarSettings, zone: ZoneInfo) -> Calendar:
    """Read the city's days; a city that has no file keeps the national plan."""
    days = _days(data)
    own = set(settings.own_years)
    for year in sorted(own - {day.year for day in days}):
        zh = f"没有 {year} 年的日子，而 own_years 说这一年的安排全写在这里"
        data.fault(CALENDAR, 0, zh, f"no day of {year}, though own_years says its plan stands here")
    holidays = {day for day in national.holidays if day.year not in own} - days.keys()
    workdays = {day for day in national.workdays if day.year not in own} - days.keys()
    return Calendar(
        zone=zone,
        shifts=settings.shifts,
        holidays=frozenset(holidays | {d for d, kind in days.items() if kind is DayKind.HOLIDAY}),
        workdays=frozenset(workdays | {d for d, kind in days.items() if kind is DayKind.WORKDAY}),
        years=frozenset(own | {day.year for day in national.holidays}),
    )


def _days(data: DataFolder) -> dict[date, DayKind]:
    if not (data.path / CALENDAR).exists():
        return {}
    found: dict[date, DayKind] = {}
    for line, row in data.table(CALENDAR, DayRow):
        if row.date in found:
            zh, en = f"{row.date} 重复，请只留一行", f"{row.date} is listed twice: keep one row"
            data.fault(CALENDAR, line, zh, en)
        found[row.date] = row.kind
    return found
