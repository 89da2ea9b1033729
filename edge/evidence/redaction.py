"""Make people and vehicles unrecognisable in memory, before a picture is written or sent.

Until faces and plates are found with a measured miss rate, every person, two-wheeler and vehicle
box is pixelated whole. The mosaic has at most 8 cells along a box's longer side, each cell at
least 8 pixels, and 16 levels a channel: an inter-ocular distance or a plate character is then
below one cell, so no detail is left to restore. The subject of the finding itself stays visible,
except where a person or two-wheeler stands that the model would report.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detect.detections import Detections
from detect.manifest import Manifest
from dispatch.wire import Redaction

PERSON_LABELS: Final = frozenset({"traffic.person", "traffic.two_wheeler"})
PRIVATE_LABELS: Final = PERSON_LABELS | {"traffic.vehicle"}
MIN_SCORE: Final = 0.1
"""Far below any reporting threshold: a false mosaic costs little, a missed one a face."""
INFLATION: Final = 0.1
"""Share of its size by which a box grows on each side: boxes cut off hands, mirrors and wheels."""
MAX_CELLS: Final = 8
MIN_CELL_PX: Final = 8
LEVEL_BITS: Final = 4

Image = NDArray[np.uint8]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateBox:
    """A box to make unrecognisable; `firm` ones are covered even where the subject lies."""

    xyxy: Box
    firm: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Redactor:
    """Redacts with the boxes that one model finds.

    Attributes:
        by: name, version and hash of the model whose boxes are used, for the record.
    """

    by: str
    thresholds: tuple[tuple[str, float], ...]

    def private_boxes(self, detections: Detections) -> tuple[PrivateBox, ...]:
        """Give the boxes of a frame that must not be recognisable."""
        thresholds = dict(self.thresholds)
        boxes = []
        for i in range(len(detections)):
            name, score = detections.name_of(i), float(detections.score[i])
            if name in PRIVATE_LABELS and score >= MIN_SCORE:
                left, top, right, bottom = (float(v) for v in detections.xyxy[i])
                firm = name in PERSON_LABELS and score >= thresholds[name]
                boxes.append(PrivateBox(xyxy=(left, top, right, bottom), firm=firm))
        return tuple(boxes)

    def redact(
        self, image: Image, boxes: Sequence[PrivateBox], *, subject: Box | None
    ) -> tuple[Image, Redaction]:
        """Give a redacted copy of a picture, and the record of what was done to it.

        Args:
            image: (H, W, 3) uint8.
            boxes: in pixels of `image`.
            subject: the box whose own pixels stay visible.
        """
        out = image.copy()
        covered = _cover(out, boxes)
        if subject is not None:
            rows, columns = _pixels(subject, image.shape, inflation=0.0)
            out[rows, columns] = image[rows, columns]
            _cover(out, [box for box in boxes if box.firm])
        return out, Redaction(method="pixelate", by=self.by, regions=covered)


def redactor_for(manifest: Manifest) -> Redactor | None:
    """Give a redactor that trusts a model's boxes, or None if it does not know all that it must.

    Without one no picture may leave memory: findings then travel without evidence.
    """
    entries = [manifest.entry(label) for label in sorted(PRIVATE_LABELS)]
    known = [entry for entry in entries if entry is not None]
    if len(known) < len(PRIVATE_LABELS):
        return None
    return Redactor(
        by=f"{manifest.name} {manifest.version} {manifest.sha256[:12]} boxes",
        thresholds=tuple((entry.label, entry.threshold) for entry in known),
    )


def _cover(image: Image, boxes: Sequence[PrivateBox]) -> int:
    covered = 0
    for box in boxes:
        rows, columns = _pixels(box.xyxy, image.shape, inflation=INFLATION)
        region = image[rows, columns]
        if region.size:
            left, top, right, bottom = box.xyxy
            cell = max(MIN_CELL_PX, math.ceil(max(right - left, bottom - top) / MAX_CELLS))
            region[:] = _mosaic(region, cell)
            covered += 1
    return covered


def _mosaic(region: Image, cell: int) -> Image:
    height, width = region.shape[:2]
    size = (max(1, width // cell), max(1, height // cell))
    small = np.asarray(cv2.resize(region, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    shift = 8 - LEVEL_BITS
    coarse = (small >> shift << shift) + (1 << (shift - 1))
    large = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(large, dtype=np.uint8)


def _pixels(box: Box, shape: tuple[int, ...], *, inflation: float) -> tuple[slice, slice]:
    left, top, right, bottom = box
    grow_x, grow_y = (right - left) * inflation, (bottom - top) * inflation
    rows = slice(
        max(0, math.floor(top - grow_y)), max(0, min(shape[0], math.ceil(bottom + grow_y)))
    )
    columns = slice(
        max(0, math.floor(left - grow_x)), max(0, min(shape[1], math.ceil(right + grow_x)))
    )
    return rows, columns
