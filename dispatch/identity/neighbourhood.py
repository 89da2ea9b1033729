"""The problem map of a neighbourhood, told anew from its observations in the order of time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, count, groupby

from dispatch.identity.condensing import condense
from dispatch.identity.fusion import Known, SolvedMap, mean_over_passes, solve_maps, tell_maps
from dispatch.identity.grouping import group_pass
from dispatch.identity.matching import Matched, Things, match_passes
from dispatch.identity.rule import IDENTITY, IdentityRule
from dispatch.ids import ObservationId, ProblemId
from dispatch.sights.observation import Observation
from dispatch.sights.problem import Problem


def resolve(
    observations: Sequence[Observation],
    *,
    earlier: Sequence[Known] = (),
    rule: IdentityRule = IDENTITY,
) -> tuple[Problem, ...]:
    """Tell the problems of a neighbourhood: pass by pass in time, as if all had come in order.

    The answer depends on the set of observations alone, not on the order of arrival. A problem's
    id is that of its first observation; `propose` sets it against the ids in use.

    Args:
        observations: those of the neighbourhood, each with a position.
        earlier: what was told, thing by thing, of passes that all lie before those of the
            observations: the telling goes on from there and comes to the same as one of both.

    Raises:
        NoPosition: an observation has none.
    """
    return resolve_all([Telling(observations=observations, earlier=earlier)], rule=rule)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What is to be told of a neighbourhood: observations, after what was told of earlier ones."""

    observations: Sequence[Observation]
    earlier: Sequence[Known] = ()


def resolve_all(
    tellings: Sequence[Telling], *, rule: IdentityRule = IDENTITY
) -> list[tuple[Problem, ...]]:
    """Tell the problems of many neighbourhoods, each as `resolve` does; they are told abreast.

    Raises:
        NoPosition: an observation has none.
    """
    maps: list[list[Known]] = [list(each.earlier) for each in tellings]
    passes = [passes_in_time(each.observations) for each in tellings]
    for number in range(max(map(len, passes), default=0)):
        going = [row for row, each in enumerate(passes) if number < len(each)]
        mates = [passes[row][number] for row in going]
        matched = _matched(mates, [maps[row] for row in going], rule)
        grown = [
            _grown(maps[row], each, found)
            for row, each, found in zip(going, mates, matched, strict=True)
        ]
        for row, told in zip(going, condense(grown, rule=rule), strict=True):
            maps[row] = list(told)
    named = [sorted(((_first(of), of) for of in each), key=lambda pair: pair[0]) for each in maps]
    return tell_maps(named, rule=rule)


def _grown(groups: Sequence[Known], mates: Sequence[Observation], matched: Matched) -> list[Known]:
    by_id = {each.id: each for each in mates}
    found = list(groups)
    for ids, row in matched:
        members = [by_id[each] for each in ids]
        if row is None:
            found.append(Known(observations=members))
        else:
            known = found[row]
            found[row] = replace(known, observations=[*known.observations, *members])
    return found


def _first(known: Known) -> ProblemId:
    if known.condensed:
        return ProblemId(known.condensed[0])
    return ProblemId(min(known.observations, key=lambda one: one.order).id)


def _matched(
    passes: Sequence[Sequence[Observation]], maps: Sequence[Sequence[Known]], rule: IdentityRule
) -> list[Matched]:
    """Match passes to what the passes before them told, by distances within either first of all."""
    known = [row for row, groups in enumerate(maps) if groups]
    solved = solve_maps([maps[row] for row in known], rule=rule)
    met = [(passes[row], _things(maps[row], each)) for row, each in zip(known, solved, strict=True)]
    found = dict(zip(known, match_passes(met, rule=rule) if met else (), strict=True))
    return [
        found[row] if row in found else _all_new(mates, rule) for row, mates in enumerate(passes)
    ]


def _all_new(mates: Sequence[Observation], rule: IdentityRule) -> Matched:
    return tuple((tuple(each.id for each in group), None) for group in group_pass(mates, rule))


