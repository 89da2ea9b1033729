"""What cannot be true of a message, whatever its form: such a one is kept apart with the reason."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import h3.api.basic_int as h3

from dispatch import wire
from dispatch.city.profile import Profile
from dispatch.ground.grid import Grid
from dispatch.ground.place import Place, distance_m
from dispatch.sights.head import Head, Spot, head_of, spot_of

FUTURE: Final = timedelta(minutes=10)
"""How far a device's clock may be ahead of the centre's."""
FAR_M: Final = 5_000.0
FAST_M_PER_S: Final = 100.0
WITNESSES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a message cannot be true."""

    zh: str
    en: str


def place_of(position: wire.Position) -> Place:
    """Give a wire position as a place with its whole error."""
    return spot_of(position).place


def grid_of(place: Place, *, at: datetime, profile: Profile) -> Grid | None:
    """Give the grid that holds a place or, outside of all, the one its error reaches most."""
    day = at.astimezone(profile.zone).date()
    held = profile.grids.holding(place.latitude, place.longitude, day=day)
    if held is not None:
        return held
    shares = profile.grids.shares(place, day=day)
    return shares[0].grid if shares else None


def grids_of(heads: Sequence[Head], *, profile: Profile) -> dict[str, Grid]:
    """Give by id the grids of those findings that have a place in one, asked all at once.

    Of a grid that was redrawn it is the newest.
    """
    by_day: dict[date, list[tuple[Head, Spot]]] = {}
    for each in heads:
        if each.spot is not None:
            day = each.captured_at.astimezone(profile.zone).date()
            by_day.setdefault(day, []).append((each, each.spot))
    found: dict[str, Grid] = {}
    for day, placed in by_day.items():
        longitudes = [spot.longitude for _, spot in placed]
        latitudes = [spot.latitude for _, spot in placed]
        held = profile.grids.holding_each(longitudes, latitudes, day=day)
        for (each, spot), id_ in zip(placed, held, strict=True):
            grid = profile.grids.get(id_) or grid_of(
                spot.place, at=each.captured_at, profile=profile
            )
            if grid is not None:
                found[each.id] = grid
    return found


def fault_of_head(head: Head, *, grid: Grid | None, at: datetime) -> Fault | None:
    """Say why a finding cannot be true, if that is seen of it alone.

    Args:
        grid: that of its place.
        at: when it came.
    """
    if head.last_seen_at > at + FUTURE:
        return _in_the_future(head.last_seen_at)
    if head.spot is None or grid is not None:
        return None
    where = f"{head.spot.latitude:.5f}, {head.spot.longitude:.5f}"
    return Fault(
        zh=f"位置 {where} 不在本市任何网格内，请核对定位或补充网格",
        en=f"the position {where} lies in no grid of the city: check the fix or the grids",
    )


def fault_of_finding(
    finding: wire.Finding, *, grid: Grid | None, at: datetime, mates: Sequence[wire.Finding]
) -> Fault | None:
    """Say why a finding cannot be true, alone or beside others, if so.

    Args:
        grid: that of its position.
        at: when it came.
        mates: the other findings of its pass, in the order of time.
    """
    fault = fault_of_head(head_of(finding), grid=grid, at=at)
    position = finding.position
    if fault is None and position is not None and _is_elsewhere(finding, position, mates):
        where = f"{position.latitude:.5f}, {position.longitude:.5f}"
        return Fault(
            zh=f"位置 {where} 与本趟其他发现相距超过 5 公里，车辆不可能到达，请核对定位",
            en=f"the position {where} is over 5 km from the other findings of the pass, farther "
            "than the vehicle can have moved: check the fix",
        )
    return fault


def fault_of_sweep(sweep: wire.Sweep, *, at: datetime) -> Fault | None:
    """Say why a sweep cannot be true, if so.

    Args:
        at: when it came.
    """
    if sweep.ended_at > at + FUTURE:
        return _in_the_future(sweep.ended_at)
    packed = [(ground.cells, ground.resolution) for ground in sweep.inspected]
    packed += [(ground.cells, ground.resolution) for ground in sweep.hidden]
    for cells, resolution in packed:
        for cell in wire.unpack_cells(cells):
            if not h3.is_valid_cell(cell) or h3.get_resolution(cell) != resolution:
                return Fault(
                    zh=f"覆盖范围中的 {cell:x} 不是 {resolution} 级 H3 单元，请升级设备软件",
                    en=f"{cell:x} in the swept ground is no H3 cell of resolution {resolution}: "
                    "update the device",
                )
    return None


def fault_of_crew_verdict(
    verdict: wire.CrewVerdict, about: wire.Finding | None, *, at: datetime
) -> Fault | None:
    """Say why a crew's word cannot count, if so; its finding may still be on the way.

    Args:
        about: the finding it speaks of, where that has come.
        at: when it came.
    """
    if verdict.said_at > at + FUTURE:
        return _in_the_future(verdict.said_at)
    if about is not None and about.device != verdict.device:
        return Fault(
            zh="车组只能判定本车的发现，请升级设备软件",
            en="a crew speaks of finds of its own device only: update the device",
        )
    return None


def _in_the_future(moment: datetime) -> Fault:
    return Fault(
        zh=f"时间 {moment:%Y-%m-%d %H:%M:%S} UTC 晚于中心时钟，请校准设备时钟",
        en=f"the time {moment.isoformat()} lies ahead of the centre's clock: set the device's",
    )


def _is_elsewhere(
    finding: wire.Finding, position: wire.Position, mates: Sequence[wire.Finding]
) -> bool:
    """Set a position against the nearest findings in time; two at least must speak against it."""
    if not mates:
        return False
    at = finding.captured_at
    here = bisect_left(mates, at, key=lambda mate: mate.captured_at)
    beside = mates[max(0, here - 2 * WITNESSES) : here + 2 * WITNESSES]
    placed = [mate for mate in beside if mate.position is not None and mate.id != finding.id]
    nearest = sorted(placed, key=lambda mate: abs(mate.captured_at - at))[:WITNESSES]
    against = sum(1 for mate in nearest if _cannot_be_both(finding, position, mate))
    return against >= 2 and 2 * against > len(nearest)


def _cannot_be_both(finding: wire.Finding, position: wire.Position, mate: wire.Finding) -> bool:
    assert mate.position is not None
    # Flat-earth distances are off beyond 10 km, but never so far as to fall under 5 km.
    gap_m = distance_m(position, mate.position)
    passed_s = abs((finding.captured_at - mate.captured_at).total_seconds())
    return gap_m > FAR_M and gap_m > FAST_M_PER_S * passed_s
