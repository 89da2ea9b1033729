"""The six passes over a street: a first drive, a drone flight, and four later drives."""

from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from dispatch.wire import Platform
from edge.sources.street.parking import parked_vehicles
from edge.sources.street.passes import Noise, Optics, PassPlan
from edge.sources.street.plan import LENGTH_M, Story, StreetPlan

PASSES: Final = 6
DRONE_PASS: Final = 2
FIRST_LATER_PASS: Final = 3
FIRST_DRIVE: Final = datetime(2026, 5, 11, 1, 30, tzinfo=UTC)
_STARTS: Final = (
    timedelta(0),
    timedelta(hours=1),
    timedelta(days=2),
    timedelta(days=2, hours=5),
    timedelta(days=3),
    timedelta(days=3, hours=6),
)
_FLIGHT_M: Final = (4.0, 158.5)
"""Where along the street the first and the last photo of the flight are taken."""


def plan_passes(plan: StreetPlan, *, first_drive: datetime = FIRST_DRIVE) -> tuple[PassPlan, ...]:
    """Plan a first drive, a drone flight, and four later drives."""
    return tuple(_plan_pass(plan, number, first_drive) for number in range(1, PASSES + 1))


def _plan_pass(plan: StreetPlan, number: int, first_drive: datetime) -> PassPlan:
    rng = np.random.default_rng((plan.seed, 3, number))
    drone = number == DRONE_PASS
    later = number >= FIRST_LATER_PASS
    repaired = [p.id for p in plan.problems if later and p.story is Story.REPAIR]
    return PassPlan(
        number=number,
        platform=Platform.DRONE if drone else Platform.VEHICLE,
        starts_at=first_drive + _STARTS[number - 1],
        from_m=_FLIGHT_M[0] if drone else 0.0,
        to_m=_FLIGHT_M[1] if drone else LENGTH_M - 12.0,
        right_m=0.0 if drone else 1.55 + float(rng.uniform(-0.2, 0.2)),
        speed_m_s=7.0 if drone else 8.0 + float(rng.uniform(-0.4, 0.6)),
        frames_per_s=0.5 if drone else 5.0,
        yaw=0.0,
        noise=_noise(drone=drone),
        optics=_optics(rng, drone=drone),
        sun=(float(rng.uniform(0.25, 0.7)), float(rng.uniform(-0.5, -0.2))),
        shade=float(rng.uniform(0.15, 0.42)),
        repaired=tuple(repaired),
        parked=parked_vehicles(plan, rng, later=later),
        seed=int(rng.integers(1 << 30)),
    )


def _noise(*, drone: bool) -> Noise:
    degree = float(np.pi / 180.0)
    return Noise(
        horizontal_shared_m=1.0 if drone else 0.8,
        horizontal_own_m=0.3 if drone else 0.25,
        vertical_m=0.4 if drone else 0.5,
        yaw_shared=(0.8 if drone else 0.4) * degree,
        yaw_own=0.3 * degree,
        pitch=(0.4 if drone else 0.25) * degree,
        roll=(0.4 if drone else 0.3) * degree,
    )


def _optics(rng: np.random.Generator, *, drone: bool) -> Optics:
    return Optics(
        width=1600 if drone else 1280,
        height=1200 if drone else 720,
        focal_px=1150.0 if drone else 900.0,
        pitch=-float(np.radians(52.0 if drone else 6.0)),
        above_ground_m=14.0 if drone else 1.6,
        exposure=float(rng.uniform(0.9, 1.15)),
        warmth=float(rng.uniform(0.97, 1.05)),
        grain=float(rng.uniform(2.0, 4.5)),
        blur_px=float(rng.uniform(0.45, 0.75)),
        smear_px=1 if drone else 3,
    )
