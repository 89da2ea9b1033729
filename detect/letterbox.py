"""Frames written into one reused input tensor, letterboxed and normalised."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detect.box import Letterbox
from detect.manifest import Input
from detect.pixels import Image, RawImage, as_bgr

LONGEST_STEP: Final = 15
"""Beyond it a row of skipped pixels no longer fits OpenCV's channels, and skipping gains little."""


class InputTensor:
    """The model's input, (depth, 3, height, width) float32, filled again for every frame.

    One thread at a time: the tensor and its canvases are shared by all frames.
    """

    def __init__(self, shape: tuple[int, int], *, part: Input, depth: int = 1) -> None:
        """Make room for `depth` frames of (height, width), as a manifest's input says."""
        self._shape, self._scale = shape, np.float32(part.scale)
        self._padding = np.float32(part.pad) * self._scale
        self._order = ("bgr".index(part.channels[0]), 1, "bgr".index(part.channels[2]))
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

    def release(self) -> None:
        """Give the room back; `reserve` makes it again."""
        self.array, self._slots = self.array[:0].copy(), []
        self._picture = np.empty((0, 0, 3), np.uint8)
        self._planes = [np.empty((0, 0), np.uint8)] * 3

    def fill(self, image: RawImage, *, slot: int = 0) -> Letterbox:
        """Write one frame into a slot of the batch and say how it lies there.

        Raises:
            UnusableFrame: the frame is no picture.
        """
        bgr = as_bgr(image)
        fit = Letterbox.fit((bgr.shape[0], bgr.shape[1]), self._shape)
        self._prepare(fit, slot)
        self._scale_down(bgr, fit)
        height, width = fit.picture
        inner = self.array[slot, :, fit.top : fit.top + height, fit.left : fit.left + width]
        for channel, plane in zip(inner, self._planes, strict=True):
            if self._scale == 1:
                channel[...] = plane
            else:
                np.multiply(plane, self._scale, out=channel)
        return fit

    def _scale_down(self, bgr: Image, fit: Letterbox) -> None:
        """Write the frame's scaled copy into the three planes, interpolated linearly."""
        step = fit.whole_step or 0
        if 0 < step <= LONGEST_STEP:
            # Full HD into 640 is three to one: the middle row of three, then of each nine values
            # the middle three. A third of the frame is read, in half the time of the resize.
            source = bgr[step // 2 :: step].reshape(*fit.picture, 3 * step)
        else:
            source, step = self._picture, 1
            cv2.resize(bgr, fit.picture[::-1], dst=source, interpolation=cv2.INTER_LINEAR)
        middle = 3 * (step // 2)
        pairs = [(middle + channel, plane) for plane, channel in enumerate(self._order)]
        cv2.mixChannels([source], self._planes, [index for pair in pairs for index in pair])

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
