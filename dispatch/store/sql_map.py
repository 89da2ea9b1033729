"""The problem map in SQL: problems, the observations of them, and the ground that was swept."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, cast

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, and_, delete, exists, func, select, text

from dispatch.ids import ObservationId, ProblemId
from dispatch.missing import NotFound
from dispatch.sights.observation import Observation
from dispatch.sights.problem import Problem
from dispatch.sights.swept import lookup_cells
from dispatch.store.listed import counted, listed, numbers, texts
from dispatch.store.rows import Rows
from dispatch.store.sights_lately import SightsLately
from dispatch.store.tables import CASES, OBSERVATIONS, PROBLEMS, SWEEPS, SWEPT_CELLS
from dispatch.wire import Sweep, canonical_bytes

_PROBLEM: Final = TypeAdapter(Problem)
_PAGE: Final = 500
_READ: Final = text("NOT observations.condensed")
_UNSETTLED: Final = text("NOT observations.settled")
"""As the indexes of what is read say it: SQLite does not know `condensed = 0` for the same."""
_OBSERVATIONS_IN_ORDER: Final = (OBSERVATIONS.c.captured_at, OBSERVATIONS.c.id)
_LISTED: Final = (
    select(OBSERVATIONS).where(listed(OBSERVATIONS.c.id)).order_by(*_OBSERVATIONS_IN_ORDER)
)
_OF_PROBLEMS: Final = (
    select(OBSERVATIONS).where(listed(OBSERVATIONS.c.problem)).order_by(*_OBSERVATIONS_IN_ORDER)
)
_READ_OF_PROBLEMS: Final = _OF_PROBLEMS.where(_READ)
_NAMED: Final = select(OBSERVATIONS.c.id).where(listed(OBSERVATIONS.c.problem))
_READ_NAMED: Final = _NAMED.where(_READ)
_LISTED_PROBLEMS: Final = select(PROBLEMS).where(listed(PROBLEMS.c.id)).order_by(PROBLEMS.c.id)
_PROBLEMS_NEAR: Final = select(PROBLEMS).where(counted(PROBLEMS.c.cell)).order_by(PROBLEMS.c.id)
_NEAR: Final = (
    select(OBSERVATIONS).where(counted(OBSERVATIONS.c.cell)).order_by(*_OBSERVATIONS_IN_ORDER)
)
_READ_NEAR: Final = _NEAR.where(_READ)
_TOUCHED: Final = select(SWEPT_CELLS.c.sweep).where(counted(SWEPT_CELLS.c.cell))
_SWEEPS_IN_ORDER: Final = (SWEEPS.c.started_at, SWEEPS.c.id)
_SIGHTS: Final = SightsLately()
_SWEPT_LATELY: Final = 256
"""Sweeps that are kept likewise: several cases near a pass ask for the same ones."""


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
        return _unpacked(row.body)

    def known(self, ids: Collection[str]) -> Sequence[Problem]:
        """Give those of the ids that are problems, by id."""
        return self._load(_LISTED_PROBLEMS, texts(ids)) if ids else ()

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
                "body": _packed(problem),
            },
        )

    def remove(self, id_: ProblemId) -> None:
        """Drop a problem that was merged into another."""
        self._rows.change(delete(PROBLEMS).where(PROBLEMS.c.id == id_))

    def near(self, cells: Collection[int]) -> Sequence[Problem]:
        """Give the problems in look-up cells, by id."""
        return self._load(_PROBLEMS_NEAR, numbers(cells))

    def _load(self, wanted: Select[Any], given: Mapping[str, str]) -> Sequence[Problem]:
        return [_unpacked(row.body) for row in self._rows.all(wanted, given)]


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
        written = canonical_bytes(finding).decode()
        _SIGHTS.keep(written, finding)
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
                "finding": written,
            },
        )

    def relink(self, observations: Sequence[Observation]) -> None:
        """Keep of which problems known observations are sights, and how that was told; no more."""
        self._rows.alter(
            OBSERVATIONS,
            [
                {
                    "id": one.id,
                    "problem": one.problem,
                    "settled": one.settled,
                    "condensed": one.condensed,
                }
                for one in observations
            ],
        )

    def of_problem(self, problem: ProblemId) -> Sequence[Observation]:
        """Give a problem's observations in their `order`."""
        return self._load(select(OBSERVATIONS).where(OBSERVATIONS.c.problem == problem))

    def of_problems(
        self,
        problems: Collection[ProblemId],
        *,
        condensed: bool = True,
        besides: Collection[str] = (),
    ) -> Mapping[ProblemId, Sequence[Observation]]:
        """Give the observations of each problem that has any, in their `order`, all at once."""
        found: dict[ProblemId, list[Observation]] = {}
        wanted = _OF_PROBLEMS if condensed else _READ_OF_PROBLEMS
        if besides:
            named = self._rows.all(_NAMED if condensed else _READ_NAMED, texts(problems))
            ids = {row.id for row in named}.difference(besides)
            sights = sorted(self.known(ids).values(), key=lambda one: one.order) if ids else []
        else:
            sights = [_observation(row) for row in self._rows.all(wanted, texts(problems))]
        for one in sights:
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

    def near(
        self,
        cells: Collection[int],
        *,
        condensed: bool,
        besides: Collection[str] = (),
    ) -> Sequence[Observation]:
        """Give the observations in look-up cells, in their `order`."""
        wanted = _NEAR if condensed else _READ_NEAR
        if besides:
            wanted = wanted.where(OBSERVATIONS.c.label.not_in(sorted(besides)))
        return [_observation(row) for row in self._rows.all(wanted, numbers(cells))]

    def near_in_time(
        self, cells: Collection[int], *, labels: Collection[str], during: tuple[datetime, datetime]
    ) -> Sequence[Observation]:
        """Give the observations of some labels in look-up cells in a span of time, in `order`."""
        wanted = _NEAR.where(
            OBSERVATIONS.c.label.in_(sorted(labels)), OBSERVATIONS.c.captured_at.between(*during)
        )
        return [_observation(row) for row in self._rows.all(wanted, numbers(cells))]

    def cells_of_pass(self, pass_id: str) -> Collection[int]:
        """Give the look-up cells in which a pass saw anything."""
        wanted = select(OBSERVATIONS.c.cell).where(OBSERVATIONS.c.pass_id == pass_id)
        rows = self._rows.all(wanted.where(OBSERVATIONS.c.cell.is_not(None)).distinct())
        return [row.cell for row in rows]

    def without_place(self, *, limit: int) -> Sequence[Observation]:
        """Give observations that a person has to place, the newest first."""
        wanted = select(OBSERVATIONS).where(OBSERVATIONS.c.cell.is_(None))
        rows = self._rows.all(wanted.order_by(OBSERVATIONS.c.id.desc()).limit(limit))
        return [_observation(row) for row in rows]

    def waiting(self, *, before: datetime, limit: int) -> Sequence[Observation]:
        """Give sights received before a time that wait for the end of their pass for a case."""
        case = exists().where(CASES.c.problem == OBSERVATIONS.c.problem)
        unsettled = and_(_UNSETTLED, OBSERVATIONS.c.problem.is_not(None))
        wanted = select(OBSERVATIONS).where(unsettled, OBSERVATIONS.c.received_at < before, ~case)
        return self._load(wanted.limit(limit))

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
        if sweep.revision > 0:
            # Its cells before; the first form of it has none.
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
                "erased": False,
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

    def near(
        self,
        cells: Collection[int],
        *,
        until: datetime | None = None,
        after: datetime | None = None,
        latest: int | None = None,
    ) -> Sequence[Sweep]:
        """Give the sweeps that inspected or hid ground in look-up cells, by start."""
        wanted = select(SWEEPS.c.id).where(SWEEPS.c.id.in_(_TOUCHED))
        if until is not None:
            wanted = wanted.where(SWEEPS.c.started_at <= until)
        if after is not None:
            wanted = wanted.where(SWEEPS.c.started_at > after)
        if latest is not None:
            # First the ids: what else a sweep holds is read of those wanted.
            wanted = wanted.order_by(*(each.desc() for each in _SWEEPS_IN_ORDER)).limit(latest)
        chosen = select(SWEEPS).where(SWEEPS.c.id.in_(wanted)).order_by(*_SWEEPS_IN_ORDER)
        return [_sweep(row) for row in self._rows.all(chosen, numbers(cells))]

    def cells_of_pass(self, pass_id: str) -> Collection[int]:
        """Give the look-up cells of the ground that a pass inspected or that was hidden from it."""
        wanted = (
            select(SWEPT_CELLS.c.cell)
            .join(SWEEPS, SWEEPS.c.id == SWEPT_CELLS.c.sweep)
            .where(SWEEPS.c.pass_id == pass_id)
            .distinct()
        )
        return [row.cell for row in self._rows.all(wanted)]

    def all(self) -> Iterator[Sweep]:
        """Give every sweep that has its ground still, by id."""
        wanted = select(SWEEPS.c.id, SWEEPS.c.sweep).where(~SWEEPS.c.erased)
        wanted = wanted.order_by(SWEEPS.c.id).limit(_PAGE)
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


