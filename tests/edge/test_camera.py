"""A camera sees where its file says it does."""

import math
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.placing.camera import (
    Camera,
    CameraError,
    CroppedPicture,
    Mounting,
    PixelBeyondLens,
    enu_from_camera,
    lever_enu,
)
from edge.placing.camera_file import UnusableCamera, read_camera
from edge.placing.geodesy import LocalPlane
from edge.placing.geotag import place_pixel
from edge.placing.lens import Distortion, Fisheye, Lens
from edge.placing.pose import Pose, PoseError

LENS = Distortion(k1=-0.13, k2=0.11, p1=1e-4, p2=2e-4, k3=-0.016)
CAMERA = Camera(width=1280, height=720, fx=900.0, fy=910.0, cx=645.0, cy=355.0, distortion=LENS)
CERTAIN = PoseError(
    horizontal_shared_m=0.0,
    horizontal_own_m=0.0,
    vertical_m=0.0,
    yaw_shared=0.0,
    yaw_own=0.0,
    pitch=0.0,
    roll=0.0,
    time_s=0.0,
)


def _pose(*, yaw: float, pitch: float = 0.0, roll: float = 0.0) -> Pose:
    return Pose(
        at=datetime(2026, 5, 1, tzinfo=UTC),
        latitude=30.0,
        longitude=110.0,
        height_hae_m=None,
        height_above_ground_m=None,
        yaw=yaw,
        pitch=pitch,
        roll=roll,
        speed_m_s=None,
        error=CERTAIN,
    )


FISHEYE = Fisheye(k1=0.05, k2=-0.01, k3=0.004, k4=-0.001)

across = st.floats(min_value=0.0, max_value=1280.0)
down = st.floats(min_value=0.0, max_value=720.0)


@given(u=across, v=down, k1=st.floats(min_value=-0.2, max_value=0.2))
def test_the_ray_of_a_pixel_falls_on_that_pixel(u: float, v: float, k1: float) -> None:
    camera = replace(CAMERA, distortion=replace(LENS, k1=k1))

    back = camera.project(7.0 * camera.rays(np.array([[u, v]])))

    assert np.allclose(back, [[u, v]], atol=1e-6)


@given(u=across, v=down, k1=st.floats(min_value=-0.05, max_value=0.1))
def test_the_ray_of_a_fisheyes_pixel_falls_on_that_pixel(u: float, v: float, k1: float) -> None:
    wide = replace(CAMERA, fx=640.0, fy=640.0, distortion=replace(FISHEYE, k1=k1))

    back = wide.project(7.0 * wide.rays(np.array([[u, v]])))

    assert np.allclose(back, [[u, v]], atol=1e-6)


@pytest.mark.parametrize("lens", [LENS, FISHEYE, Distortion(), Distortion(k1=-0.46, k2=0.32)])
def test_what_a_pixel_is_worth_is_how_its_ray_moves(lens: Lens) -> None:
    camera = replace(CAMERA, distortion=lens)
    uv = np.array([[645.0, 355.0], [100.0, 600.0], [1200.0, 50.0]])

    slope = camera.pixel_slope(camera.undistort(uv))

    for axis, step in enumerate(([0.01, 0.0], [0.0, 0.01])):
        moved = camera.undistort(uv + step) - camera.undistort(uv - step)
        assert np.allclose(slope[:, :, axis], moved / 0.02, rtol=1e-4, atol=1e-9)


def test_the_fisheye_is_the_one_that_opencv_calibrates() -> None:
    wide = replace(CAMERA, distortion=FISHEYE)
    points = np.array([[-2.0, -1.0, 1.0], [0.3, 0.9, 3.0], [2.5, 0.2, 0.5], [0.0, 0.0, 1.0]])
    k = np.array([[900.0, 0.0, 645.0], [0.0, 910.0, 355.0], [0.0, 0.0, 1.0]])
    lens = np.array([FISHEYE.k1, FISHEYE.k2, FISHEYE.k3, FISHEYE.k4])

    ours = wide.project(points)

    theirs, _ = cv2.fisheye.projectPoints(points[:, None, :], np.zeros(3), np.zeros(3), k, lens)
    assert np.allclose(ours, theirs[:, 0, :], atol=1e-6)


def test_a_fisheye_sees_no_farther_than_its_model_holds() -> None:
    camera = replace(CAMERA, fx=200.0, fy=200.0, cx=640.0, cy=360.0, distortion=Fisheye(k1=-0.2))

    with pytest.raises(PixelBeyondLens):
        camera.rays(np.array([[1280.0, 360.0]]))
    assert np.isnan(camera.project(np.array([[12.0, 0.0, 1.0]]))).all()


