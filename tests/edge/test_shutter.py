"""A camera that reads its rows one by one still puts things where they are."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.placing.camera import Camera, Mounting, enu_from_camera
from edge.placing.camera_file import UnusableCamera, read_camera
from edge.placing.geodesy import LocalPlane, moved
from edge.placing.geotag import place_pixel, place_track
from edge.placing.pose import NoPose, Pose, body_angles, ned_from_body
from edge.placing.shutter import at_row, row_delay_s, with_motion
from edge.placing.sight import Sighting
from tests.edge.geotag_trials import PLANE, START, pose, pose_error

READOUT_S = 0.03
SURE = pose_error()
DASH = Camera(
    width=1920,
    height=1080,
    fx=1400.0,
    fy=1400.0,
    cx=960.0,
    cy=540.0,
    mounting=Mounting(height_above_ground_m=1.6, pitch=math.radians(-10.0)),
    readout_s=READOUT_S,
)
GIMBAL = Camera(
    width=4000, height=3000, fx=2650.0, fy=2650.0, cx=2000.0, cy=1500.0, readout_s=READOUT_S
)


@dataclass(frozen=True)
class Carrier:
    """A carrier that turns and moves evenly, as its own telemetry."""

    speed_m_s: float
    yaw_rate: float = 0.0
    pitch: float = 0.0
    agl_m: float | None = None
    ends_at: datetime = START + timedelta(hours=1)
    digest: str = "carrier"

    def pose_at(self, at: datetime) -> Pose:
        if at > self.ends_at:
            raise NoPose(at, "轨迹结束", "the track ends")
        seconds = (at - START).total_seconds()
        yaw = self.yaw_rate * seconds
        if self.yaw_rate:
            radius = self.speed_m_s / self.yaw_rate
            place = np.array([radius * (1.0 - math.cos(yaw)), radius * math.sin(yaw)])
        else:
            place = np.array([0.0, self.speed_m_s * seconds])
        return pose(
            place,
            error=SURE,
            yaw=yaw,
            pitch=self.pitch,
            agl_m=self.agl_m,
            speed_m_s=self.speed_m_s,
            at=at,
        )


def row_by_row(spot: np.ndarray, carrier: Carrier, camera: Camera, at: datetime) -> np.ndarray:
    """Give the pixel at which a rolling shutter catches a spot (3,): its row's time sees it."""
    uv = np.array([camera.width / 2.0, camera.height / 2.0])
    for _ in range(20):
        then = carrier.pose_at(at + timedelta(seconds=row_delay_s(float(uv[1]), camera)))
        eye = PLANE.east_north(then.latitude, then.longitude)
        up = camera.mounting.height_above_ground_m or then.height_above_ground_m or 0.0
        away = spot - np.array([eye[0], eye[1], up])
        uv = camera.project(away[None] @ enu_from_camera(then, camera))[0]
    return np.asarray(uv)


def off_m(
    spot: np.ndarray, carrier: Carrier, camera: Camera, *, knows: Callable[[Camera], Camera]
) -> float:
    """Give by how far a spot is misplaced by one who holds the camera for what `knows` makes it."""
    uv = row_by_row(spot, carrier, camera, START)
    seen_by = knows(camera)
    taken = with_motion(carrier.pose_at(START), carrier, seen_by)
    point = place_pixel((float(uv[0]), float(uv[1])), pose=taken, camera=seen_by)
    found = PLANE.east_north(point.latitude, point.longitude)
    return float(np.linalg.norm(found - spot[:2]))


def as_it_is(camera: Camera) -> Camera:
    return camera


def at_once(camera: Camera) -> Camera:
    return replace(camera, readout_s=0.0)


@pytest.mark.parametrize(
    ("carrier", "camera", "spot"),
    [
        (Carrier(10.0, math.radians(20.0)), DASH, np.array([2.0, 5.0, 0.0])),
        (Carrier(10.0, math.radians(20.0)), DASH, np.array([-2.5, 6.5, 0.0])),
        (
            Carrier(15.0, pitch=-math.pi / 2.0, agl_m=60.0),
            GIMBAL,
            np.array([10.0, -28.0, 0.0]),
        ),
        (
            Carrier(15.0, math.radians(20.0), pitch=-math.pi / 2.0, agl_m=60.0),
            GIMBAL,
            np.array([10.0, 28.0, 0.0]),
        ),
    ],
)
def test_each_row_is_placed_from_where_the_carrier_was_when_it_was_read(
    carrier: Carrier, camera: Camera, spot: np.ndarray
) -> None:
    known = off_m(spot, carrier, camera, knows=as_it_is)
    ignored = off_m(spot, carrier, camera, knows=at_once)

    assert known < 0.005
    assert ignored > 0.025


