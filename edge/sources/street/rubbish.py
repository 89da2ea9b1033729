"""Heaps of rubbish and wheeled bins, closed or overflowing."""

from typing import Final

import cv2
import numpy as np

from edge.sources.street import sprites
from edge.sources.street.shapes import Blob, Face, Image, Texture, Thing, as_image
from edge.sources.street.solids import SUNLIT, box_faces, dimmed, flat, quad
from edge.sources.street.sprites import Colour
from edge.sources.street.view import Points

Size = tuple[float, float, float]
"""Depth along the street, width across, height; metres."""
BIN_M: Final[Size] = (0.72, 0.58, 1.0)
"""A wheeled bin of 240 litres."""
HEAP_DEPTH: Final = 0.62
CONTAINER_M: Final[Size] = (0.8, 1.2, 1.15)
"""A container of 660 litres."""
_FILMS: Final[tuple[tuple[Colour, float], ...]] = (
    ((46, 44, 42), 1.0),
    ((46, 44, 42), 1.0),
    ((235, 235, 232), 0.35),
    ((235, 235, 232), 0.35),
    ((232, 228, 222), 0.35),
    ((215, 120, 45), 0.5),
    ((60, 55, 205), 0.45),
    ((95, 150, 70), 0.4),
    ((120, 165, 200), 0.1),
    ((90, 190, 220), 0.3),
)
_KITCHEN_FILMS: Final = _FILMS + 3 * tuple(film for film in _FILMS if min(film[0]) > 200.0)
"""What households throw into bins: mostly thin pale bags."""
_CARTON: Final[Colour] = (105.0, 150.0, 190.0)


def heap(
    key: str, middle: tuple[float, float], *, width_m: float, height_m: float, seed: int
) -> Thing:
    """Pile up bags, boxes and loose rubbish.

    Args:
        middle: along, right of its foot's middle, metres.
        width_m: of the foot along the street; across it is `HEAP_DEPTH` of that.
    """
    rng = np.random.default_rng((seed, 21))
    films = [sprites.bag(colour, gloss=gloss, rng=rng) for colour, gloss in _FILMS]
    half = (width_m / 2, width_m * HEAP_DEPTH / 2)
    blobs: list[Blob] = []
    for _ in range(round(72 * width_m)):
        spot = rng.uniform(-1.0, 1.0, 2)
        if float(np.hypot(*spot)) > 1.0:
            continue
        room = 1.0 - float(np.hypot(*spot))
        size = float(rng.uniform(0.09, 0.23)) * (0.7 + 0.5 * room)
        lift = float(rng.uniform(0.25, 1.0)) * height_m * room**0.7
        low = max(lift - size * 0.5, size * 0.62)
        centre = np.array([middle[0] + spot[0] * half[0], middle[1] + spot[1] * half[1], low])
        film = films[int(rng.integers(len(films)))]
        blobs.append(_bag(centre, size, film, rng))
    faces = [
        face for n in range(3) for face in _carton(middle, half, rng, lift=0.12 * height_m * n)
    ]
    return Thing(
        key=key,
        anchor=np.array([middle[0], middle[1], 0.2]),
        reach_m=width_m,
        faces=tuple(faces),
        blobs=tuple(blobs),
    )


def bin_closed(
    key: str, middle: tuple[float, float], *, size_m: Size, colour: Colour, seed: int
) -> Thing:
    """Set up a bin with its lid shut."""
    rng = np.random.default_rng((seed, 22))
    faces = (*_body(middle, size_m, colour, rng), *_lid(middle, size_m, colour, rng))
    return Thing(key=key, anchor=_foot(middle), reach_m=1.8, faces=faces)


def bin_overflowing(
    key: str, middle: tuple[float, float], *, size_m: Size, colour: Colour, seed: int
) -> Thing:
    """Set up a bin whose lid is thrown back over bags that swell out of it and hang down."""
    rng = np.random.default_rng((seed, 23))
    films = [sprites.bag(film, gloss=gloss, rng=rng) for film, gloss in _KITCHEN_FILMS]
    depth, width, height = size_m
    blobs: list[Blob] = []
    for _ in range(round(36 * (depth + width))):
        aside = rng.uniform(-1.0, 1.0, 2)
        room = max(1.0 - float(np.hypot(*aside)) * 0.7, 0.0)
        spot = aside * (depth * 0.42, width * 0.46)
        lift = height + float(rng.uniform(0.0, 0.8)) * room
        centre = np.array([middle[0] + spot[0], middle[1] + spot[1], lift])
        film = films[int(rng.integers(len(films)))]
        blobs.append(_bag(centre, float(rng.uniform(0.14, 0.22)), film, rng))
    for _ in range(round(6 * width)):
        aside_m, down_m = float(rng.uniform(-0.45, 0.45)) * width, float(rng.uniform(0.0, 0.12))
        centre = np.array([middle[0] - depth / 2 - 0.03, middle[1] + aside_m, height - down_m])
        film = films[int(rng.integers(len(films)))]
        blobs.append(_bag(centre, float(rng.uniform(0.1, 0.16)), film, rng))
    faces = (*_body(middle, size_m, colour, rng), _open_lid(middle, size_m, colour, rng))
    return Thing(key=key, anchor=_foot(middle), reach_m=2.0, faces=faces, blobs=tuple(blobs))


