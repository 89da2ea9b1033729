"""What lines of sight say of one place, and which errors they have in common.

A place X and the errors b are estimated together, maximum a posteriori: each sighting gives two
normalised image coordinates z = pi(R^T (X - C)) + B b + noise, the errors b have unit priors
(their columns B are scaled by their standard errors), and the ground says how high X lies.
This is triangulation with a ground prior; with one sighting it is the cut of ray and ground.
Gauss-Newton with Huber weights (P. J. Huber, "Robust estimation of a location parameter", 1964).
Errors common to the sightings are columns, so no number of sightings averages them away.
World frame: east, north, up in metres at a common origin. A small rotation w (3,) turns the world
vectors of a camera from the left: v' = v + w x v.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.placing.camera import ENU_FROM_NED, Camera, enu_from_body
from edge.placing.pose import Pose, ned_from_body
from edge.placing.terrain import Ground, Stance

Array = NDArray[np.float64]

WANDER_S: Final = 5.0
"""Receiver noise and heading error of one carrier change over about this time."""
_HUBER: Final = 2.0
_STEPS: Final = 12
_SETTLED_M: Final = 1e-3
_GROUND_FLOOR_M: Final = 0.01
_DOWN: Final[Array] = np.array([[0.0], [0.0], [-1.0]])


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
        foot: (3,) a place on the ground near what is seen.
        rise: (2,) how the ground rises from there to the east and north.
    """

    camera: Camera
    ground: Ground
    stances: tuple[Stance, ...]
    position: Array
    rotation: Array
    seen: Array
    noise: Array
    foot: Array
    rise: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A place with its error, split.

    Attributes:
        place: (3,) east, north, up.
        shared, own: (2, 2) covariances in the plane, m².
        settled: whether the iteration came to rest in front of the cameras.
    """

    place: Array
    shared: Array
    own: Array
    settled: bool


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
    pixel = np.array([s.pixel_px or camera.error.pixel_px for s in sightings])
    worth = camera.pixel_slope(seen) * pixel[:, None, None]
    noise: Array = worth @ worth.transpose(0, 2, 1)
    return Lines(
        camera=camera,
        ground=ground,
        stances=tuple(stances),
        position=position,
        rotation=np.array([stance.rotation for stance in stances]),
        seen=seen,
        noise=noise,
        foot=foot,
        rise=rise,
    )


def estimate(lines: Lines, *, start: Array) -> Estimate:
    """Estimate the place that lines of sight show.

    Args:
        start: (3,) a first guess in front of every camera.
    """
    place = start.astype(np.float64)
    system = _linearise(lines, place, None)
    errors = np.zeros(len(system.information) - 3)
    # One ray already passes through the start: there is nothing to move.
    settled = len(lines.stances) == 1
    for _ in range(0 if settled else _STEPS):
        step = np.asarray(np.linalg.solve(system.information, system.gradient), np.float64)
        place, errors = place + step[:3], errors + step[3:]
        if not _in_front(lines, place):
            break
        system = _linearise(lines, place, errors)
        if float(np.abs(step[:3]).max()) < _SETTLED_M:
            settled = True
            break
    joint = np.asarray(np.linalg.inv(system.information), np.float64)
    passing = joint[:2, 3 : 3 + system.passing]
    shared = passing @ passing.T
    own: Array = (joint[:2, :2] - shared) * system.excess
    return Estimate(place=place, shared=shared, own=own, settled=settled)


@dataclass(frozen=True, slots=True)
class _System:
    information: Array
    gradient: Array
    excess: float
    passing: int


def _linearise(lines: Lines, place: Array, errors: Array | None) -> _System:
    toward, turning = _derivatives(lines, place)
    shared = _shared_columns(lines, toward, turning)
    columns = np.concatenate([shared, _own_columns(lines, place, toward, turning)], axis=2)
    errors = np.zeros(columns.shape[2]) if errors is None else errors
    residual = lines.seen - _predict(lines, place) - columns @ errors
    weight = np.linalg.inv(_frame_noise(lines, turning))
    square = np.einsum("ki,kij,kj->k", residual, weight, residual)
    huber = np.minimum(1.0, _HUBER / np.sqrt(np.maximum(square, 1e-12)))
    weight = weight * huber[:, None, None]
    design = np.concatenate([toward, columns], axis=2)
    information = np.einsum("kai,kab,kbj->ij", design, weight, design)
    gradient = np.einsum("kai,kab,kb->i", design, weight, residual)
    ground = 1.0 / max(lines.ground.sigma_m, _GROUND_FLOOR_M) ** 2
    upright = np.array([-lines.rise[0], -lines.rise[1], 1.0])
    information[:3, :3] += ground * np.outer(upright, upright)
    gradient[:3] -= ground * upright * float(upright @ (place - lines.foot))
    rest = np.arange(3, len(information))
    information[rest, rest] += 1.0
    gradient[3:] -= errors
    freedom = 2 * len(square) - 2
    excess = max(1.0, float((huber * square).sum()) / freedom) if freedom > 2 else 1.0
    return _System(information, gradient, excess, shared.shape[2])


def _predict(lines: Lines, place: Array) -> Array:
    seen = np.einsum("kji,kj->ki", lines.rotation, place - lines.position)
    coordinates: Array = seen[:, :2] / seen[:, 2:]
    return coordinates


def _in_front(lines: Lines, place: Array) -> bool:
    depth = np.einsum("kj,kj->k", lines.rotation[:, :, 2], place - lines.position)
    return bool((depth > 0.1).all())


def _derivatives(lines: Lines, place: Array) -> tuple[Array, Array]:
    """Give d coordinates / d place and / d left rotation of the camera, both (K, 2, 3)."""
    away = place - lines.position
    seen = np.einsum("kji,kj->ki", lines.rotation, away)
    depth = seen[:, 2]
    pinhole = np.zeros((len(away), 2, 3))
    pinhole[:, 0, 0] = pinhole[:, 1, 1] = 1.0 / depth
    pinhole[:, :, 2] = -seen[:, :2] / (depth**2)[:, None]
    toward = np.einsum("kai,kji->kaj", pinhole, lines.rotation)
    cross = np.zeros((len(away), 3, 3))
    x, y, z = away.T
    cross[:, 0, 1], cross[:, 0, 2], cross[:, 1, 2] = -z, y, -x
    cross[:, 1, 0], cross[:, 2, 0], cross[:, 2, 1] = z, -y, x
    return toward, toward @ cross


def _frame_noise(lines: Lines, turning: Array) -> Array:
    """Give the (K, 2, 2) noise that is new in every frame: pixel, pitch, roll, tilt."""
    axes = np.array([_attitude_axes(stance.pose) for stance in lines.stances])
    sigma = np.array([(s.pose.error.pitch, s.pose.error.roll) for s in lines.stances])
    tilt = np.array([stance.pose.error.tilt for stance in lines.stances])
    turned = turning @ (axes * sigma[:, None, :])
    leaning = turning * tilt[:, None, None]
    noise: Array = (
        lines.noise + turned @ turned.transpose(0, 2, 1) + leaning @ leaning.transpose(0, 2, 1)
    )
    return noise


def _shared_columns(lines: Lines, toward: Array, turning: Array) -> Array:
    """Give the columns (K, 2, m) of the errors that a whole pass has in common."""
    poses = [stance.pose for stance in lines.stances]
    mounted = np.array([_mounting_axes(pose, lines.camera) for pose in poses])
    camera = lines.camera.error
    on_vehicle = lines.camera.mounting.height_above_ground_m is not None
    bore = np.array([camera.yaw, camera.pitch, camera.roll]) if on_vehicle else np.zeros(3)
    apart = np.array([pose.error.horizontal_shared_m for pose in poses])
    turn = np.array([pose.error.yaw_shared for pose in poses])
    drift = np.array([_drift(pose) for pose in poses])
    return np.concatenate(
        [
            toward[:, :, :2] * apart[:, None, None],
            turning @ _DOWN * turn[:, None, None],
            turning @ (mounted * bore),
            toward @ drift[:, :, None],
            toward[:, :, 2:] * (camera.height_m if on_vehicle else 0.0),
        ],
        axis=2,
    )


def _own_columns(lines: Lines, place: Array, toward: Array, turning: Array) -> Array:
    """Give the columns (K, 2, m) of the errors that only the sightings of one place share."""
    errors = [stance.pose.error for stance in lines.stances]
    on_vehicle = lines.camera.mounting.height_above_ground_m is not None
    reach = np.linalg.norm((place - lines.position)[:, :2], axis=1)
    up = np.array([0.0 if on_vehicle else error.vertical_m for error in errors])
    wander = np.array([error.horizontal_own_m for error in errors])
    turn = np.array([error.yaw_own for error in errors])
    own = [
        toward[:, :, 2:] * up[:, None, None],
        toward[:, :, 2:] * (reach * lines.ground.slope)[:, None, None],
    ]
    for block in _blocks([stance.pose for stance in lines.stances]):
        own.append(toward[:, :, :2] * (wander * block)[:, None, None])
        own.append(turning @ _DOWN * (turn * block)[:, None, None])
    return np.concatenate(own, axis=2)


def _attitude_axes(pose: Pose) -> Array:
    """Give the world axes (3, 2), as columns, about which pitch and roll turn."""
    turned = ned_from_body(pose.yaw, 0.0, 0.0)
    rolled = ned_from_body(pose.yaw, pose.pitch, 0.0)
    axes: Array = ENU_FROM_NED @ np.column_stack([turned[:, 1], rolled[:, 0]])
    return axes


def _mounting_axes(pose: Pose, camera: Camera) -> Array:
    """Give the world axes (3, 3), as columns, about which the boresight angles turn."""
    mounting = camera.mounting
    turned = ned_from_body(mounting.yaw, 0.0, 0.0)
    rolled = ned_from_body(mounting.yaw, mounting.pitch, 0.0)
    axes: Array = enu_from_body(pose) @ np.column_stack(
        [np.array([0.0, 0.0, 1.0]), turned[:, 1], rolled[:, 0]]
    )
    return axes


def _drift(pose: Pose) -> Array:
    """Give how far (3,) a wrong clock by one standard error moves the carrier."""
    course = pose.yaw if pose.course is None else pose.course
    reach = (pose.speed_m_s or 0.0) * pose.error.time_s
    return np.array([np.sin(course) * reach, np.cos(course) * reach, 0.0])


def _blocks(poses: Sequence[Pose]) -> list[Array]:
    """Give a mask (K,) for each stretch of time over which own errors hold still."""
    first = min(pose.at for pose in poses)
    number = [int((pose.at - first).total_seconds() / WANDER_S) for pose in poses]
    return [np.array([n == block for n in number], float) for block in sorted(set(number))]
