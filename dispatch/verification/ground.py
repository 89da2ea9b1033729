"""The ground round a problem as a raster: where it may lie, and what a pass saw of each spot.

Frame: a plane tangent at the problem's place, metres east and north. A pass's ground carries the
pass's own error, so that a spot was inspected with a *chance*: the share of inspected ground
under that error round the spot.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from h3.api import basic_int as h3

from dispatch.ground.place import EARTH_RADIUS_M, Place
from dispatch.identity.sights import matrix
from dispatch.wire import NotInspected

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]

_SIGMAS: Final = 3.3
_FINEST_M: Final = 0.5
_AXIS: Final = 61
_FARTHEST_M: Final = 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Spots where the problem may lie.

    Args:
        place: the problem's, the origin of the plane.
        axis_m: (n,) coordinates of the raster along either axis.
        spots: (k, 2) indices (east, north) of the spots that matter.
        chance: (k + 1,) P(the problem lies at the spot); the last is "somewhere farther off",
            which no pass ever inspects.
        cells: for each H3 resolution in use, finest first: the cells under the raster, and
            (n, n) the number among them of the one under each point.
    """

    place: Place
    axis_m: Array
    spots: Index
    chance: Array
    cells: Mapping[int, tuple[tuple[int, ...], Index]]

    @property
    def xy(self) -> Array:
        """Give (k, 2) metres east and north of the spots."""
        return self.axis_m[self.spots]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a pass saw of the spots of a ground.

    Args:
        inspected: (k + 1,) chance that the spot was inspected.
        hidden: (k + 1,) chance that it was in view but hidden, for each reason.
        pixels_per_metre: of the inspected ground where the problem most likely lies; 0 if none.
    """

    inspected: Array
    hidden: Mapping[NotInspected, Array]
    pixels_per_metre: float

    @property
    def occluded(self) -> Array:
        """Give (k + 1,) chance that something stood before or on the spot."""
        return self.hidden[NotInspected.OCCLUDED]


def ground_round(
    place: Place, *, reach_m: float, resolutions: Collection[int], misplaced: float = 0.0
) -> Ground:
    """Lay a raster over everywhere the problem may lie.

    Args:
        reach_m: how far beyond it the ground of a pass must be known.
        resolutions: of the H3 cells in which passes state their ground.
        misplaced: chance that the place is wrong beyond its stated error.
    """
    half = min(_SIGMAS * place.sigma_m + reach_m, _FARTHEST_M)
    pitch = max(_FINEST_M, 2.0 * half / (_AXIS - 1))
    count = math.ceil(half / pitch)
    axis = np.arange(-count, count + 1, dtype=np.float64) * pitch
    xy = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1)
    distance2 = np.einsum("abi,ij,abj->ab", xy, np.linalg.inv(matrix(place)), xy)
    inside = distance2 <= _SIGMAS**2
    inside[count, count] = True
    density = np.exp(-0.5 * distance2[inside])
    beyond = misplaced + (1.0 - misplaced) * math.exp(-0.5 * _SIGMAS**2)
    return Ground(
        place=place,
        axis_m=axis,
        spots=np.argwhere(inside),
        chance=np.append(density / density.sum() * (1.0 - beyond), beyond),
        cells={each: _cells(place, axis, each) for each in sorted(resolutions, reverse=True)},
    )


def resolutions_of(cells: Iterable[int]) -> frozenset[int]:
    """Give the resolutions of H3 cells."""
    return frozenset(int(h3.get_resolution(cell)) for cell in cells)


def seen_of(
    ground: Ground,
    *,
    inspected: Mapping[int, float],
    hidden: Mapping[int, NotInspected],
    sigma_m: float,
) -> Seen:
    """Tell what a pass saw of a ground, given the error of the pass.

    Args:
        inspected: pixels per metre by cell.
        hidden: reason by cell.
        sigma_m: of the pass's ground, per axis.
    """
    blur = _blur(ground.axis_m, sigma_m)
    at = tuple(ground.spots.T)

    def under(raster: Array) -> Array:
        return np.append((blur @ raster @ blur.T)[at], 0.0)

    def hidden_by(why: NotInspected) -> Array:
        cells = {cell: 1.0 for cell, each in hidden.items() if each is why}
        raster = _raster(ground, cells)
        return np.minimum(under(raster), 1.0) if raster.any() else np.zeros_like(ground.chance)

    view = _raster(ground, inspected)
    chance = np.minimum(under((view > 0.0).astype(np.float64)), 1.0)
    weight = float(chance @ ground.chance)
    return Seen(
        inspected=chance,
        hidden={why: hidden_by(why) for why in NotInspected},
        pixels_per_metre=float(under(view) @ ground.chance) / weight if weight > 1e-9 else 0.0,
    )


def _cells(place: Place, axis_m: Array, resolution: int) -> tuple[tuple[int, ...], Index]:
    """Give the cells under a raster, and which one lies under each point."""
    shrink = EARTH_RADIUS_M * math.cos(math.radians(place.latitude))
    latitudes = (place.latitude + np.degrees(axis_m / EARTH_RADIUS_M)).tolist()
    longitudes = (place.longitude + np.degrees(axis_m / shrink)).tolist()
    under = [[int(h3.latlng_to_cell(y, x, resolution)) for y in latitudes] for x in longitudes]
    cells, number = np.unique(np.array(under, dtype=np.int64), return_inverse=True)
    return tuple(cells.tolist()), number.reshape(len(axis_m), -1)


def _raster(ground: Ground, values: Mapping[int, float]) -> Array:
    """Give (n, n) the value of the finest cell that covers each point; 0 where none does."""
    raster = np.zeros((len(ground.axis_m), len(ground.axis_m)))
    if not values:
        return raster
    for cells, number in ground.cells.values():
        value = np.array([values.get(cell, 0.0) for cell in cells])[number]
        raster = np.where(raster > 0.0, raster, value)
    return raster


@lru_cache(maxsize=64)
def _displaced(count: int, pitch_m: float, sigma_m: float) -> Array:
    """Give (n, n) the chance that a point of an axis is claimed at each step of it."""
    edges = (np.arange(-count, count + 1) + 0.5) * pitch_m
    scale = max(sigma_m, 1e-3) * math.sqrt(2.0)
    below = np.array([math.erf(edge / scale) / 2.0 for edge in edges.tolist()])
    steps = np.arange(count)[None, :] - np.arange(count)[:, None] + count
    return np.asarray(below[steps] - below[steps - 1])


def _blur(axis_m: Array, sigma_m: float) -> Array:
    return _displaced(len(axis_m), float(axis_m[1] - axis_m[0]), sigma_m)
