"""The roster (排班): who is on duty when, by shifts; who stands in none is always on duty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatch.clocks.window import Window
from dispatch.clocks.worktime import Calendar
from dispatch.ids import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One row: a person and when they are on duty."""

    person: PersonId
    window: Window


class Roster:
    """The shifts of a city's people."""

    def __init__(self, shifts: Sequence[Shift] = ()) -> None:
        """Keep the shifts."""
        self.shifts = tuple(shifts)

    def is_on_duty(self, person: PersonId, at: datetime, calendar: Calendar) -> bool:
        """Say whether a person is on duty at a moment."""
        own = [shift.window for shift in self.shifts if shift.person == person]
        return not own or any(window.counts_at(at, calendar) for window in own)
