"""The sheet of ground under a camera, in copies of falling size so that the distance stays calm."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from edge.sources.street.shapes import Image, as_image
from edge.sources.street.sheet import Sheet
from edge.sources.street.view import Points, View

_BANDS: Final = 7
_COPIES: Final = 5
_LEVEL: Final = (
    np.array([1.0, 0.0, 0.0]),
    np.array([0.0, 1.0, 0.0]),
)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Ground:
    """A sheet and its smaller copies."""

    sheets: tuple[Sheet, ...]

    def paint(self, image: Image, view: View) -> None:
        """Paint the ground below the horizon (in place)."""
        distances = _row_distances(view)
        seen = np.flatnonzero(np.isfinite(distances))
        if not len(seen):
            return
        top, bottom = int(seen[0]), int(seen[-1]) + 1
        edges = _bands(distances, top, bottom)
        for first, last in pairwise(edges):
            self._paint_band(image, view, first, last, float(distances[(first + last) // 2]))

    def _paint_band(self, image: Image, view: View, top: int, bottom: int, distance: float) -> None:
        height = float(view.place[2])
        dense = view.lens.focal_px / distance * np.sqrt(height / distance)
        wanted = self.sheets[0].px_per_m / max(dense, 1e-6)
        step = int(np.clip(np.floor(np.log2(max(wanted, 1.0)) + 0.3), 0, len(self.sheets) - 1))
        sheet = self.sheets[step]
        scale = 1.0 / sheet.px_per_m
        plane_from_sheet = np.array(
            [
                [scale, 0.0, sheet.start[0] + 0.5 * scale],
                [0.0, scale, sheet.start[1] + 0.5 * scale],
                [0.0, 0.0, 1.0],
            ]
        )
        shift = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, -float(top)], [0.0, 0.0, 1.0]])
        plane = view.pixel_from_plane(np.zeros(3), *_LEVEL)
        cv2.warpPerspective(
            sheet.image,
            shift @ plane @ plane_from_sheet,
            (image.shape[1], bottom - top),
            dst=image[top:bottom],
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_TRANSPARENT,
        )


def ground_of(sheet: Sheet) -> Ground:
    """Make the smaller copies of a sheet."""
    sheets = [sheet]
    for _ in range(_COPIES):
        last = sheets[-1]
        small = as_image(cv2.resize(last.image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
        sheets.append(Sheet(image=small, px_per_m=last.px_per_m / 2, start=last.start))
    return Ground(sheets=tuple(sheets))


def horizon_row(view: View) -> float:
    """Give the row of the horizon in the middle column; infinite when the camera looks down."""
    down = view.camera_from_street @ np.array([0.0, 0.0, -1.0])
    if abs(down[1]) < 1e-6:
        return float("-inf") if down[2] > 0 else float("inf")
    row = (view.lens.height - 1) / 2 - view.lens.focal_px * down[2] / down[1]
    return float(row)


def _row_distances(view: View) -> Points:
    """Give, per row of the picture, the distance of the ground in its middle; inf above it."""
    lens = view.lens
    rows = np.arange(lens.height, dtype=np.float64)
    distances = np.full(lens.height, np.inf)
    for column in (0.0, (lens.width - 1) / 2, lens.width - 1.0):
        rays = np.column_stack(
            [
                np.full(lens.height, column - (lens.width - 1) / 2),
                rows - (lens.height - 1) / 2,
                np.full(lens.height, lens.focal_px),
            ]
        )
        up = rays @ view.camera_from_street[:, 2] / np.linalg.norm(rays, axis=1)
        below = up < -0.004
        distances[below] = np.minimum(distances[below], float(view.place[2]) / -up[below])
    return distances


def _bands(distances: Points, top: int, bottom: int) -> list[int]:
    nearness = 1.0 / distances[top:bottom]
    if nearness.max() < 1.6 * nearness.min():
        return [top, bottom]
    steps = np.geomspace(nearness.min(), nearness.max(), _BANDS + 1)[1:-1]
    cuts = [top + int(np.searchsorted(np.maximum.accumulate(nearness), step)) for step in steps]
    return sorted({top, *cuts, bottom})
