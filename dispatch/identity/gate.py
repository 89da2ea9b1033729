"""May two sights be of one thing? The gate, and how much likelier that is than a new thing."""

import math
from collections.abc import Mapping, Sequence

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
    position_of,
    sights_of,
)
from dispatch.ids import ProblemId
from dispatch.observation import Observation
from dispatch.place import Place, metres_east_north
from dispatch.problem import Problem


def squared_distances(gap: Array, covariance: Array) -> Array:
    """Give Mahalanobis distances squared.

    Args:
        gap: (..., 2) metres.
        covariance: (..., 2, 2) m², of the gap.
    """
    solved = np.linalg.solve(covariance, gap[..., None])[..., 0]
    return np.asarray(np.sum(gap * solved, axis=-1))


def may_be_one_place(one: Place, other: Place, rule: IdentityRule = IDENTITY) -> bool:
    """Say whether two places may be one, by their whole errors and within the hard cap."""
    gap = offset(one, other)
    apart2 = float(squared_distances(gap, matrix(one) + matrix(other)))
    return apart2 < rule.gate and float(np.hypot(*gap)) <= rule.cap_m


def gains(
    gap: Array, covariance: Array, support: Array, *, gate: float, rule: IdentityRule
) -> Array:
    """Give the log-likelihood ratio of "the same thing" against "a new thing of this class".

    The same: a normal density of the gap times the agreement of the labels; new: the density of
    such things on the street. Where the gate or the labels forbid it, minus infinity.
    """
    distance2 = squared_distances(gap, covariance)
    allowed = (distance2 < gate) & (support >= rule.support)
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
        lasts_s=np.array([rule.lasts(each.label) for each in problems]),
        at=np.array([each.last_seen_at.timestamp() for each in problems]),
    )


def one_in_pass(a: Observation, b: Observation, rule: IdentityRule = IDENTITY) -> bool:
    """Say whether two observations of one pass may be one thing: only their own errors count.

    The error that a pass shares cancels between them. Tracks that were in the same frames must
    lie on each other to be one thing.

    Raises:
        NoPosition: one of them has none.
    """
    here, there = position_of(a), position_of(b)
    east, north = metres_east_north(place_of(a), place_of(b))
    cap = min(rule.cap(a.finding.label), rule.cap(b.finding.label))
    if math.hypot(east, north) > cap or not _in_time(a, b, rule):
        return False
    if likeness(a.finding.probabilities, b.finding.probabilities) < rule.support:
        return False
    concurrent = (
        a.finding.first_seen_at < b.finding.last_seen_at
        and b.finding.first_seen_at < a.finding.last_seen_at
    )
    limit = rule.concurrent_gate if concurrent else rule.pass_gate
    spread = matrix(here.own) + matrix(there.own)
    return float(squared_distances(np.array([east, north]), spread)) < limit


def _in_time(a: Observation, b: Observation, rule: IdentityRule) -> bool:
    apart = abs((a.finding.captured_at - b.finding.captured_at).total_seconds())
    return apart <= min(rule.lasts(a.finding.label), rule.lasts(b.finding.label))


def likeness(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    """Give the cosine between two label distributions, 0..1."""
    lengths = math.hypot(*a.values()) * math.hypot(*b.values())
    common = sum(share * b.get(label, 0.0) for label, share in a.items())
    return common / lengths if lengths > 0.0 else 0.0


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
    if not known:
        return None
    labels = labels_of([observation.finding.probabilities, *(each.probabilities for each in known)])
    seen = sights_of([observation], origin=origin, labels=labels, rule=rule)
    things = sights_of_problems(known, origin=origin, labels=labels, rule=rule)
    mates = {mate.problem for mate in same_pass}
    covariance = things.own + seen.own + seen.shared
    gain = gains(
        things.xy - seen.xy, covariance, things.mix @ seen.mix[0], gate=rule.gate, rule=rule
    )
    ranked = [
        (problem.id not in mates, -float(gain[row]), problem.id)
        for row, problem in enumerate(known)
        if np.isfinite(gain[row])
    ]
    return min(ranked)[2] if ranked else None


def _may_be(
    observation: Observation, problem: Problem, same_pass: Sequence[Observation], rule: IdentityRule
) -> bool:
    apart = math.hypot(*metres_east_north(place_of(observation), problem.place))
    if apart > min(rule.cap(problem.label), rule.cap(observation.finding.label)):
        return False
    at = observation.finding.captured_at
    unseen = max(at - problem.last_seen_at, problem.first_seen_at - at).total_seconds()
    if unseen > min(rule.lasts(problem.label), rule.lasts(observation.finding.label)):
        return False
    mates = [each for each in same_pass if each.problem == problem.id]
    return not mates or any(one_in_pass(observation, mate, rule) for mate in mates)
