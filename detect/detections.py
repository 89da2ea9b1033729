"""Detections of one frame as parallel arrays, checked once when made."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detect.errors import DetectError

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


class MalformedDetections(DetectError):
    """The parallel arrays of a frame's detections do not fit together."""

    def __init__(self, fault: str) -> None:
        super().__init__(f"检测结果不合规：{fault}", f"malformed detections: {fault}")
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Detections:
    """What a model saw in one frame, by descending score.

    Attributes:
        xyxy: (n, 4) float32 left, top, right, bottom in pixels of the frame; (0, 0) is the outer
            corner of the top-left pixel.
        score: (n,) float32 raw model scores, 0 to 1.
        probability: (n,) float32 calibrated chance that the detection is true.
        label: (n,) int64 index into `labels`.
        labels: catalogue names of the model's classes.
    """

    xyxy: Floats
    score: Floats
    probability: Floats
    label: Ints
    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        n = len(self.score)
        if self.xyxy.shape != (n, 4) or self.label.shape != (n,) or self.probability.shape != (n,):
            raise MalformedDetections(f"xyxy {self.xyxy.shape}, label {self.label.shape}, n {n}")
        if n and not (np.isfinite(self.xyxy).all() and np.isfinite(self.score).all()):
            raise MalformedDetections("NaN or infinite values")
        if n and (self.label.min() < 0 or self.label.max() >= len(self.labels)):
            raise MalformedDetections("a class index outside the labels")

    def __len__(self) -> int:
        return len(self.score)

    def name_of(self, index: int) -> str:
        """Give the catalogue name of one detection."""
        return self.labels[int(self.label[index])]

    def only(self, labels: Sequence[str]) -> "Detections":
        """Give the detections of some classes."""
        wanted = [i for i, name in enumerate(self.labels) if name in labels]
        return self.take(np.isin(self.label, wanted))

    def take(self, which: NDArray[np.bool_] | Ints) -> "Detections":
        """Give the detections a mask or index array names."""
        return Detections(
            xyxy=self.xyxy[which],
            score=self.score[which],
            probability=self.probability[which],
            label=self.label[which],
            labels=self.labels,
        )
