"""Potholes and cracks, laid into the ground under the pixels that see them."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from models.rendered.camera import Camera, Floats
from models.rendered.ground import GroundView
from models.rendered.noise import Field, Noise

MARGIN: Final = 1.8
HARMONICS: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundLayer:
    """The ground being painted: colour (rows, columns, 3) and the thing shown per pixel."""

    camera: Camera
    view: GroundView
    colour: NDArray[np.float32]
    things: NDArray[np.int16]
    noise: Noise
    sun: Floats


def draw_pothole(
    layer: GroundLayer,
    *,
    at: tuple[float, float],
    radius_m: float,
    thing: int,
    rng: np.random.Generator,
) -> None:
    """Sink a pothole: a ragged bowl, its inside darker, its rim lit or shaded by the sun."""
    window = _window(layer, at, radius_m * MARGIN)
    if window is None:
        return
    x, y = layer.view.x[window] - at[0], layer.view.y[window] - at[1]
    shape = _Bowl.drawn(rng, radius_m)
    depth = shape.depth(x, y, layer.noise)
    step = radius_m * 0.12
    lean = layer.sun[:2] / max(float(np.hypot(*layer.sun[:2])), 1e-6)
    beyond = shape.depth(x + lean[0] * step, y + lean[1] * step, layer.noise)
    slope = beyond - depth
    part = layer.colour[window]
    base = part.copy()
    gravel = 1 + rng.uniform(0.1, 0.35) * layer.noise.layered(
        x, y, grains_m=(0.015, 0.04, 0.1), footprint=layer.view.footprint[window]
    )
    inside = _filling(base, rng) * gravel[..., None]
    cover = np.clip(depth * rng.uniform(2, 5), 0, 1)[..., None]
    part[:] = base * (1 - cover) + inside * cover
    lift = np.clip(-slope * rng.uniform(0.4, 1.4), -0.55, 0.5)
    part *= (1 + lift)[..., None]
    rim = np.exp(-(((depth - 0.06) / 0.07) ** 2)) * rng.uniform(-0.1, 0.3)
    part *= (1 + rim)[..., None]
    np.clip(part, 0, 255, out=part)
    layer.things[window][depth > 0.1] = thing


def _filling(base: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    kind = rng.random()
    if kind < 0.6:
        return base * np.float32(rng.uniform(0.32, 0.72))
    if kind < 0.85:
        soil = rng.uniform(50, 120) * np.array((0.75, 0.9, 1.05), np.float32)
        return (base * 0.35 + soil * 0.5).astype(np.float32)
    water = rng.uniform(70, 170) * np.array((1.05, 1.0, 0.92), np.float32)
    return (base * 0.2 + water * 0.7).astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bowl:
    """A ragged, turned ellipse; depth is 0 outside and 1 on the floor."""

    radius_m: float
    stretch: float
    turn: float
    waves: Floats
    phases: Floats
    ragged: float
    grain_m: float
    steep: float

    @classmethod
    def drawn(cls, rng: np.random.Generator, radius_m: float) -> "_Bowl":
        return cls(
            radius_m=radius_m,
            stretch=rng.uniform(0.55, 1.0),
            turn=rng.uniform(0, np.pi),
            waves=rng.normal(0, 0.16, HARMONICS) / np.arange(1, HARMONICS + 1),
            phases=rng.uniform(0, 2 * np.pi, HARMONICS),
            ragged=rng.uniform(0.05, 0.22),
            grain_m=radius_m * rng.uniform(0.08, 0.3),
            steep=rng.uniform(0.1, 0.5),
        )

    def depth(self, x: Field, y: Field, noise: Noise) -> Field:
        cos, sin = np.cos(self.turn), np.sin(self.turn)
        u, v = x * cos + y * sin, (y * cos - x * sin) / self.stretch
        angle = np.arctan2(v, u)
        edge = np.ones_like(x)
        for i in range(HARMONICS):
            edge += self.waves[i] * np.cos((i + 1) * angle + self.phases[i])
        edge += self.ragged * noise.at(x, y, grain_m=self.grain_m)
        far = np.hypot(u, v) / self.radius_m
        return np.asarray(np.clip((edge * 0.85 - far) / self.steep, 0, 1), np.float32)


def draw_crack(
    layer: GroundLayer, *, lines: list[Floats], width_m: float, thing: int, dark: float
) -> None:
    """Draw a crack: thin dark lines along ground polylines, (n, 2) metres each."""
    mask = np.zeros(layer.things.shape, np.float32)
    for line in lines:
        pixels = layer.camera.ground_pixels(line)
        footprint = np.hypot(line[:, 0], line[:, 1]) + layer.camera.height_m
        for i in range(len(pixels) - 1):
            if np.isnan(pixels[i : i + 2]).any() or np.abs(pixels[i : i + 2]).max() > 8000:
                continue
            across = width_m * layer.camera.focal_px / footprint[i]
            start, end = (tuple(int(16 * c) for c in p) for p in pixels[i : i + 2])
            strength = min(1.0, 0.35 + 0.65 * across)
            cv2.line(mask, start, end, strength, max(1, round(across)), cv2.LINE_AA, 4)
    layer.colour[:] *= (1 - dark * mask)[..., None]
    layer.things[(mask > 0.25) & layer.view.seen] = thing


def crack_lines(
    rng: np.random.Generator, *, at: tuple[float, float], length_m: float
) -> list[Floats]:
    """Return the polylines of a crack: a wandering line with branches, or a net of them."""
    heading = rng.choice([0.0, np.pi / 2]) + rng.normal(0, 0.35)
    main = _wander(rng, at, heading, length_m)
    lines = [main]
    branches = int(rng.integers(0, 4)) if rng.random() < 0.7 else int(rng.integers(8, 22))
    for _ in range(branches):
        source = lines[int(rng.integers(len(lines)))]
        start = source[int(rng.integers(len(source)))]
        turn = heading + rng.choice([-1, 1]) * rng.uniform(0.5, 1.6)
        reach = length_m * rng.uniform(0.12, 0.4)
        lines.append(_wander(rng, (float(start[0]), float(start[1])), turn, reach))
    return lines


def _wander(
    rng: np.random.Generator, at: tuple[float, float], heading: float, length_m: float
) -> Floats:
    steps = max(4, int(length_m / 0.12))
    angle = heading + np.cumsum(rng.normal(0, 0.18, steps)) * 0.6 + rng.normal(0, 0.35, steps)
    stride = length_m / steps
    moves = np.column_stack((np.cos(angle), np.sin(angle))) * stride
    return np.vstack((at, np.array(at) + np.cumsum(moves, 0)))


def _window(
    layer: GroundLayer, at: tuple[float, float], reach_m: float
) -> tuple[slice, slice] | None:
    """Return the rows and columns in which a disc on the ground may appear."""
    angle = np.linspace(0, 2 * np.pi, 24)
    ring = np.array(at) + reach_m * np.column_stack((np.cos(angle), np.sin(angle)))
    pixels = layer.camera.ground_pixels(ring)
    if np.isnan(pixels).any():
        return None
    rows, columns = layer.things.shape
    low = np.floor(np.clip(pixels.min(0), 0, (columns, rows))).astype(int)
    high = np.ceil(np.clip(pixels.max(0), 0, (columns, rows))).astype(int)
    if (high - low).min() < 2:
        return None
    return slice(low[1], high[1]), slice(low[0], high[0])
