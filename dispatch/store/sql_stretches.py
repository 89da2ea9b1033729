"""What patrols did, in SQL: kept as sweeps are told, given back to be counted."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, Table, and_, delete, or_, select, update

from dispatch.device import DeviceKind
from dispatch.patrol_figures import Patrolled
from dispatch.period import Window
from dispatch.store.moments import FOREVER
from dispatch.store.rows import Rows
from dispatch.store.scope import within
from dispatch.store.tables import SWEEPS
from dispatch.store.tables_of_patrols import LANDS, PATCHES, STRETCHES
from dispatch.store.tables_of_people import DEVICES
from dispatch.stretch import Patch, Stretch
from dispatch.wire import Platform, Sweep

_PLATFORMS: Final = {
    DeviceKind.VEHICLE.value: Platform.VEHICLE.value,
    DeviceKind.DRONE.value: Platform.DRONE.value,
}
_AT_ONCE: Final = 500
_VERSIONED: Final = (STRETCHES, PATCHES)
_P: Final = PATCHES.c
_TOLD: Final[Mapping[Table, Sequence[ColumnElement[Any]]]] = {
    STRETCHES: [each for each in STRETCHES.c if each.name not in {"known_from", "known_to"}],
    PATCHES: [_P.sweep, _P.area, _P.labels, _P.seen_at, _P.cells],
}
"""What of a row is told again: turning times back costs more than reading them."""


class SqlStretches:
    """What sweeps were told of."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def untold(self, *, limit: int) -> Sequence[Sweep]:
        """Give sweeps that are new or revised and not told yet, by id."""
        wanted = select(SWEEPS.c.sweep).where(~SWEEPS.c.told).order_by(SWEEPS.c.id)
        return [Sweep.model_validate_json(row.sweep) for row in self._rows.all(wanted.limit(limit))]

    def keep(self, stretch: Stretch, patches: Collection[Patch], *, known_from: datetime) -> None:
        """Keep what a sweep was told of; what it was told of before stays known up to then."""
        for table in _VERSIONED:
            mine = and_(table.c.sweep == stretch.sweep, table.c.known_to == FOREVER)
            self._rows.change(delete(table).where(mine, table.c.known_from >= known_from))
            self._rows.change(update(table).where(mine).values(known_to=known_from))
        self._put(stretch, patches, known_from=known_from)

    def replace(self, stretch: Stretch, patches: Collection[Patch]) -> None:
        """Put what a sweep was told of in the place of all that was ever told of it."""
        for table in _VERSIONED:
            self._rows.change(delete(table).where(table.c.sweep == stretch.sweep))
        self._put(stretch, patches, known_from=stretch.at)

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

    def patrolled(self, window: Window, *, area: str) -> Patrolled:
        """Give what passes did in a period and an area; empty means the whole city."""
        stretches = self._rows.all(within(_of(STRETCHES, window), STRETCHES.c.area, area))
        lands = within(select(LANDS).where(*_known(LANDS, window)), LANDS.c.area, area)
        return Patrolled(
            stretches=tuple(map(_stretch, stretches)),
            patches=self._patches(window, area),
            lands={
                row.area: row.cells for row in self._rows.all(within(lands, LANDS.c.area, area))
            },
            fleet={} if area else self._fleet(window),
        )

    def _patches(self, window: Window, area: str) -> Iterator[Patch]:
        # Hundreds of thousands a month: by place and not by name, which is the most of the time.
        wanted = within(_of(PATCHES, window), PATCHES.c.area, area)
        for sweep, grid, labels, seen_at, cells in map(tuple, self._rows.each(wanted)):
            yield Patch(
                sweep=sweep, area=grid, labels=_labels(labels), seen_at=seen_at, cells=cells
            )

    def _fleet(self, window: Window) -> dict[str, str]:
        wanted = select(DEVICES.c.id, DEVICES.c.kind).where(
            DEVICES.c.kind.in_([kind.value for kind in DeviceKind if kind.patrols]),
            DEVICES.c.registered_at < window.until,
            or_(DEVICES.c.revoked_at.is_(None), DEVICES.c.revoked_at >= window.until),
        )
        return {row.id: _PLATFORMS.get(row.kind, "") for row in self._rows.all(wanted)}

    def _put(self, stretch: Stretch, patches: Collection[Patch], *, known_from: datetime) -> None:
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
            },
        )
        for patch in patches:
            values = {
                "sweep": patch.sweep,
                "area": patch.area,
                "labels": " ".join(patch.labels),
                "seen_at": patch.seen_at,
                "cells": patch.cells,
            }
            self._rows.put(PATCHES, {**known, **values})
        self._rows.change(update(SWEEPS).where(SWEEPS.c.id == stretch.sweep).values(told=True))


def _known(table: Table, window: Window) -> tuple[ColumnElement[bool], ...]:
    return table.c.known_from < window.until, table.c.known_to >= window.until


def _of(table: Table, window: Window) -> Select[Any]:
    arrived = table.c.at >= window.start, table.c.at < window.until
    return select(*_TOLD[table]).where(*arrived, *_known(table, window))


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
