"""Fixes that no vehicle could have travelled through are left out, the drive is kept."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.telemetry.cleaning import clean
from edge.telemetry.track import Fix
from tests.edge.geotag_trials import PLANE, START


def _drive(count: int, *, step_s: float = 1.0, speed_m_s: float = 10.0) -> list[Fix]:
    return [_at(number * step_s, speed_m_s * number * step_s, 0.0) for number in range(count)]


def _at(seconds: float, east_m: float, north_m: float) -> Fix:
    latitude, longitude = PLANE.latitude_longitude(np.array([east_m, north_m]))
    return Fix(
        at=START + timedelta(seconds=seconds), latitude=float(latitude), longitude=float(longitude)
    )


@settings(max_examples=30)
@given(
    number=st.integers(min_value=0, max_value=29),
    east_m=st.floats(min_value=-1e5, max_value=1e5),
    north_m=st.one_of(
        st.floats(min_value=40.0, max_value=1e5), st.floats(min_value=-1e5, max_value=-40.0)
    ),
)
def test_one_leap_is_dropped_wherever_it_lies(number: int, east_m: float, north_m: float) -> None:
    drive = _drive(30)
    wild = [*drive[:number], _at(float(number), east_m, north_m), *drive[number + 1 :]]

    kept = clean(wild).fixes

    believed = set(drive)
    assert all(fix in believed for fix in kept[1:-1])
    assert len(kept) >= 28


@settings(max_examples=30)
@given(
    speed_m_s=st.floats(min_value=0.0, max_value=40.0),
    radius_m=st.floats(min_value=8.0, max_value=500.0),
    step_s=st.sampled_from([0.1, 0.2, 1.0]),
)
def test_no_drive_within_the_grip_of_its_tyres_loses_a_fix(
    speed_m_s: float, radius_m: float, step_s: float
) -> None:
    speed = min(speed_m_s, float(np.sqrt(8.0 * radius_m)))
    turn = np.arange(60) * step_s * speed / radius_m
    drive = [
        _at(step_s * n, radius_m * (1.0 - np.cos(a)), radius_m * np.sin(a))
        for n, a in enumerate(turn)
    ]

    assert clean(drive).jumps == 0


def test_a_wild_first_fix_does_not_throw_out_the_drive() -> None:
    drive = _drive(20)

    cleaned = clean([_at(-1.0, 90_000.0, 90_000.0), *drive])

    assert cleaned.fixes == tuple(drive)
    assert cleaned.jumps == 1


def test_places_repeated_between_two_measurements_are_left_out() -> None:
    drive = _drive(10)
    repeated = [
        Fix(
            at=fix.at + timedelta(milliseconds=100 * n),
            latitude=fix.latitude,
            longitude=fix.longitude,
        )
        for fix in drive
        for n in range(10)
    ]

    cleaned = clean(repeated)

    assert cleaned.fixes == tuple(drive)
    assert cleaned.held == 90


def test_a_clock_that_was_never_set_dates_nothing() -> None:
    unset = Fix(at=datetime(1980, 1, 6, tzinfo=UTC), latitude=29.5, longitude=106.5)

    assert clean([unset, *_drive(3)]).undated == 1
