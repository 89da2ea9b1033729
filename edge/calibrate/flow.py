"""Corners followed from one frame of a drive to the next, by pyramidal Lucas-Kanade."""

from functools import lru_cache
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.placing.camera import STRAIGHT, Camera

Array = NDArray[np.float64]
Image = NDArray[np.uint8]
Corners = NDArray[np.integer[Any] | np.floating[Any]]

WIDTH: Final = 640
"""Frames are made this wide before corners are followed."""
_CORNERS: Final = 500
_QUALITY: Final = 0.005
_APART_PX: Final = 7.0
_WINDOW: Final = 21
_LEVELS: Final = 4
_THERE_AND_BACK_PX: Final = 0.5


def small_grey(image: Image) -> Image:
    """Give a frame (H, W, 3) in grey, `WIDTH` wide or as wide as it is."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    width = min(WIDTH, image.shape[1])
    size = (width, round(image.shape[0] * width / image.shape[1]))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def follow(before: Image, after: Image, *, camera: Camera) -> tuple[Array, Array]:
    """Give the directions of the same things in two small frames.

    Args:
        camera: of the small frames.

    Returns:
        Two (n, 3) arrays of directions with z = 1 in the optical frame of either frame; n may be 0.
    """
    start = cv2.goodFeaturesToTrack(before, _CORNERS, _QUALITY, _APART_PX)
    if start is None:
        return np.zeros((0, 3)), np.zeros((0, 3))
    there, kept = _followed(before, after, start)
    # OpenCV counts from the middle of the first pixel, a camera from its outer corner.
    pixels = [np.asarray(one, np.float64).reshape(-1, 2)[kept] + 0.5 for one in (start, there)]
    return _directions(pixels[0], pixels[1], camera)


def follow_road(
    before: Image, after: Image, *, expected: Array, camera: Camera
) -> tuple[Array, Array]:
    """Give the directions of the same patches of road in two small frames.

    The first frame is laid over the second as the road is expected to move, so that only the rest
    has to be followed: near a vehicle the road moves by a tenth of the picture and grows by half.

    Args:
        expected: (3, 3) homography between directions (z = 1) of the two frames on the road.
        camera: of the small frames.

    Returns:
        Two (n, 3) arrays of directions as in `follow`.
    """
    back = np.asarray(np.linalg.inv(expected), np.float64)
    laid = _laid(before, back, camera)
    lane = _lane(after.shape)
    start = cv2.goodFeaturesToTrack(laid, _CORNERS, _QUALITY, _APART_PX, mask=lane)
    if start is None:
        return np.zeros((0, 3)), np.zeros((0, 3))
    there, kept = _followed(laid, after, start)
    ends = [np.asarray(one, np.float64).reshape(-1, 2)[kept] + 0.5 for one in (start, there)]
    return _directions(_moved(ends[0], back, camera), ends[1], camera)


def _laid(before: Image, back: Array, camera: Camera) -> Image:
    """Lay a frame over the next one, whose directions `back` brings to its own."""
    height, width = before.shape[:2]
    if camera.distortion == STRAIGHT:
        lens = np.array(
            [[camera.fx, 0.0, camera.cx - 0.5], [0.0, camera.fy, camera.cy - 0.5], [0, 0, 1]]
        )
        onto = lens @ np.linalg.inv(back) @ np.linalg.inv(lens)
        return np.asarray(cv2.warpPerspective(before, onto, (width, height)), np.uint8)
    maps = (_moved(_middles(width, height), back, camera) - 0.5).astype(np.float32)
    across, down = (np.nan_to_num(one, nan=-1.0) for one in maps.T.reshape(2, height, width))
    return np.asarray(cv2.remap(before, across, down, cv2.INTER_LINEAR), np.uint8)


def _moved(pixels: Array, back: Array, camera: Camera) -> Array:
    """Give pixels (n, 2) seen by directions that a homography moves; NaN beyond the lens."""
    flat = _straight(pixels, camera)
    return camera.project(np.column_stack([flat, np.ones(len(flat))]) @ back.T)


def _straight(pixels: Array, camera: Camera) -> Array:
    """Give directions (n, 2) at z = 1 of pixels; NaN beyond the lens."""
    seen = (pixels - (camera.cx, camera.cy)) / (camera.fx, camera.fy)
    return camera.distortion.straighten(seen)


@lru_cache(maxsize=2)
def _middles(width: int, height: int) -> Array:
    across, down = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    return np.column_stack([across.ravel(), down.ravel()])


def _followed(
    before: Image, after: Image, start: Corners
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Follow corners (n, 1, 2) there and back; give where they are, and which came back."""
    size = (_WINDOW, _WINDOW)
    there, found, _ = cv2.calcOpticalFlowPyrLK(
        before, after, start, np.empty_like(start), winSize=size, maxLevel=_LEVELS
    )
    back, again, _ = cv2.calcOpticalFlowPyrLK(
        after, before, there, np.empty_like(start), winSize=size, maxLevel=_LEVELS
    )
    off = np.linalg.norm((back - start).reshape(-1, 2), axis=1)
    kept = (found.ravel() > 0) & (again.ravel() > 0) & (off < _THERE_AND_BACK_PX)
    return np.asarray(there, np.float32), np.asarray(kept, np.bool_)


def _lane(shape: tuple[int, ...]) -> Image:
    """Mark where a camera that looks ahead has the road right before it."""
    height, width = shape[:2]
    lane = np.zeros((height, width), np.uint8)
    middle, top = width // 2, round(0.55 * height)
    outline = [(middle - 60, top), (middle + 60, top), (width, height), (0, height)]
    cv2.fillConvexPoly(lane, np.array(outline, np.int32), (255,))
    return lane


def _directions(one: Array, other: Array, camera: Camera) -> tuple[Array, Array]:
    inside = np.ones(len(one), np.bool_)
    for pixels in (one, other):
        inside &= (pixels >= 0.0).all(axis=1)
        inside &= (pixels <= (camera.width, camera.height)).all(axis=1)
    flat = [_straight(pixels[inside], camera) for pixels in (one, other)]
    # What a wide lens shows beyond its model is left out; the rest of the frame still tells.
    known = np.isfinite(flat[0]).all(axis=1) & np.isfinite(flat[1]).all(axis=1)
    before, after = (np.column_stack([end[known], np.ones(int(known.sum()))]) for end in flat)
    return before, after
