"""Lenses that bend lines: sweeps, motion and veils are told what a straight one would show."""

from dataclasses import replace
from functools import lru_cache

import cv2
import numpy as np
import pytest

from detect.association import warp
from detect.detections import Detections
from detect.veil import VeilSearch
from edge.coverage.inspected import Coverage
from edge.coverage.steadiness import Steadiness
from edge.coverage.travel import motion_by_poses
from edge.coverage.windscreen import Windscreen, towards_of
from edge.frame import Frame
from edge.placing.camera import Camera
from edge.placing.lens import Distortion, Fisheye, Lens
from edge.placing.local_scale import pixels_per_radian, resolution
from edge.placing.straightening import straightening_of
from edge.placing.terrain import OwnPlane
from tests.edge.geotag_trials import pose, pose_error
from tests.edge.test_coverage import CLEAR, DASH, LABELS, NOTHING, _manifest, _poses, _standing
from tests.edge.test_steadiness import _picture as straight_picture

BARREL: Lens = Distortion(k1=-0.28, k2=0.07)
FISHEYE: Lens = Fisheye(k1=-0.02, k2=0.003)
LENSES = pytest.mark.parametrize("lens", [BARREL, FISHEYE], ids=["barrel", "fisheye"])


def through(lens: Lens) -> Camera:
    return replace(DASH, distortion=lens, fx=700.0, fy=700.0)


@lru_cache(maxsize=2)
def maps(lens: Lens) -> np.ndarray:
    camera = through(lens)
    across, down = np.meshgrid(np.arange(1280) + 0.5, np.arange(720) + 0.5)
    seen = np.column_stack([across.ravel(), down.ravel()])
    straight = lens.straighten((seen - (camera.cx, camera.cy)) / (camera.fx, camera.fy))
    places = straight * (DASH.fx, DASH.fy) + (DASH.cx, DASH.cy) - 0.5
    return np.nan_to_num(places, nan=-1e4).astype(np.float32).reshape(720, 1280, 2)


def bent(picture: np.ndarray, lens: Lens) -> np.ndarray:
    """Take a straight picture of `DASH` as a camera with this lens takes the same scene."""
    return cv2.remap(picture, maps(lens), None, cv2.INTER_LINEAR)


def ground() -> np.ndarray:
    rng = np.random.default_rng(5)
    coarse = rng.normal(110.0, 25.0, (160, 120)).astype(np.float32)
    return cv2.resize(coarse, (1200, 1600), interpolation=cv2.INTER_CUBIC)


@LENSES
@pytest.mark.parametrize("wall", [False, True])
def test_free_ground_lies_still_through_a_lens_that_bends_and_a_wall_does_not(
    lens: Lens, wall: bool
) -> None:
    steadiness, texture, camera = Steadiness(), ground(), through(lens)
    comparison = None
    for north in (0.0, 1.5):
        image, origin = straight_picture(texture, north=north, wall=wall)
        stance = OwnPlane().stance(pose(origin, error=pose_error()), camera)
        comparison = steadiness.compare(
            bent(image, lens), stance=stance, origin=origin, camera=camera
        )

    assert comparison is not None
    low = np.array([[500.0, 420.0], [830.0, 395.0]])
    assert comparison.steady(low, low + np.array([120.0, 40.0])).tolist() == [True, not wall]


@LENSES
def test_poses_carry_what_lies_on_the_road_to_where_the_lens_shows_it_next(lens: Lens) -> None:
    camera = through(lens)
    before, now = (pose(np.array([0.0, north]), error=pose_error()) for north in (0.0, 1.0))

    motion = motion_by_poses(before, now, camera=camera)

    assert motion.known
    for spot in ((0.0, 12.0), (2.0, 9.0), (-3.0, 11.0)):
        seen = []
        for at, north in ((before, 0.0), (now, 1.0)):
            stance = OwnPlane().stance(at, camera)
            away = np.array([spot[0], spot[1] - north, 0.0]) - stance.position
            middle = camera.project(away[None] @ stance.rotation)[0]
            seen.append(np.concatenate([middle - 8.0, middle + 8.0]))
        carried = warp(seen[0][None].astype(np.float32), motion.matrix)[0]
        assert np.linalg.norm((carried - seen[1])[:2] + (carried - seen[1])[2:]) / 2.0 < 8.0


