"""Covered ground kept by day and month gives the figures that counting single sweeps gives."""

import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from h3.api import basic_int as h3
from sqlalchemy import create_engine, func, select, text, update

from dispatch.clocks.period import Period, Window
from dispatch.figures.evaluation import parts_of
from dispatch.indicators.formula import OF_PATROLS, Amount, Grouping, Part
from dispatch.ports.unit_of_work import FactFilter, UnitOfWork
from dispatch.sights.stretch import RESOLUTION, Patch, Stretch, ground_hash
from dispatch.store.engine import open_database
from dispatch.store.memory import MemoryStore
from dispatch.store.migrate import migrate
from dispatch.store.moments import FOREVER
from dispatch.store.sql import SqlUnitOfWork
from dispatch.store.tables_of_patrols import COVERED, PATCHES
from tests.dispatch import making
from tests.dispatch.conftest import Begin
from tests.dispatch.evaluating import POLICY
from tests.dispatch.released_schemas import copy_rows
from tests.dispatch.test_released_schemas import laid

ZONE: Final = ZoneInfo("Asia/Shanghai")
FIRST: Final = datetime(2026, 10, 29, tzinfo=ZONE)
DAYS: Final = 9
AREAS: Final = ("999901001001001", "999901001001002", "999902001001001", "")
CLASSES: Final = (("road.pothole",), ("road.crack", "road.pothole"), ("sanitation.litter",))
CELLS: Final = sorted(
    h3.grid_disk(h3.latlng_to_cell(making.LATITUDE, making.LONGITUDE, RESOLUTION), 2)
)
LANDS: Final = {AREAS[0]: 9, AREAS[1]: 30, AREAS[2]: 30, "999902001001002": 5}
"""Of the first grid fewer cells than may be seen at its border."""
PARTS: Final[list[Part]] = [part for part in parts_of(POLICY) if part.kind in OF_PATROLS]
GROUPINGS: Final = (Grouping.CITY, Grouping.DISTRICT, Grouping.GRID, Grouping.LABEL)
DRIVEN: Final = (Grouping.DEVICE, Grouping.MODEL, Grouping.PLATFORM)


def telling(
    number: int, rng: Random, *, at: datetime, revision: int = 0
) -> tuple[Stretch, tuple[Patch, ...]]:
    """Make up what a sweep was told of: some ground of some grids, for some classes."""
    device = f"vehicle-{number % 3}"
    begun = at - timedelta(minutes=rng.choice([2, 40, 60 * 30]))
    sweep = making.sweep(device=device, pass_id=f"{device}:{number // 6}", stretch=number)
    patches = tuple(
        Patch(
            sweep=sweep.id,
            area=area,
            labels=labels,
            seen_at=begun + timedelta(seconds=50, microseconds=rng.randrange(10**6)),
            cells=np.array(sorted(rng.sample(CELLS, rng.randrange(1, 15))), "<i8").tobytes(),
        )
        for area in AREAS
        for labels in CLASSES
        if rng.random() < 0.35
    )
    stretch = Stretch(
        sweep=sweep.id,
        revision=revision,
        at=at,
        pass_id=sweep.pass_id,
        device=device,
        platform="vehicle",
        model=f"street-n 0.{number % 2}.0",
        day=begun.astimezone(ZONE).date().isoformat(),
        area=patches[0].area if patches else "",
        started_at=begun,
        lasted_ms=rng.randrange(60_000),
        distance_cm=rng.randrange(50_000),
        labels=tuple(sorted({label for patch in patches for label in patch.labels})),
        rendered=False,
        ground=ground_hash(patches),
    )
    return stretch, patches


