"""Rubbish: bags, cartons, heaps, litter, and the bins it belongs in."""

from typing import Final

import numpy as np

from models.rendered.camera import Floats
from models.rendered.canvas import Canvas, Colour, cuboid, faces, scaled

BAGS: Final[tuple[Colour, ...]] = (
    (25, 25, 28),
    (40, 38, 36),
    (225, 225, 228),
    (200, 205, 210),
    (60, 60, 200),
    (190, 110, 40),
    (70, 150, 60),
    (60, 190, 225),
    (150, 150, 160),
)
BINS: Final[tuple[Colour, ...]] = (
    (70, 120, 40),
    (60, 90, 30),
    (150, 80, 30),
    (170, 110, 60),
    (50, 50, 180),
    (110, 110, 110),
    (60, 60, 60),
    (40, 150, 190),
    (50, 100, 200),
)
CARTON: Final[Colour] = (95, 140, 180)
WOOD: Final[Colour] = (80, 120, 150)


def any_of(rng: np.random.Generator, colours: tuple[Colour, ...]) -> Colour:
    """Return one of the colours, a little off."""
    base = np.array(colours[int(rng.integers(len(colours)))])
    blue, green, red = np.clip(base * rng.uniform(0.75, 1.25) + rng.normal(0, 8, 3), 5, 250)
    return float(blue), float(green), float(red)


def draw_box(
    canvas: Canvas,
    corners: Floats,
    colour: Colour,
    *,
    thing: int,
) -> None:
    """Draw the faces of a box that are turned to the camera."""
    for face in faces(corners):
        canvas.face(face, colour, thing=thing)


def draw_pile(
    canvas: Canvas, *, at: Floats, spread_m: float, thing: int, rng: np.random.Generator
) -> None:
    """Heap up bags, cartons, planks and scraps, densest and highest in the middle."""
    count = int(rng.integers(7, 45) * min(1.0, 0.4 + spread_m / 2))
    palette = tuple(any_of(rng, BAGS) for _ in range(int(rng.integers(2, 7))))
    cartons = rng.uniform(0, 0.5)
    canvas.darken(_ring(at, spread_m * 1.05), share=rng.uniform(0.2, 0.5))
    places = rng.normal(0, spread_m * 0.42, (count, 2))
    places[:, 1] *= 0.7
    order = np.argsort(-places[:, 1])
    for place in places[order]:
        rise = max(0.0, 1 - float(np.hypot(*place)) / spread_m)
        lift = rise * spread_m * rng.uniform(0, 0.55)
        spot = at + np.array([place[0], place[1], lift])
        _piece(canvas, spot, palette, cartons=cartons, thing=thing, rng=rng)


def _piece(
    canvas: Canvas,
    spot: Floats,
    palette: tuple[Colour, ...],
    *,
    cartons: float,
    thing: int,
    rng: np.random.Generator,
) -> None:
    kind = rng.random()
    if kind < cartons:
        size = tuple(rng.uniform(0.15, 0.6, 3))
        box = cuboid(spot, (size[0], size[1], size[2]), yaw=rng.uniform(0, np.pi))
        tone = any_of(rng, (CARTON, (180, 190, 200), WOOD))
        draw_box(canvas, box, tone, thing=thing)
    elif kind < 0.92:
        size_m = rng.uniform(0.1, 0.36)
        canvas.blob(
            spot + np.array([0, 0, size_m * 0.8]),
            any_of(rng, palette),
            radii_m=(size_m, size_m * rng.uniform(0.7, 1.1)),
            roughness=rng.uniform(0.05, 0.25),
            thing=thing,
            rng=rng,
        )
    else:
        reach = rng.normal(0, 0.5, 3)
        end = spot + np.array([reach[0], reach[1], abs(reach[2]) * 0.6])
        canvas.tube(spot, end, any_of(rng, (WOOD,)), radius_m=0.04, thing=thing)


