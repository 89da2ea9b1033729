"""Camera and receiver tell the same turns at different times; the drive tells how far apart."""

import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from edge.calibrate.clock_offset import Course, Turning, UnknownOffset, estimate_offset
from edge.calibrate.drive import Drive, course_of
from edge.placing.pose import NoPose
from edge.sources.street.schedule import FIRST_DRIVE
from edge.telemetry.shifted import ShiftedTelemetry
from tests.edge.winding_drive import WINDING, WindingDrive, straight, watched_winding, weaving


@pytest.fixture(scope="module")
def watched() -> Drive:
    return watched_winding()


def _beside(drive: Drive, source: WindingDrive, **track: float) -> Drive:
    """Give the same pictures beside another track."""
    telemetry = source.track(**{"behind_s": 0.0, "rate_hz": 5.0, "noise_m": 0.0, **track})
    last = FIRST_DRIVE + timedelta(seconds=source.seconds)
    return replace(drive, course=course_of(telemetry, FIRST_DRIVE, last))


@pytest.mark.parametrize("behind_s", [-0.5, -0.2, 0.0, 0.1, 0.35, 0.5])
@pytest.mark.parametrize(("rate_hz", "noise_m"), [(10.0, 0.02), (5.0, 0.05), (1.0, 0.05)])
def test_a_clock_that_is_off_is_told_within_twice_its_error(
    watched: Drive, behind_s: float, rate_hz: float, noise_m: float
) -> None:
    drive = _beside(watched, WINDING, behind_s=behind_s, rate_hz=rate_hz, noise_m=noise_m)

    offset = drive.offset()

    assert abs(offset.offset_s - behind_s) <= 2.0 * offset.error_s
    assert abs(offset.offset_s - behind_s) < 0.15
    assert offset.match > 0.9


def test_a_straight_drive_does_not_tell_the_clock(watched: Drive) -> None:
    drive = _beside(watched, WindingDrive(seed=31, aside_m=straight()))

    with pytest.raises(UnknownOffset, match="too straight"):
        drive.offset()


def test_the_track_of_another_drive_does_not_tell_the_clock(watched: Drive) -> None:
    other = WindingDrive(seed=31, aside_m=weaving(1.5, 5.3))

    with pytest.raises(UnknownOffset):
        _beside(watched, other, behind_s=0.0).offset()


def test_a_track_that_wanders_too_much_is_refused_and_not_believed(watched: Drive) -> None:
    drive = _beside(watched, WINDING, behind_s=0.3, rate_hz=1.0, noise_m=0.6)

    with pytest.raises(UnknownOffset):
        drive.offset()


@pytest.mark.parametrize("count", [0, 1, 20])
def test_a_moment_of_driving_does_not_tell_the_clock(count: int) -> None:
    seconds = np.arange(count) * 0.2
    turning = Turning(seconds=seconds, rate=np.sin(seconds))
    course = Course(seconds=seconds, angle=-np.cos(seconds), speed_m_s=np.full(count, 8.0))

    with pytest.raises(UnknownOffset, match="only"):
        estimate_offset(turning, course, antenna_ahead_m=1.0)


def test_the_course_of_a_forward_antenna_is_not_taken_for_a_fast_clock() -> None:
    seconds = np.arange(0.0, 60.0, 0.1)
    yaw = 0.5 * np.sin(seconds / 2.0)
    rate = 0.25 * np.cos(seconds / 2.0)
    course = Course(
        seconds=seconds, angle=yaw + np.arctan(2.0 * rate / 8.0), speed_m_s=np.full(600, 8.0)
    )
    turning = Turning(seconds=seconds, rate=rate)

    right = estimate_offset(turning, course, antenna_ahead_m=2.0)
    unaware = estimate_offset(turning, course, antenna_ahead_m=0.0)

    assert abs(right.offset_s) < 0.02
    assert unaware.offset_s == pytest.approx(-2.0 / 8.0, abs=0.02)
    assert right.error_s >= 0.5 / 8.0


def test_a_shifted_track_gives_the_pose_of_the_later_moment_and_its_error() -> None:
    track = WINDING.track(behind_s=0.4, rate_hz=10.0, noise_m=0.0)
    shifted = ShiftedTelemetry(track, offset_s=0.4, error_s=0.02)
    at = FIRST_DRIVE + timedelta(seconds=5)

    pose, later = shifted.pose_at(at), track.pose_at(at + timedelta(seconds=0.4))

    assert (pose.latitude, pose.longitude) == (later.latitude, later.longitude)
    assert (pose.at, pose.error.time_s) == (at, 0.02)
    assert shifted.digest != track.digest
    with pytest.raises(NoPose):
        shifted.pose_at(at + timedelta(minutes=5))
    with pytest.raises(ValueError, match="nan"):
        ShiftedTelemetry(track, offset_s=math.nan, error_s=0.02)