def _things(groups: Sequence[Known], solved: SolvedMap) -> Things:
    relative, common = solved.spread.parted()
    pooled = [mean_over_passes(each.observations, gist=each.gist) for each in groups]
    return Things(
        origin=solved.origin,
        xy=solved.xy,
        own=relative,
        common=common,
        probabilities=pooled,
        likeliest=[_likeliest(each) for each in pooled],
        at=[_last_at(each) for each in groups],
    )


def _likeliest(probabilities: Mapping[str, float]) -> str:
    return max(probabilities, key=lambda label: (probabilities[label], label))


def _last_at(known: Known) -> float:
    """Give when a thing was captured last, in seconds since 1970."""
    if known.observations:
        return max(one.finding.captured_at for one in known.observations).timestamp()
    assert known.gist is not None  # each has the one or the other
    return known.gist.last_seen_at.timestamp()


def passes_in_time(observations: Sequence[Observation]) -> list[list[Observation]]:
    """Part observations by pass; passes by their first sight, observations by time."""
    ordered = sorted(observations, key=lambda one: (one.finding.pass_id, one.order))
    parted = [list(each) for _, each in groupby(ordered, key=lambda one: one.finding.pass_id)]
    return sorted(parted, key=lambda mates: mates[0].order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Problems that the observations say are one; `into` is the oldest of them."""

    into: ProblemId
    merged: tuple[ProblemId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A problem whose observations are of several things.

    Args:
        keep: the observations that stay with it.
        parts: those that leave it, a tuple for each new thing.
    """

    problem: ProblemId
    keep: tuple[ObservationId, ...]
    parts: tuple[tuple[ObservationId, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a fresh telling makes of the identities in use; nothing is changed by itself.

    Args:
        problems: the fresh telling under the ids in use: a merge keeps the oldest id, a split
            leaves the id with the part that holds its oldest observation.
    """

    problems: tuple[Problem, ...]
    merges: tuple[Merge, ...]
    splits: tuple[Split, ...]


def propose(
    in_use: Mapping[ObservationId, ProblemId],
    told: Sequence[Problem],
    *,
    since: Mapping[ProblemId, datetime],
) -> Changes:
    """Set a fresh telling against the identities in use and name every merge and split.

    Args:
        in_use: the problem of each observation today; those not in it are new.
        told: the problems as `resolve` tells them.
        since: when each problem in use was first known.
    """
    merges: list[Merge] = []
    named: list[Problem] = []
    pieces: dict[ProblemId, list[tuple[ObservationId, ...]]] = {}
    parts = [_parts(each, in_use) for each in sorted(told, key=_by_first_sight)]
    for part in parts:
        for home, ids in part.items():
            pieces.setdefault(home, []).append(ids)
    for each in pieces.values():
        # Ids begin with the time of capture.
        each.sort(key=min)
    for problem, part in zip(sorted(told, key=_by_first_sight), parts, strict=True):
        homes = sorted(part, key=lambda each: (since[each], each))
        kept = [home for home in homes if pieces[home][0] == part[home]]
        named.append(replace(problem, id=kept[0] if kept else _fresh(problem, since)))
        if len(homes) > 1:
            merges.append(Merge(into=homes[0], merged=tuple(homes[1:])))
    splits = (
        Split(problem=home, keep=each[0], parts=tuple(each[1:]))
        for home, each in sorted(pieces.items())
        if len(each) > 1
    )
    return Changes(problems=tuple(named), merges=tuple(merges), splits=tuple(splits))


def _by_first_sight(problem: Problem) -> tuple[datetime, ProblemId]:
    return problem.first_seen_at, problem.id


def _parts(
    problem: Problem, in_use: Mapping[ObservationId, ProblemId]
) -> dict[ProblemId, tuple[ObservationId, ...]]:
    """Part the observations of a told thing by the problems in use that they are of."""
    parts: dict[ProblemId, list[ObservationId]] = {}
    for one in problem.observations:
        if one in in_use:
            parts.setdefault(in_use[one], []).append(one)
    return {home: tuple(each) for home, each in parts.items()}


def _fresh(problem: Problem, taken: Collection[ProblemId]) -> ProblemId:
    """Name a thing after its first observation whose name is free, or else by that and a number."""
    names = chain(
        problem.observations,
        (f"{problem.observations[0]}.{number}" for number in count(2)),
    )
    return next(name for each in names if (name := ProblemId(each)) not in taken)
