"""What a picture looks like in 64 bits, whichever way it is turned or mirrored.

The hash is the signs of the 8 × 8 lowest frequencies of a 32 × 32 thumbnail about their median
(Zauner 2010, Implementation and Benchmarking of Perceptual Image Hash Functions). Mirroring a
picture changes the sign of its odd frequencies and turning it swaps rows with columns, so the
hashes of all eight symmetries come from the same transform.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detect.pixels import Image

SIDE: Final = 32
LOW: Final = 8
SYMMETRIES: Final = 8
FLAT: Final = 2.0
"""A thumbnail whose grey values deviate by less shows nothing to compare."""

Thumbnails = NDArray[np.float32]
"""(n, 32, 32) grey values."""

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """How `n` pictures look.

    Attributes:
        thumbnails: (n, 32, 32) float32, zero mean and unit length.
        hashes: (8, n) uint64, one row per symmetry; row 0 is the picture as it is.
        flat: (n,) bool, pictures that show nothing.
    """

    thumbnails: Thumbnails
    hashes: NDArray[np.uint64]
    flat: NDArray[np.bool_]


def thumbnail(grey: Image) -> Thumbnails:
    """Give the (32, 32) thumbnail of an (H, W) picture."""
    small = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32)


def looks_of(thumbnails: Thumbnails) -> Looks:
    """Hash (n, 32, 32) thumbnails in all eight symmetries."""
    low = np.array([cv2.dct(each)[:LOW, :LOW] for each in thumbnails], np.float32)
    low = low.reshape(-1, LOW, LOW)
    centred = thumbnails - thumbnails.mean((1, 2), keepdims=True)
    length = np.linalg.norm(centred, axis=(1, 2), keepdims=True)
    return Looks(
        thumbnails=np.asarray(centred / np.maximum(length, 1e-6), np.float32),
        hashes=np.stack([_packed(_turned_spectrum(low, s)) for s in range(SYMMETRIES)]),
        flat=thumbnails.std((1, 2)) < FLAT,
    )


def turned(thumbnails: Thumbnails, symmetry: int) -> Thumbnails:
    """Give (…, 32, 32) thumbnails in one of eight symmetries: transposed, then mirrored."""
    if symmetry & 4:
        thumbnails = thumbnails.swapaxes(-1, -2)
    if symmetry & 2:
        thumbnails = thumbnails[..., ::-1, :]
    return thumbnails[..., :, ::-1] if symmetry & 1 else thumbnails


def _turned_spectrum(low: Thumbnails, symmetry: int) -> Thumbnails:
    odd = np.where(np.arange(LOW) % 2, np.float32(-1), np.float32(1))
    if symmetry & 4:
        low = low.swapaxes(1, 2)
    if symmetry & 2:
        low = low * odd[:, None]
    return low * odd if symmetry & 1 else low


def _packed(low: Thumbnails) -> Hashes:
    flat = low.reshape(-1, LOW * LOW)
    bits = flat > np.median(flat, axis=1, keepdims=True)
    return np.packbits(bits, axis=1).view(np.uint64)[:, 0]
