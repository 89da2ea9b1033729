"""A frame being painted from far to near, remembering which thing each pixel shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from models.rendered.camera import NEAR_M, Camera, Floats

FAR_PX: Final = 20000.0

Colour = tuple[float, float, float]


@dataclass(slots=True, kw_only=True)
class Canvas:
    """Pixels (BGR, 0 to 255), the number of the thing each shows, and the light."""

    camera: Camera
    image: NDArray[np.uint8]
    things: NDArray[np.int16]
    sun: Floats
    ambient: float

    def shade(self, normal: Floats) -> float:
        """Return how bright a face is, ambient to 1 and a little above."""
        return self.ambient + (1.1 - self.ambient) * max(0.0, float(normal @ self.sun))

    def polygon(self, world: Floats, colour: Colour, *, thing: int) -> None:
        """Fill a flat convex polygon given by (n, 3) world points."""
        seen = _in_front(self.camera.camera_points(world))
        if len(seen) < 3:
            return
        pixels = np.clip(self.camera.pixels(seen), -FAR_PX, FAR_PX)
        self._fill(pixels, colour, thing=thing)

    def face(self, world: Floats, colour: Colour, *, thing: int) -> None:
        """Fill a polygon shaded by its own normal, if it is turned towards the camera."""
        normal = np.cross(world[1] - world[0], world[2] - world[0])
        length = float(np.linalg.norm(normal))
        eye = np.array([0.0, 0.0, self.camera.height_m])
        if length == 0 or normal @ (eye - world[0]) <= 0:
            return
        self.polygon(world, scaled(colour, self.shade(normal / length)), thing=thing)

    def tube(
        self, start: Floats, end: Floats, colour: Colour, *, radius_m: float, thing: int
    ) -> None:
        """Draw a round bar between two world points."""
        seen = _in_front(self.camera.camera_points(np.stack((start, end))))
        if len(seen) < 2:
            return
        pixels = self.camera.pixels(seen)
        width = radius_m * self.camera.focal_px / seen[:, 2]
        along = pixels[1] - pixels[0]
        length = float(np.hypot(*along))
        across = np.array([-along[1], along[0]]) / max(length, 1e-6)
        edge = across * width[:2, None]
        corners = np.array([pixels[0] - edge[0], pixels[1] - edge[1]])
        middle = np.array([pixels[1] + edge[1], pixels[0] + edge[0]])
        self._fill(np.vstack((corners, middle)), scaled(colour, 0.8), thing=thing)
        self._fill(np.vstack((corners * 0.5 + pixels[:2] * 0.5, middle)), colour, thing=thing)

    def blob(
        self,
        centre: Floats,
        colour: Colour,
        *,
        radii_m: tuple[float, float],
        roughness: float,
        thing: int,
        rng: np.random.Generator,
    ) -> None:
        """Draw a lumpy ball that faces the camera: a bag, a head, leaves.

        Args:
            radii_m: across and up.
        """
        point = self.camera.camera_points(centre[None])
        if point[0, 2] < NEAR_M:
            return
        middle = self.camera.pixels(point)[0]
        size = np.array(radii_m) * self.camera.focal_px / point[0, 2]
        if size.max() < 0.5:
            return
        angle = np.linspace(0, 2 * np.pi, 18, endpoint=False)
        lump = 1 + roughness * _smooth(rng.standard_normal(18))
        ring = np.column_stack((np.cos(angle), np.sin(angle))) * lump[:, None] * size
        self._fill(middle + ring, scaled(colour, 0.55 * self.ambient + 0.3), thing=thing)
        lit = self.camera.camera_from_world @ self.sun
        for share, bright in ((0.8, 0.8), (0.5, 1.0)):
            shift = lit[:2] * size * (1 - share) * 0.9
            self._fill(middle + shift + ring * share, scaled(colour, bright), thing=thing)

    def darken(self, world: Floats, *, share: float) -> None:
        """Cast a shadow: darken the convex hull of world points without covering anything."""
        seen = _in_front(self.camera.camera_points(world))
        if len(seen) < 3:
            return
        pixels = np.clip(self.camera.pixels(seen), -FAR_PX, FAR_PX).astype(np.float32)
        hull = cv2.convexHull(pixels).astype(np.int32)
        x, y, wide, high = cv2.boundingRect(hull)
        left, top = max(x - 8, 0), max(y - 8, 0)
        part = self.image[top : max(y + high + 8, 0), left : max(x + wide + 8, 0)]
        if part.size == 0:
            return
        mask = np.zeros(part.shape[:2], np.float32)
        cv2.fillConvexPoly(mask, hull - np.array([left, top]), 1.0)
        soft = cv2.GaussianBlur(mask, (0, 0), 2.0)
        part[:] = (part * (1 - share * soft[..., None])).astype(np.uint8)

    def _fill(self, pixels: Floats, colour: Colour, *, thing: int) -> None:
        corners = np.round(pixels).astype(np.int32)
        low, high = corners.min(0), corners.max(0)
        if high[0] < 0 or high[1] < 0:
            return
        if low[0] >= self.camera.width_px or low[1] >= self.camera.height_px:
            return
        cv2.fillPoly(self.image, [corners], colour)
        cv2.fillPoly(self.things, [corners], thing)


def scaled(colour: Colour, factor: float) -> Colour:
    """Return a colour brighter or darker."""
    blue, green, red = (min(255.0, max(0.0, c * factor)) for c in colour)
    return blue, green, red


def cuboid(
    centre: Floats, size: tuple[float, float, float], *, yaw: float, taper: float = 1.0
) -> Floats:
    """Return the (8, 3) corners of a box standing at `centre`; four below, four above.

    Args:
        size: along its own x, y and z.
        yaw: turned anticlockwise seen from above.
        taper: how wide the top is against the bottom.
    """
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * np.array(size[:2]) / 2
    turn = np.array([[np.cos(yaw), -np.sin(yaw)], [np.sin(yaw), np.cos(yaw)]])
    low = np.column_stack((half @ turn.T, np.zeros(4)))
    high = np.column_stack((half @ turn.T * taper, np.full(4, size[2])))
    return np.vstack((low, high)) + centre


def faces(corners: Floats) -> Sequence[Floats]:
    """Return the five faces of a box that can be seen, each with its normal outward."""
    rings = [corners[[i, (i + 1) % 4, (i + 1) % 4 + 4, i + 4]] for i in range(4)]
    return [*rings, corners[4:]]


def _smooth(values: Floats) -> Floats:
    return (np.roll(values, 1) + values + np.roll(values, -1)) / 2


def _in_front(points: Floats) -> Floats:
    """Cut a polygon (or a segment) in camera coordinates at the near plane."""
    if (points[:, 2] >= NEAR_M).all():
        return points
    kept = []
    closed = len(points) > 2
    for i in range(len(points)):
        here, after = points[i], points[(i + 1) % len(points)]
        if here[2] >= NEAR_M:
            kept.append(here)
        if (closed or i == 0) and (here[2] >= NEAR_M) != (after[2] >= NEAR_M):
            portion = (NEAR_M - here[2]) / (after[2] - here[2])
            kept.append(here + portion * (after - here))
    return np.array(kept).reshape(-1, 3)
