"""Average precision, precision and recall of detections against labelled boxes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

MATCH_IOU: Final = 0.5
RECALL_POINTS: Final = 101

Boxes = NDArray[np.float32]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureMatch:
    """One class in one picture: each detection's score and whether it is true, each object's fate.

    `found_at` is the score of the detection that took the object, or -1; `size_px` is the square
    root of the object's area in pixels of the model's input.
    """

    score: Floats
    true: NDArray[np.bool_]
    found_at: Floats
    size_px: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Precision and recall of one class over all scores, best score first."""

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

    def at(self, threshold: float) -> tuple[float, float]:
        """Return precision and recall of the detections that reach a threshold; 0 for none."""
        taken = int((self.score >= threshold).sum())
        if taken == 0:
            return 0.0, 0.0
        return float(self.precision[taken - 1]), float(self.recall[taken - 1])


def match(
    found: Boxes, score: Floats, truth: Boxes, *, input_scale: float, unsure: Boxes
) -> PictureMatch:
    """Give each detection, best first, the free object it overlaps most.

    Args:
        found: (n, 4) pixels; `score` is (n,).
        truth: (m, 4) pixels of the same picture.
        input_scale: model-input pixels per picture pixel.
        unsure: (k, 4) boxes that may be objects: a detection on one of them counts as neither.
    """
    order = np.argsort(-score, kind="stable")
    overlap = overlaps(found[order], truth)
    true = np.zeros(len(order), bool)
    found_at = np.full(len(truth), -1.0)
    for i in range(len(order)):
        free = np.where(found_at < 0, overlap[i], -1.0)
        best = int(np.argmax(free)) if len(truth) else -1
        if best >= 0 and free[best] >= MATCH_IOU:
            true[i] = True
            found_at[best] = score[order[i]]
    doubtful = ~true & (overlaps(found[order], unsure) >= MATCH_IOU).any(1)
    side = np.maximum(truth[:, 2:] - truth[:, :2], 0)
    return PictureMatch(
        score=score[order][~doubtful],
        true=true[~doubtful],
        found_at=found_at,
        size_px=np.sqrt(side.prod(1)) * input_scale,
    )


def curve(matches: Sequence[PictureMatch]) -> Curve:
    """Join the matches of many pictures into one curve."""
    score = np.concatenate([m.score for m in matches]) if matches else np.zeros(0)
    true = np.concatenate([m.true for m in matches]) if matches else np.zeros(0, bool)
    objects = sum(len(m.found_at) for m in matches)
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(true[order])
    return Curve(
        score=score[order],
        precision=hits / np.arange(1, len(order) + 1),
        recall=hits / max(objects, 1),
        objects=objects,
    )


def bootstrap_interval(
    matches: Sequence[PictureMatch], *, rounds: int, seed: int
) -> tuple[float, float]:
    """Return the central 95 % of AP50 when pictures are drawn again with replacement.

    Efron, B. (1979). Bootstrap methods: another look at the jackknife. Ann. Statist. 7(1).
    """
    rng = np.random.default_rng(seed)
    count = len(matches)
    values = []
    for _ in range(rounds):
        drawn = [matches[i] for i in rng.integers(count, size=count)]
        values.append(curve(drawn).average_precision())
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)


def overlaps(a: Boxes, b: Boxes) -> Floats:
    """Return (n, m) intersection over union of boxes x1 y1 x2 y2."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(2)
    area_a, area_b = (a[:, 2:] - a[:, :2]).prod(1), (b[:, 2:] - b[:, :2]).prod(1)
    joint = area_a[:, None] + area_b[None] - shared
    return np.asarray(shared / np.maximum(joint, 1e-9), np.float64)
