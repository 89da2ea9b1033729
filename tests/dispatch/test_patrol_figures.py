"""What patrols did is counted by hand's rule on every store: way, time, ground, missed finds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import pytest
from h3.api import basic_int as h3

from dispatch import wire
from dispatch.city.profile import Profile
from dispatch.clocks.period import Period, Window
from dispatch.devices.device import Device, DeviceKind
from dispatch.figures.evaluation import Figure, figures, parts_of
from dispatch.indicators.formula import Grouping
from dispatch.indicators.indicator import Key
from dispatch.indicators.table import INDICATORS
from dispatch.intake import surveying
from dispatch.ports.unit_of_work import FactFilter, UnitOfWork
from dispatch.proof.lines import figures_line
from dispatch.proof.recount import Tally
from dispatch.proof.recount_patrols import Patrols
from dispatch.proof.rows import stretch_line
from dispatch.sights.stretch import RESOLUTION
from dispatch.store import sql_stretches
from dispatch.verification.detectability import RecallBand
from dispatch.verification.evidence import Recalls
from dispatch.wire import Platform
from tests.dispatch import making
from tests.dispatch.city import certain_recall
from tests.dispatch.conftest import Begin

ARRIVED: Final = making.NOON + timedelta(minutes=2)
MONTH: Final = Period(
    start=datetime(2026, 11, 1, tzinfo=UTC), end=datetime(2026, 12, 1, tzinfo=UTC)
)
WINDOW: Final = MONTH.known_at(datetime(2027, 1, 1, tzinfo=UTC))
HERE: Final = h3.latlng_to_cell(making.LATITUDE, making.LONGITUDE, RESOLUTION)
NEAR: Final = 7
"""Cells of the spot and the ring round it."""


def swept(
    pass_id: str = "vehicle-07:1",
    *,
    at: datetime = making.NOON,
    stretch: int = 0,
    rings: int = 1,
    view: float = 60.0,
    platform: Platform = Platform.VEHICLE,
    revision: int = 0,
) -> wire.Sweep:
    """Make a sweep that inspected so many rings of cells round the usual place."""
    made = making.sweep(
        device=pass_id.partition(":")[0],
        pass_id=pass_id,
        at=at,
        stretch=stretch,
        revision=revision,
    )
    cells = sorted(h3.grid_disk(HERE, rings))
    ground = made.inspected[0].model_copy(
        update={
            "cells": wire.pack_cells(cells),
            "pixels_per_metre": wire.pack_ppm([view] * len(cells)),
        }
    )
    return made.model_copy(update={"inspected": (ground,), "hidden": (), "platform": platform})


def told(
    uow: UnitOfWork,
    profile: Profile,
    *sweeps: wire.Sweep,
    at: datetime = ARRIVED,
    recalls: Recalls = certain_recall,
) -> None:
    """Take sweeps in and have them told at a time."""
    with uow:
        for sweep in sweeps:
            uow.sweeps.save(sweep)
        uow.commit()
    while surveying.tell_sweeps(now=at, recalls=recalls, profile=profile, uow=uow, limit=2):
        pass


def sheet(
    uow: UnitOfWork,
    profile: Profile,
    *,
    by: Grouping = Grouping.CITY,
    group: str = "",
    window: Window = WINDOW,
) -> Mapping[Key, Figure]:
    """Give every figure of a group."""
    policy = profile.indicators
    with uow:
        found = uow.facts.count(parts_of(policy), window, FactFilter(by=by))
    return {
        each.indicator.key: each for each in figures(found.get(group, {}), policy=policy, by=by)
    }


def halves(found: Mapping[Key, Figure], *keys: Key) -> list[tuple[int, int]]:
    return [(found[key].numerator, found[key].denominator) for key in keys]


def test_way_time_days_and_passes_are_added_up(begin: Begin, profile: Profile) -> None:
    uow = begin()
    next_day = making.NOON + timedelta(days=1)
    told(
        uow,
        profile,
        swept(stretch=0),
        swept(stretch=1, at=making.NOON + timedelta(minutes=1)),
        swept("vehicle-07:2", at=next_day),
        swept("drone-01:1", platform=Platform.DRONE),
        at=next_day + timedelta(hours=1),
    )

    city = sheet(uow, profile)
    drone = sheet(uow, profile, by=Grouping.PLATFORM, group="drone")
    van = sheet(uow, profile, by=Grouping.DEVICE, group="vehicle-07")

    assert city[Key.PATROL_KM].value == pytest.approx(1.2)
    assert city[Key.PATROL_HOURS].value == pytest.approx(200 / 3600)
    assert halves(city, Key.PASSES, Key.DEVICE_DAYS, Key.ACTIVE_DAYS) == [(3, 3), (3, 3), (3, 60)]
    assert city[Key.KM_PER_DEVICE_DAY].value == pytest.approx(0.4)
    assert halves(drone, Key.PASSES, Key.ACTIVE_DAYS) == [(1, 1), (1, 30)]
    assert halves(van, Key.PASSES, Key.ACTIVE_DAYS, Key.CLASSES_JUDGED) == [(2, 2), (2, 30), (2, 2)]
    assert city[Key.ACTIVE_DAYS].low is None


def test_a_registered_device_that_stands_still_lowers_the_days_in_use(
    begin: Begin, profile: Profile
) -> None:
    uow = begin()
    told(uow, profile, swept())
    idle = Device(
        id="vehicle-08",
        name="车8",
        public_key=bytes(32),
        registered_at=MONTH.start,
        kind=DeviceKind.VEHICLE,
    )
    with uow:
        uow.devices.save(idle)
        uow.devices.save(replace(idle, id="vision", kind=DeviceKind.VISION))
        uow.commit()

    assert halves(sheet(uow, profile), Key.ACTIVE_DAYS) == [(1, 60)]
    assert halves(sheet(uow, profile, by=Grouping.DEVICE, group="vehicle-08"), Key.ACTIVE_DAYS) == [
        (0, 30)
    ]


def test_ground_counts_once_however_often_it_was_seen_and_by_its_last_sight(
    begin: Begin, profile: Profile
) -> None:
    uow = begin()
    surveying.keep_lands(at=MONTH.start, profile=profile, uow=uow)
    later = making.NOON + timedelta(days=3)
    told(uow, profile, swept(rings=2))
    told(uow, profile, swept("vehicle-07:2", at=later, rings=1), at=later + timedelta(minutes=2))

    city = sheet(uow, profile)
    ((grid, cells),) = _seen_of_grids(uow, profile).items()
    pothole = sheet(uow, profile, by=Grouping.LABEL, group="road.pothole")

    # Two rings are 19 cells; the spot and its ring, 7 of them, were seen again three days later.
    # The middle one, the tenth by age, is of the first pass.
    assert city[Key.COVERAGE].numerator == cells == 19
    assert city[Key.COVERAGE].denominator == pothole[Key.COVERAGE].denominator > 1000
    assert city[Key.COVERAGE].low is None
    age = WINDOW.until - (making.NOON + timedelta(seconds=50))
    assert city[Key.COVERAGE_AGE].value == pytest.approx(age / timedelta(days=1), abs=1e-4)
    assert len(grid) == 15


def _seen_of_grids(uow: UnitOfWork, profile: Profile) -> dict[str, int]:
    policy = profile.indicators
    with uow:
        found = uow.facts.count(parts_of(policy), WINDOW, FactFilter(by=Grouping.GRID))
    sheets = {grid: figures(counts, policy=policy) for grid, counts in found.items()}
    seen = {grid: _numerator(Key.COVERAGE, each) for grid, each in sheets.items()}
    return {grid: cells for grid, cells in seen.items() if cells}


def _numerator(key: Key, found: Sequence[Figure]) -> int:
    return next(each.numerator for each in found if each.indicator.key is key)


def nothing_stated(model: wire.ModelRef, label: str) -> Sequence[RecallBand]:
    return ()


def weak(model: wire.ModelRef, label: str) -> Sequence[RecallBand]:
    (band,) = certain_recall(model, label)
    return (replace(band, lower=0.4),)


@pytest.mark.parametrize("recalls", [nothing_stated, weak], ids=["no card", "recall too low"])
def test_ground_on_which_the_model_would_not_find_the_class_is_not_covered(
    begin: Begin, profile: Profile, recalls: Recalls
) -> None:
    uow = begin()
    surveying.keep_lands(at=MONTH.start, profile=profile, uow=uow)
    told(uow, profile, swept(), recalls=recalls)

    found = sheet(uow, profile)

    assert found[Key.COVERAGE].value is None
    assert halves(found, Key.PASSES, Key.CLASSES_JUDGED) == [(1, 1), (0, 1)]


def test_ground_seen_from_too_far_is_not_covered(begin: Begin, profile: Profile) -> None:
    uow = begin()
    surveying.keep_lands(at=MONTH.start, profile=profile, uow=uow)
    told(uow, profile, swept(view=1.0))

    assert sheet(uow, profile)[Key.COVERAGE].numerator == 0


def test_what_comes_late_counts_when_it_comes_and_a_month_that_is_over_stays(
    begin: Begin, profile: Profile
) -> None:
    uow = begin()
    surveying.keep_lands(at=MONTH.start, profile=profile, uow=uow)
    told(uow, profile, swept())
    before = sheet(uow, profile)

    told(uow, profile, swept("vehicle-07:2"), at=MONTH.end + timedelta(days=2))
    told(uow, profile, swept(rings=3, revision=1), at=MONTH.end + timedelta(days=3))
    december = Period(start=MONTH.end, end=datetime(2027, 1, 1, tzinfo=UTC))

    assert sheet(uow, profile) == before
    after = sheet(uow, profile, window=december.known_at(datetime(2027, 2, 1, tzinfo=UTC)))
    assert after[Key.PASSES].numerator == 1


def test_a_revision_within_the_month_takes_the_place_of_what_was_told(
    begin: Begin, profile: Profile
) -> None:
    uow = begin()
    surveying.keep_lands(at=MONTH.start, profile=profile, uow=uow)
    told(uow, profile, swept(rings=2))
    told(uow, profile, swept(rings=1, revision=1), at=ARRIVED + timedelta(hours=1))

    assert halves(sheet(uow, profile), Key.PASSES, Key.COVERAGE)[0] == (1, 1)
    assert sheet(uow, profile)[Key.COVERAGE].numerator == NEAR


def test_told_anew_is_what_was_told_and_what_was_lost_is_named_and_mended(
    begin: Begin, profile: Profile
) -> None:
    uow = begin()
    told(uow, profile, swept(), swept("vehicle-07:2"))
    retell = partial(surveying.retell_sweeps, recalls=certain_recall, profile=profile, uow=uow)
    sound = retell(write=False)
    with uow:
        stretch, patches = uow.stretches.of_sweep(swept().id) or pytest.fail("not told")
        uow.stretches.replace(replace(stretch, distance_cm=99), patches, day=stretch.day)
        uow.commit()

    assert sound == ()
    assert retell(write=False) == retell(write=True) == (swept().id,)
    assert retell(write=False) == ()
    assert sheet(uow, profile)[Key.PATROL_KM].value == pytest.approx(0.6)


def test_the_bundle_s_own_program_counts_the_same(begin: Begin, profile: Profile) -> None:
    uow = begin()
    surveying.keep_lands(at=MONTH.start, profile=profile, uow=uow)
    later = making.NOON + timedelta(days=3)
    told(uow, profile, swept(rings=2), swept("drone-01:1", rings=3, platform=Platform.DRONE))
    told(uow, profile, swept("vehicle-07:2", at=later), at=later + timedelta(minutes=5))
    policy = profile.indicators
    with uow:
        found = {
            by: {
                group: figures(counts, policy=policy, by=by)
                for group, counts in uow.facts.count(
                    parts_of(policy), WINDOW, FactFilter(by=by)
                ).items()
            }
            for by in Grouping
        }
        patrolled = uow.stretches.patrolled(WINDOW, area="")
        stretches = tuple(uow.stretches.told(WINDOW))
    line = figures_line(WINDOW, INDICATORS, found, policy=policy, patrolled=patrolled)
    tally = Tally(line, Patrols)
    for each in stretches:
        tally.patrols.add(stretch_line(each))

    assert list(tally.troubles()) == []
    assert {by for by in Grouping if found[by]} == TOLD_APART


def test_a_record_tells_every_stretch_once_by_id(
    begin: Begin, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    uow = begin()
    surveying.keep_lands(at=MONTH.start, profile=profile, uow=uow)
    told(uow, profile, *(swept(f"vehicle-07:{number}", rings=2) for number in range(3)))
    with uow:
        whole = list(uow.stretches.told(WINDOW))
        assert all(each.patches for each in whole)
        sweeps = [each.stretch.sweep for each in whole]
        assert sweeps == sorted(set(sweeps))
        assert len(whole) == 3

        for page in (1, 2, 3):
            monkeypatch.setattr(sql_stretches, "_AT_ONCE", page)
            assert list(uow.stretches.told(WINDOW)) == whole


TOLD_APART: Final = {
    *(Grouping.CITY, Grouping.DISTRICT, Grouping.STREET, Grouping.COMMUNITY, Grouping.GRID),
    *(Grouping.MODEL, Grouping.PLATFORM, Grouping.DEVICE, Grouping.LABEL),
}