def test_the_lens_model_is_the_one_that_opencv_calibrates() -> None:
    points = np.array([[-2.0, -1.0, 4.0], [0.3, 0.9, 3.0], [2.5, 0.2, 5.0]])
    k = np.array([[900.0, 0.0, 645.0], [0.0, 910.0, 355.0], [0.0, 0.0, 1.0]])
    lens = np.array([LENS.k1, LENS.k2, LENS.p1, LENS.p2, LENS.k3])

    ours = CAMERA.project(points)

    theirs, _ = cv2.projectPoints(points, np.zeros(3), np.zeros(3), k, lens)
    assert np.allclose(ours, theirs[:, 0, :], atol=1e-6)


def test_what_lies_behind_the_camera_or_beyond_the_lens_has_no_pixel() -> None:
    folding = replace(CAMERA, distortion=Distortion(k1=-0.3))

    uv = folding.project(np.array([[0.0, 0.0, -1.0], [9.0, 0.0, 1.0], [0.0, 0.0, 1.0]]))

    assert np.isnan(uv[:2]).all()
    assert np.isfinite(uv[2]).all()


def test_a_pixel_beyond_the_lens_model_is_refused() -> None:
    folding = replace(CAMERA, distortion=Distortion(k1=-0.5))

    with pytest.raises(PixelBeyondLens):
        folding.undistort(np.array([[1280.0, 720.0]]))


def test_a_half_size_picture_looks_the_same_way() -> None:
    half = CAMERA.scaled_to(640, 360)

    assert np.allclose(
        half.rays(np.array([[150.0, 90.0]])), CAMERA.rays(np.array([[300.0, 180.0]]))
    )


def test_a_cropped_picture_is_refused() -> None:
    with pytest.raises(CroppedPicture):
        CAMERA.scaled_to(1280, 960)


@pytest.mark.parametrize("size", [(4000, 2250), (1920, 1080)])
def test_a_picture_stated_to_be_cut_above_and_below_looks_the_same_way(
    size: tuple[int, int],
) -> None:
    still = Camera(width=4000, height=3000, fx=2300.0, fy=2300.0, cx=2010.0, cy=1490.0)
    cut = replace(still, centre_crop=True).scaled_to(*size)

    ray = cut.rays(np.array([[0.1 * size[0], size[1] / 2.0]]))

    assert np.allclose(ray, still.rays(np.array([[400.0, 1500.0]])))


@pytest.mark.parametrize(
    ("yaw_deg", "pitch_deg", "axis"),
    [
        (0.0, 0.0, (0.0, 1.0, 0.0)),
        (90.0, 0.0, (1.0, 0.0, 0.0)),
        (0.0, -90.0, (0.0, 0.0, -1.0)),
        (180.0, -45.0, (0.0, -math.sqrt(0.5), -math.sqrt(0.5))),
    ],
)
def test_yaw_turns_clockwise_from_north_and_negative_pitch_looks_down(
    yaw_deg: float, pitch_deg: float, axis: tuple[float, float, float]
) -> None:
    pose = _pose(yaw=math.radians(yaw_deg), pitch=math.radians(pitch_deg))

    rotation = enu_from_camera(pose, CAMERA)

    assert np.allclose(rotation @ [0.0, 0.0, 1.0], axis, atol=1e-12)
    assert np.isclose(np.linalg.det(rotation), 1.0)


def test_the_top_of_a_nadir_photo_is_where_the_drone_heads() -> None:
    rotation = enu_from_camera(_pose(yaw=math.radians(90.0), pitch=math.radians(-90.0)), CAMERA)

    assert np.allclose(rotation @ [0.0, -1.0, 0.0], [1.0, 0.0, 0.0], atol=1e-12)


def test_a_camera_ahead_of_its_antenna_is_ahead_in_the_world() -> None:
    ahead = replace(CAMERA, mounting=Mounting(height_above_ground_m=1.6, lever_m=(2.0, 0.5, 0.3)))

    lever = lever_enu(_pose(yaw=math.radians(90.0)), ahead)

    assert np.allclose(lever, [2.0, -0.5, -0.3])


def test_a_camera_file_says_lens_mounting_and_errors(tmp_path: Path) -> None:
    path = tmp_path / "camera.toml"
    path.write_text(
        "[image]\nwidth = 1280\nheight = 720\n"
        "[lens]\nfx = 900.0\nfy = 900.0\ncx = 640.0\ncy = 360.0\nk1 = -0.1\n"
        "[mounting]\nheight_above_ground_m = 1.6\npitch_deg = -6.0\nforward_m = 1.5\n"
        "[errors]\npixel_px = 2.0\npitch_deg = 0.5\n"
    )

    camera = read_camera(path)

    assert camera.mounting.height_above_ground_m == 1.6
    assert camera.mounting.pitch == pytest.approx(math.radians(-6.0))
    assert camera.mounting.lever_m == (1.5, 0.0, 0.0)
    assert camera.error.pitch == pytest.approx(math.radians(0.5))
    assert camera.distortion.k1 == -0.1


