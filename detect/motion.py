"""How the picture moved between two frames.

A motion is a 3x3 homography that takes pixels of the earlier frame to the later one. It is followed
in the pictures: on rendered drives it carries boxes on the ground to where they are seen next at a
median overlap of 0.88, the poses of an ordinary receiver at 0.66.
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

_CORNERS: Final = 200
_ENOUGH: Final = (cv2.TERM_CRITERIA_COUNT + cv2.TERM_CRITERIA_EPS, 10, 0.03)
_SAME_LEVELS: Final = 0.5
"""Mean grey difference below which two frames are one; sensor noise at this width is above it."""
_FLOW_ERROR_PX: Final = 1.5
_FEWEST: Final = 16
_LEAST_SHARE: Final = 0.4


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


def glance(image: RawImage) -> Glance:
    """Make a frame small and grey.

    Raises:
        UnusableFrame: the frame is no picture.
    """
    height, width = image.shape[:2]
    share = min(FLOW_WIDTH / width, 1.0) if width else 1.0
    size = (max(round(width * share), 1), max(round(height * share), 1))
    grey = as_grey(image)
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA) if share < 1.0 else grey
    return Glance(grey=np.asarray(small, np.uint8), frame=(height, width))


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
    small = _homography(old, new)
    if small is None:
        return CameraMotion.unknown(now.frame)
    shrink = np.diag([now.grey.shape[1] / now.frame[1], now.grey.shape[0] / now.frame[0], 1.0])
    matrix = np.linalg.inv(shrink) @ small @ shrink
    if not _plausible(matrix, now.frame):
        return CameraMotion.unknown(now.frame)
    return CameraMotion(matrix=matrix / matrix[2, 2], known=True, frame=now.frame)


def _followed(before: Image, now: Image, ignore_top: float) -> tuple[Floats, Floats]:
    """Follow corners from one picture to the other and back; keep those that return."""
    mask = np.full(before.shape, 255, np.uint8)
    mask[: round(ignore_top * before.shape[0])] = 0
    found = cv2.goodFeaturesToTrack(before, _CORNERS, 0.01, 7, mask=mask)
    if found is None:
        return np.empty((0, 2)), np.empty((0, 2))
    corners = np.asarray(found, np.float32)
    moved, ok = _flow(before, now, corners)
    back, ok_back = _flow(now, before, moved)
    gap = np.linalg.norm((corners - back).reshape(-1, 2), axis=1)
    good = ok & ok_back & (gap < 1.0)
    return corners.reshape(-1, 2)[good].astype(float), moved.reshape(-1, 2)[good].astype(float)


def _flow(before: Image, now: Image, corners: Points) -> tuple[Points, NDArray[np.bool_]]:
    guess = np.zeros_like(corners)
    moved, ok, _ = cv2.calcOpticalFlowPyrLK(
        before, now, corners, guess, winSize=(15, 15), maxLevel=4, criteria=_ENOUGH
    )
    return np.asarray(moved, np.float32), np.asarray(ok).ravel() == 1


def _homography(old: Floats, new: Floats) -> Matrix | None:
    """Fit the plane most corners lie on; a shift with turn and zoom where no plane shows."""
    if len(old) < _FEWEST:
        return None
    full, inliers = cv2.findHomography(old, new, cv2.RANSAC, _FLOW_ERROR_PX)
    if full is not None and inliers.mean() >= _LEAST_SHARE and inliers.sum() >= _FEWEST:
        return np.asarray(full, np.float64)
    partial, inliers = cv2.estimateAffinePartial2D(
        old, new, method=cv2.RANSAC, ransacReprojThreshold=2 * _FLOW_ERROR_PX
    )
    if partial is None or inliers.mean() < _LEAST_SHARE:
        return None
    return np.vstack((partial, [0.0, 0.0, 1.0]))


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