def drive_about(stores: list[UnitOfWork], rng: Random, *, sweeps: int) -> None:
    """Keep the same in all stores: sweeps as they came, revised soon, late, or twice, and again."""
    came = sorted(FIRST + timedelta(hours=rng.uniform(0, 24 * DAYS)) for _ in range(sweeps))
    kept = [(number, at, at, 0) for number, at in enumerate(came)]
    for number, at in enumerate(came):
        for revision in range(1, rng.choice([1, 1, 2, 3])):
            later = timedelta(hours=rng.choice([0, 1, 40, 24 * 40]) + 0.1)
            kept.append((number, at, at + revision * later, revision))
    told = [
        (telling(number, rng, at=at, revision=revision), known)
        for number, at, known, revision in sorted(kept, key=lambda one: (one[2], one[0]))
    ]
    for uow in stores:
        with uow:
            uow.stretches.keep_lands(LANDS, at=FIRST - timedelta(days=40))
            for number in range(sweeps):
                device = f"vehicle-{number % 3}"
                uow.sweeps.save(
                    making.sweep(device=device, pass_id=f"{device}:{number // 6}", stretch=number)
                )
            uow.commit()
        for (stretch, patches), known in told:
            with uow:
                day = stretch.at.astimezone(ZONE).date().isoformat()
                uow.stretches.keep(stretch, patches, known_from=known, day=day)
                uow.commit()


def windows() -> Iterator[Window]:
    """Give months, weeks and days, when they were over and in the midst of them."""
    spans = [(-28, 3), (3, 33), (-60, 60), (-2, 5), (0, 1), (3, 4), (4, 4.3)]
    for first, last in spans:
        period = Period(start=FIRST + timedelta(days=first), end=FIRST + timedelta(days=last))
        for known in (0.6, 3, 3.4, 7.2, 80):
            if first < known:
                yield period.known_at(FIRST + timedelta(days=known))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_months_and_days_added_up_give_what_single_sweeps_give(begin: Begin, seed: int) -> None:
    rng, uow, plain = Random(seed), begin(), MemoryStore().unit_of_work()
    drive_about([uow, plain], rng, sweeps=40)
    wanted = [FactFilter(by=by, area=area) for by in GROUPINGS for area in ("", "999901")]
    wanted += [FactFilter(by=by) for by in DRIVEN]

    with uow, plain:
        for window in windows():
            for each in wanted:
                counted = uow.facts.count(PARTS, window, each)
                assert counted == plain.facts.count(PARTS, window, each), (window, each)
        assert not uow.stretches.add_up_anew(write=False)


def test_what_is_added_up_is_as_much_as_was_seen_and_not_every_look(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)
    drive_about([SqlUnitOfWork(engine)], Random(4), sweeps=40)

    with engine.connect() as connection:
        now = COVERED.c.span == "month", COVERED.c.known_to == FOREVER
        months = connection.execute(select(func.count()).select_from(COVERED).where(*now))
        patches = connection.execute(text("SELECT count(*) FROM patches"))
        # Two months, four grids, three sets of classes.
        assert months.scalar_one() == 24
        assert patches.scalar_one() > 200
    engine.dispose()


@pytest.mark.parametrize("span", ["day", "month"])
def test_ground_added_up_wrongly_is_named_and_mended(sqlite_url: str, span: str) -> None:
    engine = open_database(sqlite_url)
    uow = SqlUnitOfWork(engine)
    drive_about([uow], Random(5), sweeps=40)
    # Part of a month and a whole one: days and months are looked at.
    period = Period(start=FIRST + timedelta(days=1), end=FIRST + timedelta(days=60))
    window = period.known_at(FIRST + timedelta(days=80))
    with uow:
        sound = uow.facts.count(PARTS, window, FactFilter())
    with engine.begin() as connection:
        wrong = zlib.compress(np.array([1, 1], "<i8").tobytes())
        connection.execute(update(COVERED).where(COVERED.c.span == span).values(ground=wrong))

    with uow:
        assert uow.facts.count(PARTS, window, FactFilter()) != sound
        named = uow.stretches.add_up_anew(write=False)
        assert named == uow.stretches.add_up_anew(write=True)
        uow.commit()
    with uow:
        assert named and not uow.stretches.add_up_anew(write=False)
        assert uow.facts.count(PARTS, window, FactFilter()) == sound
    engine.dispose()


