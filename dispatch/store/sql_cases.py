"""Cases and their steps in SQL."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any, Final

import sqlalchemy
from pydantic import TypeAdapter
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    exists,
    func,
    or_,
    select,
    tuple_,
    union_all,
    update,
)

from dispatch.case.case import Case, Source
from dispatch.case.due_order import DueKey
from dispatch.case.number import NumberPart
from dispatch.case.step import Step
from dispatch.case.transition import ENDED, Action, Status
from dispatch.catalogue.catalog import CatalogClass
from dispatch.clocks.clock import Clock, Look, Stage
from dispatch.ground.place import Place
from dispatch.ids import CaseId, ProblemId
from dispatch.missing import CaseNotFound, StaleCase
from dispatch.people.people import Role
from dispatch.ports.unit_of_work import CaseFilter, Queue
from dispatch.proof.ledger import step_note
from dispatch.store.listed import counted, listed, numbers, texts
from dispatch.store.rows import Rows
from dispatch.store.scope import narrowed, open_by_due, within
from dispatch.store.sql_facts import put_facts
from dispatch.store.sql_ledger import SqlLedger
from dispatch.store.tables import CASES, STEPS
from dispatch.wire import Measure

_CATEGORY: Final = TypeAdapter(CatalogClass)
_PLACE: Final = TypeAdapter(Place)
_CLOCKS: Final = TypeAdapter(dict[Stage, Clock])
_LOOK: Final = TypeAdapter(Look | None)
_PAGE: Final = 500
_NEWEST: Final = (
    select(CASES.c.problem, CASES.c.id, CASES.c.status)
    .where(listed(CASES.c.problem))
    .order_by(CASES.c.reported_at, CASES.c.id)
)
_MERGED_INTO: Final = select(CASES.c.id, CASES.c.merged_into, CASES.c.status).where(
    listed(CASES.c.id)
)


class SqlCases:
    """The cases with their histories."""

    def __init__(self, rows: Rows, ledger: SqlLedger) -> None:
        self._rows, self._ledger = rows, ledger

    def get(self, id_: CaseId) -> Case:
        """Give a case to decide on.

        Raises:
            CaseNotFound: no case has this id.
        """
        found = self._load(select(CASES).where(CASES.c.id == id_))
        if not found:
            raise CaseNotFound(id_)
        return found[0]

    def add(self, case: Case) -> None:
        """Keep a new case."""
        self._rows.put(CASES, {**_values(case), "version": case.version})
        self._put_steps(case, known=0)

    def save(self, case: Case) -> None:
        """Keep a changed case and its new steps.

        Raises:
            StaleCase: somebody else changed it since it was read.
        """
        statement = (
            update(CASES)
            .where(CASES.c.id == case.id, CASES.c.version == case.version)
            .values({**_values(case), "version": case.version + 1})
        )
        if not self._rows.change(statement):
            raise StaleCase(case.id)
        case.version += 1
        counted = select(func.count()).select_from(STEPS).where(STEPS.c.case == case.id)
        row = self._rows.first(counted)
        self._put_steps(case, known=int(row[0]) if row else 0)

    def of_problem(self, problem: ProblemId) -> Sequence[Case]:
        """Give the cases of a problem, the oldest first."""
        wanted = select(CASES).where(CASES.c.problem == problem)
        return self._load(wanted.order_by(CASES.c.reported_at, CASES.c.id))

    def merged_into(self, cases: Collection[CaseId]) -> Sequence[Case]:
        """Give the cases that ended because one of these goes on in their place, by id."""
        return self._merged(CASES.c.merged_into.in_(sorted(cases)))

    def merged_near(self, cells: Collection[int]) -> Sequence[Case]:
        """Give the cases in some look-up cells that ended because another goes on, by id."""
        return self._merged(counted(CASES.c.cell), numbers(cells))

    def _merged(
        self, condition: ColumnElement[bool], given: Mapping[str, str] | None = None
    ) -> Sequence[Case]:
        wanted = select(CASES).where(CASES.c.merged_into.is_not(None), condition)
        return self._load(wanted.order_by(CASES.c.id), given)

    def corrected_near(self, cells: Collection[int], *, labels: Collection[str]) -> Sequence[Case]:
        """Give the cases of some classes in some look-up cells that a person corrected, by id."""
        corrected = exists().where(STEPS.c.case == CASES.c.id, STEPS.c.action == Action.CORRECT)
        wanted = select(CASES).where(
            counted(CASES.c.cell), CASES.c.label.in_(sorted(labels)), corrected
        )
        return self._load(wanted.order_by(CASES.c.id), numbers(cells))

    def known(self, ids: Collection[CaseId]) -> Mapping[CaseId, Case]:
        """Give those of the ids that are cases, all at once, to be read."""
        found = self._load(select(CASES).where(CASES.c.id.in_(sorted(ids)))) if ids else ()
        return {case.id: case for case in found}

    def newest(self, problems: Collection[ProblemId]) -> Mapping[ProblemId, tuple[CaseId, Status]]:
        """Give the newest case of each problem that has any, and how it stands."""
        rows = self._rows.all(_NEWEST, texts(problems))
        return {row.problem: (row.id, Status(row.status)) for row in rows}

    def going_on(self, cases: Collection[CaseId]) -> Mapping[CaseId, tuple[CaseId, Status]]:
        """Give the case that goes on in the place of each, over all merges, and how it stands."""
        known: dict[str, tuple[str | None, Status]] = {}
        fresh: set[str] = set(cases)
        while fresh:
            rows = self._rows.all(_MERGED_INTO, texts(fresh))
            known |= {row.id: (row.merged_into, Status(row.status)) for row in rows}
            fresh = {row.merged_into for row in rows if row.merged_into} - known.keys()
        return {id_: _going_on(id_, known) for id_ in cases if id_ in known}

    def under(self, part: NumberPart) -> frozenset[CaseId]:
        """Give the cases that go on in the place of those with such a number, over all merges."""
        merged = narrowed(select(CASES.c.id), CaseFilter(numbered=part))
        ids = self._ids(merged.where(CASES.c.merged_into.is_not(None)))
        return frozenset(into for into, _ in self.going_on(ids).values())

    def find(
        self, wanted: CaseFilter, *, limit: int, after: CaseId | None = None
    ) -> Sequence[Case]:
        """Give cases by id, the newest first, from below `after` on."""
        # First the ids, from an index alone: what else a case holds is read of those on the page.
        page = self._ids(_newest(wanted, after, limit=limit))
        if not page:
            return []
        return self._load(select(CASES).where(CASES.c.id.in_(page)).order_by(CASES.c.id.desc()))

    def due(self, wanted: CaseFilter, *, limit: int, after: DueKey | None = None) -> Sequence[Case]:
        """Give open cases by deadline: what is longest overdue first, from behind `after` on.

        Those of which no limit runs come last, the newest first.
        """
        page: list[CaseId] = []
        if after is None or after.at is not None:
            page += self._ids(_dated(wanted, after).limit(limit))
        # What is overdue has a limit.
        if len(page) < limit and wanted.overdue is None:
            page += self._ids(_undated(wanted, after).limit(limit - len(page)))
        known = self.known(page)
        return [known[id_] for id_ in dict.fromkeys(page)]

    def _ids(self, wanted: Select[Any]) -> list[CaseId]:
        return [row.id for row in self._rows.all(wanted)]

    def count_ended(self, wanted: CaseFilter, *, most: int) -> dict[Status, int]:
        """Count the cases that ended by status, those of each at most so far; none is left out."""
        counted = (
            narrowed(select(CASES.c.id), replace(wanted, statuses=frozenset({status})))
            .limit(most)
            .subquery()
            for status in sorted(ENDED)
        )
        row = self._rows.first(
            select(*(select(func.count()).select_from(each).scalar_subquery() for each in counted))
        )
        assert row is not None
        return dict(zip(sorted(ENDED), row, strict=True))

    def queues(self, wanted: CaseFilter, *, now: datetime) -> dict[Status, Queue]:
        """Sum up the cases that have not ended, by status."""
        late = func.sum(sqlalchemy.case((CASES.c.overdue_at < now, 1), else_=0))
        summed = select(
            CASES.c.status,
            func.count().label("number"),
            func.min(CASES.c.reported_at).label("oldest"),
            late.label("late"),
        ).where(CASES.c.ended_at.is_(None))
        # Coalesced, so that the small index of what is open is read and no larger one.
        summed = within(summed, func.coalesce(CASES.c.grid, ""), wanted.area)
        if wanted.department is not None:
            summed = summed.where(func.coalesce(CASES.c.department, "") == wanted.department)
        rest = replace(wanted, area="", department=None)
        rows = self._rows.all(narrowed(summed, rest).group_by(CASES.c.status))
        return {
            Status(row.status): Queue(count=row.number, oldest=row.oldest, overdue=row.late)
            for row in rows
        }

    def ringing(self, now: datetime, *, limit: int) -> Sequence[Case]:
        """Give cases whose `rings_at` is not after `now`, the oldest first, skipping locked."""
        return self._load(
            select(CASES)
            .where(CASES.c.rings_at <= now)
            .order_by(CASES.c.rings_at, CASES.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )

    def touching(self, start: datetime, end: datetime) -> Iterator[Case]:
        """Give cases reported before `end` that were open at or after `start`, by id."""
        wanted = (
            select(CASES)
            .where(CASES.c.reported_at < end)
            .where(or_(CASES.c.ended_at.is_(None), CASES.c.ended_at >= start))
            .order_by(CASES.c.id)
            .limit(_PAGE)
        )
        page = self._load(wanted)
        while page:
            yield from page
            page = self._load(wanted.where(CASES.c.id > page[-1].id))

    def _put_steps(self, case: Case, *, known: int) -> None:
        for step in case.history[known:]:
            self._rows.put(STEPS, _step_values(case.id, step))
            self._ledger.note(step_note(case.id, step.number, step.seal))
        put_facts(self._rows, case, known=known)

    def _load(self, wanted: Select[Any], given: Mapping[str, str] | None = None) -> Sequence[Case]:
        rows = self._rows.all(wanted, given)
        if not rows:
            return []
        ids = [row.id for row in rows]
        steps = self._rows.all(
            select(STEPS).where(STEPS.c.case.in_(ids)).order_by(STEPS.c.case, STEPS.c.number)
        )
        histories = {
            case: [_step(row) for row in group]
            for case, group in groupby(steps, key=lambda row: str(row.case))
        }
        return [_case(row, histories.get(row.id, [])) for row in rows]


def _going_on(
    case: CaseId, known: Mapping[str, tuple[str | None, Status]]
) -> tuple[CaseId, Status]:
    into, status = known[case]
    while into is not None and into != case:
        case = CaseId(into)
        into, status = known[case]
    return case, status


def _newest(wanted: CaseFilter, after: CaseId | None, *, limit: int) -> Select[Any]:
    """Ask for the cases by id, the newest first.

    The indexes of departments and of classes hold a status before the id: what they have of each
    is in order already, and merged as it comes. Asked for all at once, it would be gathered whole.
    """
    told = wanted.department is not None or wanted.label is not None
    statuses = frozenset(Status) if wanted.statuses is None else wanted.statuses
    if not (told and statuses) or wanted.numbered is not None:
        return _below(after, wanted).limit(limit)
    pages = (
        _below(after, replace(wanted, statuses=frozenset({status}))).limit(limit).subquery()
        for status in sorted(statuses)
    )
    merged = union_all(*(select(page.c.id) for page in pages)).subquery()
    return select(merged.c.id).order_by(merged.c.id.desc()).limit(limit)


def _below(after: CaseId | None, wanted: CaseFilter) -> Select[Any]:
    ids = narrowed(select(CASES.c.id), wanted).order_by(CASES.c.id.desc())
    return ids if after is None else ids.where(CASES.c.id < after)


def _dated(wanted: CaseFilter, after: DueKey | None) -> Select[Any]:
    """Ask for the open cases of which a limit runs, the next due first."""
    found = open_by_due(wanted).where(CASES.c.overdue_at.is_not(None))
    if after is not None and after.at is not None:
        found = found.where(tuple_(CASES.c.overdue_at, CASES.c.id) > (after.at, after.case))
    return found.order_by(CASES.c.overdue_at, CASES.c.id)


def _undated(wanted: CaseFilter, after: DueKey | None) -> Select[Any]:
    """Ask for those of which none runs, the newest first."""
    found = open_by_due(wanted).where(CASES.c.overdue_at.is_(None))
    if after is not None and after.at is None:
        found = found.where(CASES.c.id < after.case)
    return found.order_by(CASES.c.id.desc())


def _values(case: Case) -> dict[str, object]:
    return {
        "id": case.id,
        "problem": case.problem,
        "label": case.category.label,
        "status": case.status,
        "department": case.department,
        "handler": case.handler,
        "grid": case.grid,
        "grid_share": case.grid_share,
        "cell": case.cell,
        "source": case.source,
        "rendered": case.rendered,
        "reported_at": case.reported_at,
        "ended_at": case.ended_at,
        "rings_at": case.rings_at,
        "suspended_until": case.suspended_until,
        "merged_into": case.merged_into,
        "recurs": case.recurs,
        "category": _CATEGORY.dump_python(case.category, mode="json"),
        "place": _PLACE.dump_python(case.place, mode="json"),
        "measure": None if case.measure is None else case.measure.model_dump(mode="json"),
        "clocks": _CLOCKS.dump_python(case.clocks, mode="json"),
        "look": _LOOK.dump_python(case.look, mode="json"),
        "overdue_at": case.overdue_at,
        "number_end": case.number_end,
        "severity": case.severity,
        "latitude": case.place.latitude,
        "longitude": case.place.longitude,
    }


def _case(row: Row[Any], history: list[Step]) -> Case:
    return Case(
        id=row.id,
        problem=row.problem,
        category=_CATEGORY.validate_python(row.category),
        place=_PLACE.validate_python(row.place),
        grid=row.grid,
        grid_share=row.grid_share,
        source=Source(row.source),
        rendered=row.rendered,
        reported_at=row.reported_at,
        measure=None if row.measure is None else Measure.model_validate(row.measure),
        severity=row.severity,
        status=Status(row.status),
        department=row.department,
        handler=row.handler,
        merged_into=row.merged_into,
        recurs=row.recurs,
        suspended_until=row.suspended_until,
        clocks=_CLOCKS.validate_python(row.clocks),
        look=_LOOK.validate_python(row.look),
        history=history,
        version=row.version,
    )


def _step_values(case: CaseId, step: Step) -> dict[str, object]:
    return {
        "case": case,
        "number": step.number,
        "action": step.action,
        "before": step.before,
        "after": step.after,
        "by": step.by,
        "role": step.role,
        "at": step.at,
        "note": step.note,
        "grounds": dict(step.grounds),
        "seal": step.seal,
    }


def _step(row: Row[Any]) -> Step:
    return Step(
        number=row.number,
        action=Action(row.action),
        before=None if row.before is None else Status(row.before),
        after=Status(row.after),
        by=row.by,
        role=Role(row.role),
        at=row.at,
        note=row.note,
        grounds=row.grounds,
        seal=row.seal,
    )
