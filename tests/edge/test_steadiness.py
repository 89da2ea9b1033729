"""What rises from the ground does not move as the ground does."""

import math

import cv2
import numpy as np

from edge.coverage.steadiness import Steadiness
from edge.placing.camera import Camera, Mounting
from edge.placing.terrain import OwnPlane
from tests.edge.geotag_trials import pose, pose_error

DASH = Camera(
    width=1280,
    height=720,
    fx=900.0,
    fy=900.0,
    cx=640.0,
    cy=360.0,
    mounting=Mounting(height_above_ground_m=1.6, pitch=math.radians(-6.0)),
)
PIXELS_PER_METRE = 40.0


def _ground() -> np.ndarray:
    """A rough plane of 30 m by 40 m with marks, its origin at the lower left corner."""
    rng = np.random.default_rng(5)
    coarse = rng.normal(110.0, 25.0, (160, 120)).astype(np.float32)
    texture = cv2.resize(coarse, (1200, 1600), interpolation=cv2.INTER_CUBIC)
    texture[:, 590:600] = 230.0
    return texture


def _picture(texture: np.ndarray, *, north: float, wall: bool) -> tuple[np.ndarray, np.ndarray]:
    """Draw the plane, and if wanted a striped wall 3 m to the right; give it with its origin."""
    at = pose(np.array([0.0, north]), error=pose_error())
    stance = OwnPlane().stance(at, DASH)
    turned = stance.rotation.T
    lens = np.array([[DASH.fx, 0.0, DASH.cx], [0.0, DASH.fy, DASH.cy], [0.0, 0.0, 1.0]])
    eye = np.array([0.0, north, 1.6])
    onto = lens @ np.column_stack([turned[:, 0], turned[:, 1], -turned @ eye])
    metres = np.diag([1.0 / PIXELS_PER_METRE, -1.0 / PIXELS_PER_METRE, 1.0])
    shift = np.array([[1.0, 0.0, -15.0], [0.0, 1.0, 40.0], [0.0, 0.0, 1.0]])
    picture = cv2.warpPerspective(texture, onto @ shift @ metres, (1280, 720))
    if wall:
        for stripe in range(4, 40):
            corners = [
                (3.0, stripe / 1.0 + n, u) for n, u in ((0, 0), (0.5, 0), (0.5, 2.5), (0, 2.5))
            ]
            seen = (np.array(corners) - eye) @ stance.rotation
            if seen[:, 2].min() < 0.5:
                continue
            shade = 220.0 if stripe % 2 else 40.0
            cv2.fillConvexPoly(picture, DASH.project(seen).astype(np.int32), shade)
    grey = np.clip(picture, 0, 255).astype(np.uint8)
    return cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.array([0.0, north])


def _compare(*, wall: bool, brighter: int = 0) -> np.ndarray:
    """Tell of a box on the lane and of one to the right whether they lay still."""
    steadiness, texture = Steadiness(), _ground()
    comparison = None
    for north, extra in ((0.0, 0), (1.5, brighter)):
        image, origin = _picture(texture, north=north, wall=wall)
        stance = OwnPlane().stance(pose(origin, error=pose_error()), DASH)
        image = cv2.add(image, np.full_like(image, extra))
        comparison = steadiness.compare(image, stance=stance, origin=origin, camera=DASH)
    assert comparison is not None
    low = np.array([[540.0, 430.0], [900.0, 400.0]])
    return comparison.steady(low, low + np.array([200.0, 60.0]))


def test_free_ground_lies_still() -> None:
    assert _compare(wall=False).tolist() == [True, True]


def test_ground_behind_a_wall_does_not_lie_still() -> None:
    assert _compare(wall=True).tolist() == [True, False]


def test_a_change_of_exposure_does_not_move_the_ground() -> None:
    assert _compare(wall=False, brighter=25).tolist() == [True, True]


def test_a_first_frame_has_nothing_to_be_compared_with() -> None:
    image, origin = _picture(_ground(), north=0.0, wall=False)
    stance = OwnPlane().stance(pose(origin, error=pose_error()), DASH)

    assert Steadiness().compare(image, stance=stance, origin=origin, camera=DASH) is None


def test_a_heading_that_is_a_degree_off_does_not_move_the_ground() -> None:
    steadiness, texture = Steadiness(), _ground()
    comparison = None
    for north, off in ((0.0, 0.0), (1.5, math.radians(1.0))):
        image, origin = _picture(texture, north=north, wall=False)
        stance = OwnPlane().stance(pose(origin, error=pose_error(), yaw=off), DASH)
        comparison = steadiness.compare(image, stance=stance, origin=origin, camera=DASH)

    assert comparison is not None
    low = np.array([[540.0, 430.0]])
    assert comparison.steady(low, low + np.array([200.0, 60.0])).all()
