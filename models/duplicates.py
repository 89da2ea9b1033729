"""Pictures that show the same: the same bytes, a copy, or the same scene.

A hash finds candidates; whether two pictures do show the same is then asked of the pixels. A
close hash is checked by the thumbnails, a loose one by points found in both pictures that lie on
each other under one affine map: that finds the copy with a frame, a watermark or a tighter crop,
and tells two kilometres of the same road apart, which look alike at 32 pixels.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from models.perceptual_hash import SYMMETRIES, Looks, turned
from models.picture_file import decode_grey

CLOSE_BITS: Final = 6
LOOSE_BITS: Final = 16
LIKE: Final = 0.9
"""Correlation of two thumbnails from which a close hash is believed."""

POINTS: Final = 500
POINT_SIDE_PX: Final = 480
AGREEING_POINTS: Final = 20
AGREEING_PX: Final = 4.0
KEPT_POINTS: Final = 4096
"""Pictures whose points are kept in memory, at 20 kB each."""

BLOCK: Final = 1024


class Likeness(StrEnum):
    """How two pictures are the same."""

    SAME_BYTES = "same bytes"
    COPY = "copy"
    SAME_SCENE = "same scene"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two pictures, by their places in the list that was asked about.

    Attributes:
        symmetry: 0 as they are; else the second is a turned or mirrored copy.
        points: points that agree, where points were asked.
    """

    first: int
    second: int
    likeness: Likeness
    symmetry: int = 0
    points: int = 0


def digest(path: Path) -> str:
    """Give the SHA-256 of a picture's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def same_bytes(digests: Sequence[str]) -> Iterator[Pair]:
    """Give the pairs of pictures that are the same file."""
    places: Mapping[str, list[int]] = defaultdict(list)
    for place, each in enumerate(digests):
        places[each].append(place)
    for equal in places.values():
        for first, second in combinations(equal, 2):
            yield Pair(first=first, second=second, likeness=Likeness.SAME_BYTES)


def alike(paths: Sequence[Path], looks: Looks, groups: Sequence[str]) -> Iterator[Pair]:
    """Give the pairs of pictures that show the same, each once.

    Time grows with the square of the number of pictures for the hashes, and with the number of
    loose candidates for the points. Pictures that show nothing are never alike.

    Args:
        groups: what each picture is known to belong to; of one group only copies are looked for.
    """
    points = lru_cache(KEPT_POINTS)(_points)
    for first, second, symmetry, bits in _candidates(looks):
        a, b = looks.thumbnails[first], turned(looks.thumbnails[second], symmetry)
        if bits <= CLOSE_BITS and float((a * b).sum()) >= LIKE:
            yield Pair(first=first, second=second, likeness=Likeness.COPY, symmetry=symmetry)
        elif symmetry == 0 and groups[first] != groups[second]:
            agreeing = _agreeing(points(paths[first]), points(paths[second]))
            if agreeing >= AGREEING_POINTS:
                yield Pair(
                    first=first, second=second, likeness=Likeness.SAME_SCENE, points=agreeing
                )


def clusters(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Give each of `count` things the lowest place among those it hangs together with."""
    root = list(range(count))

    def find(place: int) -> int:
        while root[place] != place:
            root[place] = root[root[place]]
            place = root[place]
        return place

    for a, b in pairs:
        low, high = sorted((find(a), find(b)))
        root[high] = low
    return [find(place) for place in range(count)]


def _candidates(looks: Looks) -> Iterator[tuple[int, int, int, int]]:
    """Give (first, second, symmetry, differing bits): the symmetry that differs least."""
    count = looks.hashes.shape[1]
    for start in range(0, count, BLOCK):
        rows = looks.hashes[0, start : start + BLOCK, None]
        differing = np.stack(
            [np.bitwise_count(rows ^ looks.hashes[s][None, start:]) for s in range(SYMMETRIES)]
        )
        least = differing.argmin(0)
        bits = np.take_along_axis(differing, least[None], 0)[0]
        near = (bits <= CLOSE_BITS) | (differing[0] <= LOOSE_BITS)
        near &= ~(looks.flat[start : start + BLOCK, None] | looks.flat[None, start:])
        for i, j in zip(*np.nonzero(np.triu(near, 1)), strict=True):
            way = int(least[i, j]) if bits[i, j] <= CLOSE_BITS else 0
            yield start + int(i), start + int(j), way, int(differing[way, i, j])


Points = tuple[NDArray[np.float32], NDArray[np.uint8]]
"""(n, 2) places in pixels and (n, 32) descriptions."""


def _points(path: Path) -> Points:
    """Find points by ORB (Rublee et al. 2011, an efficient alternative to SIFT or SURF)."""
    _, grey = decode_grey(path)
    scale = POINT_SIDE_PX / max(grey.shape)
    if scale < 1:
        size = (round(grey.shape[1] * scale), round(grey.shape[0] * scale))
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    found, described = cv2.ORB.create(POINTS).detectAndCompute(grey, None)
    places = np.array([each.pt for each in found], np.float32).reshape(-1, 2)
    return places, np.array([] if described is None else described, np.uint8).reshape(-1, 32)


def _agreeing(a: Points, b: Points) -> int:
    """Count the points of both pictures that lie on each other under one affine map."""
    if min(len(a[0]), len(b[0])) < AGREEING_POINTS:
        return 0
    matches = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(a[1], b[1])
    if len(matches) < AGREEING_POINTS:
        return 0
    here = a[0][[m.queryIdx for m in matches]]
    there = b[0][[m.trainIdx for m in matches]]
    _, agree = cv2.estimateAffine2D(here, there, ransacReprojThreshold=AGREEING_PX)
    return 0 if agree is None else int(agree.sum())
