"""What a picture looks like, few enough bits to compare it with every other (图印).

A print is the signs of the 143 lowest frequencies of a 48 x 48 thumbnail about their median, the
lowest first (Zauner 2010, Implementation and Benchmarking of Perceptual Image Hash Functions).
Encoding and scaling leave it nearly as it is, but a crop of a few per cent does not, so an imprint
is the prints of seven views of the picture: whole, less 3 % at each side, and less 2 and 4 % all
round. Some view of a cropped copy is nearly some view of its original.
How far two imprints may lie apart, and how they are found, is the centre's:
`dispatch.case.imprint`.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE: Final = 48
LOW: Final = 12
FLAT: Final = 2.0
"""A thumbnail whose grey values deviate by less shows nothing to compare."""
SMALL_PX: Final = 640
VIEWS: Final = (
    (0.0, 0.0, 0.0, 0.0),
    (0.03, 0.0, 0.0, 0.0),
    (0.0, 0.03, 0.0, 0.0),
    (0.0, 0.0, 0.03, 0.0),
    (0.0, 0.0, 0.0, 0.03),
    (0.02, 0.02, 0.02, 0.02),
    (0.04, 0.04, 0.04, 0.04),
)
"""What each leaves out at the left, top, right and bottom, shares of width and height."""

Image = NDArray[np.uint8]

_LOWEST_FIRST: Final = sorted(range(LOW * LOW), key=lambda at: (sum(divmod(at, LOW)), at))[1:]


def imprint_of(image: Image) -> str | None:
    """Give the imprint of a picture in hex, 36 digits a view; None where it shows nothing.

    Args:
        image: (H, W, 3) uint8, upright.
    """
    grey = _small_grey(image)
    if _thumbnail(grey).std() < FLAT:
        return None
    return "".join(_print(_less(grey, view)) for view in VIEWS)


def _print(grey: Image) -> str:
    spectrum = cv2.dct(_thumbnail(grey))[:LOW, :LOW].reshape(-1)[_LOWEST_FIRST]
    # 143 signs and a zero are 18 bytes.
    return np.packbits(spectrum > np.median(spectrum)).tobytes().hex()


def _thumbnail(grey: Image) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32)


def _less(grey: Image, view: tuple[float, float, float, float]) -> Image:
    height, width = grey.shape
    left, top, right, bottom = view
    return grey[
        round(top * height) : height - round(bottom * height),
        round(left * width) : width - round(right * width),
    ]


def _small_grey(image: Image) -> Image:
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    scale = min(1.0, SMALL_PX / max(grey.shape))
    size = (max(SIDE, round(grey.shape[1] * scale)), max(SIDE, round(grey.shape[0] * scale)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
