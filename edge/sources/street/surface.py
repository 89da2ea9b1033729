"""The street's surfaces before anything happened to them: asphalt, marks, kerbs, pavers."""

from typing import Final

import cv2
import numpy as np

from edge.sources.street.shapes import Image
from edge.sources.street.sheet import Field, Sheet, mix, noise, rise

LANE_M: Final = 3.25
KERB_M: Final = 5.5
"""Distance of the kerbs from the centre line; the parking strip lies between lane and kerb."""
FACADE_M: Final = 10.2
_TACTILE_M: Final = 8.0
_TILE_M: Final = 16.0
_PAVER_M: Final = 0.3
_REPEAT_M: Final = 18.0
_PAINT: Final = (206.0, 210.0, 212.0)
_YELLOW: Final = (70.0, 170.0, 205.0)


def lay_surface(
    start: tuple[float, float], size_m: tuple[float, float], *, px_per_m: float, seed: int
) -> Sheet:
    """Lay the bare street.

    Args:
        start: along, right of the first corner, metres.
        size_m: extent along, across, metres.
    """
    rng = np.random.default_rng((seed, 11))
    rows, columns = round(size_m[1] * px_per_m), round(size_m[0] * px_per_m)
    image = _spread(_asphalt_tile(px_per_m, rng), rows, columns)
    sheet = Sheet(image=image, px_per_m=px_per_m, start=start)
    _lay_pavers(sheet, rng)
    _wear(sheet, rng)
    _paint_marks(sheet, rng)
    return sheet


def _asphalt_tile(px_per_m: float, rng: np.random.Generator) -> Image:
    side = round(_TILE_M * px_per_m)
    side = min(side, 1024)
    grain = rng.standard_normal((side, side), dtype=np.float32)
    coarse = cv2.GaussianBlur(grain, (0, 0), 1.1)
    value = 112.0 + 6.0 * grain + 15.0 * coarse
    tile = np.stack([value * 1.0, value * 0.99, value * 0.97], axis=-1)
    return np.clip(tile, 0.0, 255.0).astype(np.uint8)


