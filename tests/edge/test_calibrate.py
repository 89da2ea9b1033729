"""A drive along a straight road tells how its camera is mounted."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.wire import Platform
from edge.calibrate.boresight import Boresight, Told, TooLittleStraight, boresight_of
from edge.calibrate.camera_text import mounting_values, with_values
from edge.calibrate.drive import NotAVehicleCamera, watch_drive
from edge.calibrate.motion import motion_between, road_below, road_moves, rotation_of
from edge.frame import Frame
from edge.placing.camera import Camera, Mounting, PixelBeyondLens
from edge.placing.camera_file import read_camera
from edge.placing.lens import Fisheye
from tests.edge.winding_drive import (
    HEIGHT_M,
    LEVEL,
    TWISTED,
    WindingDrive,
    camera,
    straight,
    watched_winding,
)

# Together, so that what several look at is painted once.
pytestmark = pytest.mark.xdist_group("painted drives")

FILE = """\
[image]
width = 1280
height = 720

[lens]  # of the windscreen camera
fx = 900.0
fy = 900.0
cx = 640.0
cy = 360.0

[mounting]
height_above_ground_m = 1.6  # measured by hand
pitch_deg = 0.0
forward_m = 0.8
"""


def _told(told: Told | None) -> Told:
    assert told is not None
    return told


@pytest.mark.parametrize("drive", [LEVEL, TWISTED], ids=["level", "twisted"])
def test_a_planted_boresight_is_found_within_its_error(drive: WindingDrive) -> None:
    found = boresight_of(watch_drive(drive.footage(noise_m=0.1)), camera())

    planted = (
        (found.yaw, drive.yaw),
        (found.pitch, drive.pitch),
        (_told(found.roll), drive.roll),
    )
    for told, truth in planted:
        assert abs(told.value - truth) <= 2.5 * told.error
        assert told.error < math.radians(0.15)
    assert abs(_told(found.height_m).value / HEIGHT_M - 1.0) < 0.03
    assert found.height_fits(HEIGHT_M, 0.03) is True
    assert found.height_fits(2.2, 0.05) is False


@dataclass(frozen=True)
class SeenThrough:
    """A drive as another lens would have taken it, of half the focal length."""

    drive: WindingDrive
    camera: Camera
    digest: str = "seen through another lens"
    platform: Platform = Platform.VEHICLE
    rendered: bool = True

    def frames(self) -> Iterator[Frame]:
        lens, drawn = self.camera, camera()
        across, down = np.meshgrid(np.arange(lens.width) + 0.5, np.arange(lens.height) + 0.5)
        seen = (np.column_stack([across.ravel(), down.ravel()]) - (lens.cx, lens.cy)) / lens.fx
        straight_on = lens.distortion.straighten(seen)
        uv = drawn.project(np.column_stack([straight_on, np.ones(len(seen))])) - 0.5
        known = np.nan_to_num(uv, nan=-9.0).astype(np.float32).T
        maps = known.reshape(2, lens.height, lens.width)
        for frame in self.drive.frames():
            yield replace(frame, image=cv2.remap(frame.image, maps[0], maps[1], cv2.INTER_AREA))


def test_the_boresight_of_a_fisheye_is_found_where_it_shows_more_than_its_model_holds() -> None:
    wide = replace(
        camera(), fx=0.5 * camera().fx, fy=0.5 * camera().fx, distortion=Fisheye(k1=-0.02)
    )
    corner = np.array([[0.0, 0.0]])
    with pytest.raises(PixelBeyondLens):
        wide.undistort(corner)
    footage = replace(TWISTED.footage(noise_m=0.1), source=SeenThrough(TWISTED, wide), camera=wide)

    found = boresight_of(watch_drive(footage), wide)

    assert abs(math.degrees(found.pitch.value - TWISTED.pitch)) < 0.3
    assert abs(math.degrees(found.yaw.value - TWISTED.yaw)) < 0.3


def test_a_drive_that_hardly_goes_straight_tells_no_boresight() -> None:
    with pytest.raises(TooLittleStraight):
        boresight_of(watched_winding(), camera())


def test_a_drone_or_a_camera_to_the_side_is_refused() -> None:
    footage = WindingDrive(seed=45, aside_m=straight(), seconds=1.0).footage()
    flown = replace(footage.camera, mounting=Mounting())
    aside = replace(
        footage.camera, mounting=Mounting(height_above_ground_m=1.6, yaw=math.radians(90.0))
    )

    for other in (flown, aside):
        with pytest.raises(NotAVehicleCamera):
            watch_drive(replace(footage, camera=other))


@settings(max_examples=20, deadline=None)
@given(
    turn=st.tuples(*[st.floats(-0.03, 0.03)] * 3),
    aside=st.floats(-0.2, 0.2),
    up=st.floats(-0.2, 0.2),
)
def test_motion_and_road_come_out_of_what_they_would_show(
    turn: tuple[float, float, float], aside: float, up: float
) -> None:
    rng = np.random.default_rng(3)
    way = np.array([aside, up, 1.0]) / math.hypot(aside, up, 1.0)
    down = np.array([0.0, 1.0, 0.0])
    below = down - (down @ way) * way
    below = below / np.linalg.norm(below)
    things = rng.uniform((-8.0, -4.0, 6.0), (8.0, 1.5, 40.0), (200, 3))
    aside_m = np.cross(below, way)
    road = (
        1.6 * below
        + rng.uniform(4.0, 15.0, (80, 1)) * way
        + rng.uniform(-3.0, 3.0, (80, 1)) * aside_m
    )
    rotation = rotation_of(np.array(turn))

    def seen(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        later = (points - 1.6 * way) @ rotation.T
        return points / points[:, 2:], later / later[:, 2:]

    motion = motion_between(
        *seen(np.concatenate([things, road])),
        ahead=np.array([0.0, 0.0, 1.0]),
        turn=np.zeros(3),
        focal_px=450.0,
    )

    assert motion is not None
    assert motion.start == pytest.approx(way, abs=1e-4)
    assert motion.turn == pytest.approx(np.array(turn), abs=1e-5)
    plane = road_below(*seen(road), motion, focal_px=450.0)
    assert plane is not None
    assert plane == pytest.approx(below, abs=1e-2)
    moved = seen(road)[0] @ road_moves(motion, down=down, way_per_height=1.0).T
    assert moved / moved[:, 2:] == pytest.approx(seen(road)[1], abs=1e-3)


def test_what_a_drive_told_is_set_in_the_camera_file_and_the_rest_stays(tmp_path: Path) -> None:
    found = Boresight(
        yaw=Told(math.radians(1.234), math.radians(0.07)),
        pitch=Told(math.radians(-5.5), math.radians(0.06)),
        roll=None,
        height_m=None,
        straight_s=30.0,
    )
    path = tmp_path / "camera.toml"

    path.write_text(with_values(FILE, mounting_values(found)), "utf-8")

    read = read_camera(path)
    assert math.degrees(read.mounting.yaw) == pytest.approx(1.23)
    assert math.degrees(read.mounting.pitch) == pytest.approx(-5.5)
    assert (read.mounting.height_above_ground_m, read.mounting.lever_m[0]) == (1.6, 0.8)
    assert math.degrees(read.error.yaw) == pytest.approx(0.07)
    assert "# measured by hand" in path.read_text("utf-8")
    assert path.read_text("utf-8").count("pitch_deg") == 2
