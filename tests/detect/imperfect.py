"""A simulated detector: it misses, blinks, wavers, misnames, and sees what is not there.

Its rates are set by hand, not fitted to a model: about a fifth of all sights are missed or weak,
more of small and half-hidden things, as small models do on real streets.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from detect.box import iou_matrix
from detect.detections import Detections
from tests.detect.patrol import Patrol, Sight
from tests.detect.road import FRAME, detections

LEAST_SCORE: Final = 0.05
SUPPRESSED: Final = 0.6
"""Between the overlap at which our detector suppresses and the 0.7 of ultralytics."""

_CONFUSED: Final = {1: 2, 2: 1}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the detector says of a frame.

    Attributes:
        detections: by descending score.
        truth: for each, the number of the thing it shows; -1 for none.
    """

    detections: Detections
    truth: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class _Row:
    number: int
    label: int
    xyxy: np.ndarray
    score: float


class Imperfect:
    """Looks at one patrol, frame by frame."""

    def __init__(self, patrol: Patrol, *, seed: int) -> None:
        self._rng = np.random.default_rng((seed, 2))
        self._ease = self._rng.normal(0.72, 0.1, len(patrol.things))
        self._blind = np.zeros(len(patrol.things), np.int64)

    def look(self, sights: Sequence[Sight]) -> Shown:
        """Give the detections of the next frame."""
        rows = [row for sight in sights for row in self._of(sight)]
        rows += [self._false_alarm() for _ in range(self._rng.poisson(0.5))]
        rows = _suppressed(sorted(rows, key=lambda row: -row.score))
        seen = detections([r.xyxy for r in rows], [r.score for r in rows], [r.label for r in rows])
        return Shown(detections=seen, truth=tuple(row.number for row in rows))

    def _of(self, sight: Sight) -> list[_Row]:
        """Give the rows of one thing: none if missed, sometimes two."""
        rng, left = self._rng, self._blind[sight.number]
        self._blind[sight.number] = max(left - 1, 0)
        if left:
            return []
        if rng.random() < 0.03:
            self._blind[sight.number] = int(rng.integers(1, 4))
            return []
        box = np.array(sight.xyxy)
        size = np.array([box[2] - box[0], box[3] - box[1]] * 2)
        small = np.clip(1.2 - float(size[0] * size[1]) ** 0.5 / 40, 0.0, 0.7)
        score = self._ease[sight.number] - 0.35 * small - 0.5 * (1 - sight.seen)
        score = float(np.clip(rng.normal(score, 0.12), 0.0, 0.97))
        if score < LEAST_SCORE or rng.random() < 0.12:
            return []
        label = sight.label
        if rng.random() < 0.1:
            label = _CONFUSED.get(label, label)
        waver = 0.035 + 0.06 * (1 - sight.seen)
        rows = [_row(sight.number, label, box + rng.normal(0, waver, 4) * size + _px(rng), score)]
        if rng.random() < 0.02:
            twin = box + rng.normal(0, 0.1, 4) * size
            rows.append(_row(sight.number, label, twin, 0.5 * score))
        return rows

    def _false_alarm(self) -> _Row:
        rng = self._rng
        x, y = rng.uniform(0, FRAME[1] - 90), rng.uniform(0.5 * FRAME[0], FRAME[0] - 50)
        wide = float(np.exp(rng.uniform(np.log(18), np.log(90))))
        box = np.array([x, y, x + wide, y + wide * rng.uniform(0.4, 1.0)])
        return _row(-1, int(rng.integers(0, 3)), box, float(rng.uniform(0.06, 0.55)))


def _suppressed(rows: Sequence[_Row]) -> list[_Row]:
    """Drop what overlaps a stronger box of its class, as every detector does at its end."""
    if not rows:
        return []
    overlap = iou_matrix(*[np.array([row.xyxy for row in rows], np.float32)] * 2)
    kept: list[int] = []
    for i, row in enumerate(rows):
        if all(rows[j].label != row.label or overlap[i, j] < SUPPRESSED for j in kept):
            kept.append(i)
    return [rows[i] for i in kept]


def _px(rng: np.random.Generator) -> np.ndarray:
    return rng.normal(0, 0.8, 4)


def _row(number: int, label: int, xyxy: np.ndarray, score: float) -> _Row:
    left, right = sorted((float(xyxy[0]), float(xyxy[2])))
    top, bottom = sorted((float(xyxy[1]), float(xyxy[3])))
    limit = np.array([left, top, max(right, left + 2), max(bottom, top + 2)])
    size = np.array([FRAME[1], FRAME[0]] * 2)
    return _Row(number=number, label=label, xyxy=np.clip(limit, 0, size), score=score)
