"""Drawn number plates in the colours and proportions of GA 36-2018, with made-up characters.

At the sizes at which a street camera sees a plate, colour, proportion, rim and the rhythm of
strokes are what there is; the first character is therefore strokes at random, no real province.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH_PX: Final = 176
CHARACTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"

Image = NDArray[np.uint8]
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of plate: ground and strokes in blue-green-red, height over width, how common."""

    ground: Colour
    strokes: Colour
    aspect: float
    rows: int
    share: float


KINDS: Final = (
    Kind(ground=(160, 70, 10), strokes=(245, 245, 245), aspect=0.318, rows=1, share=0.5),
    Kind(ground=(120, 200, 130), strokes=(25, 25, 25), aspect=0.292, rows=1, share=0.14),
    Kind(ground=(20, 180, 230), strokes=(20, 20, 20), aspect=0.318, rows=1, share=0.08),
    Kind(ground=(20, 180, 230), strokes=(20, 20, 20), aspect=0.5, rows=2, share=0.06),
    Kind(ground=(235, 235, 235), strokes=(25, 25, 25), aspect=0.318, rows=1, share=0.08),
    Kind(ground=(40, 40, 40), strokes=(225, 225, 225), aspect=0.33, rows=2, share=0.08),
    Kind(ground=(110, 140, 20), strokes=(240, 240, 240), aspect=0.55, rows=2, share=0.06),
)
"""Blue cars, green new-energy, yellow lorries and motorcycles, white police, black, e-bikes."""


def draw_plate(rng: np.random.Generator) -> Image:
    """Draw one plate from the front, WIDTH_PX wide, evenly lit."""
    kind = KINDS[int(rng.choice(len(KINDS), p=[kind.share for kind in KINDS]))]
    height = round(WIDTH_PX * kind.aspect)
    tint = rng.normal(0, 14, 3)
    ground = np.clip(np.array(kind.ground) + tint, 0, 255)
    plate = np.empty((height, WIDTH_PX, 3), np.uint8)
    plate[:] = ground.astype(np.uint8)
    if rng.random() < 0.7:
        cv2.rectangle(plate, (2, 2), (WIDTH_PX - 3, height - 3), kind.strokes, 2)
    for row in range(kind.rows):
        top, each = height * row // kind.rows, height // kind.rows
        _write_row(plate, top, each, kind.strokes, first=row == 0, rng=rng)
    return plate


def _write_row(
    plate: Image, top: int, height: int, strokes: Colour, *, first: bool, rng: np.random.Generator
) -> None:
    count = 7
    cell = (WIDTH_PX - 16) / count
    scale = height / 34
    for place in range(count):
        left = round(8 + place * cell)
        if place == 0 and first:
            _scrawl(plate, (left, top + height // 6), (round(cell), height * 2 // 3), strokes, rng)
            continue
        text = CHARACTERS[int(rng.integers(len(CHARACTERS)))]
        at = (left + 1, top + round(height * 0.82))
        thick = max(2, round(height / 14))
        cv2.putText(plate, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, strokes, thick, cv2.LINE_AA)


def _scrawl(
    plate: Image,
    corner: tuple[int, int],
    size: tuple[int, int],
    strokes: Colour,
    rng: np.random.Generator,
) -> None:
    for _ in range(6):
        ends = rng.random((2, 2)) * size + corner
        across = rng.random() < 0.6
        ends[1, int(across)] = ends[0, int(across)]
        (x0, y0), (x1, y1) = ends.astype(int).tolist()
        cv2.line(plate, (x0, y0), (x1, y1), strokes, 2, cv2.LINE_AA)
