"""Make an elevation tile of a GeoTIFF: posts on parallels and meridians, one stated datum."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from edge.placing.dem import (
    METRES_PER_DEGREE,
    MOST_POSTS,
    Datum,
    ElevationTile,
    TileHeader,
    UnusableElevation,
    bilinear,
)
from edge.placing.geotiff import Raster, read_geotiff
from edge.placing.projection import Array, Degrees

_EDGE_SAMPLES = 33
_BLOCK_ROWS = 256


def import_geotiff(
    path: Path, *, heights: Datum | None, geoid_m: float | None, sigma_m: float
) -> ElevationTile:
    """Make a tile of a GeoTIFF.

    Args:
        heights: what the file's heights are counted from; None takes what the file states.
        geoid_m: the geoid above the ellipsoid there, metres, where known.
        sigma_m: standard error of a height.

    Raises:
        UnusableElevation: the file cannot be read, or nothing or two things say its datum.
    """
    raster = read_geotiff(path)
    datum = _datum(path, raster.datum, heights)
    if isinstance(raster.projection, Degrees):
        north, west, steps = raster.y, raster.x, (raster.step_y, raster.step_x)
        grid = raster.heights
    else:
        north, west, steps, grid = _resampled(path, raster)
    try:
        header = TileHeader(
            rows=grid.shape[0],
            columns=grid.shape[1],
            north=north,
            west=west,
            step_north=steps[0],
            step_east=steps[1],
            datum=datum,
            geoid_m=geoid_m,
            sigma_m=sigma_m,
            source=path.name[:200],
        )
    except ValueError as error:
        raise UnusableElevation(path, f"范围不可能：{error}", f"impossible: {error}") from error
    return ElevationTile(header=header, heights=grid)


def _datum(path: Path, stated: Datum | None, given: Datum | None) -> Datum:
    if given is None and stated is None:
        raise UnusableElevation(
            path,
            "文件没有写高程基准；请用 --heights msl（海拔）或 hae（椭球高）说明",
            "it does not say what its heights are counted from: state --heights msl (mean sea "
            "level) or hae (ellipsoid)",
        )
    if given is not None and stated is not None and given is not stated:
        raise UnusableElevation(
            path,
            f"文件写的高程基准是 {stated}，与 --heights {given} 矛盾",
            f"it states {stated} heights, against --heights {given}",
        )
    chosen = given or stated
    assert chosen is not None
    return chosen


def _resampled(
    path: Path, raster: Raster
) -> tuple[float, float, tuple[float, float], NDArray[np.float32]]:
    """Lay posts on parallels and meridians as close as the source's, bilinear between those."""
    latitude, longitude = raster.projection.back(*_outline(raster))
    north, south = float(latitude.max()), float(latitude.min())
    west, east = float(longitude.min()), float(longitude.max())
    shrink = np.cos(np.radians((north + south) / 2.0))
    ground_x, ground_y = _ground_steps(raster, north, west, south, east)
    steps = ground_y / METRES_PER_DEGREE, ground_x / (METRES_PER_DEGREE * shrink)
    rows, columns = int((north - south) / steps[0]) + 1, int((east - west) / steps[1]) + 1
    if not 4 <= rows * columns <= MOST_POSTS or min(rows, columns) < 2:
        raise UnusableElevation(path, "网格太大或太小", "its grid is too large or too small")
    grid = np.empty((rows, columns), np.float32)
    across = west + steps[1] * np.arange(columns)
    for first in range(0, rows, _BLOCK_ROWS):
        down = north - steps[0] * np.arange(first, min(first + _BLOCK_ROWS, rows))
        at_latitude, at_longitude = np.meshgrid(down, across, indexing="ij")
        x, y = raster.projection.forward(at_latitude.ravel(), at_longitude.ravel())
        row, column = (raster.y - y) / raster.step_y, (x - raster.x) / raster.step_x
        grid[first : first + len(down)] = bilinear(raster.heights, row, column).reshape(
            len(down), columns
        )
    return north, west, steps, grid


def _outline(raster: Raster) -> tuple[Array, Array]:
    rows, columns = raster.heights.shape
    along = np.linspace(0.0, 1.0, _EDGE_SAMPLES)
    none, whole = np.zeros_like(along), np.ones_like(along)
    right = np.concatenate([along, along, none, whole]) * (columns - 1) * raster.step_x
    down = np.concatenate([none, whole, along, along]) * (rows - 1) * raster.step_y
    return raster.x + right, raster.y - down


def _ground_steps(
    raster: Raster, north: float, west: float, south: float, east: float
) -> tuple[float, float]:
    """Give the source's steps as metres on the ground, which web Mercator stretches."""
    middle = np.array([(north + south) / 2.0]), np.array([(west + east) / 2.0])
    x, y = raster.projection.forward(*middle)
    up, _ = raster.projection.back(x, y + raster.step_y)
    _, right = raster.projection.back(x + raster.step_x, y)
    shrink = float(np.cos(np.radians(middle[0][0])))
    return (
        float(abs(right - middle[1])[0]) * METRES_PER_DEGREE * shrink,
        float(abs(up - middle[0])[0]) * METRES_PER_DEGREE,
    )
