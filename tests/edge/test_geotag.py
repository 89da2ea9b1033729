"""What a patrol sees gets a place on the ground, with an honest error."""

import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.placing.accuracy import ce90
from edge.placing.camera import Camera, CameraError, Mounting, enu_from_camera
from edge.placing.contact import box_sighting, contact_pixel
from edge.placing.geodesy import LocalPlane
from edge.placing.geotag import BeyondRange, OutsidePicture, place_pixel, place_track
from edge.placing.sight import Sighting
from edge.placing.terrain import LevelGround, NoHeight, OwnPlane, RayTooFlat
from tests.edge.geotag_budget import (
    DRONE_BUDGET,
    TRACK_BUDGET,
    TRACK_M,
    UNBUDGETED,
    VEHICLE_BUDGET,
)
from tests.edge.geotag_trials import PLANE, START, pose, pose_error
from tests.edge.vehicle_trials import VehicleCell

DASH = Camera(
    width=1280,
    height=720,
    fx=1000.0,
    fy=1000.0,
    cx=640.0,
    cy=360.0,
    mounting=Mounting(height_above_ground_m=1.6),
)
SURE = pose_error()


def test_a_pixel_straight_ahead_lies_where_height_over_angle_says() -> None:
    facing_east = pose(np.zeros(2), error=SURE, yaw=math.radians(90.0))

    point = place_pixel((640.0, 360.0 + 160.0), pose=facing_east, camera=DASH)

    assert point.east_m == pytest.approx(10.0)
    assert point.north_m == pytest.approx(0.0, abs=1e-9)
    assert point.range_m == pytest.approx(math.hypot(10.0, 1.6))


def test_a_hill_does_not_move_what_lies_on_the_vehicles_own_road() -> None:
    level = pose(np.zeros(2), error=SURE)
    uphill = replace(level, pitch=math.radians(6.0))

    points = [place_pixel((700.0, 520.0), pose=p, camera=DASH) for p in (level, uphill)]

    assert points[0].north_m == points[1].north_m


@given(
    east=st.floats(min_value=-40.0, max_value=40.0),
    north=st.floats(min_value=-40.0, max_value=40.0),
    yaw=st.floats(min_value=-3.1, max_value=3.1),
    pitch=st.floats(min_value=-1.57, max_value=-0.9),
)
def test_a_drone_places_a_spot_where_it_is(
    east: float, north: float, yaw: float, pitch: float
) -> None:
    wide = Camera(width=4000, height=3000, fx=500.0, fy=500.0, cx=2000.0, cy=1500.0)
    over = pose(np.array([5.0, -3.0]), error=SURE, yaw=yaw, pitch=pitch, agl_m=80.0)
    away = np.array([[east - 5.0, north + 3.0, -80.0]])
    uv = wide.project(away @ enu_from_camera(over, wide))[0]

    point = place_pixel((float(uv[0]), float(uv[1])), pose=over, camera=wide)

    found = PLANE.east_north(point.latitude, point.longitude)
    assert np.allclose(found, [east, north], atol=2e-3)


def test_a_ray_to_the_horizon_has_no_place() -> None:
    with pytest.raises(RayTooFlat, match="俯角"):
        place_pixel((640.0, 380.0), pose=pose(np.zeros(2), error=SURE), camera=DASH)


def test_a_point_too_far_for_one_frame_has_no_place() -> None:
    with pytest.raises(BeyondRange) as refused:
        place_pixel((640.0, 440.0), pose=pose(np.zeros(2), error=SURE), camera=DASH)

    assert refused.value.range_m == pytest.approx(20.06, abs=0.01)


def test_a_pixel_outside_the_picture_is_refused() -> None:
    with pytest.raises(OutsidePicture):
        place_pixel((640.0, 721.0), pose=pose(np.zeros(2), error=SURE), camera=DASH)


def test_a_drone_of_unknown_height_places_nothing() -> None:
    gimbal = replace(DASH, mounting=Mounting())

    with pytest.raises(NoHeight):
        place_pixel(
            (640.0, 360.0),
            pose=pose(np.zeros(2), error=SURE, pitch=-math.pi / 2),
            camera=gimbal,
        )


