"""The problem map in memory: problems, observations and swept ground."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from dispatch.ids import ProblemId
from dispatch.missing import NotFound
from dispatch.observation import Observation
from dispatch.problem import Problem
from dispatch.swept import lookup_cells
from dispatch.wire import Sweep


class MemoryProblems:
    """The problem map."""

    def __init__(self, kept: dict[str, Problem]) -> None:
        self._kept = kept

    def get(self, id_: ProblemId) -> Problem:
        """Give a problem.

        Raises:
            NotFound: no problem has this id.
        """
        if id_ not in self._kept:
            raise NotFound("[问题]", "[problem]", id_)
        return self._kept[id_]

    def known(self, ids: Collection[str]) -> Sequence[Problem]:
        """Give those of the ids that are problems, by id."""
        return [self._kept[id_] for id_ in sorted(ids) if id_ in self._kept]

    def save(self, problem: Problem) -> None:
        """Keep a new or changed problem."""
        self._kept[problem.id] = problem

    def remove(self, id_: ProblemId) -> None:
        """Drop a problem that was merged into another."""
        self._kept.pop(id_, None)

    def near(self, cells: Collection[int]) -> Sequence[Problem]:
        """Give the problems in look-up cells, by id."""
        found = [problem for problem in self._kept.values() if problem.place.cell in cells]
        return sorted(found, key=lambda problem: problem.id)


class MemoryObservations:
    """The findings taken in."""

    def __init__(self, kept: dict[str, Observation]) -> None:
        self._kept = kept

    def get(self, id_: str) -> Observation | None:
        """Give an observation, or None."""
        return self._kept.get(id_)

    def known(self, ids: Collection[str]) -> Mapping[str, Observation]:
        """Give those of the ids that were taken in."""
        return {id_: self._kept[id_] for id_ in ids if id_ in self._kept}

    def save(self, observation: Observation) -> None:
        """Keep a new, revised or re-linked observation."""
        self._kept[observation.id] = observation

    def of_problem(self, problem: ProblemId) -> Sequence[Observation]:
        """Give a problem's observations in their `order`."""
        return _in_order(each for each in self._kept.values() if each.problem == problem)

    def of_problems(
        self, problems: Collection[ProblemId], *, condensed: bool = True
    ) -> Mapping[ProblemId, Sequence[Observation]]:
        """Give the observations of each problem that has any, in their `order`, all at once."""
        found: dict[ProblemId, list[Observation]] = {}
        for one in _in_order(self._kept.values()):
            if one.problem in problems and one.problem and (condensed or not one.condensed):
                found.setdefault(one.problem, []).append(one)
        return found

    def of_pass(
        self, pass_id: str, *, during: tuple[datetime, datetime] | None = None
    ) -> Sequence[Observation]:
        """Give a pass's observations in their `order`, all or those captured in a span of time."""
        found = [each for each in self._kept.values() if each.finding.pass_id == pass_id]
        if during is not None:
            start, end = during
            found = [each for each in found if start <= each.finding.captured_at <= end]
        return _in_order(found)

    def near(self, cells: Collection[int], *, condensed: bool) -> Sequence[Observation]:
        """Give the observations in look-up cells, in their `order`."""
        return _in_order(
            each
            for each in self._kept.values()
            if each.cell in cells and (condensed or not each.condensed)
        )

    def without_place(self, *, limit: int) -> Sequence[Observation]:
        """Give observations that a person has to place, the newest first."""
        found = [each for each in self._kept.values() if each.cell is None]
        return sorted(found, key=lambda each: each.id, reverse=True)[:limit]


class MemorySweeps:
    """The ground that passes inspected."""

    def __init__(self, kept: dict[str, Sweep]) -> None:
        self._kept = kept

    def get(self, id_: str) -> Sweep | None:
        """Give a sweep, or None."""
        return self._kept.get(id_)

    def save(self, sweep: Sweep) -> None:
        """Keep a new or revised sweep."""
        self._kept[sweep.id] = sweep

    def of_pass(self, pass_id: str) -> Sequence[Sweep]:
        """Give a pass's stretches in order."""
        found = [sweep for sweep in self._kept.values() if sweep.pass_id == pass_id]
        return sorted(found, key=lambda sweep: (sweep.stretch, sweep.id))

    def has_ended(self, pass_id: str) -> bool:
        """Say whether a pass's last sweep has come."""
        return any(sweep.last and sweep.pass_id == pass_id for sweep in self._kept.values())

    def near(self, cells: Collection[int]) -> Sequence[Sweep]:
        """Give the sweeps that inspected or hid ground in look-up cells, by start."""
        asked = frozenset(cells)
        found = [sweep for sweep in self._kept.values() if lookup_cells(sweep) & asked]
        return sorted(found, key=lambda sweep: (sweep.started_at, sweep.id))

    def all(self) -> Iterator[Sweep]:
        """Give every sweep, by id."""
        yield from (self._kept[id_] for id_ in sorted(self._kept))

    def latest(self, *, limit: int) -> Sequence[Sweep]:
        """Give the sweeps that started last, the newest first."""
        by_start = sorted(self._kept.values(), key=lambda sweep: (sweep.started_at, sweep.id))
        return by_start[::-1][:limit]

    def stale(self, before: datetime, *, limit: int) -> Sequence[tuple[int, datetime]]:
        """Give look-up cells that no sweep touched since a time, the longest untouched first."""
        last: dict[int, datetime] = {}
        for sweep in self._kept.values():
            for cell in lookup_cells(sweep):
                last[cell] = max(last.get(cell, sweep.started_at), sweep.started_at)
        found = [(cell, at) for cell, at in last.items() if at < before]
        return sorted(found, key=lambda each: (each[1], each[0]))[:limit]


def _in_order(observations: Iterable[Observation]) -> Sequence[Observation]:
    return sorted(observations, key=lambda each: each.order)
