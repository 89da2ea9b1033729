"""The problem map of a neighbourhood, told anew from its observations in the order of time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, count, groupby

import numpy as np

from dispatch.identity.condensing import condense
from dispatch.identity.fusion import Known, mean_over_passes, solve_map, tell_all
from dispatch.identity.matching import Matched, match_sights
from dispatch.identity.rule import IDENTITY, IdentityRule
from dispatch.identity.sights import Sights, labels_of, mixes, place_of, sights_of
from dispatch.ids import ObservationId, ProblemId
from dispatch.observation import Observation
from dispatch.problem import Problem


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
    groups: list[Known] = list(earlier)
    for mates in passes_in_time(observations):
        by_id = {each.id: each for each in mates}
        for ids, row in _matched(mates, groups, rule):
            members = [by_id[each] for each in ids]
            if row is None:
                groups.append(Known(observations=members))
            else:
                known = groups[row]
                groups[row] = replace(known, observations=[*known.observations, *members])
        groups = list(condense(groups, rule=rule))
    named = [(_first(each), each) for each in groups]
    return tell_all(sorted(named, key=lambda pair: pair[0]), rule=rule)


def _first(known: Known) -> ProblemId:
    if known.condensed:
        return ProblemId(known.condensed[0])
    return ProblemId(min(known.observations, key=lambda one: one.order).id)


def _matched(mates: Sequence[Observation], groups: Sequence[Known], rule: IdentityRule) -> Matched:
    """Match a pass to what the passes before it told, by distances within either first of all."""
    seen = [one.finding.probabilities for one in mates]
    if not groups:
        origin, labels = place_of(mates[0]), labels_of(seen)
        nothing = sights_of([], origin=origin, labels=labels, rule=rule)
        return match_sights(mates, nothing, origin=origin, labels=labels, rule=rule)
    solved = solve_map(groups, rule=rule)
    relative, common = solved.parted()
    pooled = [mean_over_passes(each.observations, gist=each.gist) for each in groups]
    labels = labels_of([*seen, *pooled])
    likeliest = [max(each, key=lambda key: (each[key], key)) for each in pooled]
    things = Sights(
        xy=solved.xy,
        own=relative,
        shared=np.zeros_like(relative),
        mix=mixes(pooled, labels),
        cap_m=np.array([rule.cap(label) for label in likeliest]),
        lasts_s=np.array([rule.lasts(label) for label in likeliest]),
        at=np.array([_last_at(each) for each in groups]),
    )
    return match_sights(
        mates, things, origin=solved.origin, labels=labels, rule=rule, map_covariance=common
    )


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
    parts: dict[ProblemId, list[tuple[ObservationId, ...]]] = {}
    for problem in sorted(told, key=lambda each: (each.first_seen_at, each.id)):
        homes = {in_use[each] for each in problem.observations if each in in_use}
        free = sorted(homes - parts.keys(), key=lambda each: (since[each], each))
        named.append(replace(problem, id=free[0] if free else _fresh(problem, since)))
        if len(homes) > 1:
            into, *merged = sorted(homes, key=lambda each: (since[each], each))
            merges.append(Merge(into=into, merged=tuple(merged)))
        for home in homes:
            part = tuple(each for each in problem.observations if in_use.get(each) == home)
            parts.setdefault(home, []).append(part)
    splits = (
        Split(problem=home, keep=pieces[0], parts=tuple(pieces[1:]))
        for home, pieces in sorted(parts.items())
        if len(pieces) > 1
    )
    return Changes(problems=tuple(named), merges=tuple(merges), splits=tuple(splits))


def _fresh(problem: Problem, taken: Collection[ProblemId]) -> ProblemId:
    """Name a thing after its first observation whose name is free, or else by that and a number."""
    names = chain(
        problem.observations,
        (f"{problem.observations[0]}.{number}" for number in count(2)),
    )
    return next(name for each in names if (name := ProblemId(each)) not in taken)
