"""How a census is taken in, and how often the registry names the wrong component (simulated)."""

import math
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Final

from dispatch.catalogue.component import (
    AccuracyClass,
    Component,
    Condition,
    Standing,
    match_component,
)
from dispatch.ground.place import EARTH_RADIUS_M, Place
from dispatch.intake.census import take_census
from dispatch.store.engine import open_database
from dispatch.store.migrate import migrate
from dispatch.store.sql import SqlUnitOfWork
from tests.benchmarks.figure import Measured, benchmark

COUNT: Final = 20_000
FINDS: Final = 2_000
SPACING_M: Final = 6.0
"""Mean distance of covers of fitting types along a street with two rows of them."""
SIGMA_M: Final = 1.5
MISSING: Final = 0.05
TYPE: Final = ("GB/T 47678.5-2026", "01002")
DAY: Final = date(2026, 3, 1)
DEG: Final = math.degrees(1.0 / EARTH_RADIUS_M)


def component(number: int, east_m: float, north_m: float) -> Component:
    """Make a cover of accuracy class B on a plane about 30° N, 110° E."""
    return Component(
        id=f"99990101002{number:06d}",
        type=TYPE,
        latitude=30.0 + north_m * DEG,
        longitude=110.0 + east_m * DEG / math.cos(math.radians(30.0)),
        accuracy=AccuracyClass.B,
        owner="drainage",
        condition=Condition.INTACT,
        name="",
        valid_from=DAY,
    )


@benchmark(name="registry.import_rows_s", unit="rows/s", goal="")
def import_rate() -> Measured:
    """Take a census into an empty SQLite database."""
    rng = Random(4)
    census = [
        component(number, rng.uniform(0.0, 2000.0), rng.uniform(0.0, 2000.0))
        for number in range(COUNT)
    ]
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'centre.db'}"
        migrate(url)
        engine = open_database(url)
        start = time.perf_counter()
        uow = SqlUnitOfWork(engine)
        take_census(census, day=DAY, whole=True, county="999901", uow=uow)
        took = time.perf_counter() - start
        engine.dispose()
    how = f"{COUNT} components, read already, into an empty SQLite database in one transaction"
    return Measured(value=COUNT / took, how=how)


def answers() -> Iterator[tuple[Standing, bool, bool]]:
    """Give how simulated finds stand, whether the one named is wrong, and the true one missing."""
    rng = Random(7)
    row = [
        (number * SPACING_M + rng.uniform(-4.0, 4.0), rng.uniform(-3.0, 3.0))
        for number in range(40)
    ]
    for _ in range(FINDS):
        stated, lacks = [], rng.random() < MISSING
        true = rng.randrange(len(row))
        for number, (east, north) in enumerate(row):
            radius, angle = math.sqrt(rng.random()), rng.uniform(0.0, math.tau)
            aside = (radius * math.cos(angle), radius * math.sin(angle))
            there = not lacks if number == true else rng.random() >= MISSING
            if there:
                stated.append(component(number, east + aside[0], north + aside[1]))
        at = component(
            0, row[true][0] + rng.gauss(0.0, SIGMA_M), row[true][1] + rng.gauss(0.0, SIGMA_M)
        )
        variance = SIGMA_M**2
        place = Place(
            latitude=at.latitude, longitude=at.longitude, ee=variance, en=0.0, nn=variance
        )
        match = match_component(place, stated, types={TYPE}, day=DAY)
        wrong = match.id is not None and match.id != f"99990101002{true:06d}"
        yield match.standing, wrong, lacks


@benchmark(name="registry.named_wrongly", unit="share", goal="")
def named_wrongly() -> Measured:
    """Count simulated finds for which another component than the true one is named."""
    told = list(answers())
    known = sum(standing is Standing.KNOWN for standing, _, _ in told)
    several = sum(standing is Standing.SEVERAL for standing, _, _ in told)
    wrong = sum(each for _, each, _ in told)
    lacked = sum(each and lacks for _, each, lacks in told)
    how = (
        f"simulated: {FINDS} finds with {SIGMA_M} m along each axis, covers of class B about every "
        f"{SPACING_M:.0f} m, {MISSING:.0%} missing in the census; {known} named, {several} left to "
        f"a person because several fit, {FINDS - known - several} not in the registry; of {wrong} "
        f"wrong ones the census lacked the true one in {lacked}"
    )
    return Measured(value=wrong / known, how=how)
