"""The problem map in SQL: problems, the observations of them, and the ground that was swept."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, Select, delete, func, select

from dispatch.ids import ProblemId
from dispatch.missing import NotFound
from dispatch.observation import Observation
from dispatch.problem import Problem
from dispatch.store.listed import listed, texts
from dispatch.store.rows import Rows
from dispatch.store.tables import OBSERVATIONS, PROBLEMS, SWEEPS, SWEPT_CELLS
from dispatch.swept import lookup_cells
from dispatch.wire import SIGHT, Sweep, canonical_bytes

_PROBLEM: Final = TypeAdapter(Problem)
_PAGE: Final = 500
_OBSERVATIONS_IN_ORDER: Final = (OBSERVATIONS.c.captured_at, OBSERVATIONS.c.id)
_LISTED: Final = (
    select(OBSERVATIONS).where(listed(OBSERVATIONS.c.id)).order_by(*_OBSERVATIONS_IN_ORDER)
)


class SqlProblems:
    """The problem map."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def get(self, id_: ProblemId) -> Problem:
        """Give a problem.

        Raises:
            NotFound: no problem has this id.
        """
        row = self._rows.first(select(PROBLEMS).where(PROBLEMS.c.id == id_))
        if row is None:
            raise NotFound("[问题]", "[problem]", id_)
        return _PROBLEM.validate_python(row.body)

    def known(self, ids: Collection[str]) -> Sequence[Problem]:
        """Give those of the ids that are problems, by id."""
        return self._load(PROBLEMS.c.id.in_(sorted(ids))) if ids else ()

    def save(self, problem: Problem) -> None:
        """Keep a new or changed problem."""
        self._rows.put(
            PROBLEMS,
            {
                "id": problem.id,
                "cell": problem.place.cell,
                "label": problem.label,
                "first_seen_at": problem.first_seen_at,
                "last_seen_at": problem.last_seen_at,
                "body": _PROBLEM.dump_python(problem, mode="json"),
            },
        )

    def remove(self, id_: ProblemId) -> None:
        """Drop a problem that was merged into another."""
        self._rows.change(delete(PROBLEMS).where(PROBLEMS.c.id == id_))

    def near(self, cells: Collection[int]) -> Sequence[Problem]:
        """Give the problems in look-up cells, by id."""
        return self._load(PROBLEMS.c.cell.in_(sorted(cells)))

    def _load(self, which: ColumnElement[bool]) -> Sequence[Problem]:
        rows = self._rows.all(select(PROBLEMS).where(which).order_by(PROBLEMS.c.id))
        return [_PROBLEM.validate_python(row.body) for row in rows]


class SqlObservations:
    """The findings taken in."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def get(self, id_: str) -> Observation | None:
        """Give an observation, or None."""
        return self.known((id_,)).get(id_)

    def known(self, ids: Collection[str]) -> Mapping[str, Observation]:
        """Give those of the ids that were taken in."""
        found = [_observation(row) for row in self._rows.all(_LISTED, texts(ids))]
        return {observation.id: observation for observation in found}

    def save(self, observation: Observation) -> None:
        """Keep a new, revised or re-linked observation."""
        finding = observation.finding
        self._rows.put(
            OBSERVATIONS,
            {
                "id": finding.id,
                "revision": finding.revision,
                "device": finding.device,
                "pass_id": finding.pass_id,
                "captured_at": finding.captured_at,
                "received_at": observation.received_at,
                "label": finding.label,
                "cell": observation.cell,
                "grid": observation.grid,
                "problem": observation.problem,
                "settled": observation.settled,
                "condensed": observation.condensed,
                "finding": canonical_bytes(finding).decode(),
            },
        )

    def of_problem(self, problem: ProblemId) -> Sequence[Observation]:
        """Give a problem's observations in their `order`."""
        return self._load(select(OBSERVATIONS).where(OBSERVATIONS.c.problem == problem))

    def of_problems(
        self, problems: Collection[ProblemId], *, condensed: bool = True
    ) -> Mapping[ProblemId, Sequence[Observation]]:
        """Give the observations of each problem that has any, in their `order`, all at once."""
        wanted = select(OBSERVATIONS).where(OBSERVATIONS.c.problem.in_(sorted(problems)))
        if not condensed:
            wanted = wanted.where(~OBSERVATIONS.c.condensed)
        found: dict[ProblemId, list[Observation]] = {}
        for one in self._load(wanted) if problems else ():
            assert one.problem is not None
            found.setdefault(one.problem, []).append(one)
        return found

    def of_pass(
        self, pass_id: str, *, during: tuple[datetime, datetime] | None = None
    ) -> Sequence[Observation]:
        """Give a pass's observations in their `order`, all or those captured in a span of time."""
        wanted = select(OBSERVATIONS).where(OBSERVATIONS.c.pass_id == pass_id)
        if during is not None:
            wanted = wanted.where(OBSERVATIONS.c.captured_at.between(*during))
        return self._load(wanted)

    def near(self, cells: Collection[int], *, condensed: bool) -> Sequence[Observation]:
        """Give the observations in look-up cells, in their `order`."""
        wanted = select(OBSERVATIONS).where(OBSERVATIONS.c.cell.in_(sorted(cells)))
        return self._load(wanted if condensed else wanted.where(~OBSERVATIONS.c.condensed))

    def without_place(self, *, limit: int) -> Sequence[Observation]:
        """Give observations that a person has to place, the newest first."""
        wanted = select(OBSERVATIONS).where(OBSERVATIONS.c.cell.is_(None))
        rows = self._rows.all(wanted.order_by(OBSERVATIONS.c.id.desc()).limit(limit))
        return [_observation(row) for row in rows]

    def _load(self, wanted: Select[Any]) -> Sequence[Observation]:
        rows = self._rows.all(wanted.order_by(*_OBSERVATIONS_IN_ORDER))
        return [_observation(row) for row in rows]


