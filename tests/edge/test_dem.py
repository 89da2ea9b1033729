"""Drones over hills: elevation files become tiles, and rays meet the ground they describe."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detect.detections import Detections
from detect.track import TrackPolicy
from edge.findings.gathering import Gathering
from edge.frame import Frame
from edge.placing.camera import Camera, CameraError, enu_from_camera
from edge.placing.dem import (
    Datum,
    ElevationTile,
    UnusableElevation,
    read_tile,
    tile_bytes,
)
from edge.placing.dem_ground import (
    BelowElevation,
    ElevationGround,
    NoTakeOff,
    OutsideElevation,
    RayGrazes,
    RayMisses,
)
from edge.placing.dem_import import import_geotiff
from edge.placing.geotag import place_pixel, place_track
from edge.placing.pose import Pose
from edge.placing.projection import TransverseMercator, projection_of
from edge.placing.sight import Sighting
from tests.edge.geotag_trials import PLANE, pose, pose_error
from tests.edge.geotiffs import write_geotiff
from tests.edge.hills import CENTRE, hill, tile

SURE = pose_error(horizontal_m=0.02, vertical_m=0.05, yaw=1e-3, pitch=1e-3, roll=1e-3)
GIMBAL = Camera(
    width=4000,
    height=3000,
    fx=2650.0,
    fy=2650.0,
    cx=2000.0,
    cy=1500.0,
    error=CameraError(pixel_px=1.0, height_m=0.0, yaw=0.0, pitch=0.0, roll=0.0),
)
TILE = tile()
GROUND = ElevationGround(tile=TILE, take_off=CENTRE)
TAKE_OFF_M = float(hill(np.zeros(1), np.zeros(1))[0])


def over(east_north: tuple[float, float], *, pitch_deg: float, agl_m: float = 100.0) -> Pose:
    """Give a pose above the take-off's height, looking north."""
    return pose(np.array(east_north), error=SURE, pitch=math.radians(pitch_deg), agl_m=agl_m)


def pixel_of(place: np.ndarray, taken: Pose) -> tuple[float, float]:
    eye = PLANE.east_north(taken.latitude, taken.longitude)
    assert taken.height_above_ground_m is not None
    away = np.array([*(place[:2] - eye), place[2] - TAKE_OFF_M - taken.height_above_ground_m])
    uv = GIMBAL.project(away[None] @ enu_from_camera(taken, GIMBAL))[0]
    return float(uv[0]), float(uv[1])


@settings(max_examples=25, deadline=None)
@given(east=st.floats(-20.0, 100.0), north=st.floats(40.0, 140.0))
def test_a_drone_places_what_lies_on_a_hill_where_it_is(east: float, north: float) -> None:
    height_m = float(hill(np.array([east]), np.array([north]))[0])
    taken = over((east, north - 70.0), pitch_deg=-50.0)

    point = place_pixel(
        pixel_of(np.array([east, north, height_m]), taken), pose=taken, camera=GIMBAL, ground=GROUND
    )

    found = PLANE.east_north(point.latitude, point.longitude)
    assert np.linalg.norm(found - (east, north)) < 0.4


def test_level_ground_would_put_it_metres_away() -> None:
    spot = np.array([60.0, 80.0, float(hill(np.array([60.0]), np.array([80.0]))[0])])
    taken = over((60.0, 0.0), pitch_deg=-45.0)
    uv = pixel_of(spot, taken)

    level = place_pixel(uv, pose=taken, camera=GIMBAL)
    by_tile = place_pixel(uv, pose=taken, camera=GIMBAL, ground=GROUND)

    off = [
        np.linalg.norm(PLANE.east_north(p.latitude, p.longitude) - spot[:2])
        for p in (level, by_tile)
    ]
    assert off[0] > 20.0
    assert off[1] < 0.3


def test_many_views_of_a_hillside_keep_to_the_hillside() -> None:
    spot = np.array([60.0, 60.0, float(hill(np.array([60.0]), np.array([60.0]))[0])])
    poses = [over((60.0, north), pitch_deg=-60.0) for north in (0.0, 5.0, 10.0)]
    sightings = [Sighting(uv=pixel_of(spot, taken), pose=taken) for taken in poses]

    point = place_track(sightings, camera=GIMBAL, ground=GROUND)

    assert np.linalg.norm(PLANE.east_north(point.latitude, point.longitude) - spot[:2]) < 0.3
    assert point.sightings == 3


def test_a_wrong_height_moves_a_place_further_where_the_ground_falls_away() -> None:
    rough = ElevationGround(tile=tile(sigma_m=3.0), take_off=CENTRE)
    taken = over((60.0, 60.0), pitch_deg=-45.0, agl_m=80.0)
    uphill = over((60.0, 0.0), pitch_deg=-45.0, agl_m=80.0)

    behind = place_pixel((2000.0, 1500.0), pose=taken, camera=GIMBAL, ground=rough)
    before = place_pixel((2000.0, 1500.0), pose=uphill, camera=GIMBAL, ground=rough)

    assert behind.ce90_m > 1.3 * before.ce90_m


