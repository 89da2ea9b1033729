"""What stands at the edges of the street: house fronts, trees, lamp posts, people."""

import cv2
import numpy as np

from edge.sources.street import sprites
from edge.sources.street.shapes import Blob, Face, Image, Thing, as_image
from edge.sources.street.solids import SUNLIT, box_faces, dimmed, flat, quad
from edge.sources.street.sprites import Colour


def house(
    key: str,
    start: tuple[float, float],
    *,
    length_m: float,
    height_m: float,
    side: float,
    colour: Colour,
    seed: int,
) -> Thing:
    """Build a house front with shops below, its end walls and its roof.

    Args:
        start: along of its first corner, right of its front; metres.
        side: +1 stands on the right of the street, -1 on its left.
    """
    rng = np.random.default_rng((seed, 41))
    a0, a1, front = start[0], start[0] + length_m, start[1]
    rear = front + side * 9.0
    inner = np.array([(a0 + a1) / 2, (front + rear) / 2, height_m / 2])
    wall = dimmed(flat(colour, grain=0.03, rng=rng), 0.75)
    roof = dimmed(flat((110.0, 112.0, 118.0), grain=0.06, rng=rng), 1.0)
    face = dimmed(_front(length_m, height_m, colour, rng), 0.95 if side < 0 else 0.8)
    corners = [
        ([(a0, front, height_m), (a1, front, height_m), (a1, front, 0.0), (a0, front, 0.0)], face),
        ([(a0, rear, height_m), (a0, front, height_m), (a0, front, 0.0), (a0, rear, 0.0)], wall),
        ([(a1, rear, height_m), (a1, front, height_m), (a1, front, 0.0), (a1, rear, 0.0)], wall),
        (
            [
                (a0, front, height_m),
                (a1, front, height_m),
                (a1, rear, height_m),
                (a0, rear, height_m),
            ],
            roof,
        ),
    ]
    faces = tuple(quad(points, texture, inner) for points, texture in corners)
    anchor = np.array([(a0 + a1) / 2, front + side * 2.0, height_m / 2])
    return Thing(key=key, anchor=anchor, reach_m=length_m + 9.0, faces=faces)


def tree(key: str, middle: tuple[float, float], *, height_m: float, seed: int) -> Thing:
    """Plant a street tree: a trunk and a crown of several lumps of leaves."""
    rng = np.random.default_rng((seed, 42))
    green = (38.0 + rng.uniform(-8, 8), 92.0 + rng.uniform(-15, 15), 66.0 + rng.uniform(-10, 15))
    lumps = [sprites.leaves(rng, green) for _ in range(3)]
    blobs = []
    for n in range(9):
        turn, reach = n * 2.4, float(rng.uniform(0.2, 0.85)) * min(n, 1)
        size = float(rng.uniform(0.75, 1.1))
        centre = (
            middle[0] + reach * np.cos(turn),
            middle[1] + reach * np.sin(turn),
            height_m + float(rng.uniform(-0.7, 0.9)),
        )
        blobs.append(
            Blob(
                centre=np.array(centre),
                radius_m=size,
                half_height_m=size * 0.85,
                texture=lumps[n % 3],
            )
        )
    bark = flat((62.0, 78.0, 92.0), grain=0.12, rng=rng)
    trunk = _post(middle, 0.12, height_m - 0.3, bark)
    return Thing(
        key=key,
        anchor=np.array([middle[0], middle[1], 1.5]),
        reach_m=height_m,
        faces=trunk,
        blobs=tuple(blobs),
    )


def lamp_post(key: str, middle: tuple[float, float], *, seed: int) -> Thing:
    """Set up a lamp post with an arm over the road."""
    rng = np.random.default_rng((seed, 43))
    steel = flat((128.0, 126.0, 122.0), grain=0.03, rng=rng)
    side = 1.0 if middle[1] > 0 else -1.0
    reach = sorted((middle[1], middle[1] - side * 2.6))
    arm = {name: dimmed(steel, light * 0.9) for name, light in SUNLIT.items()}
    low, high = (middle[0] - 0.06, reach[0], 6.9), (middle[0] + 0.06, reach[1], 7.0)
    return Thing(
        key=key,
        anchor=np.array([middle[0], middle[1], 1.5]),
        reach_m=7.5,
        faces=(*_post(middle, 0.07, 7.0, steel), *box_faces(low, high, arm)),
    )


