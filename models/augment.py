"""Random views of a labelled picture, as a moving camera would have taken it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from models.datasets import Boxes, Labels, Picture

GREY: Final = (114, 114, 114)
MIN_VISIBLE: Final = 0.3
MIN_SIDE_PX: Final = 3.0

Image = NDArray[np.uint8]


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
    rng: np.random.Generator,
) -> View:
    """Place a picture on a canvas at a random scale, angle and position, and disturb its light.

    Args:
        zoom: the picture is shown this many times larger than whole, for frames of small things.
    """
    matrix = _placement(image.shape[:2], height=height, width=width, zoom=zoom, rng=rng)
    canvas = cv2.warpAffine(
        image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=GREY
    )
    size = np.array([image.shape[1], image.shape[0]] * 2, np.float32)
    boxes, kept = _moved(picture.boxes * size, matrix, height=height, width=width)
    ignored, left = _moved(picture.ignored_boxes * size, matrix, height=height, width=width)
    return View(
        image=_disturbed(canvas.astype(np.uint8), rng),
        boxes=boxes[kept],
        labels=picture.labels[kept],
        ignored_boxes=np.vstack((ignored[left], boxes[~kept])),
        ignored_labels=np.concatenate((picture.ignored_labels[left], picture.labels[~kept])),
    )


def read_image(path: Path, *, longest: int) -> Image:
    """Read a picture as BGR, no side longer than `longest` pixels."""
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise FileNotFoundError(path)
    scale = longest / max(image.shape[:2])
    if scale < 1:
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(image, np.uint8)


def _placement(
    shape: tuple[int, int],
    *,
    height: int,
    width: int,
    zoom: float,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Return the 2x3 affine map from picture to canvas pixels."""
    fit = min(height / shape[0], width / shape[1])
    cover = max(height / shape[0], width / shape[1])
    scale = zoom * fit * np.exp(rng.uniform(np.log(0.7), np.log(1.25 * cover / fit)))
    angle, shear = np.deg2rad(rng.normal(0, 2.0)), rng.normal(0, 0.03)
    flip = -1.0 if rng.random() < 0.5 else 1.0
    stretch = np.exp(rng.normal(0, 0.08))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = scale * turn @ np.array([[flip * stretch, shear], [0, 1 / stretch]])
    half = np.array([shape[1] / 2, shape[0] / 2])
    centre = np.array([width / 2, height / 2])
    slack = np.abs(centre - np.abs(linear) @ half) + 0.08 * centre
    shift = centre - linear @ half + rng.uniform(-1, 1, 2) * slack
    return np.hstack((linear, shift[:, None]))


def _moved(
    boxes: Boxes, matrix: NDArray[np.float64], *, height: int, width: int
) -> tuple[Boxes, NDArray[np.bool_]]:
    """Return moved boxes cut at the canvas, and which of them still show enough."""
    x1, y1, x2, y2 = boxes.T
    corners = np.stack((np.stack((x1, x2, x2, x1)), np.stack((y1, y1, y2, y2))))
    moved = np.einsum("ij,jkn->ikn", matrix[:, :2], corners) + matrix[:, 2][:, None, None]
    low, high = moved.min(1), moved.max(1)
    limit = np.array([[width], [height]])
    cut_low, cut_high = np.clip(low, 0, limit), np.clip(high, 0, limit)
    side = cut_high - cut_low
    share = side.prod(0) / np.maximum((high - low).prod(0), 1e-6)
    kept = (share >= MIN_VISIBLE) & (side.min(0) >= MIN_SIDE_PX)
    return np.vstack((cut_low, cut_high)).T.astype(np.float32), kept


def _disturbed(image: Image, rng: np.random.Generator) -> Image:
    hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV).astype(np.float32)
    gain = np.exp(rng.normal(0, (0.01, 0.3, 0.2)))
    hsv[..., 0] = (hsv[..., 0] + rng.normal(0, 3)) % 180
    hsv[..., 1:] = np.clip(hsv[..., 1:] * gain[1:], 0, 255)
    image = cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2BGR).astype(np.uint8)
    chance = rng.random(5)
    if chance[0] < 0.25:
        image = _gamma(image, float(np.exp(rng.uniform(-0.5, 0.9))))
    if chance[1] < 0.15:
        image = _motion_blur(image, rng)
    if chance[2] < 0.15:
        noise = rng.normal(0, rng.uniform(3, 12), image.shape)
        image = np.clip(image + noise, 0, 255).astype(np.uint8)
    if chance[3] < 0.2:
        image = _jpeg(image, quality=int(rng.integers(35, 85)))
    return image[..., ::-1] if chance[4] < 0.01 else image


def _gamma(image: Image, power: float) -> Image:
    table = (255 * (np.arange(256) / 255) ** power).astype(np.uint8)
    return np.asarray(cv2.LUT(image, table), np.uint8)


def _motion_blur(image: Image, rng: np.random.Generator) -> Image:
    length = int(rng.integers(3, 8))
    kernel = np.zeros((length, length), np.float32)
    cv2.line(
        kernel,
        (0, int(rng.integers(length))),
        (length - 1, int(rng.integers(length))),
        color=1.0,
    )
    return np.asarray(cv2.filter2D(image, -1, kernel / kernel.sum()), np.uint8)


def _jpeg(image: Image, *, quality: int) -> Image:
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
