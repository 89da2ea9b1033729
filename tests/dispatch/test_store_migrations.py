"""A database is brought to the tables of this version, kept durable, and never taken back."""

import gc
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from pydantic import TypeAdapter
from sqlalchemy import Engine, create_engine, inspect, text

from dispatch.case.step import Decision
from dispatch.ground.place import Place
from dispatch.indicators.formula import HELD, Kind, Part, Test
from dispatch.ports.of_suppressed import SuppressedFilter
from dispatch.ports.unit_of_work import FactFilter
from dispatch.store.dump import OtherVersion, load
from dispatch.store.engine import DatabaseAway, NotDurable, UnknownDatabase, open_database
from dispatch.store.migrate import (
    DowngradeRefused,
    NewerDatabase,
    OldDatabase,
    check_current,
    config_for,
    migrate,
)
from dispatch.store.rows import Rows
from dispatch.store.schema import METADATA
from dispatch.store.sql import SqlUnitOfWork
from dispatch.store.sql_cases import SqlCases
from dispatch.store.sql_ledger import SqlLedger
from dispatch.store.tables import FACTS
from tests.dispatch import making
from tests.dispatch.chained import last_head
from tests.dispatch.evaluating import NOVEMBER, held

PLACE = TypeAdapter(Place)
HELD_ON = Part(kind=Kind.FIND, tests=(Test.UNDONE,), word=HELD)
BEFORE = json.dumps(
    {
        "finding": "f",
        "problem": "p0",
        "suppression": "S1",
        "label": "sanitation.garbage_pile",
        "name_zh": "暴露垃圾",
        "name_en": "Exposed rubbish",
        "reason_zh": "早市",
        "reason_en": "Market",
        "approval": "12号",
        "ends_on": "2026-11-30",
        "share": 0.97,
        "place": PLACE.dump_python(making.place(), mode="json"),
        "grid": "999901001001001",
        "seen_at": "2026-10-31T23:00:00Z",
        "rendered": False,
    }
)
"""A suppressed sight as it was kept before the centre said when it came."""
VALID = Part(kind=Kind.REPORT, tests=(Test.IN_PERIOD, Test.DONE, Test.STANDS))
SINCE_HEARD = ("overdue_at", "number_end", "severity", "latitude", "longitude", "look")
WORKED = ("worked_for", "worked_by", "worked_as", "worked_at")
"""What facts lacked then."""


def assert_like_the_code(engine: Engine) -> None:
    with engine.connect() as connection:
        check_current(connection)
        command.check(config_for(connection))


def test_a_migrated_sqlite_has_the_tables_that_the_code_writes(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)

    assert_like_the_code(engine)

    engine.dispose()


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_a_migrated_postgres_has_the_tables_that_the_code_writes(migrated_postgres: str) -> None:
    engine = open_database(migrated_postgres)

    assert_like_the_code(engine)

    engine.dispose()


def test_every_check_and_key_of_the_code_is_in_the_database(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)
    found = inspect(engine)

    for table in METADATA.sorted_tables:
        checks = {check["name"] for check in found.get_check_constraints(table.name)}
        stated = {
            str(each.name) for each in table.constraints if type(each).__name__ == "CheckConstraint"
        }
        assert checks == stated, table.name
    engine.dispose()


def test_migrating_a_second_time_changes_nothing(sqlite_url: str) -> None:
    migrate(sqlite_url)


def test_a_database_without_tables_is_not_worked_on(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'new.db'}")

    with engine.connect() as connection, pytest.raises(OldDatabase, match="xunhuan migrate"):
        check_current(connection)

    engine.dispose()


def test_a_database_of_a_later_version_is_refused(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '2099_01_01_later'"))
    engine.dispose()

    with pytest.raises(NewerDatabase, match="2099_01_01_later"):
        migrate(sqlite_url)


def test_going_back_is_refused_and_nothing_is_lost(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)

    with engine.begin() as connection, pytest.raises(DowngradeRefused, match="备份"):
        command.downgrade(config_for(connection), "base")

    assert_like_the_code(engine)
    engine.dispose()


def test_sqlite_syncs_every_commit_and_keeps_its_keys(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)

    with engine.connect() as connection:
        said = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("synchronous", "journal_mode", "foreign_keys", "busy_timeout")
        }

    assert said == {
        "synchronous": 2,
        "journal_mode": "wal",
        "foreign_keys": 1,
        "busy_timeout": 15000,
    }
    engine.dispose()


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_a_postgres_that_forgets_commits_is_refused(postgres_url: str) -> None:
    forgetful = f"{postgres_url}?options=-csynchronous_commit%3Doff"

    with pytest.raises(NotDurable, match="synchronous_commit"):
        open_database(forgetful)


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_a_database_that_is_refused_is_let_go_of(migrated_postgres: str) -> None:
    with pytest.raises(OtherVersion):
        load(migrated_postgres, "2000_01_01_other", lambda _name: iter(()))

    # A connection that was left open says so here, and not in whichever test comes later.
    gc.collect()


