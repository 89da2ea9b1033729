"""How many pixels an angle is worth at a place of the picture: a lens does not show all alike.

With t the angle off the axis, the plane z = 1 moves by 1/cos² t along the radius and 1/cos t across
it per radian; what the lens makes of that is its slope there (`edge.placing.lens`).
"""

import numpy as np
from numpy.typing import NDArray

from edge.placing.camera import Camera

Array = NDArray[np.float64]


def pixels_per_radian(camera: Camera, straight: Array) -> Array:
    """Give d pixel / d angle (n, 2, 2): rows right and down, columns along and across the radius.

    Args:
        straight: (n, 2) normalised coordinates; NaN gives NaN.
    """
    radius = np.linalg.norm(straight, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        out = np.where(radius[:, None] > 0.0, straight / radius[:, None], [1.0, 0.0])
    stretch = np.sqrt(1.0 + radius**2)
    along = out * (stretch**2)[:, None]
    across = np.column_stack([-out[:, 1], out[:, 0]]) * stretch[:, None]
    slope = camera.distortion.slope(straight) @ np.stack([along, across], axis=2)
    per_radian: Array = slope * np.array([[camera.fx], [camera.fy]])
    return per_radian


def resolution(per_radian: Array, *, on_axis: float) -> Array:
    """Give the pixels per radian (n,) that tell things apart, at most those on the axis.

    A lens that squeezes its border shows less there; the stretch of a straight lens shows no more.

    Args:
        per_radian: (n, 2, 2) as `pixels_per_radian` gives.
        on_axis: pixels per radian in the middle.
    """
    turned = per_radian[:, 0, 0] * per_radian[:, 1, 1] - per_radian[:, 0, 1] * per_radian[:, 1, 0]
    shown = np.sqrt(np.abs(turned))
    return np.asarray(np.minimum(shown, on_axis), np.float64)
