"""Solve where things lie and how far each stretch of each pass was off, all at once.

Frame: the plane of the sights, metres east and north. Things know nothing of each other, and
passes know nothing of each other's shifts: whichever there is more of is eliminated one by one
(Schur's complement), so that the cost is linear in the things of a street, and in its passes.
Neighbourhoods of about one size are solved side by side, as stacks of matrices.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.identity.drift import (
    Rows,
    add_to_diagonal,
    alike_in_size,
    blocks,
    stretches_of,
    summed,
)
from dispatch.identity.rule import IdentityRule
from dispatch.identity.sights import Array, Sights

_ROUNDS = 4
_MANY = 64
"""Stretches from which on they are eliminated pass by pass, unless there are as many things."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The covariance of all places together, (2n, 2n) m², as alone + common commonᵀ.

    Args:
        alone: (n, 2, 2) diagonal blocks.
        common: (n, 2, k) what ties the places to each other.
    """

    alone: Array
    common: Array

    @property
    def own(self) -> Array:
        """Give (n, 2, 2) the covariance of each place."""
        return np.asarray(self.alone + self.common @ self.common.transpose(0, 2, 1))

    def parted(self) -> tuple[Array, Array]:
        """Part the error: (n, 2, 2) of each against the middle of all, and (2, 2) of that middle.

        The middle may be metres off while its things keep their distances to centimetres.
        """
        count = len(self.alone)
        middle = self.common.mean(axis=0)
        mean = self.alone.sum(axis=0) / (count * count)
        left = self.common - middle
        relative = (1.0 - 2.0 / count) * self.alone + mean + left @ left.transpose(0, 2, 1)
        return relative, mean + middle @ middle.T

    def whole(self) -> Array:
        """Give (n, 2, n, 2) the covariance of every place with every other."""
        count = len(self.alone)
        flat = self.common.reshape(2 * count, -1)
        found = (flat @ flat.T).reshape(count, 2, count, 2)
        every = np.arange(count)
        found[every, :, every, :] += self.alone
        return found


def solve_places(
    neighbourhoods: Rows, passes: Sequence[str], sights: Sights, thing: Rows, rule: IdentityRule
) -> list[tuple[Array, Spread]]:
    """Solve z = x + b + e for all x and b of each neighbourhood, robust by Huber weights.

    Args:
        neighbourhoods: (n,) that of each sight, numbered from 0 without gaps.
        passes: the pass of each sight.
        thing: (n,) what each is a sight of, numbered from 0 without gaps within its neighbourhood.

    Returns:
        For each neighbourhood (t, 2) where the things lie, and how they are spread.
    """
    count = int(neighbourhoods.max()) + 1
    stretches = stretches_of(
        neighbourhoods, passes, sights.at, sights.shared, count=count, rule=rule
    )
    things = np.zeros(count, dtype=np.int64)
    np.maximum.at(things, neighbourhoods, thing + 1)
    informed: Array = np.asarray(np.linalg.inv(sights.own), dtype=np.float64)
    found: dict[int, tuple[Array, Spread]] = {}
    for some, bounds in alike_in_size(things, stretches.counts):
        place = np.full(count, -1)
        place[some] = np.arange(len(some))
        rows = np.flatnonzero(place[neighbourhoods] >= 0)
        laid = _Laid(
            of=place[neighbourhoods[rows]],
            thing=thing[rows],
            stretch=stretches.number[stretches.of_row[rows]],
            shape=(len(some), bounds[0], bounds[1]),
        )
        prior = stretches.prior(some, bounds[1])
        many_passes = len(some) == 1 and bounds[1] > max(_MANY, 2 * bounds[0])
        way: _ByPass | _ByThing = (
            _ByPass(laid, prior, _numbered(stretches.of_pass[stretches.of == some[0]]))
            if many_passes
            else _ByThing(laid, prior)
        )
        places = _robust(way, laid, informed[rows], sights.xy[rows])
        spread = way.spread()
        for row, each in enumerate(some.tolist()):
            mine = slice(0, int(things[each]))
            alone, common = spread.alone[row, mine], spread.common[row, mine]
            found[each] = places[row, mine], Spread(alone=alone, common=common)
    return [found[each] for each in range(count)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Laid:
    """Sights of neighbourhoods that are stacked.

    Args:
        of: (n,) which neighbourhood of the stack each is of.
        thing: (n,) what it is a sight of, counted within it.
        stretch: (n,) when it was, counted within it.
        shape: how many neighbourhoods, things and stretches there are room for.
    """

    of: Rows
    thing: Rows
    stretch: Rows
    shape: tuple[int, int, int]


def _robust(way: "_ByPass | _ByThing", laid: _Laid, informed: Array, xy: Array) -> Array:
    """Weigh down what lies far off in units of its own error; give (m, t, 2) places."""
    places, shifts = way.solve(informed, xy)
    for _ in range(_ROUNDS - 1):
        left = xy - places[laid.of, laid.thing] - shifts[laid.of, laid.stretch]
        length = np.sqrt(np.einsum("ki,kij,kj->k", left, informed, left))
        weight = np.minimum(1.0, 2.0 / np.maximum(length, 1e-9))
        places, shifts = way.solve(weight[:, None, None] * informed, xy)
    return places


class _ByThing:
    """Eliminate the things, and solve the shifts of all stretches together."""

    def __init__(self, laid: _Laid, prior: Array) -> None:
        _, things, stretches = self._shape = laid.shape
        self._thing = laid.of * things + laid.thing
        self._stretch = laid.of * stretches + laid.stretch
        self._pair = self._thing * stretches + laid.stretch
        self._informed = np.asarray(np.linalg.inv(prior), dtype=np.float64)
        # Room for a thing that no sight is of: it must not be singular.
        empty = np.bincount(self._thing, minlength=laid.shape[0] * things) == 0
        self._filling = empty[:, None, None] * np.eye(2)

    def solve(self, weighted: Array, xy: Array) -> tuple[Array, Array]:
        """Give (m, t, 2) places and (m, s, 2) shifts for (n, 2, 2) information of each sight."""
        many, things, stretches = self._shape
        pulled = np.einsum("kij,kj->ki", weighted, xy)
        precise = blocks(weighted, self._thing, many * things) + self._filling
        alone = np.asarray(np.linalg.inv(precise), dtype=np.float64)
        tied = blocks(weighted, self._pair, many * things * stretches)
        tied = tied.reshape(-1, stretches, 2, 2).transpose(0, 2, 1, 3)
        across = tied.reshape(many * things, 2, 2 * stretches)
        into = (alone @ across).reshape(many, 2 * things, 2 * stretches)
        across = across.reshape(many, 2 * things, 2 * stretches)
        back = into.transpose(0, 2, 1)
        precision = self._informed - back @ across
        of_stretch = blocks(weighted, self._stretch, many * stretches)
        add_to_diagonal(precision, of_stretch.reshape(many, stretches, 2, 2))
        right = summed(pulled, self._thing, many * things)
        left = summed(pulled, self._stretch, many * stretches).reshape(many, -1, 1)
        left = left - back @ right.reshape(many, -1, 1)
        shifts = np.asarray(np.linalg.solve(precision, left), dtype=np.float64)
        places = (alone @ right[..., None]).reshape(many, -1, 1) - into @ shifts
        self._alone, self._into, self._precision = alone, into, precision
        return places.reshape(many, things, 2), shifts.reshape(many, stretches, 2)

    def spread(self) -> Spread:
        """Give the covariances of what was solved last, stacked."""
        many, things, _ = self._shape
        root = np.linalg.cholesky(self._precision)
        common = np.linalg.solve(root, self._into.transpose(0, 2, 1)).transpose(0, 2, 1)
        return Spread(
            alone=self._alone.reshape(many, things, 2, 2),
            common=np.asarray(common.reshape(many, things, 2, -1)),
        )


class _ByPass:
    """Eliminate the shifts pass by pass, and solve the places of all things together."""

    def __init__(self, laid: _Laid, prior: Array, of_pass: Rows) -> None:
        self._thing, self._things = laid.thing, laid.shape[1]
        self._count = laid.shape[2]
        self._parts = _passes(laid.stretch, prior[0], of_pass)
        self._whole: Array = np.zeros((0, 0))

    def solve(self, weighted: Array, xy: Array) -> tuple[Array, Array]:
        """Give (1, t, 2) places and (1, s, 2) shifts for (n, 2, 2) information of each sight."""
        things = self._things
        pulled = np.einsum("kij,kj->ki", weighted, xy)
        precision = np.zeros((2 * things, 2 * things))
        add_to_diagonal(precision[None], blocks(weighted, self._thing, things)[None])
        right = summed(pulled, self._thing, things).reshape(-1)
        eliminated = [
            _eliminate(each, weighted, pulled, self._thing, things) for each in self._parts
        ]
        for across, shift, into in eliminated:
            precision -= across.T @ into
            right -= across.T @ shift
        self._whole = np.asarray(np.linalg.inv(precision), dtype=np.float64)
        solution = self._whole @ right
        shifts = np.zeros((self._count, 2))
        for part, (_, shift, into) in zip(self._parts, eliminated, strict=True):
            shifts[part.own] = (shift - into @ solution).reshape(-1, 2)
        return solution.reshape(1, -1, 2), shifts[None]

    def spread(self) -> Spread:
        """Give the covariance of what was solved last."""
        root = np.linalg.cholesky(0.5 * (self._whole + self._whole.T))
        nothing = np.zeros((self._things, 2, 2))
        common = np.asarray(root.reshape(self._things, 2, -1))
        return Spread(alone=nothing[None], common=common[None])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pass:
    """The sights of one pass.

    Args:
        rows: (k,) which sights they are.
        own: (s,) which stretches are its own.
        stretch: (k,) the stretch of each, numbered within the pass.
        informed: (2s, 2s) inverse of the covariance of its shifts beforehand.
    """

    rows: Rows
    own: Rows
    stretch: Rows
    informed: Array


def _passes(stretch: Rows, prior: Array, of_pass: Rows) -> list[_Pass]:
    found = []
    for each in range(int(of_pass.max()) + 1):
        own = np.flatnonzero(of_pass == each)
        rows = np.flatnonzero(of_pass[stretch] == each)
        both = np.stack((2 * own, 2 * own + 1), axis=1).reshape(-1)
        informed = np.asarray(np.linalg.inv(prior[np.ix_(both, both)]), dtype=np.float64)
        numbered = np.searchsorted(own, stretch[rows])
        found.append(_Pass(rows=rows, own=own, stretch=numbered, informed=informed))
    return found


def _numbered(names: Rows) -> Rows:
    return np.asarray(np.unique(names, return_inverse=True)[1], dtype=np.int64)


def _eliminate(
    part: _Pass, weighted: Array, pulled: Array, thing: Rows, things: int
) -> tuple[Array, Array, Array]:
    """Solve the shifts of a pass for the things: b = shift - into x.

    Returns:
        (2s, 2t) information that ties its shifts to the things; (2s,) shift; (2s, 2t) into.
    """
    count = len(part.own)
    mine = weighted[part.rows]
    tied = blocks(mine, part.stretch * things + thing[part.rows], count * things)
    across = tied.reshape(count, things, 2, 2).transpose(0, 2, 1, 3).reshape(2 * count, 2 * things)
    precision = part.informed.reshape(count, 2, count, 2).copy()
    every = np.arange(count)
    precision[every, :, every, :] += blocks(mine, part.stretch, count)
    pull = summed(pulled[part.rows], part.stretch, count).reshape(-1)
    both = np.column_stack((across, pull))
    solved = np.linalg.solve(precision.reshape(2 * count, -1), both)
    return across, np.asarray(solved[:, -1]), np.asarray(solved[:, :-1])