def test_a_database_of_another_kind_or_none_is_refused_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(UnknownDatabase, match="mysql"):
        open_database("mysql://root@localhost/city")
    with pytest.raises(DatabaseAway, match="无法连接"):
        open_database(f"sqlite:///{tmp_path / 'no folder' / 'centre.db'}")


def test_a_reader_is_not_held_up_by_a_writer(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)

    with engine.connect() as writer, engine.connect() as reader:
        writer.execute(text("INSERT INTO evidence VALUES ('a', '2026-01-01')"))
        seen = reader.execution_options(reads_only=True).execute(
            text("SELECT count(*) FROM evidence")
        )
        assert seen.scalar_one() == 0

    engine.dispose()


def test_a_folder_name_with_a_percent_sign_is_no_hindrance(tmp_path: Path) -> None:
    folder = tmp_path / "100%"
    folder.mkdir()

    migrate(f"sqlite:///{folder / 'centre.db'}")

    engine = create_engine(f"sqlite:///{folder / 'centre.db'}")
    assert set(METADATA.tables) <= set(inspect(engine).get_table_names())
    engine.dispose()


def test_what_an_older_centre_holds_enters_the_ledger_in_its_order_and_is_told_as_facts(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'older.db'}"
    engine = open_database(url)
    case = making.case()
    case.confirm(Decision(by=making.SUPERVISOR, at=making.NOON + making.minutes(1)))
    with engine.begin() as connection:
        command.upgrade(config_for(connection), "2026_11_21_heard")
        FACTS.create(connection)
        for column in SINCE_HEARD:
            connection.execute(text(f"ALTER TABLE cases ADD COLUMN {column} TEXT"))
        rows = Rows(connection)
        SqlCases(rows, SqlLedger(rows)).add(case)
        rows.flush()
        FACTS.drop(connection)
        for column in SINCE_HEARD:
            connection.execute(text(f"ALTER TABLE cases DROP COLUMN {column}"))
    engine.dispose()

    migrate(url)

    engine = open_database(url)
    with SqlUnitOfWork(engine) as uow:
        entries = list(uow.ledger.entries())
        valid = uow.facts.cases(VALID, NOVEMBER.known_at(NOVEMBER.end), FactFilter())
    engine.dispose()
    assert valid == [case.id]
    assert [each.seal for each in entries] == [step.seal for step in case.history]
    last_head(entries)


def test_what_was_held_back_before_it_was_counted_is_counted_after_an_upgrade(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'older.db'}"
    engine = open_database(url)
    case = held()
    with engine.begin() as connection:
        command.upgrade(config_for(connection), "2026_11_21_merged")
        connection.execute(text("ALTER TABLE cases ADD COLUMN look TEXT"))
        for column in WORKED:
            connection.execute(text(f"ALTER TABLE facts ADD COLUMN {column} TEXT"))
        rows = Rows(connection)
        SqlCases(rows, SqlLedger(rows)).add(case)
        rows.flush()
        for column in WORKED:
            connection.execute(text(f"ALTER TABLE facts DROP COLUMN {column}"))
        connection.execute(text("ALTER TABLE cases DROP COLUMN look"))
        connection.execute(text("DELETE FROM facts WHERE kind = 'find'"))
    engine.dispose()

    migrate(url)

    engine = open_database(url)
    with SqlUnitOfWork(engine) as uow:
        counted = uow.facts.cases(HELD_ON, NOVEMBER.known_at(NOVEMBER.end), FactFilter())
    engine.dispose()
    assert counted == [case.id]


def test_what_was_suppressed_before_is_counted_after_an_upgrade_for_when_it_came(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'older.db'}"
    engine = open_database(url)
    seen = making.finding()
    with engine.begin() as connection:
        command.upgrade(config_for(connection), "2026_11_21_held_back")
        connection.execute(
            text(
                "INSERT INTO observations (id, revision, device, pass_id, captured_at, "
                "received_at, label, settled, finding, condensed) VALUES (:id, 0, 'v', 'p', "
                "'2026-10-31 23:00:00', '2026-11-02 08:00:00', 'l', 0, :finding, 0)"
            ),
            {"id": seen.id, "finding": seen.model_dump_json()},
        )
        connection.execute(
            text(
                "INSERT INTO suppressed VALUES (:id, 'p1', 'S1', '999901001001001', "
                "'2026-10-31 23:00:00', :body)"
            ),
            {"id": seen.id, "body": BEFORE.replace('"f"', f'"{seen.id}"')},
        )
    engine.dispose()

    migrate(url)

    engine = open_database(url)
    window = NOVEMBER.known_at(NOVEMBER.end)
    with SqlUnitOfWork(engine) as uow:
        (one,) = uow.suppressed.find(SuppressedFilter(window=window), limit=None)
    engine.dispose()
    assert (one.finding, one.problem, one.grid) == (seen.id, "p1", "999901001001001")
    assert one.at == datetime(2026, 11, 2, 8, tzinfo=UTC)
    assert (one.device, one.model) == (seen.device, f"{seen.model.name} {seen.model.version}")
