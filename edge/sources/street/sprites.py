"""Pictures of round things: plastic bags, leaves, heads; light falls from the upper left."""

from typing import Final

import cv2
import numpy as np

from edge.sources.street.shapes import Texture
from edge.sources.street.sheet import Field, noise, rise

Colour = tuple[float, float, float]

_SIDE: Final = 96
_LIGHT: Final = (-0.45, -0.75, 0.48)


def bag(colour: Colour, *, gloss: float, rng: np.random.Generator) -> Texture:
    """Draw a knotted plastic bag: creased, with highlights on its folds.

    Args:
        colour: blue, green, red of the film in full light.
        gloss: 0 is paper, 1 is wet black film.
    """
    x, y, inside = _disc(rng, ragged=0.10)
    folds = noise((_SIDE, _SIDE), px_per_m=_SIDE, waves_m=(0.3, 0.16, 0.08), rng=rng)
    height = np.sqrt(np.clip(1.0 - np.clip(x * x + y * y, 0.0, 1.0), 0.0, 1.0)) + 0.10 * folds
    facing = _facing(height.astype(np.float32))
    light = 0.34 + 0.75 * np.clip(facing, 0.0, 1.0) - 0.16 * rise(0.2, 1.0, y)
    shine = np.clip(facing - 0.72, 0.0, 1.0) * 4.0 * gloss
    painted: Field = light[..., None] * np.array(colour, np.float32) + (shine * 150.0)[..., None]
    return _cut_out(painted, inside)


def leaves(rng: np.random.Generator, colour: Colour) -> Texture:
    """Draw a lump of foliage with holes in it."""
    x, y, inside = _disc(rng, ragged=0.25)
    fine = noise((_SIDE, _SIDE), px_per_m=_SIDE, waves_m=(0.035, 0.06), rng=rng)
    lumps = noise((_SIDE, _SIDE), px_per_m=_SIDE, waves_m=(0.2,), rng=rng)
    light = 0.62 - 0.28 * y - 0.15 * x + 0.22 * fine + 0.15 * lumps
    holes = rise(
        -1.5, -0.7, fine + 0.6 * lumps + 1.2 * rise(1.0, 0.5, np.hypot(x, y).astype(np.float32))
    )
    painted: Field = np.clip(light, 0.1, 1.3)[..., None] * np.array(colour, np.float32)
    return _cut_out(painted, inside * holes)


def plain(colour: Colour, rng: np.random.Generator) -> Texture:
    """Draw a softly lit round body: a head, a torso, a leg."""
    x, y, inside = _disc(rng, ragged=0.02)
    light = 0.72 - 0.2 * x - 0.22 * y
    return _cut_out(light[..., None] * np.array(colour, np.float32), inside)


def _disc(rng: np.random.Generator, *, ragged: float) -> tuple[Field, Field, Field]:
    axis = (np.arange(_SIDE, dtype=np.float32) + 0.5) / _SIDE * 2.0 - 1.0
    x, y = np.meshgrid(axis, axis)
    turn = np.arctan2(y, x)
    edge = np.ones_like(x) * 0.92
    for k in range(2, 8):
        amount, phase = rng.uniform(0.2, 1.0) * ragged / k**0.7, rng.uniform(0.0, 2 * np.pi)
        edge = edge - np.float32(abs(amount)) * (0.5 + 0.5 * np.cos(k * turn + np.float32(phase)))
    inside = rise(0.0, 0.05, (edge - np.hypot(x, y)).astype(np.float32))
    return x.astype(np.float32), y.astype(np.float32), inside


def _facing(height: Field) -> Field:
    down, across = np.gradient(cv2.GaussianBlur(height, (0, 0), 1.2) * (_SIDE / 2.0))
    length = np.sqrt(down * down + across * across + 1.0)
    lit: Field = ((-across * _LIGHT[0] - down * _LIGHT[1] + _LIGHT[2]) / length).astype(np.float32)
    return lit


def _cut_out(painted: Field, inside: Field) -> Texture:
    picture = np.dstack([np.clip(painted, 0.0, 255.0), inside * 255.0])
    return Texture(picture.astype(np.uint8))
