"""What stands along the street and above it: sky, facades, walls, trees, poles."""

import cv2
import numpy as np
from numpy.typing import NDArray

from models.rendered.camera import Floats
from models.rendered.canvas import Canvas, Colour, cuboid, faces, scaled
from models.rendered.traffic import UP
from models.rendered.waste import any_of, shadow_of

WALLS: tuple[Colour, ...] = (
    (150, 170, 190),
    (200, 205, 210),
    (110, 130, 160),
    (90, 100, 130),
    (170, 180, 170),
    (60, 80, 130),
    (130, 130, 130),
)
LEAVES: tuple[Colour, ...] = ((40, 90, 50), (50, 120, 80), (30, 70, 40), (60, 110, 110))


def paint_sky(
    shape: tuple[int, int], *, horizon: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Return (rows, columns, 3): a sky paler towards the horizon row, with clouds."""
    rows, columns = shape
    high = np.array([rng.uniform(150, 245), rng.uniform(140, 220), rng.uniform(110, 215)])
    pale = high + (235 - high) * rng.uniform(0.3, 0.9)
    share = np.clip(np.arange(rows) / max(horizon, 1.0), 0, 1)[:, None]
    sky = (high + (pale - high) * share)[:, None, :].repeat(columns, 1)
    coarse = rng.standard_normal((6, 10)).astype(np.float32)
    clouds = cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(sky + 10 * clouds[..., None], 0, 255), np.float32)


def draw_facade(
    canvas: Canvas,
    *,
    at: Floats,
    size: tuple[float, float, float],
    thing: int,
    rng: np.random.Generator,
) -> None:
    """Stand a building with rows of windows along the street.

    Args:
        at: the middle of its far end: by it, what stands before the building is painted later.
    """
    corners = cuboid(at - np.array([0, size[1] / 2, 0]), size, yaw=0.0)
    wall = any_of(rng, WALLS)
    canvas.darken(shadow_of(corners, canvas.sun), share=0.35)
    for face in faces(corners):
        canvas.face(face, wall, thing=thing)
    floors = max(1, int(size[2] / rng.uniform(2.8, 3.6)))
    pane = scaled((80, 75, 70), rng.uniform(0.5, 2.0))
    for face in faces(corners)[:4]:
        wide = float(np.linalg.norm(face[1] - face[0]))
        columns = max(1, int(wide / rng.uniform(2.0, 4.0)))
        for floor in range(floors):
            for column in range(columns):
                _window(canvas, face, (column, columns), (floor, floors), pane, thing=thing)


def _window(
    canvas: Canvas,
    face: Floats,
    column: tuple[int, int],
    floor: tuple[int, int],
    colour: Colour,
    *,
    thing: int,
) -> None:
    left, right = (column[0] + 0.2) / column[1], (column[0] + 0.8) / column[1]
    low, high = (floor[0] + 0.25) / floor[1], (floor[0] + 0.8) / floor[1]
    across, up = face[1] - face[0], face[3] - face[0]
    pane = np.array(
        [face[0] + across * u + up * v for u, v in ((left, low), (right, low))]
        + [face[0] + across * u + up * v for u, v in ((right, high), (left, high))]
    )
    canvas.face(pane, colour, thing=thing)


def draw_tree(canvas: Canvas, *, at: Floats, thing: int, rng: np.random.Generator) -> None:
    """Plant a tree; its crown shades the ground."""
    tall = rng.uniform(2.5, 7)
    leaves = any_of(rng, LEAVES)
    crown = at + tall * UP
    canvas.darken(shadow_of(cuboid(crown, (2.5, 2.5, 2.0), yaw=0.3), canvas.sun), share=0.35)
    canvas.tube(at, crown, (50, 70, 90), radius_m=rng.uniform(0.08, 0.2), thing=thing)
    for _ in range(int(rng.integers(8, 22))):
        spot = crown + rng.normal(0, 0.9, 3) + 0.6 * UP
        size = rng.uniform(0.5, 1.3)
        canvas.blob(
            spot,
            scaled(leaves, rng.uniform(0.6, 1.3)),
            radii_m=(size, size * 0.8),
            roughness=0.3,
            thing=thing,
            rng=rng,
        )


def draw_pole(canvas: Canvas, *, at: Floats, thing: int, rng: np.random.Generator) -> None:
    """Stand a lamp post, a bollard, a hydrant or a cabinet: none of them a bin."""
    kind = rng.random()
    grey = any_of(rng, ((110, 110, 110), (60, 60, 60), (60, 110, 70), (50, 50, 170)))
    if kind < 0.5:
        top = at + rng.uniform(3, 8) * UP
        canvas.tube(at, top, grey, radius_m=rng.uniform(0.05, 0.1), thing=thing)
        arm = top + np.array([-np.sign(at[0]) * 1.2, 0, 0.2])
        canvas.tube(top, arm, grey, radius_m=0.05, thing=thing)
    elif kind < 0.8:
        top = at + rng.uniform(0.5, 0.9) * UP
        canvas.tube(at, top, grey, radius_m=rng.uniform(0.04, 0.1), thing=thing)
    else:
        size = (rng.uniform(0.6, 1.4), rng.uniform(0.3, 0.5), rng.uniform(1.2, 1.8))
        for face in faces(cuboid(at, size, yaw=rng.choice([0, np.pi / 2]))):
            canvas.face(face, any_of(rng, ((120, 140, 130), (160, 160, 160))), thing=thing)
