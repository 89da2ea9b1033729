"""Which cells of ground one frame shows: in view, near enough, clear of what stands before them.

Cells are H3 of resolution 14 (6 m², 3 m across): a parked car hides four or five; at 13 (44 m²)
one car would blank the width of a street, at 15 (1 m²) a cell is finer than the pose.
Frame: east and north in metres on the plane of the pass, up from the ground below the camera.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import h3.api.basic_int as h3
import numpy as np
from numpy.typing import NDArray

from edge.placing.camera import Camera
from edge.placing.geodesy import LocalPlane
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
        eye = stance.position + np.array([origin[0], origin[1], 0.0])
        cells, places = self._around(stance, eye, camera)
        away = np.column_stack([places, np.zeros(len(places))]) - eye
        reach = np.linalg.norm(away[:, :2], axis=1)
        ring = away[:, None, :] + _RING * CELL_RADIUS_M
        uv = camera.project(ring.reshape(-1, 3) @ stance.rotation).reshape(len(places), 8, 2)
        slant = np.hypot(reach, eye[2])
        off = self._own_error_px(stance, slant, camera)
        tight = uv.min(axis=1), uv.max(axis=1)
        low, high = tight[0] - off, tight[1] + off
        size = np.array([camera.width, camera.height]) - _BORDER_PX
        in_view = (low >= _BORDER_PX).all(axis=1) & (high <= size).all(axis=1)
        clear = np.ones(len(places), dtype=np.bool_)
        for box in boxes:
            clear &= ~((low < box[2:]).all(axis=1) & (high > box[:2]).all(axis=1))
        far = slant + CELL_RADIUS_M
        across = math.sqrt(camera.fx * camera.fy) * input_scale / far
        return Glance(
            cells=cells,
            places=places,
            in_view=in_view & self._beside(away, stance),
            near=reach <= self.range_m,
            placeable=reach <= (PLACEABLE_M if self._on_vehicle else self.range_m),
            clear=clear,
            low=tight[0],
            high=tight[1],
            scale={Footing.STANDING: across, Footing.FLAT: across * np.sqrt(eye[2] / far)},
        )

    def _around(self, stance: Stance, eye: Array, camera: Camera) -> tuple[list[int], Array]:
        """Give the cells about the ground in view, with their middles (n, 2)."""
        axis = stance.rotation[:2, 2]
        if self._on_vehicle:
            radius = (self.range_m + BEYOND_M) / 2.0
            middle = eye[:2] + axis / max(float(np.linalg.norm(axis)), 1e-6) * radius
        else:
            steep = max(-float(stance.rotation[2, 2]), 0.2)
            middle = eye[:2] + axis * float(eye[2]) / steep
            half = math.hypot(camera.width, camera.height) / 2.0 / camera.fx
            radius = min(float(eye[2]) * half / steep**2, self.range_m)
        latitude, longitude = self._plane.latitude_longitude(middle)
        rings = math.ceil(radius / (1.5 * CELL_EDGE_M)) + 1
        cells = h3.grid_disk(h3.latlng_to_cell(latitude, longitude, RESOLUTION), rings)
        return cells, self._middles(cells)

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

    def _own_error_px(self, stance: Stance, slant: Array, camera: Camera) -> Array:
        """Give by how many pixels (n, 2) a cell may be off: what moves within the pass."""
        error = stance.pose.error
        place = error.horizontal_own_m / slant
        # Across, wander and a turn of the carrier; upright, springs and the slope of the road.
        across = camera.fx * np.hypot(math.hypot(error.yaw_own, error.tilt), place)
        sine = float(stance.position[2]) / slant
        lean = math.hypot(error.pitch, error.tilt, self._ground.slope)
        upright = camera.fy * np.hypot(lean, place * sine)
        return _EROSION * np.column_stack([across, upright])

    def _beside(self, away: Array, stance: Stance) -> NDArray[np.bool_]:
        if not self._on_vehicle:
            return np.ones(len(away), dtype=np.bool_)
        axis = stance.rotation[:2, 2]
        east, north = axis / max(float(np.linalg.norm(axis)), 1e-6)
        beside: NDArray[np.bool_] = np.abs(away[:, 0] * north - away[:, 1] * east) <= LATERAL_M
        return beside
