"""The registry and the precedents in SQL."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, delete, func, or_, select

from dispatch.catalogue.component import AccuracyClass, Component, Condition
from dispatch.city.precedent import Ground, Precedent
from dispatch.ids import CaseId, DepartmentId
from dispatch.store.registry_tables import COMPONENTS, PRECEDENTS
from dispatch.store.rows import Rows

_PAGE: Final = 5_000
_C: Final = COMPONENTS.c
_P: Final = PRECEDENTS.c


class SqlComponents:
    """The registry of components, with what each was before: a row for the days it was so."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def save(self, component: Component) -> None:
        """Keep a component from a day on; in place of what was kept for the same day."""
        standard, code = component.type
        self._rows.put(
            COMPONENTS,
            {
                "id": component.id,
                "valid_from": component.valid_from,
                "valid_until": component.valid_until,
                "standard": standard,
                "code": code,
                "latitude": component.latitude,
                "longitude": component.longitude,
                "cell": component.cell,
                "accuracy": component.accuracy.value,
                "owner": component.owner,
                "condition": component.condition.value,
                "name": component.name,
            },
        )

    def newest(self, ids: Collection[str]) -> Mapping[str, Component]:
        """Give the newest record of each of the ids that has any, ended or not."""
        wanted = select(COMPONENTS).where(_C.id.in_(sorted(ids))).order_by(_C.id, _C.valid_from)
        return {row.id: _component(row) for row in self._rows.all(wanted)}

    def near(
        self, cells: Collection[int], *, day: date, limit: int | None = None
    ) -> Sequence[Component]:
        """Give the components that lie in look-up cells on a day, by id.

        Args:
            limit: where more lie there, so many of them, whichever; None for all.
        """
        held = select(COMPONENTS).where(
            _C.cell.in_(sorted(cells)),
            _C.valid_from <= day,
            or_(_C.valid_until.is_(None), _C.valid_until >= day),
        )
        # Put in order here: a database that had to would look through all of them by id.
        rows = self._rows.all(held.limit(limit))
        return sorted(map(_component, rows), key=lambda each: each.id)

    def current(self, county: str) -> Iterator[Component]:
        """Give the components of a county that have not ended, by id."""
        after = county
        while True:
            page = (
                select(COMPONENTS)
                .where(_C.id > after, _C.id < f"{county}:", _C.valid_until.is_(None))
                .order_by(_C.id)
                .limit(_PAGE)
            )
            rows = self._rows.all(page)
            yield from map(_component, rows)
            if len(rows) < _PAGE:
                return
            after = rows[-1].id

    def history(self, id_: str) -> Sequence[Component]:
        """Give all records of a component, the oldest first."""
        wanted = select(COMPONENTS).where(_C.id == id_).order_by(_C.valid_from)
        return [_component(row) for row in self._rows.all(wanted)]

    def count(self) -> int:
        """Count the components that have not ended."""
        counted = select(func.count()).select_from(COMPONENTS).where(_C.valid_until.is_(None))
        row = self._rows.first(counted)
        return int(row[0]) if row else 0


class SqlPrecedents:
    """Who was found responsible where no rule said it: a row a case."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def save(self, precedent: Precedent) -> None:
        """Keep a precedent, in place of the one of the same case."""
        self._rows.put(
            PRECEDENTS,
            {
                "case": precedent.case,
                "label": precedent.ground.label,
                "owner": precedent.ground.owner,
                "grid": precedent.ground.grid,
                "department": precedent.department,
                "at": precedent.at,
            },
        )

    def drop(self, case: CaseId) -> None:
        """Forget the precedent of a case, if it has one."""
        self._rows.change(delete(PRECEDENTS).where(_P.case == case))

    def count(self, ground: Ground) -> Mapping[DepartmentId, int]:
        """Count the precedents of the same class, owner and grid by department."""
        counted = (
            select(_P.department, func.count().label("number"))
            .where(_P.grid == ground.grid, _P.label == ground.label, _P.owner == ground.owner)
            .group_by(_P.department)
        )
        return {DepartmentId(row.department): row.number for row in self._rows.all(counted)}


def _component(row: Row[Any]) -> Component:
    return Component(
        id=row.id,
        type=(row.standard, row.code),
        latitude=row.latitude,
        longitude=row.longitude,
        accuracy=AccuracyClass(row.accuracy),
        owner=row.owner,
        condition=Condition(row.condition),
        name=row.name,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )
