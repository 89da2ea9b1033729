"""Textured solids built from flat faces: boxes, tapered boxes, posts."""

import numpy as np

from edge.sources.street.shapes import Face, Image, Texture, as_image
from edge.sources.street.sprites import Colour
from edge.sources.street.view import Points

SUNLIT = {"front": 0.78, "back": 0.86, "left": 0.98, "right": 0.66, "top": 1.08}
"""How bright the sides of a box are; the back (facing a car that drives up to it) is half lit."""


def dimmed(image: Image, factor: float) -> Texture:
    """Give a texture of a picture in more or less light."""
    lit = image.astype(np.float32)
    lit[..., :3] *= factor
    return Texture(np.clip(lit, 0.0, 255.0).astype(np.uint8))


def flat(colour: Colour, *, grain: float, rng: np.random.Generator) -> Image:
    """Draw a plain surface, a little uneven, darker towards its foot."""
    fall = np.linspace(1.05, 0.85, 32, dtype=np.float32)[:, None, None]
    rough = rng.normal(1.0, grain, (32, 32, 1)).astype(np.float32)
    return as_image(
        np.clip(np.array(colour, np.float32) * fall * rough, 0.0, 255.0).astype(np.uint8)
    )


def quad(corners: list[tuple[float, float, float]], texture: Texture, inner: Points) -> Face:
    """Make a face that looks away from an inner point."""
    points = np.array(corners, dtype=np.float64)
    normal = np.cross(points[1] - points[0], points[3] - points[0])
    if float(normal @ (points.mean(axis=0) - inner)) < 0.0:
        normal = -normal
    return Face(corners=points, texture=texture, outward=normal)


def box_faces(
    low: tuple[float, float, float],
    high: tuple[float, float, float],
    sides: dict[str, Texture],
    *,
    taper_m: float = 0.0,
) -> tuple[Face, ...]:
    """Make the faces of an upright box.

    Args:
        low: least along, right, up; metres.
        high: greatest along, right, up; metres.
        sides: back (towards the start of the street), front, left, right, top; absent ones are
            left open.
        taper_m: by how much the foot is narrower than the top on every side.
    """
    (a0, r0, z0), (a1, r1, z1) = low, high
    t = taper_m
    inner = np.array([(a0 + a1) / 2, (r0 + r1) / 2, (z0 + z1) / 2])
    corners: dict[str, list[tuple[float, float, float]]] = {
        "back": [(a0, r0, z1), (a0, r1, z1), (a0 + t, r1 - t, z0), (a0 + t, r0 + t, z0)],
        "front": [(a1, r1, z1), (a1, r0, z1), (a1 - t, r0 + t, z0), (a1 - t, r1 - t, z0)],
        "left": [(a1, r0, z1), (a0, r0, z1), (a0 + t, r0 + t, z0), (a1 - t, r0 + t, z0)],
        "right": [(a0, r1, z1), (a1, r1, z1), (a1 - t, r1 - t, z0), (a0 + t, r1 - t, z0)],
        "top": [(a1, r0, z1), (a1, r1, z1), (a0, r1, z1), (a0, r0, z1)],
    }
    return tuple(quad(corners[name], texture, inner) for name, texture in sides.items())
