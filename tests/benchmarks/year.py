"""How long the figures of a large city's year take: 2.4 million cases in twelve months.

`python -m tests.benchmarks.year ADDRESS` fills an empty database, with cases and steps too: half an
hour, 25 GB. Where `XUNHUAN_YEAR` names such databases, with spaces between, they are asked instead
of new ones.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import Any, Final

from sqlalchemy import Column, Connection, Engine, Table, create_engine, text

from dispatch.clocks.period import Period
from dispatch.figures.evaluation import figures, parts_of
from dispatch.indicators.formula import Grouping
from dispatch.indicators.table import INDICATORS, REASONED
from dispatch.ports.unit_of_work import FactFilter
from dispatch.store.engine import open_database
from dispatch.store.migrate import migrate
from dispatch.store.moments import Micros, Moment
from dispatch.store.sql import SqlUnitOfWork
from dispatch.store.tables import CASES, FACTS, STEPS, TASKS
from tests.benchmarks.evaluation import LIVES, MONTH_CASES, SHIFTED, life, settle
from tests.benchmarks.figure import Measured, benchmark
from tests.benchmarks.intake import empty_postgres, empty_sqlite
from tests.dispatch.evaluating import POLICY, START

MONTHS: Final = tuple(
    datetime(2025 + (month > 12), (month - 1) % 12 + 1, 1, tzinfo=UTC) for month in range(12, 24)
)
YEAR: Final = Period(start=MONTHS[0], end=datetime(2026, 12, 1, tzinfo=UTC))
JUNE: Final = Period(start=MONTHS[6], end=MONTHS[7])
AFTERWARDS: Final = datetime(2027, 1, 31, tzinfo=UTC)
COPIES: Final = MONTH_CASES // LIVES
GROUPINGS: Final = (Grouping.CITY, Grouping.DEPARTMENT, Grouping.STREET, Grouping.GRID)
HOW: Final = (
    "{cases} cases of twelve months, {facts} facts: {lives} different histories kept by the store, "
    "each with copies some seconds and months apart, made in the database; every indicator of "
    "{what}, once by each (with the seconds of this process): {each}; {dialect}, tidied, "
    "filled in {filled}; load of the machine {load:.1f}"
)


def fill(engine: Engine, *, histories: bool) -> None:
    """Fill an empty database with the facts of a year, in the order of their keys.

    Indexes are made afterwards. Of the copies nothing else is there but, where they are wanted, the
    cases and their steps; what these say of times in their grounds is that of the life copied.

    Args:
        histories: with cases and steps, as a report needs them: four times as much.
    """
    rng = Random(20261121)
    with SqlUnitOfWork(engine) as uow:
        for number in range(LIVES):
            uow.cases.add(life(number, rng))
        uow.commit()
    # Nothing here has to outlive a power failure, as `open_database` would have it.
    plain = create_engine(engine.url, isolation_level="AUTOCOMMIT")
    with plain.connect() as connection:
        _let_go(connection)
        for table in (FACTS, STEPS, CASES) if histories else (FACTS,):
            connection.execute(text(f"CREATE TABLE lived AS SELECT * FROM {table.name}"))
            connection.execute(text(f"DELETE FROM {table.name}"))
            for index in table.indexes:
                index.drop(connection)
            for month, start in enumerate(MONTHS):
                _copy(connection, table, month, shift_s=round((start - START).total_seconds()))
            for index in table.indexes:
                index.create(connection)
            connection.execute(text("DROP TABLE lived"))
    plain.dispose()
    settle(engine)


def _let_go(connection: Connection) -> None:
    """Let facts and steps be of cases that are not there yet."""
    if connection.dialect.name == "sqlite":
        for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-262144"):
            connection.execute(text(f"PRAGMA {pragma}"))
    else:
        for table in (FACTS, STEPS, TASKS):
            name = f"fk_{table.name}_case_cases"
            connection.execute(text(f'ALTER TABLE {table.name} DROP CONSTRAINT "{name}"'))


def _copy(connection: Connection, table: Table, month: int, *, shift_s: int) -> None:
    key = ", ".join(f'lived."{column.name}"' for column in table.primary_key)
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    dialect = connection.dialect.name
    values = ", ".join(_value(column, month, shift_s, dialect) for column in table.columns)
    statement = (
        f"INSERT INTO {table.name} "
        f"({names}) WITH RECURSIVE copies(n) AS "
        f"(SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < {COPIES}) "
        f"SELECT {values} FROM copies CROSS JOIN lived ORDER BY n, {key}"
    )
    connection.execute(text(statement.replace(":", r"\:")))


def _value(column: Column[Any], month: int, shift_s: int, dialect: str) -> str:
    name = column.name
    if name == "case" or (name == "id" and column.table is CASES):
        return f"substr(CAST({1_000_000 + month * 1_000} + n AS TEXT), 2) || '-' || \"{name}\""
    if isinstance(column.type, Micros) and name in SHIFTED:
        return f'"{name}" + ({shift_s} + n) * CAST(1000000 AS BIGINT)'
    if isinstance(column.type, Moment):
        if dialect == "sqlite":
            later = f"({shift_s} + n) || ' seconds'"
            return f"strftime('%Y-%m-%d %H:%M:%f000', \"{name}\", {later})"
        return f"\"{name}\" + ({shift_s} + n) * INTERVAL '1 second'"
    return f'"{name}"'


@contextmanager
def _filled(
    kind: str, empty: Callable[[], AbstractContextManager[str]]
) -> Iterator[tuple[Engine, str]]:
    kept = [url for url in os.environ.get("XUNHUAN_YEAR", "").split() if url.startswith(kind)]
    with nullcontext(kept[0]) if kept else empty() as url:
        engine = open_database(url)
        filled = "an earlier run"
        if not kept:
            began = time.perf_counter()
            fill(engine, histories=False)
            filled = f"{time.perf_counter() - began:.0f} s"
        yield engine, filled
        engine.dispose()


def counting_s(engine: Engine, period: Period, by: Grouping) -> tuple[float, float]:
    """Give the seconds that all figures of a period take, and those of this process's processor.

    With the reasons behind those of the city.
    """
    window, wanted = period.known_at(AFTERWARDS), FactFilter(by=by)
    began, working = time.perf_counter(), time.process_time()
    with SqlUnitOfWork(engine, reads_only=True) as uow:
        counted = uow.facts.count(parts_of(POLICY), window, wanted)
        for each in INDICATORS if by is Grouping.CITY else ():
            if each.key in REASONED:
                uow.facts.reasons(each.counts, window, wanted)
    shown = [figures(counts, policy=POLICY, by=by) for counts in counted.values()]
    took, worked = time.perf_counter() - began, time.process_time() - working
    assert shown
    return took, worked


@cache
def _asked(kind: str) -> Mapping[str, Measured]:
    """Fill a database once, and ask it for all that is asked of a year."""
    empty = {"sqlite": empty_sqlite, "postgresql": empty_postgres}[kind]
    with _filled(kind, empty) as (engine, filled):
        with engine.connect() as connection:
            facts = int(connection.scalar(text("SELECT count(*) FROM facts")) or 0)
        found = {}
        for what, period in (("a month", JUNE), ("the year", YEAR)):
            took = {by: counting_s(engine, period, by) for by in GROUPINGS}
            each = ", ".join(f"{by.value} {s:.1f} s ({own:.1f})" for by, (s, own) in took.items())
            found[what] = Measured(
                value=max(seconds for seconds, _ in took.values()),
                how=HOW.format(
                    cases=MONTH_CASES * len(MONTHS),
                    facts=facts,
                    lives=LIVES,
                    what=what,
                    each=each,
                    dialect={"sqlite": "SQLite", "postgresql": "PostgreSQL"}[kind],
                    filled=filled,
                    load=os.getloadavg()[0],
                ),
            )
    return found


@benchmark(name="evaluation.month_of_2400k_s", unit="s", goal="<= 2")
def month_on_sqlite() -> Measured:
    """Evaluate one of twelve months of 200,000 cases, the slowest grouping, on SQLite."""
    return _asked("sqlite")["a month"]


@benchmark(name="evaluation.year_of_2400k_s", unit="s", goal="<= 30")
def year_on_sqlite() -> Measured:
    """Evaluate a year of 2.4 million cases, the slowest grouping, on SQLite."""
    return _asked("sqlite")["the year"]


@benchmark(name="evaluation.month_of_2400k_s_postgres", unit="s", goal="<= 2")
def month_on_postgres() -> Measured:
    """Evaluate one of twelve months of 200,000 cases, the slowest grouping, on PostgreSQL."""
    return _asked("postgresql")["a month"]


@benchmark(name="evaluation.year_of_2400k_s_postgres", unit="s", goal="<= 30")
def year_on_postgres() -> Measured:
    """Evaluate a year of 2.4 million cases, the slowest grouping, on PostgreSQL."""
    return _asked("postgresql")["the year"]


if __name__ == "__main__":
    migrate(sys.argv[1])
    fill(open_database(sys.argv[1]), histories=True)
