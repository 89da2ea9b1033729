"""Sights as parallel arrays: where, how surely and as what a set of observations saw things.

Frame: a plane tangent at a common origin, metres east and north.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dispatch.errors import DispatchError
from dispatch.identity.rule import IdentityRule
from dispatch.observation import Observation
from dispatch.place import Place, metres_east_north
from dispatch.wire import Covariance, Position

Array = npt.NDArray[np.float64]


class NoPosition(DispatchError):
    """An observation without a position cannot be compared with others."""

    def __init__(self, observation: str) -> None:
        super().__init__(
            f"观测 {observation} 没有位置，不能自动归并；请人工指定地点",
            f"observation {observation} has no position: a person must say where it is",
        )
        self.observation = observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Sights:
    """Parallel arrays, one row for each sight or problem.

    Args:
        xy: (n, 2) metres east and north of the origin.
        own: (n, 2, 2) covariance of a row's own error, m².
        shared: (n, 2, 2) covariance of the error it shares with its pass, m²; zero for problems.
        mix: (n, labels) label distributions, each row of length 1 (not of sum 1).
        cap_m: (n,) hard cap of the row's likeliest label.
        lasts_s: (n,) how long a thing of that label may go unseen, seconds; may be infinite.
        at: (n,) seconds since 1970.
    """

    xy: Array
    own: Array
    shared: Array
    mix: Array
    cap_m: Array
    lasts_s: Array
    at: Array

    def __len__(self) -> int:
        return len(self.xy)


def position_of(observation: Observation) -> Position:
    """Give the position of an observation.

    Raises:
        NoPosition: it has none.
    """
    position = observation.finding.position
    if position is None:
        raise NoPosition(observation.id)
    return position


def place_of(observation: Observation) -> Place:
    """Give where an observation lies with its whole error.

    Raises:
        NoPosition: it has none.
    """
    position = position_of(observation)
    both = matrix(position.own) + matrix(position.shared)
    return Place(
        latitude=position.latitude,
        longitude=position.longitude,
        ee=float(both[0, 0]),
        en=float(both[0, 1]),
        nn=float(both[1, 1]),
    )


def matrix(covariance: Covariance | Place) -> Array:
    """Give a covariance as a (2, 2) array, east then north."""
    return np.array([[covariance.ee, covariance.en], [covariance.en, covariance.nn]])


def offset(origin: Place, of: Place) -> Array:
    """Give (2,) metres east and north of the origin."""
    return np.array(metres_east_north(origin, of))


def sights_of(
    observations: Sequence[Observation], *, origin: Place, labels: Sequence[str], rule: IdentityRule
) -> Sights:
    """Lay observations out as arrays.

    Raises:
        NoPosition: one of them has none.
    """
    positions = [position_of(each) for each in observations]
    return Sights(
        xy=_stack([offset(origin, place_of(each)) for each in observations], 2),
        own=_stack([matrix(each.own) for each in positions], 2, 2),
        shared=_stack([matrix(each.shared) for each in positions], 2, 2),
        mix=mixes([each.finding.probabilities for each in observations], labels),
        cap_m=np.array([rule.cap(each.finding.label) for each in observations]),
        lasts_s=np.array([rule.lasts(each.finding.label) for each in observations]),
        at=np.array([each.finding.captured_at.timestamp() for each in observations]),
    )


def side_by_side(one: Sights, other: Sights) -> Sights:
    """Put the rows of the second under those of the first."""
    return Sights(
        xy=np.concatenate((one.xy, other.xy)),
        own=np.concatenate((one.own, other.own)),
        shared=np.concatenate((one.shared, other.shared)),
        mix=np.concatenate((one.mix, other.mix)),
        cap_m=np.concatenate((one.cap_m, other.cap_m)),
        lasts_s=np.concatenate((one.lasts_s, other.lasts_s)),
        at=np.concatenate((one.at, other.at)),
    )


def labels_of(distributions: Sequence[Mapping[str, float]]) -> tuple[str, ...]:
    """Give every label that any distribution names, sorted."""
    return tuple(sorted({label for each in distributions for label in each}))


def mixes(distributions: Sequence[Mapping[str, float]], labels: Sequence[str]) -> Array:
    """Give (n, labels) distributions scaled to length 1, so that products are cosines."""
    rows = _stack(
        [np.array([each.get(label, 0.0) for label in labels]) for each in distributions],
        len(labels),
    )
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length > 0.0, length, 1.0), dtype=np.float64)


def _stack(rows: Sequence[Array], *shape: int) -> Array:
    return np.stack(rows) if rows else np.zeros((0, *shape))
