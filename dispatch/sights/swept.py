"""Which look-up cells a sweep touched, and what is left of it without its ground."""

from typing import Final

import h3.api.basic_int as h3

from dispatch.ground.place import LOOKUP_RESOLUTION
from dispatch.wire import Sweep, unpack_cells

REACH_M: Final = 30.0
"""Sweeps within this distance of a case are asked; beyond it no position error reaches."""


def lookup_cells(sweep: Sweep) -> frozenset[int]:
    """Give the look-up cells that the inspected and the hidden ground of a sweep lie in."""
    packed = [ground.cells for ground in sweep.inspected]
    packed += [ground.cells for ground in sweep.hidden]
    return frozenset(
        int(h3.cell_to_parent(cell, LOOKUP_RESOLUTION))
        for cells in packed
        for cell in unpack_cells(cells)
    )


def without_ground(sweep: Sweep) -> Sweep:
    """Take out of a sweep where it was; how long, how far and with what it looked stays."""
    return sweep.model_copy(update={"inspected": (), "hidden": ()})
