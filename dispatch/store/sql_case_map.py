"""The cases by where they lie, in SQL: answered from indexes alone, whatever else a case holds."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, func, literal_column, select

from dispatch.case.map_view import CaseGroup, MapView, group_shift
from dispatch.ids import CaseId
from dispatch.store.rows import Rows
from dispatch.store.scope import within
from dispatch.store.tables import CASES


class SqlCaseMap:
    """The cases by where they lie."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def ids(self, view: MapView, *, limit: int) -> Sequence[CaseId]:
        """Give cases of a view, by id; any of them where there are more than `limit`."""
        found: list[CaseId] = []
        for shown in _shown(view):
            wanted = _seen(select(CASES.c.id), view).where(shown).limit(limit - len(found))
            found += [row.id for row in self._rows.all(wanted)]
        return sorted(found)

    def groups(self, view: MapView) -> Sequence[CaseGroup]:
        """Count the cases of a view by cell of its `resolution`; none is left out."""
        # Written out: PostgreSQL neither groups by a parameter nor shifts by a long integer.
        shift = literal_column(str(group_shift(view.resolution)), Integer)
        key = CASES.c.cell.bitwise_rshift(shift).label("key")
        counted = select(
            key,
            func.count().label("number"),
            func.avg(CASES.c.latitude).label("latitude"),
            func.avg(CASES.c.longitude).label("longitude"),
            func.min(CASES.c.id).label("one"),
        ).group_by(key)
        open_, ended = (
            {row.key: row for row in self._rows.all(_seen(counted, view).where(shown))}
            for shown in _shown(view)
        )
        return [
            _group([rows[key] for rows in (open_, ended) if key in rows], open_.get(key))
            for key in sorted(open_.keys() | ended.keys())
        ]


def _shown(view: MapView) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    # Asked one after the other: each is a range of its index, both at once are of none.
    return CASES.c.ended_at.is_(None), CASES.c.ended_at >= view.ended_since


def _seen(wanted: Select[Any], view: MapView) -> Select[Any]:
    box = view.box
    wanted = wanted.where(
        CASES.c.latitude.between(box.south, box.north),
        CASES.c.longitude.between(box.west, box.east),
    )
    # Coalesced, so that an index of the map is read and no other one.
    wanted = within(wanted, func.coalesce(CASES.c.grid, ""), view.area)
    if view.department is not None:
        wanted = wanted.where(func.coalesce(CASES.c.department, "") == view.department)
    if view.status is not None:
        wanted = wanted.where(func.coalesce(CASES.c.status, "") == view.status)
    return wanted


def _group(parts: Sequence[Row[Any]], open_: Row[Any] | None) -> CaseGroup:
    count = sum(row.number for row in parts)
    return CaseGroup(
        count=count,
        open=open_.number if open_ is not None else 0,
        latitude=_mean((row.latitude, row.number) for row in parts),
        longitude=_mean((row.longitude, row.number) for row in parts),
        only=CaseId(parts[0].one) if count == 1 else None,
    )


def _mean(weighted: Iterable[tuple[float, int]]) -> float:
    pairs = list(weighted)
    return sum(value * number for value, number in pairs) / sum(number for _, number in pairs)
