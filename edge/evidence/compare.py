"""Say how surely two photos show the same place, whatever was repaired in between.

Corners of both pictures are matched (ORB; Rublee et al. 2011), and a plane's motion is fitted to
the matches; the share of matches that follow it is low for two different places, however alike.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH_PX: Final = 960
FEATURES: Final = 3000
RATIO: Final = 0.8
"""A match counts if it is this much nearer than the second nearest (Lowe 2004)."""
REPROJECTION_PX: Final = 6.0
ENOUGH: Final = 25
"""Inliers from which on their number adds nothing; chance gives fewer than ten."""

Image = NDArray[np.uint8]


def same_place(before: Image, after: Image) -> float:
    """Give 0 for no sign of the same place, up to 1 for no doubt.

    Args:
        before: (H, W, 3) uint8.
        after: (H, W, 3) uint8, of any other size.
    """
    orb = cv2.ORB.create(nfeatures=FEATURES, fastThreshold=10)
    points_before, marks_before = orb.detectAndCompute(_small_grey(before), None)
    points_after, marks_after = orb.detectAndCompute(_small_grey(after), None)
    if marks_before is None or marks_after is None or min(len(marks_before), len(marks_after)) < 2:
        return 0.0
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(marks_before, marks_after, k=2)
    good = [p[0] for p in pairs if len(p) == 2 and p[0].distance < RATIO * p[1].distance]
    if len(good) < 4:
        return 0.0
    old = np.array([points_before[match.queryIdx].pt for match in good], dtype=np.float32)
    new = np.array([points_after[match.trainIdx].pt for match in good], dtype=np.float32)
    cv2.setRNGSeed(1)
    found, inliers = cv2.findHomography(old, new, cv2.RANSAC, REPROJECTION_PX)
    if found is None:
        return 0.0
    following = int(np.count_nonzero(inliers))
    return round(min(1.0, following / ENOUGH) * min(1.0, 2.0 * following / len(good)), 4)


def _small_grey(image: Image) -> Image:
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    scale = min(1.0, WIDTH_PX / max(grey.shape))
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