def test_ellipsoidal_and_sea_level_heights_are_not_mixed() -> None:
    geoid_m = -30.0
    ground = ElevationGround(tile=tile(geoid_m=geoid_m))
    taken = over((0.0, 0.0), pitch_deg=-90.0)
    rtk = Pose(
        **{
            name: getattr(taken, name)
            for name in Pose.__dataclass_fields__
            if name not in {"height_hae_m", "height_above_ground_m"}
        },
        height_hae_m=TAKE_OFF_M + geoid_m + 100.0,
        height_above_ground_m=None,
    )

    point = place_pixel((2000.0, 1500.0), pose=rtk, camera=GIMBAL, ground=ground)

    assert point.range_m == pytest.approx(100.0, abs=0.2)
    assert point.height_hae_m == pytest.approx(TAKE_OFF_M + geoid_m, abs=0.2)


def test_without_a_take_off_point_a_relative_height_gives_no_place() -> None:
    with pytest.raises(NoTakeOff):
        place_pixel(
            (2000.0, 1500.0),
            pose=over((0.0, 0.0), pitch_deg=-90.0),
            camera=GIMBAL,
            ground=ElevationGround(tile=TILE),
        )


@pytest.mark.parametrize(
    ("east", "pitch_deg", "agl_m", "error"),
    [
        (0.0, -90.0, -3.0, BelowElevation),
        (0.0, -4.0, 100.0, OutsideElevation),
        (0.0, 30.0, 20.0, OutsideElevation),
        (320.0, -2.4, 40.0, RayGrazes),
    ],
)
def test_a_ray_without_a_sure_place_is_refused_by_name(
    east: float, pitch_deg: float, agl_m: float, error: type[Exception]
) -> None:
    taken = over((east, -250.0), pitch_deg=pitch_deg, agl_m=agl_m)

    with pytest.raises(error):
        place_pixel((2000.0, 1500.0), pose=taken, camera=GIMBAL, ground=GROUND)


def test_a_hole_in_the_tile_gives_no_place() -> None:
    heights = TILE.heights.copy()
    heights[60:80, 60:80] = np.nan
    holed = ElevationGround(
        tile=ElevationTile(header=TILE.header, heights=heights), take_off=(30.002, 110.0)
    )

    with pytest.raises(OutsideElevation):
        place_pixel(
            (2000.0, 1500.0), pose=over((0.0, 0.0), pitch_deg=-90.0), camera=GIMBAL, ground=holed
        )


def test_a_degree_grid_is_kept_post_by_post(tmp_path: Path) -> None:
    heights = np.arange(30, dtype=np.float32).reshape(5, 6)
    heights[2, 3] = -9999.0
    path = write_geotiff(
        tmp_path / "d.tif", heights, corner=(106.0, 30.0), step=(0.01, 0.01), nodata="-9999"
    )

    made = import_geotiff(path, heights=Datum.MSL, geoid_m=None, sigma_m=3.0)

    assert made.header.north == pytest.approx(29.995)
    assert made.header.west == pytest.approx(106.005)
    assert np.isnan(made.heights[2, 3])
    assert made.height(np.array([29.985]), np.array([106.015]))[0] == pytest.approx(7.0)


@pytest.mark.parametrize("epsg", [32648, 3857, 4544, 4523])
def test_a_projected_grid_keeps_its_hills_in_place(epsg: int, tmp_path: Path) -> None:
    projection = projection_of(epsg)
    assert projection is not None
    x, y = projection.forward(np.array([29.56]), np.array([106.55]))
    step = 10.0
    right, down = np.meshgrid(np.arange(120) + 0.5, np.arange(100) + 0.5)
    heights = (300.0 + 20.0 * np.sin(right / 15.0) + 15.0 * np.cos(down / 12.0)).astype(np.float32)
    corner = (float(x[0]), float(y[0]))
    path = write_geotiff(tmp_path / "p.tif", heights, corner=corner, step=(step, step), epsg=epsg)

    made = import_geotiff(path, heights=Datum.HAE, geoid_m=None, sigma_m=1.0)

    latitude, longitude = projection.back(
        corner[0] + step * right[10:90, 10:110].ravel(),
        corner[1] - step * down[10:90, 10:110].ravel(),
    )
    off = made.height(latitude, longitude) - heights[10:90, 10:110].ravel()
    assert np.abs(off).max() < 0.15


def test_the_utm_grid_is_where_surveyors_have_it() -> None:
    zone = projection_of(32617)
    assert isinstance(zone, TransverseMercator)

    x, y = zone.forward(np.array([43.642567]), np.array([-79.387139]))

    assert (x[0], y[0]) == pytest.approx((630084.0, 4833438.6), abs=1.0)


