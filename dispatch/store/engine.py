"""The way to the database: SQLite or PostgreSQL, never without durable commits."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from pydantic_core import from_json
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from dispatch.errors import DispatchError

BUSY_TIMEOUT_S: Final = 15.0
_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    # NORMAL loses acknowledged commits at a power failure, whatever the journal.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={int(BUSY_TIMEOUT_S * 1000)}",
    "PRAGMA cache_size=-65536",
    "PRAGMA temp_store=MEMORY",
)


class UnknownDatabase(DispatchError):
    """The address names neither SQLite nor PostgreSQL."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"不支持的数据库类型“{kind}”，请使用 sqlite:///文件 或 postgresql+psycopg://…",
            f"no support for '{kind}': use sqlite:///FILE or postgresql+psycopg://...",
        )
        self.kind = kind


class DatabaseAway(DispatchError):
    """The database does not answer."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"数据库无法连接：{url}。请检查服务是否启动、地址和口令是否正确",
            f"the database does not answer: {url}. Check that it runs, its address and password",
        )
        self.url = url


class NotDurable(DispatchError):
    """The database would lose acknowledged commits at a power failure."""

    def __init__(self, setting: str) -> None:
        super().__init__(
            f"数据库设置 {setting} 会在断电时丢失已确认的数据，请恢复为安全设置后再启动",
            f"the database runs with {setting} and would lose what it acknowledged when power "
            "fails: set it back before starting",
        )
        self.setting = setting


def open_database(url: str) -> Engine:
    """Open a database so that what it commits outlives a power failure.

    Raises:
        UnknownDatabase: the address names another kind of database.
        DatabaseAway: it does not answer.
        NotDurable: its settings give acknowledged commits away.
    """
    parsed = make_url(url)
    kind = parsed.get_backend_name()
    if kind not in _OPENERS:
        raise UnknownDatabase(kind)
    engine = _OPENERS[kind](url)
    try:
        with engine.connect() as connection:
            _refuse_forgetful(connection)
    except NotDurable:
        engine.dispose()
        raise
    except OperationalError as error:
        engine.dispose()
        raise DatabaseAway(parsed.render_as_string(hide_password=True)) from error
    return engine


@contextmanager
def database(url: str) -> Iterator[Engine]:
    """Open a database for a while; it is let go of whatever comes.

    Raises:
        UnknownDatabase, DatabaseAway, NotDurable: as `open_database`.
    """
    engine = open_database(url)
    try:
        yield engine
    finally:
        engine.dispose()


def at_one_moment(engine: Engine) -> Engine:
    """Give an engine whose transactions read everything as it is at one moment, while others write.

    SQLite's readers do so anyway.
    """
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ")


def _open_sqlite(url: str) -> Engine:
    engine = create_engine(
        url, connect_args={"timeout": BUSY_TIMEOUT_S}, json_deserializer=from_json
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_postgres(url: str) -> Engine:
    return create_engine(
        url,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10},
        json_deserializer=from_json,
    )


_OPENERS: Final[dict[str, Callable[[str], Engine]]] = {
    "sqlite": _open_sqlite,
    "postgresql": _open_postgres,
}


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)
    # We say BEGIN ourselves: the driver's own way neither covers DDL nor begins as a writer.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer midway is refused at once where somebody wrote since; so a writer
    # says so first.
    reads = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _refuse_forgetful(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        if connection.execute(text("PRAGMA synchronous")).scalar_one() < 2:
            raise NotDurable("synchronous<FULL")
        return
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        if connection.execute(text(f"SHOW {setting}")).scalar_one() == "off":
            raise NotDurable(f"{setting}=off")
