"""What lens and sensor do to a picture: softness, vignette, exposure, grain."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from edge.sources.street.shapes import Image, as_image
from edge.sources.street.view import Lens

_SLACK_PX: Final = 64
_GRAIN_ZERO: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """How one camera takes its pictures on one day.

    Attributes:
        exposure: factor of all light, about 1.
        warmth: factor of red over blue, about 1.
        grain: spread of the sensor's noise, levels.
        blur_px: spread of the lens' softness.
        smear_px: length of the blur of motion at the bottom of the picture.
    """

    exposure: float
    warmth: float
    grain: float
    blur_px: float
    smear_px: int
    seed: int


class Sensor:
    """A finish made ready for one size of picture."""

    def __init__(self, lens: Lens, finish: Finish) -> None:
        rng = np.random.default_rng((finish.seed, 5))
        shape = (lens.height + _SLACK_PX, lens.width + _SLACK_PX, 3)
        grain = rng.standard_normal(shape, dtype=np.float32) * np.float32(finish.grain)
        self._grain = np.clip(grain + _GRAIN_ZERO, 0, 255).astype(np.uint8)
        self._dim = _vignette(lens)
        self._finish = finish
        self._curve = _curve(finish)

    def develop(self, image: Image, *, index: int) -> Image:
        """Give the picture as the sensor would have recorded its frame `index`."""
        finish = self._finish
        rng = np.random.default_rng((finish.seed, 6, index))
        if finish.smear_px > 1:
            low = image[image.shape[0] * 2 // 3 :]
            low[:] = cv2.blur(low, (1, finish.smear_px))
        soft = cv2.GaussianBlur(image, (3, 3), finish.blur_px)
        soft = cv2.LUT(soft, self._curve)
        soft = cv2.multiply(soft, self._dim, scale=1 / 255)
        down, across = rng.integers(0, _SLACK_PX, 2)
        grain = self._grain[down : down + soft.shape[0], across : across + soft.shape[1]]
        noisy = cv2.subtract(cv2.add(soft, grain), np.full_like(soft, _GRAIN_ZERO))
        return as_image(noisy)


def _curve(finish: Finish) -> Image:
    levels = np.arange(256, dtype=np.float64) / 255.0
    gains = (2.0 - finish.warmth, 1.0, finish.warmth)
    bent = [np.clip(levels * finish.exposure * gain, 0.0, 1.0) ** 0.95 for gain in gains]
    table: Image = np.round(np.stack(bent, axis=-1) * 255.0).astype(np.uint8)[None]
    return table


def _vignette(lens: Lens) -> Image:
    x = np.linspace(-1.0, 1.0, lens.width, dtype=np.float32)[None]
    y = np.linspace(-0.6, 0.6, lens.height, dtype=np.float32)[:, None]
    dim = 255.0 * (1.0 - 0.14 * (x * x + y * y))
    return np.repeat(dim[..., None], 3, axis=-1).astype(np.uint8)
