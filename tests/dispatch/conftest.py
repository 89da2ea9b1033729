"""The three stores under one name, so that what is promised of one is proved of all."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from dispatch.city.profile import Profile
from dispatch.city_files.profile_folder import PROFILES, load_profile
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.store.engine import open_database
from dispatch.store.migrate import migrate
from dispatch.store.schema import METADATA
from tests.dispatch.stores import STORES, begun

Begin = Callable[[], UnitOfWork]


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with its tables, to be copied."""
    file = tmp_path_factory.mktemp("store") / "empty.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """The address of an empty SQLite database of the test's own."""
    file = tmp_path / "centre.db"
    shutil.copy(migrated_sqlite, file)
    return f"sqlite:///{file}"


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> Iterator[str]:
    """The address of a PostgreSQL schema of our own, with its tables; dropped at the end."""
    schema = f"xunhuan_{uuid4().hex[:12]}"
    admin = create_engine(postgres_url)
    with admin.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = make_url(postgres_url).update_query_dict({"options": f"-csearch_path={schema}"})
    address = url.render_as_string(hide_password=False)
    migrate(address)
    yield address
    with admin.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()


@pytest.fixture
def emptied_postgres(migrated_postgres: str) -> str:
    """The address of a PostgreSQL schema whose tables are empty."""
    engine = open_database(migrated_postgres)
    # In one breath: a word to the server for each table takes longer than emptying them all.
    emptied = "; ".join(f"DELETE FROM {table.name}" for table in reversed(METADATA.sorted_tables))
    with engine.begin() as connection:
        connection.exec_driver_sql(emptied)
    engine.dispose()
    return migrated_postgres


@pytest.fixture(params=STORES)
def begin(request: pytest.FixtureRequest) -> Iterator[Begin]:
    """What begins a transaction on an empty store of each kind."""
    with begun(request.param, request) as what_begins:
        yield what_begins


@pytest.fixture(scope="session")
def profile() -> Profile:
    """The demonstration city."""
    return load_profile(PROFILES / "demo")
