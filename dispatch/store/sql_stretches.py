"""What patrols did, in SQL: kept as sweeps are told, given back to be counted."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Table,
    and_,
    case,
    delete,
    func,
    or_,
    select,
    text,
    update,
)

from dispatch.clocks.period import Window
from dispatch.devices.device import DeviceKind
from dispatch.figures.patrol_figures import Drive, Patrolled
from dispatch.indicators.formula import Grouping
from dispatch.proof.rows import stretch_note
from dispatch.sights.covered import Covered
from dispatch.sights.stretch import Patch, Stretch, Told, in_order
from dispatch.store.covered_anew import add_up_anew
from dispatch.store.listed import listed, texts
from dispatch.store.moments import FOREVER
from dispatch.store.rows import Rows
from dispatch.store.scope import within
from dispatch.store.sql_covered import SqlCovered
from dispatch.store.sql_ledger import SqlLedger
from dispatch.store.tables import SWEEPS
from dispatch.store.tables_of_patrols import LANDS, PATCHES, STRETCHES
from dispatch.store.tables_of_people import DEVICES
from dispatch.wire import Platform, Sweep

_PLATFORMS: Final = {
    DeviceKind.VEHICLE.value: Platform.VEHICLE.value,
    DeviceKind.DRONE.value: Platform.DRONE.value,
}
_AT_ONCE: Final = 500
_VERSIONED: Final = (STRETCHES, PATCHES)
_P: Final = PATCHES.c
_UNTOLD: Final = text("NOT sweeps.told")
"""In the words of its index, which else is not used on SQLite."""
_TOLD: Final[Mapping[Table, Sequence[ColumnElement[Any]]]] = {
    STRETCHES: [each for each in STRETCHES.c if each.name != "known_to"],
    PATCHES: [_P.sweep, _P.area, _P.labels, _P.seen_at, _P.cells],
}
"""What of a row is told again: turning times back costs more than reading them."""


class SqlStretches:
    """What sweeps were told of."""

    def __init__(self, rows: Rows, covered: SqlCovered, ledger: SqlLedger) -> None:
        self._rows = rows
        self._covered = covered
        self._ledger = ledger

    def untold(self, *, limit: int) -> Sequence[Sweep]:
        """Give sweeps that are new or revised and not told yet, by id."""
        wanted = select(SWEEPS.c.sweep).where(_UNTOLD).order_by(SWEEPS.c.id)
        return [Sweep.model_validate_json(row.sweep) for row in self._rows.all(wanted.limit(limit))]

    def keep(
        self, stretch: Stretch, patches: Collection[Patch], *, known_from: datetime, day: str
    ) -> None:
        """Keep what a sweep was told of; what it was told of before stays known up to then."""
        self._covered.take_back(stretch.sweep, known_from=known_from)
        for table in _VERSIONED:
            mine = and_(table.c.sweep == stretch.sweep, table.c.known_to == FOREVER)
            self._rows.change(delete(table).where(mine, table.c.known_from >= known_from))
            self._rows.change(update(table).where(mine).values(known_to=known_from))
        self._put(stretch, patches, known_from=known_from, day=day)

    def replace(self, stretch: Stretch, patches: Collection[Patch], *, day: str) -> None:
        """Put what a sweep was told of in the place of all that was ever told of it."""
        self._covered.take_back(stretch.sweep, known_from=stretch.at)
        for table in _VERSIONED:
            self._rows.change(delete(table).where(table.c.sweep == stretch.sweep))
        self._put(stretch, patches, known_from=stretch.at, day=day)

    def of_sweep(self, id_: str) -> tuple[Stretch, tuple[Patch, ...]] | None:
        """Give what a sweep was told of last, its patches by area and classes, or None."""
        row = self._rows.first(_now(STRETCHES).where(STRETCHES.c.sweep == id_))
        if row is None:
            return None
        mine = _now(PATCHES).where(PATCHES.c.sweep == id_)
        patches = self._rows.all(mine.order_by(PATCHES.c.area, PATCHES.c.labels))
        return _stretch(row), tuple(map(_patch, patches))

    def seen(
        self, areas: Collection[str], *, label: str, during: tuple[datetime, datetime]
    ) -> Sequence[tuple[str, Patch]]:
        """Give the ground of grids that passes saw for a class in a span of time, and the pass."""
        wanted = (
            select(PATCHES, SWEEPS.c.pass_id)
            .join(SWEEPS, SWEEPS.c.id == PATCHES.c.sweep)
            .where(
                PATCHES.c.area.in_(sorted(areas)),
                PATCHES.c.seen_at.between(*during),
                PATCHES.c.known_to == FOREVER,
            )
            .order_by(PATCHES.c.seen_at, PATCHES.c.sweep, PATCHES.c.area, PATCHES.c.labels)
        )
        found = [(row.pass_id, _patch(row)) for row in self._rows.all(wanted)]
        return [(pass_id, patch) for pass_id, patch in found if label in patch.labels]

    def keep_lands(self, lands: Mapping[str, int], *, at: datetime) -> None:
        """Keep how many cells of ground each unit grid has, from a moment on."""
        known = {row.area: row.cells for row in self._rows.all(_now(LANDS))}
        areas = sorted(known.keys() | lands)
        changed = [area for area in areas if known.get(area) != lands.get(area)]
        for start in range(0, len(changed), _AT_ONCE):
            some = LANDS.c.area.in_(changed[start : start + _AT_ONCE])
            mine = and_(some, LANDS.c.known_to == FOREVER)
            self._rows.change(delete(LANDS).where(mine, LANDS.c.known_from >= at))
            self._rows.change(update(LANDS).where(mine).values(known_to=at))
        for area in changed:
            if area in lands:
                values = {"area": area, "known_from": at, "known_to": FOREVER, "cells": lands[area]}
                self._rows.put(LANDS, values)

    def add_up_anew(self, *, write: bool) -> tuple[str, ...]:
        """Add covered ground up anew; give the days and grids of which something else was kept."""
        self._covered.settle()
        return add_up_anew(self._rows, write=write)

    def told(self, window: Window) -> Iterator[Told]:
        """Give the stretches that came in a period, by id, each with what it saw."""
        ordered = _of(STRETCHES, window).order_by(STRETCHES.c.sweep).limit(_AT_ONCE)
        page = self._rows.all(ordered)
        while page:
            ground: dict[str, list[Patch]] = {}
            mine = _of(PATCHES, window).where(listed(_P.sweep))
            for row in self._rows.all(mine, texts([row.sweep for row in page])):
                ground.setdefault(row.sweep, []).append(_patch(row))
            for row in page:
                seen = tuple(in_order(ground.get(row.sweep, ())))
                yield Told(stretch=_stretch(row), patches=seen, known_from=row.known_from)
            page = self._rows.all(ordered.where(STRETCHES.c.sweep > page[-1].sweep))

    def erased(self, window: Window) -> Iterator[Covered]:
        """Give the ground of a period that is known only as it was added up, day by day."""
        return self._covered.erased(window)

    def patrolled(self, window: Window, *, area: str, by: Grouping = Grouping.CITY) -> Patrolled:
        """Give what passes did in a period and an area; empty means the whole city."""
        drives = self._rows.all(within(_drives(window, by), STRETCHES.c.area, area))
        lands = within(select(LANDS).where(*_known(LANDS, window)), LANDS.c.area, area)
        return Patrolled(
            drives=tuple(map(_drive, drives)),
            ground=self._covered.during(window, area=area),
            lands={row.area: row.cells for row in self._rows.all(lands)},
            fleet={} if area else self._fleet(window),
        )

    def _fleet(self, window: Window) -> dict[str, str]:
        wanted = select(DEVICES.c.id, DEVICES.c.kind).where(
            DEVICES.c.kind.in_([kind.value for kind in DeviceKind if kind.patrols]),
            DEVICES.c.registered_at < window.until,
            or_(DEVICES.c.revoked_at.is_(None), DEVICES.c.revoked_at >= window.until),
        )
        return {row.id: _PLATFORMS.get(row.kind, "") for row in self._rows.all(wanted)}

    def _put(
        self, stretch: Stretch, patches: Collection[Patch], *, known_from: datetime, day: str
    ) -> None:
        told = Told(stretch=stretch, patches=tuple(patches), known_from=known_from)
        self._ledger.note(stretch_note(told))
        self._covered.add(patches, at=stretch.at, known_from=known_from, day=day)
        known = {"known_from": known_from, "known_to": FOREVER, "at": stretch.at}
        self._rows.put(
            STRETCHES,
            {
                **known,
                "sweep": stretch.sweep,
                "revision": stretch.revision,
                "pass_id": stretch.pass_id,
                "device": stretch.device,
                "platform": stretch.platform,
                "model": stretch.model,
                "day": stretch.day,
                "area": stretch.area,
                "started_at": stretch.started_at,
                "lasted_ms": stretch.lasted_ms,
                "distance_cm": stretch.distance_cm,
                "labels": " ".join(stretch.labels),
                "rendered": stretch.rendered,
                "ground": stretch.ground,
            },
        )
        for patch in patches:
            values = {
                "sweep": patch.sweep,
                "area": patch.area,
                "labels": " ".join(patch.labels),
                "seen_at": patch.seen_at,
                "cells": patch.cells,
                "day": day,
            }
            self._rows.put(PATCHES, {**known, **values})
        self._rows.change(update(SWEEPS).where(SWEEPS.c.id == stretch.sweep).values(told=True))


def _known(table: Table, window: Window) -> tuple[ColumnElement[bool], ...]:
    return table.c.known_from < window.until, table.c.known_to >= window.until


def _of(table: Table, window: Window) -> Select[Any]:
    arrived = table.c.at >= window.start, table.c.at < window.until
    return select(*_TOLD[table]).where(*arrived, *_known(table, window))


def _drives(window: Window, by: Grouping) -> Select[Any]:
    """Ask for the stretches of a period, added up where figures do not tell them apart."""
    s = STRETCHES.c
    area = func.substr(s.area, 1, by.digits or 0)
    alike = (s.pass_id, s.device, s.platform, s.model, s.day, area, s.labels)
    return (
        select(
            *alike[:5],
            area.label("area"),
            s.labels,
            func.min(s.started_at).label("started_at"),
            func.sum(s.lasted_ms).label("lasted_ms"),
            func.sum(s.distance_cm).label("distance_cm"),
            func.max(case((s.rendered, 1), else_=0)).label("rendered"),
        )
        .where(s.at >= window.start, s.at < window.until, *_known(STRETCHES, window))
        .group_by(*alike)
    )


def _drive(row: Row[Any]) -> Drive:
    return Drive(
        pass_id=row.pass_id,
        device=row.device,
        platform=row.platform,
        model=row.model,
        day=row.day,
        area=row.area,
        labels=_labels(row.labels),
        started_at=row.started_at,
        lasted_ms=int(row.lasted_ms),
        distance_cm=int(row.distance_cm),
        rendered=bool(row.rendered),
    )


def _now(table: Table) -> Select[Any]:
    return select(table).where(table.c.known_to == FOREVER)


def _stretch(row: Row[Any]) -> Stretch:
    return Stretch(
        sweep=row.sweep,
        revision=row.revision,
        at=row.at,
        pass_id=row.pass_id,
        device=row.device,
        platform=row.platform,
        model=row.model,
        day=row.day,
        area=row.area,
        started_at=row.started_at,
        lasted_ms=row.lasted_ms,
        distance_cm=row.distance_cm,
        labels=_labels(row.labels),
        rendered=row.rendered,
        ground=row.ground,
    )


@lru_cache(maxsize=1024)
def _labels(written: str) -> tuple[str, ...]:
    return tuple(written.split())


def _patch(row: Row[Any]) -> Patch:
    return Patch(
        sweep=row.sweep,
        area=row.area,
        labels=_labels(row.labels),
        seen_at=row.seen_at,
        cells=bytes(row.cells),
    )
