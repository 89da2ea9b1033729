"""Vehicles, people and two-wheelers, simple but seen from any side."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from models.rendered.camera import Floats
from models.rendered.canvas import Canvas, Colour, cuboid, faces, scaled
from models.rendered.waste import any_of, draw_box, shadow_of

PAINTS: Final[tuple[Colour, ...]] = (
    (235, 235, 235),
    (200, 200, 205),
    (30, 30, 32),
    (80, 80, 85),
    (130, 130, 135),
    (150, 60, 30),
    (40, 40, 170),
    (90, 120, 60),
    (40, 160, 200),
)
SKINS: Final[tuple[Colour, ...]] = ((140, 170, 215), (110, 145, 195), (70, 100, 150))
CLOTHES: Final[tuple[Colour, ...]] = (
    (40, 40, 45),
    (140, 70, 40),
    (60, 60, 170),
    (210, 210, 210),
    (50, 130, 200),
    (80, 110, 70),
    (150, 130, 180),
    (30, 150, 250),
)
GLASS: Final[Colour] = (75, 65, 55)
RUBBER: Final[Colour] = (28, 28, 28)
UP: Final = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A kind of vehicle: metres; the cabin stands on the body between two shares of its length."""

    width: float
    length: float
    low: float
    high: float
    cabin: tuple[float, float]
    taper: float


KINDS: Final[Sequence[Body]] = (
    Body(width=1.8, length=4.4, low=0.85, high=1.48, cabin=(0.08, 0.72), taper=0.76),
    Body(width=1.75, length=3.8, low=0.9, high=1.5, cabin=(0.02, 0.76), taper=0.8),
    Body(width=1.95, length=4.7, low=1.0, high=1.72, cabin=(0.02, 0.78), taper=0.86),
    Body(width=1.9, length=4.8, low=1.1, high=1.95, cabin=(0.0, 0.86), taper=0.92),
    Body(width=2.1, length=5.6, low=1.3, high=2.4, cabin=(0.0, 0.95), taper=0.96),
    Body(width=2.5, length=10.5, low=1.5, high=3.1, cabin=(0.0, 1.0), taper=0.98),
    Body(width=2.3, length=7.0, low=1.0, high=2.9, cabin=(0.0, 0.99), taper=1.0),
)


def draw_vehicle(
    canvas: Canvas, *, at: Floats, yaw: float, thing: int, rng: np.random.Generator
) -> None:
    """Stand a vehicle on the ground; with yaw 0 it heads along +y."""
    kind = KINDS[int(rng.choice(len(KINDS), p=(0.3, 0.16, 0.2, 0.1, 0.12, 0.05, 0.07)))]
    scale = rng.uniform(0.92, 1.08)
    paint = any_of(rng, PAINTS)
    clear = rng.uniform(0.16, 0.28)
    size = (kind.width * scale, kind.length * scale)
    hull = cuboid(at + clear * UP, (*size, kind.low - clear), yaw=yaw, taper=0.97)
    start, end = kind.cabin
    share = (start + end) / 2 - 0.5
    ahead = np.array([-np.sin(yaw), np.cos(yaw), 0.0])
    cabin_at = at + kind.low * UP + ahead * size[1] * share
    cabin_size = (size[0] * 0.95, size[1] * (end - start), kind.high * scale - kind.low)
    cabin = cuboid(cabin_at, cabin_size, yaw=yaw, taper=kind.taper)
    canvas.darken(shadow_of(np.vstack((hull, cabin)), canvas.sun), share=0.55)
    underside = cuboid(at + 0.05 * UP, (size[0] * 0.9, size[1] * 0.92, clear), yaw=yaw)
    draw_box(canvas, underside, (20, 20, 20), thing=thing)
    _wheels(canvas, at, size, yaw=yaw, thing=thing, rng=rng)
    draw_box(canvas, hull, paint, thing=thing)
    _lights(canvas, hull, paint, thing=thing, rng=rng)
    draw_box(canvas, cabin, paint, thing=thing)
    closed = kind.length > 6.5 and rng.random() < 0.5
    _windows(canvas, cabin, sides=not closed, thing=thing, rng=rng)


