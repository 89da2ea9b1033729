"""Pictures of any usual kind as the one kind that detection works on."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detect.errors import DetectError

Image = NDArray[np.uint8]
"""(H, W, 3) blue-green-red, or (H, W) grey."""

RawImage = NDArray[np.uint8] | NDArray[np.uint16]
"""(H, W), (H, W, 1), (H, W, 3) blue-green-red or (H, W, 4) with alpha; 8 or 16 bits."""

MAX_PIXELS: Final = 200_000_000
"""Largest frame that is taken: twice the largest drone sensor of today."""


class UnusableFrame(DetectError):
    """A frame that is no picture."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"画面不能用：{zh}", f"unusable frame: {en}")


def as_bgr(image: RawImage) -> Image:
    """Give an 8-bit blue-green-red picture; 16-bit values keep their upper byte, alpha is dropped.

    Raises:
        UnusableFrame: no pixels, too many, or an array that is no picture.
    """
    _check(image)
    eight = image if image.dtype == np.uint8 else _upper_bytes(image)
    channels = 1 if eight.ndim == 2 else eight.shape[2]
    if channels == 3:
        return eight.astype(np.uint8, copy=False)
    code = cv2.COLOR_GRAY2BGR if channels == 1 else cv2.COLOR_BGRA2BGR
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(eight), code), np.uint8)


def as_grey(image: RawImage) -> Image:
    """Give an 8-bit grey picture.

    Raises:
        UnusableFrame: no pixels, too many, or an array that is no picture.
    """
    if image.ndim == 2 and image.dtype == np.uint8:
        _check(image)
        return image.astype(np.uint8, copy=False)
    return np.asarray(cv2.cvtColor(as_bgr(image), cv2.COLOR_BGR2GRAY), np.uint8)


def small_grey(image: RawImage, width: int) -> Image:
    """Give an 8-bit grey picture no wider than `width`.

    Raises:
        UnusableFrame: no pixels, too many, or an array that is no picture.
    """
    grey = as_grey(image)
    while grey.shape[1] >= 2 * width:
        # Halving by means is several times quicker than any other shrinking.
        grey = _shrunk(grey, grey.shape[1] // 2, cv2.INTER_AREA)
    return grey if grey.shape[1] <= width else _shrunk(grey, width, cv2.INTER_LINEAR)


def _shrunk(grey: Image, width: int, by: int) -> Image:
    height = max(round(grey.shape[0] * width / grey.shape[1]), 1)
    return np.asarray(cv2.resize(grey, (width, height), interpolation=by), np.uint8)


def _upper_bytes(image: RawImage) -> NDArray[np.uint8]:
    """Give the upper byte of 16-bit values, without a second 16-bit copy of a large frame."""
    upper = np.empty(image.shape, np.uint8)
    np.right_shift(image, 8, out=upper, casting="unsafe")
    return upper


def _check(image: RawImage) -> None:
    shape = image.shape
    if image.ndim not in {2, 3} or (image.ndim == 3 and shape[2] not in {1, 3, 4}):
        raise UnusableFrame(
            f"数组形状是 {shape}，需要灰度、BGR 或 BGRA",
            f"an array of shape {shape}; give grey, BGR or BGRA",
        )
    if image.dtype not in (np.uint8, np.uint16):
        raise UnusableFrame(
            f"像素类型是 {image.dtype}，需要 8 位或 16 位整数",
            f"pixels of type {image.dtype}; give 8- or 16-bit integers",
        )
    pixels = shape[0] * shape[1]
    if pixels == 0:
        raise UnusableFrame("没有像素", "it has no pixels")
    if pixels > MAX_PIXELS:
        raise UnusableFrame(
            f"有 {pixels:,} 个像素，上限是 {MAX_PIXELS:,}",
            f"{pixels:,} pixels, the most that is taken is {MAX_PIXELS:,}; make it smaller",
        )
