"""How many findings a second the centre takes in, with everything that follows from a finding."""

import gc
import gzip
import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Final
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

from api.garbage import look_seldom
from api.reading.batch import read_on_the_spot
from dispatch import wire
from dispatch.case.transition import Status
from dispatch.city.profile import Profile
from dispatch.city_files.profile_folder import PROFILES, load_profile
from dispatch.intake.acceptance import Sent, accept
from dispatch.ports.unit_of_work import CaseFilter, UnitOfWork
from dispatch.store.engine import open_database
from dispatch.store.migrate import migrate
from dispatch.store.sql import SqlUnitOfWork
from tests.benchmarks.figure import CannotRun, Measured, benchmark
from tests.benchmarks.patrolled_streets import Patrol, handle
from tests.dispatch import making, taking
from tests.dispatch.city import City

STREETS: Final = 16
STREET_M: Final = 1200.0
SPACING_M: Final = 40.0
BATCH: Final = 100
ROUNDS: Final = 5
DEVICE: Final = "vehicle-07"
PLACES: Final = 40
WEEK, YEAR = 7, 365
BEFORE, AFTER_HANDLING = 8, 20
"""Days of the passes before those that are measured, and of the first of these."""
CYCLE: Final = 5
"""Passes from one condensing to the next: a neighbourhood's sights are condensed once in them."""
HANDLED_EVERY: Final = 100
ARRIVING: Final = (
    "{count} findings in batches of {batch}, nine in ten of known problems out of {stock}, with "
    "grid, identity, triage, case, deadlines and durable commits; no pass ends in "
    "it; the middle of {rounds}; {dialect}"
)
WHOLE: Final = (
    "{count} findings of {cycle} passes in batches of {batch}, nine in ten of known problems out "
    "of {stock}, after {before} passes: grid, identity, triage, case, deadlines, the end of each "
    "pass (map solved anew, sights condensed, {handled} handled cases judged), durable commits; "
    "{own:.0f}/s of the process's own time; {dialect}"
)


def packed(messages: Sequence[wire.Message]) -> list[bytes]:
    """Give batches as devices send them."""
    raw = [wire.canonical_bytes(each) for each in messages]
    batches = [raw[start : start + BATCH] for start in range(0, len(raw), BATCH)]
    return [gzip.compress(b'{"messages":[' + b",".join(each) + b"]}") for each in batches]


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


def arriving_rate(url: str) -> tuple[float, int, int]:
    """Give findings a second, their number, and how many problems were known before."""
    profile = load_profile(PROFILES / "demo")
    engine = open_database(url)
    begin = partial(SqlUnitOfWork, engine)
    rng = Random(20261121)
    stock = drive(0, share_new=0.0, rng=rng)
    take_pass(stock, day=0, begin=begin, profile=profile)
    again = drive(1, share_new=0.1, rng=rng)
    spent, _ = take_pass(again, day=1, begin=begin, profile=profile)
    engine.dispose()
    return len(again) / spent, len(again), len(stock)


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeRate:
    """What taking in a patrol's passes to their end gave.

    Args:
        per_s: findings a second.
        per_cpu_s: findings a second of this process's own time.
        found: findings of the passes that were measured.
        known: problems that were known before.
        handled: cases that waited to be judged.
    """

    per_s: float
    per_cpu_s: float
    found: int
    known: int
    handled: int


def whole_rate(url: str) -> WholeRate:
    """Drive all streets until every neighbourhood has its gists, and then once through a cycle."""
    profile = load_profile(PROFILES / "demo")
    engine = open_database(url)
    begin = partial(SqlUnitOfWork, engine)
    patrol = Patrol(device=DEVICE)
    for day in range(BEFORE):
        take_pass(patrol.passed(day), day=day, begin=begin, profile=profile)
    city = City(profile=profile, begin=begin, now=making.NOON + timedelta(days=BEFORE, hours=3))
    with begin() as uow:
        waiting = CaseFilter(statuses=frozenset({Status.REPORTED}))
        cases = [case.id for case in uow.cases.find(waiting, limit=10_000)]
    handled = cases[::HANDLED_EVERY]
    handle(handled, city=city)
    spent, own, found = 0.0, 0.0, 0
    for day in range(AFTER_HANDLING, AFTER_HANDLING + CYCLE):
        sent = patrol.passed(day)
        took = take_pass(sent, day=day, begin=begin, profile=profile)
        spent, own = spent + took[0], own + took[1]
        found += sum(isinstance(each, wire.Finding) for each in sent)
    engine.dispose()
    return WholeRate(
        per_s=found / spent,
        per_cpu_s=found / own,
        found=found,
        known=len(cases),
        handled=len(handled),
    )


