"""Which places the ground itself hides from a camera: behind a ridge, or on a slope turned away."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.placing.dem_ground import MIN_GRAZING
from edge.placing.terrain import Ground, Stance

Array = NDArray[np.float64]

_MOST_STEPS: Final = 400
_AT_ONCE: Final = 2_000_000


def in_sight(
    ground: Ground, stance: Stance, places: Array, *, within_m: float
) -> NDArray[np.bool_]:
    """Say which places (n, 3) on a ground the camera sees over all ground before them.

    The way is looked at in steps of a quarter post. Where nothing is known of it, it is not seen.

    Args:
        places: metres east and north of the pose's reference point, and up as the stance counts.
        within_m: how near to the place the ground may rise to the ray: it is the place itself.
    """
    if ground.post_m is None or not len(places):
        return np.ones(len(places), dtype=np.bool_)
    away = places - stance.position
    slant = np.linalg.norm(away, axis=1)
    steps = min(max(math.ceil(float(slant.max()) / (ground.post_m / 4.0)), 8), _MOST_STEPS)
    last = np.clip(1.0 - within_m / np.maximum(slant, within_m), 0.0, 1.0)
    share = np.linspace(0.0, 1.0, steps)
    at_once = max(_AT_ONCE // steps, 1)
    seen = [
        _clear(ground, stance, away[part], last[part, None] * share)
        for part in np.split(np.arange(len(places)), range(at_once, len(places), at_once))
    ]
    return np.concatenate(seen)


def _clear(ground: Ground, stance: Stance, away: Array, along: Array) -> NDArray[np.bool_]:
    """Say of ways (n, 3) whether they lie above the ground at all their shares (n, steps)."""
    points = stance.position + along[:, :, None] * away[:, None, :]
    heights = ground.heights(stance, points[..., :2].reshape(-1, 2)).reshape(along.shape)
    return np.asarray((points[..., 2] > heights).all(axis=1), np.bool_)


def faces(sine: Array) -> NDArray[np.bool_]:
    """Say which places (n,) do not lie along the line of sight.

    Args:
        sine: of the angle between ground and line of sight, negative where it is turned away.
    """
    return np.asarray(sine >= math.sin(MIN_GRAZING), np.bool_)
