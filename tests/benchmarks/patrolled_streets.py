"""A city's streets as a patrol sees them day after day, with the errors of its receiver."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp, sqrt
from random import Random
from typing import Final

from h3.api import basic_int as h3

from dispatch import wire
from dispatch.case.step import Decision
from dispatch.ids import CaseId
from dispatch.loop import casework
from dispatch.people.people import Role
from tests.dispatch import making
from tests.dispatch.city import City, person

STREETS: Final = 16
STREET_M: Final = 1200.0
SPACING_M: Final = 40.0
SPEED_M_S: Final = 10.0
APART_DEG: Final = 7e-4
"""Of longitude between two streets, 67 m."""
DRIFT_S: Final = 1800.0
BIAS_M, OWN_M = 1.5, 0.7
SEEN: Final = 0.9
"""Share of the known problems that a pass sees; it finds a new one for each that it does not."""
HAZARD, OTHER, HAZARD_EVERY = "road.pothole", "road.crack", 10
MEASURE: Final = wire.Measure(quantity=wire.Quantity.AREA_M2, value=1.6, sigma=0.1)
LANES_M: Final = (-4.0, 0.0, 4.0)


@dataclass(slots=True, kw_only=True)
class Patrol:
    """One vehicle that drives all streets every day."""

    device: str
    rng: Random = field(default_factory=lambda: Random(20261121))

    def passed(self, day: int) -> list[wire.Message]:
        """Give what a pass sends, in its order: finds, and a sweep a minute."""
        start = making.NOON + timedelta(days=day)
        pass_id = f"{self.device}:{day}"
        sent: list[wire.Message] = []
        east, north = self.rng.gauss(0.0, BIAS_M), self.rng.gauss(0.0, BIAS_M)
        pull = exp(-60.0 / DRIFT_S)
        for minute in range(round(STREETS * STREET_M / SPEED_M_S / 60.0)):
            at = start + timedelta(minutes=minute)
            sent += self._found(pass_id, minute, (east, north), start=start)
            last = minute + 1 == round(STREETS * STREET_M / SPEED_M_S / 60.0)
            sent.append(_sweep(pass_id, minute, self.device, at=at, last=last))
            east, north = (
                pull * each + self.rng.gauss(0.0, BIAS_M * sqrt(1.0 - pull * pull))
                for each in (east, north)
            )
        return sent

    def _found(
        self, pass_id: str, minute: int, bias: tuple[float, float], *, start: datetime
    ) -> Iterator[wire.Finding]:
        every = round(SPEED_M_S * 60.0 / SPACING_M)
        for place in range(minute * every, (minute + 1) * every):
            known = self.rng.random() < SEEN
            aside = 0.0 if known else self.rng.uniform(8.0, SPACING_M - 8.0)
            street, along = divmod(place * SPACING_M, STREET_M)
            found = making.finding(
                str(place),
                label=HAZARD if place % HAZARD_EVERY == 0 else OTHER,
                device=self.device,
                pass_id=pass_id,
                at=start + timedelta(seconds=(place * SPACING_M + aside) / SPEED_M_S),
                where=_position(
                    street,
                    east_m=bias[0] + self.rng.gauss(0.0, OWN_M),
                    north_m=along + aside + bias[1] + self.rng.gauss(0.0, OWN_M),
                ),
            )
            yield found.model_copy(update={"measure": MEASURE})


def _position(street: float, *, east_m: float, north_m: float) -> wire.Position:
    where = making.position(north_m=north_m - STREET_M / 2)
    aside = (street - STREETS / 2) * APART_DEG + east_m / (0.866 * making.M_PER_DEGREE)
    return where.model_copy(update={"longitude": where.longitude + aside})


def _sweep(pass_id: str, minute: int, device: str, *, at: datetime, last: bool) -> wire.Sweep:
    """Sweep the ground of a minute, three lanes wide."""
    base = making.sweep(device=device, pass_id=pass_id, at=at, stretch=minute, last=last)
    street, along = divmod(minute * SPEED_M_S * 60.0, STREET_M)
    cells = set()
    for step in range(round(SPEED_M_S * 60.0 / 3.0)):
        for lane in LANES_M:
            where = _position(street, east_m=lane, north_m=along + 3.0 * step)
            cells.add(h3.latlng_to_cell(where.latitude, where.longitude, 13))
    ground = base.inspected[0].model_copy(
        update={
            "cells": wire.pack_cells(sorted(cells)),
            "pixels_per_metre": wire.pack_ppm([60.0] * len(cells)),
        }
    )
    return base.model_copy(update={"inspected": (ground,), "hidden": ()})


def handle(cases: Sequence[CaseId], *, city: City) -> None:
    """Have cases confirmed, dispatched and reported as done, so that the next pass judges them."""
    for id_ in cases:
        city.dispatch(id_)
        case = city.case(id_)
        worker = person("养护工老赵", Role.HANDLER, department=case.department)
        accepted = Decision(by=worker, at=city.later(minutes=1))
        casework.accept_case(id_, accepted, uow=city.uow)
        city.finish(id_, by=worker)
