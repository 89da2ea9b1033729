"""Solve where things lie and how far each stretch of each pass was off, all at once.

Frame: the plane of the sights, metres east and north. Passes know nothing of each other's shifts,
so these are eliminated pass by pass (Schur's complement): the cost is linear in the passes.
"""

from dataclasses import dataclass

import numpy as np

from dispatch.identity.drift import Rows, Stretches, stretches_of
from dispatch.identity.rule import IdentityRule
from dispatch.identity.sights import Array, Sights

_ROUNDS = 4


def solve_places(
    passes: list[str], sights: Sights, thing: Rows, rule: IdentityRule
) -> tuple[Array, Array]:
    """Solve z = x + b + e for all x and b, robust by Huber weights.

    Args:
        passes: the pass of each sight.
        thing: (n,) what each is a sight of, numbered from 0 without gaps.

    Returns:
        (t, 2) where the things lie, and (t, 2, t, 2) the covariance of all of it, m².
    """
    stretches = stretches_of(passes, sights.at, sights.shared, rule)
    things = int(thing.max()) + 1
    informed = np.linalg.inv(sights.own)
    parts = _passes(passes, stretches)
    weight = np.ones(len(sights))
    spread: Array = np.zeros((0, 0))
    places: Array = np.zeros((0, 2))
    for _ in range(_ROUNDS):
        weighted = weight[:, None, None] * informed
        pulled = np.einsum("kij,kj->ki", weighted, sights.xy)
        precision = _blocks(weighted, thing, thing, (things, things))
        right = _summed(pulled, thing, things)
        eliminated = [_eliminate(part, weighted, pulled, thing, things) for part in parts]
        for across, shift, into in eliminated:
            precision -= across.T @ into
            right -= across.T @ shift
        spread = np.asarray(np.linalg.inv(precision), dtype=np.float64)
        solution = spread @ right
        places = solution.reshape(-1, 2)
        left = sights.xy - places[thing]
        for part, (_, shift, into) in zip(parts, eliminated, strict=True):
            left[part.rows] -= (shift - into @ solution).reshape(-1, 2)[part.stretch]
        length = np.sqrt(np.einsum("ki,kij,kj->k", left, informed, left))
        weight = np.minimum(1.0, 2.0 / np.maximum(length, 1e-9))
    return places, np.asarray(spread.reshape(things, 2, things, 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pass:
    """The sights of one pass.

    Args:
        rows: (k,) which sights they are.
        stretch: (k,) the stretch of each, numbered within the pass.
        informed: (2s, 2s) inverse of the covariance of its shifts beforehand.
    """

    rows: Rows
    stretch: Rows
    informed: Array


def _passes(passes: list[str], stretches: Stretches) -> list[_Pass]:
    rows_of: dict[str, list[int]] = {}
    for row, name in enumerate(passes):
        rows_of.setdefault(name, []).append(row)
    found = []
    for name in sorted(rows_of):
        rows = np.array(rows_of[name], dtype=np.int64)
        own, stretch = np.unique(stretches.of_row[rows], return_inverse=True)
        both = np.stack((2 * own, 2 * own + 1), axis=1).reshape(-1)
        informed = np.asarray(np.linalg.inv(stretches.prior[np.ix_(both, both)]), dtype=np.float64)
        found.append(_Pass(rows=rows, stretch=stretch, informed=informed))
    return found


def _eliminate(
    part: _Pass, weighted: Array, pulled: Array, thing: Rows, things: int
) -> tuple[Array, Array, Array]:
    """Solve the shifts of a pass for the things: b = shift - into x.

    Returns:
        (2s, 2t) information that ties its shifts to the things; (2s,) shift; (2s, 2t) into.
    """
    count = len(part.informed) // 2
    mine = weighted[part.rows]
    across = _blocks(mine, part.stretch, thing[part.rows], (count, things))
    precision = part.informed + _blocks(mine, part.stretch, part.stretch, (count, count))
    both = np.column_stack((across, _summed(pulled[part.rows], part.stretch, count)))
    solved = np.asarray(np.linalg.solve(precision, both), dtype=np.float64)
    return across, solved[:, -1], solved[:, :-1]


def _blocks(weighted: Array, row: Rows, column: Rows, shape: tuple[int, int]) -> Array:
    """Add up (k, 2, 2) information in blocks, (2 rows, 2 columns)."""
    found = np.zeros((shape[0] * shape[1], 2, 2))
    np.add.at(found, row * shape[1] + column, weighted)
    blocks = found.reshape(*shape, 2, 2).transpose(0, 2, 1, 3)
    return np.asarray(blocks.reshape(2 * shape[0], 2 * shape[1]), dtype=np.float64)


def _summed(pulled: Array, of: Rows, count: int) -> Array:
    """Add up (k, 2) by what the rows are of, (2n,)."""
    found = np.zeros((count, 2))
    np.add.at(found, of, pulled)
    return np.asarray(found.reshape(-1), dtype=np.float64)
