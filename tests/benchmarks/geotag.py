"""Placing against its error budget, by simulated errors; and what it costs."""

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from edge.geotag import place_track
from tests.benchmarks.figure import Measured, benchmark
from tests.edge.geotag_trials import (
    DRONE_BUDGET,
    TRACK_BUDGET,
    VEHICLE_BUDGET,
    Trial,
    VehicleCell,
    trial,
)

TRIALS: Final = 2000
HOW: Final = (
    f"{TRIALS} simulated placings in each of the {len(VEHICLE_BUDGET)} vehicle cells up to 15 m "
    f"and {len(DRONE_BUDGET)} drone cells of the error budget, {TRIALS // 4} in each of "
    f"{len(TRACK_BUDGET)} tracks"
)


@dataclass(frozen=True, slots=True)
class _Cell:
    budget_m: float
    result: Trial


@lru_cache(maxsize=1)
def _cells() -> tuple[_Cell, ...]:
    vehicles = [
        _Cell(budget, trial(cell.place_once(ahead), TRIALS))
        for (cell, ahead), budget in VEHICLE_BUDGET.items()
    ]
    tracks = [
        _Cell(budget, trial(cell.place_drive(), TRIALS // 4))
        for cell, budget in TRACK_BUDGET.items()
    ]
    drones = [
        _Cell(budget, trial(cell.place_once(), TRIALS)) for cell, budget in DRONE_BUDGET.items()
    ]
    return (*vehicles, *tracks, *drones)


@benchmark(name="geotag.ce90_worst_ratio", unit="ratio", goal="<= 1.10")
def ce90_worst_ratio() -> Measured:
    """Largest CE90 over its budget."""
    worst = max(cell.result.ce90_m / cell.budget_m for cell in _cells())
    return Measured(value=worst, how=HOW)


@benchmark(name="geotag.ellipse95_min", unit="share", goal=">= 0.93")
def ellipse95_min() -> Measured:
    """Smallest share of truths inside the stated 95 % ellipse."""
    return Measured(value=min(cell.result.covered for cell in _cells()), how=HOW)


@benchmark(name="geotag.ellipse95_max", unit="share", goal="<= 0.97")
def ellipse95_max() -> Measured:
    """Largest share of truths inside the stated 95 % ellipse."""
    return Measured(value=max(cell.result.covered for cell in _cells()), how=HOW)


@benchmark(name="geotag.track_ms", unit="ms", goal="<= 10")
def track_ms() -> Measured:
    """Time to place a track of eleven sightings."""
    cell = VehicleCell(gnss_m=2.0, heading_deg=1.5, pitch_deg=0.5)
    _, sightings = cell.frames(np.arange(25.0, 4.9, -2.0), np.random.default_rng(1))
    spent = []
    for _ in range(50):
        before = time.perf_counter()
        place_track(sightings, camera=cell.camera)
        spent.append(time.perf_counter() - before)
    return Measured(value=float(np.median(spent)) * 1e3, how="median of 50, a core of this machine")
