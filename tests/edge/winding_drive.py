"""A rendered street driven with a mounting and a clock of one's choosing, the truth being known."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np

from dispatch.wire import Platform
from edge.calibrate.drive import Drive, watch_drive
from edge.footage import Footage
from edge.frame import Frame
from edge.placing.camera import Camera, Mounting
from edge.placing.pose import body_angles, ned_from_body
from edge.sources.street.layout import plan_street
from edge.sources.street.plan import StreetPlan
from edge.sources.street.scene import scene_of
from edge.sources.street.schedule import FIRST_DRIVE, plan_passes
from edge.sources.street.view import Lens, view_from
from edge.telemetry.track import Fix, TrackTelemetry

SPEED_M_S = 8.0
AXLE_TO_CAMERA_M = 1.7
AXLE_TO_ANTENNA_M = 0.9
HEIGHT_M = 1.6
WIDTH, FOCAL_PX = 640, 450.0

Aside = Callable[[float], float]


@dataclass(frozen=True, kw_only=True)
class WindingDrive:
    """The frames of a drive whose rear axle follows a line; pitch and yaw are the camera's."""

    seed: int
    aside_m: Aside
    seconds: float = 18.0
    pitch: float = 0.0
    yaw: float = 0.0
    roll: float = 0.0
    nod: float = math.radians(0.25)
    frames_per_s: float = 5.0
    digest: str = "winding"
    platform: Platform = Platform.VEHICLE
    rendered: bool = True

    def frames(self) -> Iterator[Frame]:
        """Give its pictures, which are painted once: a drive may be looked at by several tests."""
        yield from _painted(self)

    def paint(self) -> Iterator[Frame]:
        """Paint its pictures."""
        plan = plan_street(self.seed)
        patrol = plan_passes(plan)[0]
        scene = scene_of(plan, patrol)
        lens = Lens(width=WIDTH, height=WIDTH * 9 // 16, focal_px=FOCAL_PX)
        rng = np.random.default_rng(self.seed)
        phase = rng.uniform(0.0, math.tau, 2)
        for index in range(int(self.seconds * self.frames_per_s)):
            t = index / self.frames_per_s
            along, right, body_yaw = self.body(t)
            ahead = AXLE_TO_CAMERA_M
            place = (along + ahead * math.cos(body_yaw), right + ahead * math.sin(body_yaw))
            nod = self.nod * math.sqrt(2.0) * math.sin(math.tau * t / 1.3 + phase[0])
            sway = self.nod * math.sqrt(2.0) * math.sin(math.tau * t / 1.9 + phase[1])
            yaw, pitch, roll = _mounted((body_yaw, nod, sway), (self.yaw, self.pitch, self.roll))
            view = view_from(
                np.array([*place, HEIGHT_M]), yaw=yaw, pitch=pitch, roll=roll, lens=lens
            )
            at = FIRST_DRIVE + timedelta(seconds=t)
            yield Frame(index=index, at=at, image=scene.paint(view), name=f"{t:.1f} s")

    def body(self, t: float) -> tuple[float, float, float]:
        """Give the rear axle's place along and right, metres, and the body's yaw."""
        slope = (self.aside_m(t + 1e-3) - self.aside_m(t - 1e-3)) / 2e-3 / SPEED_M_S
        return 4.0 + SPEED_M_S * t, self.aside_m(t), math.atan(slope)

    def track(self, *, behind_s: float, rate_hz: float, noise_m: float) -> TrackTelemetry:
        """Give the antenna's track by a clock that shows `behind_s` more than the camera's."""
        plan: StreetPlan = plan_street(self.seed)
        rng = np.random.default_rng(self.seed + 1)
        fixes = []
        for t in np.arange(-3.0, self.seconds + 3.0, 1.0 / rate_hz):
            along, right, yaw = self.body(float(t))
            along += AXLE_TO_ANTENNA_M * math.cos(yaw)
            right += AXLE_TO_ANTENNA_M * math.sin(yaw)
            east, north = plan.east_north(along, right)
            east, north = rng.normal((east, north), noise_m)
            latitude = plan.latitude + math.degrees(north / 6_371_000.0)
            shrink = math.cos(math.radians(plan.latitude))
            longitude = plan.longitude + math.degrees(east / 6_371_000.0 / shrink)
            at = FIRST_DRIVE + timedelta(seconds=float(t) + behind_s)
            fixes.append(Fix(at=at, latitude=latitude, longitude=longitude))
        return TrackTelemetry(Path("winding.csv"), fixes, digest="winding")

    def footage(
        self, *, behind_s: float = 0.0, rate_hz: float = 5.0, noise_m: float = 0.0
    ) -> Footage:
        """Give the drive with its track, and a camera file that knows no boresight."""
        return Footage(
            source=self,
            telemetry=self.track(behind_s=behind_s, rate_hz=rate_hz, noise_m=noise_m),
            camera=camera(),
            photos=False,
        )


def camera(height_m: float = HEIGHT_M) -> Camera:
    """Give the camera as its file says it: right lens, no boresight."""
    lever = (AXLE_TO_CAMERA_M - AXLE_TO_ANTENNA_M, 0.0, 0.0)
    return Camera(
        width=WIDTH,
        height=WIDTH * 9 // 16,
        fx=FOCAL_PX,
        fy=FOCAL_PX,
        cx=WIDTH / 2,
        cy=WIDTH * 9 / 32,
        mounting=Mounting(height_above_ground_m=height_m, lever_m=lever),
    )


def weaving(metres: float, period_s: float, *, start_m: float = 1.5) -> Aside:
    """Give a line that swings to either side."""
    return lambda t: start_m + metres * math.sin(math.tau * t / period_s)


@lru_cache(maxsize=1)
def straight(start_m: float = 1.5) -> Aside:
    """Give a straight line."""
    return lambda _t: start_m


def _mounted(
    body: tuple[float, float, float], mounted: tuple[float, float, float]
) -> tuple[float, float, float]:
    return body_angles(ned_from_body(*body) @ ned_from_body(*mounted))


@lru_cache(maxsize=3)
def _painted(drive: WindingDrive) -> tuple[Frame, ...]:
    return tuple(drive.paint())


def _planted(seed: int, *, yaw_deg: float, pitch_deg: float, roll_deg: float) -> WindingDrive:
    return WindingDrive(
        seed=seed,
        aside_m=straight(),
        seconds=16.0,
        yaw=math.radians(yaw_deg),
        pitch=math.radians(pitch_deg),
        roll=math.radians(roll_deg),
    )


LEVEL = _planted(41, yaw_deg=2.0, pitch_deg=-6.0, roll_deg=0.0)
TWISTED = _planted(43, yaw_deg=-3.0, pitch_deg=-9.0, roll_deg=-2.0)
"""Straight on, with a camera that is turned about all three axes."""
WINDING = WindingDrive(seed=31, aside_m=weaving(1.5, 8.0))
"""Lane changes at 8 m/s, as around parked cars."""


@lru_cache(maxsize=1)
def watched_winding() -> Drive:
    """Look at the winding drive once for all tests."""
    return watch_drive(WINDING.footage())
