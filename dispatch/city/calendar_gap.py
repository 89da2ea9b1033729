"""Years without a plan of holidays: said wherever a deadline or a figure leans on one."""

from datetime import datetime, timedelta
from typing import Final

from dispatch.city.profile import Profile
from dispatch.clocks.period import Period
from dispatch.clocks.worktime import Calendar
from dispatch.files.datafile import Fault

AHEAD: Final = timedelta(days=45)
"""How long before a year it is asked for; the national plan is out by November."""


def years_ahead_unplanned(profile: Profile, *, now: datetime) -> tuple[int, ...]:
    """Give the years without a plan into which limits that begin now reach, or that are near."""
    calendar = profile.calendar
    limits = {limit for row in profile.limits.rows for limit in row.limits.values()}
    ends = [calendar.after(now, limit.length, limit.clock) for limit in limits]
    return calendar.unplanned(now, max([*ends, now + AHEAD]))


def years_unplanned(calendar: Calendar, period: Period) -> tuple[int, ...]:
    """Give the years without a plan of which a period holds a moment."""
    return calendar.unplanned(period.start, period.end - timedelta(microseconds=1))


def gap_warnings(profile: Profile, *, now: datetime) -> tuple[Fault, ...]:
    """Give what a city should know of its calendar before limits reach into such a year."""
    years = years_ahead_unplanned(profile, now=now)
    if not years:
        return ()
    zh, en = gap_words(years)
    return (Fault(file="calendar.csv", line=0, zh=zh, en=en),)


def gap_words(years: tuple[int, ...]) -> tuple[str, str]:
    """Say that years have no plan, Chinese and English."""
    named = "、".join(map(str, years))
    return (
        f"{named} 年没有节假日安排，工作日暂按周一至周五计算，期限可能不准："
        "请升级软件，或把放假、调休日期写进 calendar.csv",
        f"{', '.join(map(str, years))}: no plan of holidays is known, Monday to Friday count as "
        "working days and deadlines may be wrong: upgrade, or write the days off and the swapped "
        "days into calendar.csv",
    )