def _packed(problem: Problem) -> dict[str, object]:
    """Give the body of a problem; what its gist holds, hundreds after a year, as one text."""
    condensed = problem.condensed
    if not condensed:
        return _dumped(problem)
    read = replace(problem, observations=problem.observations[len(condensed) :])
    return _dumped(read) | {"condensed": " ".join(condensed)}


def _dumped(problem: Problem) -> dict[str, object]:
    body: dict[str, object] = _PROBLEM.dump_python(problem, mode="json")
    return body


def _unpacked(body: dict[str, Any]) -> Problem:
    """Give the problem of a body; one that was written before holds all its observations."""
    condensed = cast(list[ObservationId], body.pop("condensed", "").split())
    problem = _PROBLEM.validate_python(body)
    if not condensed:
        return problem
    return replace(problem, observations=(*condensed, *problem.observations))


def _observation(row: Row[Any]) -> Observation:
    return Observation(
        finding=_SIGHTS.of(row.finding),
        received_at=row.received_at,
        cell=row.cell,
        grid=row.grid,
        problem=row.problem,
        settled=row.settled,
        condensed=row.condensed,
    )


def _sweep(row: Row[Any]) -> Sweep:
    return _swept(row.sweep)


@lru_cache(maxsize=_SWEPT_LATELY)
def _swept(written: str) -> Sweep:
    return Sweep.model_validate_json(written)
