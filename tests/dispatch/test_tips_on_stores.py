"""What citizens report, on every store: taken in once, followed, reopened, contact forgotten."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.case.case import Source
from dispatch.case.step import Decision
from dispatch.case.tip import TipNotFound
from dispatch.case.transition import Action, Status
from dispatch.ground.reported_place import from_phone
from dispatch.ids import CaseId, PhotoId
from dispatch.intake import tips
from dispatch.intake.reporting import report_problem
from dispatch.loop import casework
from dispatch.loop.handed_in import HandedIn, PhotoOfReportMissing, report_id
from dispatch.people.people import PUBLIC, Role
from dispatch.ports.unit_of_work import CaseFilter, UnitOfWork
from dispatch.wire import EvidenceKind, Placing, Report, Reporter
from tests.dispatch import making
from tests.dispatch.city import COLLECTOR, SUPERVISOR, City

KEY = "5a" * 32
PHOTO = HandedIn(
    id=PhotoId("0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b"), sha256="11" * 32, kind=EvidenceKind.NEAR
)
LATER = HandedIn(
    id=PhotoId("0c0c0c0c-0c0c-4c0c-8c0c-0c0c0c0c0c0c"), sha256="22" * 32, kind=EvidenceKind.NEAR
)


@pytest.fixture
def city(begin: Callable[[], UnitOfWork]) -> City:
    return City(begin=begin)


def _report(city: City, *, source: Reporter = Reporter.PUBLIC, name: str = "1") -> Report:
    by = PUBLIC if source is Reporter.PUBLIC else COLLECTOR
    return Report(
        id=report_id(name, by=by.id, at=city.now),
        source=source,
        by=by.id,
        captured_at=city.now,
        label="road.pothole",
        position=from_phone(making.LATITUDE, making.LONGITUDE, accuracy_m=8.0),
        placed_by=Placing.PHONE,
        note="井边塌了一块",
    )


def _tip(city: City, *, contact: str | None = "138 0000 0000") -> CaseId:
    case = tips.take_tip(
        _report(city),
        [PHOTO],
        key_sha256=KEY,
        contact=contact,
        at=city.now,
        profile=city.profile,
        uow=city.uow,
    )
    return case.id


def test_a_tip_is_one_case_of_the_public_that_nobody_is_sent_to_unasked(city: City) -> None:
    first = _tip(city)
    again = _tip(city)

    case = city.case(first)
    assert again == first
    assert (case.source, case.status) == (Source.PUBLIC, Status.REPORTED)
    assert [step.role for step in case.history] == [Role.PUBLIC]
    with city.uow as uow:
        assert uow.tasks.of_case(first) == []
        assert len(uow.photos.of_case(first)) == 1


def test_the_report_is_kept_and_read_back_as_it_was_told(city: City) -> None:
    told = _report(city, source=Reporter.COLLECTOR)
    case = report_problem(
        told, [PHOTO], by=COLLECTOR, at=city.now, profile=city.profile, uow=city.uow
    ).case

    with city.uow as uow:
        (kept,) = uow.observations.of_problem(case.problem)

    assert isinstance(kept.finding, Report)
    assert kept.finding.model_copy(update={"photos": ()}) == told
    assert kept.finding.shows(PHOTO.id)


def test_who_has_the_key_may_take_a_closed_case_up_again_and_nobody_else(city: City) -> None:
    id_ = _tip(city)
    said = Decision(by=SUPERVISOR, at=city.later(minutes=5), code="W1")
    casework.file_case(id_, replace(said, code=""), profile=city.profile, uow=city.uow)
    casework.write_off_case(id_, said, profile=city.profile, uow=city.uow)
    city.later(days=2)

    def reopen(key: str, photo: HandedIn | None) -> None:
        tips.reopen_by_reporter(
            key, "还是没修好", photo, at=city.now, profile=city.profile, uow=city.uow
        )

    with pytest.raises(TipNotFound):
        reopen("00" * 32, LATER)
    with pytest.raises(PhotoOfReportMissing):
        reopen(KEY, None)
    reopen(KEY, LATER)

    case = city.case(id_)
    assert (case.status, case.history[-1].action) == (Status.FILED, Action.REOPEN)
    assert case.history[-1].role is Role.PUBLIC
    reopen(KEY, LATER)
    assert city.case(id_) == case, "the same once more, because the answer was lost"
    with pytest.raises(tips.TooLateToReopen):
        reopen(KEY, replace(LATER, sha256="ef" * 32))


def test_a_contact_is_forgotten_when_its_case_has_ended_for_long_enough(city: City) -> None:
    id_ = _tip(city)
    keep = city.profile.retention.contact_days
    casework.void_case(
        id_,
        Decision(by=SUPERVISOR, at=city.later(minutes=5), code="V1"),
        profile=city.profile,
        uow=city.uow,
    )

    def contacts() -> list[str]:
        with city.uow as uow:
            return tips.contacts_of(id_, by=SUPERVISOR, uow=uow)

    def forget(days: float) -> int:
        at = city.now + timedelta(days=days)
        return tips.forget_contacts(now=at, profile=city.profile, uow=city.uow)

    assert forget(keep - 0.5) == 0
    assert contacts() == ["138 0000 0000"]
    assert forget(keep + 0.5) == 1
    assert contacts() == []


def test_a_collectors_own_reports_are_found_again_and_no_others(city: City) -> None:
    _tip(city)
    city.later(minutes=5)
    own = report_problem(
        _report(city, source=Reporter.COLLECTOR, name="2").model_copy(
            update={"label": "sanitation.garbage_pile"}
        ),
        [LATER],
        by=COLLECTOR,
        at=city.now,
        profile=city.profile,
        uow=city.uow,
    ).case

    with city.uow as uow:
        found = uow.cases.find(CaseFilter(reporter=COLLECTOR.id), limit=9)

    assert [case.id for case in found] == [own.id]
