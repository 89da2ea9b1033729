"""How a camera moved between two frames: its turn, the direction it went, and the road below it.

A thing at X in the first optical frame is at R (X - m s) in the second, where the camera went s
metres along the unit vector m. So R'x2 . (m x x1) = 0 for directions x1, x2 of a standing thing
(H. C. Longuet-Higgins, 1981), weighed as P. D. Sampson (1982) to be a distance in the picture.
On the plane n . X = h the two are joined by R'x2 ~ (I - m q') x1 with q = n s / h.
Moving things and bad matches lose their weight (Cauchy), step by step more strictly.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.placing.pose import turn_between

Array = NDArray[np.float64]

FEWEST: Final = 40
FEWEST_ON_ROAD: Final = 20
_SCALES_PX: Final = (16.0, 8.0, 4.0, 2.0, 1.0, 0.7, 0.7, 0.7)
_STEP: Final = 1e-6
_ROAD_STEPS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """What happened between two frames.

    Attributes:
        turn: (3,) rotation vector of R, radians, optical frame.
        direction: (3,) unit vector of the way, in the optical frame half-way through the turn.
        start: (3,) the same in the optical frame of the first frame.
        agreeing: share of the directions that fit within 2 px.
    """

    turn: Array
    direction: Array
    start: Array
    agreeing: float


def motion_between(
    before: Array, after: Array, *, ahead: Array, turn: Array, focal_px: float
) -> Motion | None:
    """Estimate the motion; None where there are too few directions, or they do not tell.

    Args:
        before, after: (n, 3) directions of the same things, z = 1.
        ahead: (3,) about where the camera goes, z > 0.
        turn: (3,) about how it turned.
        focal_px: pixels for each unit of the directions.
    """
    if len(before) < FEWEST or ahead[2] <= 0.1:
        return None
    state = np.concatenate([turn, ahead[:2] / ahead[2]])
    for scale in _SCALES_PX:
        left = _left(state, before, after) * focal_px
        slopes = np.column_stack(
            [
                (_left(state + _STEP * axis, before, after) * focal_px - left) / _STEP
                for axis in np.eye(5)
            ]
        )
        weight = 1.0 / (1.0 + (left / scale) ** 2)
        normal = (slopes * weight[:, None]).T @ slopes
        try:
            state = state - np.linalg.solve(normal, slopes.T @ (weight * left))
        except np.linalg.LinAlgError:
            return None
    agreeing = float((np.abs(_left(state, before, after)) * focal_px < 2.0).mean())
    if not np.isfinite(state).all() or np.abs(state[3:]).max() > 2.0:
        return None
    start = _unit(state[3:])
    rotation = rotation_of(state[:3])
    half = turn_between(np.eye(3), rotation, 0.5)
    return Motion(turn=state[:3], direction=half @ start, start=start, agreeing=agreeing)


def road_below(before: Array, after: Array, motion: Motion, *, focal_px: float) -> Array | None:
    """Give q = n s / h, (3,), of the plane that most of these directions lie on; None if none does.

    Args:
        before, after: (n, 3) directions of things that may lie on the road.
    """
    if len(before) < FEWEST_ON_ROAD:
        return None
    level = after @ rotation_of(motion.turn)
    level = level / level[:, 2:]
    # x1 / (1 - (q . x1) m_z) and so on: linear in q once multiplied out.
    towards = level * motion.start[2] - motion.start
    flow = level - before
    rows = np.concatenate([towards[:, :1] * before, towards[:, 1:2] * before])
    ends = np.concatenate([flow[:, 0], flow[:, 1]])
    q: Array = np.array([0.0, 0.0, 0.0])
    weight = np.ones(len(ends))
    for _ in range(_ROAD_STEPS):
        heavy = rows * weight[:, None]
        try:
            q = np.linalg.solve(heavy.T @ rows, heavy.T @ ends)
        except np.linalg.LinAlgError:
            return None
        left = (rows @ q - ends) * focal_px
        scale = max(1.5 * float(np.median(np.abs(left))), 0.3)
        weight = 1.0 / (1.0 + (left / scale) ** 2)
    near = np.abs((rows @ q - ends) * focal_px) < 2.0
    return q if float(near.mean()) > 0.6 else None


def road_moves(motion: Motion, *, down: Array, way_per_height: float) -> Array:
    """Give the homography (3, 3) between directions on a road along the way of the camera.

    Args:
        down: (3,) about downwards, first optical frame.
        way_per_height: way of the camera over its height above the road.
    """
    below = down - (down @ motion.start) * motion.start
    below = below / np.linalg.norm(below)
    moved: Array = rotation_of(motion.turn) @ (
        np.eye(3) - way_per_height * np.outer(motion.start, below)
    )
    return moved


def rotation_of(turn: Array) -> Array:
    """Give the rotation (3, 3) of a rotation vector, by Rodrigues' formula."""
    angle = float(np.linalg.norm(turn))
    if angle < 1e-12:
        return np.eye(3)
    x, y, z = turn / angle
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    rotation: Array = np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * cross @ cross
    return rotation


def _left(state: Array, before: Array, after: Array) -> Array:
    """Give (n,) by how much each pair misses its epipolar line, in units of the directions."""
    rotation, ahead = rotation_of(state[:3]), _unit(state[3:])
    level = after @ rotation
    upon = np.cross(ahead, before)
    miss = (level * upon).sum(axis=1)
    slope_one = np.cross(level, ahead)[:, :2]
    slope_other = (upon @ rotation.T)[:, :2]
    size = np.sqrt((slope_one**2).sum(axis=1) + (slope_other**2).sum(axis=1))
    distance: Array = miss / np.maximum(size, 1e-9)
    return distance


def _unit(flat: Array) -> Array:
    ahead = np.array([flat[0], flat[1], 1.0])
    unit: Array = ahead / np.linalg.norm(ahead)
    return unit