def _foot(middle: tuple[float, float]) -> Points:
    return np.array([middle[0], middle[1], 0.5])


def _bag(
    centre: Points,
    size: float,
    film: Texture,
    rng: np.random.Generator,
) -> Blob:
    flatness = float(rng.uniform(0.6, 0.95))
    return Blob(centre=centre, radius_m=size, half_height_m=size * flatness, texture=film)


def _carton(
    middle: tuple[float, float],
    half: tuple[float, float],
    rng: np.random.Generator,
    *,
    lift: float,
) -> tuple[Face, ...]:
    spot = rng.uniform(-0.8, 0.8, 2) * half
    size = rng.uniform(0.14, 0.26, 3)
    low = (middle[0] + spot[0] - size[0], middle[1] + spot[1] - size[1], lift)
    high = (middle[0] + spot[0] + size[0], middle[1] + spot[1] + size[1], lift + size[2])
    board = flat(_CARTON, grain=0.04, rng=rng)
    board[:, 14:18] = (150, 185, 205)
    sides = {name: dimmed(board, light) for name, light in SUNLIT.items()}
    return box_faces(low, high, sides)


def _body(
    middle: tuple[float, float], size_m: Size, colour: Colour, rng: np.random.Generator
) -> tuple[Face, ...]:
    depth, width, height = size_m
    low = (middle[0] - depth / 2, middle[1] - width / 2, 0.03)
    high = (middle[0] + depth / 2, middle[1] + width / 2, height)
    panel = _panel(colour, rng)
    sides = {name: dimmed(panel, light) for name, light in SUNLIT.items() if name != "top"}
    inside = dimmed(flat((22.0, 22.0, 22.0), grain=0.1, rng=rng), 1.0)
    return box_faces(low, high, {**sides, "top": inside}, taper_m=0.07)


def _panel(colour: Colour, rng: np.random.Generator) -> Image:
    panel = as_image(cv2.resize(flat(colour, grain=0.03, rng=rng), (96, 160)))
    panel[:10] = np.clip(panel[:10].astype(np.float32) * 1.25, 0, 255)
    panel[10:13] = panel[10:13] // 2
    for column in (16, 80):
        panel[13:140, column : column + 2] = panel[13:140, column : column + 2] // 4 * 3
    cv2.circle(panel, (48, 62), 13, (235, 235, 235), 2, cv2.LINE_AA)
    cv2.line(panel, (36, 86), (60, 86), (235, 235, 235), 3, cv2.LINE_AA)
    panel[142:] = panel[142:] // 2
    cv2.circle(panel, (14, 150), 10, (28, 28, 28), -1, cv2.LINE_AA)
    cv2.circle(panel, (82, 150), 10, (28, 28, 28), -1, cv2.LINE_AA)
    return panel


def _lid(
    middle: tuple[float, float], size_m: Size, colour: Colour, rng: np.random.Generator
) -> tuple[Face, ...]:
    depth, width, height = size_m
    low = (middle[0] - depth / 2 - 0.03, middle[1] - width / 2 - 0.03, height)
    high = (middle[0] + depth / 2 + 0.03, middle[1] + width / 2 + 0.03, height + 0.09)
    cover = flat(colour, grain=0.03, rng=rng)
    return box_faces(low, high, {n: dimmed(cover, light) for n, light in SUNLIT.items()})


def _open_lid(
    middle: tuple[float, float], size_m: Size, colour: Colour, rng: np.random.Generator
) -> Face:
    depth, width, height = size_m
    cover = dimmed(flat(colour, grain=0.04, rng=rng), 0.72)
    back, half = middle[0] + depth / 2, width / 2 + 0.03
    corners = [
        (back + 0.24, middle[1] - half, height + 0.58),
        (back + 0.24, middle[1] + half, height + 0.58),
        (back, middle[1] + half, height),
        (back, middle[1] - half, height),
    ]
    face = quad(corners, cover, np.array([middle[0], middle[1], 0.0]))
    return Face(corners=face.corners, texture=face.texture)
