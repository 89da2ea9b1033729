"""The simulated twin of GNSS and inertial unit: the pose a rendered pass's carrier is told.

Biases are drawn once a pass, the rest is smooth noise; the errors it states are the ones it has.
"""

import hashlib
import math
from datetime import datetime
from pathlib import Path
from typing import Final

import pymap3d

from dispatch.wire import Platform
from edge.placing.pose import NoPose, Pose, PoseError
from edge.sources.street.motion import LEVER_M, Attitude, draw, quick_wave, true_attitude
from edge.sources.street.passes import StreetPass, read_pass

GROUND_HAE_M: Final = 320.0
"""Ellipsoidal height of every rendered street."""
_SLACK_S: Final = 0.2


class SimulatedTelemetry:
    """The noisy poses of one pass over a rendered street."""

    def __init__(self, path: Path) -> None:
        """Open a pass file.

        Raises:
            UnusableStreetFile: the file is no pass over a rendered street.
        """
        self._pass = read_pass(path)
        said = self._pass.model_dump_json(include={"patrol"}).encode()
        self._digest = hashlib.sha256(said).hexdigest()

    @property
    def digest(self) -> str:
        """Hash of what the pass file says of the patrol."""
        return self._digest

    def pose_at(self, at: datetime) -> Pose:
        """Give the pose as the carrier knows it.

        Raises:
            NoPose: before the start or after the end of the pass.
        """
        patrol = self._pass.patrol
        seconds = (at - patrol.starts_at).total_seconds()
        last = (patrol.frame_count - 1) / patrol.frames_per_s
        if not -_SLACK_S <= seconds <= last + _SLACK_S:
            raise NoPose(at, "时间不在本次巡查之内", "the time lies outside the pass")
        return _told(self._pass, at, seconds)


def true_pose(street_pass: StreetPass, at: datetime) -> Pose:
    """Give the pose without noise, for tests and tables."""
    seconds = (at - street_pass.patrol.starts_at).total_seconds()
    attitude = true_attitude(street_pass.patrol, seconds)
    return _pose(street_pass, at, attitude, (0.0, 0.0, 0.0))


def _told(street_pass: StreetPass, at: datetime, seconds: float) -> Pose:
    patrol = street_pass.patrol
    noise, seed, drone = patrol.noise, patrol.seed, patrol.platform is Platform.DRONE

    def off(name: str, shared: float, own: float) -> float:
        return draw(seed, f"bias-{name}", shared) + quick_wave(seed, f"own-{name}", seconds, own)

    true = true_attitude(patrol, seconds)
    attitude = Attitude(
        along_m=true.along_m,
        right_m=true.right_m,
        up_m=true.up_m,
        yaw=true.yaw + off("yaw", noise.yaw_shared, noise.yaw_own),
        pitch=patrol.optics.pitch if drone else 0.0,
        roll=0.0,
    )
    shift = (
        off("east", noise.horizontal_shared_m, noise.horizontal_own_m),
        off("north", noise.horizontal_shared_m, noise.horizontal_own_m),
        off("up", noise.vertical_m, 0.0),
    )
    return _pose(street_pass, at, attitude, shift)


def _pose(
    street_pass: StreetPass, at: datetime, attitude: Attitude, shift: tuple[float, float, float]
) -> Pose:
    plan, patrol = street_pass.plan, street_pass.patrol
    drone = patrol.platform is Platform.DRONE
    along, right, up = attitude.along_m, attitude.right_m, attitude.up_m
    if not drone:
        along -= LEVER_M[0] * math.cos(attitude.yaw)
        right -= LEVER_M[0] * math.sin(attitude.yaw)
        up += LEVER_M[2]
    east, north = plan.east_north(along, right)
    latitude, longitude, _ = pymap3d.enu2geodetic(
        east + shift[0], north + shift[1], 0.0, plan.latitude, plan.longitude, 0.0
    )
    return Pose(
        at=at,
        latitude=float(latitude),
        longitude=float(longitude),
        height_hae_m=GROUND_HAE_M + up + shift[2],
        height_above_ground_m=up + shift[2] if drone else None,
        yaw=math.remainder(plan.heading + attitude.yaw, math.tau),
        pitch=attitude.pitch,
        roll=attitude.roll,
        speed_m_s=patrol.speed_m_s,
        error=_error(street_pass),
    )


def _error(street_pass: StreetPass) -> PoseError:
    noise = street_pass.patrol.noise
    return PoseError(
        horizontal_shared_m=noise.horizontal_shared_m,
        horizontal_own_m=noise.horizontal_own_m,
        vertical_m=noise.vertical_m,
        yaw_shared=noise.yaw_shared,
        yaw_own=noise.yaw_own,
        pitch=noise.pitch,
        roll=noise.roll,
        time_s=0.0,
    )
