"""The pose of a patrol between its fixes, and the tracks that are refused."""

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.placing.pose import NoPose, Telemetry, body_angles, ned_from_body, turn_between
from edge.telemetry.cleaning import clean
from edge.telemetry.opening import open_telemetry
from edge.telemetry.track import Fix, TrackTelemetry, UnusableTelemetry
from tests.edge.geotag_trials import PLANE, START

PATH = Path("track.gpx")


def _fixes(places: np.ndarray, *, step_s: float = 1.0, yaw: float | None = None) -> list[Fix]:
    degrees = PLANE.latitude_longitude(np.asarray(places, float))
    return [
        Fix(
            at=START + timedelta(seconds=step_s * number),
            latitude=float(latitude),
            longitude=float(longitude),
            yaw=yaw,
        )
        for number, (latitude, longitude) in enumerate(degrees)
    ]


def _track(fixes: list[Fix]) -> TrackTelemetry:
    return TrackTelemetry(PATH, fixes, digest="0" * 64)


def _after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def _circle(*, radius_m: float, speed_m_s: float, seconds: int) -> np.ndarray:
    angle = np.arange(seconds) * speed_m_s / radius_m
    return radius_m * np.column_stack([1.0 - np.cos(angle), np.sin(angle)])


def test_a_steady_drive_is_where_it_should_be_between_its_fixes() -> None:
    track = _track(_fixes(np.array([[10.0 * n, 0.0] for n in range(6)])))

    pose = track.pose_at(_after(2.5))

    assert np.allclose(PLANE.east_north(pose.latitude, pose.longitude), [25.0, 0.0], atol=1e-2)
    assert pose.yaw == pytest.approx(math.radians(90.0), abs=1e-6)
    assert pose.speed_m_s == pytest.approx(10.0, abs=1e-3)


def test_a_bend_is_followed_to_a_decimetre_at_one_fix_a_second() -> None:
    track = _track(_fixes(_circle(radius_m=25.0, speed_m_s=8.0, seconds=12)))

    pose = track.pose_at(_after(5.5))

    angle = 5.5 * 8.0 / 25.0
    true = 25.0 * np.array([1.0 - math.cos(angle), math.sin(angle)])
    assert np.linalg.norm(PLANE.east_north(pose.latitude, pose.longitude) - true) < 0.1
    assert math.remainder(pose.yaw - angle, math.tau) == pytest.approx(0.0, abs=0.03)


def test_a_standing_vehicle_keeps_the_heading_it_arrived_with() -> None:
    places = np.array([[10.0 * n, 0.0] for n in range(4)] + [[30.0, 0.01 * n] for n in range(8)])
    track = _track(_fixes(places))

    pose = track.pose_at(_after(8.0))

    assert pose.yaw == pytest.approx(math.radians(90.0), abs=1e-3)
    assert pose.course is None
    assert pose.error.yaw_own > track.pose_at(_after(1.0)).error.yaw_own


def test_a_vehicle_that_never_moved_has_no_heading() -> None:
    track = _track(_fixes(np.zeros((5, 2))))

    with pytest.raises(NoPose, match="朝向"):
        track.pose_at(_after(2.0))


def test_a_stated_heading_outranks_the_course() -> None:
    sideways = _fixes(np.array([[10.0 * n, 0.0] for n in range(4)]), yaw=0.0)

    pose = _track(sideways).pose_at(_after(1.5))

    assert pose.yaw == pytest.approx(0.0)
    assert pose.course == pytest.approx(math.radians(90.0), abs=1e-6)


@pytest.mark.parametrize("seconds", [-0.3, 5.3, 60.0])
def test_nothing_is_extrapolated_beyond_a_fifth_of_a_second(seconds: float) -> None:
    track = _track(_fixes(np.array([[10.0 * n, 0.0] for n in range(6)])))

    with pytest.raises(NoPose):
        track.pose_at(_after(seconds))


def test_a_moment_past_the_last_fix_is_reached_straight_on() -> None:
    track = _track(_fixes(np.array([[10.0 * n, 0.0] for n in range(6)])))

    pose = track.pose_at(_after(5.15))

    assert PLANE.east_north(pose.latitude, pose.longitude)[0] == pytest.approx(51.5, abs=0.02)


def test_an_interruption_is_not_bridged() -> None:
    fixes = _fixes(np.array([[10.0 * n, 0.0] for n in range(10)]))
    track = _track([*fixes[:4], *fixes[7:]])

    with pytest.raises(NoPose, match="中断"):
        track.pose_at(_after(5.0))

    assert track.pose_at(_after(2.5)).speed_m_s == pytest.approx(10.0, abs=0.01)
    assert track.pose_at(_after(7.5)).speed_m_s == pytest.approx(10.0, abs=0.01)


def test_a_track_too_sparse_to_follow_is_refused() -> None:
    with pytest.raises(UnusableTelemetry, match="间隔"):
        _track(_fixes(np.array([[50.0 * n, 0.0] for n in range(6)]), step_s=5.0))


def test_a_single_fix_is_no_track() -> None:
    with pytest.raises(UnusableTelemetry, match="两个"):
        _track(_fixes(np.zeros((1, 2))))


