"""A SQLite file that keeps what was committed, whatever happens to the power.

Measured over simulated power cuts, WAL with synchronous=FULL loses no committed row, while
synchronous=NORMAL loses some in most cuts; so anything less than FULL is refused.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol

from edge.disk import DiskFull, sqlite_trouble
from edge.errors import EdgeError

BUSY_TIMEOUT_S: Final = 30.0
NO_ADDITIONS: Final[Mapping[int, Sequence[str]]] = MappingProxyType({})

SqlValue = str | int | float | bytes | None
Row = tuple[SqlValue, ...]


class Cursor(Protocol):
    """The rows of one statement."""

    def fetchone(self) -> Row | None:
        """Give the next row."""

    def fetchall(self) -> list[Row]:
        """Give all rows that are left."""


class Connection(Protocol):
    """What is needed of SQLite; a test may put a file system below it that loses power."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open: some faults of the disk end it by themselves."""

    def execute(self, sql: str, parameters: Sequence[SqlValue] = ..., /) -> Cursor:
        """Run one statement.

        Raises:
            DiskTrouble: the disk does not take or give what is asked.
        """

    def close(self) -> None:
        """Let go of the file."""


class Rows:
    """The rows of one statement, all read."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows, self._next = rows, 0

    def fetchone(self) -> Row | None:
        """Give the next row."""
        if self._next == len(self._rows):
            return None
        self._next += 1
        return self._rows[self._next - 1]

    def fetchall(self) -> list[Row]:
        """Give all rows that are left."""
        left = self._rows[self._next :]
        self._next = len(self._rows)
        return left


class FileConnection:
    """Python's SQLite on a file; transactions are begun by hand, the disk's faults are named."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._inner = sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT_S)
        except sqlite3.Error as error:
            raise _named(error, path) from error

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._inner.in_transaction

    def execute(self, sql: str, parameters: Sequence[SqlValue] = (), /) -> Rows:
        """Run one statement and read all its rows.

        Raises:
            DiskTrouble: the disk does not take or give what is asked.
        """
        try:
            return Rows(self._inner.execute(sql, parameters).fetchall())
        except sqlite3.Error as error:
            raise _named(error, self._path) from error

    def close(self) -> None:
        """Let go of the file."""
        self._inner.close()


def _named(error: sqlite3.Error, path: Path) -> Exception:
    return sqlite_trouble(getattr(error, "sqlite_errorcode", None), path) or error


Connect = Callable[[Path], Connection]


class UnsafeOutbox(EdgeError):
    """The outbox's database does not promise what the outbox needs."""

    def __init__(self, path: Path, zh: str, en: str) -> None:
        super().__init__(f"发件箱 {path} 不可靠：{zh}", f"outbox {path} is not safe: {en}")
        self.path = path


def connect_file(path: Path) -> Connection:
    """Open a file with Python's SQLite."""
    return FileConnection(path)


def open_durable(
    path: Path,
    *,
    schema: Sequence[str],
    version: int,
    connect: Connect,
    additions: Mapping[int, Sequence[str]] = NO_ADDITIONS,
) -> Connection:
    """Open a database, making it where there is none.

    Args:
        schema: the statements that make it, as it was in the first version.
        version: of the whole.
        additions: by version, the statements that were added with it; older files get them.

    Raises:
        UnsafeOutbox: no WAL, no synchronous=FULL, or the file is of another version.
    """
    connection = connect(path)
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    connection.execute("PRAGMA synchronous = FULL")
    synchronous = connection.execute("PRAGMA synchronous").fetchone()
    if mode != ("wal",):
        raise UnsafeOutbox(path, f"日志模式是 {mode}", f"its journal mode is {mode}")
    if synchronous != (2,):
        raise UnsafeOutbox(path, f"synchronous 是 {synchronous}", f"synchronous is {synchronous}")
    _sync_what_was_left(connection)
    steps = {1: schema, **additions}
    _make_schema(connection, path, steps=steps, version=version)
    return connection


def _sync_what_was_left(connection: Connection) -> None:
    """Make durable what a killed process had written but not synced.

    SQLite shows such rows after a kill, and would not sync them before its next write: a message
    would count as recorded, and a power cut could take it. A checkpoint syncs the log first, then
    the database; only the second can lack room.
    """
    with suppress(DiskFull):
        row = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if row is not None and row[0] != 0:
            # Somebody else is at it: a write of our own syncs the log as well.
            with transaction(connection):
                connection.execute(f"PRAGMA user_version = {_version(connection)!r}")


def _version(connection: Connection) -> SqlValue:
    return (connection.execute("PRAGMA user_version").fetchone() or (0,))[0]


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Do all of a block or nothing; it is durable when the block is left."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _make_schema(
    connection: Connection, path: Path, *, steps: Mapping[int, Sequence[str]], version: int
) -> None:
    with transaction(connection):
        found = _version(connection)
        if not isinstance(found, int) or not 0 <= found <= version:
            raise UnsafeOutbox(
                path,
                f"版本是 {found!r}，本程序认得 {version}，请升级 xunhuan-edge",
                f"its version is {found!r}, this program knows {version}, upgrade xunhuan-edge",
            )
        for step in range(found + 1, version + 1):
            for statement in steps[step]:
                connection.execute(statement)
        if found != version:
            connection.execute(f"PRAGMA user_version = {version}")
