"""Every version of the tables as it was released, with cases at all stages, as files of SQL.

    python -m tests.dispatch.released_schemas

writes the files that are missing. A file is never written anew: it is what a centre of that
version has on its disk.
"""

import sqlite3
import tempfile
from pathlib import Path
from typing import Final

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, column, create_engine, insert, inspect, select, table

from dispatch.case.case import Case
from dispatch.store.engine import open_database
from dispatch.store.migrate import config_for, migrate
from dispatch.store.schema import METADATA
from dispatch.store.sql import SqlUnitOfWork
from tests.dispatch import evaluating as life
from tests.dispatch import making

FOLDER: Final = Path(__file__).parents[1] / "data" / "schemas"
PICTURE: Final = "5e" * 32


def lives() -> list[Case]:
    """Give a case at every stage, some of which went back or were pressed for."""
    return [
        life.reported("1"),
        life.confirmed(life.asked("2"), at=1),
        life.refuted(life.asked("3"), at=1),
        life.filed("4"),
        life.dispatched("5"),
        life.finished(life.dispatched("6"), at=30),
        life.done("7"),
        life.declined(life.dispatched("8"), at=12),
        life.upheld(life.appealed(life.finished(life.dispatched("9"), at=80), at=81), at=90),
        life.reopened(life.done("10"), at=200, whole_due=300),
    ]


def revisions() -> list[str]:
    """Give the versions of the tables, the first one first."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        scripts = ScriptDirectory.from_config(config_for(connection))
        found = [script.revision for script in scripts.walk_revisions()]
    engine.dispose()
    return found[::-1]


def copy_rows(source: Connection, target: Connection) -> None:
    """Copy into the columns that both databases have, referred tables first."""
    for shape in METADATA.sorted_tables:
        had, has = _columns(source, shape.name), _columns(target, shape.name)
        kept = [column(each.name, each.type) for each in shape.columns if each.name in had & has]
        if kept:
            some = table(shape.name, *kept)
            rows = [dict(row._mapping) for row in source.execute(select(some))]
            if rows:
                target.execute(insert(some), rows)


def _columns(connection: Connection, name: str) -> set[str]:
    found = inspect(connection)
    return {each["name"] for each in found.get_columns(name)} if found.has_table(name) else set()


def write(revision: str, full: Engine, out: Path) -> None:
    """Write the tables of a version with what it would hold of a full database of today."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "then.db"
        engine = create_engine(f"sqlite:///{file}")
        with engine.begin() as connection, full.connect() as source:
            command.upgrade(config_for(connection), revision)
            copy_rows(source, connection)
        engine.dispose()
        with sqlite3.connect(file) as dumped:
            out.write_text("\n".join(dumped.iterdump()) + "\n", encoding="utf-8")


def fill(engine: Engine) -> None:
    """Keep a case at every stage, a find, a sweep and a picture."""
    with SqlUnitOfWork(engine) as uow:
        for case in lives():
            uow.cases.add(case)
        problem = making.problem()
        uow.problems.save(problem)
        uow.observations.save(making.observation(problem=problem.id))
        uow.sweeps.save(making.sweep())
        uow.evidence.received(PICTURE, at=making.NOON)
        uow.commit()


def main() -> None:
    """Write the files that are missing."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'full.db'}"
        migrate(url)
        full = open_database(url)
        fill(full)
        for revision in revisions():
            out = FOLDER / f"{revision}.sql"
            if not out.exists():
                write(revision, full, out)
        full.dispose()


if __name__ == "__main__":
    main()
