"""What is wrong with all frames alike, and how much speaks for it.

Each cause is tried alone: the value that makes the frames agree best is sought over its range. A
cause is named where

- it explains the disagreement: squared standard errors fall by more than `EVIDENT`;
- it explains frames it was not fitted to: fitted to the rest of the pass, `_FOLDS` times, it takes
  as much from the part left out, taken together (cross-validation; M. Stone, "Cross-validatory
  choice and assessment of statistical predictions", 1974);
- the pass could show it: were it true, it would move the pairs by more than `EVIDENT`;
- its value lies beyond what is stated or usual.

Causes that explain it equally well are named together: straight down, a longer lens and a greater
height look the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.geocheck.agreement import AS_STATED, Change, Ground, Later, Overlap, View, lay_out
from edge.geocheck.causes import Cause
from edge.geocheck.weighing import Weighed, signals, surprises, weigh

Array = NDArray[np.float64]

PER_PAIR: Final = 8.0
"""Squared standard errors that a pair in order comes to."""
EVIDENT: Final = 16.0
"""Four standard errors."""
_ALIKE: Final = 0.15
"""Share of the best cause's gain within which another explains as much."""
_FOLDS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How well a cause explains why the frames disagree.

    All evidence is in squared standard errors, in units of those that the pass itself shows.

    Attributes:
        value: the value that makes them agree best.
        gain: by how much the sum falls there.
        held_out: by how much it falls in the parts of the pass that the value was not fitted to.
        signal: by how much the frames would disagree if it were true.
        shows_from: distance from neutral beyond which the pass would show it, to either side;
            None where it could not show.
    """

    cause: Cause
    value: float
    gain: float
    held_out: float
    signal: float
    shows_from: float | None

    @property
    def evident(self) -> bool:
        """Say whether it explains the disagreement, also where it was not fitted."""
        return min(self.gain, self.held_out, self.signal) > EVIDENT

    @property
    def beyond(self) -> bool:
        """Say whether the value lies beyond what is stated or usual."""
        return self.cause.distance(self.value) > self.cause.tolerance

    @property
    def zh(self) -> str:
        """Say it in Chinese."""
        return self.cause.zh.format(self.value)

    @property
    def en(self) -> str:
        """Say it in English."""
        return self.cause.en.format(self.value)


def faults_among(trials: Sequence[Trial]) -> tuple[Trial, ...]:
    """Name what is wrong with all frames alike: the best cause first, then what equals it."""
    evident = [trial for trial in trials if trial.evident]
    most = max((trial.gain for trial in evident), default=0.0)
    alike = [trial for trial in evident if trial.gain >= (1.0 - _ALIKE) * most]
    # Where a cause within its tolerance explains as much, nothing is wrong.
    if not all(trial.beyond for trial in alike):
        return ()
    return tuple(sorted(alike, key=lambda trial: -trial.gain))


def try_causes(
    views: Sequence[View],
    overlaps: Sequence[Overlap],
    *,
    causes: Sequence[Cause],
    later: Later | None = None,
) -> tuple[Trial, ...]:
    """Try each cause on the pairs of a pass, in the order in which they were taken."""
    stated = lay_out(views)
    weighed = [weigh(views, overlap, stated) for overlap in overlaps]

    def laid(change: Change) -> Ground:
        moved = change.pitch != 0.0 or change.later_s != 0.0
        return lay_out(views, change, later=later) if moved else stated.under(change)

    tables = [_table(cause, weighed, stated, laid) for cause in causes]
    before = float(surprises(laid(AS_STATED), weighed).sum())
    least = min(before - float(table.gains.sum(axis=1).max()) for table in tables)
    scale = max(1.0, least / (len(overlaps) * PER_PAIR))
    return tuple(_trial(cause, table, scale) for cause, table in zip(causes, tables, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """What each value of a cause does to each pair, (values, pairs).

    Attributes:
        gains: fall of the squared standard errors; zero where nothing can be compared.
        shown: squared standard errors by which the pair would disagree if the value were true.
    """

    gains: Array
    shown: Array


def _table(
    cause: Cause, weighed: Sequence[Weighed], stated: Ground, laid: Callable[[Change], Ground]
) -> _Table:
    before = surprises(stated, weighed)
    layouts = [laid(cause.change(float(value))) for value in cause.values]
    return _Table(
        gains=np.nan_to_num(before - np.array([surprises(one, weighed) for one in layouts])),
        shown=np.array([signals(stated, one, weighed) for one in layouts]),
    )


def _trial(cause: Cause, table: _Table, scale: float) -> Trial:
    gains, shown = table.gains.sum(axis=1), table.shown.sum(axis=1) / scale
    best = int(np.argmax(gains))
    value = float(cause.values[best])
    if 0 < best < len(gains) - 1:
        value = _vertex(cause.values[best - 1 : best + 2], -gains[best - 1 : best + 2])
    return Trial(
        cause=cause,
        value=value,
        gain=max(0.0, float(gains[best])) / scale,
        held_out=_held_out(table.gains) / scale,
        signal=float(shown[best]),
        shows_from=_shows_from(cause, shown),
    )


def _held_out(gains: Array) -> float:
    """Give what values fitted to the rest of a pass take from the part left out, over all parts."""
    total = 0.0
    for part in np.array_split(np.arange(gains.shape[1]), _FOLDS):
        rest = np.delete(gains, part, axis=1).sum(axis=1)
        total += float(gains[int(np.argmax(rest)), part].sum())
    return total


def _shows_from(cause: Cause, shown: Array) -> float | None:
    """Give the least distance from neutral from which on either side is shown."""
    away = np.array([cause.distance(float(value)) for value in cause.values])
    hidden = away[shown <= EVIDENT]
    if not len(hidden):
        return 0.0
    seen = away[away > hidden.max() + 1e-9]
    return float(seen.min()) if len(seen) else None


def _vertex(values: Array, costs: Array) -> float:
    """Give where the parabola through three values is lowest."""
    curve, slope, _ = np.polyfit(values - values[1], costs, 2)
    return float(values[1] - slope / (2.0 * curve)) if curve > 0.0 else float(values[1])
