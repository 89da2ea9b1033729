"""The ground that a ray is to meet.

Frame: east, north, up in metres at the carrier's reference point, up counted from the ground below.
"""

import math
from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from edge.errors import EdgeError
from edge.placing.camera import Camera, enu_from_camera, lever_enu
from edge.placing.pose import Pose

Array = NDArray[np.float64]

MIN_DEPRESSION: Final = math.radians(2.0)


class GroundNotMet(EdgeError):
    """A ray has no sure place on the ground."""


class RayTooFlat(GroundNotMet):
    """A ray does not go down steeply enough to say where it meets the ground."""

    def __init__(self, depression: float) -> None:
        limit = math.degrees(MIN_DEPRESSION)
        super().__init__(
            f"视线俯角只有 {math.degrees(depression):.1f}°，低于 {limit:g}°，不能定位；"
            "请选画面更靠下的点",
            f"the line of sight points only {math.degrees(depression):.1f}° down, less than "
            f"{limit:g}°: no place can be said; choose a point lower in the picture",
        )
        self.depression = depression


class NoHeight(EdgeError):
    """Neither the camera file nor the pose says how high the camera is above its ground."""

    def __init__(self) -> None:
        super().__init__(
            "不知道相机离地多高：车载相机请在相机文件写 mounting.height_above_ground_m，"
            "无人机请用带相对高度的遥测",
            "the camera's height above its ground is unknown: state mounting.height_above_ground_m "
            "in a vehicle's camera file, or use a drone's telemetry with relative altitude",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """Where a camera is and how it is turned over its ground.

    Attributes:
        rotation: (3, 3) from the optical frame to east, north, up of the ground.
        position: (3,) of the optical centre: east and north of the reference point, up of the
            ground below.
        reference_up_m: height of the pose's reference point above that ground.
        pose: the pose the rotation is of.
    """

    rotation: Array
    position: Array
    reference_up_m: float
    pose: Pose


class Ground(Protocol):
    """What a ray may meet."""

    @property
    def digest(self) -> str:
        """Say which ground it is; the same ground says the same."""

    @property
    def sigma_m(self) -> float:
        """Standard error of the ground's height at a place."""

    @property
    def slope(self) -> float:
        """Standard error of its slope between the camera and a place, radians."""

    def stance(self, pose: Pose, camera: Camera) -> Stance:
        """Give where the camera is over this ground.

        Raises:
            NoHeight: nothing says how high the camera is.
        """

    def meet(self, stance: Stance, ray: Array) -> float:
        """Give the distance in metres along a unit ray (3,) from a stance to the ground.

        Raises:
            GroundNotMet: the ray passes over the ground or grazes it, or nothing is known there.
        """

    @property
    def post_m(self) -> float | None:
        """Way between two heights it knows; None for a plane, behind which nothing hides."""

    def heights(self, stance: Stance, east_north: Array) -> Array:
        """Give how high the ground lies at places, as the stance counts heights.

        Args:
            east_north: (n, 2) metres from the pose's reference point.

        Returns:
            (n,) metres; NaN where nothing is known.
        """

    def gradient(self, stance: Stance, foot: Array) -> Array:
        """Give how the ground rises (2,) to the east and north at a place (3,) on it."""

    def height_hae(self, stance: Stance, up_m: float) -> float | None:
        """Give the ellipsoidal height of a height over this ground; None where unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlane:
    """The plane a vehicle stands on, as steep as the vehicle itself.

    A gradient tilts camera and road alike, so the measured pitch and roll of the vehicle are left
    out: what counts is how far its body leans from its own road (`PoseError`) and the road ahead
    from the plane (`slope`).
    """

    sigma_m: float = 0.0
    slope: float = math.radians(0.5)

    @property
    def digest(self) -> str:
        """Say which ground it is."""
        return repr(self)

    def stance(self, pose: Pose, camera: Camera) -> Stance:
        """Give where the camera is over the vehicle's plane."""
        height_m = camera.mounting.height_above_ground_m
        if height_m is None:
            raise NoHeight
        level = replace(pose, pitch=0.0, roll=0.0)
        lever = lever_enu(level, camera)
        return Stance(
            rotation=enu_from_camera(level, camera),
            position=np.array([lever[0], lever[1], height_m]),
            reference_up_m=height_m - float(lever[2]),
            pose=level,
        )

    def meet(self, stance: Stance, ray: Array) -> float:
        """Give the distance to the plane."""
        return _meet_level(stance.position, ray)

    @property
    def post_m(self) -> None:
        """None: it is a plane."""

    def heights(self, stance: Stance, east_north: Array) -> Array:  # noqa: ARG002 it is level
        """Give no height anywhere."""
        return np.zeros(len(east_north))

    def gradient(self, stance: Stance, foot: Array) -> Array:  # noqa: ARG002 it is the same everywhere
        """Give no rise: it is level."""
        return np.zeros_like(foot[:2])

    def height_hae(self, stance: Stance, up_m: float) -> float | None:
        """Give the ellipsoidal height by that of the pose."""
        return height_hae_by_pose(stance, up_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelGround:
    """Level ground at the height a drone took off from."""

    sigma_m: float = 1.0
    slope: float = 0.0

    @property
    def digest(self) -> str:
        """Say which ground it is."""
        return repr(self)

    def stance(self, pose: Pose, camera: Camera) -> Stance:
        """Give where the camera is over the take-off level."""
        if pose.height_above_ground_m is None:
            raise NoHeight
        lever = lever_enu(pose, camera)
        return Stance(
            rotation=enu_from_camera(pose, camera),
            position=lever + np.array([0.0, 0.0, pose.height_above_ground_m]),
            reference_up_m=pose.height_above_ground_m,
            pose=pose,
        )

    def meet(self, stance: Stance, ray: Array) -> float:
        """Give the distance to the level."""
        return _meet_level(stance.position, ray)

    @property
    def post_m(self) -> None:
        """None: it is a plane."""

    def heights(self, stance: Stance, east_north: Array) -> Array:  # noqa: ARG002 it is level
        """Give no height anywhere."""
        return np.zeros(len(east_north))

    def gradient(self, stance: Stance, foot: Array) -> Array:  # noqa: ARG002 it is the same everywhere
        """Give no rise: it is level."""
        return np.zeros_like(foot[:2])

    def height_hae(self, stance: Stance, up_m: float) -> float | None:
        """Give the ellipsoidal height by that of the pose."""
        return height_hae_by_pose(stance, up_m)


def ground_of(camera: Camera) -> Ground:
    """Give the ground of a camera: a vehicle's own plane, or level ground under a drone."""
    if camera.mounting.height_above_ground_m is None:
        return LevelGround()
    return OwnPlane()


def _meet_level(position: Array, ray: Array) -> float:
    if ray[2] > -math.sin(MIN_DEPRESSION):
        raise RayTooFlat(-math.asin(max(-1.0, min(1.0, float(ray[2])))))
    return float(-position[2] / ray[2])


def height_hae_by_pose(stance: Stance, up_m: float) -> float | None:
    """Give the ellipsoidal height of a height over a ground, by that of the pose."""
    height_m = stance.pose.height_hae_m
    return None if height_m is None else height_m - stance.reference_up_m + up_m
