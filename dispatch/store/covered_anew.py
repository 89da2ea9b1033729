"""Add covered ground up from the patches as they are known: after an upgrade, or where in doubt.

A day on which a patch has no cells any more is left as it is: its ground was erased, and what was
added up is all that is known of it.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from sqlalchemy import Connection, delete, select

from dispatch.store.covered_rows import (
    DAY,
    MONTH,
    Key,
    Sum,
    is_row,
    nothing,
    row_of,
    told_of,
    total,
    values_of,
)
from dispatch.store.moments import FOREVER
from dispatch.store.rows import Rows
from dispatch.store.tables_of_patrols import COVERED, PATCHES

_C: Final = COVERED.c
_P: Final = PATCHES.c


def add_up_anew(rows: Rows, *, write: bool) -> tuple[str, ...]:
    """Add all up, and give the days and grids of which something else was kept.

    Args:
        write: False only compares.
    """
    differed: list[str] = []
    days = [row.day for row in rows.all(select(_P.day).distinct().order_by(_P.day))]
    for month, some in groupby(days, key=lambda day: day[:7]):
        sums = _rows_of(rows, DAY, f"{month}-01", f"{month}-31")
        for day in some:
            differed += _day_anew(rows, day, sums, write=write)
        differed += _month_anew(rows, month, sums, write=write)
    return tuple(dict.fromkeys(differed))


def fill_covered(connection: Connection) -> None:
    """Add up the ground of a database that has patches and nothing added up yet."""
    rows = Rows(connection)
    if rows.first(select(_P.sweep).limit(1)) and not rows.first(select(_C.area).limit(1)):
        add_up_anew(rows, write=True)
        rows.flush()


def _of_day(rows: Rows, day: str) -> Iterator[tuple[Key, Sum]]:
    patches = rows.each(select(PATCHES).where(_P.day == day).order_by(_P.area, _P.labels))
    for _, alike in groupby(patches, key=lambda row: (row.area, row.labels)):
        some = list(alike)
        if not all(row.cells for row in some):
            continue
        sums = []
        for row in some:
            key, found = told_of(row)
            gone = row.known_to != FOREVER
            sums.append(nothing(key, at=row.at, changed_at=row.known_to) if gone else found)
        yield key, total(sums, key)


def _rows_of(rows: Rows, span: str, first: str, last: str) -> dict[Key, Sum]:
    wanted = select(COVERED).where(
        _C.span == span, _C.begins.between(first, last), _C.known_to == FOREVER
    )
    return dict(map(row_of, rows.each(wanted)))


def _day_anew(rows: Rows, day: str, sums: dict[Key, Sum], *, write: bool) -> Iterator[str]:
    """Compare the rows of a day with its patches, and put them right among those of the month."""
    for key, told in _of_day(rows, day):
        kept = sums.get(key)
        if kept is None or _differ(kept, told):
            yield f"{day} {key.area}"
            # Of what was kept only the moments stay, which may be wider than they are.
            sums[key] = total([kept.emptied(key), told], key) if kept else told
            if write:
                _put(rows, key, sums[key])


def _month_anew(rows: Rows, month: str, days: dict[Key, Sum], *, write: bool) -> Iterator[str]:
    """Compare the rows of a month with those of its days."""
    kept = _rows_of(rows, MONTH, f"{month}-01", f"{month}-01")
    of_month: dict[Key, list[Sum]] = {}
    for key, found in days.items():
        of_month.setdefault(key.of_month, []).append(found)
    for key, sums in sorted(of_month.items(), key=lambda one: one[0]):
        told = total(sums, key)
        if key not in kept or _differ(kept[key], told):
            yield f"{month} {key.area}"
            if write:
                _put(rows, key, told)


def _put(rows: Rows, key: Key, told: Sum) -> None:
    """Keep a row; what it was before is asked of the patches then."""
    rows.change(delete(COVERED).where(*is_row(key), _C.known_to < FOREVER))
    rows.put(COVERED, values_of(key, told))


def _differ(kept: Sum, told: Sum) -> bool:
    """Say whether a row is not what its patches say; moments may be wider than they are."""
    narrow = (
        told.first_at < kept.first_at
        or told.last_at > kept.last_at
        or told.changed_at > kept.changed_at
    )
    return narrow or not kept.ground.is_same_ground(told.ground)
