"""Covered ground by day and by month, kept beside the patches that it is made of.

A period is put together of whole months, then days, then single patches. A row is taken as it is
if all in it was taken in within the period and nothing in it became known after it; else what it
was made of is looked at. What a row was when its day or month was over is kept beside what a later
revision made of it. So a period that is over stays, whatever comes later, and it needs no patches.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, delete, select

from dispatch.clocks.period import Window
from dispatch.sights.covered import Covered, covered_by
from dispatch.sights.stretch import Patch
from dispatch.store.covered_rows import (
    DAY,
    MONTH,
    Key,
    Sum,
    is_row,
    nothing,
    patches_of,
    row_of,
    told_of,
    total,
    values_of,
)
from dispatch.store.moments import FOREVER
from dispatch.store.rows import Rows
from dispatch.store.scope import within
from dispatch.store.tables_of_patrols import COVERED, PATCHES

_C: Final = COVERED.c
_P: Final = PATCHES.c
_AT_ONCE: Final = 500
_A_DAY: Final = timedelta(days=1)
_MICROSECOND: Final = timedelta(microseconds=1)


class SqlCovered:
    """Covered ground: what a transaction adds is added up when it ends, all at once.

    Args:
        alone: lets nobody else add up ground until the transaction ends.
    """

    def __init__(self, rows: Rows, alone: Callable[[], None]) -> None:
        self._rows = rows
        self._alone = alone
        self._added: dict[Key, list[Sum]] = {}
        self._outdated: dict[Key, list[Sum]] = {}

    def add(
        self, patches: Iterable[Patch], *, at: datetime, known_from: datetime, day: str
    ) -> None:
        """Add the ground that a stretch saw, which came in at a time."""
        for patch in patches:
            key = Key(span=DAY, begins=day, area=patch.area, labels=" ".join(patch.labels))
            added = Sum(first_at=at, last_at=at, changed_at=known_from, ground=covered_by(patch))
            self._added.setdefault(key, []).append(added)

    def take_back(self, sweep: str, *, known_from: datetime) -> None:
        """Take out what a sweep was told of up to a moment, before its patches are changed."""
        mine = select(_P.day, _P.area, _P.labels, _P.at).where(_P.sweep == sweep)
        for row in self._rows.all(mine):
            key = Key(span=DAY, begins=row.day, area=row.area, labels=row.labels)
            gone = nothing(key, at=row.at, changed_at=known_from)
            self._outdated.setdefault(key, []).append(gone)

    def forget(self) -> None:
        """Drop what was added in a transaction that is rolled back."""
        self._added.clear()
        self._outdated.clear()

    def settle(self) -> None:
        """Keep what was added and taken out."""
        if not self._added and not self._outdated:
            return
        self._alone()
        added, self._added = self._added, {}
        outdated, self._outdated = self._outdated, {}
        self._add_up({key: sums for key, sums in added.items() if key not in outdated})
        self._tell_anew(outdated)

    def _add_up(self, added: Mapping[Key, list[Sum]]) -> None:
        by_month: dict[Key, list[Sum]] = {}
        for key, sums in added.items():
            by_month.setdefault(key.of_month, []).extend(sums)
        for some in (added, by_month):
            kept = self._kept(some)
            for key, sums in some.items():
                before = [kept[key]] if key in kept else []
                since = min(each.changed_at for each in sums)
                self._change(key, kept.get(key), total([*before, *sums], key), since=since)

    def _tell_anew(self, outdated: Mapping[Key, list[Sum]]) -> None:
        kept, told = self._kept(outdated), self._of_patches(outdated)
        since: dict[Key, datetime] = {}
        for key, gone in outdated.items():
            row, mine = kept.get(key), told.get(key, [])
            before = [] if row is None else [_left_of(row, key, mine)]
            changed = min(each.changed_at for each in gone)
            self._change(key, row, total([*before, *gone, *mine], key), since=changed)
            since[key.of_month] = min(changed, since.get(key.of_month, changed))
        days: dict[Key, list[Sum]] = {}
        for key, found in self._days_of(since):
            days.setdefault(key.of_month, []).append(found)
        kept = self._kept(since)
        for month, changed in since.items():
            self._change(month, kept.get(month), total(days[month], month), since=changed)

    def _change(self, key: Key, before: Sum | None, found: Sum, *, since: datetime) -> None:
        """Put a row in the place of another, which is kept if its day or month was over."""
        if before and since <= before.changed_at:
            # What was known then is told otherwise now.
            later = _C.known_to.between(since, FOREVER - _MICROSECOND)
            self._rows.change(delete(COVERED).where(*is_row(key), later))
        elif before and key.is_over(since):
            self._rows.put(COVERED, values_of(key, before, known_to=since))
        self._rows.put(COVERED, values_of(key, found))

    def _of_patches(self, keys: Collection[Key]) -> dict[Key, list[Sum]]:
        found: dict[Key, list[Sum]] = {}
        for day, areas in _areas_by_begin(keys).items():
            for some in _chunks(areas):
                wanted = patches_of(_P.day == day, _P.area.in_(some), _P.known_to == FOREVER)
                for key, one in map(told_of, self._rows.each(wanted)):
                    if key in keys:
                        found.setdefault(key, []).append(one)
        return found

    def _days_of(self, months: Collection[Key]) -> Iterator[tuple[Key, Sum]]:
        """Give the rows of days that rows of months are made of."""
        for begins, areas in _areas_by_begin(months).items():
            for some in _chunks(areas):
                in_month = _C.begins.between(begins, f"{begins[:7]}-31")
                wanted = select(COVERED).where(
                    _C.span == DAY, in_month, _C.area.in_(some), _C.known_to == FOREVER
                )
                for key, found in map(row_of, self._rows.all(wanted)):
                    if key.of_month in months:
                        yield key, found

    def _kept(self, keys: Collection[Key]) -> dict[Key, Sum]:
        """Give the rows that there are."""
        found: dict[Key, Sum] = {}
        for span in {key.span for key in keys}:
            mine = {key for key in keys if key.span == span}
            for begins, areas in _areas_by_begin(mine).items():
                for some in _chunks(areas):
                    wanted = select(COVERED).where(
                        _C.span == span,
                        _C.begins == begins,
                        _C.area.in_(some),
                        _C.known_to == FOREVER,
                    )
                    rows = map(row_of, self._rows.all(wanted))
                    found.update((key, one) for key, one in rows if key in mine)
        return found

    def during(self, window: Window, *, area: str) -> Iterator[Covered]:
        """Give what was seen in a period, in an area; the same cells may be in several pieces."""
        self.settle()
        months = self._rows.each(_spans(MONTH, window, area))
        rest: set[Key] = set()
        yield from _whole(map(row_of, months), window, rest)
        if not rest:
            return
        wanted = _spans(DAY, window, area).where(_C.begins.between(*_bounds(rest)))
        days = (one for one in map(row_of, self._rows.each(wanted)) if one[0].of_month in rest)
        single: set[Key] = set()
        yield from _whole(days, window, single)
        for day, areas in _areas_by_begin(single).items():
            for some in _chunks(areas):
                wanted = patches_of(
                    _P.day == day,
                    _P.area.in_(some),
                    _P.at >= window.start,
                    _P.at < window.until,
                    _P.known_from < window.until,
                    _P.known_to >= window.until,
                )
                for key, one in map(told_of, self._rows.each(wanted)):
                    if key in single:
                        yield one.ground

    def erased(self, window: Window) -> Iterator[Covered]:
        """Give the days of a period of which single pieces have no cells any more."""
        arrived = _P.at >= window.start, _P.at < window.until
        empty = select(_P.day, _P.area, _P.labels).distinct().where(*arrived, _P.cells == b"")
        gone = {(row.day, row.area, row.labels) for row in self._rows.all(empty)}
        wanted = _spans(DAY, window, "").order_by(_C.begins, _C.area, _C.labels)
        days = map(row_of, self._rows.each(wanted))
        mine = ((key, one) for key, one in days if (key.begins, key.area, key.labels) in gone)
        yield from _whole(mine, window, set())


def _left_of(row: Sum, key: Key, told: Iterable[Sum]) -> Sum:
    """Give what stays of a row that is told anew.

    The moments stay, for what was there may still be asked for. Where the ground of a patch was
    erased all stays: the row is all that is known of it.
    """
    erased = any(not len(one.ground.cells) for one in told)
    return row if erased else row.emptied(key)


def _whole(found: Iterable[tuple[Key, Sum]], window: Window, rest: set[Key]) -> Iterator[Covered]:
    """Give the ground of rows that lie in a period, and note those that do so in part.

    Of each row one state at most is as it was known at the period's end. Where there is none it is
    noted too.
    """
    known: set[Key] = set()
    later: set[Key] = set()
    for key, one in found:
        if one.changed_at >= window.until:
            later.add(key)
            continue
        known.add(key)
        if not one.is_within(window):
            rest.update({key} if one.touches(window) else ())
        elif len(one.ground.cells):
            yield one.ground
    rest |= later - known


def _spans(span: str, window: Window, area: str) -> Select[Any]:
    """Ask for the rows that may hold something of a period."""
    # No city's day lies further from that of UTC.
    first = (window.start - _A_DAY).date().isoformat()
    last = (window.until + _A_DAY).date().isoformat()
    first = f"{first[:7]}-01" if span == MONTH else first
    in_time = _C.begins.between(first, last), _C.known_to >= window.until
    wanted = select(COVERED).where(_C.span == span, *in_time)
    return within(wanted, _C.area, area)


def _bounds(months: Iterable[Key]) -> tuple[str, str]:
    begins = {key.begins for key in months}
    return min(begins), f"{max(begins)[:7]}-31"


def _areas_by_begin(keys: Iterable[Key]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key in sorted(keys):
        found.setdefault(key.begins, set()).add(key.area)
    return found


def _chunks(areas: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(areas)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]
