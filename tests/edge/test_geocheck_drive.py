"""A drive checks itself: the road must move through its frames as its poses say."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from dispatch.wire import Platform
from edge.footage import Footage
from edge.frame import Frame
from edge.geocheck.drive import check_drive
from edge.geocheck.verdict import Outcome
from edge.placing.camera import Camera, Mounting
from edge.placing.geodesy import LocalPlane
from edge.placing.pose import NoPose, Pose, PoseError
from edge.placing.terrain import ground_of

START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
SECONDS, FPS = 12.0, 5
METRE_PX = 40.0
PLANE = LocalPlane(latitude=30.0, longitude=110.0)
CAMERA = Camera(
    width=640,
    height=360,
    fx=450.0,
    fy=450.0,
    cx=320.0,
    cy=180.0,
    mounting=Mounting(height_above_ground_m=1.6, pitch=math.radians(-8.0)),
)
ERROR = PoseError(
    horizontal_shared_m=0.8,
    horizontal_own_m=0.3,
    vertical_m=0.5,
    yaw_shared=math.radians(0.5),
    yaw_own=math.radians(0.3),
    pitch=math.radians(0.2),
    roll=math.radians(0.2),
    time_s=0.0,
)


@dataclass(frozen=True)
class Winding:
    """The true poses of a drive that brakes and turns, told `late_s` too late."""

    late_s: float = 0.0
    digest: str = "0" * 64

    def pose_at(self, at: datetime) -> Pose:
        seconds = (at - START).total_seconds() - self.late_s
        if not -5.0 <= seconds <= SECONDS + 5.0:
            raise NoPose(at, "不在轨迹内", "outside the track")
        yaw = 0.5 * math.sin(0.6 * seconds)
        steps = np.linspace(0.0, seconds, 200)
        speed = 6.0 + 2.5 * np.sin(0.9 * steps)
        heading = 0.5 * np.sin(0.6 * steps)
        east = float(np.trapezoid(speed * np.sin(heading), steps))
        north = float(np.trapezoid(speed * np.cos(heading), steps))
        latitude, longitude = PLANE.latitude_longitude(np.array([east, north]))
        return Pose(
            at=at,
            latitude=float(latitude),
            longitude=float(longitude),
            height_hae_m=None,
            height_above_ground_m=None,
            yaw=yaw,
            pitch=0.0,
            roll=0.0,
            speed_m_s=6.0,
            error=ERROR,
        )


@lru_cache(maxsize=4)
def filmed(seed: int) -> tuple[Frame, ...]:
    """Film a plane of stains with the true camera on the true way."""
    ground = _stains(seed)
    frames = []
    for number in range(int(SECONDS * FPS)):
        at = START + timedelta(seconds=number / FPS)
        view = _pixel_from_ground(Winding().pose_at(at))
        # Pixels of the ground's picture: 30 m to the west and south of the start is its corner.
        metres = np.array([[1 / METRE_PX, 0, -30.0], [0, 1 / METRE_PX, -30.0], [0, 0, 1.0]])
        image = cv2.warpPerspective(ground, view @ metres, (CAMERA.width, CAMERA.height))
        sky = round(CAMERA.cy - CAMERA.fy * math.tan(math.radians(4.0)))
        image[:sky] = 200
        frames.append(
            Frame(index=number, at=at, image=np.asarray(image, np.uint8), name=str(number))
        )
    return tuple(frames)


def _stains(seed: int) -> NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    size = (int(140 * METRE_PX), int(90 * METRE_PX))
    fine = rng.integers(0, 255, (size[0] // 4, size[1] // 4), dtype=np.uint8)
    coarse = rng.integers(0, 255, (size[0] // 24, size[1] // 24), dtype=np.uint8)
    mixed = sum(
        0.5 * cv2.resize(part, (size[1], size[0]), interpolation=cv2.INTER_CUBIC).astype(float)
        for part in (fine, coarse)
    )
    return cv2.cvtColor(np.clip(mixed, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR)


def _pixel_from_ground(pose: Pose) -> NDArray[np.float64]:
    stance = ground_of(CAMERA).stance(pose, CAMERA)
    east, north = PLANE.east_north(pose.latitude, pose.longitude)
    eye = stance.position + np.array([east, north, 0.0])
    turned = stance.rotation.T
    lens = np.array(
        [[CAMERA.fx, 0.0, CAMERA.cx - 0.5], [0.0, CAMERA.fy, CAMERA.cy - 0.5], [0.0, 0.0, 1.0]]
    )
    return lens @ np.column_stack([turned[:, 0], turned[:, 1], -turned @ eye])


@dataclass(frozen=True)
class Film:
    """Frames held in memory."""

    shown: tuple[Frame, ...]
    digest: str = "0" * 64
    platform: Platform = Platform.VEHICLE
    rendered: bool = True

    def frames(self) -> Iterator[Frame]:
        return iter(self.shown)


def drive(seed: int, *, camera: Camera = CAMERA, late_s: float = 0.0) -> Footage:
    return Footage(
        source=Film(filmed(seed)), telemetry=Winding(late_s), camera=camera, photos=False
    )


def mounted(*, height_m: float = 1.6, pitch_deg: float = -8.0) -> Camera:
    mounting = replace(
        CAMERA.mounting, height_above_ground_m=height_m, pitch=math.radians(pitch_deg)
    )
    return replace(CAMERA, mounting=mounting)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_drive_whose_camera_file_is_right_passes(seed: int) -> None:
    verdict = check_drive(drive(seed))

    assert verdict.outcome is Outcome.PASSED
    assert verdict.stated_m is not None and verdict.stated_m < 0.3


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("camera", "late_s", "cause", "value"),
    [
        (replace(CAMERA, fx=360.0, fy=360.0), 0.0, "field_of_view", 1.25),
        (replace(CAMERA, fx=585.0, fy=585.0), 0.0, "field_of_view", 0.77),
        (mounted(height_m=1.28), 0.0, "height", 1.25),
        (mounted(height_m=2.0), 0.0, "height", 0.8),
        (mounted(pitch_deg=-5.0), 0.0, "pitch", -3.0),
        (mounted(pitch_deg=-11.0), 0.0, "pitch", 3.0),
        (CAMERA, 0.6, "time_offset", 0.6),
        (CAMERA, -0.6, "time_offset", -0.6),
    ],
)
def test_a_wrong_camera_file_or_clock_is_named_with_its_size(
    seed: int, camera: Camera, late_s: float, cause: str, value: float
) -> None:
    verdict = check_drive(drive(seed, camera=camera, late_s=late_s))

    assert verdict.outcome is Outcome.FAILED
    assert verdict.faults[0].cause.name == cause
    assert verdict.faults[0].value == pytest.approx(value, rel=0.2)


def test_a_parked_car_is_not_judged() -> None:
    parked = Footage(source=Film(filmed(1)[:3]), telemetry=Winding(), camera=CAMERA, photos=False)

    assert check_drive(parked).outcome is Outcome.UNDECIDED
