"""What collectors report from the street; one request brings all of it, or nothing."""

import hashlib
from collections import Counter
from datetime import date
from typing import Annotated, Final
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, File, Form, UploadFile
from pydantic import Json

from api.centre.wiring import Centre, centre_of
from api.doors.auth import allow
from api.schemas.base import Words
from api.schemas.places import AreaPlace, PhonePlace, PinPlace
from api.schemas.reports import (
    MyReport,
    ReportArea,
    ReportChoices,
    ReportClass,
    ReportedOut,
    ReportOrder,
)
from api.words.places import grid_words
from api.words.stories import lines_of
from api.words.wording import status_words
from dispatch.case.transition import Status
from dispatch.catalogue.catalog import CatalogClass
from dispatch.city.profile import Profile
from dispatch.city_words import CityWords
from dispatch.ground.reported_place import from_area, from_phone, from_pin
from dispatch.ids import GridId, PhotoId
from dispatch.intake.reporting import Reported, report_problem
from dispatch.loop.handed_in import HandedIn, report_id
from dispatch.people.people import Person, Role
from dispatch.ports.unit_of_work import CaseFilter
from dispatch.wire import EvidenceKind, Placing, Position, Report, Reporter

router = APIRouter(prefix="/reports", tags=["reports"])
Here = Annotated[Centre, Depends(centre_of)]
Collector = Annotated[Person, Depends(allow(Role.COLLECTOR))]
PHOTOS: Final = UUID("6c1f9d0e-3f0a-4f6b-9a0e-5f8d3a1c7b42")
"""The namespace of the ids of reported photos."""
MINE: Final = 50
LATELY: Final = 200
"""Cases by which classes are put in order."""


@router.get("/choices", operation_id="report_choices")
def report_choices(person: Collector, centre: Here) -> ReportChoices:
    """Give what a report chooses from: classes, the most reported of late first, and grids."""
    today = centre.now().astimezone(centre.profile.zone).date()
    with centre.read() as uow:
        lately = uow.cases.find(CaseFilter(area=person.area), limit=LATELY)
    often = Counter(case.category.label for case in lately)
    classes = sorted(centre.profile.classes.items(), key=lambda each: (-often[each[0]], each[0]))
    grids = [
        each.id
        for each in centre.profile.grids.grids
        if each.id.startswith(person.area) and each.valid_on(today)
    ]
    return ReportChoices(
        classes=[class_out(label, each) for label, each in classes],
        areas=[_area(each, centre.profile, day=today) for each in grids],
    )


@router.get("/mine", operation_id="my_reports")
def my_reports(person: Collector, centre: Here) -> list[MyReport]:
    """List the cases that a collector reported first, the newest first."""
    now = centre.now()
    with centre.read() as uow:
        wanted = CaseFilter(reporter=person.id, area=person.area)
        cases = uow.cases.find(wanted, limit=MINE)
        lines = lines_of(cases, uow=uow, profile=centre.profile, now=now)
    return [
        MyReport(line=line, may_reopen=case.status is Status.CLOSED and case.may_reopen(person))
        for line, case in zip(lines, cases, strict=True)
    ]


@router.post("", operation_id="report", status_code=201)
def report(
    person: Collector,
    centre: Here,
    said: Annotated[Json[ReportOrder], Form()],
    near: Annotated[UploadFile, File()],
    far: Annotated[UploadFile | None, File()] = None,
    after: Annotated[UploadFile | None, File()] = None,
) -> ReportedOut:
    """Take in a report with its photos; the same one again changes nothing.

    `after` shows that the collector put it right on the spot.
    """
    id_ = report_id(str(said.id), by=person.id, at=said.taken_at)
    files = {"near": near, "far": far, "after": after}
    contents = {name: file.file.read() for name, file in files.items() if file is not None}
    photos = [handed_in(content, name=name, of=id_) for name, content in contents.items()]
    told = Report(
        id=id_,
        source=Reporter.COLLECTOR,
        by=person.id,
        captured_at=said.taken_at,
        label=said.label,
        position=position_of(said.place, centre=centre),
        placed_by=Placing(said.place.by),
        note=said.note.strip(),
    )
    with centre.keeping({hashlib.sha256(each).hexdigest(): each for each in contents.values()}):
        taken = report_problem(
            told, photos, by=person, at=centre.now(), profile=centre.profile, uow=centre.begin()
        )
    return _reported_out(taken, city=centre.profile.words)


def handed_in(content: bytes, *, name: str, of: str) -> HandedIn:
    """Name a photo after what it shows and after its report, so that no other is called so."""
    kinds = {"near": EvidenceKind.NEAR, "far": EvidenceKind.CONTEXT}
    return HandedIn(
        id=PhotoId(str(uuid5(PHOTOS, f"{of} {name}"))),
        sha256=hashlib.sha256(content).hexdigest(),
        kind=kinds.get(name),
    )


def position_of(place: PhonePlace | PinPlace | AreaPlace, *, centre: Centre) -> Position:
    """Give what a person said of the place as a position with its error."""
    match place:
        case PhonePlace():
            return from_phone(place.latitude, place.longitude, accuracy_m=place.accuracy_m)
        case PinPlace():
            return from_pin(place.latitude, place.longitude)
        case AreaPlace():
            today = centre.now().astimezone(centre.profile.zone).date()
            return from_area(place.area, grids=centre.profile.grids, day=today)


def class_out(label: str, category: CatalogClass) -> ReportClass:
    """Shape a class that may be reported."""
    return ReportClass(
        label=label,
        name=Words(zh=category.name_zh, en=category.name_en),
        major=category.major_zh,
        code=category.key.code,
    )


def _area(grid: GridId, profile: Profile, *, day: date) -> ReportArea:
    return ReportArea(id=grid, name=grid_words(grid, profile.areas, day=day))


def _reported_out(taken: Reported, *, city: CityWords) -> ReportedOut:
    case = taken.case
    return ReportedOut(
        case=case.id,
        number=case.number,
        status=case.status,
        status_words=status_words(case.status, city),
        joined=taken.joined,
        handled=taken.handled,
    )