def _spread(tile: Image, rows: int, columns: int) -> Image:
    mirrored = np.concatenate([tile, tile[:, ::-1]], axis=1)
    mirrored = np.concatenate([mirrored, mirrored[::-1]], axis=0)
    down, across = -(-rows // mirrored.shape[0]), -(-columns // mirrored.shape[1])
    return np.ascontiguousarray(np.tile(mirrored, (down, across, 1))[:rows, :columns])


def _lay_pavers(sheet: Sheet, rng: np.random.Generator) -> None:
    for side in (-1.0, 1.0):
        _lay_band(sheet, side, (KERB_M + 0.15, 13.0), (118.0, 128.0, 136.0), rng)
        _lay_band(sheet, side, (_TACTILE_M, _TACTILE_M + 0.3), (78.0, 158.0, 178.0), rng)
        _lay_kerb(sheet, side)


def _lay_band(
    sheet: Sheet,
    side: float,
    band_m: tuple[float, float],
    colour: tuple[float, float, float],
    rng: np.random.Generator,
) -> None:
    length = sheet.image.shape[1] / sheet.px_per_m
    middle = (sheet.start[0] + length / 2, side * (band_m[0] + band_m[1]) / 2)
    window = sheet.window(middle, (length, (band_m[1] - band_m[0]) / 2))
    if window is None:
        return
    cells = min(window.image.shape[1], round(_REPEAT_M * sheet.px_per_m))
    shade = rng.uniform(0.86, 1.08, (window.image.shape[0] // 4 + 2, 70)).astype(np.float32)
    col = np.floor((window.along[0, :cells] - sheet.start[0]) / _PAVER_M).astype(np.intp)
    row = np.floor((window.right[:, 0] - window.right[0, 0]) / _PAVER_M).astype(np.intp)
    joint = np.minimum(_joint(window.along[:, :cells]), _joint(window.right))
    value = shade[row][:, col] * (0.72 + 0.28 * joint)
    grain = window.image[:, :cells, :1].astype(np.float32) / 112.0 * 0.45 + 0.55
    tile = np.clip(value[..., None] * grain * np.array(colour, np.float32), 0, 255).astype(np.uint8)
    for left in range(0, window.image.shape[1], cells):
        part = window.image[:, left : left + cells]
        part[:] = tile[:, : part.shape[1]]


def _joint(metres: Field) -> Field:
    return rise(0.0, 0.016, _PAVER_M / 2 - np.abs(metres % _PAVER_M - _PAVER_M / 2))


def _lay_kerb(sheet: Sheet, side: float) -> None:
    length = sheet.image.shape[1] / sheet.px_per_m
    middle = (sheet.start[0] + length / 2, side * (KERB_M + 0.07))
    window = sheet.window(middle, (length, 0.09))
    if window is None:
        return
    joint = rise(0.0, 0.02, 0.5 - np.abs(window.along % 1.0 - 0.5))
    face = rise(-0.02, 0.05, (np.abs(window.right) - KERB_M).astype(np.float32))
    share = np.broadcast_to(np.float32(0.85), window.image.shape[:2])
    value = (105.0 + 55.0 * face) * (0.7 + 0.3 * joint)
    mix(window, np.repeat(value[..., None], 3, axis=-1).astype(np.float32), share)


def _wear(sheet: Sheet, rng: np.random.Generator) -> None:
    small_scale = 6.0
    rows, columns = sheet.image.shape[:2]
    shape = (
        int(rows / sheet.px_per_m * small_scale) + 2,
        int(columns / sheet.px_per_m * small_scale) + 2,
    )
    lumps = noise(shape, px_per_m=small_scale, waves_m=(6.0, 2.0, 0.8), rng=rng)
    right = sheet.start[1] + np.arange(shape[0], dtype=np.float32)[:, None] / small_scale
    tracks = np.zeros_like(right)
    for track in (-2.4, -0.9, 0.85, 2.4):
        tracks += np.exp(-(((right - track) / 0.35) ** 2))
    gutter = rise(0.6, 0.0, np.abs(np.abs(right) - KERB_M + 0.2).astype(np.float32))
    factor = 1.0 + 0.05 * lumps + 0.045 * tracks - 0.12 * gutter
    light = np.clip(factor * 200.0, 0.0, 255.0).astype(np.uint8)
    full = cv2.resize(light, (columns, rows), interpolation=cv2.INTER_LINEAR)
    for top in range(0, rows, 256):
        part = full[top : top + 256]
        worn = cv2.multiply(
            sheet.image[top : top + 256], cv2.merge([part, part, part]), scale=1 / 200
        )
        sheet.image[top : top + 256] = worn


def _paint_marks(sheet: Sheet, rng: np.random.Generator) -> None:
    length = sheet.image.shape[1] / sheet.px_per_m
    start, end = sheet.start[0], sheet.start[0] + length
    for first in np.arange(np.floor(start / 10.0) * 10.0, end, 10.0):
        _mark(sheet, (float(first) + 2.0, 0.0), (2.0, 0.075), _YELLOW, rng)
    for side in (-LANE_M, LANE_M):
        _mark(sheet, ((start + end) / 2, side), (length / 2, 0.06), _PAINT, rng)
    for first in np.arange(np.floor(start / 6.2) * 6.2, end, 6.2):
        for side in (-1.0, 1.0):
            bay = (float(first), side * (LANE_M + KERB_M) / 2)
            _mark(sheet, bay, (0.05, (KERB_M - LANE_M) / 2), _PAINT, rng)


def _mark(
    sheet: Sheet,
    middle: tuple[float, float],
    half_m: tuple[float, float],
    colour: tuple[float, float, float],
    rng: np.random.Generator,
) -> None:
    window = sheet.window(middle, half_m)
    if window is None:
        return
    worn = noise(window.image.shape[:2], px_per_m=sheet.px_per_m, waves_m=(0.5, 0.12), rng=rng)
    mix(window, colour, 0.45 + 0.4 * rise(-1.2, 0.4, worn))


def shade_sheet(sheet: Sheet, shade: Image) -> None:
    """Darken a sheet by a picture of shade (255 none) of any size that covers the same ground."""
    rows, columns = sheet.image.shape[:2]
    full = cv2.resize(shade, (columns, rows), interpolation=cv2.INTER_LINEAR)
    for top in range(0, rows, 256):
        part = full[top : top + 256]
        darker = cv2.multiply(
            sheet.image[top : top + 256], cv2.merge([part, part, part]), scale=1 / 255
        )
        sheet.image[top : top + 256] = darker
