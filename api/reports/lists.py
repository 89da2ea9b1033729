"""The lists of a report, read when they are written: a year of a city is not held in memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from api.centre.wiring import Centre
from dispatch.clocks.period import Period
from dispatch.figures.standing import Late, Listed, Redone


@dataclass(frozen=True, kw_only=True)
class Lists:
    """What a report lists of the cases of a period and an area, by what was known at a moment.

    Args:
        area: leading digits of grid ids; empty for the whole city.
        until: what came from then on is not in it.
    """

    period: Period
    area: str
    until: datetime
    centre: Centre

    def cases(self) -> Iterator[Listed]:
        """Give the cases that the period concerns, as they stood, by id; anew at each call."""
        with self.centre.read_at_one_moment() as uow:
            yield from uow.case_list.concerning(self.period.start, self.until, area=self.area)

    @cached_property
    def rendered(self) -> int:
        """Count those of them that were made from rendered footage."""
        with self.centre.read() as uow:
            return uow.case_list.rendered(self.period.start, self.until, area=self.area)

    @cached_property
    def late(self) -> Sequence[Late]:
        """What was left undone past its limit, the longest overdue first."""
        with self.centre.read() as uow:
            return uow.case_list.late(self.period.known_at(self.until), area=self.area)

    @cached_property
    def redone(self) -> Sequence[Redone]:
        """What was sent back or taken up again, in the order of time."""
        with self.centre.read() as uow:
            return uow.case_list.redone(self.period.known_at(self.until), area=self.area)
