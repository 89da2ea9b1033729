"""Where a detection's box meets the ground, and how surely.

A flat thing's place is the middle of its box. A standing thing of height H, as deep as wide (W),
is seen at a depression d on ground that rises by s along the view: its middle foot lies
W/2 (sin d + s cos d) above the lower edge, which on level ground is the edge itself at the horizon
and the middle of the box from straight above.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.placing.camera import Camera
from edge.placing.pose import Pose
from edge.placing.shutter import at_row
from edge.placing.sight import Sighting
from edge.placing.terrain import Ground, GroundNotMet, Stance, ground_of
from edge.subjects import Footing, subject

Array = NDArray[np.float64]
Box = tuple[float, float, float, float]

_EDGE_SHARE: Final = 0.04


def contact_pixel(
    xyxy: Box, *, label: str, pose: Pose, camera: Camera, ground: Ground | None = None
) -> tuple[float, float]:
    """Give the pixel of a box where its subject's middle meets the ground.

    Args:
        ground: what rays meet; None takes the camera's usual ground.

    Raises:
        PixelBeyondLens: the lens model does not hold at its foot.
        NoHeight: nothing says how high the camera is.
    """
    left, top, right, bottom = xyxy
    middle = (left + right) / 2.0
    if subject(label).footing is Footing.FLAT:
        return middle, (top + bottom) / 2.0
    ground = ground or ground_of(camera)
    stance = ground.stance(at_row(pose, bottom, camera), camera)
    foot = (min(max(middle, 0.0), camera.width), min(max(bottom, 0.0), camera.height))
    ray = stance.rotation @ camera.rays(np.array([foot]))[0]
    sine = min(1.0, max(0.0, -float(ray[2]) + _rise(ground, stance, ray)))
    return middle, bottom - min((bottom - top) / 2.0, (right - left) / 2.0 * sine)


def box_sighting(
    xyxy: Box, *, label: str, pose: Pose, camera: Camera, ground: Ground | None = None
) -> Sighting:
    """Give the sighting that a detection's box is; a larger box has less certain edges.

    Raises:
        PixelBeyondLens, NoHeight: as `contact_pixel`.
    """
    spread = _EDGE_SHARE * math.hypot(xyxy[2] - xyxy[0], xyxy[3] - xyxy[1])
    return Sighting(
        uv=contact_pixel(xyxy, label=label, pose=pose, camera=camera, ground=ground),
        pose=pose,
        pixel_px=math.hypot(camera.error.pixel_px, spread),
    )


def _rise(ground: Ground, stance: Stance, ray: Array) -> float:
    """Give s cos d: how the ground under a foot rises along a view, over the slant way."""
    try:
        foot = stance.position + ground.meet(stance, ray) * ray
    except GroundNotMet:
        # It will have no place either; where its middle lies then matters to nobody.
        return 0.0
    return float(ground.gradient(stance, foot) @ ray[:2])