def pedestrian(key: str, middle: tuple[float, float], *, seed: int) -> Thing:
    """Stand a person on the pavement."""
    rng = np.random.default_rng((seed, 44))
    coat: Colour = (
        float(rng.uniform(40, 190)),
        float(rng.uniform(40, 160)),
        float(rng.uniform(40, 200)),
    )
    parts = (
        ((90.0, 60.0, 50.0), -0.09, 0.42, 0.10, 0.44),
        ((86.0, 58.0, 48.0), 0.09, 0.42, 0.10, 0.44),
        (coat, 0.0, 1.12, 0.23, 0.36),
        (coat, -0.24, 1.08, 0.07, 0.32),
        (coat, 0.24, 1.08, 0.07, 0.32),
        ((120.0, 150.0, 195.0), 0.0, 1.58, 0.11, 0.14),
        ((24.0, 26.0, 30.0), 0.0, 1.65, 0.115, 0.09),
    )
    blobs = tuple(
        Blob(
            centre=np.array([middle[0] - 0.01 * n, middle[1] + aside, up]),
            radius_m=wide,
            half_height_m=tall,
            texture=sprites.plain(colour, rng),
        )
        for n, (colour, aside, up, wide, tall) in enumerate(parts)
    )
    return Thing(key=key, anchor=np.array([middle[0], middle[1], 0.9]), reach_m=1.0, blobs=blobs)


def _post(
    middle: tuple[float, float], half_m: float, height_m: float, picture: Image
) -> tuple[Face, ...]:
    low = (middle[0] - half_m, middle[1] - half_m, 0.0)
    high = (middle[0] + half_m, middle[1] + half_m, height_m)
    sides = {name: dimmed(picture, light) for name, light in SUNLIT.items() if name != "top"}
    return box_faces(low, high, sides)


def _front(length_m: float, height_m: float, colour: Colour, rng: np.random.Generator) -> Image:
    scale = 36
    size = (round(length_m * scale), round(height_m * scale))
    picture = as_image(cv2.resize(flat(colour, grain=0.02, rng=rng), size))
    ground = size[1] - round(3.0 * scale)
    for top in range(round(0.7 * scale), ground - round(1.8 * scale), round(2.9 * scale)):
        for left in range(round(0.7 * scale), size[0] - round(1.5 * scale), round(2.3 * scale)):
            _window_at(picture, (left, top), scale, rng)
    sign = (float(rng.uniform(40, 170)), float(rng.uniform(40, 120)), float(rng.uniform(60, 200)))
    cv2.rectangle(picture, (4, ground), (size[0] - 4, ground + round(0.6 * scale)), sign, -1)
    for left in range(8, size[0] - 3 * scale, round(3.4 * scale)):
        foot = (left + round(2.9 * scale), size[1] - 4)
        shut = bool(rng.random() < 0.4)
        inner = (150, 152, 150) if shut else (62, 58, 52)
        cv2.rectangle(picture, (left, ground + round(0.75 * scale)), foot, inner, -1)
        cv2.rectangle(picture, (left, ground + round(0.75 * scale)), foot, (200, 200, 200), 2)
    return picture


def _window_at(picture: Image, at: tuple[int, int], scale: int, rng: np.random.Generator) -> None:
    foot = (at[0] + round(1.3 * scale), at[1] + round(1.5 * scale))
    glass = float(rng.uniform(50, 110))
    cv2.rectangle(picture, at, foot, (glass * 1.1, glass, glass * 0.9), -1)
    cv2.rectangle(picture, at, foot, (205, 208, 208), 2)
    cv2.line(
        picture,
        ((at[0] + foot[0]) // 2, at[1]),
        ((at[0] + foot[0]) // 2, foot[1]),
        (200, 200, 200),
        2,
    )