def draw_litter(
    canvas: Canvas, *, at: Floats, size_m: float, thing: int, rng: np.random.Generator
) -> None:
    """Drop one piece: a crumpled bag, a sheet, a bottle, a can, a box."""
    kind = rng.random()
    colour = any_of(rng, (*BAGS, CARTON, (235, 235, 235), (240, 240, 240)))
    if kind < 0.35:
        angle = np.sort(rng.uniform(0, 2 * np.pi, 7))
        reach = size_m * rng.uniform(0.35, 1.0, 7)[:, None] / 2
        ring = at + np.column_stack((np.cos(angle), np.sin(angle), np.full(7, 0.02))) * reach
        canvas.polygon(ring, colour, thing=thing)
        canvas.polygon(at + (ring - at) * 0.6, scaled(colour, rng.uniform(0.7, 1.2)), thing=thing)
    elif kind < 0.6:
        canvas.blob(
            at + np.array([0, 0, size_m * 0.3]),
            colour,
            radii_m=(size_m / 2, size_m * rng.uniform(0.2, 0.45)),
            roughness=0.3,
            thing=thing,
            rng=rng,
        )
    elif kind < 0.8:
        turn = rng.uniform(0, np.pi)
        along = np.array([np.cos(turn), np.sin(turn), 0]) * size_m / 2
        up = np.array([0, 0, size_m * 0.15])
        canvas.tube(at - along + up, at + along + up, colour, radius_m=size_m * 0.15, thing=thing)
    else:
        size = (size_m, size_m * rng.uniform(0.4, 1), size_m * rng.uniform(0.2, 0.6))
        draw_box(canvas, cuboid(at, size, yaw=rng.uniform(0, np.pi)), colour, thing=thing)


def draw_bin(
    canvas: Canvas, *, at: Floats, full: float, thing: int, rng: np.random.Generator
) -> None:
    """Stand a bin on the ground.

    Args:
        full: 0 for a closed bin, otherwise how much sticks out of its top, in bin widths.
    """
    kind = rng.random()
    colour = any_of(rng, BINS)
    if kind < 0.6:
        top = _wheeled(canvas, at, colour, open_lid=full > 0, thing=thing, rng=rng)
    elif kind < 0.8:
        top = _round(canvas, at, colour, open_lid=full > 0, thing=thing, rng=rng)
    else:
        top = _skip(canvas, at, colour, open_lid=full > 0, thing=thing, rng=rng)
    if full <= 0:
        return
    palette = tuple(any_of(rng, BAGS) for _ in range(4))
    middle, width = top
    for _ in range(int(rng.integers(4, 14))):
        shift = rng.normal(0, width * 0.26, 2)
        lift = abs(rng.normal(0, 0.4)) * full * width
        _piece(
            canvas,
            middle + np.array([shift[0], shift[1], lift - 0.08]),
            palette,
            cartons=0.15,
            thing=thing,
            rng=rng,
        )
    for _ in range(int(rng.integers(0, 3))):
        spot = np.array([at[0] + rng.uniform(-0.8, 0.8), at[1] - width * 0.6, 0.0])
        _piece(canvas, spot, palette, cartons=0.2, thing=thing, rng=rng)


def _wheeled(
    canvas: Canvas,
    at: Floats,
    colour: Colour,
    *,
    open_lid: bool,
    thing: int,
    rng: np.random.Generator,
) -> tuple[Floats, float]:
    width, deep, high = rng.uniform(0.48, 0.75), rng.uniform(0.5, 0.85), rng.uniform(0.8, 1.2)
    yaw = rng.normal(0, 0.3) + rng.choice([0, np.pi / 2, np.pi])
    body = cuboid(at, (width, deep, high), yaw=yaw, taper=rng.uniform(1.05, 1.2))
    canvas.darken(shadow_of(body, canvas.sun), share=0.35)
    draw_box(canvas, body, colour, thing=thing)
    side = body[:4].mean(0)
    for corner in body[:2]:
        wheel = side + (corner - side) * 1.02 + np.array([0, 0, 0.09])
        canvas.blob(wheel, (30, 30, 30), radii_m=(0.09, 0.09), roughness=0.0, thing=thing, rng=rng)
    _stripe(canvas, body, colour, thing=thing, rng=rng)
    top = at + np.array([0, 0, high])
    if open_lid:
        draw_box(canvas, cuboid(top, (width, deep, 0.02), yaw=yaw), (20, 20, 20), thing=thing)
        if rng.random() < 0.5:
            back = cuboid(top, (width * 1.1, 0.05, deep * 0.9), yaw=yaw)
            draw_box(canvas, back + np.array([0, deep * 0.5, 0]), colour, thing=thing)
    else:
        lid = cuboid(top, (width * 1.2, deep * 1.2, 0.08), yaw=yaw, taper=0.85)
        draw_box(canvas, lid, scaled(colour, rng.uniform(0.75, 1.2)), thing=thing)
    return top, width


