"""A period of evaluation, and how much of what happened is known of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dispatch.errors import DispatchError


class PeriodReversed(DispatchError):
    """The period ends before it starts."""

    def __init__(self, start: datetime, end: datetime) -> None:
        super().__init__(
            f"统计期从 {start:%Y-%m-%d} 到 {end:%Y-%m-%d}，起止颠倒，请改正",
            f"the period from {start.isoformat()} to {end.isoformat()} ends before it starts: "
            "swap them",
        )
        self.start, self.end = start, end


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `start` up to, not including, `end`.

    Raises:
        PeriodReversed: it ends before it starts.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse a period that ends before it starts."""
        if self.end <= self.start:
            raise PeriodReversed(self.start, self.end)

    @property
    def last_day(self) -> date:
        """Give its last day, by the clock in which it was stated."""
        return (self.end - timedelta(microseconds=1)).date()

    def known_at(self, now: datetime) -> "Window":
        """Give the period with what is known of it at a moment; later steps change nothing."""
        return Window(start=self.start, end=self.end, until=min(self.end, now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A period by what happened before `until`, which is never after its end."""

    start: datetime
    end: datetime
    until: datetime

    @property
    def open_from(self) -> datetime:
        """Give the moment from which what is not ended counts as open in the period."""
        return min(self.start, self.until)
