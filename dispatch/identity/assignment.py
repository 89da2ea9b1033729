"""One-to-one assignment of greatest total gain, where staying alone gains nothing."""

import numpy as np

from dispatch.identity.sights import Array


def assign(gain: Array) -> tuple[int | None, ...]:
    """Give each row its column, or None where staying alone is better.

    Rows and columns that no positive gain links are solved apart, so that a street of many
    lonely things costs next to nothing.

    Args:
        gain: (rows, columns); what is forbidden is minus infinity.
    """
    chosen: list[int | None] = [None] * gain.shape[0]
    for rows, columns in _components(gain > 0.0):
        part = np.maximum(gain[np.ix_(rows, columns)], 0.0)
        for row, column in zip(rows, _solve(part), strict=True):
            if column is not None and gain[row, columns[column]] > 0.0:
                chosen[row] = columns[column]
    return tuple(chosen)


def _components(
    linked: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
) -> list[tuple[list[int], list[int]]]:
    left = {int(row) for row in np.flatnonzero(linked.any(axis=1))}
    found: list[tuple[list[int], list[int]]] = []
    while left:
        rows, columns, fresh = set[int](), set[int](), {min(left)}
        while fresh:
            rows |= fresh
            columns |= {int(column) for column in np.flatnonzero(linked[sorted(fresh)].any(axis=0))}
            reached = np.flatnonzero(linked[:, sorted(columns)].any(axis=1))
            fresh = {int(row) for row in reached} - rows
        left -= rows
        found.append((sorted(rows), sorted(columns)))
    return found


def _solve(gain: Array) -> list[int | None]:
    """Solve a small dense problem by shortest augmenting paths with potentials.

    Source: R. Jonker, A. Volgenant, "A shortest augmenting path algorithm for dense and sparse
    linear assignment problems", Computing 38 (1987); potentials after E. L. Lawler (1976).
    """
    rows, columns = gain.shape
    if gain.size == 1:
        return [0]
    # A private column of cost 0 for each row lets it stay alone.
    cost = np.hstack([-gain, np.zeros((rows, rows))])
    width = columns + rows
    row_price, column_price = np.zeros(rows), np.zeros(width)
    owner = np.full(width, -1)
    for row in range(rows):
        _augment(row, cost, row_price, column_price, owner)
    chosen: list[int | None] = [None] * rows
    for column in range(columns):
        if owner[column] >= 0:
            chosen[int(owner[column])] = column
    return chosen


def _augment(
    start: int,
    cost: Array,
    row_price: Array,
    column_price: Array,
    owner: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> None:
    """Find the cheapest path from a free row to a free column; move prices and owners along."""
    width = cost.shape[1]
    reach = np.full(width, np.inf)
    came_from = np.full(width, -1)
    done = np.zeros(width, dtype=bool)
    row, column, least = start, -1, 0.0
    path: list[tuple[int, float]] = [(start, 0.0)]
    while True:
        through = least + cost[row] - row_price[row] - column_price
        better = ~done & (through < reach)
        reach[better], came_from[better] = through[better], column
        column = int(np.argmin(np.where(done, np.inf, reach)))
        least = float(reach[column])
        done[column] = True
        if owner[column] < 0:
            break
        row = int(owner[column])
        path.append((row, least))
    for visited, at in path:
        row_price[visited] += least - at
    column_price[done] -= least - reach[done]
    while column >= 0:
        before = int(came_from[column])
        owner[column] = start if before < 0 else owner[before]
        column = before
