"""What is painted on the ground: potholes, their repair, stains, scattered litter, look-alikes."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.sources.street.sheet import Field, Sheet, Window, mix, noise, rise, tint

_HARMONICS: Final = np.arange(2, 9)
_SUN: Final = (0.75, -0.65)
_LITTER_COLOURS: Final = (
    (235, 235, 238),
    (210, 215, 220),
    (60, 60, 200),
    (190, 120, 40),
    (60, 160, 200),
    (120, 170, 200),
    (40, 40, 42),
    (90, 160, 90),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hollow:
    """Where a pothole lies and how it is shaped.

    Attributes:
        middle: along, right; metres.
        half_m: half its length along, half its width across; metres.
        seed: of its outline and its stones.
    """

    middle: tuple[float, float]
    half_m: tuple[float, float]
    seed: int


def outline(hollow: Hollow) -> NDArray[np.float64]:
    """Give the (64, 2) along, right metres of a pothole's edge."""
    turn = np.linspace(0.0, 2.0 * np.pi, 64, endpoint=False)
    reach = _reach(hollow, turn.astype(np.float32)).astype(np.float64)
    ring = np.column_stack([np.cos(turn) * hollow.half_m[0], np.sin(turn) * hollow.half_m[1]])
    edge: NDArray[np.float64] = ring * reach[:, None] + hollow.middle
    return edge


def area_m2(hollow: Hollow) -> float:
    """Give the area inside a pothole's edge."""
    return float(cv2.contourArea(outline(hollow).astype(np.float32)))


def paint_pothole(sheet: Sheet, hollow: Hollow) -> None:
    """Break a hole with a ragged edge, stones on its floor and one lit wall into the surface."""
    window = sheet.window(hollow.middle, (hollow.half_m[0] * 2.2, hollow.half_m[1] * 2.2))
    if window is None:
        return
    rng = np.random.default_rng(hollow.seed)
    inside = _inside(window, hollow, rng)
    shape, scale = window.image.shape[:2], window.px_per_m
    size = float(np.sqrt(hollow.half_m[0] * hollow.half_m[1]))
    _crumble(window, inside, rng)
    floor = rise(0.0, 0.30, inside) * (
        0.8 + 0.2 * noise(shape, px_per_m=scale, waves_m=(0.25,), rng=rng)
    )
    stones = noise(shape, px_per_m=scale, waves_m=(0.035, 0.018), rng=rng)
    lumps = noise(shape, px_per_m=scale, waves_m=(0.16, 0.09), rng=rng)
    grey = 62.0 + 15.0 * stones + 9.0 * lumps
    earth = np.stack([grey * 0.92, grey * 0.98, grey * 1.05], axis=-1)
    mix(window, earth.astype(np.float32), rise(-0.02, 0.06, inside) * 0.96)
    down = np.gradient(cv2.GaussianBlur(floor, (0, 0), 0.02 * scale + 0.5))
    slope = (down[1] * _SUN[0] + down[0] * _SUN[1]) * scale * size
    tint(window, np.clip(1.0 - 0.55 * slope, 0.35, 1.9).astype(np.float32))
    deep = rise(0.1, 0.6, inside + 0.05 * lumps)
    tint(window, (1.0 - 0.28 * deep).astype(np.float32))


def paint_patch(sheet: Sheet, hollow: Hollow) -> None:
    """Lay the saw-cut rectangle of asphalt that repairs a pothole, worn in by some days of traffic.

    Fresh, black patches draw weak false finds from the shipped model (scores up to 0.3).
    """
    half = (hollow.half_m[0] * 1.25, hollow.half_m[1] * 1.25)
    window = sheet.window(hollow.middle, (half[0] + 0.1, half[1] + 0.1))
    if window is None:
        return
    rng = np.random.default_rng(hollow.seed + 1)
    beside = np.maximum(
        np.abs(window.along - hollow.middle[0]) - half[0],
        np.abs(window.right - hollow.middle[1]) - half[1],
    )
    grain = noise(window.image.shape[:2], px_per_m=window.px_per_m, waves_m=(0.02, 0.4), rng=rng)
    worn = np.repeat((102.0 + 7.0 * grain)[..., None], 3, axis=-1)
    mix(window, worn.astype(np.float32), rise(0.01, -0.01, beside) * 0.7)
    seam = np.exp(-((beside / 0.018) ** 2)).astype(np.float32)
    tint(window, 1.0 - 0.12 * seam)


def paint_stain(sheet: Sheet, middle: tuple[float, float], half_m: float, *, seed: int) -> None:
    """Darken a soft-edged spot, as oil or rubbish leaves."""
    window = sheet.window(middle, (half_m * 1.6, half_m * 1.6))
    if window is None:
        return
    rng = np.random.default_rng(seed)
    lumps = noise(window.image.shape[:2], px_per_m=window.px_per_m, waves_m=(0.5, 0.2), rng=rng)
    gap = np.hypot(window.along - middle[0], window.right - middle[1]) / half_m
    tint(window, 1.0 - 0.22 * rise(1.2, 0.3, (gap + 0.15 * lumps).astype(np.float32)))


