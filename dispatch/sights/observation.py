"""An observation (观测): a finding or a report that the centre has taken in and placed."""

from dataclasses import dataclass, replace
from datetime import datetime

from dispatch import wire
from dispatch.ids import GridId, ObservationId, ProblemId


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was seen, when it came, the grid that holds it, and the problem it is a sight of.

    Args:
        finding: what a device found, or what a person reported.
        cell: what it is looked up by (`place.lookup_cell`); None without a position.
        grid: None without a position, or outside every grid.
        settled: its problem was told at the end of its pass, and not only on arrival.
        condensed: its problem's gist holds what it says.
    """

    finding: wire.Finding | wire.Report
    received_at: datetime
    cell: int | None = None
    grid: GridId | None = None
    problem: ProblemId | None = None
    settled: bool = False
    condensed: bool = False

    @property
    def id(self) -> ObservationId:
        """The finding's id."""
        return ObservationId(self.finding.id)

    @property
    def of_device(self) -> wire.Finding:
        """Give the finding of one that a device sent, as all are that belong to a patrol's pass."""
        assert isinstance(self.finding, wire.Finding)
        return self.finding

    @property
    def order(self) -> tuple[datetime, str]:
        """What observations are sorted by, so that no result depends on the order of arrival."""
        return self.finding.captured_at, self.finding.id

    def of_problem(
        self, problem: ProblemId | None, *, settled: bool = False, condensed: bool = False
    ) -> "Observation":
        """Give the same observation as a sight of a problem."""
        return replace(self, problem=problem, settled=settled, condensed=condensed)
