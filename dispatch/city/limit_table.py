"""Limits (时限) by class, severity and season, as one table: the most special row decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Final

from dispatch.clocks.worktime import Limit

_LEAP_YEAR: Final = date(2028, 1, 1)


class Timed(StrEnum):
    """What a limit is of: the columns of the table."""

    CONFIRM = "confirm"
    DISPATCH = "dispatch"
    HANDLING = "handling"
    CHECK = "check"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassLimits:
    """How long the stages of a case may take.

    Args:
        season: the season whose row gave the limit of handling; None where none did.
    """

    confirm: Limit
    dispatch: Limit
    handling: Limit
    check: Limit
    whole: Limit
    season: "Season | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """Days of every year on which a city has limits of their own, as the flood season (汛期).

    Args:
        begins: (month, day), the first day.
        ends: (month, day), the last day; before `begins` where the season runs over the new year.
    """

    id: str
    name_zh: str
    name_en: str
    begins: tuple[int, int]
    ends: tuple[int, int]

    @property
    def first_day(self) -> date:
        """Give a day that lies in it."""
        return date(_LEAP_YEAR.year, *self.begins)

    def holds_on(self, day: date) -> bool:
        """Say whether a day lies in it."""
        here = (day.month, day.day)
        if self.begins <= self.ends:
            return self.begins <= here <= self.ends
        return here >= self.begins or here <= self.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow:
    """One row: of what it speaks, and the limits that it states.

    Args:
        label: a label or a pattern as `road.*`.
        severity: None for every severity.
        season: None for the whole year.
    """

    line: int
    label: str
    severity: str | None
    season: Season | None
    limits: Mapping[Timed, Limit]

    def fits(self, label: str, severity: str | None, day: date) -> bool:
        """Say whether it speaks of a class of a severity on a day."""
        return (
            fnmatchcase(label, self.label)
            and self.severity in {None, severity}
            and (self.season is None or self.season.holds_on(day))
        )

    def outdoes(self, other: "LimitRow") -> bool:
        """Say whether it is the more special: in nothing wider than another, and not alike."""
        return (
            fnmatchcase(self.label, other.label)
            and other.severity in {None, self.severity}
            and other.season in {None, self.season}
            and self._about != other._about
        )

    @property
    def _about(self) -> tuple[str, str | None, Season | None]:
        return self.label, self.severity, self.season


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A limit that no row, or no single row, of the table gives.

    Args:
        rows: those that would give it and of which none is the most special.
    """

    label: str
    severity: str | None
    season: str
    timed: Timed
    rows: tuple[LimitRow, ...]


class LimitTable:
    """The limits of a city; each stage takes the most special row that states it."""

    def __init__(self, rows: Sequence[LimitRow]) -> None:
        """Keep the rows."""
        self.rows = tuple(rows)
        self._of_day = lru_cache(maxsize=4_096)(self._stated)

    def limits(self, label: str, *, severity: str | None, day: date) -> ClassLimits | None:
        """Give the limits that begin on a day; None where the table leaves one open.

        A limit that has begun goes on when the season ends.
        """
        return self._of_day(label, severity, day)

    def _stated(self, label: str, severity: str | None, day: date) -> ClassLimits | None:
        found = {timed: self._row(timed, label, severity, day) for timed in Timed}
        stated = {
            timed: row.limits[timed] for timed, row in found.items() if isinstance(row, LimitRow)
        }
        if len(stated) < len(Timed):
            return None
        handling = found[Timed.HANDLING]
        season = handling.season if isinstance(handling, LimitRow) else None
        return ClassLimits(**{timed.value: limit for timed, limit in stated.items()}, season=season)

    def undecided(
        self, classes: Mapping[str, Iterable[str | None]], seasons: Iterable[Season]
    ) -> list[Undecided]:
        """Find every limit that the table does not give, of classes with their severities."""
        days = _days_that_differ(tuple(seasons))
        return [
            Undecided(label=label, severity=severity, season=name, timed=timed, rows=row)
            for label, severities in classes.items()
            for severity in severities
            for name, day in days.items()
            for timed in Timed
            if isinstance(row := self._row(timed, label, severity, day), tuple)
        ]

    def _row(
        self, timed: Timed, label: str, severity: str | None, day: date
    ) -> LimitRow | tuple[LimitRow, ...]:
        """Give the row that decides; where none does, those that come closest."""
        fitting = [
            row for row in self.rows if timed in row.limits and row.fits(label, severity, day)
        ]
        best = tuple(row for row in fitting if not any(other.outdoes(row) for other in fitting))
        return best[0] if len(best) == 1 else best


def _days_that_differ(seasons: Sequence[Season]) -> dict[str, date]:
    """Give one day for each set of seasons that hold together, by their names; none is named so."""
    days: dict[str, date] = {}
    for number in range(366):
        day = _LEAP_YEAR + timedelta(days=number)
        days.setdefault("+".join(each.id for each in seasons if each.holds_on(day)), day)
    return days
