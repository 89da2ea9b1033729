"""Figures of patrols: reckoned from what stretches were told of, the same way in every store."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.evaluation import rank_of
from dispatch.formula import Amount, Grouping, Kind, Part, splits
from dispatch.period import Window
from dispatch.stretch import Patch, Stretch

_DAY: Final = timedelta(days=1)
Ages = NDArray[np.int64]
"""Seconds since cells of ground were last seen."""
_Piece = tuple[datetime, bytes]
"""When some ground was seen, and its cells: of a month there are many, so no more than that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patrolled:
    """What passes did in a period and an area, by what was known at its end.

    Args:
        stretches, patches: those that came in the period.
        lands: cells of ground (`stretch.RESOLUTION`) that each unit grid of the area has.
        fleet: devices that are registered for patrols, each with what carries its camera; empty
            where that is not known.
    """

    stretches: Collection[Stretch]
    patches: Iterable[Patch]
    lands: Mapping[str, int]
    fleet: Mapping[str, str]


def count_patrols(
    parts: Collection[Part], patrolled: Patrolled, window: Window, *, by: Grouping
) -> dict[str, dict[Part, int]]:
    """Reckon the parts of formulas that are of patrols, in each group."""
    wanted = [part for part in parts if splits(part.kind, by)]
    found: dict[str, dict[Part, int]] = {}
    amounts = {**_of_stretches(patrolled, window, by)} if _asks(wanted, Kind.STRETCH) else {}
    if _asks(wanted, Kind.GROUND):
        for group, ground in _of_ground(patrolled, window, by).items():
            amounts.setdefault(group, {}).update(ground)
    for group, reckoned in amounts.items():
        counts = {part: reckoned.get(part.amount, 0) for part in wanted}
        if any(counts.values()):
            found[group] = {part: number for part, number in counts.items() if number}
    return found


def _asks(parts: Iterable[Part], kind: Kind) -> bool:
    return any(part.kind is kind for part in parts)


def group_of_stretch(stretch: Stretch, by: Grouping) -> str:
    """Give the group that a stretch falls in."""
    if by.digits is not None:
        return stretch.area[: by.digits]
    return {
        Grouping.MODEL: stretch.model,
        Grouping.PLATFORM: stretch.platform,
        Grouping.DEVICE: stretch.device,
    }[by]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassSum:
    """A pass with what its stretches of a period add up to."""

    pass_id: str
    device: str
    platform: str
    started_at: datetime
    metres: int
    seconds: int
    labels: tuple[str, ...]
    rendered: bool


def sums_of_passes(
    stretches: Iterable[Stretch], *, by: Grouping, group: str | None
) -> tuple[PassSum, ...]:
    """Add up the stretches of each pass, the newest first.

    Args:
        group: takes only those of one group; of a class, those that could judge it.
    """
    passes: dict[str, list[Stretch]] = {}
    for stretch in stretches:
        if group is None or _is_in(stretch, by, group):
            passes.setdefault(stretch.pass_id, []).append(stretch)
    found = [
        PassSum(
            pass_id=pass_id,
            device=mine[0].device,
            platform=mine[0].platform,
            started_at=min(each.started_at for each in mine),
            metres=sum(each.distance_cm for each in mine) // 100,
            seconds=sum(each.lasted_ms for each in mine) // 1000,
            labels=tuple(sorted({label for each in mine for label in each.labels})),
            rendered=any(each.rendered for each in mine),
        )
        for pass_id, mine in passes.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.started_at, one.pass_id), reverse=True))


def _is_in(stretch: Stretch, by: Grouping, group: str) -> bool:
    if by is Grouping.LABEL:
        return group in stretch.labels
    return splits(Kind.STRETCH, by) and group_of_stretch(stretch, by) == group


