"""Who may see a row: the one place where an area, or what is asked for, narrows a statement."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from dispatch.case.number import NumberPart
from dispatch.ids import CaseId
from dispatch.ports.unit_of_work import CaseFilter
from dispatch.store.listed import counted
from dispatch.store.tables import CASES, STEPS

Wanted = TypeVar("Wanted", bound=Select[Any])


def within(wanted: Wanted, grid: ColumnElement[str], area: str) -> Wanted:
    """Narrow a statement to the grids of an area.

    What lies outside every grid is seen only by those who see the whole city.

    Args:
        area: leading digits of the grid id; empty means the whole city.
    """
    if not area:
        return wanted
    return wanted.where(*_begins(grid, area))


def narrowed(statement: Wanted, wanted: CaseFilter) -> Wanted:
    """Narrow a statement to the cases that are asked for.

    A number tells more than all else that is asked of a case, which then only leaves out.
    """
    aside = _aside if wanted.numbered is not None else _as_it_is
    statement = within(statement, aside(CASES.c.grid), wanted.area)
    if wanted.statuses is not None:
        statement = statement.where(aside(CASES.c.status).in_(sorted(wanted.statuses)))
    if wanted.department is not None:
        statement = statement.where(aside(CASES.c.department) == wanted.department)
    if wanted.label is not None:
        statement = statement.where(aside(CASES.c.label) == wanted.label)
    if wanted.cells is not None:
        statement = statement.where(counted(CASES.c.cell, wanted.cells))
    if wanted.overdue is not None:
        # What has ended has no limit that runs; said, so that the index of what is open is read.
        statement = statement.where(CASES.c.ended_at.is_(None), CASES.c.overdue_at < wanted.overdue)
    if wanted.reporter is not None:
        first = select(STEPS.c.case).where(STEPS.c.number == 1, STEPS.c.by == wanted.reporter)
        statement = statement.where(CASES.c.id.in_(first))
    if wanted.numbered is not None:
        statement = statement.where(_numbered(wanted.numbered, wanted.as_numbered))
    return statement


def open_by_due(wanted: CaseFilter) -> Select[Any]:
    """Give the ids of the open cases that are asked for, to be put in the order of deadlines.

    Of department, class and area an index in that order is read, and what it holds is left out as
    it comes, and none that would have to be sorted.
    """
    found = select(CASES.c.id).where(CASES.c.ended_at.is_(None))
    found = within(found, _aside(CASES.c.grid), wanted.area)
    if wanted.department is not None:
        found = found.where(_aside(CASES.c.department) == wanted.department)
    if wanted.label is not None:
        found = found.where(_aside(CASES.c.label) == wanted.label)
    return narrowed(found, replace(wanted, area="", department=None, label=None))


def _aside(column: ColumnElement[str]) -> ColumnElement[str]:
    """Give a column so that no index is chosen by it; one that holds it is read all the same."""
    return func.coalesce(column, "")


def _as_it_is(column: ColumnElement[str]) -> ColumnElement[str]:
    return column


def _numbered(part: NumberPart, too: Collection[CaseId]) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = []
    if part.day is not None:
        found += [CASES.c.reported_at >= part.day, CASES.c.reported_at < part.until]
    if part.end:
        found += _begins(CASES.c.number_end, part.end)
    return or_(and_(*found), CASES.c.id.in_(sorted(too))) if too else and_(*found)


def _begins(column: ColumnElement[str], text: str) -> list[ColumnElement[bool]]:
    # A range, not LIKE: it uses the index on both databases.
    return [column >= text, column < text[:-1] + chr(ord(text[-1]) + 1)]
