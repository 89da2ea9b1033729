"""Lay a patch onto a picture as a camera would have seen it there: turned, lit, blurred, soft."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

SOFT_RIM: Final = 0.06
"""Width of the soft rim of a patch, share of its shorter side."""

Image = NDArray[np.uint8]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """Pixels to lay down, how much each counts, and the box in them that is the labelled thing.

    Attributes:
        image: (h, w, 3) uint8.
        cover: (h, w) float32, 0 to 1.
        box: left, top, right, bottom in pixels of the patch.
    """

    image: Image
    cover: NDArray[np.float32]
    box: Box


def plate_patch(plate: Image) -> Patch:
    """Make a patch of a drawn plate, all of it the labelled thing."""
    height, width = plate.shape[:2]
    return Patch(
        image=plate,
        cover=np.ones((height, width), np.float32),
        box=(0.0, 0.0, float(width), float(height)),
    )


def head_patch(image: Image, face: Box) -> Patch | None:
    """Cut a head around a marked face, fading out in an ellipse; None at a picture's border.

    Args:
        face: left, top, right, bottom in pixels of `image`.
    """
    left, top, right, bottom = face
    width, height = right - left, bottom - top
    x0, x1 = round(left - 0.45 * width), round(right + 0.45 * width)
    y0, y1 = round(top - 0.5 * height), round(bottom + 0.3 * height)
    if x0 < 0 or y0 < 0 or x1 > image.shape[1] or y1 > image.shape[0] or min(width, height) < 8:
        return None
    size = (y1 - y0, x1 - x0)
    y, x = np.mgrid[0 : size[0], 0 : size[1]].astype(np.float32)
    far = np.hypot((x + 0.5) / size[1] - 0.5, (y + 0.5) / size[0] - 0.5) * 2
    cover = np.clip((1.02 - far) / 0.15, 0, 1).astype(np.float32)
    return Patch(
        image=image[y0:y1, x0:x1].copy(),
        cover=cover,
        box=(left - x0, top - y0, right - x0, bottom - y0),
    )


def decoy_patch(image: Image, rng: np.random.Generator) -> Patch:
    """Cut what is no face and no plate just as those are cut, so that no seam gives them away."""
    height, width = image.shape[:2]
    wide = int(rng.integers(16, max(17, width // 5)))
    flat = rng.random() < 0.4
    tall = max(8, round(wide * (0.32 if flat else 1.3)))
    left, top = int(rng.integers(0, width - wide)), int(rng.integers(0, max(1, height - tall)))
    cut = image[top : top + tall, left : left + wide].copy()
    y, x = np.mgrid[0 : cut.shape[0], 0 : cut.shape[1]].astype(np.float32)
    far = np.hypot((x + 0.5) / cut.shape[1] - 0.5, (y + 0.5) / cut.shape[0] - 0.5) * 2
    cover = np.ones(cut.shape[:2], np.float32) if flat else np.clip((1.02 - far) / 0.15, 0, 1)
    box = (0.0, 0.0, float(cut.shape[1]), float(cut.shape[0]))
    return Patch(image=cut, cover=cover.astype(np.float32), box=box)


def paste(
    image: Image, patch: Patch, *, at: tuple[float, float], width: float, rng: np.random.Generator
) -> tuple[Image, Box]:
    """Give a copy of a picture with a patch in it, and where its labelled box came to lie.

    Args:
        at: the middle of the labelled box, pixels of `image`.
        width: how wide the labelled box becomes, pixels.
    """
    matrix = _placement(patch, at=at, width=width, rng=rng)
    # Only around the patch: a whole picture would be warped and blurred for nothing.
    whole = _moved((0.0, 0.0, patch.image.shape[1], patch.image.shape[0]), matrix)
    x0, y0 = (max(0, int(value - width / 2)) for value in whole[:2])
    x1, y1 = (int(value + width / 2) + 1 for value in whole[2:])
    part = image[y0 : max(y0 + 1, y1), x0 : max(x0 + 1, x1)]
    if not part.size:
        return image.copy(), _moved(patch.box, matrix)
    out = image.copy()
    moved = np.array([[1.0, 0, -x0], [0, 1, -y0], [0, 0, 1]]) @ matrix
    out[y0 : y0 + part.shape[0], x0 : x0 + part.shape[1]] = _laid(
        part, patch, moved, width=width, rng=rng
    )
    return out, _moved(patch.box, matrix)


def _laid(
    part: Image,
    patch: Patch,
    matrix: NDArray[np.float64],
    *,
    width: float,
    rng: np.random.Generator,
) -> Image:
    size = (part.shape[1], part.shape[0])
    lit = np.clip(patch.image * rng.uniform(0.55, 1.2) + rng.normal(0, 12), 0, 255)
    laid = cv2.warpPerspective(
        lit.astype(np.float32), matrix, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
    )
    cover = cv2.warpPerspective(patch.cover, matrix, size, flags=cv2.INTER_AREA)
    blur = rng.uniform(0.3, 0.035 * width + 0.5)
    share = cv2.GaussianBlur(cover, (0, 0), max(blur, SOFT_RIM * width / 3))[..., None]
    out = part * (1 - share) + cv2.GaussianBlur(laid, (0, 0), blur) * share
    return np.clip(out, 0, 255).astype(np.uint8)


def _placement(
    patch: Patch, *, at: tuple[float, float], width: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    left, top, right, bottom = patch.box
    scale = width / (right - left)
    turn = np.deg2rad(rng.normal(0, 6))
    flip = -1.0 if patch.cover.min() < 1 and rng.random() < 0.5 else 1.0
    linear = scale * np.array(
        [
            [np.cos(turn) * flip, -np.sin(turn) + rng.normal(0, 0.05)],
            [np.sin(turn) * flip + rng.normal(0, 0.08), np.cos(turn) * rng.uniform(0.85, 1.15)],
        ]
    )
    if patch.cover.min() == 1:
        linear[:, 0] *= rng.uniform(0.6, 1.0)
    middle = np.array([(left + right) / 2, (top + bottom) / 2])
    shift = np.array(at) - linear @ middle
    return np.vstack((np.hstack((linear, shift[:, None])), (0.0, 0.0, 1.0)))


def _moved(box: Box, matrix: NDArray[np.float64]) -> Box:
    left, top, right, bottom = box
    corners = np.array([[left, right, right, left], [top, top, bottom, bottom], [1, 1, 1, 1]])
    moved = (matrix @ corners)[:2]
    (x0, y0), (x1, y1) = moved.min(1), moved.max(1)
    return (float(x0), float(y0), float(x1), float(y1))
