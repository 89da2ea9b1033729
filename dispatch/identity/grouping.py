"""Group the observations of one pass that are one thing, and merge what they say."""

from collections.abc import Sequence

import numpy as np

from dispatch.identity.drift import blocks
from dispatch.identity.gate import one_in_pass
from dispatch.identity.rule import IDENTITY, IdentityRule
from dispatch.identity.sights import Array, Sights, place_of, sights_of
from dispatch.sights.observation import Observation


def group_pass(
    observations: Sequence[Observation], rule: IdentityRule = IDENTITY
) -> tuple[tuple[Observation, ...], ...]:
    """Group observations of one pass that are one thing: every pair in a group must allow it.

    Raises:
        NoPosition: an observation has none.
    """
    ordered = sorted(observations, key=lambda one: one.order)
    near = _near_in_pass(ordered, rule)
    groups: list[list[int]] = []
    for row, each in enumerate(ordered):
        home = next(
            (
                group
                for group in groups
                if all(mate in near[row] for mate in group)
                and all(one_in_pass(each, ordered[mate], rule) for mate in group)
            ),
            None,
        )
        if home is None:
            groups.append([row])
        else:
            home.append(row)
    return tuple(tuple(ordered[row] for row in group) for group in groups)


def _near_in_pass(ordered: Sequence[Observation], rule: IdentityRule) -> list[set[int]]:
    """Give for each row those before it that lie no farther than any cap allows."""
    placed = sights_of(ordered, origins=[place_of(ordered[0])] * len(ordered), labels=(), rule=rule)
    # The plane is tangent at the first: a little wider than what is measured from sight to sight.
    reach = 1.01 * max(placed.cap_m) + 0.1
    near: list[set[int]] = [set() for _ in ordered]
    by_north = np.argsort(placed.xy[:, 1], kind="stable")
    north = placed.xy[by_north, 1]
    ends = np.searchsorted(north, north + reach, side="right").tolist()
    for start, end in enumerate(ends):
        for other in range(start + 1, end):
            one, mate = sorted((int(by_north[start]), int(by_north[other])))
            if abs(placed.xy[one, 0] - placed.xy[mate, 0]) <= reach:
                near[mate].add(one)
    return near


def merged(sights: Sights, sizes: Sequence[int]) -> Sights:
    """Merge rows that lie side by side in groups, weighted by their own information.

    Args:
        sizes: how many rows each group has.
    """
    count = len(sizes)
    if count == len(sights):
        return sights
    of = np.repeat(np.arange(count), sizes)
    first = np.cumsum(sizes) - np.array(sizes)
    informed: Array = np.asarray(np.linalg.inv(sights.own), dtype=np.float64)
    own: Array = np.asarray(np.linalg.inv(blocks(informed, of, count)), dtype=np.float64)
    pulled = np.add.reduceat(np.einsum("kij,kj->ki", informed, sights.xy), first)
    share = 1.0 / np.array(sizes)
    mix = np.add.reduceat(sights.mix, first)
    length = np.linalg.norm(mix, axis=1, keepdims=True)
    return Sights(
        xy=np.einsum("kij,kj->ki", own, pulled),
        own=own,
        shared=np.asarray(np.add.reduceat(sights.shared, first) * share[:, None, None]),
        mix=np.asarray(mix / np.where(length > 0.0, length, 1.0)),
        cap_m=np.minimum.reduceat(sights.cap_m, first),
        lasts_s=np.minimum.reduceat(sights.lasts_s, first),
        at=np.asarray(np.add.reduceat(sights.at, first) * share),
    )
