"""A thing that stands is placed by its foot, on a hillside as well as on a street."""

import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from detect.quality import FrameQuality
from detect.track import TrackPoint
from edge.evidence.recall import Look
from edge.findings.seen import Seen
from edge.findings.standing import may_stand, stay_of
from edge.placing.camera import Camera, CameraError, enu_from_camera
from edge.placing.contact import box_sighting, contact_pixel
from edge.placing.dem import Datum, ElevationTile
from edge.placing.dem_ground import ElevationGround
from edge.placing.geotag import place_pixel, place_track
from edge.placing.pose import Pose
from tests.edge.geotag_trials import PLANE, START, pose_error, pose_over
from tests.edge.hills import tile

GIMBAL = Camera(
    width=4000,
    height=3000,
    fx=2650.0,
    fy=2650.0,
    cx=2000.0,
    cy=1500.0,
    error=CameraError(pixel_px=1.0, height_m=0.0, yaw=0.0, pitch=0.0, roll=0.0),
)
SURE = pose_error(horizontal_m=0.02, vertical_m=0.05, yaw=1e-3, pitch=1e-3, roll=1e-3)
GOOD = FrameQuality(sharpness=1.0, brightness=120.0, contrast=50.0, light="day", reason=None)
BIN, CAR = "asset.bin", "traffic.vehicle"


def hillside(rise: float) -> ElevationGround:
    """Give ground that rises to the north by so many metres a metre, 500 m high at the centre."""
    flat = tile(datum=Datum.HAE)
    said = flat.header
    latitude = said.north - said.step_north * np.arange(said.rows)
    north = PLANE.east_north(latitude, np.full(said.rows, PLANE.longitude))[:, 1]
    heights = np.repeat((500.0 + rise * north)[:, None], said.columns, axis=1)
    return ElevationGround(tile=ElevationTile(header=said, heights=heights.astype(np.float32)))


def over(north_m: float, *, pitch_deg: float, hae_m: float) -> Pose:
    return pose_over(
        PLANE.latitude_longitude(np.array([0.0, north_m])),
        error=SURE,
        pitch=math.radians(pitch_deg),
        hae_m=hae_m,
    )


def disc_box(
    taken: Pose, *, rise: float, width_m: float, height_m: float, north_m: float = 0.0
) -> tuple[float, float, float, float]:
    """Give the box of an upright cylinder on a slope, its foot's middle north of the centre."""
    turn = np.linspace(0.0, 2.0 * math.pi, 200)
    radius = width_m / 2.0
    east, north = radius * np.cos(turn), north_m + radius * np.sin(turn)
    foot = np.column_stack([east, north, 500.0 + rise * north])
    top = np.column_stack([east, north, np.full(200, 500.0 + rise * north_m + height_m)])
    eye = PLANE.east_north(taken.latitude, taken.longitude)
    away = np.vstack([foot, top]) - np.array([eye[0], eye[1], taken.height_hae_m])
    uv = GIMBAL.project(away @ enu_from_camera(taken, GIMBAL))
    low, high = uv.min(axis=0), uv.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


@pytest.mark.parametrize("rise", [-0.3, 0.0, 0.3])
@pytest.mark.parametrize("pitch_deg", [-30.0, -50.0, -70.0])
def test_a_bin_on_a_hillside_is_placed_by_the_middle_of_its_foot(
    rise: float, pitch_deg: float
) -> None:
    ground = hillside(rise)
    away = 40.0 / math.tan(math.radians(-pitch_deg))
    taken = over(-away, pitch_deg=pitch_deg, hae_m=540.0)
    box = disc_box(taken, rise=rise, width_m=1.2, height_m=1.2)

    sighting = box_sighting(box, label=BIN, pose=taken, camera=GIMBAL, ground=ground)
    point = place_track([sighting], camera=GIMBAL, ground=ground)

    assert point.north_m - away == pytest.approx(0.0, abs=0.2)


def test_a_slope_that_rises_away_shows_more_of_the_foot() -> None:
    taken = over(-40.0, pitch_deg=-45.0, hae_m=540.0)
    box = disc_box(taken, rise=0.3, width_m=2.0, height_m=2.0)

    level, rising = (
        contact_pixel(box, label=BIN, pose=taken, camera=GIMBAL, ground=hillside(rise))
        for rise in (0.0, 0.3)
    )

    assert level[1] - rising[1] > 10.0


def test_an_exact_height_alone_places_a_standing_thing_over_a_tile() -> None:
    rtk = over(-40.0, pitch_deg=-45.0, hae_m=540.0)
    assert rtk.height_above_ground_m is None

    foot = contact_pixel(
        (1900.0, 1400.0, 2100.0, 1600.0),
        label=BIN,
        pose=rtk,
        camera=GIMBAL,
        ground=hillside(0.0),
    )

    assert 1500.0 <= foot[1] < 1600.0


def sights_of_a_car(rise: float) -> list[Seen]:
    """Fly 24 m north past a car that stands 60 m up a hillside, looking at it."""
    seen = []
    for number in range(9):
        at = START + timedelta(seconds=0.3 * number)
        north_m = -60.0 + 3.0 * number
        taken = replace(over(north_m, pitch_deg=-25.0, hae_m=540.0), at=at)
        box = disc_box(taken, rise=rise, width_m=1.8, height_m=1.5, north_m=60.0)
        point = TrackPoint(
            frame_index=number,
            at=at,
            view=number,
            xyxy=box,
            score=0.9,
            probability=0.9,
            label=CAR,
        )
        look = Look(
            at=at,
            size=(GIMBAL.width, GIMBAL.height),
            pose=taken,
            no_pose=None,
            quality=GOOD,
            input_scale=1.0,
            private=(),
        )
        seen.append(Seen(point=point, look=look, camera=GIMBAL))
    return seen


def test_a_car_parked_on_a_hillside_stands_still_for_a_drone_that_passes() -> None:
    seen = sights_of_a_car(0.2)

    stay = stay_of(seen, best=seen[-1], image=None, ground=hillside(0.2))

    assert stay is not None
    assert may_stand(stay)
    assert stay.moved_m < 0.3
    # Against the slope its roof is seen from 24 degrees above: its box tells no height.
    assert stay.height is None


def test_a_view_up_a_hillside_meets_it_more_squarely() -> None:
    taken = over(-40.0, pitch_deg=-45.0, hae_m=540.0)

    level, rising = (
        place_pixel((2000.0, 1500.0), pose=taken, camera=GIMBAL, ground=hillside(rise))
        for rise in (0.0, 0.3)
    )

    assert level.foreshortening == pytest.approx(math.sin(math.radians(45.0)), abs=1e-6)
    assert rising.foreshortening == pytest.approx(
        math.sin(math.radians(45.0) + math.atan(0.3)), abs=1e-4
    )


def test_without_the_hillside_nobody_could_say_whether_it_stands() -> None:
    seen = sights_of_a_car(0.2)

    assert stay_of(seen, best=seen[-1], image=None) is None
