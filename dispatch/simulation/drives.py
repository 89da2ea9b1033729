"""Drives past things whose place is known, each with its own drifting receiver error."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from dispatch.ids import ObservationId
from dispatch.sights.observation import Observation
from dispatch.simulation.sighting import Errors, sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A thing on the simulated plane, metres east and north."""

    name: str
    east_m: float
    north_m: float
    label: str = "road.pothole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drives:
    """How the simulated vehicle drives and sees.

    Args:
        detects: chance that one drive finds a thing.
        breaks: chance that the track of a found thing breaks in two.
        drift_s: e-folding time of the receiver's error.
    """

    count: int
    errors: Errors = field(default_factory=Errors)
    detects: float = 0.8
    breaks: float = 0.1
    speed_mps: float = 8.0
    drift_s: float = 1800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """What the drives brought, and the truth of it."""

    observations: tuple[Observation, ...]
    truth: dict[ObservationId, str]


def drive(
    things: Sequence[Thing], drives: Drives, *, start: datetime, rng: np.random.Generator
) -> Driven:
    """Drive past the things from west to east, once a day."""
    found: list[Observation] = []
    truth: dict[ObservationId, str] = {}
    ordered = sorted(things, key=lambda each: each.east_m)
    for number in range(drives.count):
        offset_m = rng.normal(0.0, drives.errors.shared_m, 2)
        before = ordered[0].east_m if ordered else 0.0
        for thing in ordered:
            gap_s = (thing.east_m - before) / drives.speed_mps
            keep = math.exp(-gap_s / drives.drift_s)
            fresh = drives.errors.shared_m * math.sqrt(1.0 - keep * keep)
            offset_m = keep * offset_m + rng.normal(0.0, fresh, 2)
            before = thing.east_m
            if rng.random() >= drives.detects:
                continue
            at = start + timedelta(days=number, seconds=thing.east_m / drives.speed_mps)
            for part in range(2 if rng.random() < drives.breaks else 1):
                east_m, north_m = offset_m + rng.normal(0.0, drives.errors.own_m, 2)
                one = sighting(
                    pass_id=f"simulated:{number:03d}",
                    name=f"{thing.name}.{part}",
                    at=at + timedelta(seconds=2 * part),
                    east_m=thing.east_m + float(east_m),
                    north_m=thing.north_m + float(north_m),
                    label=thing.label,
                    errors=drives.errors,
                )
                found.append(one)
                truth[one.id] = thing.name
    return Driven(observations=tuple(found), truth=truth)
