"""The ground round a problem as a raster: where it may lie, and what a pass saw of each spot.

Frame: a plane tangent at the problem's place, metres east and north. A pass's ground carries the
pass's own error, so that a spot was inspected with a *chance*: the share of inspected ground
under that error round the spot.
"""

import math
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from h3.api import basic_int as h3

from dispatch.identity.sights import matrix
from dispatch.place import EARTH_RADIUS_M, Place
from dispatch.wire import NotInspected

Array = npt.NDArray[np.float64]

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
    """

    place: Place
    axis_m: Array
    spots: npt.NDArray[np.int64]
    chance: Array

    @property
    def xy(self) -> Array:
        """Give (k, 2) metres east and north of the spots."""
        return self.axis_m[self.spots]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a pass saw of the spots of a ground.

    Args:
        inspected: (k + 1,) chance that the spot was inspected.
        occluded: (k + 1,) chance that something stood before or on it.
        hidden: (k + 1,) the same for each reason.
        pixels_per_metre: of the inspected ground where the problem most likely lies; 0 if none.
    """

    inspected: Array
    hidden: Mapping[NotInspected, Array]
    pixels_per_metre: float

    @property
    def occluded(self) -> Array:
        """Give (k + 1,) chance that something stood before or on the spot."""
        return self.hidden[NotInspected.OCCLUDED]


def ground_round(place: Place, *, reach_m: float) -> Ground:
    """Lay a raster over everywhere the problem may lie.

    Args:
        reach_m: how far beyond it the ground of a pass must be known.
    """
    covariance = matrix(place)
    sigma = place.sigma_m
    half = min(_SIGMAS * sigma + reach_m, _FARTHEST_M)
    pitch = max(_FINEST_M, 2.0 * half / (_AXIS - 1))
    count = math.ceil(half / pitch)
    axis = np.arange(-count, count + 1, dtype=np.float64) * pitch
    east, north = np.meshgrid(axis, axis, indexing="ij")
    xy = np.stack([east, north], axis=-1)
    distance2 = np.einsum("abi,ij,abj->ab", xy, np.linalg.inv(covariance), xy)
    inside = distance2 <= _SIGMAS**2
    inside[count, count] = True
    density = np.where(inside, np.exp(-0.5 * distance2), 0.0)
    spots = np.argwhere(inside)
    chance = density[inside] / density.sum()
    beyond = math.exp(-0.5 * _SIGMAS**2)
    return Ground(
        place=place,
        axis_m=axis,
        spots=spots,
        chance=np.append(chance * (1.0 - beyond), beyond),
    )


def seen_of(
    ground: Ground,
    *,
    inspected: Mapping[int, float],
    hidden: Mapping[int, NotInspected],
    sigma_m: float,
    shift_m: tuple[float, float],
) -> Seen:
    """Tell what a pass saw of a ground, given the error of the pass.

    Args:
        inspected: pixels per metre by cell.
        hidden: reason by cell.
        sigma_m: of the pass's ground, per axis.
        shift_m: by which the pass's ground is known to lie off.
    """
    claimed = _claims(ground, {**dict.fromkeys(hidden, 0.0), **inspected}, shift_m)
    views = np.vectorize(lambda cell: inspected.get(cell, 0.0), otypes=[float])(claimed)
    blur = _blur(ground.axis_m, sigma_m)
    share = blur @ (views > 0.0) @ blur.T
    view = blur @ views @ blur.T
    at = tuple(ground.spots.T)
    chance = _clipped(share[at])
    weight = float(chance @ ground.chance)
    pixels = float(view[at] @ ground.chance[:-1]) / weight if weight > 1e-9 else 0.0
    return Seen(
        inspected=chance,
        hidden={
            why: _clipped((blur @ _mask(claimed, hidden, why) @ blur.T)[at]) for why in NotInspected
        },
        pixels_per_metre=pixels,
    )


def _claims(
    ground: Ground, cells: Mapping[int, float], shift_m: tuple[float, float]
) -> npt.NDArray[np.int64]:
    """Give (n, n) the claimed cell under each raster point, 0 where nothing is claimed."""
    origin = ground.place
    north = (ground.axis_m + shift_m[1]) / EARTH_RADIUS_M
    east = (ground.axis_m + shift_m[0]) / (EARTH_RADIUS_M * math.cos(math.radians(origin.latitude)))
    latitudes = (origin.latitude + np.degrees(north)).tolist()
    longitudes = (origin.longitude + np.degrees(east)).tolist()
    resolutions = sorted({int(h3.get_resolution(cell)) for cell in cells}, reverse=True)
    return np.array(
        [[_cell(lat, lng, resolutions, cells) for lat in latitudes] for lng in longitudes],
        dtype=np.int64,
    )


def _cell(latitude: float, longitude: float, resolutions: list[int], cells: Container[int]) -> int:
    for resolution in resolutions:
        cell = int(h3.latlng_to_cell(latitude, longitude, resolution))
        if cell in cells:
            return cell
    return 0


def _mask(
    claimed: npt.NDArray[np.int64], hidden: Mapping[int, NotInspected], why: NotInspected
) -> Array:
    cells = [cell for cell, reason in hidden.items() if reason is why]
    return np.isin(claimed, np.array(cells, dtype=np.int64)).astype(np.float64)


def _blur(axis_m: Array, sigma_m: float) -> Array:
    """Give (n, n) the chance that a point of the axis is displaced into each step of it."""
    pitch = float(axis_m[1] - axis_m[0])
    scale = max(sigma_m, 1e-3) * math.sqrt(2.0)
    edges = np.append(axis_m, axis_m[-1] + pitch) - pitch / 2.0
    below = np.vectorize(math.erf)((edges[None, :] - axis_m[:, None]) / scale) / 2.0
    return np.asarray(np.diff(below, axis=1))


def _clipped(share: Array) -> Array:
    return np.append(np.clip(share, 0.0, 1.0), 0.0)
