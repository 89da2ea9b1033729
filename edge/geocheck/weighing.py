"""What the disagreement of two frames weighs against the errors that their poses state."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.geocheck.agreement import WANDER_S, Ground, Overlap, View

Array = NDArray[np.float64]

SURPRISE: Final = 3.0
"""A pair counts as off by at most this many standard errors, so that one alone decides nothing."""
MATCH_PX: Final = 1.5
"""Standard error of a match, pixels of 1,000 across."""
_WORTH: Final = 8.0
"""Matches of one pair share relief, blur and lens: they tell no more than so many would."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """An overlap with what its disagreement weighs against the stated errors.

    Attributes:
        weight: (2n, 2n) inverse covariance of the disagreement, as stated.
        unknown: what the pair costs where a change leaves no ground to compare.
    """

    overlap: Overlap
    weight: Array
    unknown: float


def weigh(views: Sequence[View], overlap: Overlap, ground: Ground) -> Weighed:
    """Weigh an overlap: what moves all its points alike counts little, what bends them much.

    The disagreement r of n points has covariance s^2 I + J S J^T: J is how place, yaw and pitch of
    the two views move the points, S their stated errors, s the error of a pixel on the ground,
    widened as if `_WORTH` of the n matches were independent.
    """
    overlap = overlap.thinned()
    one, other = views[overlap.first], views[overlap.second]
    wandered = 1.0 - math.exp(-abs((other.at - one.at).total_seconds()) / WANDER_S)
    count = len(overlap.seen)
    columns: list[Array] = []
    for number, seen in (
        (overlap.first, overlap.seen[:, :2]),
        (overlap.second, overlap.seen[:, 2:]),
    ):
        error, stance = views[number].pose.error, ground.stances[number]
        assert stance is not None, "every view has the pose it was made with"
        below = ground.origins[number] + stance.position[:2]
        away = np.nan_to_num(ground.points(number, seen) - below)
        place_m = math.sqrt(wandered) * error.horizontal_own_m
        columns += [np.tile([place_m, 0.0], (count, 1)), np.tile([0.0, place_m], (count, 1))]
        turned = np.column_stack([away[:, 1], -away[:, 0]])
        columns.append(turned * math.sqrt(wandered) * error.yaw_own)
        height_m = float(stance.position[2])
        lean = max(error.pitch, error.roll, error.tilt)
        columns += [_leaning(away, height_m, axis) * lean for axis in (0, 1)]
    design = np.stack([column.ravel() for column in columns], axis=1)
    noise = _pixel_m(views, overlap, ground) ** 2 * max(1.0, count / _WORTH)
    covariance = np.diag(np.repeat(noise, 2)) + design @ design.T
    weight = np.asarray(np.linalg.inv(covariance), np.float64)
    return Weighed(overlap=overlap, weight=weight, unknown=SURPRISE**2 * _WORTH)


def surprises(ground: Ground, weighed: Sequence[Weighed]) -> Array:
    """Give (n,) of each pair its disagreement in squared standard errors, bounded.

    Not-a-number where the telemetry has no pose for one of its views: that speaks neither way.
    """
    return np.array([_surprise(ground, one) for one in weighed])


def signals(stated: Ground, other: Ground, weighed: Sequence[Weighed]) -> Array:
    """Give (n,) squared standard errors between what two layouts say of each pair, bounded.

    It is the Fisher information of a change times its square: what the change would show by, if
    it were true. Zero where either layout has no pose for one of the views.
    """
    return np.array([_signal(stated, other, one) for one in weighed])


def _surprise(ground: Ground, one: Weighed) -> float:
    if not _placed(ground, one.overlap):
        return math.nan
    return _bounded(ground.apart(one.overlap), one)


def _signal(stated: Ground, other: Ground, one: Weighed) -> float:
    if not (_placed(stated, one.overlap) and _placed(other, one.overlap)):
        return 0.0
    return _bounded(other.apart(one.overlap) - stated.apart(one.overlap), one)


def _placed(ground: Ground, overlap: Overlap) -> bool:
    return ground.stances[overlap.first] is not None and ground.stances[overlap.second] is not None


def _bounded(apart: Array, one: Weighed) -> float:
    """Weigh distances (n, 2); sky in place of ground costs all that a pair can."""
    row = apart.ravel()
    square = float(row @ one.weight @ row) if np.isfinite(row).all() else math.inf
    return min(square, one.unknown)


def _leaning(away: Array, height_m: float, axis: int) -> Array:
    """Give how points (n, 2) move, in metres a radian, when the camera leans along an axis."""
    moved = away * away[:, axis : axis + 1] / height_m
    moved[:, axis] += height_m
    return moved


def _pixel_m(views: Sequence[View], overlap: Overlap, ground: Ground) -> Array:
    """Give (n,) the size on the ground of a matched pixel, away from the camera, of both views."""
    square = np.zeros(len(overlap.seen))
    for number, seen in (
        (overlap.first, overlap.seen[:, :2]),
        (overlap.second, overlap.seen[:, 2:]),
    ):
        stance, camera = ground.stances[number], views[number].camera
        assert stance is not None, "every view has the pose it was made with"
        away = ground.points(number, seen) - ground.origins[number] - stance.position[:2]
        height_m = float(stance.position[2])
        slant = (np.square(np.nan_to_num(away)).sum(axis=1) + height_m**2) / height_m
        square += (slant * MATCH_PX * camera.width / 1000.0 / camera.fx) ** 2
    size: Array = np.sqrt(square)
    return size
