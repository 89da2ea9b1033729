"""The street's surface: asphalt, lane marks, kerbs, pavement, and what lies on it harmlessly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.rendered.camera import Camera
from models.rendered.noise import Field, Noise

Shade = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The street cut across at x; the road lies between `left_m` and `right_m`."""

    left_m: float
    right_m: float
    pavement_m: float
    lanes: int
    asphalt: float
    tint: tuple[float, float, float]
    verge: tuple[float, float, float]
    paving: tuple[float, float, float]
    mark: float
    wear: float
    slab_m: float
    dash_m: float
    zebra_at_m: float

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> "Ground":
        """Draw a street."""
        width = rng.uniform(6.0, 14.0)
        place = rng.uniform(0.25, 0.75)
        green = (rng.uniform(30, 80), rng.uniform(70, 130), rng.uniform(50, 120))
        soil = (rng.uniform(60, 100), rng.uniform(80, 120), rng.uniform(100, 150))
        return cls(
            left_m=-width * place,
            right_m=width * (1 - place),
            pavement_m=rng.uniform(1.5, 4.5),
            lanes=int(rng.integers(1, 5)),
            asphalt=rng.uniform(60, 165),
            tint=(rng.uniform(0.92, 1.08), 1.0, rng.uniform(0.92, 1.1)),
            verge=green if rng.random() < 0.6 else soil,
            paving=tuple(rng.uniform(90, 200) * rng.uniform(0.85, 1.1, 3)),
            mark=rng.uniform(0.2, 1.0),
            wear=rng.uniform(0.0, 0.6),
            slab_m=rng.uniform(0.25, 0.8),
            dash_m=rng.uniform(2.0, 6.0),
            zebra_at_m=rng.uniform(4, 25) if rng.random() < 0.2 else -1.0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundView:
    """The ground under every pixel: x, y and the size of a pixel there, metres, float32."""

    x: Field
    y: Field
    footprint: Field
    seen: NDArray[np.bool_]

    @classmethod
    def through(cls, camera: Camera) -> "GroundView":
        """Look at the ground through a camera; beyond 120 m nothing counts as seen."""
        x, y = camera.ground_map()
        seen = np.isfinite(x) & (np.hypot(x, y) < 120)
        x32 = np.where(seen, x, 0).astype(np.float32)
        y32 = np.where(seen, y, 0).astype(np.float32)
        slant = np.sqrt(x32**2 + y32**2 + camera.height_m**2)
        footprint = slant**1.5 / np.sqrt(camera.height_m) / camera.focal_px
        return cls(x=x32, y=y32, footprint=footprint.astype(np.float32), seen=seen)


def paint_ground(
    view: GroundView, ground: Ground, noise: Noise, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Return the bare ground's colour under every pixel, (rows, columns, 3), BGR 0 to 255."""
    x = view.x
    road = (x > ground.left_m) & (x < ground.right_m)
    kerb = 0.15
    walk = (
        ~road & (x > ground.left_m - ground.pavement_m) & (x < ground.right_m + ground.pavement_m)
    )
    colour = np.empty((*x.shape, 3), np.float32)
    colour[:] = ground.verge
    colour *= (1 + 0.22 * _layers(noise, view, (0.06, 0.3, 1.7)))[..., None]
    colour[walk] = (np.array(ground.paving) * _slabs(view, ground, noise)[..., None])[walk]
    asphalt = _asphalt(view, ground, noise, rng)
    colour[road] = (asphalt[..., None] * np.array(ground.tint, np.float32))[road]
    edge = np.minimum(np.abs(x - ground.left_m), np.abs(x - ground.right_m)) < kerb
    colour[edge] = rng.uniform(110, 210)
    return colour


def _layers(noise: Noise, view: GroundView, grains_m: tuple[float, ...]) -> Field:
    return noise.layered(view.x, view.y, grains_m=grains_m, footprint=view.footprint)


def _asphalt(view: GroundView, ground: Ground, noise: Noise, rng: np.random.Generator) -> Field:
    grain = _layers(noise, view, (0.008, 0.02, 0.05)) * rng.uniform(0.04, 0.22)
    blotch = _layers(noise, view, (0.4, 1.5, 6.0)) * rng.uniform(0.02, 0.12)
    tone = ground.asphalt * (1 + grain + blotch)
    lane = (ground.right_m - ground.left_m) / ground.lanes
    inside = np.mod(view.x - ground.left_m, lane) / lane
    tone *= 1 - rng.uniform(0, 0.14) * np.exp(-(((np.abs(inside - 0.5) - 0.25) / 0.08) ** 2))
    return _marked(tone.astype(np.float32), view, ground, noise, lane)


def _marked(tone: Field, view: GroundView, ground: Ground, noise: Noise, lane: float) -> Field:
    x, y = view.x, view.y
    offset = np.abs(np.mod(x - ground.left_m + lane / 2, lane) - lane / 2)
    dashed = np.mod(y, ground.dash_m * 2.5) < ground.dash_m
    at_edge = np.minimum(x - ground.left_m, ground.right_m - x)
    line = ((offset < 0.07) & dashed & (at_edge > 0.5)) | (np.abs(at_edge - 0.35) < 0.06)
    if ground.zebra_at_m > 0:
        across = np.abs(y - ground.zebra_at_m) < 1.6
        line |= across & (np.mod(x, 0.9) < 0.45)
    whole = noise.at(x, y, grain_m=0.05) > (ground.wear * 2.5 - 1.9)
    bright = np.maximum(tone, 130 + 110 * ground.mark)
    return np.where(line & whole, bright, tone).astype(np.float32)


def _slabs(view: GroundView, ground: Ground, noise: Noise) -> Field:
    size = ground.slab_m
    joint = np.minimum(np.mod(view.x, size), np.mod(view.y, size)) < 0.02
    clear = np.clip(1.5 - view.footprint / 0.04, 0, 1)
    each = noise.at(np.floor(view.x / size), np.floor(view.y / size), grain_m=0.61)
    slabs: Field = (
        1 + 0.07 * each - 0.3 * joint * clear + 0.06 * _layers(noise, view, (0.02, 0.3))
    ).astype(np.float32)
    return slabs


def soft_spots(
    colour: NDArray[np.float32],
    view: GroundView,
    noise: Noise,
    rng: np.random.Generator,
) -> None:
    """Lay down what is no damage: oil, wet patches, repaired rectangles, covers, leaf shade."""
    for _ in range(int(rng.integers(0, 5))):
        x0, y0 = rng.uniform(-5, 5), rng.uniform(2, 22)
        far = np.hypot(view.x - x0, (view.y - y0) * rng.uniform(0.4, 1.0))
        rough = 0.4 * noise.at(view.x, view.y, grain_m=0.3)
        spot = np.clip(1.2 - far / rng.uniform(0.2, 1.0) + rough, 0, 1)
        colour *= (1 - rng.uniform(0.1, 0.3) * spot)[..., None]
    for _ in range(int(rng.integers(0, 3))):
        x0, y0 = rng.uniform(-4, 4), rng.uniform(2, 20)
        wide, long = rng.uniform(0.3, 1.5), rng.uniform(0.5, 4.0)
        patch = (np.abs(view.x - x0) < wide) & (np.abs(view.y - y0) < long)
        colour[patch] *= rng.uniform(0.72, 1.15)
    if rng.random() < 0.3:
        _cover(colour, view, rng)
    if rng.random() < 0.35:
        shade = noise.layered(view.x, view.y, grains_m=(0.5, 1.4, 4.0), footprint=view.footprint)
        share = rng.uniform(0.2, 0.55)
        colour *= (1 - share * np.clip(0.5 + shade * 1.5, 0, 1))[..., None]


def _cover(colour: NDArray[np.float32], view: GroundView, rng: np.random.Generator) -> None:
    x0, y0, radius = rng.uniform(-3, 3), rng.uniform(3, 14), rng.uniform(0.3, 0.4)
    far = np.hypot(view.x - x0, view.y - y0)
    tone = rng.uniform(50, 110)
    lattice = 1 + 0.25 * (np.mod(view.x * 14, 1) < 0.5) * (np.mod(view.y * 14, 1) < 0.5)
    colour[far < radius] = (tone * lattice[..., None] * np.ones(3))[far < radius]
    colour[np.abs(far - radius) < 0.03] = tone * 0.6
