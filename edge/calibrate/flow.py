"""Corners followed from one frame of a drive to the next, by pyramidal Lucas-Kanade."""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.placing.camera import Camera, PixelBeyondLens

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
        camera: of the small frames; its distortion is left out of what is expected.

    Returns:
        Two (n, 3) arrays of directions as in `follow`.
    """
    lens = np.array(
        [[camera.fx, 0.0, camera.cx - 0.5], [0.0, camera.fy, camera.cy - 0.5], [0, 0, 1]]
    )
    onto = lens @ expected @ np.linalg.inv(lens)
    size = (after.shape[1], after.shape[0])
    laid = np.asarray(cv2.warpPerspective(before, onto, size), np.uint8)
    lane = _lane(after.shape)
    start = cv2.goodFeaturesToTrack(laid, _CORNERS, _QUALITY, _APART_PX, mask=lane)
    if start is None:
        return np.zeros((0, 3)), np.zeros((0, 3))
    there, kept = _followed(laid, after, start)
    source = cv2.perspectiveTransform(start, np.linalg.inv(onto))
    pixels = [np.asarray(one, np.float64).reshape(-1, 2)[kept] + 0.5 for one in (source, there)]
    return _directions(pixels[0], pixels[1], camera)


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
    ends = []
    for pixels in (one[inside], other[inside]):
        try:
            flat = camera.undistort(pixels)
        except PixelBeyondLens:
            return np.zeros((0, 3)), np.zeros((0, 3))
        ends.append(np.column_stack([flat, np.ones(len(flat))]))
    return ends[0], ends[1]