def _round(
    canvas: Canvas,
    at: Floats,
    colour: Colour,
    *,
    open_lid: bool,
    thing: int,
    rng: np.random.Generator,
) -> tuple[Floats, float]:
    radius, high = rng.uniform(0.2, 0.36), rng.uniform(0.7, 1.1)
    angle = np.linspace(0, 2 * np.pi, 13)[:-1]
    low = at + np.column_stack((np.cos(angle), np.sin(angle), np.zeros(12))) * radius
    upper = low + np.array([0, 0, high])
    canvas.darken(shadow_of(np.vstack((low, upper)), canvas.sun), share=0.35)
    for i in range(12):
        j = (i + 1) % 12
        slats = colour if i % 2 else scaled(colour, rng.uniform(0.85, 1.0))
        canvas.face(np.array([low[i], low[j], upper[j], upper[i]]), slats, thing=thing)
    top = at + np.array([0, 0, high])
    lid = (20.0, 20.0, 20.0) if open_lid else scaled(colour, 0.7)
    canvas.polygon(upper, lid, thing=thing)
    if not open_lid and rng.random() < 0.6:
        canvas.blob(top, colour, radii_m=(radius, 0.12), roughness=0, thing=thing, rng=rng)
    return top, radius * 2


def _skip(
    canvas: Canvas,
    at: Floats,
    colour: Colour,
    *,
    open_lid: bool,
    thing: int,
    rng: np.random.Generator,
) -> tuple[Floats, float]:
    width, deep, high = rng.uniform(1.1, 1.8), rng.uniform(0.7, 1.1), rng.uniform(0.9, 1.35)
    body = cuboid(at, (width, deep, high), yaw=rng.normal(0, 0.25), taper=rng.uniform(1.0, 1.12))
    canvas.darken(shadow_of(body, canvas.sun), share=0.4)
    draw_box(canvas, body, colour, thing=thing)
    _stripe(canvas, body, colour, thing=thing, rng=rng)
    top = at + np.array([0, 0, high])
    tone = (22.0, 22.0, 24.0) if open_lid else scaled(colour, rng.uniform(0.6, 1.1))
    slab = cuboid(top, (width * 1.05, deep * 1.05, 0.07), yaw=0.0)
    draw_box(canvas, slab, tone, thing=thing)
    return top, min(width, 1.2)


def _stripe(
    canvas: Canvas,
    body: Floats,
    colour: Colour,
    *,
    thing: int,
    rng: np.random.Generator,
) -> None:
    """Paint a sticker on the faces that show."""
    if rng.random() < 0.4:
        return
    tone = any_of(rng, ((230, 230, 230), (60, 200, 230), scaled(colour, 0.6)))
    low, high = sorted(rng.uniform(0.25, 0.85, 2))
    for face in faces(body)[:4]:
        left, right = face[[0, 3]], face[[1, 2]]
        a, b = left[0] + (left[1] - left[0]) * low, right[0] + (right[1] - right[0]) * low
        c, d = right[0] + (right[1] - right[0]) * high, left[0] + (left[1] - left[0]) * high
        middle = (a + b + c + d) / 4
        canvas.face(middle + (np.array([a, b, c, d]) - middle) * 0.6, tone, thing=thing)


def _ring(at: Floats, radius_m: float) -> Floats:
    angle = np.linspace(0, 2 * np.pi, 12)
    return at + radius_m * np.column_stack((np.cos(angle), 0.8 * np.sin(angle), np.zeros(12)))


def shadow_of(corners: Floats, sun: Floats) -> Floats:
    """Return where a thing and its shadow touch the ground."""
    height = corners[:, 2:]
    reach = np.minimum(height / max(float(sun[2]), 0.25), 4.0)
    shadow = corners - np.column_stack((reach * sun[0], reach * sun[1], height))
    ground = corners * np.array([1, 1, 0])
    return np.vstack((shadow, ground))