@LENSES
def test_a_picture_laid_straight_and_bent_back_is_the_picture(lens: Lens) -> None:
    image = cv2.GaussianBlur(cv2.resize(ground(), (320, 180)), (0, 0), 3.0)
    lay = straightening_of(through(lens), 320)

    back = lay.bent(lay.straight(image, outside=-1e3), outside=-1e3)

    inner = np.abs(back - image)[10:-10, 10:-10]
    assert float(np.median(inner)) < 2.0


def test_the_border_of_a_barrel_lens_is_worth_fewer_pixels_than_its_middle() -> None:
    camera = through(Distortion(k1=-0.3))
    spots = np.array([[0.0, 0.0], [0.95, 0.0]])

    middle, border = resolution(pixels_per_radian(camera, spots), on_axis=700.0)

    assert middle == pytest.approx(700.0)
    assert border < 0.7 * middle


@LENSES
def test_pixels_per_radian_are_those_of_turning_a_ray(lens: Lens) -> None:
    camera = through(lens)
    spot, small = np.array([0.5, 0.3]), 1e-6
    ray = np.array([*spot, 1.0])
    ray /= np.linalg.norm(ray)
    out = np.array([*(spot / np.linalg.norm(spot)), 0.0])
    along = out - ray * (out @ ray)
    along /= np.linalg.norm(along)

    ends = camera.project(np.array([ray - small * along, ray + small * along]))

    expected = (ends[1] - ends[0]) / (2.0 * small)
    np.testing.assert_allclose(pixels_per_radian(camera, spot[None])[0][:, 0], expected, rtol=1e-4)


@LENSES
def test_a_drive_with_a_bent_lens_claims_the_lane_it_shows(lens: Lens) -> None:
    camera = through(lens)
    coverage = Coverage(camera, manifest=_manifest())
    for number, at in enumerate(_poses(metres=30.0)):
        image = np.zeros((720, 1280, 3), np.uint8)
        frame = Frame(index=number, at=at.at, image=image, name="")
        coverage.add(frame, at, CLEAR, _standing(NOTHING), input_scale=0.5)
    stretch = coverage.finish()

    assert stretch is not None
    assert stretch.inspected


@LENSES
def test_dirt_on_a_bent_lens_is_found_where_it_sits(lens: Lens) -> None:
    camera, texture = through(lens), ground()
    windscreen = Windscreen(camera)
    nothing = Detections(
        xyxy=NOTHING,
        score=np.zeros(0, np.float32),
        probability=np.zeros(0, np.float32),
        label=np.zeros(0, np.int64),
        labels=LABELS,
    )
    for number in range(40):
        rolled = np.roll(texture, 53 * number, axis=0)
        image, _ = straight_picture(rolled, north=0.0, wall=False)
        small = cv2.resize(cv2.cvtColor(bent(image, lens), cv2.COLOR_BGR2GRAY), (640, 360))
        cv2.circle(small, (420, 300), 22, 35.0, -1)
        at = pose(np.array([0.0, 1.5 * number]), error=pose_error())
        windscreen.take(small, pose=at, quality=CLEAR, detections=nothing, frame=(720, 1280))

    veil = windscreen.veil
    assert veil is not None
    assert towards_of(camera) is not None
    spot = np.array([[820.0, 580.0, 860.0, 620.0], [400.0, 560.0, 520.0, 640.0]])
    hidden = veil.over(spot, (720, 1280))
    assert hidden[0] > 0.6
    assert hidden[1] < hidden[0] / 2.0


def test_a_veil_search_refuses_a_point_beside_the_picture() -> None:
    with pytest.raises(ValueError, match="not in the picture"):
        VeilSearch((1.2, 0.5))
