"""Read who is on duty when, and say every fault with its line."""

from collections.abc import Iterator
from datetime import date, time
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from dispatch.city.policies import Policy
from dispatch.city.roster import Roster, Shift
from dispatch.city_files.profile_settings import Name, Span, refuse_reversed
from dispatch.clocks.window import Days, Window
from dispatch.files.datafile import DataFolder
from dispatch.ids import PersonId

ROSTER: Final = "roster.csv"


class ShiftRow(Policy):
    """A row of `roster.csv`: an account's name, weekdays as 12345, hours as 07:00-15:00."""

    person: Name
    days: Days = Days.ALL
    weekdays: Annotated[str, Field(pattern=r"^[1-7]{0,7}$")] = ""
    hours: Span | None = None
    valid_from: date
    valid_until: date | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        refuse_reversed(self.valid_from, self.valid_until)
        return self


def read_roster(data: DataFolder) -> Roster:
    """Read the shifts; without the file everybody is always on duty."""
    return Roster(list(_shifts(data)) if data.has(ROSTER) else ())


def _shifts(data: DataFolder) -> Iterator[Shift]:
    seen: dict[ShiftRow, int] = {}
    for line, row in data.table(ROSTER, ShiftRow):
        if row in seen:
            zh, en = f"与第 {seen[row]} 行相同，请只留一行", f"same as line {seen[row]}: keep one"
            data.fault(ROSTER, line, zh, en)
        seen.setdefault(row, line)
        start, _, end = (row.hours or "").partition("-")
        span = ((time.fromisoformat(start), time.fromisoformat(end)),) if row.hours else ()
        window = Window(
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            days=row.days,
            weekdays=frozenset(int(day) for day in row.weekdays),
            hours=span,
        )
        yield Shift(person=PersonId(row.person), window=window)
