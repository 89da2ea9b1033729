"""The error budget of placing, cell by cell."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from tests.edge.drone_trials import DEM_M, WIDE_GIMBAL, DroneCell, Land
from tests.edge.geotag_trials import Trial
from tests.edge.vehicle_trials import WIDE, VehicleCell

TRACK_M: Final = np.arange(25.0, 4.9, -2.0)
"""How far ahead of a vehicle a track sees its thing."""
_USUAL: Final = VehicleCell(gnss_m=2.0, heading_deg=1.5, pitch_deg=0.5)
_FREE: Final = DroneCell(
    pitch_deg=-60.0,
    agl_m=100.0,
    gnss_m=1.5,
    yaw_deg=2.0,
    vertical_m=3.0,
    ground_m=DEM_M,
    land=Land.ROLLING,
)
VEHICLE_BUDGET = {
    (VehicleCell(gnss_m=1.0, heading_deg=1.0, pitch_deg=0.5), 5.0): 2.3,
    (VehicleCell(gnss_m=1.0, heading_deg=1.0, pitch_deg=0.5), 10.0): 2.7,
    (VehicleCell(gnss_m=1.0, heading_deg=1.0, pitch_deg=0.5), 15.0): 3.9,
    (VehicleCell(gnss_m=2.0, heading_deg=1.5, pitch_deg=0.5), 5.0): 4.4,
    (VehicleCell(gnss_m=2.0, heading_deg=1.5, pitch_deg=0.5), 10.0): 4.6,
    (VehicleCell(gnss_m=2.0, heading_deg=1.5, pitch_deg=0.5), 15.0): 5.3,
    (VehicleCell(gnss_m=3.0, heading_deg=2.0, pitch_deg=0.5), 5.0): 6.5,
    (VehicleCell(gnss_m=3.0, heading_deg=2.0, pitch_deg=0.5), 10.0): 6.7,
    (VehicleCell(gnss_m=3.0, heading_deg=2.0, pitch_deg=0.5), 15.0): 7.2,
    (VehicleCell(gnss_m=0.03, heading_deg=0.3, pitch_deg=0.2), 5.0): 0.9,
    (VehicleCell(gnss_m=0.03, heading_deg=0.3, pitch_deg=0.2), 10.0): 1.5,
    (VehicleCell(gnss_m=0.03, heading_deg=0.3, pitch_deg=0.2), 15.0): 2.7,
}
"""CE90 in metres of one frame from a vehicle, by (cell, distance ahead)."""

TRACK_BUDGET = {
    VehicleCell(gnss_m=2.0, heading_deg=1.5, pitch_deg=0.5): 4.5,
    VehicleCell(gnss_m=0.03, heading_deg=0.3, pitch_deg=0.2): 0.96,
}
"""CE90 in metres of a track from 25 m to 5 m."""

_DRONE_ROWS = {
    (0.03, 0.7, 0.05, 0.0): (
        (1.1, 1.4, 1.6, 1.9),
        (1.2, 1.6, 1.9, 2.3),
        (1.7, 2.2, 2.7, 3.2),
        (2.7, 3.6, 4.4, 5.3),
    ),
    (0.03, 0.7, 0.05, 3.0): (
        (1.5, 1.7, 1.9, 2.2),
        (2.5, 2.7, 2.9, 3.1),
        (4.2, 4.4, 4.6, 5.0),
        (7.0, 7.3, 7.8, 8.3),
    ),
    (1.5, 2.0, 3.0, 3.0): (
        (3.7, 3.9, 4.1, 4.2),
        (4.7, 5.0, 5.2, 5.6),
        (6.8, 7.2, 7.7, 8.3),
        (10.5, 11.2, 12.1, 13.1),
    ),
    (1.5, 2.0, 1.0, 10.0): (
        (5.0, 5.1, 5.2, 5.3),
        (8.2, 8.3, 8.5, 8.6),
        (13.6, 13.8, 14.0, 14.2),
        (22.0, 22.3, 22.7, 23.0),
    ),
}
DRONE_BUDGET = {
    DroneCell(
        pitch_deg=pitch,
        agl_m=agl,
        gnss_m=gnss,
        yaw_deg=yaw,
        vertical_m=vertical,
        ground_m=ground,
        land=Land.ROLLING if ground == DEM_M else Land.LEVEL,
    ): by_height[number]
    for (gnss, yaw, vertical, ground), rows in _DRONE_ROWS.items()
    for pitch, by_height in zip((-90.0, -60.0, -45.0, -30.0), rows, strict=True)
    for number, agl in enumerate((60.0, 80.0, 100.0, 120.0))
}
"""CE90 in metres of one frame from a drone; with an elevation model its tile is marched."""

UNBUDGETED: Final[Mapping[str, Callable[[int], Trial]]] = {
    **{
        f"fisheye dash camera, {ahead:g} m": partial(
            replace(_USUAL, camera=WIDE).trial, np.array([ahead])
        )
        for ahead in (3.0, 5.0, 10.0, 15.0)
    },
    "fisheye dash camera, track": partial(replace(_USUAL, camera=WIDE).trial, TRACK_M),
    **{
        f"{name}, {pitch:g} degrees": cell.trial
        for pitch in (-90.0, -60.0, -45.0)
        for name, cell in {
            "drone, corner of the picture": replace(_FREE, pitch_deg=pitch, ray=(0.7, 0.5)),
            "fisheye drone": replace(_FREE, pitch_deg=pitch, camera=WIDE_GIMBAL, ray=(0.7, 0.5)),
            "drone, hillside rising at 15 degrees": replace(
                _FREE, pitch_deg=pitch, land=Land.RISING
            ),
            "drone, hillside falling at 15 degrees": replace(
                _FREE, pitch_deg=pitch, land=Land.FALLING
            ),
        }.items()
    },
}
"""Cells at the rim of what is placed, for which only the ellipse has a goal."""
