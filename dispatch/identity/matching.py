"""Match the observations of one pass to the known problems, all at once, with the pass's shift."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np

from dispatch.identity.assignment import assign
from dispatch.identity.drift import Rows, Shifts, Stretches, estimate, stretches_of
from dispatch.identity.gate import gains, one_in_pass, sights_of_problems
from dispatch.identity.rule import IDENTITY, IdentityRule
from dispatch.identity.sights import Array, Sights, labels_of, place_of, sights_of
from dispatch.ids import ObservationId, ProblemId
from dispatch.observation import Observation
from dispatch.problem import Problem

_TRIED = 64
_STARTS = 6
_ROUNDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Observations of one pass that are one thing, and the known problem it is, if any."""

    observations: tuple[ObservationId, ...]
    problem: ProblemId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How far one stretch of the pass was off against the problem map.

    Args:
        started_at: the stretch holds what was seen from here on, up to the next stretch.
        east_m: sighted less true.
        sigma_m: standard error of the shift along its worst direction.
    """

    started_at: datetime
    east_m: float
    north_m: float
    sigma_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PassMatch:
    """What the end of a pass decides: every observation of the pass is in one match."""

    matches: tuple[Match, ...]
    shifts: tuple[Shift, ...]


def match_pass(
    observations: Sequence[Observation],
    problems: Sequence[Problem],
    *,
    rule: IdentityRule = IDENTITY,
) -> PassMatch:
    """Match a pass as one assignment with a common shift, estimated robustly with it.

    The order of the arguments does not matter. Several shifts are tried, each suggested by one
    possible pair; the most probable explanation wins, and a shift pays for its improbability.

    Args:
        observations: of one pass, each with a position.
        problems: all known ones within the hard cap of any observation.

    Raises:
        NoPosition: an observation has none.
    """
    if not observations:
        return PassMatch(matches=(), shifts=())
    groups = group_pass(observations, rule)
    known = sorted(problems, key=lambda each: each.id)
    flat = [each for group in groups for each in group]
    origin = place_of(flat[0])
    labels = labels_of(
        [each.finding.probabilities for each in flat] + [each.probabilities for each in known]
    )
    seen = merged(sights_of(flat, origin=origin, labels=labels, rule=rule), groups)
    things = sights_of_problems(known, origin=origin, labels=labels, rule=rule)
    stretches = stretches_of([""] * len(seen), seen.at, seen.shared, rule)
    columns, shifts = _explain(seen, things, stretches, rule)
    matches = tuple(
        Match(
            observations=tuple(each.id for each in group),
            problem=None if column is None else known[column].id,
        )
        for group, column in zip(groups, columns, strict=True)
    )
    return PassMatch(matches=matches, shifts=_said(stretches, shifts, rule))


def group_pass(
    observations: Sequence[Observation], rule: IdentityRule = IDENTITY
) -> tuple[tuple[Observation, ...], ...]:
    """Group observations of one pass that are one thing: every pair in a group must allow it.

    Raises:
        NoPosition: an observation has none.
    """
    groups: list[list[Observation]] = []
    for each in sorted(observations, key=lambda one: one.order):
        home = next(
            (group for group in groups if all(one_in_pass(each, mate, rule) for mate in group)),
            None,
        )
        if home is None:
            groups.append([each])
        else:
            home.append(each)
    return tuple(tuple(group) for group in groups)


def merged(sights: Sights, groups: Sequence[Sequence[Observation]]) -> Sights:
    """Merge rows that lie side by side as the groups say, weighted by their own information."""
    ends = np.cumsum([0, *(len(group) for group in groups)])
    parts = [slice(int(a), int(b)) for a, b in pairwise(ends)]
    informed = np.linalg.inv(sights.own)
    own = np.stack([np.linalg.inv(informed[part].sum(axis=0)) for part in parts])
    xy = np.stack(
        [
            own[row] @ np.einsum("kij,kj->i", informed[part], sights.xy[part])
            for row, part in enumerate(parts)
        ]
    )
    mix = np.stack([sights.mix[part].mean(axis=0) for part in parts])
    length = np.linalg.norm(mix, axis=1, keepdims=True)
    return Sights(
        xy=xy,
        own=own,
        shared=np.stack([sights.shared[part].mean(axis=0) for part in parts]),
        mix=mix / np.where(length > 0.0, length, 1.0),
        cap_m=np.array([sights.cap_m[part].min() for part in parts]),
        at=np.array([sights.at[part].mean() for part in parts]),
    )


def _explain(
    seen: Sights, things: Sights, stretches: Stretches, rule: IdentityRule
) -> tuple[tuple[int | None, ...], Shifts]:
    pairs = _pairs(seen, things, rule)
    best: tuple[float, tuple[int | None, ...], Shifts] | None = None
    for start in _starts(pairs, stretches, rule):
        shift = np.broadcast_to(start, (len(seen), 2))
        columns: tuple[int | None, ...] = ()
        shifts = estimate(stretches, pairs.rows[:0], pairs.gap[:0], pairs.covariance[:0])
        for _ in range(_ROUNDS):
            before, columns = columns, assign(pairs.table(shift, rule))
            if columns == before:
                break
            used = np.array([columns[r] == c for r, c in pairs.links()], dtype=bool)
            shifts = estimate(stretches, pairs.rows[used], pairs.gap[used], pairs.covariance[used])
            shift = shifts.mean[stretches.of_row]
        table = pairs.table(shift, rule)
        columns = assign(table)
        worth = sum(float(table[r, c]) for r, c in enumerate(columns) if c is not None)
        worth -= 0.5 * shifts.misfit
        if best is None or worth > best[0] + 1e-9:
            best = worth, columns, shifts
    assert best is not None  # the shift of zero is always tried
    return best[1], best[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pairs:
    """The pairs of sight and problem that cap and labels allow, as parallel arrays."""

    shape: tuple[int, int]
    rows: Rows
    columns: Rows
    gap: Array
    covariance: Array
    support: Array

    def links(self) -> list[tuple[int, int]]:
        """Give the pairs as (sight, problem)."""
        return list(zip(self.rows.tolist(), self.columns.tolist(), strict=True))

    def table(self, shift: Array, rule: IdentityRule) -> Array:
        """Give the gain of every pair under a shift of each sight, (sights, problems)."""
        table = np.full(self.shape, -np.inf)
        left = self.gap - shift[self.rows]
        table[self.rows, self.columns] = gains(left, self.covariance, self.support, rule)
        return table


def _pairs(seen: Sights, things: Sights, rule: IdentityRule) -> _Pairs:
    gap = seen.xy[:, None, :] - things.xy[None, :, :]
    support = seen.mix @ things.mix.T
    cap = np.minimum(seen.cap_m[:, None], things.cap_m[None, :])
    near = (np.hypot(gap[..., 0], gap[..., 1]) <= cap) & (support >= rule.support)
    rows, columns = np.nonzero(near)
    return _Pairs(
        shape=(len(seen), len(things)),
        rows=rows,
        columns=columns,
        gap=gap[rows, columns],
        covariance=seen.own[rows] + things.own[columns],
        support=support[rows, columns],
    )


def _starts(pairs: _Pairs, stretches: Stretches, rule: IdentityRule) -> list[Array]:
    """Give the shifts worth trying: none, and those of single pairs that explain most."""
    informed = np.linalg.inv(stretches.prior[:2, :2])
    tried = pairs.gap[np.argsort(np.hypot(*pairs.gap.T), kind="stable")]
    tried = tried[:: max(1, len(tried) // _TRIED)]
    worth = []
    for shift in tried:
        gain = gains(pairs.gap - shift, pairs.covariance, pairs.support, rule)
        best = np.zeros(pairs.shape[0])
        np.maximum.at(best, pairs.rows, gain)
        worth.append(float(best.sum() - 0.5 * shift @ informed @ shift))
    order = np.argsort(-np.array(worth), kind="stable")[:_STARTS]
    return [np.zeros(2), *(tried[index] for index in order)]


def _said(stretches: Stretches, shifts: Shifts, rule: IdentityRule) -> tuple[Shift, ...]:
    worst = np.sqrt(np.linalg.eigvalsh(shifts.covariance)[:, 1])
    return tuple(
        Shift(
            started_at=datetime.fromtimestamp(at - rule.stretch_s / 2.0, UTC),
            east_m=float(mean[0]),
            north_m=float(mean[1]),
            sigma_m=float(sigma),
        )
        for at, mean, sigma in zip(stretches.at, shifts.mean, worst, strict=True)
    )
