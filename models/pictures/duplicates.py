"""Pictures that show the same: the same bytes, a copy, or the same scene.

Copies are found by a hash of the whole picture and confirmed by its thumbnail. Scenes are found
by points: the copy with a frame, a watermark or a tighter crop, and the place photographed twice.
Two kilometres of the same road look alike in neither way.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from pathlib import Path
from typing import Final

import numpy as np

from models.pictures.perceptual_hash import SYMMETRIES, Looks, turned
from models.pictures.shared_points import AGREEING_POINTS, Points, agreeing, meetings

CLOSE_BITS: Final = 6
LIKE: Final = 0.9
"""Correlation of two thumbnails from which a close hash is believed."""

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


def copies(looks: Looks) -> Iterator[Pair]:
    """Give the pairs of pictures that are copies, also mirrored or turned; each pair once.

    Time grows with the square of the number of pictures. What shows nothing is never a copy.
    """
    for first, second, symmetry in _close(looks):
        a, b = looks.thumbnails[first], turned(looks.thumbnails[second], symmetry)
        if float((a * b).sum()) >= LIKE:
            yield Pair(first=first, second=second, likeness=Likeness.COPY, symmetry=symmetry)


def same_scenes(points: Sequence[Points], groups: Sequence[str]) -> Iterator[Pair]:
    """Give the pairs of pictures of different groups that show the same scene; each pair once."""
    if not points:
        return
    for first, second in meetings(points).tolist():
        if groups[first] == groups[second]:
            continue
        count = agreeing(points[first], points[second])
        if count >= AGREEING_POINTS:
            yield Pair(first=first, second=second, likeness=Likeness.SAME_SCENE, points=count)


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


def _close(looks: Looks) -> Iterator[tuple[int, int, int]]:
    """Give (first, second, symmetry) of close hashes: the symmetry in which they differ least."""
    count = looks.hashes.shape[1]
    for start in range(0, count, BLOCK):
        rows = looks.hashes[0, start : start + BLOCK, None]
        differing = np.stack(
            [np.bitwise_count(rows ^ looks.hashes[s][None, start:]) for s in range(SYMMETRIES)]
        )
        near = differing.min(0) <= CLOSE_BITS
        near &= ~(looks.flat[start : start + BLOCK, None] | looks.flat[None, start:])
        for i, j in zip(*np.nonzero(np.triu(near, 1)), strict=True):
            yield start + int(i), start + int(j), int(differing[:, i, j].argmin())
