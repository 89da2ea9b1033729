"""All rows of the centre as lines of JSON, and back: the same from and to either database.

What is read is of one moment, while others go on writing; what is loaded is loaded whole or not
at all. No right beyond those of the centre's own account is needed.
"""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    Table,
    bindparam,
    func,
    insert,
    inspect,
    select,
    update,
)

from dispatch.errors import DispatchError
from dispatch.store.engine import at_one_moment, database
from dispatch.store.migrate import config_for, migrate
from dispatch.store.moments import Micros, Moment
from dispatch.store.schema import METADATA

_AT_ONCE: Final = 500
Row = dict[str, object]


class NotEmpty(DispatchError):
    """The database to load into holds something."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"目标数据库的表 {table} 已有数据，只能恢复到空库；请换一个空的数据库",
            f"the table {table} of the database holds rows: restore into an empty database",
        )
        self.table = table


class OtherVersion(DispatchError):
    """The rows are of tables of another version."""

    def __init__(self, theirs: str, ours: str) -> None:
        super().__init__(
            f"备份的数据库版本为 {theirs}，本软件为 {ours}；请用备份时的软件版本恢复，再升级",
            f"the backup is of database version {theirs}, this software's is {ours}: restore it "
            "with the software that wrote it, then upgrade",
        )
        self.theirs, self.ours = theirs, ours


@dataclass(frozen=True, slots=True)
class Dump:
    """Everything as it was at one moment, as long as it is open."""

    connection: Connection
    revision: str

    def tables(self) -> Sequence[str]:
        """Name the tables, referred ones first."""
        return [table.name for table in METADATA.sorted_tables]

    def lines(self, name: str) -> Iterator[bytes]:
        """Give the rows of a table, a line each, by key."""
        table = METADATA.tables[name]
        wanted = select(table).order_by(*table.primary_key)
        streamed = self.connection.execution_options(stream_results=True, yield_per=_AT_ONCE)
        for row in streamed.execute(wanted):
            written = {column.name: _written(row._mapping[column]) for column in table.columns}
            yield json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


@contextmanager
def open_dump(engine: Engine) -> Iterator[Dump]:
    """Open everything as it is at one moment; writers are not held up."""
    with at_one_moment(engine).execution_options(reads_only=True).connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        yield Dump(connection, revision or "")


def load(url: str, revision: str, lines: Callable[[str], Iterator[bytes]]) -> None:
    """Make the tables and load all rows, in one transaction.

    Args:
        revision: version of the tables that the rows are of.
        lines: gives the rows of a table as `Dump.lines` did.

    Raises:
        OtherVersion: this software's tables are others.
        NotEmpty: the database holds rows.
    """
    with database(url) as engine:
        with engine.connect() as connection:
            scripts = ScriptDirectory.from_config(config_for(connection))
            ours = scripts.get_current_head() or ""
            if revision != ours:
                raise OtherVersion(revision, ours)
            _refuse_rows(connection)
        migrate(url)
        with engine.begin() as connection:
            for table in METADATA.sorted_tables:
                _load_table(connection, table, lines(table.name))
                _count_on(connection, table)


def _refuse_rows(connection: Connection) -> None:
    there = set(inspect(connection).get_table_names())
    for table in METADATA.sorted_tables:
        first = select(*table.primary_key).limit(1)
        if table.name in there and connection.execute(first).first() is not None:
            raise NotEmpty(table.name)


def _load_table(connection: Connection, table: Table, lines: Iterator[bytes]) -> None:
    # A row may refer to one that comes later in its own table: such columns are filled in after.
    late = [c for c in table.columns if any(f.column.table is table for f in c.foreign_keys)]
    waiting: list[Row] = []
    while rows := [_read(table, line) for line in islice(lines, _AT_ONCE)]:
        waiting += [dict(row) for row in rows if any(row[c.name] is not None for c in late)]
        for row in rows:
            row.update({column.name: None for column in late})
        connection.execute(insert(table), rows)
    for row in waiting:
        _fill_in(connection, table, late, row)


def _count_on(connection: Connection, table: Table) -> None:
    """Have PostgreSQL's counter go on after the loaded rows; SQLite's does so anyway."""
    counted = table.autoincrement_column
    if counted is None or connection.dialect.name != "postgresql":
        return
    counter = func.pg_get_serial_sequence(table.name, counted.name)
    connection.execute(select(func.setval(counter, func.max(counted) + 1, False)))


def _fill_in(connection: Connection, table: Table, late: list[Column[object]], row: Row) -> None:
    this = [column == bindparam(f"k_{column.name}") for column in table.primary_key]
    keys = {f"k_{column.name}": row[column.name] for column in table.primary_key}
    filled = {column.name: row[column.name] for column in late}
    connection.execute(update(table).where(*this).values(filled), keys)


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _read(table: Table, line: bytes) -> Row:
    row: Row = json.loads(line)
    for column in table.columns:
        value = row[column.name]
        if isinstance(value, str) and isinstance(column.type, Moment | Micros):
            row[column.name] = datetime.fromisoformat(value)
        elif isinstance(value, str) and isinstance(column.type, LargeBinary):
            row[column.name] = base64.b64decode(value)
    return row
