"""How long all indicators of a big city's month take, and what keeping facts costs."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from random import Random
from typing import Final

from sqlalchemy import Engine, text

from dispatch.case.case import Case, Source
from dispatch.figures.evaluation import figures, parts_of
from dispatch.ids import CaseId, GridId
from dispatch.indicators.formula import Grouping
from dispatch.indicators.table import INDICATORS, REASONED
from dispatch.ports.unit_of_work import FactFilter
from dispatch.store.engine import open_database
from dispatch.store.sql import SqlUnitOfWork
from dispatch.store.tables import CASES, FACTS
from tests.benchmarks.figure import Measured, benchmark
from tests.benchmarks.intake import empty_postgres, empty_sqlite
from tests.dispatch.city import SANITATION
from tests.dispatch.evaluating import (
    AFTERWARDS,
    NOVEMBER,
    POLICY,
    closed,
    confirmed,
    declined,
    file,
    finished,
    refuted,
    reported,
    send,
    sent_back,
)

MONTH_CASES: Final = 200_000
LIVES: Final = 2_000
SHIFTED: Final = {
    "known_from",
    "known_to",
    "ends_at",
    "at",
    "since",
    "due_at",
    "done_at",
    "lapsed_at",
    "noted_at",
    "worked_at",
}
HOW: Final = (
    "{cases} cases of a month, {facts} facts: {lives} different histories kept by the store, each "
    "with copies some seconds later; every indicator {by}; {dialect}, tidied, warm, best of three"
)


def life(number: int, rng: Random) -> Case:
    """Make up a case: most go straight on, some are untrue, returned, late, redone or left."""
    at = rng.uniform(-24, 690)
    grid = GridId(f"9999{rng.randrange(1, 10):02d}0010010{rng.randrange(1, 100):02d}")
    case = reported(f"m{number}", at=at, source=rng.choice(list(Source)), grid=grid)
    case.id = CaseId(f"{case.id}-{number}")
    if rng.random() < 0.15:
        return refuted(case, at=at + 0.3)
    file(confirmed(case, at=at + 0.2), at=at + 0.4, dispatch_due=at + 2, whole_due=at + 100)
    send(case, at=at + rng.uniform(0.5, 2.2), due=at + 50)
    if rng.random() < 0.1:
        send(declined(case, at=at + 5), at=at + 6, due=at + 50, to=SANITATION)
    if rng.random() < 0.1:
        return case
    finished(case, at=at + rng.uniform(8, 55))
    if rng.random() < 0.1:
        finished(sent_back(case, at=at + 60, due=at + 80), at=at + rng.uniform(62, 84))
    return closed(case, at=at + rng.uniform(85, 104)) if rng.random() < 0.9 else case


def fill(engine: Engine) -> int:
    """Keep the month and give the number of its facts."""
    rng = Random(20261121)
    with SqlUnitOfWork(engine) as uow:
        for number in range(LIVES):
            uow.cases.add(life(number, rng))
        uow.commit()
    copies = MONTH_CASES // LIVES - 1
    with engine.begin() as connection:
        for table, id_ in ((CASES, "id"), (FACTS, "case")):
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            values = ", ".join(_copied(column.name, id_) for column in table.columns)
            connection.execute(
                text(
                    "WITH RECURSIVE copies(n) AS "
                    f"(SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < {copies}) "
                    f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {table.name}, copies"
                    if engine.dialect.name == "postgresql"
                    else f"INSERT INTO {table.name} ({names}) WITH RECURSIVE copies(n) AS "
                    f"(SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < {copies}) "
                    f"SELECT {values} FROM {table.name}, copies"
                )
            )
        facts = int(connection.scalar(text("SELECT count(*) FROM facts")) or 0)
    settle(engine)
    return facts


def settle(engine: Engine) -> None:
    """Tidy the tables, as PostgreSQL does by itself after so many new rows, and count them."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            alone.execute(text("VACUUM ANALYZE facts"))
    else:
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))


def _copied(name: str, id_: str) -> str:
    if name == id_:
        return f"\"{name}\" || '-' || n"
    return f'"{name}" + n * 1000000' if name in SHIFTED else f'"{name}"'


def month_s(engine: Engine, by: Grouping) -> float:
    """Give the seconds that all figures of the month take, with the reasons behind some."""
    window, wanted = NOVEMBER.known_at(AFTERWARDS), FactFilter(by=by)
    took = []
    for _ in range(3):
        began = time.perf_counter()
        with SqlUnitOfWork(engine, reads_only=True) as uow:
            counted = uow.facts.count(parts_of(POLICY), window, wanted)
            for each in INDICATORS:
                if each.key in REASONED:
                    uow.facts.reasons(each.counts, window, wanted)
        shown = [figures(counts, policy=POLICY) for counts in counted.values()]
        took.append(time.perf_counter() - began)
        assert shown
    return min(took)


def measured(
    where: Callable[[], AbstractContextManager[str]], by: Grouping, dialect: str
) -> Measured:
    """Fill a database with the month and evaluate it."""
    with where() as url:
        engine = open_database(url)
        facts = fill(engine)
        value = month_s(engine, by)
        engine.dispose()
    how = HOW.format(
        cases=MONTH_CASES, facts=facts, lives=LIVES, by=f"by {by.value}", dialect=dialect
    )
    return Measured(value=value, how=how)


@benchmark(name="evaluation.month_200k_s", unit="s", goal="<= 2")
def month_on_sqlite() -> Measured:
    """Evaluate a month of 200,000 cases, on SQLite."""
    return measured(empty_sqlite, Grouping.CITY, "SQLite")


@benchmark(name="evaluation.month_200k_by_department_s", unit="s", goal="<= 2")
def month_by_department_on_sqlite() -> Measured:
    """Evaluate a month of 200,000 cases for every department, on SQLite."""
    return measured(empty_sqlite, Grouping.DEPARTMENT, "SQLite")


@benchmark(name="evaluation.month_200k_s_postgres", unit="s", goal="<= 2")
def month_on_postgres() -> Measured:
    """Evaluate a month of 200,000 cases, on PostgreSQL."""
    return measured(empty_postgres, Grouping.CITY, "PostgreSQL")


@benchmark(name="evaluation.month_200k_by_department_s_postgres", unit="s", goal="<= 2")
def month_by_department_on_postgres() -> Measured:
    """Evaluate a month of 200,000 cases for every department, on PostgreSQL."""
    return measured(empty_postgres, Grouping.DEPARTMENT, "PostgreSQL")
