"""Rows handed to a statement of PostgreSQL as one parameter, however many there are.

Its driver takes as long over each row that it sends by itself as the server over writing it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from pydantic_core import to_json
from sqlalchemy import JSON, LargeBinary, String, Table, bindparam, cast, column, func
from sqlalchemy.sql.selectable import TableValuedAlias

from dispatch.clocks.micros import micros
from dispatch.store.moments import Micros

_PARAMETER: Final = "given"
# JSON has no word for these; in all else it says what PostgreSQL reads.
_WORDED: Final[Mapping[type, Callable[[Any], object]]] = {
    Micros: micros,
    LargeBinary: lambda value: rf"\x{value.hex()}",
}


def given(table: Table, names: Iterable[str]) -> TableValuedAlias:
    """Give the rows with which a statement is asked, as a table of some of a table's columns."""
    columns = [column(name, table.c[name].type) for name in names]
    # Not `jsonb`: what a column of JSON is given stays the text that is sent.
    rows = func.json_to_recordset(cast(bindparam(_PARAMETER, type_=String), JSON))
    return rows.table_valued(*columns, name="given").render_derived(with_types=True)


def asked_with(table: Table, rows: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """Give the parameter of a statement that is asked with rows of a table."""
    worded = _worded(table)
    if worded:
        rows = [{name: _word(worded.get(name), row[name]) for name in row} for row in rows]
    return {_PARAMETER: to_json(rows).decode()}


@lru_cache(maxsize=128)
def _worded(table: Table) -> Mapping[str, Callable[[Any], object]]:
    of = {each.name: _WORDED.get(type(each.type)) for each in table.columns}
    return {name: word for name, word in of.items() if word is not None}


def _word(word: Callable[[Any], object] | None, value: object) -> object:
    return value if word is None or value is None else word(value)
