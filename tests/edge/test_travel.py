"""Camera motion by poses: what is on the ground is expected where the drive takes it."""

import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detect.association import warp
from edge.coverage.travel import motion_by_poses
from edge.placing.camera import Camera, CameraError, Mounting
from edge.placing.geodesy import LocalPlane
from edge.placing.pose import Pose
from tests.detect import road
from tests.edge.geotag_trials import pose_error

ORIGIN = LocalPlane(latitude=31.2, longitude=121.5)
CAMERA = Camera(
    width=1280,
    height=720,
    fx=900.0,
    fy=900.0,
    cx=640.0,
    cy=360.0,
    mounting=Mounting(height_above_ground_m=1.6, pitch=-0.1),
    error=CameraError(pixel_px=2.0, height_m=0.03, yaw=0.0, pitch=0.0, roll=0.0),
)


def pose_of(camera: road.Camera) -> Pose:
    latitude, longitude = ORIGIN.latitude_longitude(np.array([camera.east, camera.north]))
    return Pose(
        at=road.START,
        latitude=float(latitude),
        longitude=float(longitude),
        height_hae_m=None,
        height_above_ground_m=None,
        yaw=camera.heading,
        pitch=0.0,
        roll=0.0,
        speed_m_s=None,
        error=pose_error(),
    )


@settings(deadline=None, max_examples=60)
@given(
    st.floats(0.0, 3.0),
    st.floats(-0.09, 0.09),
    st.floats(-3.0, 3.0),
    st.floats(12.0, 40.0),
    st.floats(-math.pi, math.pi),
)
def test_poses_carry_a_pothole_to_where_it_is_seen_next(ahead, turn, right, away, course) -> None:
    s, c = math.sin(course), math.cos(course)
    before = road.Camera(heading=course)
    now = road.Camera(east=ahead * s, north=ahead * c, heading=course + turn)
    spot = road.Thing(away * s + right * c, away * c - right * s)
    box, expected = before.box(spot), now.box(spot)

    motion = motion_by_poses(pose_of(before), pose_of(now), camera=CAMERA)

    true = road.motion_between(before, now)
    assert motion.known
    np.testing.assert_allclose(motion.matrix, true.matrix, rtol=1e-3, atol=0.2)
    if box is not None and expected is not None:
        carried = warp(np.array([box], np.float32), motion.matrix)
        by_truth = warp(np.array([box], np.float32), true.matrix)
        np.testing.assert_allclose(carried, by_truth, atol=1.0)


def test_a_camera_of_unknown_height_has_no_motion_by_poses() -> None:
    nowhere = replace(CAMERA, mounting=Mounting())
    before = pose_of(road.Camera())

    motion = motion_by_poses(
        before, replace(before, at=road.START + timedelta(seconds=1)), camera=nowhere
    )

    assert not motion.known


@pytest.mark.parametrize("seconds", [0, 1])
def test_a_vehicle_that_stands_moves_no_picture(seconds) -> None:
    pose = pose_of(road.Camera(heading=0.4))

    motion = motion_by_poses(
        pose, replace(pose, at=road.START + timedelta(seconds=seconds)), camera=CAMERA
    )

    np.testing.assert_allclose(motion.matrix, np.eye(3), atol=1e-6)
