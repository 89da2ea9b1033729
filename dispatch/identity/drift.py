"""The error a receiver shares over a pass: constant within a stretch, drifting between stretches.

Between stretches it is an Ornstein-Uhlenbeck process: a random walk that is pulled back, so that
its spread stays the one the device stated, however long the pass. Many neighbourhoods are cut at
once; the arrays of those of about one size are stacked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dispatch.identity.rule import IdentityRule
from dispatch.identity.sights import Array

Rows = npt.NDArray[np.int64]

_ROUNDS = 4
_STACKED = 16
"""Up to this size arrays are filled up to the next power of two; above it waste would tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    """The stretches of the passes of some neighbourhoods.

    Args:
        of_row: (n,) the stretch of each sight.
        of: (s,) the neighbourhood of each stretch, in rising order.
        number: (s,) counted within the neighbourhood.
        of_pass: (s,) its pass, numbered.
        at: (s,) seconds since 1970, the middle.
        root: (s, 2, 2) of the covariance of its shift beforehand, m.
        counts: (m,) how many each neighbourhood has.
        drift_s: time over which the error of a receiver is forgotten.
    """

    of_row: Rows
    of: Rows
    number: Rows
    of_pass: Rows
    at: Array
    root: Array
    counts: Rows
    drift_s: float

    def __len__(self) -> int:
        return len(self.at)

    def prior(self, some: Rows, width: int) -> Array:
        """Give (k, 2w, 2w) the covariances of all shifts of some neighbourhoods, m².

        Args:
            width: at least as many as any of them has stretches; the rest is filled up by what
                tells nothing of anything else.
        """
        place = np.full(len(self.counts), -1)
        place[some] = np.arange(len(some))
        mine = np.flatnonzero(place[self.of] >= 0)
        where = place[self.of[mine]], self.number[mine]
        at = np.zeros((len(some), width))
        of_pass = np.broadcast_to(-1 - np.arange(width), (len(some), width)).copy()
        root = np.broadcast_to(np.eye(2), (len(some), width, 2, 2)).copy()
        at[where], of_pass[where], root[where] = self.at[mine], self.of_pass[mine], self.root[mine]
        same = of_pass[:, :, None] == of_pass[:, None, :]
        apart = np.abs(at[:, :, None] - at[:, None, :])
        alike = np.where(same, np.exp(-apart / self.drift_s), 0.0)
        flat = root.reshape(len(some), 2 * width, 2)
        whole = (flat @ flat.transpose(0, 2, 1)).reshape(len(some), width, 2, width, 2)
        whole *= alike[:, :, None, :, None]
        return np.asarray(whole.reshape(len(some), 2 * width, 2 * width))


def stretches_of(
    neighbourhoods: Rows,
    passes: Sequence[str],
    at: Array,
    shared: Array,
    *,
    count: int,
    rule: IdentityRule,
) -> Stretches:
    """Cut sights into stretches by the clock and state the prior of their shifts.

    Args:
        neighbourhoods: (n,) that of each sight, from 0 to `count`.
        passes: the pass of each sight; passes know nothing of each other's error.
        at: (n,) seconds since 1970.
        shared: (n, 2, 2) m².
    """
    minute = np.floor(at / rule.stretch_s).astype(np.int64)
    keys = list(zip(neighbourhoods.tolist(), passes, minute.tolist(), strict=True))
    names = sorted(set(keys))
    row_of = {key: row for row, key in enumerate(names)}
    of_row = np.array([row_of[key] for key in keys], dtype=np.int64)
    of = np.array([key[0] for key in names], dtype=np.int64)
    pass_of = {key: row for row, key in enumerate(dict.fromkeys(key[:2] for key in names))}
    counts = np.bincount(of, minlength=count)
    mean = blocks(shared, of_row, len(names))
    mean /= np.bincount(of_row, minlength=len(names))[:, None, None]
    return Stretches(
        of_row=of_row,
        of=of,
        number=np.arange(len(names)) - (np.cumsum(counts) - counts)[of],
        of_pass=np.array([pass_of[key[:2]] for key in names], dtype=np.int64),
        at=(np.array([key[2] for key in names]) + 0.5) * rule.stretch_s,
        root=np.asarray(np.linalg.cholesky(mean)),
        counts=counts,
        drift_s=rule.drift_s,
    )