class SqlSweeps:
    """The ground that passes inspected."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def get(self, id_: str) -> Sweep | None:
        """Give a sweep, or None."""
        row = self._rows.first(select(SWEEPS).where(SWEEPS.c.id == id_))
        return None if row is None else _sweep(row)

    def save(self, sweep: Sweep) -> None:
        """Keep a new or revised sweep."""
        self._rows.change(delete(SWEPT_CELLS).where(SWEPT_CELLS.c.sweep == sweep.id))
        self._rows.put(
            SWEEPS,
            {
                "id": sweep.id,
                "revision": sweep.revision,
                "device": sweep.device,
                "pass_id": sweep.pass_id,
                "stretch": sweep.stretch,
                "started_at": sweep.started_at,
                "last": sweep.last,
                "told": False,
                "sweep": canonical_bytes(sweep).decode(),
            },
        )
        for cell in lookup_cells(sweep):
            self._rows.put(SWEPT_CELLS, {"cell": cell, "sweep": sweep.id})

    def of_pass(self, pass_id: str) -> Sequence[Sweep]:
        """Give a pass's stretches in order."""
        wanted = select(SWEEPS).where(SWEEPS.c.pass_id == pass_id)
        rows = self._rows.all(wanted.order_by(SWEEPS.c.stretch, SWEEPS.c.id))
        return [_sweep(row) for row in rows]

    def has_ended(self, pass_id: str) -> bool:
        """Say whether a pass's last sweep has come."""
        last = select(SWEEPS.c.id).where(SWEEPS.c.pass_id == pass_id, SWEEPS.c.last)
        return self._rows.first(last.limit(1)) is not None

    def near(self, cells: Collection[int]) -> Sequence[Sweep]:
        """Give the sweeps that inspected or hid ground in look-up cells, by start."""
        touched = select(SWEPT_CELLS.c.sweep).where(SWEPT_CELLS.c.cell.in_(sorted(cells)))
        wanted = select(SWEEPS).where(SWEEPS.c.id.in_(touched))
        rows = self._rows.all(wanted.order_by(SWEEPS.c.started_at, SWEEPS.c.id))
        return [_sweep(row) for row in rows]

    def all(self) -> Iterator[Sweep]:
        """Give every sweep, by id."""
        wanted = select(SWEEPS.c.id, SWEEPS.c.sweep).order_by(SWEEPS.c.id).limit(_PAGE)
        page = self._rows.all(wanted)
        while page:
            yield from map(_sweep, page)
            page = self._rows.all(wanted.where(SWEEPS.c.id > page[-1].id))

    def latest(self, *, limit: int) -> Sequence[Sweep]:
        """Give the sweeps that started last, the newest first."""
        wanted = select(SWEEPS).order_by(SWEEPS.c.started_at.desc(), SWEEPS.c.id.desc())
        return [_sweep(row) for row in self._rows.all(wanted.limit(limit))]

    def stale(self, before: datetime, *, limit: int) -> Sequence[tuple[int, datetime]]:
        """Give look-up cells that no sweep touched since a time, the longest untouched first."""
        last = func.max(SWEEPS.c.started_at).label("last")
        wanted = (
            select(SWEPT_CELLS.c.cell, last)
            .join(SWEEPS, SWEEPS.c.id == SWEPT_CELLS.c.sweep)
            .group_by(SWEPT_CELLS.c.cell)
            .having(last < before)
            .order_by(last, SWEPT_CELLS.c.cell)
            .limit(limit)
        )
        return [(row.cell, row.last) for row in self._rows.all(wanted)]


def _observation(row: Row[Any]) -> Observation:
    return Observation(
        finding=SIGHT.validate_json(row.finding),
        received_at=row.received_at,
        cell=row.cell,
        grid=row.grid,
        problem=row.problem,
        settled=row.settled,
        condensed=row.condensed,
    )


def _sweep(row: Row[Any]) -> Sweep:
    return Sweep.model_validate_json(row.sweep)
