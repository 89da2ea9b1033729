"""Pictures of a simulated patrol, so that the camera's motion is followed in pixels, not told."""

from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.detect.patrol import Patrol
from tests.detect.road import FRAME, Camera, K, Thing

Image = NDArray[np.uint8]

PX_PER_M: Final = 40.0
_TILE: Final = 2048
_SKY: Final = 215
_BANDS_M: Final = (0.0, 6.0, 11.0, 20.0, 38.0)
_GREYS: Final = {0: 60, 1: 90, 2: 120, 3: 170}
_PAINT: Final = 205


def paint(patrol: Patrol, index: int) -> Image:
    """Give the picture of a frame, (720, 1280) grey with sensor noise."""
    camera = patrol.cameras[index]
    picture = np.full(FRAME, _SKY, np.uint8)
    _ground(picture, camera)
    _markings(picture, camera, patrol)
    for number, thing in patrol.near(index):
        _thing(picture, camera, thing, tone=37 * (number % 5))
    rng = np.random.default_rng((7, index))
    noise = rng.integers(-7, 8, (FRAME[0] // 2, FRAME[1] // 2), np.int16)
    grain = noise.repeat(2, axis=0).repeat(2, axis=1)
    return np.clip(picture + grain, 0, 255).astype(np.uint8)


@cache
def _asphalt() -> tuple[Image, ...]:
    """Give a square of asphalt that repeats without a seam, in copies of half the size each."""
    rng = np.random.default_rng(11)
    sheet = np.zeros((_TILE, _TILE), np.float32)
    for grain, strength in ((2, 16.0), (8, 10.0), (32, 9.0), (128, 12.0)):
        few = rng.normal(0, strength, (_TILE // grain,) * 2).astype(np.float32)
        large = cv2.resize(np.pad(few, 2, mode="wrap"), None, fx=grain, fy=grain)
        sheet += large[2 * grain : -2 * grain, 2 * grain : -2 * grain]
    first = np.clip(sheet + 110, 0, 255).astype(np.uint8)
    copies = [first]
    for _ in _BANDS_M[1:]:
        copies.append(cv2.resize(copies[-1], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    return tuple(copies)


def _pixel_from_ground(camera: Camera) -> NDArray[np.float64]:
    """(3, 3): east, north, 1 to pixel."""
    turn = K @ camera.rotation
    shift = turn @ np.array([-camera.east, -camera.north, -camera.height])
    return np.column_stack((turn[:, 0], turn[:, 1], shift))


def _ground(picture: Image, camera: Camera) -> None:
    """Paint the ground in bands, the farther the coarser, so that the distance does not flicker."""
    flat = _pixel_from_ground(camera)
    rows = [_row_of(camera, metres) for metres in _BANDS_M[1:]]
    edges = [FRAME[0], *rows, _row_of(camera, 400.0)]
    edges = np.clip(edges, 0, FRAME[0]).astype(int).tolist()
    for sheet, bottom, top in zip(_asphalt(), edges[:-1], edges[1:], strict=True):
        if bottom <= top:
            continue
        scale = _TILE / len(sheet) / PX_PER_M
        lift = np.array([[1, 0, 0], [0, 1, -top], [0, 0, 1.0]])
        matrix = lift @ flat @ np.diag([scale, scale, 1.0])
        picture[top:bottom] = cv2.warpPerspective(
            sheet, matrix, (FRAME[1], bottom - top), borderMode=cv2.BORDER_WRAP
        )


def _row_of(camera: Camera, metres: float) -> float:
    """Give the row of the ground so far ahead."""
    s, c = np.sin(camera.heading), np.cos(camera.heading)
    spot = np.array([[camera.east + metres * s, camera.north + metres * c, 0.0]])
    uv = camera.pixels(spot)
    return float(FRAME[0]) if uv is None else float(uv[0, 1])


def _markings(picture: Image, camera: Camera, patrol: Patrol) -> None:
    """Paint the dashes of the middle line and the kerbs along the route."""
    route = patrol.route
    away = np.hypot(route[:, 0] - camera.east, route[:, 1] - camera.north)
    for metre in np.flatnonzero(away < 45.0).tolist():
        east, north, heading = route[metre].tolist()
        if metre % 8 < 3:
            _flat(picture, camera, (east, north, heading), right=-1.9, wide=0.15)
        for right in (-4.9, 3.3):
            _flat(picture, camera, (east, north, heading), right=right, wide=0.3 + metre % 3 * 0.1)


def _flat(
    picture: Image,
    camera: Camera,
    spot: tuple[float, float, float],
    *,
    right: float,
    wide: float,
) -> None:
    east, north, heading = spot
    s, c = np.sin(heading), np.cos(heading)
    mark = Thing(east + right * c, north - right * s, wide, 1.0, yaw=heading)
    hull = camera.outline(mark)
    if hull is not None:
        cv2.fillConvexPoly(picture, _fixed(hull), _PAINT, cv2.LINE_AA, shift=4)


def _thing(picture: Image, camera: Camera, thing: Thing, *, tone: int) -> None:
    """Paint a thing: its outline, its nearer sides in other greys, windows in a high wall."""
    hull = camera.outline(thing)
    if hull is None:
        return
    base = _GREYS[thing.label] + tone % 60 if thing.high < 3 else 140 + tone % 40
    cv2.fillConvexPoly(picture, _fixed(hull), base, cv2.LINE_AA, shift=4)
    if thing.high == 0:
        return
    corners = thing.corners
    for shade, side in ((-45, (0, 1, 3, 2)), (-20, (4, 5, 7, 6)), (-60, (0, 1, 5, 4))):
        face = corners[list(side)]
        if _faces(camera, thing, face):
            _face(picture, camera, face, base + shade, panes=thing.wide > 0.5)


def _faces(camera: Camera, thing: Thing, face: NDArray[np.float64]) -> bool:
    """Say whether a side looks towards the camera."""
    middle = face.mean(axis=0)[:2]
    outward = middle - [thing.east, thing.north]
    return bool(outward @ ([camera.east, camera.north] - middle) > 0)


def _face(
    picture: Image, camera: Camera, face: NDArray[np.float64], grey: int, *, panes: bool
) -> None:
    uv = camera.pixels(face)
    if uv is None:
        return
    cv2.fillConvexPoly(picture, _fixed(uv), grey, cv2.LINE_AA, shift=4)
    if not panes:
        return
    glass = camera.pixels(_panes(face))
    if glass is None:
        return
    for number, pane in enumerate(_fixed(glass).reshape(-1, 4, 2)):
        dark = max(grey - 60 + 17 * (number * 7 % 4), 10)
        cv2.fillConvexPoly(picture, pane, dark, cv2.LINE_AA, shift=4)


def _panes(face: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give (n * 4, 3): the corners of the windows of a side."""
    along, up = face[3] - face[0], face[1] - face[0]
    across, floors = (6, 3) if np.hypot(*along[:2]) > 5 else (2, 2)
    column, floor = np.mgrid[0:across, 0:floors].reshape(2, -1)
    u = np.stack([(column + share) / across for share in (0.25, 0.75, 0.75, 0.25)], 1).ravel()
    v = np.stack([(floor + share) / floors for share in (0.3, 0.3, 0.8, 0.8)], 1).ravel()
    return face[0] + u[:, None] * along + v[:, None] * up


def _fixed(uv: NDArray[np.floating]) -> NDArray[np.int32]:
    return np.round(np.clip(uv, -4000, 4000) * 16).astype(np.int32)
