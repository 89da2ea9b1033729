"""How long it takes to say how much ground a month of patrols truly inspected."""

import os
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Final

import numpy as np
from h3.api import basic_int as h3
from numpy.typing import NDArray
from sqlalchemy import Engine, insert, text

from dispatch.figures.evaluation import figures, parts_of
from dispatch.indicators.formula import OF_PATROLS
from dispatch.indicators.indicator import Key
from dispatch.ports.unit_of_work import FactFilter
from dispatch.sights.stretch import RESOLUTION
from dispatch.store.covered_anew import fill_covered
from dispatch.store.engine import open_database
from dispatch.store.moments import FOREVER
from dispatch.store.sql import SqlUnitOfWork
from dispatch.store.tables import SWEEPS
from dispatch.store.tables_of_patrols import LANDS, PATCHES, STRETCHES
from tests.benchmarks.figure import Measured, benchmark
from tests.benchmarks.intake import empty_sqlite
from tests.dispatch.evaluating import NOVEMBER, POLICY, START
from tests.dispatch.making import LATITUDE, LONGITUDE

VEHICLES: Final = 8
DAYS: Final = 22
MINUTES: Final = 6 * 60
"""Of each vehicle's day on patrol; each is a stretch."""
GRIDS: Final = 2_000
CELLS: Final = 227
"""Of a unit grid of 10,000 m²."""
CROSSED: Final = 5
"""Unit grids that a minute at 30 km/h leads through, and the cells that it sees of each."""
SEEN: Final = 20
LABELS: Final = "road.crack road.pothole sanitation.bin_overflow sanitation.garbage_pile"
Cells = NDArray[np.int64]
Values = dict[str, object]
HOW: Final = (
    "{stretches} stretches of {vehicles} vehicles in a month, {patches} pieces of {grids} unit "
    "grids for 4 classes, {share:.0%} covered; all figures of patrols for the city; SQLite, warm, "
    "best of three; {worked:.1f} s of processor; load of the machine {load:.1f}"
)


def ground(grids: int) -> list[tuple[str, Cells]]:
    """Give unit grids of a net, each with its cells."""
    found = []
    for number in range(grids):
        latitude = LATITUDE + number // 45 * 0.001
        longitude = LONGITUDE + number % 45 * 0.001
        disk = h3.grid_disk(h3.latlng_to_cell(latitude, longitude, RESOLUTION), 8)
        area = f"999901001{number // 1000 + 1:03d}{number % 1000:03d}"
        found.append((area, np.array(sorted(disk), dtype="<i8")))
    return found


def fill(engine: Engine) -> tuple[int, int]:
    """Keep the month, and give how many stretches and pieces of ground there are in it."""
    rng, grids = Random(20261121), ground(GRIDS)
    number = 0
    with engine.begin() as connection:
        lands = [{"area": area, **_known(START), "cells": CELLS} for area, _ in grids]
        connection.execute(insert(LANDS), lands)
        for day in range(DAYS):
            for vehicle in range(VEHICLES):
                begins = START + timedelta(days=day, hours=1)
                made = [
                    _stretch(f"{day}-{vehicle}-{n}", vehicle, begins + timedelta(minutes=n))
                    for n in range(MINUTES)
                ]
                connection.execute(insert(SWEEPS), [sweep for sweep, _ in made])
                connection.execute(insert(STRETCHES), [stretch for _, stretch in made])
                seen = [patch for _, each in made for patch in _patches(each, grids, rng)]
                connection.execute(insert(PATCHES), seen)
                number += len(seen)
        fill_covered(connection)
        connection.execute(text("ANALYZE"))
    return DAYS * VEHICLES * MINUTES, number


def _known(at: datetime) -> dict[str, datetime]:
    return {"known_from": at, "known_to": FOREVER}


def _stretch(id_: str, vehicle: int, at: datetime) -> tuple[Values, Values]:
    device, pass_id = f"vehicle-{vehicle:02d}", f"vehicle-{vehicle:02d}:{at:%d}"
    same: Values = {"revision": 0, "device": device, "pass_id": pass_id, "started_at": at}
    sweep = {"id": id_, **same, "stretch": 0, "last": True, "sweep": "{}", "told": True}
    stretch = {
        "sweep": id_,
        **same,
        **_known(at),
        "at": at,
        "platform": "vehicle",
        "model": "street-n 0.1.0",
        "day": f"{at:%Y-%m-%d}",
        "area": "999901001001000",
        "lasted_ms": 60_000,
        "distance_cm": 50_000,
        "labels": LABELS,
        "rendered": True,
    }
    return sweep, stretch


def _patches(
    stretch: Mapping[str, object], grids: list[tuple[str, Cells]], rng: Random
) -> Iterator[Values]:
    first = rng.randrange(GRIDS - CROSSED)
    for area, cells in grids[first : first + CROSSED]:
        begin = rng.randrange(len(cells) - SEEN)
        yield {
            "sweep": stretch["sweep"],
            "area": area,
            "labels": LABELS,
            "known_from": stretch["known_from"],
            "known_to": FOREVER,
            "at": stretch["at"],
            "seen_at": stretch["started_at"],
            "cells": cells[begin : begin + SEEN].tobytes(),
            "day": stretch["day"],
        }


@benchmark(name="evaluation.coverage_month_s", unit="s", goal="<= 2")
def coverage_of_a_month() -> Measured:
    """Reckon the figures of patrols of a month of a district, on SQLite."""
    parts = [part for part in parts_of(POLICY) if part.kind in OF_PATROLS]
    window = NOVEMBER.known_at(NOVEMBER.end)
    took, worked = [], []
    with empty_sqlite() as url:
        engine = open_database(url)
        stretches, patches = fill(engine)
        for _ in range(3):
            began, working = time.perf_counter(), time.process_time()
            with SqlUnitOfWork(engine, reads_only=True) as uow:
                counted = uow.facts.count(parts, window, FactFilter())
            took.append(time.perf_counter() - began)
            worked.append(time.process_time() - working)
        engine.dispose()
    found = {each.indicator.key: each for each in figures(counted[""], policy=POLICY)}
    how = HOW.format(
        stretches=stretches,
        vehicles=VEHICLES,
        patches=patches,
        grids=GRIDS,
        share=found[Key.COVERAGE].value or 0.0,
        worked=min(worked),
        load=os.getloadavg()[0],
    )
    return Measured(value=min(took), how=how)
