"""Match the observations of one pass to known things, all at once, with the pass's shift."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dispatch.identity.assignment import assign
from dispatch.identity.drift import Rows, Stretches, estimate, stretches_of
from dispatch.identity.gate import gains, one_in_pass
from dispatch.identity.rule import IDENTITY, IdentityRule
from dispatch.identity.sights import Array, Sights, sights_of
from dispatch.ids import ObservationId
from dispatch.observation import Observation
from dispatch.place import Place

_TRIED = 64
_STARTS = 6
_ALIKE_M = 0.5
_ROUNDS = 6


Matched = tuple[tuple[tuple[ObservationId, ...], int | None], ...]
"""Groups of observations, each with the row of the thing that it is, if any."""


def match_sights(
    observations: Sequence[Observation],
    things: Sights,
    *,
    origin: Place,
    labels: Sequence[str],
    rule: IdentityRule,
    map_covariance: Array | None = None,
) -> Matched:
    """Match a pass to things laid out as arrays, as one assignment with the pass's own shift.

    The order of the arguments does not matter. Several shifts are tried, each suggested by one
    possible pair; the most probable explanation wins, and a shift pays for its improbability.

    Args:
        observations: of one pass, at least one.
        things: their `own` is their error against each other where `map_covariance` is given.
        map_covariance: (2, 2) error that all things share, m².

    Raises:
        NoPosition: an observation has none.
    """
    groups = group_pass(observations, rule)
    flat = [each for group in groups for each in group]
    seen = merged(sights_of(flat, origin=origin, labels=labels, rule=rule), groups)
    stretches = stretches_of([""] * len(seen), seen.at, seen.shared, rule)
    if map_covariance is not None:
        stretches = stretches.widened(map_covariance)
    columns = _explain(seen, things, stretches, rule)
    ids = (tuple(each.id for each in group) for group in groups)
    return tuple(zip(ids, columns, strict=True))


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
        lasts_s=np.array([sights.lasts_s[part].min() for part in parts]),
        at=np.array([sights.at[part].mean() for part in parts]),
    )


def _explain(
    seen: Sights, things: Sights, stretches: Stretches, rule: IdentityRule
) -> tuple[int | None, ...]:
    pairs = _pairs(seen, things, rule)
    best: tuple[float, tuple[int | None, ...]] | None = None
    for start in _starts(pairs, stretches, rule):
        shift = np.broadcast_to(start[0], (len(seen), 2))
        spread = np.broadcast_to(start[1], (len(seen), 2, 2))
        columns: tuple[int | None, ...] = ()
        shifts = estimate(stretches, pairs.rows[:0], pairs.gap[:0], pairs.covariance[:0])
        for _ in range(_ROUNDS):
            before, columns = columns, assign(pairs.table(shift, spread, rule))
            if columns == before:
                break
            used = np.array([columns[r] == c for r, c in pairs.links()], dtype=bool)
            shifts = estimate(stretches, pairs.rows[used], pairs.gap[used], pairs.covariance[used])
            shift = shifts.mean[stretches.of_row]
            spread = shifts.covariance[stretches.of_row]
        table = pairs.table(shift, spread, rule)
        columns = assign(table)
        worth = sum(float(table[r, c]) for r, c in enumerate(columns) if c is not None)
        worth -= 0.5 * shifts.misfit
        if best is None or worth > best[0] + 1e-9:
            best = worth, columns
    assert best is not None  # the shift of zero is always tried
    return best[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pairs:
    """The pairs of sight and problem that cap, time and labels allow, as parallel arrays."""

    shape: tuple[int, int]
    rows: Rows
    columns: Rows
    gap: Array
    covariance: Array
    support: Array

    def links(self) -> list[tuple[int, int]]:
        """Give the pairs as (sight, problem)."""
        return list(zip(self.rows.tolist(), self.columns.tolist(), strict=True))

    def table(self, shift: Array, spread: Array, rule: IdentityRule) -> Array:
        """Give the gain of every pair under a shift of each sight, (sights, problems).

        Args:
            spread: (sights, 2, 2) covariance of the shifts.
        """
        covariance = self.covariance + spread[self.rows]
        table = np.full(self.shape, -np.inf)
        left = self.gap - shift[self.rows]
        table[self.rows, self.columns] = gains(
            left, covariance, self.support, gate=rule.pass_gate, rule=rule
        )
        return table


def _pairs(seen: Sights, things: Sights, rule: IdentityRule) -> _Pairs:
    gap = seen.xy[:, None, :] - things.xy[None, :, :]
    support = seen.mix @ things.mix.T
    cap = np.minimum(seen.cap_m[:, None], things.cap_m[None, :])
    near = (np.hypot(gap[..., 0], gap[..., 1]) <= cap) & (support >= rule.support)
    unseen = np.abs(seen.at[:, None] - things.at[None, :])
    near &= unseen <= np.minimum(seen.lasts_s[:, None], things.lasts_s[None, :])
    rows, columns = np.nonzero(near)
    return _Pairs(
        shape=(len(seen), len(things)),
        rows=rows,
        columns=columns,
        gap=gap[rows, columns],
        covariance=seen.own[rows] + things.own[columns],
        support=support[rows, columns],
    )


def _starts(pairs: _Pairs, stretches: Stretches, rule: IdentityRule) -> list[tuple[Array, Array]]:
    """Give the shifts worth trying, with their errors: none, and those that explain most."""
    informed = np.linalg.inv(stretches.prior[:2, :2])
    nearest = np.argsort(np.hypot(*pairs.gap.T), kind="stable")
    tried = nearest[:: max(1, len(nearest) // _TRIED)]
    worth = []
    for shift, spread in zip(pairs.gap[tried], pairs.covariance[tried], strict=True):
        gain = gains(
            pairs.gap - shift,
            pairs.covariance + spread,
            pairs.support,
            gate=rule.pass_gate,
            rule=rule,
        )
        best = np.zeros(pairs.shape[0])
        np.maximum.at(best, pairs.rows, gain)
        worth.append(float(best.sum() - 0.5 * shift @ informed @ shift))
    kept = [(np.zeros(2), np.zeros((2, 2)))]
    for index in tried[np.argsort(-np.array(worth), kind="stable")]:
        gap = pairs.gap[index]
        apart = min(float(np.hypot(*(gap - shift))) for shift, _ in kept)
        if apart > _ALIKE_M and len(kept) <= _STARTS:
            kept.append((gap, pairs.covariance[index]))
    return kept
