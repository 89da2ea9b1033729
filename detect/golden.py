"""A picture that every installation draws alike, to see what a model answers."""

import cv2
import numpy as np

from detect.pixels import Image

_SEED = 20
_THINGS = 40


def golden_picture(*, height: int, width: int) -> Image:
    """Draw roughness of several sizes with dark and bright blobs, (height, width, 3), uint8.

    It shows nothing that has a name, but busies every layer, and a street model answers it with
    scores all over its range: enough to tell whether two ways of running a model agree.
    """
    rng = np.random.default_rng(_SEED)
    canvas = np.full((height, width, 3), 120, np.float32)
    for size in (2, 8, 32, 128):
        grid = (height // size + 2, width // size + 2, 3)
        noise = rng.normal(0, 12, grid).astype(np.float32)
        large = cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
        canvas += large
    picture = np.clip(canvas, 0, 255).astype(np.uint8)
    for _ in range(_THINGS):
        centre = (int(rng.integers(0, width)), int(rng.integers(0, height)))
        axes = tuple(int(v) for v in rng.integers(3, max(width // 8, 4), 2))
        colour = tuple(int(v) for v in rng.integers(0, 256, 3))
        turn = float(rng.uniform(0, 180))
        cv2.ellipse(picture, centre, axes, turn, 0, 360, colour, -1)
    return picture
