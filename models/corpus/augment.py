"""Random views of a labelled picture, as a moving camera would have taken it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from models.corpus.disturbances import disturbed
from models.dataset.labelled_pictures import Boxes, Labels, Picture
from models.pictures.image import Image

GREY: Final = (114, 114, 114)
MIN_VISIBLE: Final = 0.3
MIN_SIDE_PX: Final = 3.0
MIN_DEPTH: Final = 0.05
TILT_DEG: Final = 2.5
"""Spread of a vehicle camera's roll; bumps and curves tilt it, its mount never turns it over."""
LEAN: Final = 0.05
"""Spread of the perspective terms: how much larger one edge of the view gets than its middle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A picture on its canvas: boxes in canvas pixels, x1 y1 x2 y2."""

    image: Image
    boxes: Boxes
    labels: Labels
    ignored_boxes: Boxes
    ignored_labels: Labels


def view_of(
    picture: Picture,
    image: Image,
    *,
    height: int,
    width: int,
    zoom: float,
    level: bool,
    rng: np.random.Generator,
) -> View:
    """Place a picture on a canvas at a random scale, angle and position, and disturb its light.

    Args:
        zoom: the picture is shown this many times larger than whole, for frames of small things.
        level: the camera keeps its horizon; else it looks down and any turn is as likely.
    """
    matrix = _placement(
        image.shape[:2], height=height, width=width, zoom=zoom, level=level, rng=rng
    )
    view = placed(picture, image, matrix, height=height, width=width)
    return replace(view, image=disturbed(view.image, rng))


def still_views(
    picture: Picture, image: Image, *, height: int, width: int, zoom: float
) -> list[View]:
    """Show a picture as it is, for measuring: whole, or as tiles where it is shown larger."""
    scale = zoom * min(height / image.shape[0], width / image.shape[1])
    rows = _starts(image.shape[0] * scale, height)
    columns = _starts(image.shape[1] * scale, width)
    return [
        placed(
            picture,
            image,
            np.array([[scale, 0, -left], [0, scale, -top], [0, 0, 1]]),
            height=height,
            width=width,
        )
        for top in rows
        for left in columns
    ]


def _starts(length: float, tile: int) -> NDArray[np.float64]:
    """Return where tiles begin that cover a length; a shorter length lies in the middle of one."""
    if length <= tile:
        return np.array([(length - tile) / 2])
    return np.linspace(0, length - tile, int(np.ceil(length / tile)))


def placed(
    picture: Picture, image: Image, matrix: NDArray[np.float64], *, height: int, width: int
) -> View:
    """Lay a picture on a canvas by a (3, 3) homography from its pixels to the canvas's."""
    canvas = cv2.warpPerspective(
        image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=GREY
    )
    size = np.array([image.shape[1], image.shape[0]] * 2, np.float32)
    boxes, kept = _moved(picture.boxes * size, matrix, height=height, width=width)
    ignored, left = _moved(picture.ignored_boxes * size, matrix, height=height, width=width)
    return View(
        image=np.asarray(canvas, np.uint8),
        boxes=boxes[kept],
        labels=picture.labels[kept],
        ignored_boxes=np.vstack((ignored[left], boxes[~kept])),
        ignored_labels=np.concatenate((picture.ignored_labels[left], picture.labels[~kept])),
    )


def joined(views: Sequence[View]) -> View:
    """Put four views of one size together, two by two."""
    height, width = views[0].image.shape[:2]
    corners = ((0, 0), (width, 0), (0, height), (width, height))
    shifts = [np.array(corner * 2, np.float32) for corner in corners]
    rows = [np.hstack([v.image for v in views[i : i + 2]]) for i in (0, 2)]
    return View(
        image=np.vstack(rows),
        boxes=np.vstack([v.boxes + s for v, s in zip(views, shifts, strict=True)]),
        labels=np.concatenate([v.labels for v in views]),
        ignored_boxes=np.vstack([v.ignored_boxes + s for v, s in zip(views, shifts, strict=True)]),
        ignored_labels=np.concatenate([v.ignored_labels for v in views]),
    )


def _placement(
    shape: tuple[int, int],
    *,
    height: int,
    width: int,
    zoom: float,
    level: bool,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Return the (3, 3) homography from picture to canvas pixels."""
    fit = min(height / shape[0], width / shape[1])
    cover = max(height / shape[0], width / shape[1])
    scale = zoom * fit * np.exp(rng.uniform(np.log(0.7), np.log(1.25 * cover / fit)))
    angle = np.deg2rad(rng.normal(0, TILT_DEG)) if level else rng.uniform(0, 2 * np.pi)
    shear = rng.normal(0, 0.03)
    flip = -1.0 if rng.random() < 0.5 else 1.0
    stretch = np.exp(rng.normal(0, 0.08))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = scale * turn @ np.array([[flip * stretch, shear], [0, 1 / stretch]])
    half = np.array([shape[1] / 2, shape[0] / 2])
    centre = np.array([width / 2, height / 2])
    slack = np.abs(centre - np.abs(linear) @ half) + 0.08 * centre
    shift = centre - linear @ half + rng.uniform(-1, 1, 2) * slack
    affine = np.vstack((np.hstack((linear, shift[:, None])), (0, 0, 1)))
    return np.asarray(_lean(centre, rng) @ affine)


def _lean(centre: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the (3, 3) homography of a canvas whose camera leans a little about its middle."""
    back = np.array([[1.0, 0, centre[0]], [0, 1, centre[1]], [0, 0, 1]])
    fore = np.array([[1.0, 0, -centre[0]], [0, 1, -centre[1]], [0, 0, 1]])
    lean = np.clip(rng.normal(0, LEAN, 2), -3 * LEAN, 3 * LEAN) / centre
    return np.asarray(back @ np.array([[1.0, 0, 0], [0, 1, 0], [*lean, 1]]) @ fore)


def _moved(
    boxes: Boxes, matrix: NDArray[np.float64], *, height: int, width: int
) -> tuple[Boxes, NDArray[np.bool_]]:
    """Return moved boxes cut at the canvas, and which of them still show enough."""
    x1, y1, x2, y2 = boxes.T
    corners = np.stack((np.stack((x1, x2, x2, x1)), np.stack((y1, y1, y2, y2))))
    moved = np.einsum("ij,jkn->ikn", matrix[:, :2], corners) + matrix[:, 2][:, None, None]
    # A corner far outside may lie behind the leaning camera.
    plane = moved[:2] / np.maximum(moved[2], MIN_DEPTH)
    low, high = plane.min(1), plane.max(1)
    limit = np.array([[width], [height]])
    cut_low, cut_high = np.clip(low, 0, limit), np.clip(high, 0, limit)
    side = cut_high - cut_low
    share = side.prod(0) / np.maximum((high - low).prod(0), 1e-6)
    kept = (share >= MIN_VISIBLE) & (side.min(0) >= MIN_SIDE_PX)
    return np.vstack((cut_low, cut_high)).T.astype(np.float32), kept
