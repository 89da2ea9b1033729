"""How large a thing is on the ground, from its box, with the error of that.

A flat thing's box is cut with the ground at its near, far, left and right edges; what fills the
box is an ellipse (area) or its longer side (length). A standing thing's footprint is as deep as
it is wide. Depth and height of a step cannot be observed by one camera and are not measured.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.wire import Measure, Quantity
from edge.errors import EdgeError
from edge.placing.camera import Camera
from edge.placing.pose import Pose
from edge.placing.terrain import Ground, Stance, ground_of
from edge.subjects import Footing, subject

Array = NDArray[np.float64]
Box = tuple[float, float, float, float]

_FILLED: Final = math.pi / 4.0
"""Of its box, an ellipse fills this share."""
_EDGE_SHARE: Final = 0.04
_SHAPE_SHARE: Final = 0.2
"""A pothole is no ellipse and a pile no disc; of marked photos the share filled varies so much."""
_PLAUSIBLE_M: Final = 50.0


def measure_box(
    xyxy: Box, *, label: str, pose: Pose, camera: Camera, ground: Ground | None = None
) -> Measure | None:
    """Measure what a box shows; None where its class has no measure or the box gives none.

    The error holds box edges, pitch, camera height and shape. A box that reaches the horizon or
    the border of the picture gives no size.
    """
    quantity = subject(label).quantity
    if quantity is None or _is_cut(xyxy, camera):
        return None
    ground = ground or ground_of(camera)
    try:
        stance = ground.stance(pose, camera)
        value = _size(xyxy, label, quantity, stance=stance, camera=camera, ground=ground)
        sigma = _sigma(xyxy, label, quantity, value, stance=stance, camera=camera, ground=ground)
    except EdgeError:
        # A box part of which has no place on the ground has no size either.
        return None
    if not 0.0 < value < _PLAUSIBLE_M**2:
        return None
    return Measure(quantity=quantity, value=round(value, 3), sigma=round(max(sigma, 1e-3), 3))


def _is_cut(xyxy: Box, camera: Camera) -> bool:
    left, top, right, bottom = xyxy
    inside = (
        left > 1.0 and top > 1.0 and right < camera.width - 1.0 and bottom < camera.height - 1.0
    )
    return not inside or right - left < 2.0 or bottom - top < 2.0


def _size(
    xyxy: Box, label: str, quantity: Quantity, *, stance: Stance, camera: Camera, ground: Ground
) -> float:
    left, top, right, bottom = xyxy
    across, middle = (left + right) / 2.0, (top + bottom) / 2.0
    if subject(label).footing is Footing.STANDING:
        near = _feet([(left, bottom), (right, bottom)], stance, camera, ground)
        width = float(np.linalg.norm(near[1] - near[0]))
        return width * width * _FILLED if quantity is Quantity.AREA_M2 else width
    feet = _feet(
        [(left, middle), (right, middle), (across, top), (across, bottom)], stance, camera, ground
    )
    width = float(np.linalg.norm(feet[1] - feet[0]))
    depth = float(np.linalg.norm(feet[3] - feet[2]))
    return width * depth * _FILLED if quantity is Quantity.AREA_M2 else math.hypot(width, depth)


def _feet(
    pixels: list[tuple[float, float]], stance: Stance, camera: Camera, ground: Ground
) -> Array:
    rays = camera.rays(np.array(pixels)) @ stance.rotation.T
    feet: Array = np.array([stance.position + ground.meet(stance, ray) * ray for ray in rays])
    return feet


def _sigma(
    xyxy: Box,
    label: str,
    quantity: Quantity,
    value: float,
    *,
    stance: Stance,
    camera: Camera,
    ground: Ground,
) -> float:
    """Propagate edges, pitch and height by finite steps of one standard error each."""

    def change(box: Box, moved: Stance) -> float:
        size = _size(box, label, quantity, stance=moved, camera=camera, ground=ground)
        return size - value

    edge = math.hypot(
        camera.error.pixel_px / 2.0, _EDGE_SHARE * math.hypot(xyxy[2] - xyxy[0], xyxy[3] - xyxy[1])
    )
    edges = [
        change((xyxy[0] - edge, *xyxy[1:]), stance),
        change((xyxy[0], min(xyxy[1] + edge, xyxy[3] - 1.0), *xyxy[2:]), stance),
        change((*xyxy[:2], xyxy[2] + edge, xyxy[3]), stance),
        change((*xyxy[:3], xyxy[3] + edge), stance),
    ]
    foot = _feet([((xyxy[0] + xyxy[2]) / 2.0, xyxy[3])], stance, camera, ground)[0]
    away = stance.position - foot
    height_m = float(away[2])
    on_vehicle = camera.mounting.height_above_ground_m is not None
    off_m = (
        camera.error.height_m
        if on_vehicle
        else math.hypot(stance.pose.error.vertical_m, ground.sigma_m)
    )
    # A plane seen from nearer looks larger in proportion: both sides scale with the height.
    scaled = 2.0 if quantity is Quantity.AREA_M2 else 1.0
    by_height = scaled * value * off_m / height_m
    lean = math.hypot(stance.pose.error.pitch, ground.slope, camera.error.pitch)
    reach_m = float(np.linalg.norm(away[:2]))
    by_lean = (1.0 + scaled) * value * lean * reach_m / height_m
    return math.hypot(*edges, by_height, by_lean, _SHAPE_SHARE * value)
