"""The rows of covered ground: which there are, what they hold, and what they are made of."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, select

from dispatch.clocks.period import Window
from dispatch.sights.covered import Covered, added_up, covered_by, unpacked
from dispatch.sights.stretch import Patch
from dispatch.store.moments import FOREVER
from dispatch.store.tables_of_patrols import COVERED, PATCHES

DAY: Final = "day"
MONTH: Final = "month"
_P: Final = PATCHES.c
_WRITTEN: Final = {DAY: 10, MONTH: 7}
_EASTMOST: Final = timedelta(hours=14)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Key:
    """Which row: of a day or a month by its first day, a unit grid, and classes."""

    span: str
    begins: str
    area: str
    labels: str

    def is_over(self, at: datetime) -> bool:
        """Say whether the day or month may be over at a moment, wherever the city lies."""
        reached = (at + _EASTMOST).date().isoformat()
        return reached[: _WRITTEN[self.span]] > self.begins[: _WRITTEN[self.span]]

    @property
    def of_month(self) -> "Key":
        """Give the row of the month that a day's goes into."""
        begins = f"{self.begins[:7]}-01"
        return Key(span=MONTH, begins=begins, area=self.area, labels=self.labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What a row holds."""

    first_at: datetime
    last_at: datetime
    changed_at: datetime
    ground: Covered

    def is_within(self, window: Window) -> bool:
        """Say whether a period holds all of it."""
        return window.start <= self.first_at and self.last_at < window.until

    def emptied(self, key: "Key") -> "Sum":
        """Give a row of the same moments without any ground."""
        empty = added_up((), area=key.area, labels=tuple(key.labels.split()))
        return replace(self, ground=empty)

    def touches(self, window: Window) -> bool:
        """Say whether a period may hold some of it."""
        return window.start <= self.last_at and self.first_at < window.until


def total(sums: Iterable[Sum], key: Key) -> Sum:
    """Add up rows, of which there is one at least."""
    some = list(sums)
    ground = (each.ground for each in some)
    return Sum(
        first_at=min(each.first_at for each in some),
        last_at=max(each.last_at for each in some),
        changed_at=max(each.changed_at for each in some),
        ground=added_up(ground, area=key.area, labels=tuple(key.labels.split())),
    )


def nothing(key: Key, *, at: datetime, changed_at: datetime) -> Sum:
    """Give a row that says only that something was there, which came in at a time."""
    empty = added_up((), area=key.area, labels=tuple(key.labels.split()))
    return Sum(first_at=at, last_at=at, changed_at=changed_at, ground=empty)


def is_row(key: Key) -> tuple[ColumnElement[bool], ...]:
    """Ask for a row in all states in which it is kept."""
    c = COVERED.c
    same_day = c.span == key.span, c.begins == key.begins
    return *same_day, c.area == key.area, c.labels == key.labels


def values_of(key: Key, found: Sum, *, known_to: datetime = FOREVER) -> dict[str, object]:
    """Give a row as it is kept."""
    return {
        "known_to": known_to,
        "span": key.span,
        "begins": key.begins,
        "area": key.area,
        "labels": key.labels,
        "first_at": found.first_at,
        "last_at": found.last_at,
        "changed_at": found.changed_at,
        "ground": found.ground.packed(),
    }


def patches_of(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Ask for patches, to be given to `told_of`."""
    return select(PATCHES).where(*conditions)


def told_of(row: Row[Any]) -> tuple[Key, Sum]:
    """Give what one patch adds, and to which row."""
    patch = Patch(
        sweep=row.sweep,
        area=row.area,
        labels=tuple(row.labels.split()),
        seen_at=row.seen_at,
        cells=bytes(row.cells),
    )
    known = row.known_from if row.known_to == FOREVER else row.known_to
    found = Sum(first_at=row.at, last_at=row.at, changed_at=known, ground=covered_by(patch))
    return Key(span=DAY, begins=row.day, area=row.area, labels=row.labels), found


def row_of(row: Row[Any]) -> tuple[Key, Sum]:
    """Give what is kept in a row."""
    key = Key(span=row.span, begins=row.begins, area=row.area, labels=row.labels)
    ground = unpacked(row.ground, area=row.area, labels=tuple(row.labels.split()))
    return key, Sum(
        first_at=row.first_at, last_at=row.last_at, changed_at=row.changed_at, ground=ground
    )
