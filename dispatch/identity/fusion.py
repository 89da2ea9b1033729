"""Where things lie, from all their sights together, each pass with its own drifting shift."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.ground.place import EARTH_RADIUS_M, Place
from dispatch.identity.rule import IDENTITY, IdentityRule
from dispatch.identity.sights import Array, Stated, labels_of, laid_out, place_of, stated_of
from dispatch.identity.solving import Spread, solve_places
from dispatch.ids import ObservationId, ProblemId
from dispatch.sights.observation import Observation
from dispatch.sights.problem import Gist, Problem, SizeSum
from dispatch.wire import Finding, Measure, NotObservable, Quantity, Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one thing: sights that are read, and the gist of those that are not.

    Args:
        observations: may be empty where there is a gist.
        condensed: those in the gist.
    """

    observations: Sequence[Observation]
    gist: Gist | None = None
    condensed: tuple[ObservationId, ...] = ()


def fuse(
    groups: Sequence[tuple[ProblemId, Sequence[Observation]]], *, rule: IdentityRule = IDENTITY
) -> tuple[Problem, ...]:
    """Tell each problem from all its observations, as `tell_all` does without any gist."""
    return tell_all([(id_, Known(observations=each)) for id_, each in groups], rule=rule)


def tell_all(
    groups: Sequence[tuple[ProblemId, Known]], *, rule: IdentityRule = IDENTITY
) -> tuple[Problem, ...]:
    """Tell each problem from what is known of it, positions solved jointly over the neighbourhood.

    The unknowns are the positions and one shift for each stretch of each pass; a shift has the
    prior that the device stated, a position has none. Two things seen on one drive thus keep
    their distance to each other better than their place on the map. The order of groups and of
    observations does not matter; the answer is in the order of the groups.

    Args:
        groups: each with at least one observation or a gist, each observation with a position.

    Raises:
        NoPosition: an observation has none.
    """
    return tell_maps([groups], rule=rule)[0]


def tell_maps(
    maps: Sequence[Sequence[tuple[ProblemId, Known]]], *, rule: IdentityRule = IDENTITY
) -> list[tuple[Problem, ...]]:
    """Tell the problems of many neighbourhoods, each as `tell_all` does."""
    solved = iter(solve_maps([[of for _, of in each] for each in maps if each], rule=rule))
    return [_told(each, next(solved)) if each else () for each in maps]


def _told(groups: Sequence[tuple[ProblemId, Known]], solved: "SolvedMap") -> tuple[Problem, ...]:
    return tuple(
        problem_of(
            id_, each.observations, place=solved.place(row), gist=each.gist, before=each.condensed
        )
        for row, (id_, each) in enumerate(groups)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedMap:
    """Where things lie together.

    Args:
        xy: (n, 2) metres east and north of the origin.
        own: (n, 2, 2) the covariance of each, m².
    """

    origin: Place
    xy: Array
    spread: Spread
    own: Array

    def place(self, row: int, own: Array | None = None) -> Place:
        """Give where a thing lies, with its error or another one, (2, 2) m²."""
        return _place(self.origin, self.xy[row], self.own[row] if own is None else own)


def solve_maps(
    maps: Sequence[Sequence[Known]], *, rule: IdentityRule = IDENTITY
) -> list[SolvedMap]:
    """Solve the places of the things of each neighbourhood jointly; none may be empty.

    A gist counts as a sight of a pass of its own.

    Raises:
        NoPosition: an observation has none.
    """
    if not maps:
        return []
    stated: list[Stated] = []
    passes: list[str] = []
    thing: list[int] = []
    counts: list[int] = []
    origins: list[Place] = []
    for groups in maps:
        flat = [(one, row) for row, each in enumerate(groups) for one in each.observations]
        flat.sort(key=lambda pair: pair[0].order)
        gists = [(each.gist, row) for row, each in enumerate(groups) if each.gist is not None]
        origins.append(place_of(flat[0][0]) if flat else gists[0][0].place)
        stated += [stated_of(one) for one, _ in flat]
        stated += [_stated_of_gist(each) for each, _ in gists]
        passes += [one.finding.pass_id for one, _ in flat]
        passes += [each.key for each, _ in gists]
        thing += [row for _, row in [*flat, *gists]]
        counts.append(len(flat) + len(gists))
    of = np.repeat(np.arange(len(maps)), counts)
    sights = laid_out(stated, origins=[origins[each] for each in of.tolist()])
    solved = solve_places(of, passes, sights, np.array(thing), rule)
    return [
        SolvedMap(origin=origin, xy=xy, spread=spread, own=spread.own)
        for origin, (xy, spread) in zip(origins, solved, strict=True)
    ]


def _stated_of_gist(gist: Gist) -> Stated:
    place, shared = gist.place, gist.shared
    own = place.ee, place.en, place.nn
    both = (*own, shared.ee, shared.en, shared.nn)
    return place.latitude, place.longitude, *both, gist.until.timestamp()


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
    id_: ProblemId,
    observations: Sequence[Observation],
    *,
    place: Place | None = None,
    gist: Gist | None = None,
    before: tuple[ObservationId, ...] = (),
) -> Problem:
    """Tell a problem from its observations, and from the gist of those before them.

    Args:
        observations: at least one, unless there is a gist.
        place: as solved with the neighbourhood; without it, that of the best placed observation.
        before: the observations in the gist.

    Raises:
        NoPosition: no place is given and the observation has none.
    """
    ordered = sorted(observations, key=lambda one: one.order)
    findings = [one.finding for one in ordered]
    seen = [*findings, gist] if gist else findings
    views = [each.pixels_per_metre for each in seen if each.pixels_per_metre is not None]
    best = place or min(map(place_of, ordered), key=lambda each: each.sigma_m)
    return Problem(
        id=id_,
        place=best,
        probabilities=mean_over_passes(ordered, gist=gist),
        first_seen_at=min(each.first_seen_at for each in seen),
        last_seen_at=max(each.last_seen_at for each in seen),
        passes=len({each.pass_id for each in findings}) + (gist.passes if gist else 0),
        observations=(*before, *(one.id for one in ordered)),
        sizes=sizes_over(findings, gist=gist),
        unseen=unseen_by_all(findings, gist=gist),
        pixels_per_metre=max(views, default=None),
        gist=gist,
    )


