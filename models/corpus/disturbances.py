"""What light, weather, movement and the camera do to a street picture."""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from models.pictures.image import Image

Disturbance = Callable[[Image, np.random.Generator], Image]


def disturbed(image: Image, rng: np.random.Generator) -> Image:
    """Change exposure and colour a little, and now and then what moving cameras meet."""
    image = exposed(image, rng)
    chances = rng.random(len(DISTURBANCES))
    for (share, disturbance), chance in zip(DISTURBANCES, chances, strict=True):
        if chance < share:
            image = disturbance(image, rng)
    return image


def exposed(image: Image, rng: np.random.Generator) -> Image:
    """Change hue, saturation and brightness."""
    hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV).astype(np.float32)
    gain = np.exp(rng.normal(0, (0.3, 0.2))).astype(np.float32)
    hsv[..., 0] = (hsv[..., 0] + np.float32(rng.normal(0, 3))) % 180
    hsv[..., 1:] = np.clip(hsv[..., 1:] * gain, 0, 255)
    return np.asarray(cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2BGR), np.uint8)


def contrasted(image: Image, rng: np.random.Generator) -> Image:
    """Bend the tone curve."""
    return _curve(image, 255 * (np.arange(256) / 255) ** np.exp(rng.uniform(-0.5, 0.9)))


def night(image: Image, rng: np.random.Generator) -> Image:
    """Darken, tint as street lamps do, light what lies ahead, and add the sensor's noise."""
    height, width = image.shape[:2]
    y, x = np.ogrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    far = ((x - rng.uniform(0.3, 0.7)) / 0.45) ** 2 + ((y - rng.uniform(0.6, 1.0)) / 0.35) ** 2
    lamp = rng.uniform(0.25, 0.45) + rng.uniform(0.1, 0.6) * np.exp(-far)
    tint = np.array([rng.uniform(0.6, 1.1), rng.uniform(0.8, 1.0), 1.0])
    dark = 255 * (image / 255) ** rng.uniform(1.0, 1.6) * lamp[..., None] * tint
    return _clipped(dark + rng.normal(0, rng.uniform(2, 8), image.shape))


def motion_blur(image: Image, rng: np.random.Generator) -> Image:
    """Smear along a straight line, as bumps and turns do within an exposure."""
    length = int(rng.integers(3, 4 + max(4, image.shape[1] // 45)))
    kernel = np.zeros((length, length), np.float32)
    ends = rng.integers(length, size=2)
    cv2.line(kernel, (0, int(ends[0])), (length - 1, int(ends[1])), color=1.0)
    return np.asarray(cv2.filter2D(image, -1, kernel / kernel.sum()), np.uint8)


def glare(image: Image, rng: np.random.Generator) -> Image:
    """Shine a low sun or a lamp into the lens: a burning spot and a veil over all."""
    height, width = image.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    far = np.hypot(x - rng.uniform(0, width), y - rng.uniform(-0.1, 0.5) * height)
    spot = 255 * np.exp(-((far / (rng.uniform(0.06, 0.3) * width)) ** 2))
    veil = rng.uniform(10, 70) * np.exp(-far / (0.6 * width))
    warm = np.array([rng.uniform(0.75, 1.0), rng.uniform(0.9, 1.0), 1.0])
    return _clipped(image + (spot + veil)[..., None] * warm)


def rain(image: Image, rng: np.random.Generator) -> Image:
    """Draw falling streaks and drops on the lens, and take contrast away."""
    height, width = image.shape[:2]
    streaks = np.zeros((height, width), np.uint8)
    slope = rng.normal(0, 0.25)
    for _ in range(int(rng.integers(40, 200))):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        fall = rng.uniform(0.02, 0.08) * height
        ends = ((int(x), int(y)), (int(x + slope * fall), int(y + fall)))
        cv2.line(streaks, *ends, color=int(rng.integers(60, 160)))
    grey = rng.uniform(0.1, 0.35)
    wet = image * (1 - grey) + grey * image.mean() + cv2.GaussianBlur(streaks, (3, 3), 0)[..., None]
    return _drops(_clipped(wet), rng)


def _drops(image: Image, rng: np.random.Generator) -> Image:
    """Blur round spots, as drops out of focus do."""
    height, width = image.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    for _ in range(int(rng.integers(0, 9))):
        at = (int(rng.integers(width)), int(rng.integers(height)))
        cv2.circle(mask, at, int(rng.uniform(0.008, 0.05) * width) + 1, color=255, thickness=-1)
    through = cv2.GaussianBlur(image, (0, 0), width / 70)
    share = cv2.GaussianBlur(mask, (0, 0), 2)[..., None] / 255
    return _clipped(image * (1 - share) + through * share + 8 * share)


def noise(image: Image, rng: np.random.Generator) -> Image:
    """Add the grain of a short exposure."""
    return _clipped(image + rng.normal(0, rng.uniform(3, 12), image.shape))


def squeezed(image: Image, rng: np.random.Generator) -> Image:
    """Compress as a video link does."""
    quality = int(rng.integers(35, 85))
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def _curve(image: Image, table: NDArray[np.float64]) -> Image:
    return np.asarray(cv2.LUT(image, table.astype(np.uint8)), np.uint8)


def _clipped(light: NDArray[np.floating]) -> Image:
    return np.asarray(np.clip(light, 0, 255), np.uint8)


DISTURBANCES: Final[tuple[tuple[float, Disturbance], ...]] = (
    (0.25, contrasted),
    (0.05, rain),
    (0.05, night),
    (0.05, glare),
    (0.15, motion_blur),
    (0.12, noise),
    (0.2, squeezed),
)
"""Share of views that meet each, in the order in which light passes: scene, lens, sensor, link."""