def test_ground_stays_counted_where_that_of_single_sweeps_was_erased(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)
    uow = SqlUnitOfWork(engine)
    drive_about([uow], Random(6), sweeps=40)
    months_and_days = [(-28, 3), (3, 33), (0, 1), (2, 3), (4, 7)]
    periods = [
        Period(start=FIRST + timedelta(days=first), end=FIRST + timedelta(days=last))
        for first, last in months_and_days
    ]
    over = [period.known_at(FIRST + timedelta(days=200)) for period in periods]
    with uow:
        sound = [uow.facts.count(PARTS, window, FactFilter()) for window in over]
    with engine.begin() as connection:
        connection.execute(update(PATCHES).values(cells=b""))

    with uow:
        assert uow.stretches.add_up_anew(write=True) == ()
        assert [uow.facts.count(PARTS, window, FactFilter()) for window in over] == sound
    engine.dispose()


def test_a_late_revision_takes_away_nothing_that_others_saw_whose_ground_was_erased(
    sqlite_url: str,
) -> None:
    engine = open_database(sqlite_url)
    uow = SqlUnitOfWork(engine)
    rng, at = Random(8), FIRST + timedelta(hours=9)
    day = at.date().isoformat()
    erased, other = telling(0, rng, at=at), telling(1, rng, at=at)
    beside = tuple(replace(each, sweep=other[0].sweep, cells=each.cells[:8]) for each in erased[1])
    revised = other[0], beside
    with uow:
        uow.stretches.keep_lands(LANDS, at=FIRST - timedelta(days=1))
        for number, told in enumerate((erased, revised)):
            sweep = making.sweep(
                device=f"vehicle-{number}", pass_id=f"vehicle-{number}:0", stretch=number
            )
            assert sweep.id == told[0].sweep
            uow.sweeps.save(sweep)
            uow.stretches.keep(*told, known_from=at, day=day)
        uow.commit()
    later = FIRST + timedelta(days=400)
    period = Period(start=FIRST, end=FIRST + timedelta(days=1))
    with engine.begin() as connection:
        mine = PATCHES.c.sweep == erased[0].sweep
        connection.execute(update(PATCHES).where(mine).values(cells=b""))

    with uow:
        uow.stretches.keep(revised[0], (), known_from=later, day=day)
        uow.commit()

    now = Period(start=FIRST, end=later + timedelta(days=1)).known_at(later + timedelta(days=1))
    saw = {patch.area for patch in erased[1] if patch.area}
    with uow:
        counted = uow.facts.count(PARTS, now, FactFilter(by=Grouping.GRID))
        before = uow.facts.count(PARTS, period.known_at(later), FactFilter(by=Grouping.GRID))
    seen = next(part for part in PARTS if part.amount is Amount.SEEN)
    assert saw and all(counted[area][seen] > 0 for area in saw)
    assert all(before[area][seen] >= counted[area][seen] for area in saw)
    engine.dispose()


def test_a_centre_from_before_adds_up_what_it_has(sqlite_url: str, tmp_path: Path) -> None:
    today, before = open_database(sqlite_url), laid("2026_11_21_held_back", tmp_path / "then.db")
    uow = SqlUnitOfWork(today)
    drive_about([uow], Random(7), sweeps=40)
    with today.begin() as connection:
        connection.execute(text("DELETE FROM ledger"))  # Stretches were not noted then.
    then = create_engine(before)
    with today.connect() as source, then.begin() as target:
        target.execute(text("DELETE FROM sweeps"))
        copy_rows(source, target)
    then.dispose()

    migrate(before)

    upgraded = open_database(before)
    with uow, SqlUnitOfWork(upgraded) as again:
        assert not again.stretches.add_up_anew(write=False)
        for window in windows():
            wanted = FactFilter(by=Grouping.GRID)
            counted = again.facts.count(PARTS, window, wanted)
            assert counted == uow.facts.count(PARTS, window, wanted)
    with upgraded.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM covered")).scalar_one() > 24
    upgraded.dispose()
    today.dispose()
