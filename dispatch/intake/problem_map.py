"""The problem map as it grows: a provisional identity on arrival, a settled one when a pass ends.

The settled map of a neighbourhood depends on its observations alone, not on the order in which
they came: it is told anew from all of them (`identity.neighbourhood.resolve`).
These join the transaction of whoever calls them; the caller has locked the map.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import takewhile

from dispatch.identity.fusion import Known, problem_of
from dispatch.identity.gate import may_be_known, provisional_match
from dispatch.identity.nearby import ProblemsNear, SightsNear
from dispatch.identity.neighbourhood import Telling, passes_in_time, propose, resolve_all
from dispatch.ids import ObservationId, ProblemId
from dispatch.intake.neighbours import cells_about, closure, parted
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.sights.observation import Observation
from dispatch.sights.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of the map.

    Args:
        touched: problems that are new or got observations, by id.
        gone: problems that are no more, each with the one that holds its oldest observation.
    """

    touched: Mapping[ProblemId, Problem]
    gone: Mapping[ProblemId, ProblemId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What sights were taken for on arrival.

    Args:
        touched: problems that are new or got observations, by id.
        doubtful: those of them that one pass alone has seen, beside a known problem of their kind:
            its end may yet find them to be that one.
    """

    touched: Mapping[ProblemId, Problem]
    doubtful: Set[ProblemId]


def arrive(
    fresh: Sequence[Observation], *, mates: Sequence[Observation], uow: UnitOfWork
) -> Arrived:
    """Give every fresh observation a provisional identity: a hazard cannot wait for the pass's end.

    Args:
        fresh: each with a cell and as yet no problem.
        mates: observations of the same passes that have theirs.
    """
    near = ProblemsNear(uow.problems.near(cells_about(fresh)))
    linked = SightsNear(mates)
    touched: dict[ProblemId, Problem] = {}
    doubtful: set[ProblemId] = set()
    for one in sorted(fresh, key=lambda each: each.order):
        known = near.about(one)
        same_pass = linked.about(one)
        match = provisional_match(one, known, same_pass=same_pass)
        if match is None:
            problem = problem_of(ProblemId(one.id), [one])
        else:
            problem = _with(next(each for each in known if each.id == match), one, same_pass)
        others = [each for each in known if each.id != problem.id]
        if problem.passes == 1 and may_be_known(one, others, same_pass=same_pass):
            doubtful.add(problem.id)
        near.keep(problem)
        touched[problem.id] = problem
        uow.problems.save(problem)
        placed = one.of_problem(problem.id)
        linked.keep(placed)
        uow.observations.save(placed)
    return Arrived(
        touched=touched,
        doubtful={each for each in doubtful if touched[each].passes == 1},
    )


def settle(
    begun: Sequence[Observation], *, left: Sequence[Observation] = (), uow: UnitOfWork
) -> Change:
    """Tell the neighbourhoods of some observations anew, and write what comes of it.

    What gists hold is not read, unless something is told of a time that they speak of.

    Args:
        begun: observations of passes that have ended, or that were revised.
        left: what the revised ones were before: whatever lies near is told anew without them.
    """
    about = closure(begun, left=left, condensed=False, uow=uow)
    known = _known(about.values(), uow=uow)
    told = None
    if not any(one.condensed for one in (*begun, *left)):
        told = _go_on(_placed(about), {one.id for one in begun}, left, known=known)
    if told is None:
        about = closure(begun, left=left, condensed=True, uow=uow)
        known = _known(about.values(), uow=uow)
        parts = parted(_placed(about))
        told = [
            problem
            for each in resolve_all([Telling(observations=part) for part in parts])
            for problem in each
        ]
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
    in_use = {each.condensed[0]: each.id for each in known.values() if each.condensed}
    in_use |= {one.id: one.problem for one in about.values() if one.problem is not None}
    carried = _carried(told, known, about)
    problems = _named(in_use, told, carried, known=known, uow=uow)
    fresh = {each.id: each.observations[carried[row] :] for row, each in enumerate(problems)}
    home = {one: id_ for id_, ids in fresh.items() for one in ids}
    home |= {each.condensed[0]: each.id for each in problems if each.condensed}
    condensed = {one for row, each in enumerate(problems) for one in each.condensed[carried[row] :]}
    for problem in problems:
        if known.get(problem.id) != problem:
            uow.problems.save(problem)
    renamed = [
        one
        for row, each in enumerate(problems)
        if carried[row] and in_use[each.condensed[0]] != each.id
        for one in each.condensed[: carried[row]]
    ]
    if renamed:
        old = uow.observations.known(renamed).values()
        about = {**about, **{one.id: one for one in old}}
        home |= {one: each.id for each in problems for one in each.condensed}
        condensed |= set(renamed)
    placed = [
        one.of_problem(home.get(one.id), settled=one.id in home, condensed=one.id in condensed)
        for one in about.values()
    ]
    changed = [now for one, now in zip(about.values(), placed, strict=True) if not _alike(one, now)]
    uow.observations.relink(changed)
    gone = _gone(known, home, about.values())
    for id_ in gone:
        uow.problems.remove(id_)
    begun_ids = {one.id for one in begun}
    return Change(
        touched={each.id: each for each in problems if not begun_ids.isdisjoint(fresh[each.id])},
        gone=gone,
    )


def _carried(
    told: Sequence[Problem],
    known: Mapping[ProblemId, Problem],
    about: Mapping[ObservationId, Observation],
) -> list[int]:
    """Say of how many of each thing's observations nothing changes: its gist held them before.

    After a year they are hundreds. What was read again counts as changed.
    """
    before = {each.condensed[0]: each for each in known.values() if each.condensed}
    counts = []
    for problem in told:
        of = before.get(problem.condensed[0]) if problem.condensed else None
        held = of.condensed if of is not None and of.condensed[0] not in about else ()
        counts.append(len(held) if problem.observations[: len(held)] == held else 0)
    return counts


def _alike(one: Observation, now: Observation) -> bool:
    was = one.problem, one.settled, one.condensed
    return was == (now.problem, now.settled, now.condensed)


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
    tellings: list[Telling] = []
    for part in parted(placed):
        ids = {one.problem for one in part if one.problem is not None}
        gists = [known[each] for each in sorted(ids) if each in known and known[each].gist]
        telling = _telling(part, begun, left, gists)
        if telling is None:
            return None
        tellings.append(telling)
    told = [problem for each in resolve_all(tellings) for problem in each]
    if any(len(each.condensed) == len(each.observations) for each in told):
        return None
    return told


def _telling(
    part: Sequence[Observation],
    begun: Set[ObservationId],
    left: Sequence[Observation],
    gists: Sequence[Problem],
) -> Telling | None:
    """Say what to tell of a neighbourhood; passes before the first one that is changed stay as they
    were told. None where its gists speak of the time of what is changed.
    """
    passes = passes_in_time(part)
    told = list(takewhile(lambda mates: _is_told(mates, begun, left), passes))
    earlier = [one for mates in told for one in mates]
    later = [one for mates in passes[len(told) :] for one in mates]
    if not gists and len(parted(earlier)) != 1:
        return Telling(observations=part)
    until = max((each.gist.until for each in gists if each.gist), default=None)
    if until and any(one.finding.captured_at <= until for one in (*later, *left)):
        return None
    groups: dict[ProblemId, list[Observation]] = {each.id: [] for each in gists}
    for one in earlier:
        assert one.problem is not None
        groups.setdefault(one.problem, []).append(one)
    of = {each.id: each for each in gists}
    known = [_so_far(of.get(id_), each) for id_, each in groups.items()]
    return Telling(observations=later, earlier=known)


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
    carried: Sequence[int],
    *,
    known: Mapping[ProblemId, Problem],
    uow: UnitOfWork,
) -> tuple[Problem, ...]:
    """Name what was told by the ids in use, and new things by none that is used elsewhere."""
    since = {id_: problem.first_seen_at for id_, problem in known.items()}
    # Of what a gist holds on, its first observation stands for all.
    lean = [
        replace(each, observations=(*each.observations[: count > 0], *each.observations[count:]))
        for each, count in zip(told, carried, strict=True)
    ]
    while True:
        named = propose(in_use, lean, since=since).problems
        of = {each.observations[0]: each.id for each in named}
        taken = {
            each.id: each.first_seen_at
            for each in uow.problems.known([each.id for each in named if each.id not in since])
        }
        if not taken:
            return tuple(replace(each, id=of[each.observations[0]]) for each in told)
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
