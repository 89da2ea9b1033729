"""May two sights be of one thing? The gate, and how much likelier that is than a new thing."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from dispatch.ground.place import Place, metres_east_north
from dispatch.identity.rule import IDENTITY, IdentityRule
from dispatch.identity.sights import Array, matrix, offset, place_of, position_of
from dispatch.ids import ProblemId
from dispatch.sights.observation import Observation
from dispatch.sights.problem import Problem


def squared_distances(gap: Array, covariance: Array) -> Array:
    """Give Mahalanobis distances squared.

    Args:
        gap: (..., 2) metres.
        covariance: (..., 2, 2) m², of the gap.
    """
    return _squared(gap, covariance)[0]


def _squared(gap: Array, covariance: Array) -> tuple[Array, Array]:
    """Give Mahalanobis distances squared, and the determinants of the covariances."""
    east, north = gap[..., 0], gap[..., 1]
    ee, en, nn = covariance[..., 0, 0], covariance[..., 0, 1], covariance[..., 1, 1]
    determinant = ee * nn - en * en
    squared = nn * east * east - 2.0 * en * east * north + ee * north * north
    return np.asarray(squared / determinant), np.asarray(determinant)


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
    distance2, determinant = _squared(gap, covariance)
    allowed = (distance2 < gate) & (support >= rule.support)
    spread = math.log(2.0 * math.pi) + 0.5 * np.log(determinant)
    agreement = np.log(np.maximum(support, 1e-12))
    ratio = -0.5 * distance2 - spread + agreement - math.log(rule.density_per_m2)
    return np.where(allowed, ratio, -np.inf)


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
    seen = place_of(observation)
    mates = {mate.problem for mate in same_pass}
    ranked = [
        (problem.id not in mates, -gain, problem.id)
        for problem in problems
        if _may_be(observation, seen, problem, same_pass, rule)
        and (gain := _gain(observation, seen, problem, rule)) is not None
    ]
    return min(ranked)[2] if ranked else None


def may_be_known(
    observation: Observation,
    problems: Sequence[Problem],
    *,
    same_pass: Sequence[Observation] = (),
    rule: IdentityRule = IDENTITY,
) -> bool:
    """Say whether the end of the pass may yet find an observation to be of a known problem.

    Whatever of its kind lies within the hard cap may be it: a pass that is off by more than it
    says is known by all that it saw, and only once it has ended.

    Args:
        problems: those near by that it was not taken for.
        same_pass: observations of the same pass near by that have their problem already.

    Raises:
        NoPosition: the observation or one of its pass has none.
    """
    said, seen = observation.finding.probabilities, place_of(observation)
    return any(
        likeness(said, each.probabilities) >= rule.support
        and _may_be(observation, seen, each, same_pass, rule)
        for each in problems
    )


def _gain(
    observation: Observation, seen: Place, problem: Problem, rule: IdentityRule
) -> float | None:
    """Give what `gains` gives for a sight by its whole error, or None where it forbids it."""
    support = likeness(observation.finding.probabilities, problem.probabilities)
    if support < rule.support:
        return None
    known = problem.place
    east, north = metres_east_north(seen, known)
    ee, en, nn = seen.ee + known.ee, seen.en + known.en, seen.nn + known.nn
    determinant = ee * nn - en * en
    distance2 = (nn * east * east - 2.0 * en * east * north + ee * north * north) / determinant
    if not distance2 < rule.gate:
        return None
    spread = math.log(2.0 * math.pi) + 0.5 * math.log(determinant)
    agreement = math.log(max(support, 1e-12))
    return -0.5 * distance2 - spread + agreement - math.log(rule.density_per_m2)


def _may_be(
    observation: Observation,
    seen: Place,
    problem: Problem,
    same_pass: Sequence[Observation],
    rule: IdentityRule,
) -> bool:
    apart = math.hypot(*metres_east_north(seen, problem.place))
    if apart > min(rule.cap(problem.label), rule.cap(observation.finding.label)):
        return False
    at = observation.finding.captured_at
    unseen = max(at - problem.last_seen_at, problem.first_seen_at - at).total_seconds()
    if unseen > min(rule.lasts(problem.label), rule.lasts(observation.finding.label)):
        return False
    mates = [each for each in same_pass if each.problem == problem.id]
    return not mates or any(one_in_pass(observation, mate, rule) for mate in mates)
