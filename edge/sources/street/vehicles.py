"""Parked vehicles: an outline seen from the side, drawn across the vehicle's width."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import cv2
import numpy as np

from edge.sources.street.shapes import Face, Image, Texture, Thing
from edge.sources.street.solids import dimmed, flat, quad
from edge.sources.street.sprites import Colour

_PX: Final = 80
_GLASS: Final = (74, 66, 58)
_TYRE: Final = (30, 30, 32)
_SKIRT: Final = (26, 26, 28)


class Body(StrEnum):
    """What kind of vehicle."""

    CAR = "car"
    VAN = "van"
    TRUCK = "truck"


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """The outline of a vehicle from its side.

    Attributes:
        width_m: at the waist.
        outline: (along, up) metres from the foot of the tail over the roof to the foot of the nose.
        panels: what each stretch of the outline is made of.
        windows: outlines of side windows.
        wheels: along of the axles.
        wheel_m: radius of the wheels.
        narrow_m: by how much each side leans in at the roof.
        waist_m: height at which the sides begin to lean in.
    """

    width_m: float
    outline: tuple[tuple[float, float], ...]
    panels: tuple[str, ...]
    windows: tuple[tuple[tuple[float, float], ...], ...]
    wheels: tuple[float, ...]
    wheel_m: float
    narrow_m: float
    waist_m: float

    @property
    def length_m(self) -> float:
        """Bumper to bumper."""
        return max(along for along, _ in self.outline)


BUILDS: Final[dict[Body, Build]] = {
    Body.CAR: Build(
        width_m=1.82,
        outline=(
            (0.05, 0.0),
            (0.0, 0.95),
            (0.45, 1.0),
            (1.05, 1.42),
            (2.5, 1.46),
            (3.25, 1.0),
            (4.35, 0.82),
            (4.5, 0.5),
            (4.45, 0.0),
        ),
        panels=("tail", "paint", "glass", "paint", "glass", "paint", "nose", "nose_low"),
        windows=(
            ((0.75, 1.0), (1.15, 1.34), (1.75, 1.37), (1.75, 1.0)),
            ((1.83, 1.0), (1.83, 1.37), (2.45, 1.38), (3.05, 1.0)),
        ),
        wheels=(0.85, 3.6),
        wheel_m=0.33,
        narrow_m=0.2,
        waist_m=0.98,
    ),
    Body.VAN: Build(
        width_m=1.9,
        outline=(
            (0.05, 0.0),
            (0.0, 1.1),
            (0.12, 1.92),
            (3.5, 1.95),
            (4.35, 1.2),
            (4.75, 0.95),
            (4.85, 0.5),
            (4.8, 0.0),
        ),
        panels=("hatch", "hatch_glass", "paint", "glass", "paint", "nose", "nose_low"),
        windows=(
            ((0.3, 1.15), (0.35, 1.75), (1.5, 1.78), (1.5, 1.15)),
            ((1.6, 1.15), (1.6, 1.78), (2.7, 1.78), (2.7, 1.15)),
            ((2.8, 1.15), (2.8, 1.78), (3.45, 1.78), (4.1, 1.15)),
        ),
        wheels=(0.9, 3.9),
        wheel_m=0.34,
        narrow_m=0.12,
        waist_m=1.1,
    ),
    Body.TRUCK: Build(
        width_m=2.3,
        outline=(
            (0.0, 0.0),
            (0.0, 0.85),
            (0.0, 2.95),
            (5.3, 2.95),
            (5.35, 2.3),
            (6.6, 2.25),
            (7.0, 1.45),
            (7.05, 0.9),
            (7.0, 0.0),
        ),
        panels=("bumper", "doors", "cargo", "cargo", "cab", "glass", "nose", "nose_low"),
        windows=(((5.6, 1.4), (5.6, 2.1), (6.5, 2.08), (6.8, 1.4)),),
        wheels=(1.4, 6.0),
        wheel_m=0.45,
        narrow_m=0.0,
        waist_m=2.0,
    ),
}


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
        faces.append(_across(build, start, high, low, picture, inner))
    flank = _side(build, body, colour, rng)
    for side, light in ((-1.0, 1.0), (1.0, 0.72)):
        faces.extend(_flank(build, start, side, flank, light, inner))
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
    high: tuple[float, float],
    low: tuple[float, float],
    picture: Image,
    inner: np.ndarray[tuple[int], np.dtype[np.float64]],
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
    side: float,
    flank: Image,
    light: float,
    inner: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> tuple[Face, Face]:
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
        quad(upper, dimmed(flank[:cut], light), inner),
        quad(lower, dimmed(flank[cut:], light), inner),
    )


def _side(build: Build, body: Body, colour: Colour, rng: np.random.Generator) -> Image:
    roof = max(height for _, height in build.outline)
    picture = np.zeros((round(roof * _PX), round(build.length_m * _PX), 4), np.uint8)

    def drawn(
        points: tuple[tuple[float, float], ...],
    ) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
        placed = np.array(points) * (1.0, -1.0) + (0.0, roof)
        return np.round(placed * _PX).astype(np.int32)

    cv2.fillPoly(picture, [drawn(build.outline)], (*colour, 255))
    _shade_metal(picture, rng)
    if body is Body.TRUCK:
        _cargo_ribs(picture, drawn(((0.0, 2.95), (5.3, 0.85))))
    for window in build.windows:
        cv2.fillPoly(picture, [drawn(window)], (*_GLASS, 255), cv2.LINE_AA)
        cv2.polylines(picture, [drawn(window)], True, (40, 40, 40, 255), 2, cv2.LINE_AA)
    length = build.length_m
    cv2.rectangle(
        picture,
        tuple(drawn(((0.02, 0.22),))[0]),
        tuple(drawn(((length, 0.0),))[0]),
        (*_SKIRT, 255),
        -1,
    )
    for along in build.wheels:
        centre = drawn(((along, build.wheel_m),))[0]
        radius = round(build.wheel_m * _PX)
        cv2.circle(picture, centre, round(radius * 1.18), (18, 18, 20, 255), -1, cv2.LINE_AA)
        cv2.circle(picture, centre, radius, (*_TYRE, 255), -1, cv2.LINE_AA)
        cv2.circle(picture, centre, round(radius * 0.6), (150, 150, 152, 255), -1, cv2.LINE_AA)
        cv2.circle(picture, centre, round(radius * 0.2), (60, 60, 62, 255), -1, cv2.LINE_AA)
    return picture


def _shade_metal(picture: Image, rng: np.random.Generator) -> None:
    rows = picture.shape[0]
    fall = np.interp(np.arange(rows), [0, rows * 0.45, rows * 0.5, rows], [1.0, 1.08, 0.92, 0.7])
    rough = rng.normal(1.0, 0.01, picture.shape[:2])
    lit = picture[..., :3] * (fall[:, None, None] * rough[..., None])
    picture[..., :3] = np.clip(lit, 0, 255).astype(np.uint8)


def _cargo_ribs(picture: Image, corners: np.ndarray[tuple[int, int], np.dtype[np.int32]]) -> None:
    (left, top), (right, bottom) = corners
    for column in range(left + 20, right, 24):
        picture[top:bottom, column : column + 3, :3] = (
            picture[top:bottom, column : column + 3, :3] // 5 * 4
        )


def _panel(kind: str, colour: Colour, rng: np.random.Generator) -> Image:
    paint = flat(colour, grain=0.01, rng=rng)
    picture = cv2.resize(paint, (144, 80))
    if kind in ("glass", "hatch_glass"):
        return _glass(picture)
    if kind in ("tail", "hatch", "doors", "bumper"):
        return _tail(picture, kind)
    if kind in ("nose", "nose_low"):
        return _nose(picture, kind)
    bright = {"cargo": 1.0, "paint": 1.1, "cab": 1.0}[kind]
    return np.clip(picture.astype(np.float32) * bright, 0, 255).astype(np.uint8)


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
