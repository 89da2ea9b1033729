"""How many findings a second the centre takes in, with everything that follows from a finding."""

import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

from dispatch import wire
from dispatch.profile_folder import PROFILES, load_profile
from dispatch.store.engine import open_database
from dispatch.store.migrate import migrate
from dispatch.store.sql import SqlUnitOfWork
from tests.benchmarks.figure import CannotRun, Measured, benchmark
from tests.dispatch import making, taking

STREETS: Final = 16
STREET_M: Final = 1200.0
SPACING_M: Final = 40.0
BATCH: Final = 100
DEVICE: Final = "vehicle-07"
PLACES: Final = 40
WEEK, YEAR = 7, 365
HOW: Final = (
    "{count} findings in batches of {batch}, nine in ten of known problems out of {stock}, with "
    "grid, identity, triage, case, deadlines and durable commits; {dialect}"
)


def bodies(messages: list[wire.Finding]) -> list[list[object]]:
    """Give batches as they come out of JSON."""
    raw = [json.loads(wire.canonical_bytes(each)) for each in messages]
    return [raw[start : start + BATCH] for start in range(0, len(raw), BATCH)]


def drive(number: int, *, share_new: float, rng: Random) -> list[wire.Finding]:
    """See every known problem of some streets, some of the finds being new ones beside them."""
    start = making.NOON + timedelta(days=number)
    found = []
    for place in range(round(STREETS * STREET_M / SPACING_M)):
        street, along = divmod(place * SPACING_M, STREET_M)
        aside = 20.0 if rng.random() < share_new else 0.0
        where = making.position(north_m=along - STREET_M / 2 + aside + rng.gauss(0.0, 0.7))
        where = where.model_copy(
            update={"longitude": where.longitude + (street - STREETS / 2) * 7e-4}
        )
        at = start + timedelta(seconds=4 * place)
        found.append(making.finding(str(place), pass_id=f"{DEVICE}:{number}", at=at, where=where))
    return found


def full_rate(url: str) -> tuple[float, int, int]:
    """Give findings a second, their number, and how many problems were known before."""
    profile = load_profile(PROFILES / "demo")
    engine = open_database(url)
    rng = Random(20261121)

    def take(batches: list[list[object]], day: int) -> float:
        at = making.NOON + timedelta(days=day + 1)
        began = time.perf_counter()
        for batch in batches:
            answer = taking.take_messages(
                batch, device=DEVICE, at=at, uow=SqlUnitOfWork(engine), profile=profile
            )
            assert {each.status for each in answer.receipts} == {wire.ReceiptStatus.ACCEPTED}
        return time.perf_counter() - began

    stock = drive(0, share_new=0.0, rng=rng)
    take(bodies(stock), 0)
    again = drive(1, share_new=0.1, rng=rng)
    spent = take(bodies(again), 1)
    engine.dispose()
    return len(again) / spent, len(again), len(stock)


def daily(day: int, rng: Random) -> list[wire.Message]:
    """See the same problems as every day, by a receiver with the errors of that day, to the end."""
    start = making.NOON + timedelta(days=day)
    pass_id = f"{DEVICE}:{day}"
    shift = rng.gauss(0.0, 1.5)
    found: list[wire.Message] = []
    for place in range(PLACES):
        along = place * STREET_M / PLACES - STREET_M / 2 + shift + rng.gauss(0.0, 0.5)
        at = start + timedelta(seconds=4 * place)
        where = making.position(north_m=0.9 * along)
        found.append(making.finding(str(place), pass_id=pass_id, at=at, where=where))
    return [*found, making.sweep(pass_id=pass_id, at=start)]


