"""How far apart two frames place the same ground, each on its own.

World frame: metres east and north of the first view. A match is projected to the ground from both
of its frames; what lies between the two points is the disagreement. Its expected size comes from
the errors that the poses state.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.placing.camera import Camera
from edge.placing.geodesy import LocalPlane
from edge.placing.pose import Pose
from edge.placing.terrain import MIN_DEPRESSION, Stance, ground_of

Array = NDArray[np.float64]

WANDER_S: Final = 5.0
"""Within so long the own errors of a pose become others."""
_MOST_OF_A_PAIR: Final = 40
_FLOOR_M: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A frame as its telemetry places it.

    Attributes:
        pose: as stated, or as mended.
    """

    name: str
    at: datetime
    pose: Pose
    camera: Camera


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """The same ground in two views.

    Attributes:
        first, second: numbers of the views.
        seen: (n, 4) normalised image coordinates in the first and in the second view.
    """

    first: int
    second: int
    seen: Array

    def thinned(self) -> "Overlap":
        """Give it with as many matches, evenly taken, as a fit needs."""
        return replace(self, seen=self.seen[:: max(1, -(-len(self.seen) // _MOST_OF_A_PAIR))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What may be wrong with all views alike.

    Attributes:
        zoom: true focal length over the stated one.
        height: true height over the stated one.
        pitch: what is to be added to the mounting's pitch, radians.
        later_s: how much later than stated the pictures were taken.
    """

    zoom: float = 1.0
    height: float = 1.0
    pitch: float = 0.0
    later_s: float = 0.0


AS_STATED: Final = Change()


def overlap_of(numbers: tuple[int, int], uv: Array, views: Sequence[View]) -> Overlap:
    """Make an overlap of matched pixels (n, 4)."""
    one, other = (views[number].camera for number in numbers)
    seen = np.concatenate([one.undistort(uv[:, :2]), other.undistort(uv[:, 2:])], axis=1)
    return Overlap(first=numbers[0], second=numbers[1], seen=seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Views over their ground, with a change applied to all.

    Attributes:
        stances: where each camera is; None where the telemetry knows no pose.
        origins: (k, 2) of the poses' reference points.
    """

    stances: tuple[Stance | None, ...]
    origins: Array
    change: Change

    def under(self, change: Change) -> "Ground":
        """Give the same stances under another focal length or height."""
        return replace(self, change=change)

    def points(self, number: int, seen: Array) -> Array:
        """Give the ground (n, 2) that normalised coordinates (n, 2) of a view show; NaN for sky."""
        stance = self.stances[number]
        if stance is None:
            return np.full((len(seen), 2), np.nan)
        straight = seen / self.change.zoom
        rays = np.column_stack([straight, np.ones(len(straight))]) @ stance.rotation.T
        rays /= np.linalg.norm(rays, axis=1, keepdims=True)
        down = np.where(rays[:, 2] < -math.sin(MIN_DEPRESSION), rays[:, 2], np.nan)
        reach = -stance.position[2] * self.change.height / down
        points: Array = self.origins[number] + stance.position[:2] + reach[:, None] * rays[:, :2]
        return points

    def apart(self, overlap: Overlap) -> Array:
        """Give (n, 2) metres from where the first view places ground to where the second does."""
        second = self.points(overlap.second, overlap.seen[:, 2:])
        apart: Array = second - self.points(overlap.first, overlap.seen[:, :2])
        return apart


Later = Callable[[View, float], Pose | None]
"""Gives the pose of a view if it was taken so many seconds later; None where unknown."""


def lay_out(
    views: Sequence[View], change: Change = AS_STATED, *, later: Later | None = None
) -> Ground:
    """Put views over their ground.

    Args:
        later: what knows the poses at other times; without it `later_s` changes nothing.

    Raises:
        NoHeight: nothing says how high a camera is.
    """
    plane = LocalPlane(latitude=views[0].pose.latitude, longitude=views[0].pose.longitude)
    poses = [_pose(view, change, later) for view in views]
    stances = tuple(
        None if pose is None else _stance(pose, view.camera, change)
        for pose, view in zip(poses, views, strict=True)
    )
    places = np.array(
        [(np.nan, np.nan) if pose is None else (pose.latitude, pose.longitude) for pose in poses]
    )
    origins = plane.east_north(places[:, 0], places[:, 1])
    return Ground(stances=stances, origins=origins, change=change)


def disagreement_m(ground: Ground, overlap: Overlap) -> float:
    """Give the median distance between where two views place the same ground; inf if unknown."""
    apart = np.linalg.norm(ground.apart(overlap), axis=1)
    known = apart[np.isfinite(apart)]
    return float(np.median(known)) if 2 * len(known) > len(apart) else math.inf


def expected_m(views: Sequence[View], overlap: Overlap, ground: Ground) -> float:
    """Give the root mean square disagreement that the stated errors of the poses explain.

    Biases of the whole pass move both views alike; what wanders over seconds has not moved far
    between two frames of a video.
    """
    square = 0.0
    one, other = views[overlap.first], views[overlap.second]
    elapsed_s = abs((other.at - one.at).total_seconds())
    wandered = 1.0 - math.exp(-elapsed_s / WANDER_S)
    for number, seen in (
        (overlap.first, overlap.seen[:, :2]),
        (overlap.second, overlap.seen[:, 2:]),
    ):
        error, stance = views[number].pose.error, ground.stances[number]
        if stance is None:
            continue
        away = ground.points(number, seen) - ground.origins[number]
        reach_m = float(np.nanmedian(np.linalg.norm(away, axis=1)))
        height_m = float(stance.position[2])
        slant = (reach_m**2 + height_m**2) / height_m
        square += wandered * (2.0 * error.horizontal_own_m**2 + (reach_m * error.yaw_own) ** 2)
        square += slant**2 * (error.pitch**2 + error.tilt**2) + (height_m * error.roll) ** 2
    return max(_FLOOR_M, math.sqrt(square))


def _pose(view: View, change: Change, later: Later | None) -> Pose | None:
    if later is None or change.later_s == 0.0:
        return view.pose
    return later(view, change.later_s)


def _stance(pose: Pose, camera: Camera, change: Change) -> Stance:
    if change.pitch:
        mounting = replace(camera.mounting, pitch=camera.mounting.pitch + change.pitch)
        camera = replace(camera, mounting=mounting)
    return ground_of(camera).stance(pose, camera)
