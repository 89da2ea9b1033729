"""Figures of patrols: reckoned from what stretches were told of, the same way in every store."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from dispatch.clocks.period import Window
from dispatch.figures.evaluation import rank_of
from dispatch.indicators.formula import Amount, Grouping, Kind, Part, splits
from dispatch.sights.covered import Covered, Integers, added_up, ages_s
from dispatch.sights.stretch import Stretch

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """What stretches of one pass add up to that are alike in all that figures tell apart.

    Args:
        area: id of the grid, or the leading digits of it that are told apart.
        started_at: of the first of them.
        rendered: whether any is.
    """

    pass_id: str
    device: str
    platform: str
    model: str
    day: str
    area: str
    labels: tuple[str, ...]
    started_at: datetime
    lasted_ms: int
    distance_cm: int
    rendered: bool


def drive_of(stretch: Stretch) -> Drive:
    """Give what one stretch adds."""
    return Drive(
        pass_id=stretch.pass_id,
        device=stretch.device,
        platform=stretch.platform,
        model=stretch.model,
        day=stretch.day,
        area=stretch.area,
        labels=stretch.labels,
        started_at=stretch.started_at,
        lasted_ms=stretch.lasted_ms,
        distance_cm=stretch.distance_cm,
        rendered=stretch.rendered,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Patrolled:
    """What passes did in a period and an area, by what was known at its end.

    Args:
        drives: what the stretches that came in the period add up to.
        ground: what they saw; the same cells may be in several pieces.
        lands: cells of ground (`stretch.RESOLUTION`) that each unit grid of the area has.
        fleet: devices that are registered for patrols, each with what carries its camera; empty
            where that is not known.
    """

    drives: Collection[Drive]
    ground: Iterable[Covered]
    lands: Mapping[str, int]
    fleet: Mapping[str, str]


def count_patrols(
    parts: Collection[Part], patrolled: Patrolled, window: Window, *, by: Grouping
) -> dict[str, dict[Part, int]]:
    """Reckon the parts of formulas that are of patrols, in each group."""
    wanted = [part for part in parts if splits(part.kind, by)]
    found: dict[str, dict[Part, int]] = {}
    amounts = {**_of_drives(patrolled, window, by)} if _asks(wanted, Kind.STRETCH) else {}
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


def _group_of(drive: Drive, by: Grouping) -> str:
    if by.digits is not None:
        return drive.area[: by.digits]
    return {
        Grouping.MODEL: drive.model,
        Grouping.PLATFORM: drive.platform,
        Grouping.DEVICE: drive.device,
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
    drives: Iterable[Drive], *, by: Grouping, group: str | None
) -> tuple[PassSum, ...]:
    """Add up what was driven on each pass, the newest first.

    Args:
        group: takes only those of one group; of a class, those that could judge it.
    """
    passes: dict[str, list[Drive]] = {}
    for drive in drives:
        if group is None or _is_in(drive, by, group):
            passes.setdefault(drive.pass_id, []).append(drive)
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


def _is_in(drive: Drive, by: Grouping, group: str) -> bool:
    if by is Grouping.LABEL:
        return group in drive.labels
    return splits(Kind.STRETCH, by) and _group_of(drive, by) == group


def _of_drives(patrolled: Patrolled, window: Window, by: Grouping) -> dict[str, dict[Amount, int]]:
    groups: dict[str, list[Drive]] = {}
    for drive in patrolled.drives:
        groups.setdefault(_group_of(drive, by), []).append(drive)
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


def _sums(drives: Collection[Drive], registered: set[str], days: int) -> dict[Amount, int]:
    devices = registered | {each.device for each in drives}
    return {
        Amount.PASSES: len({each.pass_id for each in drives}),
        Amount.METRES: sum(each.distance_cm for each in drives) // 100,
        Amount.SECONDS: sum(each.lasted_ms for each in drives) // 1000,
        Amount.DEVICE_DAYS: len({(each.device, each.day) for each in drives}),
        Amount.FLEET_DAYS: len(devices) * days,
        Amount.CLASSES: len({(each.pass_id, one) for each in drives for one in each.labels}),
    }


def _of_ground(patrolled: Patrolled, window: Window, by: Grouping) -> dict[str, dict[Amount, int]]:
    labels: set[str] = set()
    seen: dict[str, list[Integers]] = {}
    for area, label, ages in _grounds(patrolled, window):
        labels.add(label)
        group = label if by is Grouping.LABEL else area[: by.digits]
        seen.setdefault(group, []).append(ages)
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


def _ground_amounts(seen: list[Integers], land: int) -> dict[Amount, int]:
    ages = np.concatenate(seen) if seen else np.empty(0, dtype=np.int64)
    nth = rank_of(Amount.AGE, len(ages)) - 1
    return {
        Amount.SEEN: len(ages),
        Amount.LAND: land,
        Amount.AGE: int(np.partition(ages, nth)[nth]) if len(ages) else 0,
    }


def _grounds(patrolled: Patrolled, window: Window) -> Iterator[tuple[str, str, Integers]]:
    """Give each grid and class with the ages of its cells, in seconds, as each was seen last.

    No more cells than the grid has: those at its border are not cut, and may be one too many. The
    oldest are left out then.
    """
    pieces: dict[str, dict[tuple[str, ...], list[Covered]]] = {}
    for piece in patrolled.ground:
        if piece.area in patrolled.lands:
            pieces.setdefault(piece.area, {}).setdefault(piece.labels, []).append(piece)
    for area, by_labels in sorted(pieces.items()):
        for labels, seen in _seen_alike(by_labels):
            ages = ages_s(added_up(seen), until=window.until)[: patrolled.lands[area]]
            yield from ((area, label, ages) for label in labels)


def _seen_alike(
    by_labels: Mapping[tuple[str, ...], list[Covered]],
) -> Iterator[tuple[list[str], list[Covered]]]:
    """Give the classes that were seen for on the same ground together: it is looked at once."""
    alike: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for label in sorted({label for labels in by_labels for label in labels}):
        alike.setdefault(tuple(each for each in by_labels if label in each), []).append(label)
    for where, labels in alike.items():
        yield labels, [piece for each in where for piece in by_labels[each]]
