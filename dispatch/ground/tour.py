"""A sensible round through some points: the nearest next, then untangled.

Untangling turns stretches round (2-opt, Croes 1958) and moves short ones elsewhere (Or 1976).
Good to some per cent for the few dozen spots of a sheet, and the same for the same points. Frame:
a plane tangent at the start, metres east and north; distances are straight, not by road.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.ground.place import Place, metres_east_north

LONGEST_MOVED: Final = 3
MOST_SWEEPS: Final = 30
"""Untangling ends by itself long before; this bounds what a request can cost."""

Array = NDArray[np.float64]


def tour(points: Sequence[Place], *, start: Place) -> tuple[int, ...]:
    """Give the order in which to visit points from a start; the round is open, it does not return.

    Args:
        points: within 10 km or so of the start, where a plane is as good as the globe.

    Returns:
        Every index of `points` once.
    """
    if not points:
        return ()
    at = np.array([(0.0, 0.0), *(metres_east_north(start, point) for point in points)])
    apart = np.hypot(*(at[:, None, :] - at[None, :, :]).transpose(2, 0, 1))
    order = _untangled(_nearest_next(apart), apart)
    return tuple(each - 1 for each in order[1:])


def length_m(points: Sequence[Place]) -> float:
    """Give how long the way through points is, straight from each to the next, in metres."""
    legs = [metres_east_north(one, other) for one, other in pairwise(points)]
    return float(sum(np.hypot(*leg) for leg in legs))


def _nearest_next(apart: Array) -> list[int]:
    order, left = [0], set(range(1, len(apart)))
    while left:
        here = order[-1]
        nearest = min(left, key=lambda each: (apart[here, each], each))
        order.append(nearest)
        left.remove(nearest)
    return order


def _untangled(order: list[int], apart: Array) -> list[int]:
    """Turn round and move stretches while that shortens the way; the start stays the start."""
    for _ in range(MOST_SWEEPS):
        turned = _turn_round(order, apart)
        if not _move(order, apart) and not turned:
            break
    return order


def _turn_round(order: list[int], apart: Array) -> bool:
    shorter, count = False, len(order)
    for first in range(1, count - 1):
        for last in range(first + 1, count):
            gain = _gain(order, first, last, apart)
            if gain > 1e-6:
                order[first : last + 1] = order[first : last + 1][::-1]
                shorter = True
    return shorter


def _move(order: list[int], apart: Array) -> bool:
    """Take each short stretch out, and put it where it costs least, either way round."""
    shorter = False
    for length in range(1, LONGEST_MOVED + 1):
        for first in range(1, len(order) - length + 1):
            stretch = order[first : first + length]
            rest = order[:first] + order[first + length :]
            place, turned, cost = _cheapest(rest, stretch, apart)
            if cost < _cost(rest, stretch, apart)[first - 1] - 1e-6:
                piece = stretch[::-1] if turned else stretch
                order[:] = rest[:place] + piece + rest[place:]
                shorter = True
    return shorter


def _cheapest(rest: Sequence[int], stretch: Sequence[int], apart: Array) -> tuple[int, bool, float]:
    """Give where a stretch goes into the rest, whether turned round, and what that adds."""
    costs = np.stack([_cost(rest, stretch, apart), _cost(rest, stretch[::-1], apart)])
    turned, after = np.unravel_index(int(costs.argmin()), costs.shape)
    return int(after) + 1, bool(turned), float(costs[turned, after])


def _cost(rest: Sequence[int], stretch: Sequence[int], apart: Array) -> Array:
    """Give (n,) what a stretch adds to the way after each point of the rest."""
    cost: Array = apart[rest, stretch[0]].copy()
    cost[:-1] += apart[stretch[-1], rest[1:]] - apart[rest[:-1], rest[1:]]
    return cost


def _gain(order: Sequence[int], first: int, last: int, apart: Array) -> float:
    """Give by how much the way shortens if the stretch from first to last is turned round."""
    before, begins, ends = order[first - 1], order[first], order[last]
    now, then = apart[before, begins], apart[before, ends]
    if last + 1 < len(order):
        after = order[last + 1]
        now, then = now + apart[ends, after], then + apart[begins, after]
    return float(now - then)
