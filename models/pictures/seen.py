"""The pictures of a set as they were seen: decoded once, and compared with each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np

from models.pictures.duplicates import Pair, copies, digest, same_bytes, same_scenes
from models.pictures.perceptual_hash import SIDE, Thumbnails, looks_of, thumbnail
from models.pictures.picture_file import Header, decode_grey
from models.pictures.shared_points import Points, find_points


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One readable picture: where it lies, what it belongs to and how it looks.

    `digest` is the SHA-256 of its bytes; `thumbnail` is as `perceptual_hash` makes it.
    """

    path: Path
    split: str
    source: str
    group: str
    header: Header
    digest: str
    thumbnail: Thumbnails
    points: Points


def see(path: Path, *, split: str, source: str, group: str) -> Seen:
    """Decode one picture.

    Raises:
        UnreadablePicture: it is no picture, not whole, or too large.
    """
    header, grey = decode_grey(path)
    return Seen(
        path=path,
        split=split,
        source=source,
        group=group,
        header=header,
        digest=digest(path),
        thumbnail=thumbnail(grey),
        points=find_points(grey),
    )


def pairs_of(seen: Sequence[Seen]) -> Iterator[Pair]:
    """Give the pairs of pictures that show the same; each pair once, by its strongest likeness."""
    if not seen:
        return
    thumbnails = np.stack([each.thumbnail for each in seen]).reshape(-1, SIDE, SIDE)
    groups = [f"{each.split}/{each.source}/{each.group}" for each in seen]
    known: set[tuple[int, int]] = set()
    for pair in chain(
        same_bytes([each.digest for each in seen]),
        copies(looks_of(thumbnails)),
        same_scenes([each.points for each in seen], groups),
    ):
        if (pair.first, pair.second) not in known:
            known.add((pair.first, pair.second))
            yield pair
