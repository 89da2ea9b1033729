"""Lines of sight to one place in a common frame, and the errors they have in common.

World frame: east, north, up in metres at a common origin. A small rotation w (3,) turns the world
vectors of a camera from the left: v' = v + w x v.
An error of one standard deviation moves the optical centre of line k by `shift[k, :, j]` and turns
its camera by `spin[k, :, j]`; one that several lines share is one column j for all of them, so no
number of sightings averages it away.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.placing.camera import Camera, Mounting
from edge.placing.pose import Pose, ned_from_body
from edge.placing.terrain import Ground, Stance

Array = NDArray[np.float64]

WANDER_S: Final = 5.0
"""Receiver noise and heading error of one carrier change over about this time."""
PASS_ERRORS: Final = 8
"""Columns that a whole pass shares: two of the receiver, its heading, three of the boresight, the
clock, the height of a vehicle's camera."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One pixel of one frame that shows the place.

    Attributes:
        uv: pixel of the frame.
        pixel_px: its standard error; None takes the camera's.
    """

    uv: tuple[float, float]
    pose: Pose
    pixel_px: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Sightings as parallel arrays over K lines of sight, in a common world frame.

    Attributes:
        position: (K, 3) optical centres.
        rotation: (K, 3, 3) from the optical frames to the world.
        seen: (K, 2) normalised image coordinates.
        noise: (K, 2, 2) covariance of `seen` by the pixel alone.
        shift: (K, 3, M) metres, what the common errors move the optical centres by; the first
            `PASS_ERRORS` columns are the pass's, the rest this place's.
        spin: (K, 3, M) radians, what they turn the cameras by.
        sway: (K, 3, 5) radians, turns that are new in every frame.
        foot: (3,) a place on the ground near what is seen.
        rise: (2,) how the ground rises from there to the east and north.
        ground_m: standard error of the ground's height.
        slope: standard error of its slope from the cameras to the place.
    """

    position: Array
    rotation: Array
    seen: Array
    noise: Array
    shift: Array
    spin: Array
    sway: Array
    foot: Array
    rise: Array
    ground_m: float
    slope: float


def lines_of(
    sightings: Sequence[Sighting],
    stances: Sequence[Stance],
    origins: Array,
    *,
    foot: Array,
    rise: Array,
    camera: Camera,
    ground: Ground,
) -> Lines:
    """Bring sightings into a common frame.

    Args:
        origins: (K, 2) east and north of each pose's reference point in the common frame.
        foot, rise: the ground near what is seen, as in `Lines`.
    """
    seen = camera.undistort(np.array([sighting.uv for sighting in sightings]))
    position = np.array([stance.position for stance in stances])
    position[:, :2] += origins
    rotation = np.array([stance.rotation for stance in stances])
    pixel = np.array([s.pixel_px or camera.error.pixel_px for s in sightings])
    worth = camera.pixel_slope(seen) * pixel[:, None, None]
    poses = [stance.pose for stance in stances]
    shift, spin = _common(poses, rotation, camera)
    return Lines(
        position=position,
        rotation=rotation,
        seen=seen,
        noise=worth @ worth.transpose(0, 2, 1),
        shift=shift,
        spin=spin,
        sway=_sway(poses),
        foot=foot,
        rise=rise,
        ground_m=ground.sigma_m,
        slope=ground.slope,
    )


def _common(poses: Sequence[Pose], rotation: Array, camera: Camera) -> tuple[Array, Array]:
    """Give `shift` and `spin` (K, 3, M) of the errors that lines share."""
    errors = [pose.error for pose in poses]
    on_vehicle = camera.mounting.height_above_ground_m is not None
    blocks = _blocks(poses)
    shift = np.zeros((len(poses), 3, PASS_ERRORS + 1 + 3 * blocks.shape[1]))
    spin = np.zeros_like(shift)
    shift[:, 0, 0] = shift[:, 1, 1] = [error.horizontal_shared_m for error in errors]
    spin[:, 2, 2] = [-error.yaw_shared for error in errors]
    drift = np.array([_drift(pose) for pose in poses])
    shift[:, :, 6], spin[:, :, 6] = drift[:, 0], drift[:, 1]
    if on_vehicle:
        # It stays on its plane, which leans and climbs with it.
        shift[:, 2, 6] = spin[:, :2, 6] = 0.0
        off = camera.error
        mounted = rotation @ _mounting_axes(camera.mounting)
        spin[:, :, 3:6] = mounted * (off.yaw, off.pitch, off.roll)
        shift[:, 2, 7] = off.height_m
    else:
        shift[:, 2, PASS_ERRORS] = [error.vertical_m for error in errors]
    own = PASS_ERRORS + 1
    wander = np.array([error.horizontal_own_m for error in errors])[:, None] * blocks
    turn = np.array([error.yaw_own for error in errors])[:, None] * blocks
    shift[:, 0, own::3] = shift[:, 1, own + 1 :: 3] = wander
    spin[:, 2, own + 2 :: 3] = -turn
    return shift, spin


def _sway(poses: Sequence[Pose]) -> Array:
    """Give (K, 3, 5) the turns by pitch, roll and tilt of each frame's own."""
    yaw = np.array([pose.yaw for pose in poses])
    pitch = np.array([pose.pitch for pose in poses])
    sway = np.zeros((len(poses), 3, 5))
    by_pitch = np.array([pose.error.pitch for pose in poses])
    by_roll = np.array([pose.error.roll for pose in poses])
    # Pitch turns about the right, roll about the forward axis, in east, north, up.
    sway[:, 0, 0], sway[:, 1, 0] = np.cos(yaw) * by_pitch, -np.sin(yaw) * by_pitch
    level = np.cos(pitch) * by_roll
    sway[:, 0, 1], sway[:, 1, 1] = np.sin(yaw) * level, np.cos(yaw) * level
    sway[:, 2, 1] = np.sin(pitch) * by_roll
    tilt = [pose.error.tilt for pose in poses]
    sway[:, 0, 2] = sway[:, 1, 3] = sway[:, 2, 4] = tilt
    return sway


@lru_cache(maxsize=64)
def _mounting_axes(mounting: Mounting) -> Array:
    """Give the axes (3, 3), as columns, about which boresight angles turn, in the optical frame."""
    turned = ned_from_body(mounting.yaw, 0.0, 0.0)
    rolled = ned_from_body(mounting.yaw, mounting.pitch, 0.0)
    axes: Array = mounting.body_from_camera.T @ np.column_stack(
        [np.array([0.0, 0.0, 1.0]), turned[:, 1], rolled[:, 0]]
    )
    return axes


def _drift(pose: Pose) -> Array:
    """Give how a clock that is off by one standard error moves and turns the carrier, (2, 3)."""
    time_s = pose.error.time_s
    if pose.motion is not None:
        return np.array([pose.motion.velocity, pose.motion.turning]) * time_s
    course = pose.yaw if pose.course is None else pose.course
    reach = (pose.speed_m_s or 0.0) * time_s
    return np.array([(math.sin(course) * reach, math.cos(course) * reach, 0.0), (0.0, 0.0, 0.0)])


def _blocks(poses: Sequence[Pose]) -> Array:
    """Give (K, blocks) ones where a line lies in a stretch over which own errors hold still."""
    first = min(pose.at for pose in poses)
    number = np.array([int((pose.at - first).total_seconds() / WANDER_S) for pose in poses])
    blocks: Array = (number[:, None] == np.unique(number)).astype(np.float64)
    return blocks