def _windows(
    canvas: Canvas, cabin: Floats, *, sides: bool, thing: int, rng: np.random.Generator
) -> None:
    tone = scaled(GLASS, rng.uniform(0.6, 1.9))
    for i, face in enumerate(faces(cabin)[:4]):
        if i % 2 == 1 and not sides:
            continue
        parts = int(rng.integers(2, 4)) if i % 2 == 1 else 1
        for part in range(parts):
            low, high = part / parts + 0.05 / parts, (part + 1) / parts - 0.05 / parts
            pane = _part(face, (low, high), (0.12, 0.88))
            canvas.face(pane, tone, thing=thing)
            glint = _part(face, (low, (low + high) / 2), (0.5, 0.86))
            canvas.face(glint, scaled(tone, rng.uniform(1.0, 1.6)), thing=thing)


def _lights(
    canvas: Canvas, hull: Floats, paint: Colour, *, thing: int, rng: np.random.Generator
) -> None:
    rear, _, front, _ = faces(hull)[:4]
    for face, tone in ((rear, (40, 40, 200)), (front, (230, 235, 240))):
        for left, right in ((0.03, 0.22), (0.78, 0.97)):
            canvas.face(_part(face, (left, right), (0.6, 0.85)), tone, thing=thing)
        canvas.face(_part(face, (0.05, 0.95), (0.02, 0.25)), scaled(paint, 0.5), thing=thing)
        plate = any_of(rng, ((200, 120, 40), (210, 210, 210), (90, 170, 60)))
        canvas.face(_part(face, (0.38, 0.62), (0.28, 0.48)), plate, thing=thing)


def _part(face: Floats, across: tuple[float, float], up: tuple[float, float]) -> Floats:
    """Return a window of a face, shares from its lower left corner, just in front of it."""
    low, high = face[1] - face[0], face[2] - face[3]
    corners = []
    for u, v in ((0, 0), (1, 0), (1, 1), (0, 1)):
        foot, head = face[0] + low * across[u], face[3] + high * across[u]
        corners.append(foot + (head - foot) * up[v])
    normal = np.cross(low, face[3] - face[0])
    return np.array(corners) + 0.01 * normal / max(float(np.linalg.norm(normal)), 1e-9)


def _wheels(
    canvas: Canvas,
    at: Floats,
    size: tuple[float, float],
    *,
    yaw: float,
    thing: int,
    rng: np.random.Generator,
) -> None:
    ahead = np.array([-np.sin(yaw), np.cos(yaw), 0.0])
    right = np.array([np.cos(yaw), np.sin(yaw), 0.0])
    radius = rng.uniform(0.28, 0.36) * (1.4 if size[1] > 6.5 else 1.0)
    angle = np.linspace(0, 2 * np.pi, 14)[:-1]
    for side in (-1, 1):
        for along in (-0.3, 0.32):
            hub = at + radius * UP + ahead * size[1] * along + right * side * size[0] * 0.49
            ring = hub + radius * (np.cos(angle)[:, None] * ahead + np.sin(angle)[:, None] * UP)
            canvas.polygon(ring, RUBBER, thing=thing)
            canvas.polygon(hub + (ring - hub) * 0.55, (120, 120, 125), thing=thing)


def draw_person(
    canvas: Canvas, *, at: Floats, yaw: float, thing: int, rng: np.random.Generator
) -> None:
    """Stand or walk a person on the ground."""
    tall = rng.uniform(1.5, 1.85)
    ahead = np.array([-np.sin(yaw), np.cos(yaw), 0.0])
    right = np.array([np.cos(yaw), np.sin(yaw), 0.0])
    hip = at + 0.5 * tall * UP
    stride = rng.uniform(0, 0.35)
    coat, trousers = any_of(rng, CLOTHES), any_of(rng, CLOTHES)
    skin, hair = any_of(rng, SKINS), any_of(rng, ((25, 25, 30), (40, 50, 70)))
    feet = cuboid(at, (0.4, 0.3, tall), yaw=yaw)
    canvas.darken(shadow_of(feet, canvas.sun), share=0.35)
    for side in (-1, 1):
        foot = at + right * side * 0.1 + ahead * stride * side + 0.04 * UP
        canvas.tube(foot, hip + right * side * 0.08, trousers, radius_m=0.08, thing=thing)
    _upper_body(canvas, hip, right, ahead * stride, tall=tall, coat=coat, skin=skin, thing=thing)
    canvas.blob(
        at + 0.935 * tall * UP,
        skin if rng.random() < 0.5 else hair,
        radii_m=(0.1, 0.125),
        roughness=0.02,
        thing=thing,
        rng=rng,
    )
    canvas.blob(
        at + 0.97 * tall * UP, hair, radii_m=(0.1, 0.07), roughness=0.02, thing=thing, rng=rng
    )


