"""Which cells of ground one frame shows: in view, near enough, clear of what stands before them.

Cells are H3 of resolution 14 (6 m², 3 m across): a parked car hides four or five; at 13 (44 m²)
one car would blank the width of a street, at 15 (1 m²) a cell is finer than the pose.
Frame: east and north in metres on the plane of the pass; heights as the stance counts them.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import h3.api.basic_int as h3
import numpy as np
from numpy.typing import NDArray

from edge.coverage.relief import faces, in_sight
from edge.placing.camera import Camera
from edge.placing.geodesy import LocalPlane
from edge.placing.local_scale import pixels_per_radian, resolution
from edge.placing.terrain import Ground, Stance
from edge.subjects import Footing

Array = NDArray[np.float64]

RESOLUTION: Final = 14
CELL_EDGE_M: Final = 1.546
CELL_RADIUS_M: Final = 1.0
"""Of the circle of half a cell's area: the core that has to be in view and clear.

A choice, and a looser one than the whole cell (1.42 m): a thing at a cell's rim may be hidden where
its core is clear. Together with a shorter memory of vehicles it kept a quarter more ground on four
rendered drives, on which it was also chosen; wrong cells were counted against the same core.
"""
RANGE_M: Final = 20.0
"""How far ahead a look may count, if the ground is later seen from `PLACEABLE_M` as well."""
PLACEABLE_M: Final = 15.0
"""From farther away one frame cannot place what it shows (`edge.placing.geotag`)."""
LATERAL_M: Final = 7.0
"""Half of what lies between the fronts of a common street: beyond, the plane is no ground."""
DRONE_RANGE_M: Final = 150.0
BEYOND_M: Final = 5.0
"""How far past its range a camera's ground is called too far, not merely out of view."""
_REMEMBERED: Final = 20_000
_EROSION: Final = 1.5
_BORDER_PX: Final = 2.0
_RING: Final[Array] = np.array(
    [(math.cos(a), math.sin(a), 0.0) for a in np.arange(8) * (math.pi / 4.0)]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """Cells of one frame as parallel arrays.

    Attributes:
        places: (n, 2) their middles.
        in_view, near, placeable, clear: (n,) of the whole cell, widened by what the pose may
            be off.
        low, high: (n, 2) corners of the box around each cell in the picture, pixels.
        scale: (n,) pixels of the model's input per metre in the far part of the cell, by footing.
    """

    cells: list[int]
    places: Array
    in_view: NDArray[np.bool_]
    near: NDArray[np.bool_]
    placeable: NDArray[np.bool_]
    clear: NDArray[np.bool_]
    scale: Mapping[Footing, Array]
    low: Array
    high: Array


class Outlook:
    """What a camera shows of the cells of one pass."""

    def __init__(self, ground: Ground, plane: LocalPlane, *, on_vehicle: bool) -> None:
        self._ground, self._plane, self._on_vehicle = ground, plane, on_vehicle
        self._middle: dict[int, Array] = {}
        self.range_m = RANGE_M if on_vehicle else DRONE_RANGE_M

    def look(
        self, stance: Stance, origin: Array, boxes: Array, *, camera: Camera, input_scale: float
    ) -> Glance:
        """Look at the cells around what a camera has before it.

        Args:
            origin: (2,) east and north of the carrier's reference point.
            boxes: (m, 4) pixels of what stands before the ground.
            input_scale: pixels of the model's input per pixel of the frame.
        """
        cells, places = self._around(stance, origin, camera)
        ring = self._ring(stance, places - origin)
        middle = ring.mean(axis=1)
        away = middle - stance.position
        slant, reach = np.linalg.norm(away, axis=1), np.linalg.norm(away[:, :2], axis=1)
        straight = _straight(away @ stance.rotation)
        per_radian = pixels_per_radian(camera, straight)
        uv = camera.project((ring - stance.position).reshape(-1, 3) @ stance.rotation)
        uv = uv.reshape(len(places), 8, 2)
        tight = uv.min(axis=1), uv.max(axis=1)
        off = self._own_error(stance, slant, reach) * np.linalg.norm(per_radian, axis=2)
        low, high = tight[0] - off, tight[1] + off
        size = np.array([camera.width, camera.height]) - _BORDER_PX
        in_view = (low >= _BORDER_PX).all(axis=1) & (high <= size).all(axis=1)
        in_view &= self._beside(away, stance)
        sine = _sine(ring, middle, away, slant)
        if not self._on_vehicle:
            in_view &= faces(sine)
        far = slant + CELL_RADIUS_M
        on_axis = math.sqrt(camera.fx * camera.fy)
        across = resolution(per_radian, on_axis=on_axis) * input_scale / far
        near = reach <= self.range_m
        return Glance(
            cells=cells,
            places=places,
            in_view=in_view,
            near=near,
            placeable=reach <= (PLACEABLE_M if self._on_vehicle else self.range_m),
            clear=self._clear(stance, ring, in_view & near, _free(low, high, boxes)),
            low=tight[0],
            high=tight[1],
            scale={
                Footing.STANDING: across,
                Footing.FLAT: across * np.sqrt(np.maximum(sine, 0.0) * slant / far),
            },
        )

    def _ring(self, stance: Stance, places: Array) -> Array:
        """Give (n, 8, 3) the rims of cores on the ground, from the pose's reference point."""
        ring = (places[:, None, :] + _RING[:, :2] * CELL_RADIUS_M).reshape(-1, 2)
        heights = self._ground.heights(stance, ring)
        return np.column_stack([ring, heights]).reshape(len(places), 8, 3)

    def _clear(
        self, stance: Stance, ring: Array, told: NDArray[np.bool_], free: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Take away from what is free in the picture what the ground itself hides."""
        if self._ground.post_m is None:
            return free
        rows = np.flatnonzero(told & free)
        rim = ring[rows, ::2]
        shown = in_sight(self._ground, stance, rim.reshape(-1, 3), within_m=CELL_RADIUS_M)
        clear = free.copy()
        clear[rows] = shown.reshape(len(rows), -1).all(axis=1)
        return clear

    def _around(self, stance: Stance, origin: Array, camera: Camera) -> tuple[list[int], Array]:
        """Give the cells about the ground in view, with their middles (n, 2)."""
        eye, axis = stance.position[:2] + origin, stance.rotation[:2, 2]
        if self._on_vehicle:
            radius = (self.range_m + BEYOND_M) / 2.0
            middle = eye + axis / max(float(np.linalg.norm(axis)), 1e-6) * radius
        else:
            steep = max(-float(stance.rotation[2, 2]), 0.2)
            drop_m = self._drop_m(stance)
            middle = eye + axis * drop_m / steep
            radius = min(drop_m * _half_view(camera) / steep**2, self.range_m)
        latitude, longitude = self._plane.latitude_longitude(middle)
        rings = math.ceil(radius / (1.5 * CELL_EDGE_M)) + 1
        cells = h3.grid_disk(h3.latlng_to_cell(latitude, longitude, RESOLUTION), rings)
        return cells, self._middles(cells)

    def _drop_m(self, stance: Stance) -> float:
        """Give how far the ground lies below a drone, at most, where it can be looked at."""
        about = np.vstack([np.zeros((1, 2)), _RING[:, :2] * self.range_m / 2.0])
        heights = self._ground.heights(stance, about)
        known = heights[np.isfinite(heights)]
        lowest = float(known.min()) if len(known) else 0.0
        return max(float(stance.position[2]) - lowest, 0.0)

    def _middles(self, cells: list[int]) -> Array:
        """Give the middles (n, 2) of cells, remembering those of the last looks."""
        new = [cell for cell in cells if cell not in self._middle]
        if new:
            degrees = np.array([h3.cell_to_latlng(cell) for cell in new])
            places = self._plane.east_north(degrees[:, 0], degrees[:, 1])
            if len(self._middle) > _REMEMBERED:
                self._middle.clear()
                return self._middles(cells)
            self._middle.update(zip(new, places, strict=True))
        return np.array([self._middle[cell] for cell in cells])

    def _own_error(self, stance: Stance, slant: Array, reach: Array) -> Array:
        """Give by which angles (n, 2), right and down, a cell may be off within the pass."""
        error = stance.pose.error
        place = error.horizontal_own_m / slant
        if not self._on_vehicle:
            # Looking down, any turn may move the picture either way; so may an unknown height.
            turn = math.hypot(error.yaw_own, error.pitch, error.roll, error.tilt)
            height_m = math.hypot(error.vertical_m, self._ground.sigma_m)
            off = np.hypot(np.hypot(turn, place), height_m * reach / slant**2)
            return _EROSION * np.column_stack([off, off])
        # Across, wander and a turn of the carrier; upright, springs and the slope of the road.
        across = np.hypot(math.hypot(error.yaw_own, error.tilt), place)
        sine = float(stance.position[2]) / slant
        lean = math.hypot(error.pitch, error.tilt, self._ground.slope)
        upright = np.hypot(lean, place * sine)
        return _EROSION * np.column_stack([across, upright])

    def _beside(self, away: Array, stance: Stance) -> NDArray[np.bool_]:
        if not self._on_vehicle:
            return np.ones(len(away), dtype=np.bool_)
        axis = stance.rotation[:2, 2]
        east, north = axis / max(float(np.linalg.norm(axis)), 1e-6)
        beside: NDArray[np.bool_] = np.abs(away[:, 0] * north - away[:, 1] * east) <= LATERAL_M
        return beside


def _straight(seen: Array) -> Array:
    """Give (n, 2) at z = 1 of the optical frame; NaN for what lies behind the camera."""
    with np.errstate(divide="ignore", invalid="ignore"):
        straight: Array = np.where(seen[:, 2:] > 1e-6, seen[:, :2] / seen[:, 2:], np.nan)
    return straight


def _sine(ring: Array, middle: Array, away: Array, slant: Array) -> Array:
    """Give the sine (n,) of the angle at which cells are looked at, by the lie of their rims."""
    rise = (ring[:, :, 2] - middle[:, 2:]) @ _RING[:, :2] * (2.0 / len(_RING) / CELL_RADIUS_M)
    normal = np.column_stack([-rise, np.ones(len(rise))])
    sine: Array = -(away * normal).sum(axis=1) / slant / np.linalg.norm(normal, axis=1)
    return sine


def _free(low: Array, high: Array, boxes: Array) -> NDArray[np.bool_]:
    """Say which boxes (n, 2) to (n, 2) touch none of others (m, 4)."""
    free = np.ones(len(low), dtype=np.bool_)
    for box in boxes:
        free &= ~((low < box[2:]).all(axis=1) & (high > box[:2]).all(axis=1))
    return free


def _half_view(camera: Camera) -> float:
    """Give the tangent of the widest angle that a picture shows."""
    width, height = float(camera.width), float(camera.height)
    corners = np.array([(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)])
    seen = (corners - (camera.cx, camera.cy)) / (camera.fx, camera.fy)
    straight = np.linalg.norm(camera.distortion.straighten(seen), axis=1)
    return float(np.where(np.isnan(straight), camera.distortion.reach, straight).max())
