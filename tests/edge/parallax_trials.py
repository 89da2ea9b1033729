"""Is one estimate with the ground as a prior ever worse than choosing by parallax?

The usual rule triangulates where two lines of sight make 4 degrees or more, and takes the closest
cut of ray and ground otherwise. Both are limits of the one estimate: ground of unknown height, and
a single sighting. Here all three place the same simulated sights.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.errors import EdgeError
from edge.placing.camera import Camera
from edge.placing.geotag import GroundPoint, place_track
from edge.placing.sight import Sighting
from edge.placing.terrain import Ground, LevelGround, OwnPlane
from tests.edge.drone_trials import NARROW_GIMBAL
from tests.edge.geotag_trials import (
    PLANE,
    SEED,
    START,
    Trial,
    degrees,
    enu_from_cameras,
    normals,
    pose_error,
    pose_over,
)
from tests.edge.vehicle_trials import ASIDE_M, DASH, VehicleCell

Array = NDArray[np.float64]

ENOUGH_DEG: Final = 4.0
_UNKNOWN_M: Final = 1e3


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """CE90 in metres of one set of sights, placed three ways."""

    parallax_deg: float
    ours_m: float
    triangulated_m: float
    closest_m: float

    @property
    def rule_m(self) -> float:
        return self.triangulated_m if self.parallax_deg >= ENOUGH_DEG else self.closest_m

    @property
    def ratio(self) -> float:
        """Ours over the rule's."""
        return self.ours_m / self.rule_m


def vehicle(cell: VehicleCell, ahead_m: Array, n: int) -> Compared:
    """Compare on drives past an object from distances ahead, metres."""
    sights = cell.drives(ahead_m, n)
    angle = np.arctan2(ASIDE_M, ahead_m)
    flat = np.degrees(angle.max() - angle.min())
    truth = PLANE.latitude_longitude(np.array([ASIDE_M, 0.0]))
    return _compared(
        sights,
        DASH,
        truth,
        known=OwnPlane(),
        unknown=OwnPlane(sigma_m=_UNKNOWN_M),
        parallax_deg=float(flat),
    )


def drone(*, baseline_m: float, ground_m: float, gnss_m: float, n: int) -> Compared:
    """Compare on two photos of one spot from 80 m, looking straight down from either side."""
    agl_m, rng = 80.0, np.random.default_rng(SEED)
    error = pose_error(
        horizontal_m=gnss_m,
        vertical_m=0.05 if gnss_m < 1.0 else 1.0,
        yaw=degrees(0.7),
        pitch=degrees(0.5),
        roll=degrees(0.5),
        time_s=0.03,
    )
    each = (n, 2)
    north = np.array([-0.5, 0.5]) * baseline_m
    turned = enu_from_cameras(
        np.repeat(normals(rng, error.yaw_shared, (n,)), 2),
        degrees(-90.0) + normals(rng, error.pitch, each).ravel(),
        normals(rng, error.roll, each).ravel(),
    )
    up = agl_m + normals(rng, error.vertical_m, (n,)) - normals(rng, ground_m, (n,))
    away = np.stack(
        [np.zeros(each), np.broadcast_to(-north, each), -np.tile(up[:, None], (1, 2))], axis=-1
    )
    seen = (away.reshape(-1, 1, 3) @ turned)[:, 0]
    uv = NARROW_GIMBAL.project(seen) + normals(rng, NARROW_GIMBAL.error.pixel_px, (2 * n, 2))
    bias = normals(rng, gnss_m, (n, 2))
    bias[:, 1] += 10.0 * normals(rng, error.time_s, (n,))
    stated = np.stack([np.zeros(each), np.broadcast_to(north, each)], axis=-1) + bias[:, None]
    places = PLANE.latitude_longitude(stated)
    sights = [
        [
            Sighting(
                uv=(float(pixel[0]), float(pixel[1])),
                pose=pose_over(
                    place,
                    error=error,
                    pitch=degrees(-90.0),
                    agl_m=agl_m,
                    at=START + timedelta(seconds=number * baseline_m / 10.0),
                ),
            )
            for number, (pixel, place) in enumerate(zip(pixels, two, strict=True))
        ]
        for pixels, two in zip(uv.reshape(n, 2, 2), places, strict=True)
    ]
    return _compared(
        sights,
        NARROW_GIMBAL,
        np.array([PLANE.latitude, PLANE.longitude]),
        known=LevelGround(sigma_m=ground_m),
        unknown=LevelGround(sigma_m=_UNKNOWN_M),
        parallax_deg=math.degrees(2.0 * math.atan2(baseline_m / 2.0, agl_m)),
    )


def _compared(
    sights: Sequence[list[Sighting]],
    camera: Camera,
    truth: Array,
    *,
    known: Ground,
    unknown: Ground,
    parallax_deg: float,
) -> Compared:
    def ce90_m(place: Callable[[list[Sighting]], GroundPoint]) -> float:
        points = [_or_none(place, each) for each in sights]
        return Trial.of(points, np.broadcast_to(truth, (len(sights), 2))).ce90_m

    return Compared(
        parallax_deg=parallax_deg,
        ours_m=ce90_m(lambda each: place_track(each, camera=camera, ground=known, max_range_m=1e3)),
        triangulated_m=ce90_m(
            lambda each: place_track(each, camera=camera, ground=unknown, max_range_m=1e3)
        ),
        closest_m=ce90_m(
            lambda each: place_track(each[-1:], camera=camera, ground=known, max_range_m=1e3)
        ),
    )


def _or_none(
    place: Callable[[list[Sighting]], GroundPoint], sights: list[Sighting]
) -> GroundPoint | None:
    try:
        return place(sights)
    except EdgeError:
        return None


RTK: Final = VehicleCell(gnss_m=0.03, heading_deg=0.3, pitch_deg=0.2)
USUAL: Final = VehicleCell(gnss_m=2.0, heading_deg=1.5, pitch_deg=0.5)
DRIVES: Final = tuple(
    (cell, ahead)
    for cell in (RTK, USUAL)
    for ahead in (
        np.array([12.5, 12.0, 11.5]),
        np.array([15.0, 13.0, 11.0]),
        np.arange(20.0, 9.9, -2.0),
        np.arange(15.0, 4.9, -2.0),
        np.arange(25.0, 4.9, -2.0),
    )
)
FLIGHTS: Final = tuple(
    (baseline_m, ground_m, gnss_m)
    for baseline_m in (1.4, 4.0, 5.4, 8.0, 28.0)
    for ground_m, gnss_m in ((1.0, 1.5), (3.0, 0.03), (10.0, 1.5))
)
