"""An observation (观测): a finding that the centre has taken in and placed."""

import math
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import h3.api.basic_int as h3

from dispatch import wire
from dispatch.ids import GridId, ObservationId, ProblemId

# A look-up cell is wider than any distance at which two sights may be the same thing, so that a
# cell and its ring of neighbours hold every candidate.
LOOKUP_RESOLUTION: Final = 11
# The lowest distance from a cell to what lies beyond its ring: 1.5 edges of the smallest cells
# (resolution 11: 28.7 m mean, 18 m at the worst). H3, "Tables of cell statistics".
RING_M: Final = 27.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A finding, when it came, the grid that holds it, and the problem it is a sight of.

    Args:
        cell: the H3 cell (`lookup_cell`) under which it is looked up; None without a position.
        grid: None without a position, or outside every grid.
    """

    finding: wire.Finding
    received_at: datetime
    cell: int | None = None
    grid: GridId | None = None
    problem: ProblemId | None = None

    @property
    def id(self) -> ObservationId:
        """The finding's id."""
        return ObservationId(self.finding.id)

    @property
    def order(self) -> tuple[datetime, str]:
        """What observations are sorted by, so that no result depends on the order of arrival."""
        return self.finding.captured_at, self.finding.id

    def of_problem(self, problem: ProblemId | None) -> "Observation":
        """Give the same observation as a sight of a problem."""
        return replace(self, problem=problem)


def lookup_cell(latitude: float, longitude: float) -> int:
    """Name the cell of a place under which problems, observations and cases are looked up."""
    return int(h3.latlng_to_cell(latitude, longitude, LOOKUP_RESOLUTION))


def cells_near(cell: int, *, radius_m: float) -> tuple[int, ...]:
    """List the look-up cells that hold everything within a distance of any point of a cell.

    Args:
        radius_m: at least 0; one ring reaches `RING_M`.
    """
    return tuple(sorted(h3.grid_disk(cell, max(1, math.ceil(radius_m / RING_M)))))
