"""The error a receiver shares over a pass: constant within a stretch, drifting between stretches.

Between stretches it is an Ornstein-Uhlenbeck process: a random walk that is pulled back, so that
its spread stays the one the device stated, however long the pass.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dispatch.identity.rule import IdentityRule
from dispatch.identity.sights import Array

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    """The stretches of one pass or of several, and what is known of their shifts beforehand.

    Args:
        of_row: (n,) the stretch of each sight.
        at: (s,) seconds since 1970, the middle of each stretch.
        prior: (2s, 2s) covariance of all shifts together, m².
    """

    of_row: Rows
    at: Array
    prior: Array

    def __len__(self) -> int:
        return len(self.at)

    def widened(self, covariance: Array) -> "Stretches":
        """Add an error that all stretches have in common, (2, 2) m²."""
        everywhere = np.tile(covariance, (len(self), len(self)))
        return replace(self, prior=self.prior + everywhere)


def stretches_of(passes: Sequence[str], at: Array, shared: Array, rule: IdentityRule) -> Stretches:
    """Cut sights into stretches by the clock and state the prior of their shifts.

    Args:
        passes: the pass of each sight; passes know nothing of each other's error.
        at: (n,) seconds since 1970.
        shared: (n, 2, 2) m².
    """
    minute = np.floor(at / rule.stretch_s).astype(np.int64)
    keys = list(zip(passes, minute.tolist(), strict=True))
    names = sorted(set(keys))
    number = {key: index for index, key in enumerate(names)}
    of_row = np.array([number[key] for key in keys], dtype=np.int64)
    roots = np.zeros((len(names), 2, 2))
    for index in range(len(names)):
        roots[index] = np.linalg.cholesky(shared[of_row == index].mean(axis=0))
    middle = (np.array([key[1] for key in names]) + 0.5) * rule.stretch_s
    same = np.array([[a[0] == b[0] for b in names] for a in names])
    alike = np.where(same, np.exp(-np.abs(middle[:, None] - middle[None, :]) / rule.drift_s), 0.0)
    prior = np.einsum("st,sij,tkj->sitk", alike, roots, roots).reshape(2 * len(names), -1)
    return Stretches(of_row=of_row, at=middle, prior=prior)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shifts:
    """How far each stretch was off, as far as its sights tell.

    Args:
        mean: (s, 2) metres east and north; the truth is what was sighted less this.
        covariance: (s, 2, 2) m².
        misfit: the prior's squared distance of the shifts, the price of assuming them.
    """

    mean: Array
    covariance: Array
    misfit: float


def estimate(stretches: Stretches, rows: Rows, gap: Array, covariance: Array) -> Shifts:
    """Estimate the shifts of all stretches from matched sights, robustly.

    Huber weights in units of the gap's own error keep one wrong match from dragging a stretch.

    Args:
        rows: (k,) the matched sights.
        gap: (k, 2) sight less problem, metres.
        covariance: (k, 2, 2) error of the gap without the shift, m².
    """
    size = 2 * len(stretches)
    if len(rows) == 0:
        return _shifts(np.zeros(size), stretches.prior, 0.0)
    informed = np.linalg.inv(covariance)
    pick = stretches.of_row[rows]
    start = np.median(gap, axis=0)
    mean = np.tile(start, len(stretches))
    for _ in range(4):
        left = gap - mean.reshape(-1, 2)[pick]
        length = np.sqrt(np.einsum("ki,kij,kj->k", left, informed, left))
        weight = np.minimum(1.0, 2.0 / np.maximum(length, 1e-9))
        precision = np.linalg.inv(stretches.prior)
        pulled = np.zeros(size)
        for index, stretch in enumerate(pick):
            block = slice(2 * stretch, 2 * stretch + 2)
            precision[block, block] += weight[index] * informed[index]
            pulled[block] += weight[index] * informed[index] @ gap[index]
        spread = np.linalg.inv(precision)
        mean = spread @ pulled
    return _shifts(mean, spread, float(mean @ np.linalg.solve(stretches.prior, mean)))


def _shifts(mean: Array, spread: Array, misfit: float) -> Shifts:
    blocks = spread.reshape(len(mean) // 2, 2, len(mean) // 2, 2)
    diagonal = np.einsum("sisj->sij", blocks).copy()
    return Shifts(mean=mean.reshape(-1, 2), covariance=diagonal, misfit=misfit)
