"""A drive is accused only of what it can show, and says what it weighed."""

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from edge.geocheck.agreement import Overlap, View
from edge.geocheck.drive import CAUSES
from edge.geocheck.explaining import explained
from edge.geocheck.faults import Trial, faults_among, try_causes
from edge.geocheck.verdict import Outcome, PairSaid, Verdict, undecided
from edge.geocheck.way import later_on, smooth_way
from edge.placing.camera import Camera, Mounting
from edge.placing.geodesy import LocalPlane
from edge.placing.pose import NoPose, Pose, PoseError
from edge.placing.terrain import ground_of
from edge.sources.street.motion import quick_wave

START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
PLANE = LocalPlane(latitude=30.0, longitude=110.0)
SECONDS, STEP_S = 15.0, 0.3
CAMERA = Camera(
    width=1280,
    height=720,
    fx=900.0,
    fy=900.0,
    cx=640.0,
    cy=360.0,
    mounting=Mounting(height_above_ground_m=1.6, pitch=math.radians(-6.0)),
)
ERROR = PoseError(
    horizontal_shared_m=0.8,
    horizontal_own_m=0.25,
    vertical_m=0.5,
    yaw_shared=math.radians(0.4),
    yaw_own=math.radians(0.3),
    pitch=math.radians(0.25),
    roll=math.radians(0.3),
    time_s=0.0,
)


@dataclass(frozen=True)
class Told:
    """A drive at 8 m/s, straight or winding, told with the noise that it states, and late."""

    seed: int
    bend: float = 0.0
    noisy: float = 1.0
    late_s: float = 0.0
    digest: str = "0" * 64

    def pose_at(self, at: datetime) -> Pose:
        seconds = (at - START).total_seconds() - self.late_s
        if not -0.2 <= seconds + self.late_s <= SECONDS + 0.2:
            raise NoPose(at, "不在轨迹内", "outside the track")

        def own(name: str, sigma: float) -> float:
            return self.noisy * quick_wave(self.seed, name, seconds, sigma)

        steps = np.linspace(0.0, seconds, 200)
        heading = self.bend * np.sin(0.6 * steps)
        speed = 8.0 + 6.0 * self.bend * np.sin(0.9 * steps)
        east = float(np.trapezoid(speed * np.sin(heading), steps))
        north = float(np.trapezoid(speed * np.cos(heading), steps))
        place = np.array([east + own("east", 0.25), north + own("north", 0.25)])
        latitude, longitude = PLANE.latitude_longitude(place)
        return Pose(
            at=at,
            latitude=float(latitude),
            longitude=float(longitude),
            height_hae_m=None,
            height_above_ground_m=None,
            yaw=self.bend * math.sin(0.6 * seconds) + own("yaw", ERROR.yaw_own),
            pitch=0.0,
            roll=0.0,
            speed_m_s=8.0,
            error=ERROR,
        )


def tried(told: Told, camera: Camera = CAMERA) -> tuple[Trial, ...]:
    """Weigh the causes on what the true drive shows."""
    true = replace(told, noisy=0.0, late_s=0.0)
    times = [START + timedelta(seconds=n * STEP_S) for n in range(int(SECONDS / STEP_S))]
    views = [View(name=str(at), at=at, pose=told.pose_at(at), camera=camera) for at in times]
    rng = np.random.default_rng(told.seed)
    overlaps = [
        Overlap(first=n, second=n + 1, seen=_seen(true.pose_at(one), true.pose_at(other), rng))
        for n, (one, other) in enumerate(pairwise(times))
    ]
    return try_causes(views, overlaps, causes=CAUSES, later=later_on(told, views, most_s=3.0))