def test_a_camera_file_may_describe_a_fisheye(tmp_path: Path) -> None:
    path = tmp_path / "camera.toml"
    path.write_text(
        "[image]\nwidth = 1280\nheight = 720\ncentre_crop = true\n"
        '[lens]\nmodel = "fisheye"\nfx = 500.0\nfy = 500.0\ncx = 640.0\ncy = 360.0\n'
        "k1 = 0.05\nk4 = -0.001\n"
    )

    camera = read_camera(path)

    assert camera.distortion == Fisheye(k1=0.05, k4=-0.001)
    assert camera.centre_crop


@pytest.mark.parametrize(
    "text",
    [
        "",
        *(
            f"[image]\nwidth = 1280\nheight = 720\n[lens]\nmodel = '{model}'\n"
            f"fx = 500\nfy = 500\ncx = 640\ncy = 360\n{coefficient} = 0.01\n"
            for model, coefficient in (("fisheye", "p1"), ("brown", "k4"), ("mirror", "k1"))
        ),
        "width = [",
        "[image]\nwidth = 1280\nheight = 720\n[lens]\nfx = -1\nfy = 1\ncx = 0\ncy = 0\n",
        "[image]\nwidth = 1280\nheight = 720\nfov = 70\n[lens]\nfx = 1\nfy = 1\ncx = 0\ncy = 0\n",
        "[image]\nwidth = 1280\nheight = 720\n[lens]\nfx = nan\nfy = 1\ncx = 0\ncy = 0\n",
    ],
)
def test_a_camera_file_that_says_too_little_or_nonsense_is_refused(
    text: str, tmp_path: Path
) -> None:
    path = tmp_path / "camera.toml"
    path.write_text(text)

    with pytest.raises(UnusableCamera, match="相机文件"):
        read_camera(path)


def test_a_camera_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableCamera):
        read_camera(tmp_path / "none.toml")


@pytest.mark.parametrize("lens", [LENS, FISHEYE])
def test_a_pixels_error_grows_with_what_it_covers_of_the_ground(lens: Lens) -> None:
    """Against differences: how far a step of one pixel moves the place."""
    wide = replace(CAMERA, fx=560.0, fy=560.0, distortion=lens)
    pose = replace(_pose(yaw=0.4, pitch=math.radians(-60.0)), height_above_ground_m=50.0)
    uv = (1150.0, 500.0)

    sharp, vague = (
        place_pixel(uv, pose=pose, camera=replace(wide, error=CameraError(pixel_px=px)))
        for px in (3.0, 30.0)
    )

    plane = LocalPlane(latitude=30.0, longitude=110.0)
    steps = []
    for du, dv in ((0.5, 0.0), (0.0, 0.5)):
        ends = [
            place_pixel((uv[0] + s * du, uv[1] + s * dv), pose=pose, camera=wide) for s in (-1, 1)
        ]
        east_north = plane.east_north(
            np.array([end.latitude for end in ends]), np.array([end.longitude for end in ends])
        )
        steps.append(east_north[1] - east_north[0])
    moved = np.column_stack(steps)
    added = (vague.covariance - sharp.covariance) / (30.0**2 - 3.0**2)
    assert np.allclose(added, moved @ moved.T, rtol=0.03)


@pytest.mark.parametrize(
    "lens", [Distortion(), Distortion(k1=-0.3, k2=0.08), LENS, Fisheye(k1=-0.02, k2=0.003)]
)
@pytest.mark.parametrize("where", [(0.0, 0.0), (0.4, -0.2), (-0.7, 0.4)])
def test_how_large_a_thing_appears_is_what_its_outline_in_the_picture_fills(
    lens: Lens, where: tuple[float, float]
) -> None:
    camera = replace(CAMERA, distortion=lens)
    axis = np.array([*where, 1.0]) / math.hypot(*where, 1.0)
    aside = np.cross(axis, [0.0, 1.0, 0.0])
    aside /= np.linalg.norm(aside)
    turn = np.linspace(0.0, 2.0 * math.pi, 400, endpoint=False)[:, None]
    ring = axis + 0.01 * (np.cos(turn) * aside + np.sin(turn) * np.cross(axis, aside))

    x, y = camera.project(ring).T

    filled = 0.5 * abs(float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)))
    scale = camera.pixels_per_radian(np.array([where]))[0]
    assert scale == pytest.approx(math.sqrt(filled / math.pi) / 0.01, rel=2e-3)


def test_a_photo_from_straight_above_shows_all_its_ground_equally_large() -> None:
    gimbal = Camera(width=4000, height=3000, fx=2650.0, fy=2650.0, cx=2000.0, cy=1500.0)
    above = replace(_pose(yaw=0.0, pitch=-math.pi / 2.0), height_above_ground_m=60.0)

    points = [place_pixel(uv, pose=above, camera=gimbal) for uv in ((2000, 1500), (50, 80))]

    scales = [point.scale_for("road.pothole") for point in points]
    assert scales == pytest.approx([2650.0 / 60.0] * 2, rel=1e-6)
