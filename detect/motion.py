"""How the picture moved between two frames.

A motion is a 3x3 homography that takes pixels of the earlier frame to the later one. It is followed
in the pictures; the poses of an ordinary receiver do not know the bumps of the road, and serve
where nothing can be followed.
"""

from dataclasses import dataclass
from typing import Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from detect.pixels import Image, RawImage, as_grey

Matrix = NDArray[np.float64]
Floats = NDArray[np.float64]
Points = NDArray[np.float32]

FLOW_WIDTH: Final = 480
"""Width at which flow is followed: a bump of 0.2 degrees still moves the picture by a pixel."""

_FEW_FAR: Final = 80
_MANY_NEAR: Final = 200
_NEAR: Final = 0.4
"""Share of the frame's height, from its top, below which a road camera sees mostly road."""

_ENOUGH: Final = (cv2.TERM_CRITERIA_COUNT + cv2.TERM_CRITERIA_EPS, 10, 0.03)
_SAME_LEVELS: Final = 0.5
"""Mean grey difference below which two frames are one; sensor noise at this width is above it."""
_FLOW_ERROR_PX: Final = 1.5
_FEWEST: Final = 16
_LEAST_SHARE: Final = 0.4
_LEAST_SHARE_NEAR: Final = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraMotion:
    """The picture's motion since the frame before.

    Attributes:
        matrix: (3, 3) float64, earlier pixel to later pixel, lower right element 1.
        known: False where nothing could be followed; the matrix is then the identity.
        frame: (height, width) of the frames.
    """

    matrix: Matrix
    known: bool
    frame: tuple[int, int]

    @classmethod
    def unknown(cls, frame: tuple[int, int]) -> Self:
        """Say that nothing is known, as before the first frame."""
        return cls(matrix=np.eye(3), known=False, frame=frame)

    @classmethod
    def still(cls, frame: tuple[int, int]) -> Self:
        """Say that the camera stood."""
        return cls(matrix=np.eye(3), known=True, frame=frame)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """A frame made small and grey, to follow its motion.

    Attributes:
        grey: (h, w) uint8, at most FLOW_WIDTH wide.
        frame: (height, width) of the frame it was made from.
    """

    grey: Image
    frame: tuple[int, int]


def glance(image: RawImage, *, frame: tuple[int, int] | None = None) -> Glance:
    """Make a frame small and grey.

    Args:
        frame: (height, width) of the frame that the image is a smaller copy of; else its own.

    Raises:
        UnusableFrame: the frame is no picture.
    """
    height, width = image.shape[:2]
    share = min(FLOW_WIDTH / width, 1.0) if width else 1.0
    size = (max(round(width * share), 1), max(round(height * share), 1))
    grey = as_grey(image)
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA) if share < 1.0 else grey
    return Glance(grey=np.asarray(small, np.uint8), frame=frame or (height, width))


def camera_motion(before: Glance, now: Glance, *, ignore_top: float = 0.0) -> CameraMotion:
    """Estimate the motion of the picture from sparse optical flow.

    Args:
        before: the earlier frame.
        now: the later frame.
        ignore_top: share of the frame, from its top, that is not followed: sky and facades above
            the horizon of a road camera move otherwise than the ground. What stands beside the road
            helps where asphalt shows no corners: a little above the horizon follows best.
    """
    if before.frame != now.frame:
        return CameraMotion.unknown(now.frame)
    if float(cv2.norm(before.grey, now.grey, cv2.NORM_L1)) < _SAME_LEVELS * now.grey.size:
        return CameraMotion.still(now.frame)
    old, new = _followed(before.grey, now.grey, ignore_top)
    small = _homography(old, new, near=_NEAR * before.grey.shape[0])
    if small is None:
        return CameraMotion.unknown(now.frame)
    shrink = np.diag([now.grey.shape[1] / now.frame[1], now.grey.shape[0] / now.frame[0], 1.0])
    matrix = np.linalg.inv(shrink) @ small @ shrink
    if not _plausible(matrix, now.frame):
        return CameraMotion.unknown(now.frame)
    return CameraMotion(matrix=matrix / matrix[2, 2], known=True, frame=now.frame)


