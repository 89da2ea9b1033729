"""Where things lie, from all their sights together, each pass with its own drifting shift."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.identity.drift import Rows, stretches_of
from dispatch.identity.rule import IDENTITY, IdentityRule
from dispatch.identity.sights import Array, Sights, labels_of, place_of, sights_of
from dispatch.ids import ProblemId
from dispatch.observation import Observation
from dispatch.place import EARTH_RADIUS_M, Place
from dispatch.problem import Problem
from dispatch.wire import Finding, Measure, NotObservable, Report


def fuse(
    groups: Sequence[tuple[ProblemId, Sequence[Observation]]], *, rule: IdentityRule = IDENTITY
) -> tuple[Problem, ...]:
    """Tell each problem from its observations, positions solved jointly over the neighbourhood.

    The unknowns are the positions and one shift for each stretch of each pass; a shift has the
    prior that the device stated, a position has none. Two things seen on one drive thus keep
    their distance to each other better than their place on the map. The order of groups and of
    observations does not matter; the answer is in the order of the groups.

    Args:
        groups: each with at least one observation, each observation with a position.

    Raises:
        NoPosition: an observation has none.
    """
    if not groups:
        return ()
    solved = solve_map([each for _, each in groups], rule=rule)
    return tuple(
        problem_of(id_, each, place=_place(solved.origin, solved.xy[row], solved.own[row]))
        for row, (id_, each) in enumerate(groups)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedMap:
    """Where things lie together.

    Args:
        xy: (n, 2) metres east and north of the origin.
        spread: (n, 2, n, 2) covariance of all of them, m².
    """

    origin: Place
    xy: Array
    spread: Array

    @property
    def own(self) -> Array:
        """Give (n, 2, 2) the covariance of each."""
        return np.asarray(np.einsum("titj->tij", self.spread))

    def parted(self) -> tuple[Array, Array]:
        """Part the error: (n, 2, 2) of each against the middle of all, and (2, 2) of that middle.

        The middle may be metres off while its things keep their distances to centimetres.
        """
        count = len(self.xy)
        against = np.eye(count) - np.full((count, count), 1.0 / count)
        left = np.einsum("tu,uivj,wv->tiwj", against, self.spread, against)
        relative = np.einsum("titj->tij", left).copy()
        return relative, np.asarray(self.spread.mean(axis=(0, 2)))


def solve_map(
    groups: Sequence[Sequence[Observation]], *, rule: IdentityRule = IDENTITY
) -> SolvedMap:
    """Solve the places of things jointly; one group of observations for each thing.

    Raises:
        NoPosition: an observation has none.
    """
    flat = [(one, row) for row, each in enumerate(groups) for one in each]
    flat.sort(key=lambda pair: pair[0].order)
    origin = place_of(flat[0][0])
    sights = sights_of([one for one, _ in flat], origin=origin, labels=(), rule=rule)
    thing = np.array([row for _, row in flat])
    xy, spread = _solve([one.finding.pass_id for one, _ in flat], sights, thing, rule)
    return SolvedMap(origin=origin, xy=xy, spread=spread)


def _solve(
    passes: Sequence[str], sights: Sights, thing: Rows, rule: IdentityRule
) -> tuple[Array, Array]:
    """Solve z = x + b + e for all x and b, robust by Huber weights; gives x and its spread."""
    stretches = stretches_of(passes, sights.at, sights.shared, rule)
    things = int(thing.max()) + 1
    size = 2 * (things + len(stretches))
    design = np.zeros((len(sights), 2, size))
    rows = np.arange(len(sights))
    for axis in (0, 1):
        design[rows, axis, 2 * thing + axis] = 1.0
        design[rows, axis, 2 * (things + stretches.of_row) + axis] = 1.0
    informed = np.linalg.inv(sights.own)
    prior = np.zeros((size, size))
    prior[2 * things :, 2 * things :] = np.linalg.inv(stretches.prior)
    weight = np.ones(len(sights))
    for _ in range(4):
        weighted = ((weight[:, None, None] * informed) @ design).reshape(-1, size)
        spread = np.linalg.inv(prior + design.reshape(-1, size).T @ weighted)
        solution = spread @ (sights.xy.reshape(-1) @ weighted)
        left = sights.xy - design @ solution
        length = np.sqrt(np.einsum("ki,kij,kj->k", left, informed, left))
        weight = np.minimum(1.0, 2.0 / np.maximum(length, 1e-9))
    spread = spread[: 2 * things, : 2 * things].reshape(things, 2, things, 2)
    return solution[: 2 * things].reshape(-1, 2), np.asarray(spread)


def _place(origin: Place, xy: Array, covariance: Array) -> Place:
    east = np.degrees(xy[0] / EARTH_RADIUS_M) / np.cos(np.radians(origin.latitude))
    return Place(
        latitude=float(origin.latitude + np.degrees(xy[1] / EARTH_RADIUS_M)),
        longitude=float(origin.longitude + east),
        ee=float(covariance[0, 0]),
        en=float(covariance[0, 1]),
        nn=float(covariance[1, 1]),
    )


def problem_of(
    id_: ProblemId, observations: Sequence[Observation], *, place: Place | None = None
) -> Problem:
    """Tell a problem from its observations.

    Args:
        observations: at least one.
        place: as solved with the neighbourhood; without it, that of the best placed observation.

    Raises:
        NoPosition: no place is given and the observation has none.
    """
    ordered = sorted(observations, key=lambda one: one.order)
    findings = [one.finding for one in ordered]
    views = [each.pixels_per_metre for each in findings if each.pixels_per_metre is not None]
    best = place or min(map(place_of, ordered), key=lambda each: each.sigma_m)
    return Problem(
        id=id_,
        place=best,
        probabilities=mean_over_passes(ordered),
        first_seen_at=min(each.first_seen_at for each in findings),
        last_seen_at=max(each.last_seen_at for each in findings),
        passes=len({each.pass_id for each in findings}),
        observations=tuple(one.id for one in ordered),
        sizes=sizes_over(findings),
        unseen=unseen_by_all(findings),
        pixels_per_metre=max(views, default=None),
    )


def mean_over_passes(observations: Sequence[Observation]) -> dict[str, float]:
    """Pool labels pass by pass, so that a thing whose track broke into five counts once a pass."""
    labels = labels_of([one.finding.probabilities for one in observations])
    passes = sorted({one.finding.pass_id for one in observations})
    total = dict.fromkeys(labels, 0.0)
    for pass_id in passes:
        mates = [
            one.finding.probabilities for one in observations if one.finding.pass_id == pass_id
        ]
        for label in labels:
            total[label] += sum(each.get(label, 0.0) for each in mates) / len(mates)
    whole = sum(total.values())
    if whole <= 0.0:
        return {label: 1.0 / len(labels) for label in labels}
    return {label: share / whole for label, share in total.items()}


def sizes_over(findings: Sequence[Finding | Report]) -> tuple[Measure, ...]:
    """Give each size over all sights, that by which most of them know the thing first."""
    known_by = [each.measure.quantity for each in findings if each.measure is not None]
    every = [
        size
        for each in findings
        for size in ((each.measure, *each.also_measured) if each.measure else ())
    ]
    quantities = sorted(
        {each.quantity for each in every}, key=lambda each: (-known_by.count(each), each)
    )
    return tuple(
        _mean_measure([each for each in every if each.quantity is quantity])
        for quantity in quantities
    )


def unseen_by_all(findings: Sequence[Finding | Report]) -> tuple[NotObservable, ...]:
    """Give what no sight could tell of the size, by what the latest says."""
    told = {each.quantity for each in sizes_over(findings)}
    latest = {each.quantity: each for finding in findings for each in finding.not_observable}
    return tuple(latest[quantity] for quantity in sorted(latest) if quantity not in told)


def _mean_measure(measures: Sequence[Measure]) -> Measure:
    """Average sizes of one quantity by their information.

    What shape leaves open is the same at every sight and stays; the rest averages out, and the
    error never falls under what the sizes scatter by.
    """
    value = np.array([each.value for each in measures])
    shape = np.array([each.of_shape or 0.0 for each in measures])
    sigma = np.array([each.sigma for each in measures])
    own = np.sqrt(np.maximum(sigma**2 - shape**2, (0.01 * sigma) ** 2))
    weight = own**-2.0
    mean = float(weight @ value / weight.sum())
    common = float(weight @ shape / weight.sum())
    stated = float(weight.sum() ** -0.5)
    scatter = float(np.sqrt(weight @ (value - mean) ** 2 / weight.sum() / len(measures)))
    same = {each.method for each in measures}
    return Measure(
        quantity=measures[0].quantity,
        value=mean,
        sigma=float(np.hypot(common, max(stated, scatter))),
        of_shape=common or None,
        method=measures[0].method if len(same) == 1 else None,
    )