def take_pass(
    sent: Sequence[wire.Message], *, day: int, begin: Callable[[], UnitOfWork], profile: Profile
) -> tuple[float, float]:
    """Take in what a pass sends, batch by batch; give the seconds, and those of this process."""
    at = making.NOON + timedelta(days=day + 1)
    batches = packed(sent)
    began = time.perf_counter(), time.process_time()
    for batch in batches:
        come = read_on_the_spot(batch, "gzip", device=DEVICE)
        one = Sent(device=DEVICE, at=at, messages=come.messages, packed=come.packed)
        with begin() as uow:
            senders = uow.devices.known([DEVICE])
            (answer,) = accept([one], senders=senders, uow=uow, profile=profile)
            uow.commit()
        taking.drain(at=at, uow=begin(), profile=profile)
        assert {each.status for each in answer.receipts} == {wire.ReceiptStatus.ACCEPTED}
    return time.perf_counter() - began[0], time.process_time() - began[1]


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
def as_served() -> Iterator[None]:
    """Search for garbage as seldom as `xunhuan serve` does."""
    before = gc.get_threshold()
    look_seldom()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


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
    """Take in a drive's findings as they arrive, on SQLite with synchronous=FULL."""
    return _arriving(empty_sqlite, "SQLite, synchronous=FULL")


@benchmark(name="intake.full_per_s_postgres", unit="findings/s", goal=">= 1000")
def full_per_s_postgres() -> Measured:
    """Take in a drive's findings as they arrive, on PostgreSQL."""
    return _arriving(empty_postgres, "PostgreSQL")


def _arriving(empty: Callable[[], AbstractContextManager[str]], dialect: str) -> Measured:
    rates = []
    for _ in range(ROUNDS):
        with empty() as url, as_served():
            rates.append(arriving_rate(url))
    rate, count, stock = sorted(rates)[ROUNDS // 2]
    how = ARRIVING.format(count=count, batch=BATCH, stock=stock, dialect=dialect, rounds=ROUNDS)
    return Measured(value=rate, how=how)


@benchmark(name="intake.whole_passes_per_s_sqlite", unit="findings/s", goal=">= 1000")
def whole_passes_per_s_sqlite() -> Measured:
    """Take in a patrol's passes to their end, on SQLite with synchronous=FULL."""
    with empty_sqlite() as url, as_served():
        return _whole(whole_rate(url), "SQLite, synchronous=FULL")


@benchmark(name="intake.whole_passes_per_s_postgres", unit="findings/s", goal=">= 1000")
def whole_passes_per_s_postgres() -> Measured:
    """Take in a patrol's passes to their end, on PostgreSQL."""
    with empty_postgres() as url, as_served():
        return _whole(whole_rate(url), "PostgreSQL")


def _whole(rate: WholeRate, dialect: str) -> Measured:
    how = WHOLE.format(
        count=rate.found,
        cycle=CYCLE,
        batch=BATCH,
        stock=rate.known,
        before=BEFORE,
        handled=rate.handled,
        own=rate.per_cpu_s,
        dialect=dialect,
    )
    return Measured(value=rate.per_s, how=how)


@benchmark(name="intake.per_s_after_a_year_ratio", unit="ratio", goal=">= 0.8")
def per_s_after_a_year_ratio() -> Measured:
    """Set the rate of intake after a year of daily passes against that after a week."""
    with empty_sqlite() as url, as_served():
        week, year = rates_of_a_year(url)
    how = (
        f"{year:.0f}/s after {YEAR} daily passes over the same {PLACES} problems, "
        f"{week:.0f}/s after {WEEK}, each pass told to its end; processor time, SQLite"
    )
    return Measured(value=year / week, how=how)


@benchmark(name="intake.full_ratio_sqlite", unit="ratio")
def full_ratio_sqlite() -> Measured:
    """Set full intake against the raw insert of the same bodies, committed by the batch."""
    found = drive(1, share_new=0.1, rng=Random(20261121))
    bodies = [wire.canonical_bytes(each).decode() for each in found]
    batches = [bodies[start : start + BATCH] for start in range(0, len(bodies), BATCH)]
    with tempfile.TemporaryDirectory() as folder:
        raw = sqlite3.connect(Path(folder) / "raw.db", isolation_level=None)
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("CREATE TABLE findings (id TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID")
        began = time.perf_counter()
        for number, batch in enumerate(batches):
            rows = [(f"{number}-{row}", body) for row, body in enumerate(batch)]
            raw.execute("BEGIN IMMEDIATE")
            raw.executemany("INSERT INTO findings VALUES (?, ?)", rows)
            raw.execute("COMMIT")
        spent = time.perf_counter() - began
        raw.close()
    raw_rate = len(bodies) / spent
    with empty_sqlite() as url, as_served():
        rate, _, _ = arriving_rate(url)
    return Measured(value=rate / raw_rate, how=f"{rate:.0f}/s against {raw_rate:.0f}/s raw")
