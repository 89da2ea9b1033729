"""The problem map in memory: problems, observations and swept ground."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from dispatch.case.case import Case
from dispatch.ids import ProblemId
from dispatch.missing import NotFound
from dispatch.sights.observation import Observation
from dispatch.sights.problem import Problem
from dispatch.sights.swept import lookup_cells
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

    def __init__(self, kept: dict[str, Observation], cases: Mapping[str, Case]) -> None:
        self._kept = kept
        self._cases = cases

    def get(self, id_: str) -> Observation | None:
        """Give an observation, or None."""
        return self._kept.get(id_)

    def known(self, ids: Collection[str]) -> Mapping[str, Observation]:
        """Give those of the ids that were taken in."""
        return {id_: self._kept[id_] for id_ in ids if id_ in self._kept}

    def save(self, observation: Observation) -> None:
        """Keep a new, revised or re-linked observation."""
        self._kept[observation.id] = observation

    def relink(self, observations: Sequence[Observation]) -> None:
        """Keep of which problems known observations are sights, and how that was told; no more."""
        for one in observations:
            self._kept[one.id] = self._kept[one.id].of_problem(
                one.problem, settled=one.settled, condensed=one.condensed
            )

    def of_problem(self, problem: ProblemId) -> Sequence[Observation]:
        """Give a problem's observations in their `order`."""
        return _in_order(each for each in self._kept.values() if each.problem == problem)

    def of_problems(
        self,
        problems: Collection[ProblemId],
        *,
        condensed: bool = True,
        besides: Collection[str] = (),
    ) -> Mapping[ProblemId, Sequence[Observation]]:
        """Give the observations of each problem that has any, in their `order`, all at once."""
        found: dict[ProblemId, list[Observation]] = {}
        for one in _in_order(self._kept.values()):
            wanted = one.id not in besides and (condensed or not one.condensed)
            if wanted and one.problem and one.problem in problems:
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

    def near(
        self,
        cells: Collection[int],
        *,
        condensed: bool,
        besides: Collection[str] = (),
    ) -> Sequence[Observation]:
        """Give the observations in look-up cells, in their `order`."""
        return _in_order(
            each
            for each in self._kept.values()
            if each.cell in cells
            and (condensed or not each.condensed)
            and each.finding.label not in besides
        )

    def near_in_time(
        self, cells: Collection[int], *, labels: Collection[str], during: tuple[datetime, datetime]
    ) -> Sequence[Observation]:
        """Give the observations of some labels in look-up cells in a span of time, in `order`."""
        start, end = during
        return _in_order(
            each
            for each in self._kept.values()
            if each.cell in cells
            and each.finding.label in labels
            and start <= each.finding.captured_at <= end
        )

    def cells_of_pass(self, pass_id: str) -> Collection[int]:
        """Give the look-up cells in which a pass saw anything."""
        found = (one for one in self._kept.values() if one.finding.pass_id == pass_id)
        return {one.cell for one in found if one.cell is not None}

    def without_place(self, *, limit: int) -> Sequence[Observation]:
        """Give observations that a person has to place, the newest first."""
        found = [each for each in self._kept.values() if each.cell is None]
        return sorted(found, key=lambda each: each.id, reverse=True)[:limit]

    def waiting(self, *, before: datetime, limit: int) -> Sequence[Observation]:
        """Give sights received before a time that wait for the end of their pass for a case."""
        with_case = {case.problem for case in self._cases.values()}
        found = [
            each
            for each in self._kept.values()
            if each.problem is not None
            and not each.settled
            and each.received_at < before
            and each.problem not in with_case
        ]
        return _in_order(found)[:limit]


class MemorySweeps:
    """The ground that passes inspected."""

    def __init__(self, kept: dict[str, Sweep], erased: set[str]) -> None:
        self._kept = kept
        self._erased = erased

    def get(self, id_: str) -> Sweep | None:
        """Give a sweep, or None."""
        return self._kept.get(id_)

    def save(self, sweep: Sweep) -> None:
        """Keep a new or revised sweep."""
        self._kept[sweep.id] = sweep
        self._erased.discard(sweep.id)

    def of_pass(self, pass_id: str) -> Sequence[Sweep]:
        """Give a pass's stretches in order."""
        found = [sweep for sweep in self._kept.values() if sweep.pass_id == pass_id]
        return sorted(found, key=lambda sweep: (sweep.stretch, sweep.id))

    def has_ended(self, pass_id: str) -> bool:
        """Say whether a pass's last sweep has come."""
        return any(sweep.last and sweep.pass_id == pass_id for sweep in self._kept.values())

    def near(
        self,
        cells: Collection[int],
        *,
        until: datetime | None = None,
        after: datetime | None = None,
        latest: int | None = None,
    ) -> Sequence[Sweep]:
        """Give the sweeps that inspected or hid ground in look-up cells, by start."""
        asked = frozenset(cells)
        found = [
            sweep
            for sweep in self._kept.values()
            if (until is None or sweep.started_at <= until)
            and (after is None or sweep.started_at > after)
            and lookup_cells(sweep) & asked
        ]
        found.sort(key=lambda sweep: (sweep.started_at, sweep.id))
        return found if latest is None else found[-latest:]

    def cells_of_pass(self, pass_id: str) -> Collection[int]:
        """Give the look-up cells of the ground that a pass inspected or that was hidden from it."""
        return {cell for sweep in self.of_pass(pass_id) for cell in lookup_cells(sweep)}

    def all(self) -> Iterator[Sweep]:
        """Give every sweep that has its ground still, by id."""
        yield from (self._kept[id_] for id_ in sorted(self._kept.keys() - self._erased))

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
