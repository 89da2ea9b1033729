"""What approvals kept from becoming cases: counted by reason, listed, drawn; and the notices."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Final

import shapely
from fastapi import APIRouter, Depends

from api.centre.wiring import Centre, centre_of
from api.doors.auth import AnybodySignedIn, allow
from api.periods import month, span_of
from api.schemas.base import Words
from api.schemas.maps import Feature, FeatureCollection
from api.schemas.suppressed import ApprovalOut, Notice, SuppressedPage
from api.words.suppressed_sights import MOST, suppressed_out
from dispatch.city.calendar_gap import gap_warnings, gap_words, years_unplanned
from dispatch.city.suppression import Suppression
from dispatch.people.people import Person, Role
from dispatch.ports.of_suppressed import SuppressedCount, SuppressedFilter

router = APIRouter(tags=["suppressed"])
Here = Annotated[Centre, Depends(centre_of)]
Watcher = Annotated[
    Person,
    Depends(
        allow(Role.ACCEPTOR, Role.SUPERVISOR, Role.DISPATCHER, Role.EVALUATOR, Role.ADMINISTRATOR)
    ),
]
_INSTANT: Final = timedelta(microseconds=1)
"""What happens at a moment is known at it."""


@router.get("/suppressed", operation_id="list_suppressed")
def list_suppressed(person: Watcher, centre: Here, period: str | None = None) -> SuppressedPage:
    """List what approvals kept from becoming cases in a month, by approval and by sight."""
    wanted = month(period, centre=centre)
    window = wanted.known_at(centre.now() + _INSTANT)
    asked = SuppressedFilter(window=window, area=person.area)
    with centre.read() as uow:
        counts = {each.newest.suppression: each for each in uow.suppressed.count(asked)}
        sights = uow.suppressed.find(asked, limit=MOST)
    return SuppressedPage(
        as_of=centre.now(),
        start=wanted.start,
        end=wanted.end,
        approvals=list(_approvals(centre, counts)),
        sights=[suppressed_out(each) for each in sights],
    )


@router.get("/map/approvals", operation_id="map_approvals")
def map_approvals(_person: AnybodySignedIn, centre: Here) -> FeatureCollection:
    """Give the approved areas that have not ended."""
    now = centre.now()
    features = [
        Feature(
            type="Feature",
            geometry=shapely.geometry.mapping(row.zone.polygon),
            properties={
                "id": row.zone.id,
                "zh": f"{row.zone.name_zh}：{row.reason_zh}（{row.approval}）",
                "en": f"{row.zone.name_en}: {row.reason_en} ({row.approval})",
                "holds": row.zone.counts_at(now, centre.profile.calendar),
            },
        )
        for row in _rows(centre)
        if not _has_ended(row, centre=centre, now=now)
    ]
    return FeatureCollection(type="FeatureCollection", features=features)


@router.get("/notices", operation_id="list_notices")
def list_notices(_person: AnybodySignedIn, centre: Here, period: str | None = None) -> list[Notice]:
    """List what deadlines lean on and is not known; of a period, what its figures lean on."""
    if period is None:
        warned = gap_warnings(centre.profile, now=centre.now())
        return [Notice(words=Words(zh=each.zh, en=each.en)) for each in warned]
    wanted = span_of(period, centre=centre).period
    years = years_unplanned(centre.profile.calendar, wanted)
    if not years:
        return []
    zh, en = gap_words(years)
    return [Notice(words=Words(zh=zh, en=en))]


def _rows(centre: Centre) -> tuple[Suppression, ...]:
    held = centre.profile.suppressions
    return () if held is None else held.rows


def _has_ended(row: Suppression, *, centre: Centre, now: datetime) -> bool:
    ends_on = row.zone.valid_until
    return ends_on is not None and ends_on < now.astimezone(centre.profile.zone).date()


def _approvals(centre: Centre, counts: Mapping[str, SuppressedCount]) -> Iterator[ApprovalOut]:
    now = centre.now()
    for row in _rows(centre):
        count = counts.get(row.zone.id)
        yield ApprovalOut(
            id=row.zone.id,
            name=Words(zh=row.zone.name_zh, en=row.zone.name_en),
            label=row.label,
            reason=Words(zh=row.reason_zh, en=row.reason_en),
            approval=row.approval,
            ends_on=row.zone.valid_until,
            holds=row.zone.counts_at(now, centre.profile.calendar),
            ended=_has_ended(row, centre=centre, now=now),
            known=True,
            sights=count.sights if count else 0,
            problems=count.problems if count else 0,
        )
    known = {row.zone.id for row in _rows(centre)}
    yield from (_gone(count) for id_, count in counts.items() if id_ not in known)


def _gone(count: SuppressedCount) -> ApprovalOut:
    """Shape an approval that the profile has no longer, by its newest sight."""
    last = count.newest
    return ApprovalOut(
        id=last.suppression,
        name=Words(zh=last.suppression, en=last.suppression),
        label=last.label,
        reason=Words(zh=last.reason_zh, en=last.reason_en),
        approval=last.approval,
        ends_on=last.ends_on,
        holds=False,
        ended=True,
        known=False,
        sights=count.sights,
        problems=count.problems,
    )
