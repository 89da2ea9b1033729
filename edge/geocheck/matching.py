"""The same ground in two pictures: features, matched both ways and held to one motion.

Photos: ORB (E. Rublee et al., "ORB: an efficient alternative to SIFT or SURF", 2011) at 1,000 px
width, Lowe's ratio of 0.8, one similarity of the rays by RANSAC at 4 px of 1,000.
Video frames: corners of the lower part followed by pyramidal Lucas-Kanade there and back, one
homography (the road's plane) by RANSAC at 1.5 px of 640.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from edge.placing.camera import Camera

Array = NDArray[np.float64]
Image = NDArray[np.uint8]
Points = NDArray[np.float32]
Mask = ArrayLike | None

PHOTO_WIDTH: Final = 1000
FEATURES: Final = 3000
RATIO: Final = 0.8
PHOTO_SLACK_PX: Final = 4.0
FEWEST_MATCHES: Final = 30
FRAME_WIDTH: Final = 640
_FRAME_SLACK_PX: Final = 1.5
_CORNERS: Final = 400
_THERE_AND_BACK_PX: Final = 0.5
_STILL_PX: Final = 1.0
_WINDOW: Final = 17
_ITERATIONS: Final = 5000
_CONFIDENCE: Final = 0.999
_SEED: Final = 1


@dataclass(frozen=True, slots=True)
class Features:
    """What can be recognised in a photo.

    Attributes:
        points: (n, 2) pixels of the photo at its own size.
        descriptors: (n, 32) uint8.
    """

    points: Array
    descriptors: Image


@dataclass(frozen=True, slots=True)
class Small:
    """A grey frame at the size in which corners are followed.

    Attributes:
        scale: its pixels for each pixel of the frame.
    """

    grey: Image
    scale: float


def features(image: Image) -> Features:
    """Describe a photo (H, W, 3)."""
    small = _shrunk(image, PHOTO_WIDTH)
    found, descriptors = cv2.ORB.create(FEATURES).detectAndCompute(small.grey, None)
    points = np.array([point.pt for point in found], np.float64).reshape(-1, 2)
    return Features(
        points=(points + 0.5) / small.scale,
        descriptors=np.zeros((0, 32), np.uint8) if descriptors is None else _bytes(descriptors),
    )


def candidates(one: Features, other: Features) -> Array:
    """Give pixels (n, 4) that look alike in two photos and like nothing else in the second."""
    if min(len(one.points), len(other.points)) < 2:
        return np.zeros((0, 4))
    near = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(one.descriptors, other.descriptors, k=2)
    clear = [best for best, second in near if best.distance < RATIO * second.distance]
    first, second = [m.queryIdx for m in clear], [m.trainIdx for m in clear]
    alike: Array = np.concatenate([one.points[first], other.points[second]], axis=1)
    return alike


def held_to_one_motion(alike: Array, *, one: Camera, other: Camera) -> Array:
    """Give those pixels (m, 4) whose rays agree on one similarity; none if too few do."""
    if len(alike) < FEWEST_MATCHES:
        return np.zeros((0, 4))
    cv2.setRNGSeed(_SEED)
    _, kept = cv2.estimateAffinePartial2D(
        one.undistort(alike[:, :2]) * PHOTO_WIDTH,
        other.undistort(alike[:, 2:]) * PHOTO_WIDTH,
        ransacReprojThreshold=PHOTO_SLACK_PX * one.width / one.fx,
        maxIters=_ITERATIONS,
        confidence=_CONFIDENCE,
    )
    return _kept(alike[:, :2], alike[:, 2:], kept)


def small_frame(image: Image) -> Small:
    """Make a video frame (H, W, 3) ready to be followed."""
    return _shrunk(image, FRAME_WIDTH)


def turned(small: Small) -> Small:
    """Give a frame as it is with its picture turned by 180 degrees."""
    return Small(grey=np.ascontiguousarray(small.grey[::-1, ::-1]), scale=small.scale)


def followed(one: Small, other: Small, *, guess: Array, below: float) -> Array:
    """Give pixels (n, 4) of the same road in two frames.

    The first frame is laid over the second as the poses say, so that what is left to follow is
    small and not to be seen at another size; a wrong guess is followed all the same.

    Args:
        guess: (3, 3) from pixels of the first frame to those of the second.
        below: row of the second frame, in its own pixels, under which the road lies.
    """
    size = (other.grey.shape[1], other.grey.shape[0])
    moved = _sized(guess, one.scale, other.scale)
    laid = _bytes(cv2.warpPerspective(one.grey, moved, size))
    shown = _bytes(cv2.warpPerspective(np.full_like(one.grey, 255), moved, size))
    shown = _bytes(cv2.erode(shown, np.ones((_WINDOW, _WINDOW), np.uint8)))
    shown[: max(0, round(below * other.scale))] = 0
    start = cv2.goodFeaturesToTrack(laid, _CORNERS, 0.01, 6.0, mask=shown)
    if start is None or len(start) < FEWEST_MATCHES:
        return np.zeros((0, 4))
    before, after = _there_and_back(laid, other.grey, np.asarray(start, np.float32))
    if len(before) < FEWEST_MATCHES:
        return np.zeros((0, 4))
    cv2.setRNGSeed(_SEED)
    _, kept = cv2.findHomography(
        before, after, cv2.RANSAC, _FRAME_SLACK_PX, maxIters=2000, confidence=_CONFIDENCE
    )
    pairs = _kept(before, after, kept)
    if not len(pairs):
        return pairs
    first = cv2.perspectiveTransform(pairs[None, :, :2], np.linalg.inv(moved))[0]
    # What stays put while the carrier moves is the bonnet, not the road.
    moving = np.linalg.norm(first - pairs[:, 2:], axis=1) > _STILL_PX
    road = np.concatenate([first, pairs[:, 2:]], axis=1)[moving]
    return (road + 0.5) / one.scale if len(road) >= FEWEST_MATCHES else np.zeros((0, 4))


def _there_and_back(one: Image, other: Image, start: Points) -> tuple[Array, Array]:
    """Follow points (n, 1, 2) there and back; give those (m, 2) that return, before and after."""
    there, found, _ = _flow(one, other, start)
    back, again, _ = _flow(other, one, there)
    apart = np.linalg.norm((back - start)[:, 0], axis=1)
    good = (found[:, 0] == 1) & (again[:, 0] == 1) & (apart < _THERE_AND_BACK_PX)
    return start[good, 0].astype(np.float64), there[good, 0].astype(np.float64)


def _flow(one: Image, other: Image, start: Points) -> tuple[Points, Image, Points]:
    there, found, error = cv2.calcOpticalFlowPyrLK(
        one, other, start, np.zeros_like(start), winSize=(_WINDOW, _WINDOW), maxLevel=3
    )
    return np.asarray(there, np.float32), _bytes(found), np.asarray(error, np.float32)


def _sized(guess: Array, first: float, second: float) -> Array:
    """Give a homography of full frames for shrunken ones."""
    sized: Array = np.diag([second, second, 1.0]) @ guess @ np.diag([1.0 / first, 1.0 / first, 1.0])
    return sized


def _kept(before: Array, after: Array, kept: Mask) -> Array:
    if kept is None or int(np.sum(kept)) < FEWEST_MATCHES:
        return np.zeros((0, 4))
    pairs: Array = np.concatenate([before, after], axis=1)[np.ravel(kept) == 1]
    return pairs


def _shrunk(image: Image, width: int) -> Small:
    scale = min(1.0, width / image.shape[1])
    size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    return Small(_bytes(cv2.resize(grey, size, interpolation=cv2.INTER_AREA)), scale)


def _bytes(image: ArrayLike) -> Image:
    return np.asarray(image, np.uint8)
