"""Points that two pictures have in common: the same scene again, shifted, cropped or framed.

A point's description is 256 bits (ORB: Rublee et al. 2011). Two pictures of one scene share many
that are nearly equal, so some of them agree in all bits of a random sample; pictures that meet
often in tables of such samples are candidates (locality-sensitive hashing: Indyk and Motwani
1998). Of a candidate the points are asked to lie on each other under one affine map, and to be
spread: a watermark or the sign that a maker prints on every bin is no scene.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detect.pixels import Image

MOST_POINTS: Final = 400
SIDE_PX: Final = 480
TABLES: Final = 16
SAMPLED_BITS: Final = 32
COMMON: Final = 6
"""What more points than this have in common is everywhere: lane paint, sky, lettering."""

MEETINGS: Final = 4
AGREEING_POINTS: Final = 20
AGREEING_PX: Final = 4.0
LEAST_SPREAD: Final = 0.05
"""Part of the area of all points of a picture that the agreeing ones must span."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """A picture's `n` strongest points: (n, 2) float32 places, (n, 32) uint8 descriptions."""

    places: NDArray[np.float32]
    described: NDArray[np.uint8]


def find_points(grey: Image) -> Points:
    """Find the points of an (H, W) picture, made small enough that grain does not matter."""
    scale = SIDE_PX / max(grey.shape)
    if scale < 1:
        size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    found, described = cv2.ORB.create(MOST_POINTS).detectAndCompute(grey, None)
    return Points(
        places=np.array([each.pt for each in found], np.float32).reshape(-1, 2),
        described=np.array([] if described is None else described, np.uint8).reshape(-1, 32),
    )


def meetings(points: Sequence[Points], *, seed: int = 0) -> NDArray[np.int64]:
    """Give the (m, 2) pairs of pictures, in order, that meet at least `MEETINGS` times."""
    count = len(points)
    owner = np.repeat(np.arange(count), [len(each.described) for each in points])
    described = np.concatenate([each.described for each in points])
    rng = np.random.default_rng(seed)
    met = [
        _met_in_table(_sampled(described, rng.choice(256, SAMPLED_BITS, replace=False)), owner)
        for _ in range(TABLES)
    ]
    first, second = np.concatenate(met, axis=1)
    pairs, times = np.unique(first * count + second, return_counts=True)
    often = pairs[times >= MEETINGS]
    return np.column_stack((often // count, often % count))


def agreeing(a: Points, b: Points) -> int:
    """Count the points that lie on each other under one affine map; 0 where they span little."""
    if min(len(a.described), len(b.described)) < AGREEING_POINTS:
        return 0
    matches = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(a.described, b.described)
    if len(matches) < AGREEING_POINTS:
        return 0
    here = a.places[[match.queryIdx for match in matches]]
    there = b.places[[match.trainIdx for match in matches]]
    _, inliers = cv2.estimateAffine2D(here, there, ransacReprojThreshold=AGREEING_PX)
    if inliers is None:
        return 0
    agree = inliers[:, 0] > 0
    spread = min(_spread(here[agree], a.places), _spread(there[agree], b.places))
    return int(agree.sum()) if spread >= LEAST_SPREAD else 0


def _spread(some: NDArray[np.float32], everything: NDArray[np.float32]) -> float:
    whole = float(np.prod(np.ptp(everything, axis=0)))
    return float(cv2.contourArea(cv2.convexHull(some))) / whole if whole > 0 else 0.0


def _sampled(described: NDArray[np.uint8], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the (n,) numbers that the bits at some places make."""
    keys = np.zeros(len(described), np.int64)
    for place in places:
        keys = keys << 1 | (described[:, place >> 3] >> (7 - (place & 7)) & 1)
    return keys


def _met_in_table(keys: NDArray[np.int64], owner: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give (2, m) pictures, the lower first, for every two points of theirs with one key."""
    order = np.argsort(keys, kind="stable")
    keys, owner = keys[order], owner[order]
    _, place, size = np.unique(keys, return_inverse=True, return_counts=True)
    rare = size[place] <= COMMON
    keys, owner = keys[rare], owner[rare]
    found = [np.zeros((2, 0), np.int64)]
    for step in range(1, COMMON):
        same = (keys[:-step] == keys[step:]) & (owner[:-step] != owner[step:])
        found.append(np.sort(np.stack((owner[:-step][same], owner[step:][same])), axis=0))
    return np.concatenate(found, axis=1)