def mean_over_passes(
    observations: Sequence[Observation], *, gist: Gist | None = None
) -> dict[str, float]:
    """Pool labels pass by pass, so that a thing whose track broke into five counts once a pass."""
    total = sum_over_passes(observations, gist=gist)
    whole = sum(total.values())
    if whole <= 0.0:
        return {label: 1.0 / len(total) for label in total}
    return {label: share / whole for label, share in total.items()}


def sum_over_passes(
    observations: Sequence[Observation], *, gist: Gist | None = None
) -> dict[str, float]:
    """Add up over passes what the sights of each say of the label, on the mean."""
    before = gist.probabilities if gist else {}
    labels = labels_of([before, *(one.finding.probabilities for one in observations)])
    by_pass: dict[str, list[Mapping[str, float]]] = {}
    for one in observations:
        by_pass.setdefault(one.finding.pass_id, []).append(one.finding.probabilities)
    total = {label: before.get(label, 0.0) for label in labels}
    for pass_id in sorted(by_pass):
        mates = by_pass[pass_id]
        for label in labels:
            total[label] += sum(each.get(label, 0.0) for each in mates) / len(mates)
    return total


def sizes_over(
    findings: Sequence[Finding | Report], *, gist: Gist | None = None
) -> tuple[Measure, ...]:
    """Give each size over all sights, that by which most of them know the thing first."""
    sums = size_sums(findings, gist=gist)
    ranked = sorted(sums, key=lambda each: (-each.known_by, each.quantity))
    return tuple(map(_mean_measure, ranked))


def unseen_by_all(
    findings: Sequence[Finding | Report], *, gist: Gist | None = None
) -> tuple[NotObservable, ...]:
    """Give what no sight could tell of the size, by what the latest says."""
    told = {each.quantity for each in size_sums(findings, gist=gist)}
    latest = latest_unseen(findings, gist=gist)
    return tuple(each for each in latest if each.quantity not in told)


def latest_unseen(
    findings: Sequence[Finding | Report], *, gist: Gist | None = None
) -> tuple[NotObservable, ...]:
    """Give by quantity what the latest sight that speaks of it could not tell."""
    latest = {each.quantity: each for each in (gist.unseen if gist else ())}
    latest |= {each.quantity: each for finding in findings for each in finding.not_observable}
    return tuple(latest[quantity] for quantity in sorted(latest))


def size_sums(
    findings: Sequence[Finding | Report], *, gist: Gist | None = None
) -> tuple[SizeSum, ...]:
    """Add up each size that was measured, by quantity."""
    known_by = [each.measure.quantity for each in findings if each.measure is not None]
    every = [
        size
        for each in findings
        for size in ((each.measure, *each.also_measured) if each.measure else ())
    ]
    sums = {each.quantity: each for each in (gist.sizes if gist else ())}
    for quantity in {each.quantity for each in every}:
        fresh = _summed([each for each in every if each.quantity is quantity], known_by)
        before = sums.get(quantity)
        sums[quantity] = fresh if before is None else _together(before, fresh)
    return tuple(sums[quantity] for quantity in sorted(sums))


def _summed(measures: Sequence[Measure], known_by: Sequence[Quantity]) -> SizeSum:
    """Add up sizes of one quantity by their information.

    What shape leaves open is the same at every sight and is no part of it.
    """
    shapes = [each.of_shape or 0.0 for each in measures]
    weights = [
        1.0 / max(each.sigma**2 - shape**2, (0.01 * each.sigma) ** 2)
        for each, shape in zip(measures, shapes, strict=True)
    ]
    weight = sum(weights)
    weighed = list(zip(weights, measures, shapes, strict=True))
    mean = sum(w * each.value for w, each, _ in weighed) / weight
    same = {each.method for each in measures}
    return SizeSum(
        quantity=measures[0].quantity,
        known_by=known_by.count(measures[0].quantity),
        count=len(measures),
        weight=weight,
        mean=mean,
        scatter=sum(w * (each.value - mean) ** 2 for w, each, _ in weighed),
        shape=sum(w * shape for w, _, shape in weighed) / weight,
        method=measures[0].method if len(same) == 1 else None,
    )


def _together(one: SizeSum, other: SizeSum) -> SizeSum:
    weight = one.weight + other.weight
    apart = other.mean - one.mean
    share = other.weight / weight
    return SizeSum(
        quantity=one.quantity,
        known_by=one.known_by + other.known_by,
        count=one.count + other.count,
        weight=weight,
        mean=one.mean + share * apart,
        scatter=one.scatter + other.scatter + apart * apart * one.weight * share,
        shape=one.shape + share * (other.shape - one.shape),
        method=one.method if one.method is other.method else None,
    )


def _mean_measure(of: SizeSum) -> Measure:
    """Give the mean size with its error.

    What shape leaves open stays; the rest averages out, and the error never falls under what the
    sizes scatter by.
    """
    stated = of.weight**-0.5
    scatter = (of.scatter / of.weight / of.count) ** 0.5
    return Measure(
        quantity=of.quantity,
        value=of.mean,
        sigma=math.hypot(of.shape, max(stated, scatter)),
        of_shape=of.shape or None,
        method=of.method,
    )
