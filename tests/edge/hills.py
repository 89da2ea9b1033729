"""A hill as an elevation tile."""

import numpy as np

from edge.placing.dem import Datum, ElevationTile, TileHeader
from tests.edge.geotag_trials import PLANE

CENTRE = (PLANE.latitude, PLANE.longitude)


def hill(east: np.ndarray, north: np.ndarray) -> np.ndarray:
    """Give a smooth hill and a slope: heights at metres east and north of the centre."""
    return 200.0 + 0.1 * east + 25.0 * np.exp(-((east - 60) ** 2 + (north - 80) ** 2) / 3600.0)


def tile(
    *, sigma_m: float = 0.1, geoid_m: float | None = None, datum: Datum = Datum.MSL
) -> ElevationTile:
    """Give a tile of that hill, 700 m to a side, a post every 5 m or so."""
    step, half = 5e-5, 3.5e-3
    count = int(2 * half / step) + 1
    latitude = CENTRE[0] + half - step * np.arange(count)
    longitude = CENTRE[1] - half + step * np.arange(count)
    grid = np.stack(np.meshgrid(latitude, longitude, indexing="ij"), axis=-1)
    away = PLANE.east_north(grid[..., 0].ravel(), grid[..., 1].ravel())
    heights = hill(away[:, 0], away[:, 1]).reshape(count, count).astype(np.float32)
    header = TileHeader(
        rows=count,
        columns=count,
        north=float(latitude[0]),
        west=float(longitude[0]),
        step_north=step,
        step_east=step,
        datum=datum,
        geoid_m=geoid_m,
        sigma_m=sigma_m,
        source="hill",
    )
    return ElevationTile(header=header, heights=heights)