def _upper_body(
    canvas: Canvas,
    hip: Floats,
    right: Floats,
    swing: Floats,
    *,
    tall: float,
    coat: Colour,
    skin: Colour,
    thing: int,
) -> None:
    neck = hip + 0.36 * tall * UP
    canvas.tube(hip - 0.03 * UP, neck - 0.05 * UP, coat, radius_m=0.17, thing=thing)
    shoulder = neck - 0.06 * UP
    canvas.tube(shoulder - right * 0.2, shoulder + right * 0.2, coat, radius_m=0.07, thing=thing)
    for side in (-1, 1):
        elbow = shoulder + right * side * 0.24 - 0.3 * UP
        hand = elbow - 0.26 * UP - swing * side
        canvas.tube(shoulder + right * side * 0.2, elbow, coat, radius_m=0.055, thing=thing)
        canvas.tube(elbow, hand, scaled(skin, 0.95), radius_m=0.045, thing=thing)


def draw_two_wheeler(
    canvas: Canvas, *, at: Floats, yaw: float, thing: int, ridden: bool, rng: np.random.Generator
) -> None:
    """Stand a bicycle or scooter on the ground, its rider numbered next."""
    ahead = np.array([-np.sin(yaw), np.cos(yaw), 0.0])
    paint = any_of(rng, (*PAINTS, *CLOTHES))
    scooter = rng.random() < 0.6
    radius = 0.24 if scooter else 0.33
    half = rng.uniform(0.5, 0.62)
    canvas.darken(shadow_of(cuboid(at, (0.4, 1.7, 0.9), yaw=yaw), canvas.sun), share=0.35)
    angle = np.linspace(0, 2 * np.pi, 13)
    for side in (-1, 1):
        hub = at + radius * UP + ahead * half * side
        ring = hub + radius * (np.cos(angle)[:, None] * ahead + np.sin(angle)[:, None] * UP)
        for a, b in pairwise(ring):
            canvas.tube(a, b, RUBBER, radius_m=0.06 if scooter else 0.03, thing=thing)
    rear, front = at + radius * UP - ahead * half, at + radius * UP + ahead * half
    seat, bar = at - ahead * 0.2 + 0.78 * UP, at + ahead * (half - 0.12) + 1.02 * UP
    thick = 0.13 if scooter else 0.03
    for a, b in ((rear, seat), (rear, at + 0.35 * UP), (at + 0.35 * UP, front), (front, bar)):
        canvas.tube(a, b, paint, radius_m=thick if a is not front else 0.05, thing=thing)
    right = np.array([np.cos(yaw), np.sin(yaw), 0.0])
    canvas.tube(seat, seat - ahead * 0.3, (30, 30, 30), radius_m=0.1, thing=thing)
    canvas.tube(bar - right * 0.28, bar + right * 0.28, (40, 40, 40), radius_m=0.03, thing=thing)
    if ridden:
        _rider(canvas, seat, bar, right, thing=thing + 1, rng=rng)


def _rider(
    canvas: Canvas,
    seat: Floats,
    bar: Floats,
    right: Floats,
    *,
    thing: int,
    rng: np.random.Generator,
) -> None:
    coat, trousers = any_of(rng, CLOTHES), any_of(rng, CLOTHES)
    shoulder = seat + 0.52 * UP + (bar - seat) * 0.15
    for side in (-1, 1):
        knee = seat + (bar - seat) * 0.55 - 0.25 * UP + right * side * 0.15
        canvas.tube(seat + right * side * 0.1, knee, trousers, radius_m=0.08, thing=thing)
        canvas.tube(knee, knee - 0.38 * UP, trousers, radius_m=0.065, thing=thing)
    canvas.tube(seat, shoulder, coat, radius_m=0.17, thing=thing)
    for side in (-1, 1):
        canvas.tube(
            shoulder + right * side * 0.17,
            bar + right * side * 0.25,
            coat,
            radius_m=0.055,
            thing=thing,
        )
    head = any_of(rng, (*PAINTS, (30, 30, 35)))
    canvas.blob(
        shoulder + 0.24 * UP, head, radii_m=(0.13, 0.15), roughness=0.02, thing=thing, rng=rng
    )
