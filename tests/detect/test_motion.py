"""Camera motion: from pictures and from poses."""

import cv2
import numpy as np
import pytest

from detect.motion import CameraMotion, camera_motion, glance, motion_over_ground
from tests.detect.road import FRAME


def pavement(*, height: int = 720, width: int = 1280, seed: int = 4) -> np.ndarray:
    """Draw paving stones of many greys."""
    rng = np.random.default_rng(seed)
    stones = rng.integers(0, 256, (height // 24, width // 24), np.uint8)
    large = cv2.resize(stones, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.repeat(cv2.GaussianBlur(large, (0, 0), 2)[..., None], 3, axis=2)


def corners_moved(found: np.ndarray, true: np.ndarray) -> float:
    grid = np.array([[x, y, 1.0] for x in (200, 640, 1080) for y in (300, 500, 700)]).T
    a, b = found @ grid, true @ grid
    return float(np.abs(a[:2] / a[2] - b[:2] / b[2]).max())


@pytest.mark.parametrize(
    "true",
    [
        np.array([[1, 0, 25], [0, 1, -14], [0, 0, 1.0]]),
        np.array([[1.06, 0.02, -40], [-0.02, 1.06, -25], [0, 0, 1.0]]),
        np.array([[1.1, 0.02, -60], [0.01, 1.12, -40], [2e-5, 8e-5, 1.0]]),
    ],
)
def test_the_motion_of_the_ground_is_followed(true) -> None:
    before = pavement()
    now = cv2.warpPerspective(before, true, (1280, 720), borderMode=cv2.BORDER_REFLECT)

    found = camera_motion(glance(before), glance(now))

    assert found.known
    assert corners_moved(found.matrix, true) < 4.0


def test_grain_does_not_move_a_standing_camera() -> None:
    rng = np.random.default_rng(2)
    scene = pavement().astype(float)
    before, now = (np.clip(scene + rng.normal(0, 6, scene.shape), 0, 255) for _ in range(2))

    found = camera_motion(glance(before.astype(np.uint8)), glance(now.astype(np.uint8)))

    assert found.known
    assert corners_moved(found.matrix, np.eye(3)) < 1.5


def test_a_repeated_frame_stands_still_even_without_texture() -> None:
    frame = np.full((*FRAME, 3), 120, np.uint8)

    found = camera_motion(glance(frame), glance(frame))

    assert found.known
    np.testing.assert_array_equal(found.matrix, np.eye(3))


@pytest.mark.parametrize("seed", range(3))
def test_two_different_scenes_have_no_known_motion(seed) -> None:
    one = np.random.default_rng(seed).integers(0, 256, (*FRAME, 3), np.uint8)
    other = np.random.default_rng(seed + 50).integers(0, 256, (*FRAME, 3), np.uint8)

    found = camera_motion(glance(cv2.blur(one, (9, 9))), glance(cv2.blur(other, (9, 9))))

    assert not found.known
    np.testing.assert_array_equal(found.matrix, np.eye(3))


def test_fog_has_no_known_motion() -> None:
    fog = np.full((*FRAME, 3), 180, np.uint8)

    assert not camera_motion(glance(fog), glance(fog - 9)).known


def test_a_source_that_changes_its_size_has_no_known_motion() -> None:
    small = pavement(height=480, width=640)

    assert not camera_motion(glance(small), glance(pavement())).known


def test_the_sky_can_be_left_out() -> None:
    before, now = pavement(), pavement()
    now[360:] = np.roll(before, 30, axis=1)[360:]

    road = camera_motion(glance(before), glance(now), ignore_top=0.5)

    assert road.matrix[0, 2] == pytest.approx(30, abs=1)


def test_nothing_is_known_of_the_first_frame() -> None:
    first = CameraMotion.unknown(FRAME)

    assert (first.known, first.frame) == (False, FRAME)


def test_a_wall_of_windows_beside_the_road_does_not_carry_the_road_along() -> None:
    road = np.array([[1.06, 0.02, -40], [-0.02, 1.06, -25], [2e-5, 6e-5, 1.0]])
    before = pavement()
    now = cv2.warpPerspective(before, road, (1280, 720), borderMode=cv2.BORDER_REFLECT)
    before, now = (np.uint8(100 + 0.15 * picture) for picture in (before, now))
    wall = pavement(seed=9)[:280]
    before[:280], now[:280] = wall, np.roll(wall, 20, axis=1)

    found = camera_motion(glance(before), glance(now))

    assert found.known
    assert corners_moved(found.matrix, road) < 8.0


def test_poses_that_fold_the_ground_over_say_nothing() -> None:
    upright, mirrored = np.eye(3), np.diag([-1.0, 1.0, 1.0])

    assert motion_over_ground(upright, upright, frame=FRAME).known
    assert not motion_over_ground(upright, mirrored, frame=FRAME).known
    assert not motion_over_ground(np.zeros((3, 3)), upright, frame=FRAME).known
    assert not motion_over_ground(upright, np.full((3, 3), np.nan), frame=FRAME).known


def test_a_smaller_copy_says_the_same_of_the_whole_frame() -> None:
    true = np.array([[1.06, 0.02, -40], [-0.02, 1.06, -25], [0, 0, 1.0]])
    before = pavement()
    now = cv2.warpPerspective(before, true, (1280, 720), borderMode=cv2.BORDER_REFLECT)
    copies = [glance(cv2.resize(picture, (640, 360)), frame=FRAME) for picture in (before, now)]

    found = camera_motion(*copies)

    assert found.frame == FRAME
    assert corners_moved(found.matrix, true) < 4.0
