"""The pairs of sight and thing that may be one, and what each way to pair them gains."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.identity.assignment import assign
from dispatch.identity.drift import Rows
from dispatch.identity.gate import gains
from dispatch.identity.rule import IdentityRule
from dispatch.identity.sights import Array, Sights

_TRIED = 64
_STARTS = 6
_ALIKE_M = 0.5

Chosen = tuple[int, ...]
"""Pairs, in rising order, of which no two have the sight or the thing in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """The pairs that cap, time and labels allow, pass by pass and row by row.

    Args:
        rows: (k,) sights, counted over all passes.
        columns: (k,) things, counted within the neighbourhood.
        of: (k,) the pass.
        first: (m + 1,) where the pairs of each pass begin.
        sights: (m + 1,) where the sights of each pass begin.
        gap: (k, 2) sight less thing, metres.
        covariance: (k, 2, 2) of the gap, m².
        support: (k,) of the labels.
    """

    rows: Rows
    columns: Rows
    of: Rows
    first: Rows
    sights: Rows
    gap: Array
    covariance: Array
    support: Array

    def expanded(self, of: Rows) -> tuple[Rows, Rows]:
        """Give all pairs of some passes one after another: which of the passes, and which pair."""
        return spread_out(self.first[of], self.first[of + 1] - self.first[of])

    def columns_of(self, of: int, chosen: Chosen) -> list[int | None]:
        """Give the column of each row of a pass, or None."""
        start, end = int(self.sights[of]), int(self.sights[of + 1])
        found: list[int | None] = [None] * (end - start)
        for pair in chosen:
            found[int(self.rows[pair]) - start] = int(self.columns[pair])
        return found

    def assigned(
        self, of: Rows, mine: Rows, shift: Array, spread: Array, rule: IdentityRule
    ) -> list[tuple[Chosen, float]]:
        """Assign sights to things for each of some passes, and give what is gained.

        Args:
            of: passes; one may be there several times.
            mine: their pairs, as `expanded` gives them.
            shift: (p, 2) of each of these pairs.
            spread: (p, 2, 2) covariance of the shifts.
        """
        gain = gains(
            self.gap[mine] - shift,
            self.covariance[mine] + spread,
            self.support[mine],
            gate=rule.pass_gate,
            rule=rule,
        ).tolist()
        rows, columns = self.rows[mine].tolist(), self.columns[mine].tolist()
        found, start = [], 0
        for each in of.tolist():
            count = int(self.first[each + 1] - self.first[each])
            end = start + count
            best = _best(rows[start:end], columns[start:end], gain[start:end])
            first = int(self.first[each])
            picked = sorted(best)
            found.append(
                (tuple(first + pair for pair in picked), sum(gain[start + p] for p in picked))
            )
            start = end
        return found


def _best(rows: Sequence[int], columns: Sequence[int], gain: Sequence[float]) -> Sequence[int]:
    """Pick the pairs of greatest total gain, of which no two have a row or a column in common."""
    own: dict[int, int] = {}
    for pair, row in enumerate(rows):
        if gain[pair] > 0.0 and (row not in own or gain[pair] > gain[own[row]]):
            own[row] = pair
    # Where each has what suits it best and no two the same, no assignment is better.
    if len({columns[pair] for pair in own.values()}) == len(own):
        return list(own.values())
    some, others = sorted(set(rows)), sorted(set(columns))
    row_of = {row: number for number, row in enumerate(some)}
    column_of = {column: number for number, column in enumerate(others)}
    table = np.full((len(some), len(others)), -np.inf)
    pairs = {}
    for pair, (row, column) in enumerate(zip(rows, columns, strict=True)):
        table[row_of[row], column_of[column]] = gain[pair]
        pairs[row_of[row], column_of[column]] = pair
    return [pairs[row, column] for row, column in enumerate(assign(table)) if column is not None]


def spread_out(first: Rows, counts: Rows) -> tuple[Rows, Rows]:
    """Give ranges one after another: which of them each number is of, and the numbers."""
    which = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(which)) - (np.cumsum(counts) - counts)[which]
    return which, first[which] + within