def paint_litter(
    sheet: Sheet, middle: tuple[float, float], half_m: tuple[float, float], *, count: int, seed: int
) -> None:
    """Strew paper, film and wrappers, dense in the middle."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        spot = rng.normal(middle, (half_m[0] * 0.6, half_m[1] * 0.6))
        size = float(rng.uniform(0.03, 0.13))
        turn = np.sort(rng.uniform(0.0, 2 * np.pi, 6))
        reach = size * rng.uniform(0.5, 1.1, 6)
        corners = spot + np.column_stack([np.cos(turn) * reach, np.sin(turn) * reach])
        colour = _LITTER_COLOURS[int(rng.integers(len(_LITTER_COLOURS)))]
        lit = float(rng.uniform(0.75, 1.05))
        _fill(sheet, corners + np.array([0.015, 0.02]), (48, 48, 48))
        _fill(sheet, corners, (colour[0] * lit, colour[1] * lit, colour[2] * lit))


def paint_manhole(sheet: Sheet, middle: tuple[float, float]) -> None:
    """Set an iron cover flush into the surface."""
    window = sheet.window(middle, (0.5, 0.5))
    if window is None:
        return
    along, right = window.along - middle[0], window.right - middle[1]
    gap = np.hypot(along, right)
    ribs = (np.sin(along * 55.0) * np.sin(right * 55.0)).astype(np.float32)
    iron = np.repeat((100.0 + 4.0 * ribs)[..., None], 3, axis=-1) * (0.98, 1.0, 1.02)
    mix(window, iron.astype(np.float32), rise(0.36, 0.34, gap))
    ring = np.exp(-(((gap - 0.38) / 0.02) ** 2)).astype(np.float32)
    tint(window, 1.0 - 0.12 * ring)


def paint_sealed_crack(sheet: Sheet, start: tuple[float, float], *, seed: int) -> None:
    """Draw a thin line of bitumen that wanders along the lane."""
    rng = np.random.default_rng(seed)
    steps = rng.normal((0.22, 0.0), (0.03, 0.05), (14, 2)).cumsum(axis=0) + start
    corners = np.round(sheet.pixels(steps) * 16).astype(np.int32)
    thick = max(round(0.025 * sheet.px_per_m), 1)
    cv2.polylines(
        sheet.image, [corners], False, (84, 84, 83), thickness=thick, lineType=cv2.LINE_AA, shift=4
    )


def _fill(sheet: Sheet, corners: NDArray[np.float64], colour: tuple[float, float, float]) -> None:
    placed = np.round(sheet.pixels(corners) * 16).astype(np.int32)
    cv2.fillPoly(sheet.image, [placed], colour, lineType=cv2.LINE_AA, shift=4)


def _reach(hollow: Hollow, turn: Field) -> Field:
    rng = np.random.default_rng((hollow.seed, 7))
    swing = rng.uniform(0.4, 1.0, len(_HARMONICS)) * 0.16 / np.sqrt(_HARMONICS - 1.0)
    phase = rng.uniform(0.0, 2.0 * np.pi, len(_HARMONICS))
    reach = np.ones_like(turn)
    for k, amount, start in zip(_HARMONICS, swing, phase, strict=True):
        reach = reach + np.float32(amount) * np.cos(k * turn + np.float32(start))
    return reach


def _inside(window: Window, hollow: Hollow, rng: np.random.Generator) -> Field:
    along = (window.along - hollow.middle[0]) / hollow.half_m[0]
    right = (window.right - hollow.middle[1]) / hollow.half_m[1]
    ragged = noise(window.image.shape[:2], px_per_m=window.px_per_m, waves_m=(0.1, 0.05), rng=rng)
    deep: Field = _reach(hollow, np.arctan2(right, along)) - np.hypot(along, right) + 0.05 * ragged
    return deep


def _crumble(window: Window, inside: Field, rng: np.random.Generator) -> None:
    shape, scale = window.image.shape[:2], window.px_per_m
    dust = noise(shape, px_per_m=scale, waves_m=(0.3, 0.12, 0.05), rng=rng)
    ring = rise(-0.75, -0.05, inside) * rise(-0.9, 1.3, dust)
    mix(window, (128.0, 136.0, 142.0), ring * 0.5)
    grit = rng.random(shape, dtype=np.float32) > 0.985
    grit_spread = cv2.GaussianBlur(grit.astype(np.float32), (0, 0), 0.008 * scale + 0.4)
    mix(window, (70.0, 72.0, 74.0), np.clip(grit_spread * 3.0, 0.0, 1.0) * ring)
    veins = np.abs(noise(shape, px_per_m=scale, waves_m=(0.32,), rng=rng))
    tint(window, 1.0 - 0.4 * rise(0.12, 0.0, veins) * rise(-0.7, -0.1, inside))
