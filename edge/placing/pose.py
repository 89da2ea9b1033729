"""Where a camera carrier is and how it is turned, with errors; interpolated over a track.

Frames: yaw, pitch, roll are intrinsic rotations from the north-east-down frame to the body,
R_NED<-body = Rz(yaw) Ry(pitch) Rx(roll), radians; yaw from true north, clockwise.
A vehicle's body is the vehicle (the camera file holds the mounting); a drone's body is the gimbal
itself: x forward along the optical axis, y right, z down.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from edge.errors import EdgeError

Array = NDArray[np.float64]

_UPRIGHT: Final = 1e-7
_NO_TURN: Final = 1e-9


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
class Motion:
    """How a carrier moves while a picture is read.

    Attributes:
        velocity: metres a second east, north and up.
        turning: radians a second about the axes east, north and up, right-handed.
    """

    velocity: tuple[float, float, float]
    turning: tuple[float, float, float]


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
        motion: of the reference point; None where it is not known or not needed.
        height_msl_m: height above mean sea level where nothing better is known, or None.
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
    motion: Motion | None = None
    height_msl_m: float | None = None


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
    """Give yaw, pitch and roll of a rotation (3, 3) from the body to north-east-down.

    Straight up or down, where yaw and roll turn about one axis, all of it is called yaw.
    """
    pitch = -math.asin(max(-1.0, min(1.0, float(ned_from_body[2, 0]))))
    if math.hypot(ned_from_body[0, 0], ned_from_body[1, 0]) < _UPRIGHT:
        return math.atan2(-ned_from_body[0, 1], ned_from_body[1, 1]), pitch, 0.0
    yaw = math.atan2(ned_from_body[1, 0], ned_from_body[0, 0])
    roll = math.atan2(ned_from_body[2, 1], ned_from_body[2, 2])
    return yaw, pitch, roll


def turn_between(before: Array, after: Array, share: float) -> Array:
    """Give the rotation (3, 3) a share of the shortest way from one to another.

    Rodrigues' formula on the axis and angle of the step, which is spherical linear interpolation.

    Args:
        share: 0 gives `before`, 1 gives `after`.
    """
    turn = turn_of(before.T @ after)
    if not turn.any():
        nearer: Array = before if share < 0.5 else after
        return nearer
    turned: Array = before @ rotation_by(share * turn)
    return turned


def turn_of(rotation: Array) -> Array:
    """Give the rotation vector (3,) in radians of a rotation (3, 3); zero for a half turn."""
    twice_sine = np.array(
        [
            rotation[2, 1] - rotation[1, 2],
            rotation[0, 2] - rotation[2, 0],
            rotation[1, 0] - rotation[0, 1],
        ]
    )
    length = float(np.linalg.norm(twice_sine))
    if length < _NO_TURN:
        return np.zeros(3)
    turn: Array = twice_sine * (math.atan2(length, float(np.trace(rotation)) - 1.0) / length)
    return turn


def rotation_by(turn: Array) -> Array:
    """Give the rotation (3, 3) of a rotation vector (3,) in radians, by Rodrigues' formula."""
    angle = float(np.linalg.norm(turn))
    if angle < _NO_TURN:
        return np.eye(3)
    x, y, z = turn / angle
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    rotation: Array = np.eye(3) + math.sin(angle) * cross + (1.0 - math.cos(angle)) * cross @ cross
    return rotation
