"""Limits and working time, against a slow and obvious way of counting."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.clock import Alarm, Stage
from dispatch.deadline import extend_clock, resume_clock, start_clock
from dispatch.worktime import Calendar, ClockType, NotALimit, NoWorkingTime, parse_limit

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


def counts(at: datetime, clock: ClockType, calendar: Calendar) -> bool:
    """Say, the slow and obvious way, whether the minute from `at` on passes on a clock."""
    here = at.astimezone(calendar.zone)
    if clock in {ClockType.URGENT, ClockType.CALENDAR_DAYS}:
        return True
    day = here.date()
    works = day in calendar.workdays or (day.weekday() < 5 and day not in calendar.holidays)
    if clock is ClockType.WORKING_DAYS:
        return works
    in_shift = any(begin <= here.time() < end for begin, end in calendar.shifts)
    return works and in_shift


def slow_due(start: datetime, minutes: int, clock: ClockType, calendar: Calendar) -> datetime:
    at = start
    while minutes:
        minutes -= counts(at, clock, calendar)
        at += timedelta(minutes=1)
    return at


@settings(max_examples=80, deadline=None)
@given(
    start=st.integers(0, 60 * 24 * 12),
    minutes=st.integers(1, 60 * 24 * 4),
    clock=st.sampled_from(ClockType),
)
def test_a_deadline_is_where_counting_minute_by_minute_ends(
    start: int, minutes: int, clock: ClockType
) -> None:
    begin = datetime(2025, 12, 27, tzinfo=UTC) + timedelta(minutes=start)

    due = CALENDAR.after(begin, timedelta(minutes=minutes), clock)

    assert due == slow_due(begin, minutes, clock, CALENDAR)


@settings(max_examples=80, deadline=None)
@given(
    start=st.integers(0, 60 * 24 * 12),
    length=st.integers(0, 60 * 24 * 6),
    clock=st.sampled_from(ClockType),
)
def test_time_passed_is_the_number_of_minutes_that_count(
    start: int, length: int, clock: ClockType
) -> None:
    begin = datetime(2025, 12, 27, tzinfo=UTC) + timedelta(minutes=start)

    passed = CALENDAR.between(begin, begin + timedelta(minutes=length), clock)

    counted = sum(counts(begin + timedelta(minutes=n), clock, CALENDAR) for n in range(length))
    assert passed == timedelta(minutes=counted)


@settings(max_examples=60, deadline=None)
@given(
    worked=st.integers(0, 60 * 24 * 3),
    paused=st.integers(0, 60 * 24 * 9),
    written=st.sampled_from(["2紧急工作时", "4工作时", "5工作日", "7自然日"]),
)
def test_a_pause_takes_nothing_from_a_limit(worked: int, paused: int, written: str) -> None:
    begin = local("2026-01-05T09:00")
    clock = start_clock(Stage.HANDLING, parse_limit(written), at=begin, calendar=CALENDAR)
    stop = begin + timedelta(minutes=worked)
    left = CALENDAR.between(stop, clock.due_at, clock.limit.clock)
    again = stop + timedelta(minutes=paused)

    resumed = resume_clock(replace(clock, paused_at=stop), at=again, calendar=CALENDAR)

    assert CALENDAR.between(again, resumed.due_at, clock.limit.clock) == left


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
    ],
)
def test_a_limit_as_the_city_wrote_it_gives_its_deadline(
    written: str, start: str, due: str
) -> None:
    limit = parse_limit(written)

    found = CALENDAR.after(local(start), limit.length, limit.clock)

    assert found == local(due)


@pytest.mark.parametrize("text", ["", "尽快", "2小时", "0工作日", "-1工作日", "工作日", "2 hours"])
def test_what_is_no_limit_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(NotALimit, match="5工作日"):
        parse_limit(text)


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

    twice = extend_clock(extend_clock(clock, calendar=CALENDAR), calendar=CALENDAR)

    assert twice.due_at == local("2026-01-06T12:00") + timedelta(hours=3)
    assert twice.limit.written == "4工作时+4工作时+4工作时"
    assert twice.limit.amount == 12
