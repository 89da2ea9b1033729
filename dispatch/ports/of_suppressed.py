"""What casework needs of a store for sights that approvals kept from becoming cases."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dispatch.city.suppression import KnownSight, Suppressed
from dispatch.clocks.period import Window
from dispatch.ids import ProblemId
from dispatch.indicators.formula import Grouping, Part


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressedFilter:
    """Which suppressed sights are asked for: counted in a period, as is known of it.

    Args:
        area: leading digits of the grid id; empty means the whole city.
        suppression: the approval's id; None for all.
        group: of `by`; None for all.
    """

    window: Window
    area: str = ""
    suppression: str | None = None
    by: Grouping = Grouping.CITY
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressedCount:
    """How much one approval kept from becoming a case, as of its newest sight's wording."""

    newest: Suppressed
    sights: int
    problems: int


class SuppressedRepository(Protocol):
    """Sights that an approval kept from becoming a case.

    What was known of them at an earlier moment stays known of that moment.
    """

    def of_sight(self, finding: str) -> Suppressed | None:
        """Give what is kept of a sight now, or None."""
        ...

    def save(self, one: Suppressed, *, known_from: datetime) -> None:
        """Keep a sight; the same again takes its place from then on."""
        ...

    def drop(self, finding: str, *, at: datetime) -> None:
        """Count a sight no longer that an approval no longer concerns: its place was corrected."""
        ...

    def move(self, gone: ProblemId, to: ProblemId, *, at: datetime) -> None:
        """Count the sights of a problem that is no more with the one that took its place."""
        ...

    def find(self, wanted: SuppressedFilter, *, limit: int | None) -> Sequence[Suppressed]:
        """Give sights, the newest first; all where there is no limit."""
        ...

    def told(self, window: Window) -> Iterator[KnownSight]:
        """Give all sights of a period, the oldest first, some at a time."""
        ...

    def count(self, wanted: SuppressedFilter) -> Sequence[SuppressedCount]:
        """Count sights and problems of each approval, by its id."""
        ...

    def reckon(
        self, parts: Collection[Part], wanted: SuppressedFilter
    ) -> Mapping[str, Mapping[Part, int]]:
        """Reckon, in each group that has any, those parts of formulas that are of such sights."""
        ...