def motion_over_ground(before: Matrix, now: Matrix, *, frame: tuple[int, int]) -> CameraMotion:
    """Give the motion that a camera's poses say, for frames in which nothing can be followed.

    Source: Hartley and Zisserman, Multiple View Geometry, 2nd ed., 13.1 (homography of a plane).

    Args:
        before: (3, 3), level ground to pixel at the earlier frame: (east, north, 1) in metres to
            homogeneous pixels, positive before the camera.
        now: the same at the later frame, over the same ground.
        frame: (height, width).
    """
    if not np.isfinite(before).all() or abs(np.linalg.det(before)) < 1e-9:
        return CameraMotion.unknown(frame)
    matrix = now @ np.linalg.inv(before)
    if not np.isfinite(matrix).all() or abs(matrix[2, 2]) < 1e-9:
        return CameraMotion.unknown(frame)
    matrix = matrix / matrix[2, 2]
    if not _plausible(matrix, frame):
        return CameraMotion.unknown(frame)
    return CameraMotion(matrix=matrix, known=True, frame=frame)


def _followed(before: Image, now: Image, ignore_top: float) -> tuple[Floats, Floats]:
    """Follow corners from one picture to the other and back; keep those that return."""
    corners = _corners(before, ignore_top)
    if not len(corners):
        return np.empty((0, 2)), np.empty((0, 2))
    moved, ok = _flow(before, now, corners)
    back, ok_back = _flow(now, before, moved)
    gap = np.linalg.norm((corners - back).reshape(-1, 2), axis=1)
    good = ok & ok_back & (gap < 1.0)
    return corners.reshape(-1, 2)[good].astype(float), moved.reshape(-1, 2)[good].astype(float)


def _corners(picture: Image, ignore_top: float) -> Points:
    """Give (n, 1, 2) corners, the road's apart: beside windows its own are too faint to be picked.

    A corner counts if it is strong among those of its own part.
    """
    height = picture.shape[0]
    top, near = round(ignore_top * height), round(max(ignore_top, _NEAR) * height)
    found = [np.empty((0, 1, 2), np.float32)]
    for first, last, most in ((top, near, _FEW_FAR), (near, height, _MANY_NEAR)):
        if last > first:
            some = cv2.goodFeaturesToTrack(picture[first:last], most, 0.02, 6)
            if some is not None:
                found.append(np.asarray(some, np.float32) + np.array([0, first], np.float32))
    return np.concatenate(found)


def _flow(before: Image, now: Image, corners: Points) -> tuple[Points, NDArray[np.bool_]]:
    guess = np.zeros_like(corners)
    moved, ok, _ = cv2.calcOpticalFlowPyrLK(
        before, now, corners, guess, winSize=(15, 15), maxLevel=4, criteria=_ENOUGH
    )
    return np.asarray(moved, np.float32), np.asarray(ok).ravel() == 1


def _homography(old: Floats, new: Floats, *, near: float) -> Matrix | None:
    """Fit the plane that most near corners lie on, else that of all.

    Where no plane shows, fit a shift with turn and zoom. A wall of windows has more corners than
    the road before it, so the road is asked first.

    Args:
        near: row below which the corners are near.
    """
    if len(old) < _FEWEST:
        return None
    low = old[:, 1] >= near
    for which, least in ((low, _LEAST_SHARE_NEAR), (np.ones_like(low), _LEAST_SHARE)):
        plane = _plane(old[which], new[which], least=least)
        if plane is not None:
            return plane
    partial, inliers = cv2.estimateAffinePartial2D(
        old, new, method=cv2.RANSAC, ransacReprojThreshold=2 * _FLOW_ERROR_PX
    )
    if partial is None or inliers.mean() < _LEAST_SHARE:
        return None
    return np.vstack((partial, [0.0, 0.0, 1.0]))


def _plane(old: Floats, new: Floats, *, least: float) -> Matrix | None:
    """Fit the plane that the largest share of corners lies on; None below a least share."""
    if len(old) < _FEWEST:
        return None
    full, inliers = cv2.findHomography(old, new, cv2.RANSAC, _FLOW_ERROR_PX)
    if full is None or inliers.mean() < least or inliers.sum() < _FEWEST:
        return None
    return np.asarray(full, np.float64)


def _plausible(matrix: Matrix, frame: tuple[int, int]) -> bool:
    """Say whether the middle of the frame neither folds over nor jumps in size."""
    height, width = frame
    square = np.array([[0.4, 0.4, 1], [0.6, 0.4, 1], [0.6, 0.6, 1], [0.4, 0.6, 1]])
    moved = (square * [width, height, 1.0]) @ matrix.T
    if moved[:, 2].min() <= 1e-6:
        return False
    x, y = (moved[:, :2] / moved[:, 2:]).T
    signed = 0.5 * float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))
    return 0.2 < signed / (0.04 * width * height) < 5.0
