"""Frames written into one reused input tensor, letterboxed and normalised."""

import cv2
import numpy as np
from numpy.typing import NDArray

from detect.box import Letterbox
from detect.pixels import RawImage, as_bgr


class InputTensor:
    """The model's input, (depth, 3, height, width) float32 RGB, filled again for every frame.

    One thread at a time: the tensor and its canvases are shared by all frames.
    """

    def __init__(self, shape: tuple[int, int], *, pad: int, scale: float, depth: int = 1) -> None:
        self._shape, self._scale = shape, np.float32(scale)
        self._padding = np.float32(pad) * self._scale
        self.array: NDArray[np.float32] = np.full((depth, 3, *shape), self._padding, np.float32)
        self._slots: list[Letterbox | None] = [None] * depth
        self._picture = np.empty((0, 0, 3), np.uint8)
        self._planes = [np.empty((0, 0), np.uint8)] * 3

    def reserve(self, depth: int) -> None:
        """Make room for a batch of this depth, if there is less."""
        more = depth - len(self.array)
        if more > 0:
            padding = np.full((more, *self.array.shape[1:]), self._padding, np.float32)
            self.array = np.concatenate((self.array, padding))
            self._slots += [None] * more

    def fill(self, image: RawImage, *, slot: int = 0) -> Letterbox:
        """Write one frame into a slot of the batch and say how it lies there.

        Raises:
            UnusableFrame: the frame is no picture.
        """
        bgr = as_bgr(image)
        fit = Letterbox.fit((bgr.shape[0], bgr.shape[1]), self._shape)
        self._prepare(fit, slot)
        height, width = fit.picture
        cv2.resize(bgr, (width, height), dst=self._picture, interpolation=cv2.INTER_LINEAR)
        cv2.split(self._picture, self._planes)
        inner = self.array[slot, :, fit.top : fit.top + height, fit.left : fit.left + width]
        for channel, plane in enumerate(reversed(self._planes)):
            np.multiply(plane, self._scale, out=inner[channel])
        return fit

    def _prepare(self, fit: Letterbox, slot: int) -> None:
        if self._picture.shape[:2] != fit.picture:
            self._picture = np.empty((*fit.picture, 3), np.uint8)
            self._planes = [np.empty(fit.picture, np.uint8) for _ in range(3)]
        last = self._slots[slot]
        if last is not None and (last.picture, last.top, last.left) != (
            fit.picture,
            fit.top,
            fit.left,
        ):
            self.array[slot] = self._padding
        self._slots[slot] = fit