def test_the_height_of_the_ground_is_the_antennas_less_its_height_over_the_road() -> None:
    mounted = replace(DASH, mounting=Mounting(height_above_ground_m=1.6, lever_m=(1.0, 0.0, 0.4)))
    on_hill = replace(pose(np.zeros(2), error=SURE), height_hae_m=302.0)

    point = place_pixel((640.0, 520.0), pose=on_hill, camera=mounted)

    assert point.height_hae_m == pytest.approx(300.0)


@pytest.mark.parametrize(
    ("covariance", "radius"),
    [
        (np.eye(2), 2.146),
        (np.diag([4.0, 0.0]), 2.0 * 1.645),
        (np.zeros((2, 2)), 0.0),
    ],
)
def test_the_90_percent_circle_of_known_ellipses(covariance: np.ndarray, radius: float) -> None:
    assert ce90(covariance) == pytest.approx(radius, rel=2e-3)


@given(ratio=st.floats(min_value=0.02, max_value=1.0), turn=st.floats(min_value=0.0, max_value=3.0))
def test_the_90_percent_circle_holds_90_of_100(ratio: float, turn: float) -> None:
    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])

    radius = ce90(rotation @ np.diag([1.0, ratio**2]) @ rotation.T)

    x = np.linspace(-radius, radius, 4001)
    across = np.array([math.erf(v) for v in np.sqrt(radius**2 - x**2) / ratio / math.sqrt(2.0)])
    share = np.trapezoid(np.exp(-(x**2) / 2.0) / math.sqrt(2.0 * math.pi) * across, x)
    assert share == pytest.approx(0.9, abs=2e-3)


def test_the_bias_of_the_pass_is_shared_and_the_pixel_is_not() -> None:
    biased = pose(np.zeros(2), error=pose_error(horizontal_m=2.0))
    exact = replace(DASH, error=CameraError(pixel_px=5.0, height_m=0.0, yaw=0.0, pitch=0.0, roll=0))

    point = place_pixel((640.0, 520.0), pose=biased, camera=exact, ground=OwnPlane(slope=0.0))

    assert np.allclose(point.shared, 4.0 * np.eye(2), atol=1e-3)
    assert point.own[1, 1] == pytest.approx((5.0 / 1000.0 * 10.0**2 / 1.6) ** 2, rel=0.1)
    assert point.position().shared.ee == pytest.approx(4.0, rel=1e-3)


def test_more_frames_do_not_average_the_bias_of_the_pass_away() -> None:
    (sightings,) = VehicleCell(gnss_m=2.0, heading_deg=1.5, pitch_deg=0.5).drives(
        np.arange(12.0, 5.0, -0.25), 1
    )

    point = place_track(
        sightings, camera=VehicleCell(gnss_m=2.0, heading_deg=1.5, pitch_deg=0.5).camera
    )

    assert np.linalg.eigvalsh(point.shared)[0] > 4.0


def test_one_wild_sighting_does_not_drag_a_track_along() -> None:
    cell = VehicleCell(gnss_m=0.0, heading_deg=0.1, pitch_deg=0.1)
    (sightings,) = cell.drives(np.arange(12.0, 4.0, -1.0), 1)
    wild = replace(sightings[3], uv=(sightings[3].uv[0] + 150.0, sightings[3].uv[1] + 60.0))

    point = place_track([*sightings[:3], wild, *sightings[4:]], camera=cell.camera)

    found = PLANE.east_north(point.latitude, point.longitude)
    assert np.linalg.norm(found - (1.75, 0.0)) < 1.2


def test_a_second_view_finds_the_height_that_the_ground_does_not_tell() -> None:
    camera = Camera(width=4000, height=3000, fx=2650.0, fy=2650.0, cx=2000.0, cy=1500.0)
    error = pose_error(horizontal_m=0.02, yaw=1e-3, pitch=1e-3, roll=1e-3, vertical_m=0.05)
    spot, true_ground_m = np.array([0.0, 0.0]), 12.0
    sightings = []
    for number, north in enumerate((-30.0, 30.0)):
        taken = pose(
            np.array([0.0, north]),
            error=error,
            pitch=-math.pi / 2,
            agl_m=80.0,
            at=START + timedelta(seconds=8 * number),
        )
        away = np.array([[0.0, -north, true_ground_m - 80.0]])
        uv = camera.project(away @ enu_from_camera(taken, camera))[0]
        sightings.append(Sighting(uv=(float(uv[0]), float(uv[1])), pose=taken))

    both = place_track(sightings, camera=camera, ground=LevelGround(sigma_m=10.0))
    alone = place_track(sightings[:1], camera=camera, ground=LevelGround(sigma_m=10.0))

    off = [np.linalg.norm(PLANE.east_north(p.latitude, p.longitude) - spot) for p in (both, alone)]
    assert off[0] < 0.3
    assert off[1] > 5.0
    assert both.ce90_m < 0.2 * alone.ce90_m


