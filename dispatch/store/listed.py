"""Texts or numbers handed to a statement as one parameter, however many there are.

A parameter each costs more to render than the look-up itself takes; so such a statement is made
once and asked with `texts` or `numbers`.
"""

import json
from collections.abc import Collection
from typing import Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    String,
    bindparam,
    cast,
    literal_column,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_PARAMETER: Final = "listed"
_NUMBERS: Final = "numbers"


class _EachText(FunctionElement[str]):
    """The texts of a JSON array as rows, in a column `value`."""

    name = "each_text"
    inherit_cache = True


@compiles(_EachText, "sqlite")
def _in_sqlite(element: _EachText, compiler: SQLCompiler, **told: object) -> str:
    return f"json_each({compiler.process(element.clauses, **told)})"


@compiles(_EachText, "postgresql")
def _in_postgres(element: _EachText, compiler: SQLCompiler, **told: object) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **told)} AS JSON))"


def listed(column: ColumnElement[str]) -> ColumnElement[bool]:
    """Say that a column holds one of the `texts` that the statement is asked with."""
    each = _EachText(bindparam(_PARAMETER, type_=String))
    return column.in_(select(literal_column("value", String)).select_from(each))


def counted(
    column: ColumnElement[int], values: Collection[int] | None = None
) -> ColumnElement[bool]:
    """Say that a column holds one of the `numbers` that the statement is asked with.

    Args:
        values: these, where they are known as the statement is made.
    """
    given = bindparam(_NUMBERS, type_=String)
    if values is not None:
        given = bindparam(None, json.dumps(sorted(values)), type_=String)
    each = _EachText(given)
    value = cast(literal_column("value"), BigInteger)
    return column.in_(select(value).select_from(each))


def numbers(values: Collection[int]) -> dict[str, str]:
    """Give the parameter of a statement that looks for listed numbers."""
    return {_NUMBERS: json.dumps(sorted(values))}


def texts(values: Collection[str]) -> dict[str, str]:
    """Give the parameter of a statement that looks for listed texts."""
    return {_PARAMETER: json.dumps(sorted(values))}
