"""What of an outline lies in the picture, as an upright box."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.formats.sheet import Outline

SLACK: Final = 0.003
"""Share of a picture's side by which tools round a box over the border: 2 pixels of 640."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """The part of a thing inside its picture.

    Attributes:
        box: (4,) float32 x1 y1 x2 y2, shares of width and height; None where nothing is left.
        clipped: more than `SLACK` was cut off.
    """

    box: NDArray[np.float32] | None
    clipped: bool


def inside(outlines: Sequence[Outline]) -> Inside:
    """Cut outlines at the picture's border and give the upright box around what is left.

    The outline is cut before it is boxed: the box of a slanted outline that leaves the picture
    would be too large. Each border is one pass of Sutherland and Hodgman (1974), Reentrant
    polygon clipping, CACM 17(1).

    Args:
        outlines: each (n, 2), shares of width and height.
    """
    corners = np.concatenate(list(outlines))
    over = max(float(-corners.min()), float(corners.max()) - 1)
    if over > 0:
        corners = np.concatenate([_cut(each) for each in outlines])
    clipped = over > SLACK
    if not len(corners):
        return Inside(box=None, clipped=clipped)
    box = np.concatenate((corners.min(0), corners.max(0))).clip(0, 1).astype(np.float32)
    return Inside(box=box if (box[2:] > box[:2]).all() else None, clipped=clipped)


def _cut(corners: Outline) -> Outline:
    for axis in (0, 1):
        corners = _keep(corners, corners[:, axis])
        corners = _keep(corners, 1 - corners[:, axis])
    return corners


def _keep(corners: Outline, depth: NDArray[np.float64]) -> Outline:
    kept = []
    for here, after, d, e in zip(
        corners, np.roll(corners, -1, axis=0), depth, np.roll(depth, -1), strict=True
    ):
        if d >= 0:
            kept.append(here)
        if (d >= 0) != (e >= 0):
            kept.append(here + (after - here) * (d / (d - e)))
    return np.array(kept, np.float64).reshape(-1, 2)
