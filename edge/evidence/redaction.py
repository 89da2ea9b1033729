"""Make people and vehicles unrecognisable in memory, before a picture is written or sent.

Faces and plates are found in the very picture that is to be written, and covered wherever they
lie. Until a model's measured misses allow to rely on it, every person, two-wheeler and vehicle box
of the street model is covered whole as well. A mosaic has at most 8 cells along a box's longer
side (4 on a face or plate), each cell at least 8 pixels, and 16 levels a channel: an inter-ocular
distance or a plate character is then below one cell, so no detail is left to restore. The subject
of the finding itself stays visible, except where a face or plate lies on it, or a person or
two-wheeler stands that the model would report.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from detect.detections import Detections
from detect.manifest import Manifest, Precision
from dispatch.wire import ModelRef, Redaction, RegionKind
from edge.evidence.finder import KINDS, Finder, shipped_finder
from edge.shipped import model_ref

PERSON_LABELS: Final = frozenset({"traffic.person", "traffic.two_wheeler"})
PRIVATE_LABELS: Final = PERSON_LABELS | {"traffic.vehicle"}
MIN_SCORE: Final = 0.05
"""Far below any reporting threshold: a false mosaic costs little, a missed one a face."""
INFLATION: Final = 0.1
"""Share of its size by which a box grows on each side: boxes cut off hands, mirrors and wheels."""
LABEL_KINDS: Final[Mapping[str, RegionKind]] = {
    "traffic.person": RegionKind.PERSON,
    "traffic.two_wheeler": RegionKind.TWO_WHEELER,
    "traffic.vehicle": RegionKind.VEHICLE,
}
MOST_MISSED: Final = 0.02
"""Upper bound of a measured share of misses from which on a finder may be relied on alone."""
MAX_CELLS: Final = 8
FEW_CELLS: Final = 4
"""On a face or plate itself, where eight cells would be about one a character."""
MIN_CELL_PX: Final = 8
LEVEL_BITS: Final = 4

Image = NDArray[np.uint8]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateBox:
    """A box to make unrecognisable; `firm` ones are covered even where the subject lies."""

    xyxy: Box
    firm: bool
    kind: RegionKind = RegionKind.PERSON

    @property
    def cells(self) -> int:
        """The most mosaic cells along its longer side."""
        return FEW_CELLS if self.kind in KINDS.values() else MAX_CELLS

    def scaled(self, scale: float) -> Self:
        """Give the box in a picture of another scale."""
        left, top, right, bottom = self.xyxy
        return replace(self, xyxy=(left * scale, top * scale, right * scale, bottom * scale))


@dataclass(frozen=True, slots=True, kw_only=True)
class Redactor:
    """Redacts with the boxes that one model finds, and what a finder sees in the picture.

    Attributes:
        by: names, versions and hashes of the models whose boxes are used, for the record.
        models: the same, one by one.
        finder: finds faces and plates; without one whole boxes are all there is.
        whole_boxes: whether people and vehicles are covered whole.
    """

    by: str
    thresholds: tuple[tuple[str, float], ...]
    models: tuple[ModelRef, ...] = ()
    finder: Finder | None = None
    whole_boxes: bool = True

    def private_boxes(self, detections: Detections) -> tuple[PrivateBox, ...]:
        """Give the boxes of a frame that must not be recognisable."""
        thresholds = dict(self.thresholds)
        boxes = []
        for i in range(len(detections) if self.whole_boxes else 0):
            name, score = detections.name_of(i), float(detections.score[i])
            if name in PRIVATE_LABELS and score >= MIN_SCORE:
                left, top, right, bottom = (float(v) for v in detections.xyxy[i])
                firm = name in PERSON_LABELS and score >= thresholds[name]
                box = PrivateBox(xyxy=(left, top, right, bottom), firm=firm, kind=LABEL_KINDS[name])
                boxes.append(box)
        return tuple(boxes)

    def redact(
        self, image: Image, boxes: Sequence[PrivateBox], *, subject: Box | None
    ) -> tuple[Image, Redaction]:
        """Give a redacted copy of a picture, and the record of what was done to it.

        Args:
            image: (H, W, 3) uint8, at the size at which it will be written.
            boxes: in pixels of `image`.
            subject: the box whose own pixels stay visible.

        Raises:
            DetectError: the finder cannot look at it; it must then not be written.
        """
        # Found before it is copied: a look takes more memory than anything else on a device.
        every = [*boxes, *self._found(image)]
        out = image.copy()
        covered = _cover(out, every)
        if subject is not None:
            rows, columns = _pixels(subject, image.shape, inflation=0.0)
            out[rows, columns] = image[rows, columns]
            _cover(out, [box for box in every if box.firm])
        record = Redaction(
            method="pixelate",
            by=self.by,
            regions=covered.total(),
            kinds=dict(sorted(covered.items())),
            models=self.models,
        )
        return out, record

    def _found(self, image: Image) -> list[PrivateBox]:
        regions = () if self.finder is None else self.finder.find(image)
        return [PrivateBox(xyxy=each.xyxy, firm=each.sure, kind=each.kind) for each in regions]


def redactor_for(
    manifest: Manifest, finder: Finder | None = None, *, ran: Precision = Precision.FP32
) -> Redactor | None:
    """Give a redactor that trusts a model's boxes, or None if it does not know all that it must.

    Without one no picture may leave memory: findings then travel without evidence.

    Args:
        manifest: the street model's.
        finder: finds faces and plates; the installed one, if there is one, if not given.
        ran: what the street model computes in, so that the record names the file that ran.

    Raises:
        UnusableModel: the installed finder is damaged.
    """
    finder = finder or shipped_finder()
    entries = [manifest.entry(label) for label in sorted(PRIVATE_LABELS)]
    known = [entry for entry in entries if entry is not None]
    if len(known) < len(PRIVATE_LABELS):
        return None
    finders = () if finder is None else (model_ref(finder.manifest),)
    models = (model_ref(manifest, ran), *finders)
    return Redactor(
        by=" + ".join(f"{each.name} {each.version} {each.sha256[:12]}" for each in models),
        thresholds=tuple((entry.label, entry.threshold) for entry in known),
        models=models,
        finder=finder,
        whole_boxes=finder is None or not may_stand_alone(finder.manifest),
    )


def may_stand_alone(manifest: Manifest) -> bool:
    """Say whether a finder misses so few faces and plates that whole boxes need no covering.

    It must have been measured on marks, and the upper bound of its misses must be low enough.
    """
    entries = [manifest.entry(label) for label in KINDS]
    return all(
        entry is not None and entry.missed is not None and entry.missed.upper <= MOST_MISSED
        for entry in entries
    )


def _cover(image: Image, boxes: Sequence[PrivateBox]) -> Counter[RegionKind]:
    covered: Counter[RegionKind] = Counter()
    for box in boxes:
        rows, columns = _pixels(box.xyxy, image.shape, inflation=INFLATION)
        region = image[rows, columns]
        if region.size:
            left, top, right, bottom = box.xyxy
            cell = max(MIN_CELL_PX, math.ceil(max(right - left, bottom - top) / box.cells))
            region[:] = _mosaic(region, cell)
            covered[box.kind] += 1
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
