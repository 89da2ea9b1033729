"""Average precision, precision and recall of detections against labelled boxes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

OVERLAPS: Final = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))
"""Intersection over union from which a box counts: 0.5, 0.55, … 0.95 (COCO)."""
RECALL_POINTS: Final = 101

Boxes = NDArray[np.float32]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureMatch:
    """One class in one picture: each detection's worth, and each object's fate.

    Attributes:
        score: (n,) raw scores, best first.
        chance: (n,) calibrated chance of being true.
        true_at: (10, n) whether the detection takes an object at each of `OVERLAPS`.
        took: (n,) the object that the detection takes at 0.5, or -1.
        found_px: (n,) square root of the detection's area in pixels of the model's input.
        found_at: (m,) score of the detection that took the object at 0.5, or -1.
        size_px: (m,) square root of the object's area in pixels of the model's input.
    """

    score: Floats
    chance: Floats
    true_at: Bools
    took: Ints
    found_px: Floats
    found_at: Floats
    size_px: Floats

    @property
    def true(self) -> Bools:
        """Whether each detection takes an object at an overlap of 0.5, (n,)."""
        return np.asarray(self.true_at[0], np.bool_)

    def of_size(self, low_px: float, high_px: float) -> "PictureMatch":
        """Give the objects of a size, and the detections that took one or are of it themselves.

        A detection that took an object of another size is neither right nor wrong here (COCO's
        rule for its areas).
        """
        inside = (self.size_px >= low_px) & (self.size_px < high_px)
        own = (self.found_px >= low_px) & (self.found_px < high_px)
        kept = np.where(self.took >= 0, np.append(inside, False)[self.took], own)
        place = np.append(np.cumsum(inside) - 1, -1)
        return PictureMatch(
            score=self.score[kept],
            chance=self.chance[kept],
            true_at=self.true_at[:, kept],
            took=place[self.took[kept]],
            found_px=self.found_px[kept],
            found_at=self.found_at[inside],
            size_px=self.size_px[inside],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Precision and recall of one class over all scores, best score first, at one overlap."""

    score: Floats
    precision: Floats
    recall: Floats
    objects: int

    def average_precision(self) -> float:
        """Return the mean of interpolated precision at 101 recalls (COCO); 0 without objects."""
        if self.objects == 0 or len(self.score) == 0:
            return 0.0
        best = np.maximum.accumulate(self.precision[::-1])[::-1]
        wanted = np.linspace(0, 1, RECALL_POINTS)
        place = np.searchsorted(self.recall, wanted - 1e-9)
        return float(np.where(place < len(best), best[np.minimum(place, len(best) - 1)], 0).mean())

    def taken(self, threshold: float) -> int:
        """Return how many detections reach a threshold."""
        return int((self.score >= threshold).sum())

    def at(self, threshold: float) -> tuple[float, float]:
        """Return precision and recall of the detections that reach a threshold; 0 for none."""
        taken = self.taken(threshold)
        if taken == 0:
            return 0.0, 0.0
        return float(self.precision[taken - 1]), float(self.recall[taken - 1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """One class over a set: detections best first, each with its picture.

    Attributes:
        score: (n,); `true_at` is (10, n), `picture` (n,) indices below p.
        objects: (p,) objects of each picture.
    """

    score: Floats
    true_at: Bools
    picture: Ints
    objects: Ints

    def curve(self, *, overlap: int = 0, drawn: Ints | None = None) -> Curve:
        """Return precision and recall.

        Args:
            overlap: index into `OVERLAPS`.
            drawn: (p,) how often each picture counts; once each if not given.
        """
        times = np.ones(len(self.objects), np.int64) if drawn is None else drawn
        weight = times[self.picture]
        counted = weight > 0
        hits = np.cumsum(weight * self.true_at[overlap])[counted]
        objects = int(times @ self.objects)
        return Curve(
            score=self.score[counted],
            precision=hits / np.cumsum(weight)[counted],
            recall=hits / max(objects, 1),
            objects=objects,
        )

    def average_precisions(self) -> Floats:
        """Return the average precision at each of `OVERLAPS`, (10,)."""
        return np.array([self.curve(overlap=i).average_precision() for i in range(len(OVERLAPS))])


def match(
    found: Boxes,
    score: Floats,
    truth: Boxes,
    *,
    input_scale: float,
    unsure: Boxes,
    chance: Floats | None = None,
) -> PictureMatch:
    """Give each detection, best first, the free object it overlaps most, at each overlap.

    Args:
        found: (n, 4) pixels; `score` is (n,).
        truth: (m, 4) pixels of the same picture.
        input_scale: model-input pixels per picture pixel.
        unsure: (k, 4) boxes that may be objects: a detection on one of them counts as neither.
        chance: (n,) calibrated chances; the scores if not given.
    """
    order = np.argsort(-score, kind="stable")
    boxes, ranked = found[order], score[order]
    took = _assign(overlaps(boxes, truth))
    found_at = np.full(len(truth), -1.0)
    right = took[0] >= 0
    found_at[took[0][right]] = ranked[right]
    kept = right | ~(overlaps(boxes, unsure) >= OVERLAPS[0]).any(1)
    return PictureMatch(
        score=ranked[kept],
        chance=ranked[kept] if chance is None else chance[order][kept],
        true_at=took[:, kept] >= 0,
        took=took[0][kept],
        found_px=_side(boxes[kept]) * input_scale,
        found_at=found_at,
        size_px=_side(truth) * input_scale,
    )


def _assign(overlap: Floats) -> Ints:
    """Return (10, n) the object that each detection takes at each of `OVERLAPS`, or -1."""
    limits = np.array(OVERLAPS)
    took = np.full((len(limits), len(overlap)), -1)
    free = np.ones((len(limits), overlap.shape[1]), bool)
    rows = np.arange(len(limits))
    near = overlap.max(1, initial=0.0) >= limits[0]
    for i in np.flatnonzero(near):
        open_to_it = np.where(free, overlap[i], -1.0)
        best = open_to_it.argmax(1)
        takes = open_to_it[rows, best] >= limits
        took[takes, i] = best[takes]
        free[rows[takes], best[takes]] = False
    return took


def _side(boxes: Boxes) -> Floats:
    sides = np.maximum(boxes[:, 2:] - boxes[:, :2], 0).astype(np.float64)
    return np.asarray(np.sqrt(sides.prod(1)), np.float64)


def rank(matches: Sequence[PictureMatch]) -> Ranking:
    """Join the matches of many pictures."""
    if not matches:
        nothing = np.zeros(0)
        none = np.zeros((len(OVERLAPS), 0), bool)
        empty = np.zeros(0, np.int64)
        return Ranking(score=nothing, true_at=none, picture=empty, objects=empty)
    score = np.concatenate([m.score for m in matches])
    order = np.argsort(-score, kind="stable")
    return Ranking(
        score=score[order],
        true_at=np.hstack([m.true_at for m in matches])[:, order],
        picture=np.repeat(np.arange(len(matches)), [len(m.score) for m in matches])[order],
        objects=np.array([len(m.found_at) for m in matches]),
    )


def curve(matches: Sequence[PictureMatch]) -> Curve:
    """Join the matches of many pictures into one curve at an overlap of 0.5."""
    return rank(matches).curve()


def overlaps(a: Boxes, b: Boxes) -> Floats:
    """Return (n, m) intersection over union of boxes x1 y1 x2 y2."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(2)
    area_a, area_b = (a[:, 2:] - a[:, :2]).prod(1), (b[:, 2:] - b[:, :2]).prod(1)
    joint = area_a[:, None] + area_b[None] - shared
    return np.asarray(shared / np.maximum(joint, 1e-9), np.float64)
