"""What the next patrol should look at again, as a round: the route sheet.

Two kinds of spots: handled problems of which no pass since could tell whether they are repaired,
and ground that no pass touched for too long. What endangers people comes first.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from h3.api import basic_int as h3

from dispatch.case.case import Case
from dispatch.case.transition import Action, Status
from dispatch.city.patrolling import PatrolPolicy
from dispatch.city.profile import Profile
from dispatch.ground.place import Place
from dispatch.ground.tour import length_m, tour
from dispatch.identity.gate import may_be_one_place
from dispatch.loop.closing import of_this_round
from dispatch.ports.unit_of_work import CaseFilter, UnitOfWork
from dispatch.verification.verdict import Reason, Verdict
from dispatch.wire import RouteSheet, Spot, SpotKind

MOST_HANDLED: Final = 2000
MOST_STALE_CELLS: Final = 5000
BLOCK_RINGS: Final = 4
"""Stale look-up cells within 170 m of each other (rings of 43 m) are one spot."""


_HOW: Final = {
    Reason.NOT_INSPECTED: ("没有巡到，请从这里经过", "No pass came by: drive past it"),
    Reason.OCCLUDED: (
        "被挡住，请换个时段或方向再看",
        "Something stood before it: come at another hour or from the other side",
    ),
    Reason.DARK: ("太暗，请白天再看", "It was too dark: come by day"),
    Reason.BLURRED: ("画面模糊，请慢行", "The picture was blurred: drive slowly"),
    Reason.VEILED: ("镜头脏，请擦镜头后再看", "The lens was dirty: wipe it and come again"),
    Reason.TOO_SMALL: ("目标太小，请靠近慢行", "It is small: drive slowly and close by"),
    Reason.RECALL_UNKNOWN: (
        "模型看不准这一类，请下车看一眼",
        "The model is not measured on this class: have a look yourself",
    ),
    Reason.POSITION_VAGUE: (
        "位置不准，请慢行经过前后 30 米",
        "Its place is vague: drive slowly 30 m before and after",
    ),
    Reason.WRONG_HOUR: (
        "时段不对，请在发现时的时段再看",
        "Come at the hour at which it was found",
    ),
    Reason.NOT_ENOUGH_PASSES: ("次数不够，请再经过一次", "Not enough passes: drive past once more"),
    Reason.CONFLICTING: (
        "有时看到有时没看到，请慢行再看",
        "Some passes saw it, others did not: drive past slowly",
    ),
}


def route_sheet(
    *,
    now: datetime,
    profile: Profile,
    uow: UnitOfWork,
    area: str = "",
) -> RouteSheet:
    """Make the sheet of an area.

    Args:
        area: leading digits of grid ids; empty for the whole city.
    """
    policy = profile.patrol
    with uow:
        wanted = CaseFilter(statuses=frozenset({Status.HANDLED}), area=area)
        handled = uow.cases.find(wanted, limit=MOST_HANDLED)
        merged = _merged_elsewhere(handled, uow=uow)
        before = now - timedelta(days=policy.stale_hazard_days)
        stale = uow.sweeps.stale(before, limit=MOST_STALE_CELLS)
    open_ = {case.id: spot for case in handled if (spot := _of_case(case)) is not None}
    spots = list(open_.values())
    spots += [_there(open_[of.id], case) for of, case in merged if of.id in open_]
    spots += [
        spot for spot in _of_ground(stale, now, policy) if _is_within(spot, area, now, profile)
    ]
    return _sheet(spots, now=now, most=policy.sheet_spots)


def _of_case(case: Case) -> Spot | None:
    """Give the spot of a handled case, unless a pass could tell."""
    judged = of_this_round(case, Action.VERIFY)
    reason = Reason.NOT_INSPECTED
    if judged is not None:
        if judged.grounds.get("verdict") != Verdict.CANNOT_TELL.value:
            return None
        reason = Reason(str(judged.grounds.get("reason") or Reason.NOT_ENOUGH_PASSES.value))
    done = case.last_done
    zh, en = _HOW[reason]
    return Spot(
        kind=SpotKind.CANNOT_TELL,
        latitude=case.place.latitude,
        longitude=case.place.longitude,
        name_zh=f"{case.category.name_zh[:40]} {case.number}"[:64],
        name_en=f"{case.category.name_en[:40]} {case.number}"[:64],
        why_zh=f"看不清是否修好：{zh}",
        why_en=f"Cannot tell whether it is repaired. {en}",
        hazard=case.category.hazard,
        since=case.reported_at if done is None else done.at,
        case=case.id,
    )


def _merged_elsewhere(handled: Sequence[Case], *, uow: UnitOfWork) -> list[tuple[Case, Case]]:
    """Give the cases merged into handled ones that a device saw at another place, with these."""
    goes_on = {case.id: case for case in handled}
    found: list[tuple[Case, Case]] = []
    fresh = list(goes_on)
    while fresh:
        merged = [each for each in uow.cases.merged_into(fresh) if each.id not in goes_on]
        for each in merged:
            of = goes_on[each.merged_into or each.id]
            goes_on[each.id] = of
            if "finding" in each.history[0].grounds and not may_be_one_place(of.place, each.place):
                found.append((of, each))
        fresh = [each.id for each in merged]
    return found


def _there(spot: Spot, merged: Case) -> Spot:
    """Give the spot of a handled case where one lay that was merged into it."""
    place = merged.place
    return spot.model_copy(update={"latitude": place.latitude, "longitude": place.longitude})


def _of_ground(
    stale: Iterable[tuple[int, datetime]], now: datetime, policy: PatrolPolicy
) -> list[Spot]:
    """Give a spot for each stretch of stale ground: its cell that waits longest."""
    told: set[int] = set()
    spots = []
    for cell, since in stale:
        if cell not in told:
            told |= set(h3.grid_disk(cell, BLOCK_RINGS))
            spots.append(_of_cell(cell, since, now, policy))
    return spots


def _of_cell(cell: int, since: datetime, now: datetime, policy: PatrolPolicy) -> Spot:
    latitude, longitude = h3.cell_to_latlng(cell)
    days = int((now - since) / timedelta(days=1))
    every = days >= policy.stale_days
    return Spot(
        kind=SpotKind.STALE,
        latitude=latitude,
        longitude=longitude,
        name_zh="久未巡查的路段",
        name_en="Ground not inspected lately",
        why_zh=f"已 {days} 天没有巡查{'' if every else '，危险类别需要再看'}",
        why_en=f"Not inspected for {days} days"
        + ("" if every else ", too long for classes by which people get hurt"),
        hazard=False,
        since=since,
    )


def _is_within(spot: Spot, area: str, now: datetime, profile: Profile) -> bool:
    if not area:
        return True
    day = now.astimezone(profile.zone).date()
    grid = profile.grids.holding(spot.latitude, spot.longitude, day=day)
    return grid is not None and grid.id.startswith(area)


def _sheet(spots: Sequence[Spot], *, now: datetime, most: int) -> RouteSheet:
    """Keep what presses most, and put it into a round: hazards first, from the most pressing on."""
    pressing = sorted(spots, key=_pressing)
    chosen = pressing[:most]
    ordered: list[Spot] = []
    for group in (
        [spot for spot in chosen if spot.hazard],
        [spot for spot in chosen if not spot.hazard],
    ):
        if group:
            start = _place(ordered[-1] if ordered else group[0])
            ordered += [group[each] for each in tour([_place(spot) for spot in group], start=start)]
    return RouteSheet(
        made_at=now,
        length_m=round(length_m([_place(spot) for spot in ordered]), 1),
        spots=tuple(ordered),
        left_out=len(pressing) - len(chosen),
    )


def _pressing(spot: Spot) -> tuple[bool, bool, datetime, float, float]:
    return (
        not spot.hazard,
        spot.kind is not SpotKind.CANNOT_TELL,
        spot.since,
        spot.latitude,
        spot.longitude,
    )


def _place(spot: Spot) -> Place:
    return Place(latitude=spot.latitude, longitude=spot.longitude, ee=0.0, en=0.0, nn=0.0)
