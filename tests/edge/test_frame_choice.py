"""Which frames of a stream are looked at: one a step of the way, the sharpest about there."""

import math
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.footage import frames_of
from edge.frame import Frame
from edge.opening import open_footage
from edge.sources.choice import Choice, Spot
from edge.state import Passed
from tests.edge import toy

START = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
METRE = 1.0 / 111_195.0


@dataclass(frozen=True)
class Shown:
    """A frame with the sharpness it is said to have."""

    at: datetime
    crisp: float = 0.5

    def sharpness(self) -> float:
        return self.crisp

    def develop(self) -> Frame:
        image = np.zeros((2, 2, 3), np.uint8)
        return Frame(index=0, at=self.at, image=image, name="")


def spot(
    north_m: float,
    *,
    yaw: float = 0.0,
    speed: float | None = None,
    height_m: float | None = None,
) -> Spot:
    north = 30.0 + north_m * METRE
    return Spot(latitude=north, longitude=110.0, yaw=yaw, speed_m_s=speed, height_m=height_m)


def drive(places: list[Spot | None], *, fps: float = 25.0) -> tuple[list[int], Counter[Passed]]:
    """Give the numbers of the frames that are looked at, and why the others are not."""
    passed: Counter[Passed] = Counter()
    choice = Choice[Shown](passed=lambda reason: passed.update([reason]))
    frames = [Shown(START + timedelta(seconds=n / fps)) for n in range(len(places))]
    taken = [one for n, place in enumerate(places) for one in choice.offer(frames[n], place)]
    taken += choice.finish()
    return [frames.index(one) for one in taken], passed


def test_a_parked_car_looks_at_one_frame_however_long_it_stands() -> None:
    rng = np.random.default_rng(1)
    wander = [spot(float(north), speed=0.05) for north in rng.normal(0.0, 0.2, 5000)]

    taken, passed = drive(wander)

    assert taken == [0]
    assert passed[Passed.STANDING] + passed[Passed.NEAR] == 4999


@pytest.mark.parametrize("speed", [0.5, 2.0, 8.0, 15.0, 22.0])
def test_a_driving_car_looks_once_a_metre_at_any_speed(speed: float) -> None:
    taken, _ = drive([spot(speed * n / 25.0) for n in range(1000)])

    ways = np.diff([speed * n / 25.0 for n in taken])
    assert ways.max() <= 1.25 + speed / 25.0
    assert ways.mean() == pytest.approx(1.0, abs=0.3)


def test_a_car_faster_than_its_camera_misses_no_frame() -> None:
    taken, passed = drive([spot(1.6 * n) for n in range(100)])

    assert taken == list(range(100))
    assert not passed


def test_the_sharpest_frame_about_a_step_is_taken() -> None:
    choice = Choice[Shown]()
    crisp = {9: 0.4, 10: 0.3, 11: 0.9, 12: 0.2}
    frames = [Shown(START + timedelta(milliseconds=40 * n), crisp.get(n, 0.5)) for n in range(14)]

    taken = [one for n, frame in enumerate(frames) for one in choice.offer(frame, spot(0.1 * n))]

    assert [frames.index(one) for one in taken] == [0, 11]


def test_a_car_that_creeps_through_a_jam_is_not_taken_for_parked() -> None:
    taken, _ = drive([spot(0.3 * n / 25.0, speed=0.3) for n in range(2500)])

    assert len(taken) >= 8


def test_a_turn_on_the_spot_is_looked_at() -> None:
    turned = [spot(0.0, yaw=math.radians(n)) for n in range(91)]

    taken, _ = drive(turned)

    assert len(taken) >= 6


def test_without_positions_frames_are_taken_by_time() -> None:
    taken, _ = drive([None] * 250)

    assert 45 <= len(taken) <= 56


def test_a_drone_steps_by_its_height() -> None:
    low, _ = drive([spot(0.4 * n, height_m=15.0) for n in range(500)])
    high, _ = drive([spot(0.4 * n, height_m=100.0) for n in range(500)])

    assert len(low) == pytest.approx(5 * len(high), rel=0.3)


@given(st.lists(st.floats(-2.0, 3.0), min_size=1, max_size=200), st.integers(0, 3))
def test_frames_come_in_order_and_each_is_looked_at_or_counted(
    steps: list[float], every: int
) -> None:
    north = np.cumsum(steps)
    places = [None if every and n % 4 == every else spot(float(m)) for n, m in enumerate(north)]

    taken, passed = drive(places)

    assert taken == sorted(set(taken))
    assert len(taken) + passed.total() == len(places)


def test_a_recorded_drive_is_looked_at_once_a_metre_and_the_same_every_time(
    tmp_path: Path,
) -> None:
    video, track, camera = toy.write_drive(tmp_path)

    def looked() -> list[datetime]:
        footage = open_footage(
            video, telemetry=track, camera=camera, starts_at=None, explain=lambda zh, en: None
        )
        return [frame.at for frame in frames_of(footage)]

    once, again = looked(), looked()

    assert once == again
    assert toy.SPEED * toy.SECONDS - 4 <= len(once) <= toy.SPEED * toy.SECONDS + 4
