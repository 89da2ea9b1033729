"""A city of a million cases, made in the database itself out of one that casework made.

`python -m tests.benchmarks.million ADDRESS` fills an empty database, which takes minutes. Where
`XUNHUAN_MILLION` names such databases, with spaces between, they are asked instead of new ones.
"""

import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from typing import Final

from pydantic import JsonValue
from sqlalchemy import Engine, Table, select, text

from dispatch.case.case import Case
from dispatch.case.map_view import Box
from dispatch.case.step import Decision
from dispatch.ground.place import lookup_cell
from dispatch.ids import CaseId
from dispatch.people.people import MACHINE
from dispatch.store.engine import open_database
from dispatch.store.migrate import migrate
from dispatch.store.sql import SqlUnitOfWork
from dispatch.store.tables import CASES, OBSERVATIONS, PROBLEMS, STEPS, TASKS
from tests.benchmarks.intake import empty_postgres, empty_sqlite
from tests.dispatch import making
from tests.dispatch.city import SUPERVISOR, City

CASES_MADE: Final = 1_000_000
PROBLEMS_MADE: Final = 20_000
"""Fewer than cases: the city is old, and most of its problems have come again and again."""
OPEN_ONE_IN: Final = 20
OVERDUE_ONE_IN: Final = 100
STEPS_MADE: Final = 2
CITY: Final = Box(west=106.5, south=29.5, east=106.8, north=29.8)
"""Where its problems lie, at the corners of a net."""
LONG_STEPS: Final = 200
LONG_PASSES: Final = 60
"""How much has become of one case, the newest: so many steps, seen on so many passes."""
FIRST_S: Final = 1_700_000_000
STEP_S: Final = 60

_SERIES: Final = (
    "WITH RECURSIVE n(i) AS "
    "(SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {most}) "
    "INSERT INTO {table} ({columns}) SELECT {values} FROM {table} t, n, spots s "
    f"WHERE s.number = i / {OPEN_ONE_IN} % {PROBLEMS_MADE} AND {{which}}"
)
_CASE_ID: Final = (
    "substr(CAST(1000000000000 + {i} AS TEXT), 2) || '-0000-8000-8000-0000' || "
    "substr(CAST(100000000 + {i} * 7919 % 100000000 AS TEXT), 2)"
)
_GRID: Final = (
    "'9999' || substr(CAST(101 + i % 5 AS TEXT), 2) || substr(CAST(1001 + i % 9 AS TEXT), 2) || "
    "substr(CAST(1001 + i % 7 AS TEXT), 2) || substr(CAST(1001 + i % 83 AS TEXT), 2)"
)
_OPEN: Final = f"i % {OPEN_ONE_IN} = 0"
_STATUS: Final = (
    f"CASE WHEN NOT {_OPEN} THEN 'closed' "
    + " ".join(
        f"WHEN i / {OPEN_ONE_IN} % 5 = {number} THEN '{status}'"
        for number, status in enumerate(("reported", "filed", "dispatched", "handling"))
    )
    + " ELSE 'handled' END"
)
_DEPARTMENT: Final = (
    "CASE i % 4 WHEN 0 THEN 'roads' WHEN 1 THEN 'sanitation' WHEN 2 THEN 'parks' ELSE 'traffic' END"
)
_LABEL: Final = (
    "CASE i % 10 WHEN 0 THEN 'road.pothole' ELSE 'road.kind_' || CAST(i % 10 AS TEXT) END"
)


@contextmanager
def million_on_sqlite() -> Iterator[Engine]:
    """Give a SQLite database on disk with a million cases."""
    with _filled("sqlite", empty_sqlite) as engine:
        yield engine


@contextmanager
def million_on_postgres() -> Iterator[Engine]:
    """Give a PostgreSQL schema with a million cases.

    Raises:
        CannotRun: no server is named.
    """
    with _filled("postgresql", empty_postgres) as engine:
        yield engine


@contextmanager
def _filled(kind: str, empty: Callable[[], AbstractContextManager[str]]) -> Iterator[Engine]:
    kept = [url for url in os.environ.get("XUNHUAN_MILLION", "").split() if url.startswith(kind)]
    with nullcontext(kept[0]) if kept else empty() as url:
        engine = open_database(url)
        if not kept:
            fill(engine)
        yield engine
        engine.dispose()


def case_name(number: int) -> str:
    """Give the id of one of the cases, from 1 on."""
    return f"{number:012d}-0000-8000-8000-0000{number * 7919 % 100_000_000:08d}"


def fill(engine: Engine, *, cases: int = CASES_MADE) -> None:
    """Fill an empty database: one case of casework, then as many like it."""
    city = City(begin=lambda: SqlUnitOfWork(engine))
    model = city.handling()
    _lay_out(engine)
    with engine.connect() as connection:
        case = connection.execute(select(CASES).where(CASES.c.id == model)).one()
        sight = connection.scalars(select(OBSERVATIONS.c.id).limit(1)).one()
    problem = f"'p' || CAST(i % {PROBLEMS_MADE} AS TEXT)"
    _many(engine, PROBLEMS, PROBLEMS_MADE, {"id": problem}, f"t.id = '{case.problem}'")
    for number in range(3):
        named = {"id": f"'{number}s' || CAST(i AS TEXT)", "problem": problem}
        _many(engine, OBSERVATIONS, PROBLEMS_MADE, named, f"t.id = '{sight}'")
    mine = f"t.\"case\" = '{model}'"
    of = {"case": _CASE_ID.format(i="i")}
    _many(engine, CASES, cases, _case(engine, problem), f"t.id = '{model}'")
    _many(engine, STEPS, cases, of, f"{mine} AND t.number <= {STEPS_MADE}")
    _many(engine, TASKS, cases, _task(engine), f"{mine} AND t.kind = 'handle'")
    city.finish(model)
    _lengthen(city, model)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("DROP TABLE spots")
        connection.exec_driver_sql(
            "ANALYZE" if connection.dialect.name == "sqlite" else "VACUUM ANALYZE"
        )


