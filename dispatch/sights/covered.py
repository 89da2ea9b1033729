"""Ground that stretches saw, added up: each cell once, with when it was seen last.

However it is added up, and however often the same is added again, it comes to the same: so it can
be kept by day and by month, and a period be put together of those.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.clocks.micros import micros
from dispatch.sights.stretch import Patch

Integers = NDArray[np.int64]
_LEVEL: Final = 1
"""Of packing: what is nearly the same packs well in any case."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Covered:
    """Ground of one unit grid that was seen for the same classes.

    Args:
        area: id of the grid; empty outside every grid.
        cells: (n,) int64, of `stretch.RESOLUTION`, ascending, each once.
        seen_us: (n,) int64, when each was seen last, in microseconds since 1970.
    """

    area: str
    labels: tuple[str, ...]
    cells: Integers
    seen_us: Integers

    def packed(self) -> bytes:
        """Give cells and moments in little room."""
        both = np.concatenate([self.cells, self.seen_us]).astype("<i8")
        return zlib.compress(both.tobytes(), _LEVEL)

    def is_same_ground(self, other: "Covered") -> bool:
        """Say whether the same cells were last seen at the same moments."""
        return np.array_equal(self.cells, other.cells) and np.array_equal(
            self.seen_us, other.seen_us
        )


def unpacked(packed: bytes, *, area: str, labels: tuple[str, ...]) -> Covered:
    """Give the ground that `Covered.packed` made small."""
    both = np.frombuffer(zlib.decompress(packed), dtype="<i8")
    number = len(both) // 2
    return Covered(area=area, labels=labels, cells=both[:number], seen_us=both[number:])


def covered_by(patch: Patch) -> Covered:
    """Give the ground of one stretch."""
    cells = np.frombuffer(patch.cells, dtype="<i8")
    moment = micros(patch.seen_at)
    seen_us = np.full(len(cells), moment, dtype=np.int64)
    return Covered(area=patch.area, labels=patch.labels, cells=cells, seen_us=seen_us)


def added_up(pieces: Iterable[Covered], *, area: str = "", labels: tuple[str, ...] = ()) -> Covered:
    """Add up ground: each cell once, as it was seen last."""
    some = list(pieces)
    if len(some) == 1:
        cells, seen_us = some[0].cells, some[0].seen_us
    else:
        nothing = np.empty(0, dtype=np.int64)
        cells = np.concatenate([nothing, *(each.cells for each in some)])
        seen_us = np.concatenate([nothing, *(each.seen_us for each in some)])
        order = np.lexsort((-seen_us, cells))
        cells, seen_us = cells[order], seen_us[order]
        first = np.ones(len(cells), dtype=bool)
        first[1:] = cells[1:] != cells[:-1]
        cells, seen_us = cells[first], seen_us[first]
    return Covered(area=area, labels=labels, cells=cells, seen_us=seen_us)


def ages_s(ground: Covered, *, until: datetime) -> Integers:
    """Give the whole seconds since each cell was seen last, ascending."""
    passed = micros(until) - ground.seen_us
    return np.sort(np.maximum(passed, 0) // 1_000_000)
