"""Pictures as a lens without distortion would have taken them, and back.

For what reckons with straight lines or planes: a small picture is laid out straight, looked at, and
what was told of it is bent back onto the picture as it was taken. The straight picture has the
lens's focal length, and room for all that lies within 60 degrees of the axis.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.placing.camera import STRAIGHT, Camera

Array = NDArray[np.float64]
Map = NDArray[np.float32]
T = TypeVar("T", np.float32, np.float64, np.uint8)

_WIDEST: Final = math.tan(math.radians(60.0))
_LARGEST: Final = 4
"""A straight picture is at most so many times as wide and as high."""


@dataclass(frozen=True, slots=True)
class Straightening:
    """Two ways between a small picture and the straight one of the same camera.

    Attributes:
        lens: (3, 3) from the straight optical frame to the straight picture, whose (0, 0) is the
            middle of its first pixel.
        size: (width, height) of the straight picture.
    """

    lens: Array
    size: tuple[int, int]
    _onto_straight: tuple[Map, Map] | None
    _onto_bent: tuple[Map, Map] | None

    def straight(self, image: NDArray[T], *, outside: float) -> NDArray[T]:
        """Give the straight picture; `outside` where the small one shows nothing."""
        return _through(image, self._onto_straight, outside)

    def bent(self, image: NDArray[T], *, outside: float) -> NDArray[T]:
        """Give what belongs to a straight picture on the small one; `outside` beyond 60 degrees."""
        return _through(image, self._onto_bent, outside)


@lru_cache(maxsize=8)
def straightening_of(camera: Camera, width: int) -> Straightening:
    """Make ready for pictures of a camera, scaled to a width in pixels."""
    scale = width / camera.width
    height = round(camera.height * scale)
    focal = np.array([camera.fx, camera.fy]) * scale
    if camera.distortion == STRAIGHT:
        middle = np.array([camera.cx, camera.cy]) * scale
        return Straightening(_lens(focal, middle), (width, height), None, None)
    low, high = _reach(camera)
    corners = np.clip([low * focal, high * focal], -_LARGEST * width, _LARGEST * width)
    size = np.ceil(corners[1] - corners[0]).astype(int)
    middle = -corners[0]
    seen = (_grid(int(size[0]), int(size[1])) - middle) / focal
    bent = camera.project(np.column_stack([seen, np.ones(len(seen))])) * scale
    taken = _grid(width, height) / scale
    normal = camera.distortion.straighten((taken - (camera.cx, camera.cy)) / (camera.fx, camera.fy))
    return Straightening(
        _lens(focal, middle),
        (int(size[0]), int(size[1])),
        _maps(bent, (int(size[1]), int(size[0]))),
        _maps(normal * focal + middle, (height, width)),
    )


def _reach(camera: Camera) -> tuple[Array, Array]:
    """Give the corners (2,) and (2,) at z = 1 of what the picture's border shows, within 60°."""
    side = np.linspace(0.0, 1.0, 33)
    zero, one = np.zeros_like(side), np.ones_like(side)
    border = np.concatenate(
        [np.column_stack(pair) for pair in ((side, zero), (side, one), (zero, side), (one, side))]
    )
    uv = border * (camera.width, camera.height)
    seen = (uv - (camera.cx, camera.cy)) / (camera.fx, camera.fy)
    straight = camera.distortion.straighten(seen)
    wide = np.where(np.isnan(straight), np.sign(seen) * _WIDEST, straight)
    wide = np.clip(wide, -_WIDEST, _WIDEST)
    return wide.min(axis=0), wide.max(axis=0)


def _lens(focal: Array, middle: Array) -> Array:
    return np.array(
        [[focal[0], 0.0, middle[0] - 0.5], [0.0, focal[1], middle[1] - 0.5], [0.0, 0.0, 1.0]]
    )


def _grid(width: int, height: int) -> Array:
    """Give the middles (n, 2) of pixels, row by row, (0, 0) being the outer corner."""
    across, down = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    return np.column_stack([across.ravel(), down.ravel()])


def _maps(places: Array, shape: tuple[int, int]) -> tuple[Map, Map]:
    known = np.where(np.isnan(places), -1e4, places) - 0.5
    across, down = known.astype(np.float32).T
    return across.reshape(shape), down.reshape(shape)


def _through(image: NDArray[T], maps: tuple[Map, Map] | None, outside: float) -> NDArray[T]:
    if maps is None:
        return image
    laid = cv2.remap(
        image, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=outside
    )
    return np.asarray(laid, dtype=image.dtype)
