"""Where a camera carrier is and how it is turned, with errors; interpolated over a track.

Frames: yaw, pitch, roll are intrinsic rotations from the north-east-down frame to the body,
R_NED<-body = Rz(yaw) Ry(pitch) Rx(roll), radians; yaw from true north, clockwise.
A vehicle's body is the vehicle (the camera file holds the mounting); a drone's body is the gimbal
itself: x forward along the optical axis, y right, z down.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from edge.errors import EdgeError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PoseError:
    """Standard errors (1 sigma) of a pose; metres, radians, seconds.

    The shared ones, and the time, are biases common to a whole pass; they are not divided by the
    number of frames. The own place and yaw wander over seconds, pitch and roll from frame to frame.
    Pitch and roll of a vehicle are those of its body against the plane of its wheels (springs).

    Attributes:
        tilt: of the camera about any axis of its own, beside yaw, pitch and roll: at the nadir a
            gimbal's roll turns the picture and no longer says how it leans to the side.
    """

    horizontal_shared_m: float
    horizontal_own_m: float
    vertical_m: float
    yaw_shared: float
    yaw_own: float
    pitch: float
    roll: float
    time_s: float
    tilt: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """A place and an attitude at a time.

    Attributes:
        height_hae_m: ellipsoidal height of the reference point, or None where unknown.
        height_above_ground_m: height above the ground below (drone, relative altitude), or None
            (vehicle: the camera file knows how high the camera sits above its own ground plane).
        speed_m_s: horizontal speed, or None.
        course: direction of travel from true north, clockwise; None where it is the yaw.
        note: what was mended of it, Chinese and English; None where it is as stated.
    """

    at: datetime
    latitude: float
    longitude: float
    height_hae_m: float | None
    height_above_ground_m: float | None
    yaw: float
    pitch: float
    roll: float
    speed_m_s: float | None
    error: PoseError
    course: float | None = None
    note: str | None = None


class NoPose(EdgeError):
    """The telemetry has no trustworthy pose at a time; the finding is kept, without a position."""

    def __init__(self, at: datetime, why_zh: str, why_en: str) -> None:
        super().__init__(
            f"{at.isoformat()} 没有可信的位姿：{why_zh}", f"no pose at {at.isoformat()}: {why_en}"
        )
        self.at = at


class Telemetry(Protocol):
    """What knows the pose at any time of a pass."""

    @property
    def digest(self) -> str:
        """Hash (hex) of the recorded material."""

    def pose_at(self, at: datetime) -> Pose:
        """Give the pose at a time.

        Raises:
            NoPose: outside the track, or inside a gap too wide to bridge.
        """


def ned_from_body(yaw: float, pitch: float, roll: float) -> Array:
    """Give Rz(yaw) Ry(pitch) Rx(roll), (3, 3): from forward-right-down to north-east-down."""
    cy, sy = math.cos(yaw), math.sin(yaw)
    cp, sp = math.cos(pitch), math.sin(pitch)
    cr, sr = math.cos(roll), math.sin(roll)
    return np.array(
        [
            [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
            [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
            [-sp, cp * sr, cp * cr],
        ]
    )


def body_angles(ned_from_body: Array) -> tuple[float, float, float]:
    """Give yaw, pitch and roll of a rotation (3, 3) from the body to north-east-down."""
    yaw = math.atan2(ned_from_body[1, 0], ned_from_body[0, 0])
    pitch = -math.asin(max(-1.0, min(1.0, float(ned_from_body[2, 0]))))
    roll = math.atan2(ned_from_body[2, 1], ned_from_body[2, 2])
    return yaw, pitch, roll


def turn_between(before: Array, after: Array, share: float) -> Array:
    """Give the rotation (3, 3) a share of the shortest way from one to another.

    Rodrigues' formula on the axis and angle of the step, which is spherical linear interpolation.

    Args:
        share: 0 gives `before`, 1 gives `after`.
    """
    step = before.T @ after
    cosine = max(-1.0, min(1.0, (float(np.trace(step)) - 1.0) / 2.0))
    angle = math.acos(cosine)
    twice_sine = np.array(
        [step[2, 1] - step[1, 2], step[0, 2] - step[2, 0], step[1, 0] - step[0, 1]]
    )
    length = float(np.linalg.norm(twice_sine))
    if length < 1e-9:
        nearer: Array = before if share < 0.5 else after
        return nearer
    x, y, z = twice_sine / length
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    part = share * angle
    turned: Array = before @ (
        np.eye(3) + math.sin(part) * cross + (1.0 - math.cos(part)) * cross @ cross
    )
    return turned
