"""Every kind of clock over random calendars, rests and extensions, against counting minutes."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.clocks.clock import Alarm, Clock, Stage
from dispatch.clocks.deadline import extend_clock, resume_clock, start_clock
from dispatch.clocks.worktime import Calendar, ClockType, Limit, parse_limit
from tests.dispatch.minutes import BEGIN, MINUTE, SHANGHAI, SlowClock, calendars, counts

KINDS = st.sampled_from(ClockType)
STARTS = st.integers(0, 60 * 24 * 9).map(lambda n: BEGIN + MINUTE * n)
SPANS = st.integers(0, 60 * 24 * 4)
WRITTEN = ("0.5紧急工作时", "9紧急工作时", "4工作时", "1工作日", "0.5工作日", "1自然日")
EVENTS = st.lists(st.tuples(st.sampled_from(["rest", "extend"]), SPANS, SPANS), max_size=4)


def ring(clock: Clock, now: datetime, rung: list[tuple[Alarm, datetime]]) -> Clock:
    """Announce whatever a clock has reached."""
    while (at := clock.rings_at) is not None and at <= now:
        fired = Alarm.YELLOW if clock.fired is Alarm.GREEN else Alarm.RED
        rung.append((fired, at))
        clock = replace(clock, fired=fired)
    return clock


@settings(max_examples=60, deadline=None)
@given(calendar=calendars(), start=STARTS, written=st.sampled_from(WRITTEN), events=EVENTS)
def test_alarms_ring_when_counting_minutes_says_so_through_rests_and_extensions(
    calendar: Calendar, start: datetime, written: str, events: list[tuple[str, int, int]]
) -> None:
    limit = parse_limit(written)
    minutes = int(limit.length / MINUTE)
    slow = SlowClock(
        kind=limit.clock, calendar=calendar, now=start, original=minutes, limit=minutes
    )
    clock = start_clock(Stage.HANDLING, limit, at=start, calendar=calendar)
    rung: list[tuple[Alarm, datetime]] = []

    for event, runs, rests in events:
        slow.run(runs)
        clock = ring(clock, slow.now, rung)
        if event == "rest":
            paused = replace(clock, paused_at=slow.now)
            slow.rest(rests)
            clock = resume_clock(paused, at=slow.now, calendar=calendar)
        elif slow.extend():
            clock = extend_clock(clock, at=slow.now, calendar=calendar)
    slow.run(60 * 24 * 6)
    ring(clock, slow.now, rung)

    assert rung == slow.rung


@settings(max_examples=60, deadline=None)
@given(calendar=calendars(), start=STARTS, kind=KINDS, length=SPANS)
def test_time_passed_is_the_number_of_minutes_that_count(
    calendar: Calendar, start: datetime, kind: ClockType, length: int
) -> None:
    passed = calendar.between(start, start + MINUTE * length, kind)

    counted = sum(counts(start + MINUTE * n, kind, calendar) for n in range(length))
    assert passed == MINUTE * counted


@settings(max_examples=60, deadline=None)
@given(calendar=calendars(), start=STARTS, kind=KINDS, first=SPANS, second=SPANS)
def test_time_passed_adds_up_and_never_runs_back(
    calendar: Calendar, start: datetime, kind: ClockType, first: int, second: int
) -> None:
    middle = start + MINUTE * first
    end = middle + MINUTE * second

    whole = calendar.between(start, end, kind)

    assert whole == calendar.between(start, middle, kind) + calendar.between(middle, end, kind)
    assert timedelta(0) <= whole <= end - start


@settings(max_examples=60, deadline=None)
@given(calendar=calendars(), start=STARTS, kind=KINDS, minutes=st.integers(1, 60 * 24 * 3))
def test_after_a_limit_exactly_the_limit_has_passed_and_a_minute_before_less(
    calendar: Calendar, start: datetime, kind: ClockType, minutes: int
) -> None:
    length = MINUTE * minutes

    due = calendar.after(start, length, kind)

    assert calendar.between(start, due, kind) == length
    assert calendar.between(start, due - MINUTE, kind) == length - MINUTE
    assert counts(due - MINUTE, kind, calendar)


@settings(max_examples=40, deadline=None)
@given(calendar=calendars(), start=STARTS, kind=KINDS, later=SPANS, hours=st.integers(1, 30))
def test_who_starts_later_or_has_longer_is_never_due_earlier(
    calendar: Calendar, start: datetime, kind: ClockType, later: int, hours: int
) -> None:
    limit = Limit(written="x", amount=float(hours), clock=kind)
    longer = replace(limit, amount=hours + 1.0)
    due = calendar.after(start, limit.length, kind)

    assert due <= calendar.after(start + MINUTE * later, limit.length, kind)
    assert due < calendar.after(start, longer.length, kind)


def test_a_night_shift_belongs_to_the_day_on_which_it_begins() -> None:
    nights = Calendar(
        zone=SHANGHAI,
        shifts=((time(8), time(12)), (time(22), time(6))),
        holidays=frozenset(),
        workdays=frozenset(),
        years=frozenset({2026}),
    )
    friday = datetime(2026, 1, 9, 23, tzinfo=SHANGHAI)

    due = nights.after(friday, timedelta(hours=8), ClockType.WORKING_HOURS)

    assert due == datetime(2026, 1, 12, 9, tzinfo=SHANGHAI)


def test_what_was_missed_before_a_rest_stays_missed_when_it_was() -> None:
    calendar = Calendar(
        zone=SHANGHAI,
        shifts=((time(8), time(18)),),
        holidays=frozenset(),
        workdays=frozenset(),
        years=frozenset({2026}),
    )
    start = datetime(2026, 1, 5, 8, tzinfo=SHANGHAI)
    clock = start_clock(Stage.HANDLING, parse_limit("4工作时"), at=start, calendar=calendar)
    paused = replace(clock, paused_at=start + timedelta(days=1))

    resumed = resume_clock(paused, at=start + timedelta(days=9), calendar=calendar)

    assert (resumed.warn_at, resumed.due_at) == (clock.warn_at, clock.due_at)
