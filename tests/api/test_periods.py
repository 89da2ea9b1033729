"""Periods as people name them: where each begins and ends, and which one came before."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.periods import Length, NotAMonth, NotAPeriod, _after, _begin, month, span_of
from dispatch.clocks.period import PeriodReversed
from tests.dispatch.city import MONDAY, demo_profile

CENTRE: Any = SimpleNamespace(now=lambda: MONDAY, profile=demo_profile())
"""All of a centre that a period needs: its clock and its city."""


def days(text: str) -> tuple[Length, str, str, str]:
    """Give the length, the first day, the day after, and the first day of the one before."""
    span = span_of(text, centre=CENTRE)
    period, before = span.period, span.before
    assert before.end == period.start
    assert {period.start.hour, period.end.hour, before.start.hour} == {0}
    return (
        span.length,
        f"{period.start:%Y-%m-%d}",
        f"{period.end:%Y-%m-%d}",
        f"{before.start:%Y-%m-%d}",
    )


@pytest.mark.parametrize(
    ("text", "length", "first", "end", "before"),
    [
        ("2026-11", "month", "2026-11-01", "2026-12-01", "2026-10-01"),
        ("2026-01", "month", "2026-01-01", "2026-02-01", "2025-12-01"),
        ("2028-02", "month", "2028-02-01", "2028-03-01", "2028-01-01"),
        ("2026-Q1", "quarter", "2026-01-01", "2026-04-01", "2025-10-01"),
        ("2026-Q4", "quarter", "2026-10-01", "2027-01-01", "2026-07-01"),
        ("2026", "year", "2026-01-01", "2027-01-01", "2025-01-01"),
        ("2026-W01", "week", "2025-12-29", "2026-01-05", "2025-12-22"),
        ("2026-11-21", "day", "2026-11-21", "2026-11-22", "2026-11-20"),
        ("2026-11-01..2026-11-15", "days", "2026-11-01", "2026-11-16", "2026-10-17"),
        ("2026-11-01..2026-11-01", "days", "2026-11-01", "2026-11-02", "2026-10-31"),
    ],
)
def test_a_period_is_whole_days_of_the_city_from_its_first_to_its_last(
    text: str, length: str, first: str, end: str, before: str
) -> None:
    assert days(text) == (Length(length), first, end, before)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("last-month", "2026-10"),
        ("this-month", "2026-11"),
        ("last-quarter", "2026-Q3"),
        ("last-year", "2025"),
        ("last-week", "2026-W46"),
        ("today", "2026-11-16"),
        ("yesterday", "2026-11-15"),
        (None, "2026-11"),
    ],
)
def test_a_relative_period_is_the_one_that_it_means_today(text: str | None, means: str) -> None:
    span = span_of(text, centre=CENTRE)

    assert span == span_of(means, centre=CENTRE)
    assert span.text == means


@pytest.mark.parametrize(
    "text",
    [
        "2026-13",
        "2026-00",
        "2026-Q5",
        "2026-W54",
        "2026-02-30",
        "1999-01",
        "11-2026",
        "2026-11-01..",
        "2026-11-01..2026-11-31",
        "next-month",
        "2026-11 ",
        "../2026-11",
    ],
)
def test_what_is_no_period_is_refused_with_examples(text: str) -> None:
    with pytest.raises(NotAPeriod, match="2026-Q4"):
        span_of(text, centre=CENTRE)


def test_days_that_are_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(PeriodReversed):
        span_of("2026-11-15..2026-11-01", centre=CENTRE)


def test_what_is_frozen_is_a_month_and_nothing_else() -> None:
    assert month("2026-11", centre=CENTRE).start.month == 11
    with pytest.raises(NotAMonth):
        month("2026-Q4", centre=CENTRE)


@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["week", "month", "quarter"])
)
def test_periods_of_a_length_follow_each_other_without_gap(day: date, length: str) -> None:
    first = _begin(Length(length), day)
    end = _after(Length(length), first)

    assert first <= day < end
    assert _begin(Length(length), end) == end
    assert _begin(Length(length), first - timedelta(days=1)) < first
