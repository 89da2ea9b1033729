"""Parked vehicles: an outline seen from the side, drawn across the vehicle's width."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.sources.street.builds import BUILDS, Body, Build
from edge.sources.street.shapes import Face, Image, Texture, Thing, as_image
from edge.sources.street.solids import dimmed, flat, quad
from edge.sources.street.sprites import Colour
from edge.sources.street.view import Points

Pixels = NDArray[np.int32]

_PX: Final = 80
_GLASS: Final = (74, 66, 58)
_TYRE: Final = (30, 30, 32)
_SKIRT: Final = (26, 26, 28)


def park(key: str, body: Body, start: tuple[float, float], *, colour: Colour, seed: int) -> Thing:
    """Park a vehicle that faces along the street.

    Args:
        start: along of its tail, right of its middle line, metres.
    """
    build = BUILDS[body]
    rng = np.random.default_rng((seed, 31))
    inner = np.array([start[0] + build.length_m / 2, start[1], 0.7])
    faces: list[Face] = []
    for first, second, panel in zip(
        build.outline[:-1], build.outline[1:], build.panels, strict=True
    ):
        picture = _panel(panel, colour, rng)
        high, low = (second, first) if second[1] >= first[1] else (first, second)
        faces.append(_across(build, start, high=high, low=low, picture=picture, inner=inner))
    flank = _side(build, body, colour, rng)
    for side, light in ((-1.0, 1.0), (1.0, 0.72)):
        faces.extend(_flank(build, start, side=side, texture=(flank, light), inner=inner))
    return Thing(
        key=key,
        anchor=np.array([start[0] + build.length_m / 2, start[1], 0.7]),
        reach_m=build.length_m,
        faces=tuple(faces),
    )


def _half(build: Build, up: float) -> float:
    roof = max(height for _, height in build.outline)
    lean = float(np.clip((up - build.waist_m) / (roof - build.waist_m), 0.0, 1.0))
    return build.width_m / 2 - lean * build.narrow_m


def _across(
    build: Build,
    start: tuple[float, float],
    *,
    high: tuple[float, float],
    low: tuple[float, float],
    picture: Image,
    inner: Points,
) -> Face:
    top, foot = _half(build, high[1]), _half(build, low[1])
    corners = [
        (start[0] + high[0], start[1] - top, high[1]),
        (start[0] + high[0], start[1] + top, high[1]),
        (start[0] + low[0], start[1] + foot, low[1]),
        (start[0] + low[0], start[1] - foot, low[1]),
    ]
    return quad(corners, Texture(picture), inner)


def _flank(
    build: Build,
    start: tuple[float, float],
    *,
    side: float,
    texture: tuple[Image, float],
    inner: Points,
) -> tuple[Face, Face]:
    picture, light = texture
    roof = max(height for _, height in build.outline)
    cut = round((roof - build.waist_m) * _PX)
    a0, a1 = start[0], start[0] + build.length_m
    wide, slim = start[1] + side * build.width_m / 2, start[1] + side * _half(build, roof)
    upper = [
        (a0, slim, roof),
        (a1, slim, roof),
        (a1, wide, build.waist_m),
        (a0, wide, build.waist_m),
    ]
    lower = [(a0, wide, build.waist_m), (a1, wide, build.waist_m), (a1, wide, 0.0), (a0, wide, 0.0)]
    return (
        quad(upper, dimmed(picture[:cut], light), inner),
        quad(lower, dimmed(picture[cut:], light), inner),
    )


def _side(build: Build, body: Body, colour: Colour, rng: np.random.Generator) -> Image:
    roof = max(height for _, height in build.outline)
    picture = np.zeros((round(roof * _PX), round(build.length_m * _PX), 4), np.uint8)

    def drawn(*points: tuple[float, float]) -> Pixels:
        placed = np.array(points) * (1.0, -1.0) + (0.0, roof)
        pixels: Pixels = np.round(placed * _PX).astype(np.int32)
        return pixels

    cv2.fillPoly(picture, [drawn(*build.outline)], (*colour, 255))
    _shade_metal(picture, rng)
    if body is Body.TRUCK:
        _cargo_ribs(picture, drawn((0.0, 2.95), (5.3, 0.85)))
    for window in build.windows:
        cv2.fillPoly(picture, [drawn(*window)], (*_GLASS, 255), cv2.LINE_AA)
        cv2.polylines(picture, [drawn(*window)], True, (40, 40, 40, 255), 2, cv2.LINE_AA)
    skirt = drawn((0.02, 0.22), (build.length_m, 0.22), (build.length_m, 0.0), (0.02, 0.0))
    cv2.fillPoly(picture, [skirt], (*_SKIRT, 255))
    for along in build.wheels:
        _wheel(picture, drawn((along, build.wheel_m))[0], round(build.wheel_m * _PX))
    return picture


def _wheel(picture: Image, centre: Pixels, radius: int) -> None:
    rings = ((1.18, (18, 18, 20)), (1.0, _TYRE), (0.6, (150, 150, 152)), (0.2, (60, 60, 62)))
    for share, colour in rings:
        at = (int(centre[0]), int(centre[1]))
        cv2.circle(picture, at, round(radius * share), (*colour, 255), -1, cv2.LINE_AA)


def _shade_metal(picture: Image, rng: np.random.Generator) -> None:
    rows = picture.shape[0]
    fall = np.interp(np.arange(rows), [0, rows * 0.45, rows * 0.5, rows], [1.0, 1.08, 0.92, 0.7])
    rough = rng.normal(1.0, 0.01, picture.shape[:2])
    lit = picture[..., :3] * (fall[:, None, None] * rough[..., None])
    picture[..., :3] = np.clip(lit, 0, 255).astype(np.uint8)


def _cargo_ribs(picture: Image, corners: Pixels) -> None:
    (left, top), (right, bottom) = corners
    for column in range(left + 20, right, 24):
        picture[top:bottom, column : column + 3, :3] = (
            picture[top:bottom, column : column + 3, :3] // 5 * 4
        )


def _panel(kind: str, colour: Colour, rng: np.random.Generator) -> Image:
    paint = flat(colour, grain=0.01, rng=rng)
    picture = as_image(cv2.resize(paint, (144, 80)))
    if kind in ("glass", "hatch_glass"):
        return _glass(picture)
    if kind in ("tail", "hatch", "doors", "bumper"):
        return _tail(picture, kind)
    if kind in ("nose", "nose_low"):
        return _nose(picture, kind)
    bright = {"cargo": 1.0, "paint": 1.1, "cab": 1.0}[kind]
    return as_image(np.clip(picture.astype(np.float32) * bright, 0, 255))


def _glass(picture: Image) -> Image:
    fall = np.linspace(150, 60, 80)[:, None, None] * np.array([1.0, 0.94, 0.88])
    picture[4:76, 8:136] = fall[4:76].astype(np.uint8)
    cv2.line(picture, (30, 76), (70, 6), (120, 116, 110), 5, cv2.LINE_AA)
    return picture


def _tail(picture: Image, kind: str) -> Image:
    picture = np.clip(picture.astype(np.float32) * 0.85, 0, 255).astype(np.uint8)
    lamps = {"tail": (12, 30), "hatch": (8, 34), "doors": (70, 76), "bumper": (14, 34)}[kind]
    for left, right in ((4, 30), (114, 140)):
        cv2.rectangle(picture, (left, lamps[0]), (right, lamps[1]), (40, 34, 190), -1)
        cv2.rectangle(
            picture, (left + 3, lamps[0] + 3), (right - 14, lamps[1] - 3), (90, 90, 230), -1
        )
    if kind == "doors":
        cv2.line(picture, (72, 2), (72, 70), (60, 60, 60), 2)
        cv2.rectangle(picture, (2, 2), (141, 70), (90, 90, 90), 2)
        return picture
    cv2.rectangle(picture, (50, 30), (94, 42), (150, 80, 20), -1)
    cv2.putText(picture, "A 0000", (53, 40), cv2.FONT_HERSHEY_SIMPLEX, 0.32, (240, 240, 240), 1)
    cv2.rectangle(picture, (2, 52), (141, 58), (45, 45, 45), -1)
    picture[62:] = _SKIRT
    for left in (8, 112):
        cv2.rectangle(picture, (left, 58), (left + 24, 79), _TYRE, -1)
    return picture


def _nose(picture: Image, kind: str) -> Image:
    if kind == "nose_low":
        picture[20:] = _SKIRT
        cv2.rectangle(picture, (50, 6), (94, 18), (150, 80, 20), -1)
        return picture
    cv2.rectangle(picture, (40, 30), (104, 70), (38, 38, 40), -1)
    for left in (6, 112):
        cv2.rectangle(picture, (left, 30), (left + 26, 56), (235, 238, 240), -1)
    return picture