def test_impossible_repeated_and_jumping_fixes_are_dropped_and_counted() -> None:
    good = _fixes(np.array([[10.0 * n, 0.0] for n in range(6)]))
    nowhere = Fix(at=_after(1.5), latitude=0.0, longitude=0.0)
    jump = Fix(at=_after(2.5), latitude=30.01, longitude=110.0)

    cleaned = clean([*good[:2], nowhere, good[2], good[2], jump, *good[3:]])

    assert cleaned.fixes == tuple(good)
    assert (cleaned.impossible, cleaned.out_of_order, cleaned.jumps) == (1, 1, 1)


@given(
    yaw=st.floats(min_value=-3.0, max_value=3.0),
    pitch=st.floats(min_value=-1.5, max_value=1.5),
    roll=st.floats(min_value=-3.0, max_value=3.0),
    share=st.floats(min_value=0.0, max_value=1.0),
)
def test_the_shortest_turn_passes_evenly(
    yaw: float, pitch: float, roll: float, share: float
) -> None:
    before, after = ned_from_body(0.3, -0.2, 0.1), ned_from_body(yaw, pitch, roll)

    between = turn_between(before, after, share)

    def angle(one: np.ndarray, other: np.ndarray) -> float:
        return math.acos(max(-1.0, min(1.0, (np.trace(one.T @ other) - 1.0) / 2.0)))

    if angle(before, after) < 3.1:
        assert angle(before, between) == pytest.approx(share * angle(before, after), abs=1e-5)
    assert np.allclose(ned_from_body(*body_angles(after)), after, atol=1e-9)


def _gpx(points: str) -> str:
    return (
        '<?xml version="1.0"?><gpx version="1.1" creator="t" '
        'xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
        f"{points}</trkseg></trk></gpx>"
    )


def _point(number: int, *, time: bool = True) -> str:
    stamp = f"<time>2026-05-01T08:00:{number:02d}Z</time>" if time else ""
    return f'<trkpt lat="{30.0 + 1e-4 * number:.6f}" lon="110.0"><ele>300</ele>{stamp}</trkpt>'


def test_a_gpx_track_is_recognised_and_told(tmp_path: Path) -> None:
    path = tmp_path / "drive.gpx"
    path.write_text(_gpx("".join(_point(number) for number in range(10))))
    told: list[str] = []

    telemetry: Telemetry = open_telemetry(path, explain=lambda zh, en: told.append(f"{zh} / {en}"))

    pose = telemetry.pose_at(datetime(2026, 5, 1, 8, 0, 4, 500_000, tzinfo=UTC))
    assert pose.latitude == pytest.approx(30.00045, abs=1e-8)
    assert pose.yaw == pytest.approx(0.0, abs=1e-6)
    assert pose.height_hae_m is None
    assert any("GPX" in line for line in told)
    assert len(telemetry.digest) == 64


@pytest.mark.parametrize(
    "text",
    [
        _gpx(""),
        _gpx("".join(_point(number, time=False) for number in range(10))),
        "<gpx><trk>",
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><gpx version="1.1">&a;</gpx>',
    ],
)
def test_a_gpx_without_a_timed_track_or_with_entities_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.gpx"
    path.write_text(text)

    with pytest.raises(UnusableTelemetry):
        open_telemetry(path)


def test_a_csv_track_is_read_by_its_column_names(tmp_path: Path) -> None:
    path = tmp_path / "flight.csv"
    rows = [
        f"{1_777_622_400 + n / 5:.1f},{30 + 1e-5 * n:.6f},110.0,80.0,90.0,-60.0" for n in range(10)
    ]
    header = "time,lat,lon,height_above_ground_m,yaw_deg,pitch_deg"
    path.write_text("\n".join([header, *rows]))

    pose = open_telemetry(path).pose_at(datetime.fromtimestamp(1_777_622_401.0, UTC))

    assert pose.height_above_ground_m == 80.0
    assert pose.yaw == pytest.approx(math.radians(90.0))
    assert pose.pitch == pytest.approx(math.radians(-60.0))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("time,lat\n1,2\n", "longitude"),
        ("time,lat,lon\n2026-05-01T08:00:00,30,110\n", "offset"),
        ("time,lat,lon\n1777622400,30,nan\n1777622401,30,110\n", "line 2"),
    ],
)
def test_a_csv_that_says_too_little_is_refused_with_its_line(
    text: str, says: str, tmp_path: Path
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text)

    with pytest.raises(UnusableTelemetry, match=says):
        open_telemetry(path)


def test_an_unknown_format_names_those_that_are_known(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("# notes")

    with pytest.raises(UnusableTelemetry, match="GPX, GoPro GPMF, DJI SRT"):
        open_telemetry(path)


def test_real_gpx_files_are_followed_or_refused_by_name(samples: Path) -> None:
    followed, refused = 0, 0
    for path in sorted((samples / "telemetry/gpx").glob("*.gpx")):
        try:
            open_telemetry(path)
            followed += 1
        except UnusableTelemetry:
            refused += 1

    assert followed >= 1
    assert followed + refused == 28
