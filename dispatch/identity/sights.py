"""Sights as parallel arrays: where, how surely and as what a set of observations saw things.

Frame: a plane tangent at a common origin, metres east and north.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dispatch.errors import DispatchError
from dispatch.ground.place import EARTH_RADIUS_M, Place, metres_east_north
from dispatch.identity.rule import IdentityRule
from dispatch.sights.observation import Observation
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
    own, shared = position.own, position.shared
    return Place(
        latitude=position.latitude,
        longitude=position.longitude,
        ee=own.ee + shared.ee,
        en=own.en + shared.en,
        nn=own.nn + shared.nn,
    )


def matrix(covariance: Covariance | Place) -> Array:
    """Give a covariance as a (2, 2) array, east then north."""
    return np.array([[covariance.ee, covariance.en], [covariance.en, covariance.nn]])


def offset(origin: Place, of: Place) -> Array:
    """Give (2,) metres east and north of the origin."""
    return np.array(metres_east_north(origin, of))


Stated = tuple[float, float, float, float, float, float, float, float, float]
"""Latitude and longitude, own and shared covariance (ee, en, nn), and seconds since 1970."""


def stated_of(observation: Observation) -> Stated:
    """Give what a sight states of where and when it was.

    Raises:
        NoPosition: it has no position.
    """
    position = position_of(observation)
    own, shared = position.own, position.shared
    at = observation.finding.captured_at.timestamp()
    both = own.ee, own.en, own.nn, shared.ee, shared.en, shared.nn
    return position.latitude, position.longitude, *both, at


def laid_out(stated: Sequence[Stated], *, origins: Sequence[Place]) -> Sights:
    """Lay sights out as arrays by what they state, their labels left out.

    Args:
        origins: that of each sight.
    """
    table = np.array(stated, dtype=np.float64).reshape(-1, 9)
    from_ = np.array([(each.latitude, each.longitude) for each in origins]).reshape(-1, 2)
    # As `place.metres_east_north`.
    turned = np.radians(table[:, :2] - from_) * EARTH_RADIUS_M
    nothing = np.zeros(len(table))
    return Sights(
        xy=np.stack((turned[:, 1] * np.cos(np.radians(from_[:, 0])), turned[:, 0]), axis=1),
        own=table[:, [2, 3, 3, 4]].reshape(-1, 2, 2),
        shared=table[:, [5, 6, 6, 7]].reshape(-1, 2, 2),
        mix=np.zeros((len(table), 0)),
        cap_m=nothing,
        lasts_s=nothing,
        at=table[:, 8],
    )


def sights_of(
    observations: Sequence[Observation],
    *,
    origins: Sequence[Place],
    labels: Sequence[str],
    rule: IdentityRule,
) -> Sights:
    """Lay observations out as arrays.

    Args:
        origins: that of each.

    Raises:
        NoPosition: one of them has none.
    """
    labelled = [each.finding.label for each in observations]
    return replace(
        laid_out([stated_of(each) for each in observations], origins=origins),
        mix=mixes([each.finding.probabilities for each in observations], labels),
        cap_m=np.array([rule.cap(each) for each in labelled]),
        lasts_s=np.array([rule.lasts(each) for each in labelled]),
    )


def labels_of(distributions: Sequence[Mapping[str, float]]) -> tuple[str, ...]:
    """Give every label that any distribution names, sorted."""
    return tuple(sorted({label for each in distributions for label in each}))


def mixes(distributions: Sequence[Mapping[str, float]], labels: Sequence[str]) -> Array:
    """Give (n, labels) distributions scaled to length 1, so that products are cosines."""
    rows = np.array([[each.get(label, 0.0) for label in labels] for each in distributions])
    rows = rows.reshape(len(distributions), len(labels))
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length > 0.0, length, 1.0), dtype=np.float64)
