"""The age of what waits, whatever the device's clock does."""

from datetime import UTC, datetime, timedelta

import pytest

from edge.vitals.waiting import LongestWait

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_with_nothing_that_waits_there_is_no_age() -> None:
    assert LongestWait().age_s(None, now=NOON, elapsed_s=5.0) == 0.0


@pytest.mark.parametrize("leap", [timedelta(days=-9000), timedelta(hours=-8), timedelta(days=30)])
def test_a_clock_that_leaps_makes_nothing_older_or_younger(leap: timedelta) -> None:
    wait, recorded = LongestWait(), (NOON - timedelta(seconds=10)).timestamp()

    before = wait.age_s(recorded, now=NOON, elapsed_s=100.0)
    after = wait.age_s(recorded, now=NOON + leap, elapsed_s=160.0)

    assert (before, after) == (10.0, 70.0)


def test_what_a_clock_that_was_not_set_recorded_is_as_old_as_it_was_seen_to_wait() -> None:
    wait = LongestWait()

    first = wait.age_s(1000.0, now=NOON, elapsed_s=0.0)
    later = wait.age_s(1000.0, now=NOON, elapsed_s=90.0)

    assert (first, later) == (0.0, 90.0)


def test_when_the_oldest_is_sent_the_next_one_counts() -> None:
    wait = LongestWait()
    wait.age_s((NOON - timedelta(hours=3)).timestamp(), now=NOON, elapsed_s=0.0)

    age = wait.age_s((NOON - timedelta(minutes=1)).timestamp(), now=NOON, elapsed_s=0.0)

    assert age == 60.0
