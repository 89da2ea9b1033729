"""What reports need of a store: the cases of a period, some at a time, and what befell them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from dispatch.clocks.period import Window
from dispatch.figures.standing import Late, Listed, Redone


class CaseListRepository(Protocol):
    """Cases by the million, as lists give them; an empty area means the whole city."""

    def concerning(self, start: datetime, until: datetime, *, area: str) -> Iterator[Listed]:
        """Give the cases known before `until` and not ended by `start`, as they stood, by id."""
        ...

    def rendered(self, start: datetime, until: datetime, *, area: str) -> int:
        """Count those of them that were made from rendered footage."""
        ...

    def late(self, window: Window, *, area: str) -> Sequence[Late]:
        """Give the duties of a period that are not done, the longest overdue first."""
        ...

    def redone(self, window: Window, *, area: str) -> Sequence[Redone]:
        """Give what was sent back or taken up again in a period, in the order of time."""
        ...