def _of_stretches(
    patrolled: Patrolled, window: Window, by: Grouping
) -> dict[str, dict[Amount, int]]:
    groups: dict[str, list[Stretch]] = {}
    for stretch in patrolled.stretches:
        groups.setdefault(group_of_stretch(stretch, by), []).append(stretch)
    idle = _idle(patrolled, by)
    days = -(-(window.until - window.start) // _DAY) if window.until > window.start else 0
    return {
        group: _sums(groups.get(group, ()), idle.get(group, set()), days)
        for group in sorted({*groups, *idle})
    }


def _idle(patrolled: Patrolled, by: Grouping) -> dict[str, set[str]]:
    """Give the registered devices of each group that has its own: all's, a platform's, one's."""
    found: dict[str, set[str]] = {}
    for device, platform in patrolled.fleet.items():
        if by is Grouping.CITY:
            found.setdefault("", set()).add(device)
        elif by is Grouping.DEVICE:
            found.setdefault(device, set()).add(device)
        elif by is Grouping.PLATFORM and platform:
            found.setdefault(platform, set()).add(device)
    return found


def _sums(stretches: Collection[Stretch], registered: set[str], days: int) -> dict[Amount, int]:
    devices = registered | {each.device for each in stretches}
    return {
        Amount.PASSES: len({each.pass_id for each in stretches}),
        Amount.METRES: sum(each.distance_cm for each in stretches) // 100,
        Amount.SECONDS: sum(each.lasted_ms for each in stretches) // 1000,
        Amount.DEVICE_DAYS: len({(each.device, each.day) for each in stretches}),
        Amount.FLEET_DAYS: len(devices) * days,
        Amount.CLASSES: len({(each.pass_id, one) for each in stretches for one in each.labels}),
    }


def _of_ground(patrolled: Patrolled, window: Window, by: Grouping) -> dict[str, dict[Amount, int]]:
    labels: set[str] = set()
    seen: dict[str, list[Ages]] = {}
    for area, label, ages_s in _grounds(patrolled, window):
        labels.add(label)
        group = label if by is Grouping.LABEL else area[: by.digits]
        seen.setdefault(group, []).append(ages_s)
    land = _land(patrolled.lands, labels, by)
    return {group: _ground_amounts(seen.get(group, []), land[group]) for group in sorted(land)}


def _land(lands: Mapping[str, int], labels: set[str], by: Grouping) -> dict[str, int]:
    if by is Grouping.LABEL:
        return dict.fromkeys(labels, sum(lands.values()))
    found: dict[str, int] = {}
    for area, cells in lands.items():
        group = area[: by.digits]
        found[group] = found.get(group, 0) + cells * len(labels)
    return found


def _ground_amounts(seen: list[Ages], land: int) -> dict[Amount, int]:
    ages = np.concatenate(seen) if seen else np.empty(0, dtype=np.int64)
    nth = rank_of(Amount.AGE, len(ages)) - 1
    return {
        Amount.SEEN: len(ages),
        Amount.LAND: land,
        Amount.AGE: int(np.partition(ages, nth)[nth]) if len(ages) else 0,
    }


def _grounds(patrolled: Patrolled, window: Window) -> Iterator[tuple[str, str, Ages]]:
    """Give each grid and class with the ages of its cells, in seconds, as each was seen last.

    No more cells than the grid has: those at its border are not cut, and may be one too many. The
    oldest are left out then.
    """
    pieces: dict[str, dict[tuple[str, ...], list[_Piece]]] = {}
    for patch in patrolled.patches:
        if patch.area in patrolled.lands:
            pieces.setdefault(patch.area, {}).setdefault(patch.labels, []).append(
                (patch.seen_at, patch.cells)
            )
    for area, by_labels in sorted(pieces.items()):
        for labels, seen in _seen_alike(by_labels):
            ages = _ages(seen, window)[: patrolled.lands[area]]
            yield from ((area, label, ages) for label in labels)


def _seen_alike(
    by_labels: Mapping[tuple[str, ...], list[_Piece]],
) -> Iterator[tuple[list[str], list[_Piece]]]:
    """Give the classes that were seen for on the same ground together: it is looked at once."""
    alike: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for label in sorted({label for labels in by_labels for label in labels}):
        alike.setdefault(tuple(each for each in by_labels if label in each), []).append(label)
    for where, labels in alike.items():
        yield labels, [piece for each in where for piece in by_labels[each]]


def _ages(pieces: Iterable[_Piece], window: Window) -> Ages:
    """Give the seconds since each cell of some ground was seen last, ascending."""
    newest = sorted(pieces, key=itemgetter(0), reverse=True)
    cells = np.frombuffer(b"".join(packed for _, packed in newest), dtype="<i8")
    ages = [max(0, int((window.until - seen_at).total_seconds())) for seen_at, _ in newest]
    aged = np.repeat(ages, [len(packed) // 8 for _, packed in newest])
    _, first = np.unique(cells, return_index=True)
    return aged[np.sort(first)]
