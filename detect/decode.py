"""A model's output as boxes in the input, with scores and classes."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detect.box import Boxes
from detect.errors import DetectError
from detect.manifest import OutputLayout

MOST_CANDIDATES: Final = 1000
"""Boxes that suppression looks at, best first; more would cost time without bound."""

NEAR_INPUT: Final = 16384.0
"""Corners farther out than this are a broken model's; suppression needs sane numbers."""


class UnusableOutput(DetectError):
    """What a model answered cannot be read."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(
            f"模型输出不能用：{zh}；请核对清单与权重",
            f"unusable model output: {en}; check its manifest",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Boxes of one frame in input pixels, by descending score.

    Attributes:
        xyxy: (n, 4) float32 input pixels.
        score: (n,) float32.
        label: (n,) int64.
    """

    xyxy: Boxes
    score: NDArray[np.float32]
    label: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a model's output is to be read.

    Attributes:
        layout: how the output is laid out.
        classes: number of classes.
        floor: lowest score that is kept.
        iou: overlap from which two boxes of a class are one.
        most: boxes kept of one frame.
    """

    layout: OutputLayout
    classes: int
    floor: float
    iou: float
    most: int


def decode(output: NDArray[np.float32], reading: Reading) -> Candidates:
    """Read the output of one frame.

    Args:
        output: (4 + classes, anchors) or (k, 6), as the layout says.

    Raises:
        UnusableOutput: another shape, NaN or infinite values, or a class that does not exist.
    """
    if output.ndim != 2 or not np.isfinite(output.sum()):
        raise UnusableOutput("含有 NaN、无穷大或维数不对", "NaN, infinity or another rank")
    if reading.layout is OutputLayout.YOLO:
        return _suppress(_anchors(output, reading), reading)
    return _end_to_end(output, reading)


def _anchors(output: NDArray[np.float32], reading: Reading) -> Candidates:
    """Gather every class of every anchor that reaches the floor, best first.

    An anchor may be a bin and an overflowing bin at once: taking only its best class costs 1.2
    points of mean AP50 on `detection/val`, 3.8 of bins.
    """
    if output.shape[0] != 4 + reading.classes:
        raise _wrong_classes(f"{output.shape[0] - 4}", reading)
    scores = output[4:].ravel()
    kept = _best(scores, floor=reading.floor, most=MOST_CANDIDATES)
    label, anchor = np.divmod(kept, output.shape[1])
    boxes = output[:4, anchor]
    half = boxes[2:] * np.float32(0.5)
    corners = np.concatenate((boxes[:2] - half, boxes[:2] + half)).T
    return Candidates(xyxy=_sane(corners), score=scores[kept], label=label.astype(np.int64))


def _best(scores: NDArray[np.float32], *, floor: float, most: int) -> NDArray[np.intp]:
    """Give where the best scores from the floor up lie, best first, the first of equal ones first.

    Only what may be among the best is sorted: a broken model calls every anchor an object.
    """
    kept = np.flatnonzero(scores >= np.float32(floor))
    if len(kept) > most:
        found = scores[kept]
        kept = kept[found >= np.partition(found, -most)[-most]]
    return kept[np.argsort(-scores[kept], kind="stable")[:most]]


def _suppress(found: Candidates, reading: Reading) -> Candidates:
    """Keep the best of boxes of one class that overlap.

    A box inside a larger one of its class is kept: dropping such boxes costs 3.7 points of mean
    AP50 on held-out training pictures, for potholes and piles do lie inside one another's boxes.
    """
    if len(found.score) == 0:
        return found
    xywh = found.xyxy.copy()
    xywh[:, 2:] -= xywh[:, :2]
    # Lists, not arrays: OpenCV would take those apart number by number, at twice the time.
    kept = cv2.dnn.NMSBoxesBatched(
        xywh.tolist(), found.score.tolist(), found.label.tolist(), 0.0, reading.iou
    )
    # In ascending order the kept stay sorted by score, ties in order of anchors.
    order = np.sort(np.asarray(kept, np.int64).ravel())[: reading.most]
    return Candidates(xyxy=found.xyxy[order], score=found.score[order], label=found.label[order])


def _end_to_end(output: NDArray[np.float32], reading: Reading) -> Candidates:
    if output.shape[1] != 6:
        raise UnusableOutput(
            f"每行 {output.shape[1]} 列，应为 6", f"rows of {output.shape[1]} values, expected 6"
        )
    rows = output[_best(output[:, 4], floor=reading.floor, most=reading.most)]
    label = rows[:, 5].astype(np.int64)
    if len(label) and not 0 <= label.min() <= label.max() < reading.classes:
        raise _wrong_classes(f"{label.max() + 1}", reading)
    return Candidates(xyxy=_sane(rows[:, :4]), score=rows[:, 4], label=label)


def _sane(corners: NDArray[np.float32]) -> Boxes:
    return np.ascontiguousarray(np.clip(corners, -NEAR_INPUT, NEAR_INPUT), np.float32)


def _wrong_classes(found: str, reading: Reading) -> UnusableOutput:
    return UnusableOutput(
        f"有 {found} 个类别，清单写了 {reading.classes} 个",
        f"{found} classes, its manifest names {reading.classes}",
    )
