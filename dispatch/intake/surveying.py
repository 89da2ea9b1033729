"""Sweeps are told for the figures: soon after they came, and all anew where that is asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from h3.api import basic_int as h3

from dispatch.city.profile import Profile
from dispatch.ground.tiles import area_m2
from dispatch.loop.judging import filing_side_m
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.sights.stretch import RESOLUTION, Patch, Sees, Stretch, tell_stretch
from dispatch.verification.detectability import band_of
from dispatch.verification.evidence import Recalls, bands_of
from dispatch.wire import Inspected, Light, ModelRef, Sweep

BATCH: Final = 50
"""Sweeps that one transaction tells."""


def tell_sweeps(
    *, now: datetime, recalls: Recalls, profile: Profile, uow: UnitOfWork, limit: int = BATCH
) -> int:
    """Tell sweeps that came or were revised, and give their number; one transaction.

    What a revision changes is known from now on; the stretch still counts for when it first came.
    """
    telling = _Telling(recalls=recalls, profile=profile)
    with uow:
        untold = uow.stretches.untold(limit=limit)
        for sweep in untold:
            kept = uow.stretches.of_sweep(sweep.id)
            told = telling.of(sweep, at=kept[0].at if kept else now)
            uow.stretches.keep(*told, known_from=now, day=telling.day_of(told[0].at))
        uow.commit()
    return len(untold)


def retell_sweeps(
    *, recalls: Recalls, profile: Profile, uow: UnitOfWork, write: bool
) -> tuple[str, ...]:
    """Tell every sweep anew, and give the ids of those that were told otherwise or not at all.

    A sweep that was never told counts for when it ended. One transaction.
    """
    telling = _Telling(recalls=recalls, profile=profile)
    differed = []
    with uow:
        for sweep in uow.sweeps.all():
            kept = uow.stretches.of_sweep(sweep.id)
            told = telling.of(sweep, at=kept[0].at if kept else sweep.ended_at)
            if kept != told:
                differed.append(sweep.id)
                if write:
                    uow.stretches.replace(*told, day=telling.day_of(told[0].at))
        uow.commit()
    return tuple(differed)


def add_up_ground(*, uow: UnitOfWork, write: bool) -> tuple[str, ...]:
    """Add covered ground up anew from the patches; give where something else was kept.

    One transaction.
    """
    with uow:
        differed = uow.stretches.add_up_anew(write=write)
        uow.commit()
    return tuple(differed)


def keep_lands(*, at: datetime, profile: Profile, uow: UnitOfWork) -> None:
    """Keep how many cells of ground the city's grids have now, to reckon coverage of."""
    with uow:
        uow.stretches.keep_lands(dict(_lands(profile, at.astimezone(profile.zone).date())), at=at)
        uow.commit()


def _lands(profile: Profile, day: date) -> Iterator[tuple[str, int]]:
    for grid in profile.grids.grids:
        if grid.valid_on(day):
            middle = grid.polygon.centroid
            cell = h3.latlng_to_cell(middle.y, middle.x, RESOLUTION)
            cells = area_m2(grid.polygon) / h3.cell_area(cell, unit="m^2")
            yield grid.id, max(1, round(cells))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    """How sweeps are told in a city whose models are known."""

    recalls: Recalls
    profile: Profile

    def of(self, sweep: Sweep, *, at: datetime) -> tuple[Stretch, tuple[Patch, ...]]:
        """Tell one."""
        grids, zone = self.profile.grids, self.profile.zone
        return tell_stretch(sweep, at=at, sees=self._sees, grids=grids, zone=zone)

    def day_of(self, at: datetime) -> str:
        """Give the city's day of a moment."""
        return at.astimezone(self.profile.zone).date().isoformat()

    @property
    def _sees(self) -> Sees:
        sides = {each.detected: filing_side_m(each) for each in self.profile.classes.values()}
        least, recalls = self.profile.verification.min_power, self.recalls

        @lru_cache(maxsize=4096)
        def power(looked: tuple[ModelRef, bool], label: str, light: Light, view: float) -> float:
            bands = bands_of((looked,), label, recalls)
            band = band_of(bands, size_px=sides[label] * view, light=light)
            return band.lower if band else 0.0

        def sees(sweep: Sweep, part: Inspected, label: str, view: float) -> bool:
            looked = (sweep.model, sweep.rendered)
            return label in sides and power(looked, label, part.light, view) >= least

        return sees