@settings(max_examples=40, deadline=None)
@given(latitude=st.floats(-80.0, 80.0), away=st.floats(-3.0, 3.0))
def test_a_zone_gives_back_the_degrees_it_was_given(latitude: float, away: float) -> None:
    zone = TransverseMercator(meridian=105.0, scale=0.9996, false_east=5e5)

    back = zone.back(*zone.forward(np.array([latitude]), np.array([105.0 + away])))

    assert back[0][0] == pytest.approx(latitude, abs=1e-8)
    assert back[1][0] == pytest.approx(105.0 + away, abs=1e-8)


def test_heights_of_unstated_or_contradicted_datum_are_refused(tmp_path: Path) -> None:
    flat = np.full((4, 4), 5.0, np.float32)
    plain = write_geotiff(tmp_path / "a.tif", flat, corner=(106.0, 30.0), step=(0.01, 0.01))
    sea = write_geotiff(
        tmp_path / "b.tif", flat, corner=(106.0, 30.0), step=(0.01, 0.01), vertical=3855
    )

    with pytest.raises(UnusableElevation, match="counted from"):
        import_geotiff(plain, heights=None, geoid_m=None, sigma_m=1.0)
    with pytest.raises(UnusableElevation, match="against"):
        import_geotiff(sea, heights=Datum.HAE, geoid_m=None, sigma_m=1.0)
    assert import_geotiff(sea, heights=None, geoid_m=None, sigma_m=1.0).header.datum is Datum.MSL


def test_a_tile_survives_its_file(tmp_path: Path) -> None:
    path = tmp_path / "hill.dem"
    path.write_bytes(tile_bytes(TILE))

    again = read_tile(path)

    assert again.header == TILE.header
    assert np.array_equal(again.heights, TILE.heights)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_broken_elevation_file_is_refused_by_name(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("broken")
    heights = np.full((6, 6), 5.0, np.float32)
    tiff = write_geotiff(folder / "a.tif", heights, corner=(106.0, 30.0), step=(0.01, 0.01))
    whole = tiff.read_bytes()
    cut = data.draw(st.integers(0, len(whole) - 60))
    tiff.write_bytes(whole[:cut])
    stored = folder / "a.dem"
    content = bytearray(tile_bytes(TILE))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    stored.write_bytes(bytes(content))

    with pytest.raises(UnusableElevation):
        import_geotiff(tiff, heights=Datum.MSL, geoid_m=None, sigma_m=1.0)
    with pytest.raises(UnusableElevation):
        read_tile(stored)


def test_unknown_coordinates_and_colour_pictures_are_refused(tmp_path: Path) -> None:
    flat = np.full((4, 4), 5.0, np.float32)
    path = write_geotiff(tmp_path / "a.tif", flat, corner=(0.0, 0.0), step=(1.0, 1.0), epsg=27700)

    with pytest.raises(UnusableElevation, match="27700"):
        import_geotiff(path, heights=Datum.MSL, geoid_m=None, sigma_m=1.0)


def test_a_ray_over_wide_ground_meets_nothing_within_reach() -> None:
    header = TILE.header.model_copy(update={"step_north": 5e-4, "step_east": 5e-4, "north": 30.04})
    wide = ElevationTile(header=header, heights=np.zeros_like(TILE.heights))
    ground = ElevationGround(tile=wide, take_off=CENTRE)

    with pytest.raises(RayMisses):
        place_pixel(
            (2000.0, 1500.0),
            pose=over((300.0, 0.0), pitch_deg=-3.5),
            camera=GIMBAL,
            ground=ground,
        )


def test_a_flight_of_photos_joins_and_places_its_finds_on_the_hill() -> None:
    spot = np.array([60.0, 80.0, float(hill(np.array([60.0]), np.array([80.0]))[0])])
    policy = TrackPolicy(thresholds={"road.pothole": 0.4})
    by_tile, level = Gathering(policy=policy, ground=GROUND), Gathering(policy=policy)

    for gathering in (by_tile, level):
        for number, east in enumerate((20.0, 60.0, 100.0)):
            taken = over((east, 40.0), pitch_deg=-60.0)
            u, v = pixel_of(spot, taken)
            seen = Detections(
                xyxy=np.array([[u - 20, v - 20, u + 20, v + 20]], np.float32),
                score=np.array([0.9], np.float32),
                label=np.array([0], np.int64),
                probability=np.array([0.9], np.float32),
                labels=("road.pothole",),
            )
            frame = Frame(
                index=number, at=taken.at, image=np.zeros((4, 4, 3), np.uint8), name="photo"
            )
            gathering.take(frame, seen, pose=taken, camera=GIMBAL)

    assert [len(track.points) for track in by_tile.finish()] == [3]
    assert len(level.finish()) > 1, "on level ground one thing would look like several"