def rates_of_a_year(url: str) -> tuple[float, float]:
    """Give findings a second after a week and after a year of daily passes, over three days each.

    By the processor time of this process, so that a year does not depend on what else runs.
    """
    profile = load_profile(PROFILES / "demo")
    engine = open_database(url)
    rng = Random(20261121)
    spent = []
    for day in range(YEAR):
        raw = [json.loads(wire.canonical_bytes(each)) for each in daily(day, rng)]
        at = making.NOON + timedelta(days=day + 1)
        began = time.process_time()
        taking.take_messages(raw, device=DEVICE, at=at, uow=SqlUnitOfWork(engine), profile=profile)
        spent.append(time.process_time() - began)
    engine.dispose()
    week, year = spent[WEEK - 3 : WEEK], spent[-3:]
    return 3 * PLACES / sum(week), 3 * PLACES / sum(year)


@contextmanager
def empty_sqlite() -> Iterator[str]:
    """Give the address of a migrated database on disk."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'centre.db'}"
        migrate(url)
        yield url


@contextmanager
def empty_postgres() -> Iterator[str]:
    """Give the address of a migrated schema of our own.

    Raises:
        CannotRun: no server is named.
    """
    named = os.environ.get("XUNHUAN_TEST_POSTGRES")
    if not named:
        raise CannotRun("XUNHUAN_TEST_POSTGRES does not name a PostgreSQL database")
    schema = f"xunhuan_{uuid4().hex[:12]}"
    admin = create_engine(named)
    with admin.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = make_url(named).update_query_dict({"options": f"-csearch_path={schema}"})
    address = url.render_as_string(hide_password=False)
    try:
        migrate(address)
        yield address
    finally:
        with admin.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        admin.dispose()


@benchmark(name="intake.full_per_s_sqlite", unit="findings/s", goal=">= 1000")
def full_per_s_sqlite() -> Measured:
    """Take in a drive's findings, on SQLite with synchronous=FULL."""
    with empty_sqlite() as url:
        rate, count, stock = full_rate(url)
    how = HOW.format(count=count, batch=BATCH, stock=stock, dialect="SQLite, synchronous=FULL")
    return Measured(value=rate, how=how)


@benchmark(name="intake.full_per_s_postgres", unit="findings/s", goal=">= 1000")
def full_per_s_postgres() -> Measured:
    """Take in a drive's findings, on PostgreSQL."""
    with empty_postgres() as url:
        rate, count, stock = full_rate(url)
    how = HOW.format(count=count, batch=BATCH, stock=stock, dialect="PostgreSQL")
    return Measured(value=rate, how=how)


@benchmark(name="intake.per_s_after_a_year_ratio", unit="ratio", goal=">= 0.8")
def per_s_after_a_year_ratio() -> Measured:
    """Set the rate of intake after a year of daily passes against that after a week."""
    with empty_sqlite() as url:
        week, year = rates_of_a_year(url)
    how = (
        f"{year:.0f}/s after {YEAR} daily passes over the same {PLACES} problems, "
        f"{week:.0f}/s after {WEEK}, each pass told to its end; processor time, SQLite"
    )
    return Measured(value=year / week, how=how)


@benchmark(name="intake.full_ratio_sqlite", unit="ratio")
def full_ratio_sqlite() -> Measured:
    """Set full intake against the raw insert of the same bodies, committed by the batch."""
    batches = bodies(drive(1, share_new=0.1, rng=Random(20261121)))
    with tempfile.TemporaryDirectory() as folder:
        raw = sqlite3.connect(Path(folder) / "raw.db", isolation_level=None)
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("CREATE TABLE findings (id TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID")
        began = time.perf_counter()
        for number, batch in enumerate(batches):
            rows = [(f"{number}-{row}", json.dumps(body)) for row, body in enumerate(batch)]
            raw.execute("BEGIN IMMEDIATE")
            raw.executemany("INSERT INTO findings VALUES (?, ?)", rows)
            raw.execute("COMMIT")
        spent = time.perf_counter() - began
        raw.close()
    raw_rate = sum(len(batch) for batch in batches) / spent
    with empty_sqlite() as url:
        rate, _, _ = full_rate(url)
    return Measured(value=rate / raw_rate, how=f"{rate:.0f}/s against {raw_rate:.0f}/s raw")
