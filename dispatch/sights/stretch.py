"""What a stretch of a pass adds to the figures: its way and time, and the ground that it truly saw.

Ground is told in H3 cells of `RESOLUTION`, some 44 m² each. A cell was seen for a class if at least
half of it was inspected with a view good enough that the model would have found a problem of filing
size there with the chance that the city asks for.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from h3.api import basic_int as h3

from dispatch.ground.grid import GridMap
from dispatch.wire import Inspected, Sweep, unpack_cells, unpack_ppm

RESOLUTION: Final = 13
_HALF: Final = 0.5

Sees = Callable[[Sweep, Inspected, str, float], bool]
"""Whether so many pixels per metre of some inspected ground are enough for a label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """Ground of one unit grid that a stretch saw for the same classes.

    Args:
        area: id of the grid; empty outside every grid.
        cells: of `RESOLUTION`, ascending, eight bytes each, little-endian.
    """

    sweep: str
    area: str
    labels: tuple[str, ...]
    seen_at: datetime
    cells: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch as figures count it.

    Args:
        at: when the centre took it in; it counts for this moment's period.
        day: the day of the city's on which it began, e.g. 2026-11-21.
        area: id of the grid in which most of the ground lies; empty where none was seen.
        labels: classes that it could judge somewhere.
        ground: SHA-256 over the cells of its patches, in their order, which stays when these go.
    """

    sweep: str
    revision: int
    at: datetime
    pass_id: str
    device: str
    platform: str
    model: str
    day: str
    area: str
    started_at: datetime
    lasted_ms: int
    distance_cm: int
    labels: tuple[str, ...]
    rendered: bool
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a sweep was told of, and from when on that was known."""

    stretch: Stretch
    patches: tuple[Patch, ...]
    known_from: datetime


def in_order(patches: Iterable[Patch]) -> list[Patch]:
    """Give the patches of a stretch in the order in which they are listed and hashed."""
    return sorted(patches, key=lambda patch: (patch.area, patch.labels))


def ground_hash(patches: Iterable[Patch]) -> str:
    """Give the SHA-256 over the cells of a stretch's patches, in hex."""
    return hashlib.sha256(b"".join(patch.cells for patch in in_order(patches))).hexdigest()


def tell_stretch(
    sweep: Sweep, *, at: datetime, sees: Sees, grids: GridMap, zone: ZoneInfo
) -> tuple[Stretch, tuple[Patch, ...]]:
    """Tell what a sweep adds to the figures."""
    day = sweep.started_at.astimezone(zone).date()
    seen = _seen_by_label(sweep, sees)
    area_of = _areas({cell for cells in seen.values() for cell in cells}, grids, day=day)
    patches = tuple(_patches(sweep, seen, area_of))
    ground = Counter(area_of.values())
    return (
        Stretch(
            sweep=sweep.id,
            revision=sweep.revision,
            at=at,
            pass_id=sweep.pass_id,
            device=sweep.device,
            platform=sweep.platform.value,
            model=f"{sweep.model.name} {sweep.model.version}",
            day=day.isoformat(),
            area=max(sorted(ground), key=lambda area: ground[area], default=""),
            started_at=sweep.started_at,
            lasted_ms=round((sweep.ended_at - sweep.started_at).total_seconds() * 1000),
            distance_cm=round(sweep.distance_m * 100),
            labels=tuple(sorted({label for patch in patches for label in patch.labels})),
            rendered=sweep.rendered,
            ground=ground_hash(patches),
        ),
        patches,
    )


def _seen_by_label(sweep: Sweep, sees: Sees) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for part in sweep.inspected:
        cells = np.array(unpack_cells(part.cells), dtype=np.int64)
        views = np.array(unpack_ppm(part.pixels_per_metre))
        for label in part.labels:
            enough = [view for view in np.unique(views).tolist() if sees(sweep, part, label, view)]
            seen = cells[np.isin(views, enough)].tolist()
            found.setdefault(label, set()).update(_in_resolution(seen, part.resolution))
    return {label: frozenset(cells) for label, cells in found.items() if cells}


def _in_resolution(cells: Iterable[int], resolution: int) -> Iterator[int]:
    if resolution <= RESOLUTION:
        for cell in cells:
            yield from h3.cell_to_children(cell, RESOLUTION)
        return
    whole = 7 ** (resolution - RESOLUTION)
    parents = Counter(h3.cell_to_parent(cell, RESOLUTION) for cell in cells)
    yield from (parent for parent, number in parents.items() if number >= _HALF * whole)


def _areas(cells: set[int], grids: GridMap, *, day: date) -> dict[int, str]:
    ordered = sorted(cells)
    if not ordered:
        return {}
    latitudes, longitudes = zip(*map(h3.cell_to_latlng, ordered), strict=True)
    found = grids.holding_each(longitudes, latitudes, day=day)
    return {cell: grid or "" for cell, grid in zip(ordered, found, strict=True)}


def _patches(
    sweep: Sweep, seen: Mapping[str, frozenset[int]], area_of: Mapping[int, str]
) -> Iterator[Patch]:
    alike: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for label in sorted(seen):
        by_area: dict[str, list[int]] = {}
        for cell in sorted(seen[label]):
            by_area.setdefault(area_of[cell], []).append(cell)
        for area, cells in by_area.items():
            alike.setdefault((area, tuple(cells)), []).append(label)
    for (area, ground), labels in sorted(alike.items(), key=lambda one: (one[0][0], one[1])):
        yield Patch(
            sweep=sweep.id,
            area=area,
            labels=tuple(labels),
            seen_at=sweep.ended_at,
            cells=np.array(ground, dtype="<i8").tobytes(),
        )
