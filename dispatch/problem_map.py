"""The problem map as it grows: a provisional identity on arrival, a settled one when a pass ends.

The settled map of a neighbourhood depends on its observations alone, not on the order in which
they came: it is told anew from all of them (`identity.neighbourhood.resolve`).
These join the transaction of whoever calls them; the caller has locked the map.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Final

from dispatch.identity.fusion import Known, problem_of
from dispatch.identity.gate import provisional_match
from dispatch.identity.neighbourhood import passes_in_time, propose, resolve
from dispatch.identity.rule import IDENTITY
from dispatch.identity.sights import place_of
from dispatch.ids import ObservationId, ProblemId
from dispatch.observation import Observation
from dispatch.place import cells_near, distance_m
from dispatch.ports import UnitOfWork
from dispatch.problem import Problem

CAP_M: Final = max([IDENTITY.cap_m, *IDENTITY.caps_m.values()])
LINK_M: Final = 2.0 * CAP_M
"""Observations farther apart than this never have to do with each other's identity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of the map.

    Args:
        touched: problems that are new or got observations, by id.
        gone: problems that are no more, each with the one that holds its oldest observation.
    """

    touched: Mapping[ProblemId, Problem]
    gone: Mapping[ProblemId, ProblemId]


def arrive(
    fresh: Sequence[Observation], *, mates: Sequence[Observation], uow: UnitOfWork
) -> dict[ProblemId, Problem]:
    """Give every fresh observation a provisional identity: a hazard cannot wait for the pass's end.

    Args:
        fresh: each with a cell and as yet no problem.
        mates: observations of the same passes that have theirs.

    Returns:
        The problems that are new or got observations.
    """
    near = _ProblemsNear(uow.problems.near(_cells_about(fresh)))
    linked = _ObservationsNear(mates)
    touched: dict[ProblemId, Problem] = {}
    for one in sorted(fresh, key=lambda each: each.order):
        known = near.about(one)
        same_pass = [
            mate for mate in linked.about(one) if mate.finding.pass_id == one.finding.pass_id
        ]
        match = provisional_match(one, known, same_pass=same_pass)
        if match is None:
            problem = problem_of(ProblemId(one.id), [one])
        else:
            problem = _with(next(each for each in known if each.id == match), one, same_pass)
        near.keep(problem)
        touched[problem.id] = problem
        uow.problems.save(problem)
        placed = one.of_problem(problem.id)
        linked.keep(placed)
        uow.observations.save(placed)
    return touched


def settle(
    begun: Sequence[Observation], *, left: Sequence[Observation] = (), uow: UnitOfWork
) -> Change:
    """Tell the neighbourhoods of some observations anew, and write what comes of it.

    What gists hold is not read, unless something is told of a time that they speak of.

    Args:
        begun: observations of passes that have ended, or that were revised.
        left: what the revised ones were before: whatever lies near is told anew without them.
    """
    about = _closure(begun, left=left, condensed=False, uow=uow)
    known = _known(about.values(), uow=uow)
    told = None
    if not any(one.condensed for one in (*begun, *left)):
        told = _go_on(_placed(about), {one.id for one in begun}, left, known=known)
    if told is None:
        about = _closure(begun, left=left, condensed=True, uow=uow)
        known = _known(about.values(), uow=uow)
        told = [each for part in _parted(_placed(about)) for each in resolve(part)]
    return _write(begun, about, told, known=known, uow=uow)


def _placed(about: Mapping[ObservationId, Observation]) -> list[Observation]:
    return [one for one in about.values() if one.cell is not None]


def _known(about: Iterable[Observation], *, uow: UnitOfWork) -> dict[ProblemId, Problem]:
    ids = {one.problem for one in about if one.problem is not None}
    return {each.id: each for each in uow.problems.known(ids)}


def _write(
    begun: Sequence[Observation],
    about: Mapping[ObservationId, Observation],
    told: Sequence[Problem],
    *,
    known: Mapping[ProblemId, Problem],
    uow: UnitOfWork,
) -> Change:
    in_use = {one: each.id for each in known.values() for one in each.condensed}
    in_use |= {one.id: one.problem for one in about.values() if one.problem is not None}
    problems = _named(in_use, told, known=known, uow=uow)
    home = {one: problem.id for problem in problems for one in problem.observations}
    condensed = {one for problem in problems for one in problem.condensed}
    for problem in problems:
        if known.get(problem.id) != problem:
            uow.problems.save(problem)
    for one in about.values():
        placed_as = one.of_problem(
            home.get(one.id), settled=one.id in home, condensed=one.id in condensed
        )
        if placed_as != one:
            uow.observations.save(placed_as)
    gone = _gone(known, home, about.values())
    for id_ in gone:
        uow.problems.remove(id_)
    begun_ids = {one.id for one in begun}
    return Change(
        touched={each.id: each for each in problems if not begun_ids.isdisjoint(each.observations)},
        gone=gone,
    )


def _with(problem: Problem, one: Observation, same_pass: Collection[Observation]) -> Problem:
    """Count one more sight; the end of the pass tells place and size anew."""
    again = any(mate.problem == problem.id for mate in same_pass)
    return replace(
        problem,
        observations=(*problem.observations, one.id),
        first_seen_at=min(problem.first_seen_at, one.finding.first_seen_at),
        last_seen_at=max(problem.last_seen_at, one.finding.last_seen_at),
        passes=problem.passes + (not again),
    )


def _go_on(
    placed: Sequence[Observation],
    begun: Set[ObservationId],
    left: Sequence[Observation],
    *,
    known: Mapping[ProblemId, Problem],
) -> list[Problem] | None:
    """Tell each neighbourhood from its gists on; None where one of them must be read again."""
    told: list[Problem] = []
    for part in _parted(placed):
        ids = {one.problem for one in part if one.problem is not None}
        gists = [known[each] for each in sorted(ids) if each in known and known[each].gist]
        problems = _told(part, begun, left, gists)
        if problems is None or any(
            len(each.condensed) == len(each.observations) for each in problems
        ):
            return None
        told += problems
    return told


def _told(
    part: Sequence[Observation],
    begun: Set[ObservationId],
    left: Sequence[Observation],
    gists: Sequence[Problem],
) -> Sequence[Problem] | None:
    """Tell a neighbourhood; passes before the first one that is changed stay as they were told."""
    passes = passes_in_time(part)
    told = list(takewhile(lambda mates: _is_told(mates, begun, left), passes))
    earlier = [one for mates in told for one in mates]
    later = [one for mates in passes[len(told) :] for one in mates]
    if not gists and len(_parted(earlier)) != 1:
        return resolve(part)
    until = max((each.gist.until for each in gists if each.gist), default=None)
    if until and any(one.finding.captured_at <= until for one in (*later, *left)):
        return None
    groups: dict[ProblemId, list[Observation]] = {each.id: [] for each in gists}
    for one in earlier:
        assert one.problem is not None
        groups.setdefault(one.problem, []).append(one)
    of = {each.id: each for each in gists}
    return resolve(later, earlier=[_so_far(of.get(id_), each) for id_, each in groups.items()])


def _is_told(
    mates: Sequence[Observation], begun: Set[ObservationId], left: Sequence[Observation]
) -> bool:
    """Say whether a pass was told already, and lies before all that was revised."""
    if any(mates[0].finding.pass_id == one.finding.pass_id for one in left):
        return False
    return all(mates[0].order < one.order for one in left) and all(
        one.problem is not None and one.settled and one.id not in begun for one in mates
    )


def _so_far(problem: Problem | None, observations: Sequence[Observation]) -> Known:
    if problem is None:
        return Known(observations=observations)
    return Known(observations=observations, gist=problem.gist, condensed=problem.condensed)


def _named(
    in_use: Mapping[ObservationId, ProblemId],
    told: Sequence[Problem],
    *,
    known: Mapping[ProblemId, Problem],
    uow: UnitOfWork,
) -> tuple[Problem, ...]:
    """Name what was told by the ids in use, and new things by none that is used elsewhere."""
    since = {id_: problem.first_seen_at for id_, problem in known.items()}
    while True:
        problems = propose(in_use, told, since=since).problems
        fresh = [each.id for each in problems if each.id not in since]
        taken = {each.id: each.first_seen_at for each in uow.problems.known(fresh)}
        if not taken:
            return problems
        since |= taken


def _gone(
    known: Collection[ProblemId],
    home: Mapping[ObservationId, ProblemId],
    about: Collection[Observation],
) -> dict[ProblemId, ProblemId]:
    """Find the problems whose observations have all gone over to others.

    One that lost them otherwise (a revision took the place away) stays, for its case's sake.
    """
    over: dict[ProblemId, ProblemId] = {}
    for one in sorted(about, key=lambda each: each.order, reverse=True):
        if one.problem is not None and one.id in home:
            over[one.problem] = home[one.id]
    left = set(home.values())
    return {id_: over[id_] for id_ in known if id_ in over and id_ not in left}


def _closure(
    begun: Sequence[Observation],
    *,
    left: Sequence[Observation],
    condensed: bool,
    uow: UnitOfWork,
) -> dict[ObservationId, Observation]:
    """Gather whatever may have to do with the identity of some observations.

    Two observations have to do with each other if they lie within `LINK_M` and in each other's
    time, or are taken for one problem at present.

    Args:
        condensed: gather what gists hold, too.
    """
    about: dict[ObservationId, Observation] = {}
    pool = _ObservationsNear(())
    seen_cells: set[int] = set()
    seen_problems: set[ProblemId] = set()
    beside = _cells_about(left, radius_m=LINK_M)
    for one in uow.observations.near(beside, condensed=condensed) if left else ():
        pool.keep(one)
    mates = {mate.id: mate for one in left for mate in pool.about(one, radius_m=LINK_M)}
    fresh = list((mates | {one.id: one for one in begun}).values())
    while fresh:
        about |= {one.id: one for one in fresh}
        cells = _cells_about(fresh, radius_m=LINK_M) - seen_cells
        seen_cells |= cells
        for one in uow.observations.near(cells, condensed=condensed) if cells else ():
            pool.keep(one)
        problems = {one.problem for one in fresh if one.problem is not None} - seen_problems
        seen_problems |= problems
        of = uow.observations.of_problems(problems, condensed=condensed)
        reached = [mate for id_ in sorted(of) for mate in of[id_]]
        reached += [mate for one in fresh for mate in pool.about(one, radius_m=LINK_M)]
        fresh = list({mate.id: mate for mate in reached if mate.id not in about}.values())
    return about


def _parted(observations: Sequence[Observation]) -> list[list[Observation]]:
    """Part observations into those that a chain of steps of `LINK_M` holds together."""
    pool = _ObservationsNear(observations)
    left = {one.id: one for one in sorted(observations, key=lambda each: each.order)}
    parts: list[list[Observation]] = []
    while left:
        part = fresh = [left.pop(next(iter(left)))]
        while fresh:
            reached = {m.id: m for one in fresh for m in pool.about(one, radius_m=LINK_M)}
            fresh = [left.pop(id_) for id_ in sorted(reached) if id_ in left]
            part = [*part, *fresh]
        parts.append(part)
    return parts


def _cells_about(observations: Iterable[Observation], *, radius_m: float = CAP_M) -> set[int]:
    cells = {one.cell for one in observations if one.cell is not None}
    return {near for cell in cells for near in cells_near(cell, radius_m=radius_m)}


class _ProblemsNear:
    """Problems by look-up cell, kept up to date while a batch is worked on."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self._by_cell: dict[int, dict[ProblemId, Problem]] = defaultdict(dict)
        for problem in problems:
            self.keep(problem)

    def keep(self, problem: Problem) -> None:
        """Add a problem, or put it in the place of an earlier form of it."""
        self._by_cell[problem.place.cell][problem.id] = problem

    def about(self, one: Observation) -> list[Problem]:
        """Give the problems within the hard cap of an observation."""
        assert one.cell is not None
        place = place_of(one)
        return [
            problem
            for cell in cells_near(one.cell, radius_m=CAP_M)
            for problem in self._by_cell.get(cell, {}).values()
            if distance_m(place, problem.place) <= CAP_M
        ]


class _ObservationsNear:
    """Observations by look-up cell."""

    def __init__(self, observations: Iterable[Observation]) -> None:
        self._by_cell: dict[int, dict[ObservationId, Observation]] = defaultdict(dict)
        for one in observations:
            self.keep(one)

    def keep(self, one: Observation) -> None:
        """Add an observation; one without a place lies near nothing."""
        if one.cell is not None:
            self._by_cell[one.cell][one.id] = one

    def about(self, one: Observation, *, radius_m: float = CAP_M) -> list[Observation]:
        """Give the observations that may bear on one's identity: near it, and in its time.

        That one is among them if it was kept.
        """
        if one.cell is None:
            return []
        place = place_of(one)
        return [
            mate
            for cell in cells_near(one.cell, radius_m=radius_m)
            for mate in self._by_cell.get(cell, {}).values()
            if distance_m(place, place_of(mate)) <= radius_m and _may_concern(one, mate)
        ]


def _may_concern(one: Observation, mate: Observation) -> bool:
    apart = abs((one.finding.captured_at - mate.finding.captured_at).total_seconds())
    return IDENTITY.may_concern(one.finding.label, mate.finding.label, apart_s=apart)
