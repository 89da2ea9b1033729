"""Limits as cities write them, and what they mean on a known calendar."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.clocks.clock import Alarm, Stage
from dispatch.clocks.deadline import extend_clock, start_clock
from dispatch.clocks.worktime import Calendar, ClockType, NotALimit, NoWorkingTime, parse_limit

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar(
    zone=SHANGHAI,
    shifts=((time(8), time(12)), (time(14), time(18))),
    holidays=frozenset({date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)}),
    workdays=frozenset({date(2026, 1, 4)}),
    years=frozenset({2026}),
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("written", "start", "due"),
    [
        ("2紧急工作时", "2026-01-09T23:30", "2026-01-10T01:30"),
        ("4工作时", "2026-01-09T17:00", "2026-01-12T11:00"),
        ("4 工作时", "2026-01-09T12:30", "2026-01-09T18:00"),
        ("5工作日", "2026-01-05T09:00", "2026-01-12T09:00"),
        ("1工作日", "2025-12-31T15:00", "2026-01-04T15:00"),
        ("7自然日", "2026-01-01T09:00", "2026-01-08T09:00"),
        ("0.5个工作时", "2026-01-09T09:00", "2026-01-09T09:30"),
        ("３自然日", "2026-01-01T09:00", "2026-01-04T09:00"),
        ("０．５　工作时", "2026-01-09T09:00", "2026-01-09T09:30"),
        ("1紧急工作日", "2026-01-02T09:00", "2026-01-03T09:00"),
    ],
)
def test_a_limit_as_the_city_wrote_it_gives_its_deadline(
    written: str, start: str, due: str
) -> None:
    limit = parse_limit(written)

    found = CALENDAR.after(local(start), limit.length, limit.clock)

    assert found == local(due)


@pytest.mark.parametrize(
    "text", ["", "尽快", "2小时", "0工作日", "-1工作日", "工作日", "2 hours", "1001工作日"]
)
def test_what_is_no_limit_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(NotALimit, match="5工作日"):
        parse_limit(text)


def test_the_years_of_a_span_without_a_plan_of_holidays_are_named() -> None:
    span = local("2025-12-31T23:59"), local("2027-01-01T00:00")

    assert CALENDAR.unplanned(*span) == (2025, 2027)


def test_a_calendar_without_working_time_is_refused() -> None:
    idle = replace(CALENDAR, shifts=())

    with pytest.raises(NoWorkingTime, match="班次"):
        idle.after(local("2026-01-05T09:00"), timedelta(hours=1), ClockType.WORKING_HOURS)


def test_a_clock_is_green_to_eighty_percent_yellow_to_its_end_and_then_red() -> None:
    start = local("2026-01-05T08:00")
    clock = start_clock(Stage.HANDLING, parse_limit("10紧急工作时"), at=start, calendar=CALENDAR)

    shown = [clock.alarm(start + timedelta(hours=h)) for h in (7.9, 8.0, 10.0, 10.1)]

    assert shown == [Alarm.GREEN, Alarm.YELLOW, Alarm.YELLOW, Alarm.RED]


def test_a_stopped_clock_keeps_the_colour_it_stopped_with() -> None:
    start = local("2026-01-05T08:00")
    clock = start_clock(Stage.HANDLING, parse_limit("10紧急工作时"), at=start, calendar=CALENDAR)
    stopped = replace(clock, stopped_at=start + timedelta(hours=9))

    assert stopped.alarm(start + timedelta(days=30)) is Alarm.YELLOW
    assert stopped.rings_at is None


def test_an_extension_adds_the_original_limit_once_more() -> None:
    start = local("2026-01-05T09:00")
    clock = start_clock(Stage.HANDLING, parse_limit("4工作时"), at=start, calendar=CALENDAR)

    once = extend_clock(clock, at=start, calendar=CALENDAR)
    twice = extend_clock(once, at=start, calendar=CALENDAR)

    assert twice.due_at == local("2026-01-06T12:00") + timedelta(hours=3)
    assert twice.limit.written == "4工作时+4工作时+4工作时"
    assert twice.limit.amount == 12
