"""Every version of the tables that was ever released comes to today's with all that it holds."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import (
    Column,
    ColumnClause,
    Engine,
    column,
    create_engine,
    insert,
    make_url,
    select,
    table,
    text,
)

from dispatch.city.profile import Profile
from dispatch.indicators.formula import Grouping
from dispatch.ports.unit_of_work import FactFilter
from dispatch.proof.ledger import EntryKind
from dispatch.store.engine import open_database
from dispatch.store.facts_anew import rebuild_facts
from dispatch.store.memory_facts import MemoryFacts
from dispatch.store.migrate import OldDatabase, check_current, config_for, migrate
from dispatch.store.sql import SqlUnitOfWork
from dispatch.store.tables import SWEEPS
from dispatch.store.tables_of_patrols import PATCHES, STRETCHES
from dispatch.store.tables_of_suppressed import SUPPRESSED
from tests.dispatch.chained import last_head
from tests.dispatch.city import MONDAY
from tests.dispatch.evaluating import AFTERWARDS, NOVEMBER
from tests.dispatch.noted import held, lines_of
from tests.dispatch.released_schemas import FOLDER, PICTURE, copy_rows, lives, revisions
from tests.dispatch.test_facts_on_stores import PARTS
from tests.dispatch.test_patrol_figures import swept, told
from tests.dispatch.test_suppression import between, sight

RELEASED = sorted(file.stem for file in FOLDER.glob("*.sql"))
LIVES = {case.id: case for case in lives()}
OLDEST = "2026_11_21_first"
BEFORE_NOTED = "2026_11_21_works"
Lay = Callable[[str], str]
KILLED = """
import os, signal, sys
from dispatch.store import migrate
migrate.fill_facts = lambda connection: os.kill(os.getpid(), signal.SIGKILL)
migrate.migrate(sys.argv[1])
"""


def laid(revision: str, file: Path) -> str:
    """Lay a released version down as a SQLite file and give its address."""
    with sqlite3.connect(file) as connection:
        connection.executescript((FOLDER / f"{revision}.sql").read_text(encoding="utf-8"))
    connection.close()
    return f"sqlite:///{file}"


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("postgres")]),
    ]
)
def lay(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Lay]:
    """What lays a released version down in a database of its own."""
    if request.param == "sqlite":
        yield lambda revision: laid(revision, tmp_path / "centre.db")
        return
    address, schema = request.getfixturevalue("postgres_url"), f"xunhuan_{uuid4().hex[:12]}"
    admin = create_engine(address)
    with admin.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = make_url(address).update_query_dict({"options": f"-csearch_path={schema}"})
    full = url.render_as_string(hide_password=False)

    def lay_in_postgres(revision: str) -> str:
        source = create_engine(laid(revision, tmp_path / "then.db"))
        engine = open_database(full)
        with engine.begin() as target, source.connect() as reading:
            command.upgrade(config_for(target), revision)
            copy_rows(reading, target)
        engine.dispose()
        source.dispose()
        return full

    yield lay_in_postgres
    with admin.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()


def assert_whole(engine: Engine) -> None:
    """Check cases, ledger, facts and figures against the lives that were written."""
    expected = LIVES
    plain = MemoryFacts(expected)
    window = NOVEMBER.known_at(AFTERWARDS)
    with SqlUnitOfWork(engine) as uow:
        kept = uow.cases.known(list(expected))
        entries = list(uow.ledger.entries())
        assert {id_: case.history for id_, case in kept.items()} == {
            id_: case.history for id_, case in expected.items()
        }
        assert {id_: case.status for id_, case in kept.items()} == {
            id_: case.status for id_, case in expected.items()
        }
        assert len(list(uow.sweeps.all())) == 1
        assert uow.evidence.missing([PICTURE]) == []
        wanted = FactFilter(by=Grouping.DEPARTMENT)
        assert uow.facts.count(PARTS, window, wanted) == plain.count(PARTS, window, wanted)
    last_head(entries)
    seals = {step.seal for case in expected.values() for step in case.history}
    assert {each.seal for each in entries if each.kind is EntryKind.STEP} == seals
    assert [each.subject for each in entries if each.kind is EntryKind.EVIDENCE] == [PICTURE]
    with engine.connect() as connection:
        check_current(connection)
        assert rebuild_facts(connection, write=False).differed == ()


@pytest.mark.parametrize("revision", RELEASED)
def test_a_released_version_comes_to_this_one_whole(lay: Lay, revision: str) -> None:
    url = lay(revision)

    migrate(url)

    engine = open_database(url)
    assert_whole(engine)
    engine.dispose()


def test_rows_of_before_they_were_noted_are_in_the_ledger_from_then_on(
    lay: Lay, migrated_sqlite: Path, tmp_path: Path, profile: Profile
) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "today.db")
    url, today = lay(BEFORE_NOTED), open_database(f"sqlite:///{tmp_path / 'today.db'}")
    uow = SqlUnitOfWork(today)
    told(uow, profile, swept(rings=2), swept("vehicle-07:2"))
    told(uow, profile, swept().model_copy(update={"revision": 3}), at=AFTERWARDS)
    with uow:
        for name in ("a", "b", "c"):
            uow.suppressed.save(sight(name), known_from=MONDAY)
        uow.suppressed.drop("a", at=MONDAY + timedelta(days=1))
        uow.suppressed.save(sight("b", problem="p2"), known_from=MONDAY + timedelta(days=1))
        uow.commit()
    then = open_database(url)
    with then.begin() as connection, today.connect() as source:
        sweeps = {row.id for row in connection.execute(select(SWEEPS.c.id))}
        for shape in (SWEEPS, STRETCHES, PATCHES, SUPPRESSED):
            had = [each for each in shape.c if each.name != "ground"]
            rows = [dict(row._mapping) for row in source.execute(select(*had))]
            new = [row for row in rows if shape is not SWEEPS or row["id"] not in sweeps]
            connection.execute(insert(table(shape.name, *map(plain, had))), new)

    migrate(url)

    with SqlUnitOfWork(then) as kept, SqlUnitOfWork(today) as made:
        last_head(kept.ledger.entries())
        for window in (between(-99, 0.5), between(-99, 999)):
            rows = lines_of(kept, window)
            assert rows == lines_of(made, window)
            assert held(kept, window, rows) == []
        assert [len(lines) for lines in rows.values()] == [2, 2]
    then.dispose()
    today.dispose()


def plain(one: Column[Any]) -> ColumnClause[Any]:
    return column(one.name, one.type)


def test_every_version_but_the_newest_is_kept_to_be_upgraded_from() -> None:
    """Else run `python -m tests.dispatch.released_schemas` and commit what it writes."""
    assert set(revisions()[:-1]) <= set(RELEASED)


def test_killed_in_the_middle_of_an_upgrade_a_centre_is_as_before_and_upgrades_again(
    lay: Lay,
) -> None:
    url = lay(OLDEST)

    ended = subprocess.run([sys.executable, "-c", KILLED, url], env=dict(os.environ), check=False)

    assert ended.returncode == -signal.SIGKILL
    engine = open_database(url)
    with engine.connect() as connection, pytest.raises(OldDatabase, match=OLDEST):
        check_current(connection)
    engine.dispose()
    migrate(url)
    engine = open_database(url)
    assert_whole(engine)
    engine.dispose()
