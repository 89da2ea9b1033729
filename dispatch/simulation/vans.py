"""A problem below a parked van: the hardest honest "cannot tell"."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import numpy as np
from h3.api import basic_int as h3

from dispatch.ground.place import Place
from dispatch.simulation.repairs import START, Handled
from dispatch.simulation.sighting import latitude_longitude
from dispatch.verification.detectability import RecallBand
from dispatch.verification.evidence import Look, Target
from dispatch.wire import Light, NotInspected

BANDS: Final = (
    RecallBand(min_px=8.0, max_px=640.0, light=Light.DAY, lower=0.8, concentration=8.0),
)
PASS_SIGMA_M: Final = 1.5
PLACE_SIGMA_M: Final = 1.0
Span = tuple[float, float]


def ground(east_m: Span, north_m: Span) -> dict[int, float]:
    """Give the cells under a rectangle of the simulated plane, at 90 pixels per metre."""
    return {
        int(h3.latlng_to_cell(*latitude_longitude(float(e), float(n)), 14)): 90.0
        for e in np.arange(*east_m, 0.7)
        for n in np.arange(*north_m, 0.7)
    }


def below_a_van(*, passes: int, leaves_after: int, rng: np.random.Generator) -> Handled:
    """Simulate a problem that was never repaired, below a van that stays for some passes.

    Each pass states its ground off by its own receiver error, and with it the hole that the van
    leaves; once the van has left, passes see the ground, and the problem is gone after all.
    """
    latitude, longitude = latitude_longitude(
        *(float(each) for each in rng.normal(0.0, PLACE_SIGMA_M, 2))
    )
    target = Target(
        label="road.pothole",
        place=Place(
            latitude=latitude,
            longitude=longitude,
            ee=PLACE_SIGMA_M**2,
            en=0.0,
            nn=PLACE_SIGMA_M**2,
        ),
        size_m=0.8,
        first_seen_at=START,
        handled_at=START - timedelta(hours=12),
    )
    looks = tuple(_look(day, stays=day < leaves_after, rng=rng) for day in range(passes))
    return Handled(target=target, looks=looks, present=leaves_after >= passes)


def _look(day: int, *, stays: bool, rng: np.random.Generator) -> Look:
    east, north = (float(each) for each in rng.normal(0.0, PASS_SIGMA_M, 2))
    van: Mapping[int, float] = {}
    if stays:
        van = ground((east - 2.2, east + 2.2), (north - 1.0, north + 1.0))
    road = ground((-14.0, 14.0), (north - 6.0, north + 6.0))
    return Look(
        pass_id=f"simulated:{day:03d}",
        at=START + timedelta(days=day),
        inspected={cell: view for cell, view in road.items() if cell not in van},
        light=Light.DAY,
        sigma_m=PASS_SIGMA_M,
        hidden=dict.fromkeys(van, NotInspected.OCCLUDED),
        bands=BANDS,
    )
