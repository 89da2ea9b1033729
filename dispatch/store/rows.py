"""Rows on their way: read in the order of the program, written in batches."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Delete,
    Executable,
    Result,
    Row,
    Select,
    Table,
    Update,
    bindparam,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from dispatch.store.given import asked_with, given
from dispatch.store.schema import METADATA

# What a driver gives back has no type that could be stated, hence Any.
Values = Mapping[str, object]
Key = tuple[object, ...]
_SOME: Final = 2_000
_ORDER: Final = tuple(METADATA.sorted_tables)


class Rows:
    """One transaction's reads and writes.

    Writes of whole rows wait until something is read or the transaction ends, and then go as one
    statement per table: a round trip for a batch, not for a row. Whoever reads sees them.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name
        self._waiting: dict[Table, dict[Key, Values]] = {}

    def put(self, table: Table, values: Values) -> None:
        """Write a row, new or in place of the one with the same key.

        Args:
            values: a value for every column.
        """
        key = tuple(values[column.name] for column in table.primary_key)
        self._waiting.setdefault(table, {})[key] = values

    def add_up(self, table: Table, values: Values) -> None:
        """Write a row, or add the numbers outside the key to those of the row that is there."""
        self.flush()
        adding = _insert_into(table, self._dialect)
        keys = [column.name for column in table.primary_key]
        sums = {c.name: c + adding.excluded[c.name] for c in table.columns if c.name not in keys}
        self._send(adding.on_conflict_do_update(index_elements=keys, set_=sums), table, [values])

    def add_new(self, table: Table, rows: Sequence[Values]) -> set[Key]:
        """Write rows at once unless their keys are there already; give the keys of those new."""
        if not rows:
            return set()
        self.flush()
        return {tuple(row) for row in self._send(_new_in(table, self._dialect), table, rows)}

    def write(self, returning: ReturningInsert[Any], values: Values) -> int:
        """Write a row at once and give the number that the database gave it."""
        self.flush()
        return int(self._connection.execute(returning, values).one()[0])

    def alter(self, table: Table, rows: Sequence[Values]) -> None:
        """Change some columns of rows at once.

        Args:
            rows: the key, which no other has, and the same columns of each.
        """
        if rows:
            self.flush()
            keys = {column.name for column in table.primary_key}
            others = tuple(sorted(rows[0].keys() - keys))
            if self._dialect == "sqlite":
                rows = [{f"new_{name}": value for name, value in row.items()} for row in rows]
            self._send(_update_of(table, others, self._dialect), table, rows)

    def append(self, table: Table, rows: Sequence[Values]) -> None:
        """Write rows at once that are certainly new."""
        self.flush()
        self._send(_insert_into(table, self._dialect), table, rows)

    def all(
        self, wanted: Select[Any] | CompoundSelect[Any], values: Values | None = None
    ) -> Sequence[Row[Any]]:
        """Read rows.

        Args:
            values: for the parameters of a statement that is made once.
        """
        self.flush()
        return self._connection.execute(wanted, values).all()

    def each(self, wanted: Select[Any]) -> Iterator[Row[Any]]:
        """Read many rows, some at a time: nothing is kept of those before."""
        self.flush()
        for some in self._connection.execute(wanted).partitions(_SOME):
            yield from some

    def first(self, wanted: Select[Any]) -> Row[Any] | None:
        """Read the first row, if there is any."""
        self.flush()
        return self._connection.execute(wanted).first()

    def change(self, statement: Update | Delete, values: Values | None = None) -> int:
        """Change rows at once and give their number.

        Args:
            values: for the parameters of a statement that is made once.
        """
        self.flush()
        return self._connection.execute(statement, values).rowcount

    def flush(self) -> None:
        """Send what waits, referred tables first."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, {}
        for table in _ORDER:
            if table in waiting:
                rows = list(waiting[table].values())
                self._send(_upsert_into(table, self._dialect), table, rows)

    def forget(self) -> None:
        """Drop what waits."""
        self._waiting.clear()

    def _send(self, statement: Executable, table: Table, rows: Sequence[Values]) -> Result[Any]:
        """Have rows of a table written: on SQLite one by one, which costs no way there."""
        if self._dialect != "sqlite":
            return self._connection.execute(statement, asked_with(table, rows))
        # A single row as such: of several that it shall give back, each value is named anew.
        return self._connection.execute(statement, rows[0] if len(rows) == 1 else rows)


@lru_cache(maxsize=128)
def _insert_into(table: Table, dialect: str) -> sqlite.Insert | postgresql.Insert:
    if dialect == "sqlite":
        return sqlite.insert(table)
    names = table.columns.keys()
    return postgresql.insert(table).from_select(names, select(given(table, names)))


@lru_cache(maxsize=128)
def _upsert_into(table: Table, dialect: str) -> sqlite.Insert | postgresql.Insert:
    writing = _insert_into(table, dialect)
    keys = [column.name for column in table.primary_key]
    others = {c.name: writing.excluded[c.name] for c in table.columns if c.name not in keys}
    if others:
        return writing.on_conflict_do_update(index_elements=keys, set_=others)
    return writing.on_conflict_do_nothing()


@lru_cache(maxsize=128)
def _new_in(table: Table, dialect: str) -> ReturningInsert[Any]:
    return _insert_into(table, dialect).on_conflict_do_nothing().returning(*table.primary_key)


@lru_cache(maxsize=128)
def _update_of(table: Table, columns: tuple[str, ...], dialect: str) -> Update:
    keys = [column.name for column in table.primary_key]
    new: dict[str, ColumnElement[Any]]
    if dialect == "sqlite":
        types = {name: table.c[name].type for name in (*keys, *columns)}
        new = {name: bindparam(f"new_{name}", type_=type_) for name, type_ in types.items()}
    else:
        new = dict(given(table, (*keys, *columns)).c.items())
    same = [table.c[name] == new[name] for name in keys]
    return update(table).where(*same).values({name: new[name] for name in columns})