def alike_in_size(*sizes: Rows) -> list[tuple[Rows, tuple[int, ...]]]:
    """Group neighbourhoods so that those of a group can be stacked with little waste.

    Returns:
        Which they are, and up to what they have of each kind.
    """
    bounds = [np.where(each <= _STACKED, _power(each), each) for each in sizes]
    found: dict[tuple[int, ...], list[int]] = {}
    for row, bound in enumerate(zip(*(each.tolist() for each in bounds), strict=True)):
        found.setdefault(bound, []).append(row)
    return [(np.array(rows, dtype=np.int64), bound) for bound, rows in sorted(found.items())]


def _power(sizes: Rows) -> Rows:
    """Round up to powers of two."""
    return np.asarray(2 ** np.ceil(np.log2(np.maximum(sizes, 1))), dtype=np.int64)


def add_to_diagonal(precision: Array, informed: Array) -> None:
    """Add (m, n, 2, 2) blocks to the diagonals of (m, 2n, 2n) matrices, in place."""
    many, count = informed.shape[:2]
    every = np.arange(count)
    precision.reshape(many, count, 2, count, 2)[:, every, :, every, :] += informed.swapaxes(0, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shifts:
    """How far each stretch was off, as far as its sights tell, for each of some explanations.

    Args:
        mean: (e, s, 2) metres east and north; the truth is what was sighted less this.
        covariance: (e, s, 2, 2) m².
        misfit: (e,) the prior's squared distance of the shifts, the price of assuming them.
    """

    mean: Array
    covariance: Array
    misfit: Array


def estimate(prior: Array, explained: Rows, stretch: Rows, gap: Array, covariance: Array) -> Shifts:
    """Estimate the shifts of all stretches from matched sights, robustly.

    Huber weights in units of the gap's own error keep one wrong match from dragging a stretch.

    Args:
        prior: (e, 2s, 2s) covariance of the shifts beforehand, of each explanation, m².
        explained: (k,) the explanation that each match is part of, in rising order.
        stretch: (k,) that of the matched sight.
        gap: (k, 2) sight less problem, metres.
        covariance: (k, 2, 2) error of the gap without the shift, m².
    """
    many, count = len(prior), prior.shape[1] // 2
    beforehand = np.asarray(np.linalg.inv(prior), dtype=np.float64)
    informed = np.asarray(np.linalg.inv(covariance), dtype=np.float64)
    start = np.zeros((many, 2))
    ends = np.searchsorted(explained, np.arange(many + 1)).tolist()
    for row, (a, b) in enumerate(pairwise(ends)):
        if a < b:
            start[row] = np.median(gap[a:b], axis=0) if b - a > 2 else gap[a:b].mean(axis=0)
    mean = np.repeat(start[:, None], count, axis=1)
    pick = explained * count + stretch
    precision = beforehand
    for _ in range(_ROUNDS):
        left = gap - mean[explained, stretch]
        length = np.sqrt(np.einsum("ki,kij,kj->k", left, informed, left))
        weight = np.minimum(1.0, 2.0 / np.maximum(length, 1e-9))
        weighted = weight[:, None, None] * informed
        precision = beforehand.copy()
        of_stretch = blocks(weighted, pick, many * count)
        add_to_diagonal(precision, of_stretch.reshape(many, count, 2, 2))
        pulled = summed(np.einsum("kij,kj->ki", weighted, gap), pick, many * count)
        solved = np.linalg.solve(precision, pulled.reshape(many, -1, 1))
        mean = np.asarray(solved.reshape(many, count, 2), dtype=np.float64)
    flat = mean.reshape(many, -1)
    spread = np.linalg.inv(precision).reshape(many, count, 2, count, 2)
    return Shifts(
        mean=mean,
        covariance=np.asarray(np.einsum("esisj->esij", spread).copy()),
        misfit=np.asarray(np.einsum("ei,eij,ej->e", flat, beforehand, flat)),
    )


def blocks(weighted: Array, of: Rows, count: int) -> Array:
    """Add up (k, 2, 2) symmetric information by what the rows are of, (n, 2, 2)."""
    found = np.empty((count, 2, 2))
    found[:, 0, 0] = np.bincount(of, weighted[:, 0, 0], count)
    found[:, 1, 1] = np.bincount(of, weighted[:, 1, 1], count)
    found[:, 0, 1] = found[:, 1, 0] = np.bincount(of, weighted[:, 0, 1], count)
    return found


def summed(pulled: Array, of: Rows, count: int) -> Array:
    """Add up (k, 2) by what the rows are of, (n, 2)."""
    found = np.empty((count, 2))
    found[:, 0] = np.bincount(of, pulled[:, 0], count)
    found[:, 1] = np.bincount(of, pulled[:, 1], count)
    return found
