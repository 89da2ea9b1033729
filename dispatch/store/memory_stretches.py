"""What patrols did, in memory."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from dispatch.clocks.period import Window
from dispatch.devices.device import Device, DeviceKind
from dispatch.figures.patrol_figures import Patrolled, drive_of
from dispatch.indicators.formula import Grouping
from dispatch.proof.rows import stretch_note
from dispatch.sights.covered import Covered, covered_by
from dispatch.sights.stretch import Patch, Stretch, Told, in_order
from dispatch.store.memory_ledger import MemoryLedger
from dispatch.wire import Platform, Sweep

_PLATFORMS: Final = {
    DeviceKind.VEHICLE: Platform.VEHICLE.value,
    DeviceKind.DRONE: Platform.DRONE.value,
}


class MemoryStretches:
    """What sweeps were told of: for each, every telling in the order of time."""

    def __init__(
        self,
        kept: dict[str, tuple[Told, ...]],
        lands: dict[datetime, dict[str, int]],
        sweeps: Mapping[str, Sweep],
        groundless: Collection[str],
        devices: Mapping[str, Device],
        *,
        ledger: MemoryLedger,
    ) -> None:
        self._kept = kept
        self._lands = lands
        self._sweeps = sweeps
        self._groundless = groundless
        self._devices = devices
        self._ledger = ledger

    def untold(self, *, limit: int) -> Sequence[Sweep]:
        """Give sweeps that are new or revised and not told yet, by id."""
        return [self._sweeps[id_] for id_ in sorted(self._sweeps) if self._is_untold(id_)][:limit]

    def _is_untold(self, id_: str) -> bool:
        told = self._kept.get(id_)
        return told is None or told[-1].stretch.revision != self._sweeps[id_].revision

    def keep(
        self,
        stretch: Stretch,
        patches: Collection[Patch],
        *,
        known_from: datetime,
        day: str,  # noqa: ARG002 # nothing is added up by day here
    ) -> None:
        """Keep what a sweep was told of; what it was told of before stays known up to then."""
        earlier = [
            each for each in self._kept.get(stretch.sweep, ()) if each.known_from < known_from
        ]
        new = Told(stretch=stretch, patches=tuple(patches), known_from=known_from)
        self._kept[stretch.sweep] = (*earlier, new)
        self._ledger.note(stretch_note(new))

    def replace(self, stretch: Stretch, patches: Collection[Patch], *, day: str) -> None:
        """Put what a sweep was told of in the place of all that was ever told of it."""
        self._kept.pop(stretch.sweep, None)
        self.keep(stretch, patches, known_from=stretch.at, day=day)

    def of_sweep(self, id_: str) -> tuple[Stretch, tuple[Patch, ...]] | None:
        """Give what a sweep was told of last, its patches by area and classes, or None."""
        told = self._kept.get(id_)
        return (told[-1].stretch, self._left(told[-1])) if told else None

    def _left(self, told: Told) -> tuple[Patch, ...]:
        """Give the patches; those of a sweep whose ground was erased without their cells."""
        if told.stretch.sweep not in self._groundless:
            return told.patches
        return tuple(replace(patch, cells=b"") for patch in told.patches)

    def seen(
        self, areas: Collection[str], *, label: str, during: tuple[datetime, datetime]
    ) -> Sequence[tuple[str, Patch]]:
        """Give the ground of grids that passes saw for a class in a span of time, and the pass."""
        found = [
            (told[-1].stretch.pass_id, patch)
            for told in self._kept.values()
            for patch in self._left(told[-1])
            if patch.area in areas
            and label in patch.labels
            and during[0] <= patch.seen_at <= during[1]
        ]
        return sorted(
            found, key=lambda one: (one[1].seen_at, one[1].sweep, one[1].area, one[1].labels)
        )

    def keep_lands(self, lands: Mapping[str, int], *, at: datetime) -> None:
        """Keep how many cells of ground each unit grid has, from a moment on."""
        self._lands[at] = dict(lands)

    def add_up_anew(self, *, write: bool) -> tuple[str, ...]:  # noqa: ARG002 # nothing is kept
        """Give nothing: ground is added up whenever it is asked for."""
        return ()

    def told(self, window: Window) -> Iterator[Told]:
        """Give the stretches that came in a period, by id, each with what it saw."""
        for each in sorted(self._came_in(window), key=lambda one: one.stretch.sweep):
            yield replace(each, patches=tuple(in_order(self._left(each))))

    def erased(self, window: Window) -> Iterator[Covered]:
        """Give the ground of a period that is known only as it was added up."""
        for each in self._came_in(window):
            if each.stretch.sweep in self._groundless:
                yield from map(covered_by, each.patches)

    def _came_in(self, window: Window) -> list[Told]:
        told = [_known(each, window) for each in self._kept.values()]
        return [each for each in told if each and window.start <= each.stretch.at < window.until]

    def patrolled(
        self,
        window: Window,
        *,
        area: str,
        by: Grouping = Grouping.CITY,  # noqa: ARG002 # nothing is added up here
    ) -> Patrolled:
        """Give what passes did in a period and an area; empty means the whole city."""
        mine = self._came_in(window)
        patches = [patch for each in mine for patch in each.patches if patch.area.startswith(area)]
        return Patrolled(
            drives=[drive_of(each.stretch) for each in mine if each.stretch.area.startswith(area)],
            ground=map(covered_by, patches),
            lands={
                id_: cells for id_, cells in self._land_at(window).items() if id_.startswith(area)
            },
            fleet={} if area else self._fleet(window),
        )

    def _land_at(self, window: Window) -> Mapping[str, int]:
        known = [at for at in self._lands if at < window.until]
        return self._lands[max(known)] if known else {}

    def _fleet(self, window: Window) -> dict[str, str]:
        return {
            one.id: _PLATFORMS.get(one.kind, "")
            for one in self._devices.values()
            if one.kind.patrols
            and one.registered_at < window.until
            and (one.revoked_at is None or one.revoked_at >= window.until)
        }


def _known(told: Sequence[Told], window: Window) -> Told | None:
    known = [each for each in told if each.known_from < window.until]
    return known[-1] if known else None