def test_a_drone_at_15_m_s_would_be_off_by_half_its_way_during_the_readout() -> None:
    flight = Carrier(15.0, pitch=-math.pi / 2.0, agl_m=60.0)
    at_the_rim = np.array([0.0, -33.0, 0.0])

    ignored = off_m(at_the_rim, flight, GIMBAL, knows=at_once)

    assert ignored == pytest.approx(15.0 * READOUT_S / 2.0, rel=0.05)


def test_a_sensor_read_upwards_is_stated_by_a_readout_below_zero() -> None:
    upwards = replace(GIMBAL, readout_s=-READOUT_S)
    flight = Carrier(15.0, pitch=-math.pi / 2.0, agl_m=60.0)

    assert off_m(np.array([0.0, 20.0, 0.0]), flight, upwards, knows=as_it_is) < 0.005


def test_the_row_in_the_middle_is_taken_at_the_pictures_time() -> None:
    taken = with_motion(Carrier(15.0).pose_at(START), Carrier(15.0), DASH)

    assert at_row(taken, 540.0, DASH) == taken
    assert at_row(taken, 1080.0, DASH).at == START + timedelta(seconds=READOUT_S / 2.0)


def test_the_motion_is_known_up_to_where_the_track_ends() -> None:
    drive = Carrier(10.0, math.radians(20.0), ends_at=START)

    motion = with_motion(drive.pose_at(START), drive, DASH).motion

    assert motion is not None
    assert math.hypot(*motion.velocity) == pytest.approx(10.0, rel=1e-3)
    assert motion.turning[2] == pytest.approx(-math.radians(20.0), rel=1e-3)


def test_a_wrong_clock_turns_a_vehicle_that_turns() -> None:
    drive = Carrier(10.0, math.radians(20.0))
    late = replace(
        with_motion(drive.pose_at(START), drive, DASH),
        error=replace(SURE, time_s=0.05),
    )
    sighting = Sighting(uv=(960.0, 480.0), pose=late)

    turning = place_track([sighting], camera=DASH)
    straight = place_track([replace(sighting, pose=replace(late, motion=None))], camera=DASH)

    # One degree of heading at eight metres ahead, across the way.
    more = turning.shared[0, 0] - straight.shared[0, 0]
    assert math.sqrt(more) == pytest.approx(math.radians(1.0) * turning.north_m, rel=0.05)


def test_a_cut_picture_is_read_in_the_share_of_time_that_its_rows_take() -> None:
    middle = replace(GIMBAL, centre_crop=True).scaled_to(4000, 2250)

    assert middle.readout_s == pytest.approx(READOUT_S * 0.75)
    assert GIMBAL.scaled_to(2000, 1500).readout_s == READOUT_S


CAMERA_FILE = """
[image]
width = 1920
height = 1080
[lens]
fx = 1400.0
fy = 1400.0
cx = 960.0
cy = 540.0
[shutter]
readout_s = {readout}
"""


def test_a_camera_file_states_the_readout(tmp_path: Path) -> None:
    path = tmp_path / "camera.toml"
    path.write_text(CAMERA_FILE.format(readout="0.016"), encoding="utf-8")

    assert read_camera(path).readout_s == 0.016


@pytest.mark.parametrize("readout", ["16.0", "nan", '"fast"'])
def test_a_readout_in_milliseconds_is_refused_with_what_to_write(
    tmp_path: Path, readout: str
) -> None:
    path = tmp_path / "camera.toml"
    path.write_text(CAMERA_FILE.format(readout=readout), encoding="utf-8")

    with pytest.raises(UnusableCamera, match="毫秒请除以 1000") as refused:
        read_camera(path)
    assert "divide milliseconds by 1000" in str(refused.value)


@given(
    yaw=st.floats(-3.1, 3.1),
    roll=st.floats(-1.5, 1.5),
    down=st.sampled_from([-math.pi / 2.0, math.pi / 2.0]),
)
def test_angles_of_a_camera_that_looks_straight_down_give_its_rotation_back(
    yaw: float, roll: float, down: float
) -> None:
    # Composed of two parts, so that the last bits differ from those of one formula.
    rotation = ned_from_body(yaw, 0.0, 0.0) @ ned_from_body(0.0, down, roll)

    assert np.allclose(ned_from_body(*body_angles(rotation)), rotation, atol=1e-6)


@given(latitude=st.floats(-70.0, 70.0), east=st.floats(-10, 10), north=st.floats(-10, 10))
def test_a_short_way_ends_where_the_ellipsoid_says(
    latitude: float, east: float, north: float
) -> None:
    there = moved(latitude, 110.0, east_m=east, north_m=north)

    found = LocalPlane(latitude=latitude, longitude=110.0).east_north(*there)
    assert np.allclose(found, (east, north), atol=1e-4)
