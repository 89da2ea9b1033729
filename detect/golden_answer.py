"""What a model answered to the golden picture where it was signed, and whether it does so here.

Processors differ in the last digits, and in 8 bits by more: the tolerances are those of decision
0018. A model that answers otherwise is another model, or runs on what computes wrongly.
"""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from detect.box import iou_matrix
from detect.detections import Detections
from detect.manifest import Precision, Share

GOLDEN_FILE: Final = "golden.json"
MOST_ROWS: Final = 50
CLEAR_SCORE: Final = 0.25
"""Weaker answers may come or go with the last digits."""
TOLERANCE: Final = {Precision.FP32: 0.03, Precision.INT8: 0.15}
LEAST_OVERLAP: Final = 0.5


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Coordinate = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]


class GoldenBox(_Part):
    """One thing that was named: its box in pixels of the picture, its label, its raw score."""

    xyxy: tuple[Coordinate, Coordinate, Coordinate, Coordinate]
    label: str
    score: Share


class GoldenAnswer(_Part):
    """The answer in one way of running, best first."""

    height: Annotated[int, Field(ge=32, le=4096)]
    width: Annotated[int, Field(ge=32, le=4096)]
    precision: Precision
    boxes: Annotated[tuple[GoldenBox, ...], Field(max_length=MOST_ROWS)]


class GoldenAnswers(_Part):
    """The answers in every way that a manifest offers."""

    format: Literal[1] = 1
    answers: Annotated[tuple[GoldenAnswer, ...], Field(min_length=1, max_length=64)]

    def of(self, shape: tuple[int, int], precision: Precision) -> GoldenAnswer | None:
        """Give the answer at an input of (height, width), or None if it was not taken."""
        return next(
            (
                each
                for each in self.answers
                if (each.height, each.width) == shape and each.precision is precision
            ),
            None,
        )


def answer_of(found: Detections, *, shape: tuple[int, int], precision: Precision) -> GoldenAnswer:
    """Write down what a model answered to the golden picture of (height, width)."""
    rows = range(min(len(found), MOST_ROWS))
    return GoldenAnswer(
        height=shape[0],
        width=shape[1],
        precision=precision,
        boxes=tuple(
            GoldenBox(
                xyxy=_corners(found, row),
                label=found.name_of(row),
                score=round(float(found.score[row]), 4),
            )
            for row in rows
        ),
    )


def difference(expected: GoldenAnswer, found: GoldenAnswer) -> str | None:
    """Say where two answers differ by more than their precision explains; None if nowhere."""
    tolerance = TOLERANCE[expected.precision]
    lost = next(_unmatched(expected, found, tolerance), None)
    if lost is not None:
        return f"{lost.label} {lost.score:.2f} is not answered here"
    new = next(_unmatched(found, expected, tolerance), None)
    if new is not None:
        return f"{new.label} {new.score:.2f} is answered only here"
    return None


def _unmatched(one: GoldenAnswer, other: GoldenAnswer, tolerance: float) -> Iterator[GoldenBox]:
    """Give clear boxes of one answer that the other does not have with about the same score."""
    for box in one.boxes:
        if box.score < CLEAR_SCORE + tolerance:
            continue
        if not any(_agree(box, each, tolerance) for each in other.boxes):
            yield box


def _agree(one: GoldenBox, other: GoldenBox, tolerance: float) -> bool:
    if one.label != other.label or abs(one.score - other.score) > tolerance:
        return False
    boxes = (np.array([box.xyxy], np.float32) for box in (one, other))
    overlap = iou_matrix(*boxes)
    return float(overlap[0, 0]) >= LEAST_OVERLAP


def _corners(found: Detections, row: int) -> tuple[float, float, float, float]:
    left, top, right, bottom = (round(float(value), 2) for value in found.xyxy[row])
    return left, top, right, bottom