def test_flat_damage_is_placed_by_its_middle_and_standing_things_by_their_foot() -> None:
    box = (600.0, 500.0, 700.0, 560.0)
    taken = pose(np.zeros(2), error=SURE)

    flat = contact_pixel(box, label="road.pothole", pose=taken, camera=DASH)
    standing = contact_pixel(box, label="sanitation.garbage_pile", pose=taken, camera=DASH)

    assert flat == (650.0, 530.0)
    assert standing[0] == 650.0
    assert 540.0 < standing[1] < 560.0


def test_from_straight_above_every_thing_is_placed_by_its_middle() -> None:
    gimbal = replace(DASH, mounting=Mounting())
    above = pose(np.zeros(2), error=SURE, pitch=-math.pi / 2, agl_m=20.0)

    foot = contact_pixel((600.0, 320.0, 680.0, 400.0), label="asset.bin", pose=above, camera=gimbal)

    assert foot == pytest.approx((640.0, 360.0), abs=0.2)


def test_a_larger_box_has_less_certain_edges() -> None:
    taken = pose(np.zeros(2), error=SURE)

    small = box_sighting((600, 500, 620, 510), label="road.pothole", pose=taken, camera=DASH)
    large = box_sighting((400, 500, 900, 700), label="road.pothole", pose=taken, camera=DASH)

    assert (small.pixel_px or 0.0) < (large.pixel_px or 0.0)


@pytest.mark.parametrize("cell", [3, 5, 11])
def test_vehicle_placings_keep_to_their_error_budget(cell: int) -> None:
    (vehicle, ahead), budget = list(VEHICLE_BUDGET.items())[cell]

    result = vehicle.trial(np.array([ahead]), 1000)

    assert result.ce90_m < 1.1 * budget
    assert 0.925 < result.covered < 0.975


@pytest.mark.parametrize("cell", [2, 20, 35, 62])
def test_drone_placings_keep_to_their_error_budget(cell: int) -> None:
    drone, budget = list(DRONE_BUDGET.items())[cell]

    result = drone.trial(1000)

    assert result.ce90_m < 1.13 * budget
    assert 0.925 < result.covered < 0.975


@pytest.mark.parametrize("cell", [0, 1])
def test_tracks_keep_to_their_error_budget(cell: int) -> None:
    vehicle, budget = list(TRACK_BUDGET.items())[cell]

    result = vehicle.trial(TRACK_M, 500)

    assert result.ce90_m < 1.1 * budget
    assert 0.91 < result.covered < 0.985


@pytest.mark.parametrize("cell", ["fisheye dash camera, 15 m", "fisheye drone, -45 degrees"])
def test_the_ellipse_holds_at_the_rim_of_a_fisheye(cell: str) -> None:
    result = UNBUDGETED[cell](1000)

    assert 0.925 < result.covered < 0.975


@pytest.mark.parametrize("side", ["rising", "falling"])
def test_the_ellipse_holds_on_a_hillside_known_to_3_m(side: str) -> None:
    result = UNBUDGETED[f"drone, hillside {side} at 15 degrees, -60 degrees"](1000)

    assert result.refused == 0
    assert 0.925 < result.covered < 0.975
    assert result.ce90_m == pytest.approx(result.stated_m, rel=0.1)


def test_the_plane_gives_back_what_it_was_given() -> None:
    plane = LocalPlane(latitude=29.5, longitude=106.5)
    points = np.array([[0.0, 0.0], [120.0, -250.0], [-900.0, 700.0]])

    degrees = plane.latitude_longitude(points)

    assert np.allclose(plane.east_north(degrees[:, 0], degrees[:, 1]), points, atol=1e-3)
