"""A picture as it is computed with: decoded, colours blue first."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""(height, width, 3) BGR."""


def read_image(path: Path, *, longest: int) -> Image:
    """Read a picture as BGR, no side longer than `longest` pixels.

    Raises:
        FileNotFoundError: there is no picture that can be decoded.
    """
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise FileNotFoundError(path)
    scale = longest / max(image.shape[:2])
    if scale < 1:
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(image, np.uint8)
