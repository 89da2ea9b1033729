"""Cases as reports list them, in SQL: some at a time, and read no further than is needed.

A case that had ended by a moment, and is over now, stood then as it stands now: nothing leads from
one ending to another. So only of the others the steps are read, and of those no more than tells.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

import sqlalchemy
from pydantic import TypeAdapter
from sqlalchemy import Row, Select, Text, cast, or_, select

from dispatch.case.number import number_of
from dispatch.case.step import Grounds
from dispatch.case.transition import Action, Status
from dispatch.catalogue.catalog import CatalogClass
from dispatch.clocks.period import Window
from dispatch.figures.standing import (
    AGAIN,
    TELLING,
    Late,
    Listed,
    Redone,
    Standing,
    concerns,
    redone_in,
    standing,
)
from dispatch.ground.place import Place
from dispatch.ids import CaseId, DepartmentId
from dispatch.indicators.formula import DUTIES, Kind, Part, Test
from dispatch.ports.unit_of_work import FactFilter
from dispatch.store.listed import listed, texts
from dispatch.store.rows import Rows
from dispatch.store.scope import within
from dispatch.store.sql_facts import SqlFacts, asked_of
from dispatch.store.tables import CASES, FACTS, STEPS

_CATEGORY: Final = TypeAdapter(CatalogClass)
_PLACE: Final = TypeAdapter(Place)
_PAGE: Final = 2_000
_C: Final = CASES.c
_BEFORE_ALL: Final = datetime(1970, 1, 1, tzinfo=UTC)
_GROUNDED: Final = TELLING | {Action.MERGE}
"""The actions of which the grounds are read."""
# The texts as they are: one class is that of thousands of cases, and is read once.
_CATEGORY_TEXT: Final = cast(_C.category, Text).label("category")
_LISTED: Final = select(
    _C.id,
    _C.reported_at,
    _CATEGORY_TEXT,
    cast(_C.place, Text).label("place"),
    _C.grid,
    _C.rendered,
    _C.severity,
    _C.status,
    _C.department,
    _C.ended_at,
    _C.merged_into,
)
_OF_IDS: Final = _LISTED.where(listed(_C.id))
_NAMES: Final = select(_C.id, _C.reported_at, _CATEGORY_TEXT).where(listed(_C.id))
_TURNS: Final = (
    select(
        STEPS.c.case,
        STEPS.c.action,
        STEPS.c.before,
        STEPS.c.after,
        STEPS.c.at,
        sqlalchemy.case((STEPS.c.action.in_(sorted(_GROUNDED)), STEPS.c.grounds)).label("grounds"),
    )
    .where(listed(STEPS.c.case))
    .order_by(STEPS.c.case, STEPS.c.number)
)
_LATE: Final = tuple(Part(kind=kind, tests=(Test.DUE, Test.UNDONE)) for kind in sorted(DUTIES))
_F: Final = FACTS.c
_DUTY: Final = (_F.case, _F.number, _F.kind, _F.due_at, _F.lapsed_at, _F.department)
_AGAIN: Final = tuple(
    Part(kind=Kind.STEP, tests=(Test.IN_PERIOD,), word=action.value) for action in sorted(AGAIN)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """A step, as far as it tells how its case stands."""

    action: Action
    before: Status | None
    after: Status
    at: datetime
    grounds: Grounds


class SqlCaseList:
    """The cases of a period, and what befell them."""

    def __init__(self, rows: Rows, facts: SqlFacts) -> None:
        self._rows, self._facts = rows, facts

    def concerning(self, start: datetime, until: datetime, *, area: str) -> Iterator[Listed]:
        """Give the cases known before `until` and not ended by `start`, as they stood, by id."""
        wanted = within(_touched(_LISTED, start, until), _C.grid, area)
        for page in self._pages(wanted):
            yield from self._listed(page, start=start, until=until)

    def rendered(self, start: datetime, until: datetime, *, area: str) -> int:
        """Count those of them that were made from rendered footage."""
        wanted = within(_touched(_LISTED, start, until), _C.grid, area)
        pages = self._pages(wanted.where(_C.rendered.is_(True)))
        return sum(len(self._stood(page, start=start, until=until)) for page in pages)

    def late(self, window: Window, *, area: str) -> Sequence[Late]:
        """Give the duties of a period that are not done, the longest overdue first."""
        found = [
            row
            for part in _LATE
            for asked in asked_of(part, window, FactFilter(area=area), *_DUTY)
            for row in self._rows.all(asked)
        ]
        found.sort(key=lambda row: (row.due_at, row.case, row.number))
        named = self._named({row.case for row in found})
        return [
            Late(
                number=named[row.case][0],
                category=named[row.case][1],
                department=DepartmentId(row.department),
                kind=Kind(row.kind),
                due_at=row.due_at,
                lapsed_at=row.lapsed_at,
            )
            for row in found
        ]

    def redone(self, window: Window, *, area: str) -> Sequence[Redone]:
        """Give what was sent back or taken up again in a period, in the order of time."""
        wanted = FactFilter(area=area)
        ids = {id_ for part in _AGAIN for id_ in self._facts.cases(part, window, wanted)}
        named = self._named(ids)
        found = [
            (one, id_, place)
            for some in _chunks(ids)
            for id_, turns in self._turns(some).items()
            for place, one in enumerate(
                redone_in(turns, window, number=named[id_][0], category=named[id_][1])
            )
        ]
        return [one for one, _, _ in sorted(found, key=lambda each: (each[0].at, *each[1:]))]

    def _pages(self, wanted: Select[Any]) -> Iterator[Sequence[Row[Any]]]:
        ordered = wanted.order_by(_C.id).limit(_PAGE)
        page = self._rows.all(ordered)
        while page:
            yield page
            page = self._rows.all(ordered.where(_C.id > page[-1].id))

    def _listed(
        self, page: Sequence[Row[Any]], *, start: datetime, until: datetime
    ) -> Iterator[Listed]:
        stood = self._stood(page, start=start, until=until)
        into = self._going_on(list(stood.values()), until=until)
        for row in page:
            how = stood.get(row.id)
            if how is not None:
                yield Listed(
                    id=row.id,
                    number=_number(row),
                    category=_category(row.category),
                    severity=row.severity,
                    place=_PLACE.validate_json(row.place),
                    grid=row.grid,
                    rendered=row.rendered,
                    reported_at=row.reported_at,
                    stood=how,
                    into=into.get(how.merged_into) if how.merged_into else None,
                )

    def _stood(
        self, page: Sequence[Row[Any]], *, start: datetime, until: datetime
    ) -> dict[CaseId, Standing]:
        """Tell how those of some cases stood that a period concerns."""
        changed = [row.id for row in page if row.ended_at is None or row.ended_at >= until]
        histories = self._turns(changed)
        found: dict[CaseId, Standing] = {}
        for row in page:
            turns = histories.get(row.id)
            if turns is None:
                found[row.id] = _standing_now(row)
                continue
            stood = standing(turns, at=until)
            if concerns(turns, stood, start=start, until=until):
                found[row.id] = stood
        return found

    def _going_on(self, stood: Collection[Standing], *, until: datetime) -> Mapping[CaseId, str]:
        """Give the number of the case that went on in the place of each that was merged into."""
        first = {each.merged_into for each in stood if each.merged_into}
        numbers: dict[CaseId, str] = {}
        onward: dict[CaseId, CaseId] = {}
        fresh = set(first)
        while fresh:
            rows = self._rows.all(_OF_IDS, texts(fresh))
            numbers |= {row.id: _number(row) for row in rows}
            known = self._stood(rows, start=_BEFORE_ALL, until=until)
            merged = {id_: how.merged_into for id_, how in known.items() if how.merged_into}
            onward |= merged
            fresh = {into for into in merged.values() if into not in numbers}
        return {id_: numbers[_last(id_, onward)] for id_ in first}

    def _turns(self, ids: Collection[CaseId]) -> dict[CaseId, list[_Turn]]:
        rows = self._rows.all(_TURNS, texts(ids)) if ids else ()
        return {
            CaseId(case): [_turn(row) for row in group]
            for case, group in groupby(rows, key=lambda row: str(row.case))
        }

    def _named(self, ids: Collection[CaseId]) -> dict[CaseId, tuple[str, CatalogClass]]:
        """Give the number and the class of each case."""
        rows = (row for some in _chunks(ids) for row in self._rows.all(_NAMES, texts(some)))
        return {row.id: (_number(row), _category(row.category)) for row in rows}


def _touched(wanted: Select[Any], start: datetime, until: datetime) -> Select[Any]:
    """Narrow to the cases that a period may concern."""
    # What is known of a period before it begins knows of no ending since.
    ended = or_(_C.ended_at.is_(None), _C.ended_at >= min(start, until))
    return wanted.where(_C.reported_at < until, ended)


def _standing_now(row: Row[Any]) -> Standing:
    return Standing(
        status=Status(row.status),
        department=row.department,
        ended_at=row.ended_at,
        merged_into=row.merged_into,
    )


def _last(id_: CaseId, onward: Mapping[CaseId, CaseId]) -> CaseId:
    followed = {id_}
    while (into := onward.get(id_)) is not None and into not in followed:
        followed.add(into)
        id_ = into
    return id_


def _turn(row: Row[Any]) -> _Turn:
    return _Turn(
        action=Action(row.action),
        before=None if row.before is None else Status(row.before),
        after=Status(row.after),
        at=row.at,
        grounds=row.grounds or {},
    )


def _number(row: Row[Any]) -> str:
    return number_of(row.id, row.reported_at)


@lru_cache(maxsize=4096)
def _category(written: str) -> CatalogClass:
    return _CATEGORY.validate_json(written)


def _chunks(ids: Collection[CaseId]) -> Iterator[list[CaseId]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), _PAGE):
        yield ordered[start : start + _PAGE]