def _lay_out(engine: Engine) -> None:
    """Keep where the problems lie, to be joined with what is made."""
    side = math.ceil(math.sqrt(PROBLEMS_MADE))
    rows = []
    for number in range(PROBLEMS_MADE):
        latitude = CITY.south + (CITY.north - CITY.south) * (number // side) / side
        longitude = CITY.west + (CITY.east - CITY.west) * (number % side) / side
        rows.append(
            {
                "number": number,
                "latitude": latitude,
                "longitude": longitude,
                "cell": lookup_cell(latitude, longitude),
            }
        )
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE spots (number BIGINT PRIMARY KEY, latitude DOUBLE PRECISION, "
            "longitude DOUBLE PRECISION, cell BIGINT)"
        )
        connection.execute(
            text("INSERT INTO spots VALUES (:number, :latitude, :longitude, :cell)"), rows
        )


def _lengthen(city: City, id_: CaseId) -> None:
    """Have passes look at a case, and people write to it, again and again."""
    with city.uow as uow:
        case = uow.cases.get(id_)
        seen = uow.observations.of_problem(case.problem)[0]
        for number in range(1, LONG_PASSES + 1):
            at = city.later(hours=6)
            told = {"pass_id": f"vehicle-07:{number}", "at": at.isoformat(), "outcome": "not_seen"}
            numbers = {"inspected": 0.97, "present": 0.5, "power": 0.9, "occluded": 0.0}
            _verify(case, [{**told, "reason": None, **numbers}] * number, at=at)
            sight = making.finding(
                f"long {number}", pass_id=f"vehicle-07:{number}", at=at, where=seen.finding.position
            )
            uow.observations.save(making.observation(sight, problem=case.problem))
        while len(case.history) < LONG_STEPS:
            case.remark(Decision(by=SUPERVISOR, at=city.later(hours=1), note="再看一看"))
        uow.cases.save(case)
        uow.commit()


def _verify(case: Case, passes: list[JsonValue], *, at: datetime) -> None:
    grounds: dict[str, JsonValue] = {
        "verdict": "cannot_tell",
        "present": 0.5,
        "passes": passes,
        "reason": None,
    }
    case.verify(Decision(by=MACHINE, at=at, grounds=grounds))


def _case(engine: Engine, problem: str) -> Mapping[str, str]:
    reported = f"{FIRST_S} + i * {STEP_S}"
    return {
        "id": _CASE_ID.format(i="i"),
        "problem": problem,
        "number_end": "substr(CAST(100000000 + i * 7919 % 100000000 AS TEXT), 2)",
        "status": _STATUS,
        "department": _DEPARTMENT,
        "label": _LABEL,
        "grid": _GRID,
        "cell": "s.cell",
        "latitude": "s.latitude",
        "longitude": "s.longitude",
        "reported_at": _moment(engine, reported),
        "ended_at": f"CASE WHEN {_OPEN} THEN NULL ELSE "
        f"{_moment(engine, f'{reported} + 259200')} END",
        "overdue_at": f"CASE WHEN {_OPEN} THEN CASE WHEN i % {OVERDUE_ONE_IN} = 0 THEN "
        f"{_moment(engine, f'{reported} + 3600')} ELSE "
        f"{_moment(engine, '4000000000')} END ELSE NULL END",
        "rings_at": "NULL",
    }


def _task(engine: Engine) -> Mapping[str, str]:
    """Give every case a task; those of open cases are open, half of them for collectors."""
    return {
        "id": "'t' || CAST(i AS TEXT)",
        "case": _CASE_ID.format(i="i"),
        "area": _GRID,
        "role": f"CASE i / {OPEN_ONE_IN} % 2 WHEN 0 THEN 'collector' ELSE 'handler' END",
        "department": f"CASE i / {OPEN_ONE_IN} % 2 WHEN 0 THEN NULL ELSE 'roads' END",
        "person": "NULL",
        "due_at": _moment(engine, f"{FIRST_S} + i * {STEP_S} + 3600"),
        "status": f"CASE WHEN {_OPEN} THEN 'open' ELSE 'done' END",
        "ended_at": f"CASE WHEN {_OPEN} THEN NULL ELSE t.made_at END",
        "ended_by": f"CASE WHEN {_OPEN} THEN NULL ELSE 'somebody' END",
    }


def _moment(engine: Engine, seconds: str) -> str:
    if engine.dialect.name == "sqlite":
        return f"strftime('%Y-%m-%d %H:%M:%S.000000', {seconds}, 'unixepoch')"
    return f"to_timestamp({seconds})"


def _many(engine: Engine, table: Table, most: int, other: Mapping[str, str], which: str) -> None:
    names = [column.name for column in table.columns]
    values = [other.get(name, f't."{name}"') for name in names]
    statement = _SERIES.format(
        most=most,
        table=table.name,
        columns=", ".join(f'"{name}"' for name in names),
        values=", ".join(values),
        which=which,
    )
    with engine.begin() as connection:
        for index in table.indexes:
            index.drop(connection)
        connection.execute(text(statement.replace(":", r"\:")))
        for index in table.indexes:
            index.create(connection)


if __name__ == "__main__":
    migrate(sys.argv[1])
    fill(open_database(sys.argv[1]))
