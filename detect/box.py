"""Boxes as (n, 4) arrays: left, top, right, bottom; (0, 0) is the top-left pixel's outer corner."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float32]


def area(xyxy: Boxes) -> NDArray[np.float32]:
    """Give the (n,) areas; a box turned inside out has none."""
    sides = np.maximum(xyxy[:, 2:] - xyxy[:, :2], 0)
    return np.asarray(sides[:, 0] * sides[:, 1])


def overlap_matrix(a: Boxes, b: Boxes) -> NDArray[np.float32]:
    """Give the (n, m) areas that boxes of `a` share with boxes of `b`."""
    width = np.minimum(a[:, None, 2], b[None, :, 2]) - np.maximum(a[:, None, 0], b[None, :, 0])
    height = np.minimum(a[:, None, 3], b[None, :, 3]) - np.maximum(a[:, None, 1], b[None, :, 1])
    np.maximum(width, 0, out=width)
    np.maximum(height, 0, out=height)
    return np.asarray(width * height)


def iou_matrix(a: Boxes, b: Boxes) -> NDArray[np.float32]:
    """Give the (n, m) shares of intersection over union, 0 where both boxes are empty."""
    shared = overlap_matrix(a, b)
    union = area(a)[:, None] + area(b)[None, :] - shared
    return np.asarray(shared / np.maximum(union, np.float32(1e-9)))


def iou_of_pairs(a: Boxes, b: Boxes) -> NDArray[np.float32]:
    """Give the (n,) shares of intersection over union, box by box."""
    corners = np.concatenate((np.maximum(a[:, :2], b[:, :2]), np.minimum(a[:, 2:], b[:, 2:])), 1)
    shared = area(corners)
    return np.asarray(shared / np.maximum(area(a) + area(b) - shared, np.float32(1e-9)))


def clip(xyxy: Boxes, *, width: int, height: int) -> Boxes:
    """Give the boxes cut off at the frame's border."""
    limits = np.array([width, height, width, height], np.float32)
    return np.asarray(np.clip(xyxy, np.float32(0), limits))


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterbox:
    """How a frame lies in the model's input: scaled to fit, centred, the rest padded.

    Attributes:
        frame: (height, width) of the frame.
        picture: (height, width) of the frame's scaled copy in the input.
        top: padding above the copy, pixels.
        left: padding left of the copy, pixels.
    """

    frame: tuple[int, int]
    picture: tuple[int, int]
    top: int
    left: int

    @classmethod
    def fit(cls, frame: tuple[int, int], into: tuple[int, int]) -> Self:
        """Fit a frame of (height, width) into an input of (height, width).

        Rounded and centred as ultralytics' LetterBox does, so that a model sees here what it saw
        when it was trained.
        """
        scale = min(into[0] / frame[0], into[1] / frame[1])
        height = min(max(round(frame[0] * scale), 1), into[0])
        width = min(max(round(frame[1] * scale), 1), into[1])
        top = max(round((into[0] - height) / 2 - 0.1), 0)
        left = max(round((into[1] - width) / 2 - 0.1), 0)
        return cls(frame=frame, picture=(height, width), top=top, left=left)

    @property
    def scale(self) -> float:
        """Input pixels per frame pixel."""
        return min(self.picture[0] / self.frame[0], self.picture[1] / self.frame[1])

    @property
    def whole_step(self) -> int | None:
        """Frame pixels per input pixel if that is the same odd whole number along both axes.

        Linear interpolation is centred: at such a step it gives the middle pixel as it is.
        """
        step = self.frame[0] // self.picture[0]
        whole = self.frame == (self.picture[0] * step, self.picture[1] * step)
        return step if whole and step % 2 else None

    def to_frame(self, xyxy: Boxes) -> Boxes:
        """Give boxes of the input as boxes of the frame, cut off at its border."""
        y = np.float32(self.frame[0] / self.picture[0])
        x = np.float32(self.frame[1] / self.picture[1])
        shift = np.array([self.left, self.top, self.left, self.top], np.float32)
        stretch = np.array([x, y, x, y], np.float32)
        return clip((xyxy - shift) * stretch, width=self.frame[1], height=self.frame[0])
