"""A flight whose photos' places come late is told so, and one in order is not accused of it."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from edge.geocheck.agreement import Overlap, View
from edge.geocheck.causes import CLOCK, HEIGHT, ZOOM
from edge.geocheck.faults import Trial, faults_among, try_causes
from edge.geocheck.lateness import later_along
from edge.placing.camera import Camera
from edge.placing.geodesy import LocalPlane
from edge.placing.pose import Pose
from edge.telemetry.photos import NON_RTK

START = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
HEIGHT_M = 60.0
SPEED_M_S = 8.0
PHOTO_S = 2.0
CAMERA = Camera(width=4000, height=3000, fx=3000.0, fy=3000.0, cx=2000.0, cy=1500.0)
PLANE = LocalPlane(latitude=29.56, longitude=106.55)


def _flight(*, legs: int, late_s: float, seed: int) -> tuple[list[View], list[Overlap]]:
    """Fly to and fro over points on level ground; the places written are those of before."""
    noise = np.random.default_rng(seed)
    true, views = [], []
    for leg in range(legs):
        for number in range(6):
            way = 1.0 if leg % 2 == 0 else -1.0
            along = SPEED_M_S * PHOTO_S * (number if way > 0 else 5 - number)
            place = np.array([20.0 * leg, along])
            said = place - np.array([0.0, way * SPEED_M_S * late_s]) + noise.normal(0.0, 0.6, 2)
            true.append(place)
            latitude, longitude = PLANE.latitude_longitude(said)
            at = START + timedelta(seconds=PHOTO_S * number + leg * 20.0)
            views.append(_view(at, float(latitude), float(longitude)))
    ground = noise.uniform((-30.0, -30.0), (20.0 * legs + 30.0, 120.0), (4000, 2))
    overlaps = []
    for one in range(len(true)):
        for other in range(one + 1, len(true)):
            seen = np.hstack([_seen(ground, true[one]), _seen(ground, true[other])])
            inside = (np.abs(seen) < np.array([0.66, 0.5, 0.66, 0.5])).all(axis=1)
            if inside.sum() >= 60:
                overlaps.append(Overlap(first=one, second=other, seen=seen[inside]))
    return views, overlaps


def _view(at: datetime, latitude: float, longitude: float) -> View:
    pose = Pose(
        at=at,
        latitude=latitude,
        longitude=longitude,
        height_hae_m=None,
        height_above_ground_m=HEIGHT_M,
        yaw=0.0,
        pitch=-math.pi / 2.0,
        roll=0.0,
        speed_m_s=None,
        error=NON_RTK,
    )
    return View(name=f"{at:%H%M%S}", at=at, pose=pose, camera=CAMERA)


def _seen(ground: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Give what a camera over a place, its top to the north, sees of points: right and down."""
    east, north = (ground - place).T
    return np.column_stack([east, -north]) / HEIGHT_M


def _faults(views: list[View], overlaps: list[Overlap]) -> tuple[Trial, ...]:
    causes = (ZOOM, HEIGHT, CLOCK)
    return faults_among(try_causes(views, overlaps, causes=causes, later=later_along(views)))


@pytest.mark.parametrize("late_s", [-1.0, 0.8, 1.5])
def test_places_that_come_late_are_named_with_how_late(late_s: float) -> None:
    faults = _faults(*_flight(legs=4, late_s=late_s, seed=1))

    assert [fault.cause.name for fault in faults] == ["time_offset"]
    assert faults[0].value == pytest.approx(late_s, abs=0.25)


@pytest.mark.parametrize("seed", range(3))
def test_a_flight_in_order_is_accused_of_nothing(seed: int) -> None:
    assert _faults(*_flight(legs=4, late_s=0.0, seed=seed)) == ()


def test_a_single_leg_cannot_tell_and_accuses_nobody() -> None:
    assert _faults(*_flight(legs=1, late_s=1.0, seed=1)) == ()
