"""How surely a copy of a photo is known for one, and how often two photos are taken for copies.

The photos are those of the detection set in the sample folder. Two photos of one group are of one
stretch of road or one camera; only pairs of different groups are surely no copies of each other.
"""

import csv
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.benchmarks.figure import CannotRun, Measured, benchmark

if TYPE_CHECKING:
    import numpy as np

    Image = np.ndarray
    Change = Callable[[Image], Image]

EVERY: Final = 2
"""Every so many photos are compared with each other; each sixth of them is copied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A photo, the run of the camera that it is of, and its imprint."""

    path: Path
    group: str
    imprint: str


@benchmark(name="photo.copies_found", unit="share", goal=">= 0.95")
def copies_found() -> Measured:
    """Handle photos in eleven ways and look for their originals as the centre does."""
    import cv2

    from dispatch.case.imprint import COPY_BITS, bits_apart, keys_of, keys_to_ask
    from edge.evidence.imprint import imprint_of

    found = dict.fromkeys(_changes(), 0)
    chosen = _taken()[::6]
    for each in chosen:
        image = cv2.imread(str(each.path))
        for name, change in _changes().items():
            copy = imprint_of(change(image))
            close = copy is not None and bits_apart(copy, each.imprint) <= COPY_BITS
            found[name] += close and not keys_to_ask(copy or "").isdisjoint(keys_of(each.imprint))
    shares = {name: count / len(chosen) for name, count in found.items()}
    told = ", ".join(f"{name} {share:.3f}" for name, share in shares.items())
    return Measured(
        value=sum(shares.values()) / len(shares),
        how=f"mean over {len(shares)} ways of handling {len(chosen)} photos each: {told}",
    )


@benchmark(name="photo.false_copies_per_million", unit="pairs", goal="<= 20")
def false_copies() -> Measured:
    """Compare photos of different places with each other."""
    from dispatch.case.imprint import COPY_BITS, bits_apart, keys_of, keys_to_ask

    taken = _taken()
    keys = [(keys_of(each.imprint), keys_to_ask(each.imprint)) for each in taken]
    pairs, alike, mates, alike_mates = 0, 0, 0, 0
    for (one, (_, asked)), (other, (theirs, _)) in combinations(zip(taken, keys, strict=True), 2):
        close = not asked.isdisjoint(theirs)
        close = close and bits_apart(one.imprint, other.imprint) <= COPY_BITS
        if one.group == other.group:
            mates, alike_mates = mates + 1, alike_mates + close
        else:
            pairs, alike = pairs + 1, alike + close
    return Measured(
        value=1e6 * alike / pairs,
        how=f"{alike} of {pairs} pairs of photos of different places, up to {COPY_BITS} of 143 "
        f"bits apart, mirrored or not; of {mates} pairs of one camera on one road {alike_mates}",
    )


@cache
def _taken() -> Sequence[Taken]:
    samples = os.environ.get("XUNHUAN_SAMPLES")
    if not samples:
        raise CannotRun("XUNHUAN_SAMPLES names no folder of samples")
    import cv2

    from edge.evidence.imprint import imprint_of

    folder = Path(samples) / "detection"
    with (folder / "sources.csv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["image"])[::EVERY]
    taken = []
    for row in rows:
        path = folder / row["split"] / "images" / row["image"]
        image = cv2.imread(str(path))
        imprint = None if image is None else imprint_of(image)
        if imprint is not None:
            group = f"{row['source_set']}/{row['group']}"
            taken.append(Taken(path=path, group=group, imprint=imprint))
    return taken


def _changes() -> "dict[str, Change]":
    import cv2
    import numpy as np

    draw = np.random.default_rng(7)

    def coded(image: "Image", quality: int = 80) -> "Image":
        return cv2.imdecode(cv2.imencode(".jpg", image, [1, quality])[1], 1)

    def halved(image: "Image") -> "Image":
        return cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)

    def less(image: "Image", *shares: float) -> "Image":
        height, width = image.shape[:2]
        left, top, right, bottom = shares
        rows = slice(round(top * height), height - round(bottom * height))
        return image[rows, round(left * width) : width - round(right * width)]

    return {
        "JPEG at 40": lambda image: coded(image, 40),
        "half the size": lambda image: coded(halved(image)),
        "brighter": lambda image: coded(cv2.convertScaleAbs(image, alpha=1.15, beta=10)),
        "less 3 % all round": lambda image: coded(less(image, 0.03, 0.03, 0.03, 0.03)),
        "less 5 % all round": lambda image: coded(less(image, 0.05, 0.05, 0.05, 0.05)),
        "less 3 % at the left": lambda image: coded(less(image, 0.03, 0.0, 0.0, 0.0)),
        "less 5 % at the left": lambda image: coded(less(image, 0.05, 0.0, 0.0, 0.0)),
        "less 5 % below": lambda image: coded(less(image, 0.0, 0.0, 0.0, 0.05)),
        "less up to 4 % at each side": lambda image: coded(less(image, *draw.uniform(0, 0.04, 4))),
        "mirrored": lambda image: coded(image[:, ::-1]),
        "mirrored, less up to 3 % at each side": lambda image: coded(
            less(image[:, ::-1], *draw.uniform(0, 0.03, 4))
        ),
    }