def _seen(one: Pose, other: Pose, rng: np.random.Generator) -> np.ndarray:
    """Give normalised image coordinates (40, 4) of points on the road, 5 to 11 m ahead."""
    ahead, aside = rng.uniform(5.0, 11.0, 40), rng.uniform(-3.0, 3.0, 40)
    place = PLANE.east_north(one.latitude, one.longitude)
    forward = np.array([math.sin(one.yaw), math.cos(one.yaw)])
    right = np.array([forward[1], -forward[0]])
    points = place + ahead[:, None] * forward + aside[:, None] * right
    views = []
    for pose in (one, other):
        lean = [rng.normal(0.0, error) for error in (ERROR.pitch, ERROR.roll)]
        stance = ground_of(CAMERA).stance(pose, CAMERA)
        mounting = replace(CAMERA.mounting, pitch=CAMERA.mounting.pitch + lean[0], roll=lean[1])
        turned = ground_of(CAMERA).stance(pose, replace(CAMERA, mounting=mounting)).rotation
        eye = stance.position + np.array([*PLANE.east_north(pose.latitude, pose.longitude), 0.0])
        rays = (np.column_stack([points, np.zeros(40)]) - eye) @ turned
        views.append(rays[:, :2] / rays[:, 2:] + rng.normal(0.0, 0.5 / CAMERA.fx, (40, 2)))
    return np.concatenate(views, axis=1)


@pytest.mark.parametrize("seed", range(4))
def test_a_straight_drive_in_order_is_accused_of_nothing_for_the_noise_of_its_poses(
    seed: int,
) -> None:
    assert faults_among(tried(Told(seed))) == ()


def test_a_straight_drive_at_constant_speed_says_that_no_time_offset_can_show() -> None:
    (clock,) = [t for t in tried(Told(1, late_s=0.5)) if t.cause.name == "time_offset"]

    assert clock.shows_from is None
    assert not clock.evident


@pytest.mark.parametrize("late_s", [0.5, -0.5])
def test_a_winding_drive_shows_a_clock_that_is_off_through_the_noise_of_its_poses(
    late_s: float,
) -> None:
    faults = faults_among(tried(Told(1, bend=0.5, late_s=late_s)))

    assert [fault.cause.name for fault in faults] == ["time_offset"]
    assert faults[0].value == pytest.approx(late_s, abs=0.2)
    assert faults[0].held_out > 16.0


def test_a_cause_that_explains_only_the_frames_it_was_fitted_to_is_not_named() -> None:
    fitted = Trial(cause=CAUSES[0], value=1.3, gain=60.0, held_out=2.0, signal=40.0, shows_from=0.1)

    assert faults_among([fitted]) == ()
    assert faults_among([replace(fitted, held_out=50.0)]) != ()


def test_a_way_moved_by_nothing_keeps_each_pose_and_its_end_is_not_guessed() -> None:
    told, at = Told(1, bend=0.5), START + timedelta(seconds=6)
    way = smooth_way(told, since=START, until=START + timedelta(seconds=SECONDS))

    kept, gone = way.moved(told.pose_at(at), 0.0), way.moved(told.pose_at(at), 60.0)

    assert kept is not None and gone is None
    assert kept.latitude == pytest.approx(told.pose_at(at).latitude, abs=1e-9)
    assert kept.yaw == pytest.approx(told.pose_at(at).yaw, abs=1e-9)


def test_an_explanation_names_pairs_causes_and_what_could_not_show_in_both_languages() -> None:
    trials = tried(Told(1))
    pair = PairSaid(
        first="1.2 s", second="1.5 s", matches=40, stated_m=0.2, mended_m=0.2, expected_m=0.3
    )
    verdict = Verdict(
        outcome=Outcome.PASSED,
        pairs=(pair,) * 60,
        photos=(),
        faults=(),
        stated_m=0.2,
        mended_m=0.2,
        trials=trials,
    )

    said = explained(verdict)

    assert said.count("1.2 s – 1.5 s:   40") == 60
    for trial in trials:
        assert f"{trial.cause.called_zh}：" in said and f"{trial.cause.called_en}: " in said
    assert "time offset: " in said and "it could not show in this pass" in said
    assert "这一趟看不出它" in said
    assert "Too few frames overlap" in explained(undecided())
