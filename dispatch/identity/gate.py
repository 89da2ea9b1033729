"""May two sights be of one thing? The gate, and how much likelier that is than a new thing."""

import math
from collections.abc import Sequence

import numpy as np

from dispatch.identity.rule import IDENTITY, IdentityRule
from dispatch.identity.sights import (
    Array,
    Sights,
    labels_of,
    matrix,
    mixes,
    offset,
    place_of,
    sights_of,
)
from dispatch.ids import ProblemId
from dispatch.observation import Observation
from dispatch.place import Place
from dispatch.problem import Problem


def squared_distances(gap: Array, covariance: Array) -> Array:
    """Give Mahalanobis distances squared.

    Args:
        gap: (..., 2) metres.
        covariance: (..., 2, 2) m², of the gap.
    """
    solved = np.linalg.solve(covariance, gap[..., None])[..., 0]
    return np.asarray(np.sum(gap * solved, axis=-1))


def gains(gap: Array, covariance: Array, support: Array, rule: IdentityRule) -> Array:
    """Give the log-likelihood ratio of "the same thing" against "a new thing of this class".

    The same: a normal density of the gap times the agreement of the labels; new: the density of
    such things on the street. Where the gate or the labels forbid it, minus infinity.
    """
    distance2 = squared_distances(gap, covariance)
    allowed = (distance2 < rule.gate) & (support >= rule.support)
    spread = 0.5 * np.log(np.linalg.det(2.0 * math.pi * covariance))
    agreement = np.log(np.maximum(support, 1e-12))
    ratio = -0.5 * distance2 - spread + agreement - math.log(rule.density_per_m2)
    return np.where(allowed, ratio, -np.inf)


def sights_of_problems(
    problems: Sequence[Problem], *, origin: Place, labels: Sequence[str], rule: IdentityRule
) -> Sights:
    """Lay known problems out as arrays; their whole error counts as their own."""
    count = len(problems)
    xy, own = np.zeros((count, 2)), np.zeros((count, 2, 2))
    for row, problem in enumerate(problems):
        xy[row], own[row] = offset(origin, problem.place), matrix(problem.place)
    return Sights(
        xy=xy,
        own=own,
        shared=np.zeros((count, 2, 2)),
        mix=mixes([each.probabilities for each in problems], labels),
        cap_m=np.array([rule.cap(each.label) for each in problems]),
        at=np.array([each.last_seen_at.timestamp() for each in problems]),
    )


def one_in_pass(a: Observation, b: Observation, rule: IdentityRule = IDENTITY) -> bool:
    """Say whether two observations of one pass may be one thing: only their own errors count.

    The error that a pass shares cancels between them. Tracks that were in the same frames must
    lie on each other to be one thing.

    Raises:
        NoPosition: one of them has none.
    """
    origin = place_of(a)
    labels = labels_of([a.finding.probabilities, b.finding.probabilities])
    pair = sights_of([a, b], origin=origin, labels=labels, rule=rule)
    gap = pair.xy[1] - pair.xy[0]
    if float(np.hypot(*gap)) > float(pair.cap_m.min()) or pair.mix[0] @ pair.mix[1] < rule.support:
        return False
    concurrent = (
        a.finding.first_seen_at < b.finding.last_seen_at
        and b.finding.first_seen_at < a.finding.last_seen_at
    )
    limit = rule.concurrent_gate if concurrent else rule.gate
    return float(squared_distances(gap, pair.own[0] + pair.own[1])) < limit


def provisional_match(
    observation: Observation,
    problems: Sequence[Problem],
    *,
    same_pass: Sequence[Observation] = (),
    rule: IdentityRule = IDENTITY,
) -> ProblemId | None:
    """Give the known problem that an observation is most likely of, or None if it is new.

    Fit for the moment of arrival; the end of the pass decides again, over all its observations.

    Args:
        problems: those near by, in any order.
        same_pass: observations of the same pass near by that have their problem already.

    Raises:
        NoPosition: the observation or one of its pass has none.
    """
    origin = place_of(observation)
    known = [each for each in problems if _may_be(observation, each, same_pass, rule)]
    labels = labels_of([observation.finding.probabilities, *(each.probabilities for each in known)])
    seen = sights_of([observation], origin=origin, labels=labels, rule=rule)
    things = sights_of_problems(known, origin=origin, labels=labels, rule=rule)
    mates = {mate.problem for mate in same_pass}
    gap = things.xy - seen.xy
    near = np.hypot(gap[:, 0], gap[:, 1]) <= np.minimum(things.cap_m, seen.cap_m)
    covariance = things.own + seen.own + seen.shared
    gain = gains(gap, covariance, things.mix @ seen.mix[0], rule)
    ranked = [
        (problem.id not in mates, -float(gain[row]), problem.id)
        for row, problem in enumerate(known)
        if near[row] and np.isfinite(gain[row])
    ]
    return min(ranked)[2] if ranked else None


def _may_be(
    observation: Observation, problem: Problem, same_pass: Sequence[Observation], rule: IdentityRule
) -> bool:
    mates = [each for each in same_pass if each.problem == problem.id]
    return not mates or any(one_in_pass(observation, mate, rule) for mate in mates)
