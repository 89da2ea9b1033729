"""Which look-up cells a sweep touched."""

import h3.api.basic_int as h3

from dispatch.place import LOOKUP_RESOLUTION
from dispatch.wire import Sweep, unpack_cells


def lookup_cells(sweep: Sweep) -> frozenset[int]:
    """Give the look-up cells that the inspected and the hidden ground of a sweep lie in."""
    packed = [ground.cells for ground in sweep.inspected]
    packed += [ground.cells for ground in sweep.hidden]
    return frozenset(
        int(h3.cell_to_parent(cell, LOOKUP_RESOLUTION))
        for cells in packed
        for cell in unpack_cells(cells)
    )
