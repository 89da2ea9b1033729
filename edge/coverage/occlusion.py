"""What stands between a camera and the ground, by detected vehicles, people and two-wheelers.

Boxes are inflated. A vehicle that stood in one frame and is not found in the next is taken to be
there still for a while: its foot is kept in the world and hides what it would hide from here. One
that is found again where it should appear is known from its new box alone, so that traffic ahead
leaves no trail.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detect.detections import Detections
from edge.placing.camera import Camera
from edge.placing.terrain import Ground, RayTooFlat, Stance
from edge.subjects import OCCLUDERS

Array = NDArray[np.float64]

INFLATION: Final = 0.05
INFLATION_PX: Final = 6.0
LINGERS: Final = timedelta(seconds=1)
_VEHICLE: Final = "traffic.vehicle"
_SURE: Final = 0.25
"""Score under which a box hides the ground of its own frame only."""
_LENGTH_M: Final = 4.5
_FAR_M: Final = 40.0
_SAME: Final = 0.3
_BORDER_PX: Final = 4.0


@dataclass(frozen=True, slots=True)
class _Body:
    """A vehicle's outline in the world: (8, 3) corners, and when it was last found."""

    corners: Array
    at: datetime


class Occluders:
    """What hides the ground, from frame to frame of one pass."""

    def __init__(self, ground: Ground, *, remembers: bool) -> None:
        """Begin a pass.

        Args:
            remembers: whether vehicles stay between frames; from above a box has no foot to keep.
        """
        self._ground, self._remembers = ground, remembers
        self._bodies: list[_Body] = []

    def boxes(
        self, at: datetime, detections: Detections, *, stance: Stance, origin: Array, camera: Camera
    ) -> Array:
        """Give the boxes (m, 4) of pixels behind which no ground counts as seen.

        Args:
            detections: those of a low threshold, too.
            origin: (2,) east and north of the carrier's reference point.
        """
        found = detections.only(tuple(OCCLUDERS))
        seen = found.xyxy.astype(np.float64)
        if not self._remembers:
            return _inflate(seen)
        sure = found.take(found.score >= _SURE).only((_VEHICLE,))
        lasting: list[_Body] = []
        shadows: list[Array] = []
        for body in self._bodies:
            shadow = _outline(body.corners, stance=stance, origin=origin, camera=camera)
            if at - body.at > LINGERS or shadow is None or _covers(seen, shadow):
                continue
            lasting.append(body)
            shadows.append(shadow)
        for box in sure.xyxy.astype(np.float64):
            corners = self._corners(box, stance=stance, origin=origin, camera=camera)
            if corners is not None:
                lasting.append(_Body(corners, at))
        self._bodies = lasting
        return np.concatenate([_inflate(seen), np.array(shadows).reshape(-1, 4)])

    def _corners(
        self, box: Array, *, stance: Stance, origin: Array, camera: Camera
    ) -> Array | None:
        left, top, right, bottom = box
        if bottom > camera.height - _BORDER_PX:
            return None
        feet = []
        for u in (max(left, 0.0), min(right, float(camera.width))):
            ray = stance.rotation @ camera.rays(np.array([[u, bottom]]))[0]
            try:
                reach = self._ground.meet(stance, ray)
            except RayTooFlat:
                return None
            if reach > _FAR_M:
                return None
            feet.append(stance.position + reach * ray)
        tall_m = (bottom - top) / camera.fy * float(np.linalg.norm(feet[0] - stance.position))
        # Along the street, which is where vehicles stand and drive.
        axis = stance.rotation[:2, 2]
        ahead = np.array([*(axis / max(float(np.linalg.norm(axis)), 1e-6)), 0.0])
        corners = []
        for foot in feet:
            back = foot + _LENGTH_M * ahead
            for low in (foot, back):
                corners += [low, low + np.array([0.0, 0.0, tall_m])]
        placed: Array = np.array(corners) + np.array([origin[0], origin[1], 0.0])
        return placed


def _outline(corners: Array, *, stance: Stance, origin: Array, camera: Camera) -> Array | None:
    """Give the box (4,) of a body's corners in the picture; None if none is in it."""
    away = corners - np.array([origin[0], origin[1], 0.0]) - stance.position
    ahead = away @ stance.rotation
    if (ahead[:, 2] <= 0.3).all():
        return None
    # Corners beside or behind the camera are at the edge of what it sees.
    ahead[:, 2] = np.maximum(ahead[:, 2], 0.3)
    uv = camera.project(ahead)
    uv = np.where(np.isnan(uv), np.sign(ahead[:, :2]) * 1e5, uv)
    size = np.array([camera.width, camera.height], np.float64)
    box = np.concatenate([np.maximum(uv.min(axis=0), -1.0), np.minimum(uv.max(axis=0), size + 1.0)])
    outside = bool((box[2:] <= 0.0).any() or (box[:2] >= size).any())
    return None if outside else box


def _covers(boxes: Array, shadow: Array) -> bool:
    """Say whether a found box is where a body should appear: overlap over union."""
    if not len(boxes):
        return False
    sides = np.minimum(boxes[:, 2:], shadow[2:]) - np.maximum(boxes[:, :2], shadow[:2])
    common = np.maximum(sides, 0.0).prod(axis=1)
    union = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) + (shadow[2:] - shadow[:2]).prod() - common
    return bool((common > _SAME * np.maximum(union, 1.0)).any())


def _inflate(boxes: Array) -> Array:
    grow = INFLATION * (boxes[:, 2:] - boxes[:, :2]) + INFLATION_PX
    return np.concatenate([boxes[:, :2] - grow, boxes[:, 2:] + grow], axis=1)