def pairs_of(
    seen: Sights,
    things: Sights,
    sights: Sequence[int],
    known: Sequence[int],
    rule: IdentityRule,
) -> Pairs:
    """Find the pairs of each pass with the things of its neighbourhood.

    Args:
        sights: how many rows of the sights each pass has.
        known: how many rows of the things each neighbourhood has.
    """
    counts, known_counts = np.array(sights, dtype=np.int64), np.array(known, dtype=np.int64)
    of_row = np.repeat(np.arange(len(counts)), counts)
    begin = np.cumsum(known_counts) - known_counts
    rows, columns = spread_out(begin[of_row], known_counts[of_row])
    gap = seen.xy[rows] - things.xy[columns]
    cap = np.minimum(seen.cap_m[rows], things.cap_m[columns])
    unseen = np.abs(seen.at[rows] - things.at[columns])
    near = np.hypot(gap[:, 0], gap[:, 1]) <= cap
    near &= unseen <= np.minimum(seen.lasts_s[rows], things.lasts_s[columns])
    rows, columns, gap = rows[near], columns[near], gap[near]
    support = np.einsum("kl,kl->k", seen.mix[rows], things.mix[columns])
    alike = support >= rule.support
    rows, columns, gap, support = rows[alike], columns[alike], gap[alike], support[alike]
    of = of_row[rows]
    return Pairs(
        rows=rows,
        columns=columns - begin[of],
        of=of,
        first=np.searchsorted(of, np.arange(len(counts) + 1)),
        sights=np.concatenate(([0], np.cumsum(counts))),
        gap=gap,
        covariance=seen.own[rows] + things.own[columns],
        support=support,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A shift worth trying for a pass, (2,) metres, with its error, (2, 2) m²."""

    of: int
    shift: Array
    spread: Array


def starts_of(pairs: Pairs, prior: Array, rule: IdentityRule) -> list[Start]:
    """Give the shifts worth trying: none, and those that explain most.

    Args:
        prior: (m, 2, 2) covariance of the shift of each pass, m².
    """
    tried = _tried(pairs)
    worth = _worth(pairs, tried, prior, rule)
    found: list[Start] = []
    ends = np.searchsorted(pairs.of[tried], np.arange(len(prior) + 1)).tolist()
    for of in np.unique(pairs.of).tolist():
        mine = tried[ends[of] : ends[of + 1]]
        ranked = mine[np.argsort(-worth[ends[of] : ends[of + 1]], kind="stable")]
        found.append(Start(of=of, shift=np.zeros(2), spread=np.zeros((2, 2))))
        known = [(0.0, 0.0)]
        for pair, (east, north) in zip(ranked.tolist(), pairs.gap[ranked].tolist(), strict=True):
            if min(math.hypot(east - e, north - n) for e, n in known) > _ALIKE_M:
                known.append((east, north))
                found.append(Start(of=of, shift=pairs.gap[pair], spread=pairs.covariance[pair]))
                if len(known) > _STARTS:
                    break
    return found


def _tried(pairs: Pairs) -> Rows:
    """Choose pairs that suggest a shift, the nearest first, pass by pass."""
    nearest = np.lexsort((np.hypot(pairs.gap[:, 0], pairs.gap[:, 1]), pairs.of))
    of = pairs.of[nearest]
    counts = np.diff(pairs.first)
    number = np.arange(len(nearest)) - pairs.first[of]
    return np.asarray(nearest[number % np.maximum(1, counts // _TRIED)[of] == 0], dtype=np.int64)


def _worth(pairs: Pairs, tried: Rows, prior: Array, rule: IdentityRule) -> Array:
    """Say what a shift by each of some pairs would explain, (t,)."""
    of = pairs.of[tried]
    trial, mine = pairs.expanded(of)
    gain = gains(
        pairs.gap[mine] - pairs.gap[tried][trial],
        pairs.covariance[mine] + pairs.covariance[tried][trial],
        pairs.support[mine],
        gate=rule.pass_gate,
        rule=rule,
    )
    # The best of each row under each trial; a row may also stay alone.
    changes = np.diff(trial, prepend=-1) != 0
    changes |= np.diff(pairs.rows[mine], prepend=-1) != 0
    first = np.flatnonzero(changes)
    if len(first) == 0:
        return np.zeros(0)
    best = np.maximum(np.maximum.reduceat(gain, first), 0.0)
    explained = np.bincount(trial[first], best, len(tried))
    shift, informed = pairs.gap[tried], np.linalg.inv(prior)[of]
    return np.asarray(explained - 0.5 * np.einsum("ti,tij,tj->t", shift, informed, shift))
