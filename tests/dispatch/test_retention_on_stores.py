"""What is kept how long, on every store: pictures go in their time, histories and holds stay."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dispatch.case.pending import open_hold
from dispatch.case.step import Decision
from dispatch.case.transition import Action, Status, roles_for
from dispatch.city.retention import Rule, months_before
from dispatch.devices.device import Quarantined
from dispatch.ids import CaseId
from dispatch.keeping import erasing, expiry
from dispatch.loop import casework
from dispatch.people.people import Role
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.proof.erasure import Erasure
from dispatch.proof.ledger import EntryKind
from tests.dispatch import making
from tests.dispatch.chained import last_head
from tests.dispatch.city import SUPERVISOR, City


@pytest.fixture
def city(begin: Callable[[], UnitOfWork]) -> City:
    return City(begin=begin)


def closed(city: City) -> CaseId:
    """A case that was closed, with the picture of its find."""
    id_ = city.filed()
    said = Decision(by=SUPERVISOR, at=city.later(minutes=5), code="W1")
    casework.write_off_case(id_, said, profile=city.profile, uow=city.uow)
    return id_


def run(city: City) -> list[Erasure]:
    """Erase everything that is over."""
    with city.uow as uow:
        found = [one for one, _ in expiry.due(now=city.now, profile=city.profile, uow=uow)]
    erased = [erasing.erase(one, now=city.now, profile=city.profile, uow=city.uow) for one in found]
    return [each for each in erased if each is not None]


def pictures(city: City, id_: CaseId) -> frozenset[str]:
    with city.uow as uow:
        return expiry.pictures_of(uow.cases.get(id_), uow=uow)


def says(city: City, note: str) -> Decision:
    return Decision(by=SUPERVISOR, at=city.later(minutes=1), note=note)


def test_nothing_goes_before_its_time(city: City) -> None:
    closed(city)
    city.later(days=700)

    assert run(city) == []


def test_pictures_of_a_closed_case_go_in_their_time_and_the_history_says_so(city: City) -> None:
    id_ = closed(city)
    before = city.case(id_).history
    city.later(days=800)

    (erasure,) = run(city)

    after = city.case(id_)
    assert erasure.rule is Rule.CLOSED
    assert set(erasure.pictures) == pictures(city, id_) != set()
    assert after.history[:-1] == before
    assert (after.history[-1].action, after.status) == (Action.ERASE, Status.CLOSED)
    assert after.ended_at == before[-1].at
    assert run(city) == []
    with city.uow as uow:
        entries = list(uow.ledger.entries())
        assert set(uow.erasures.of_pictures(erasure.pictures)) == set(erasure.pictures)
        assert [each.seal for each in uow.erasures.all()] == [erasure.seal]
        assert uow.evidence.missing(erasure.pictures) == []
    gone = [each for each in entries if each.kind is EntryKind.DELETED]
    assert {(each.subject, each.seal) for each in gone} == {
        (sha256, erasure.seal) for sha256 in erasure.pictures
    }
    last_head(entries)


def test_bytes_wait_to_be_removed_until_somebody_says_they_are_gone(city: City) -> None:
    closed(city)
    city.later(days=800)
    (erasure,) = run(city)

    with city.uow as uow:
        left = uow.erasures.unremoved(limit=10)
        uow.erasures.removed(left)
        uow.commit()

    assert {each.sha256 for each in left} == set(erasure.pictures)
    with city.uow as uow:
        assert uow.erasures.unremoved(limit=10) == []


def test_a_hold_keeps_evidence_over_its_time_until_it_is_released(city: City) -> None:
    id_ = closed(city)
    erasing.hold_case(id_, says(city, "法院调取"), uow=city.uow)
    with pytest.raises(erasing.HeldAlready):
        erasing.hold_case(id_, says(city, "再次"), uow=city.uow)
    city.later(days=1000)
    assert run(city) == []

    erasing.release_case(id_, says(city, "判决生效"), uow=city.uow)

    assert open_hold(city.case(id_).history) is None
    assert [each.rule for each in run(city)] == [Rule.CLOSED]
    with pytest.raises(erasing.NotHeld):
        erasing.release_case(id_, says(city, "再次"), uow=city.uow)


def test_a_case_that_is_taken_up_again_keeps_its_evidence(city: City) -> None:
    id_ = closed(city)
    city.later(days=720)
    city.show_now(id_)
    casework.reopen_case(id_, says(city, "没修好"), profile=city.profile, uow=city.uow)
    city.later(days=100)

    assert Rule.CLOSED not in {each.rule for each in run(city)}


def test_what_was_decided_to_go_stays_if_somebody_holds_it_first(city: City) -> None:
    id_ = closed(city)
    city.later(days=800)
    with city.uow as uow:
        ((one, _),) = expiry.due(now=city.now, profile=city.profile, uow=uow)
    erasing.hold_case(id_, says(city, "审计"), uow=city.uow)

    assert erasing.erase(one, now=city.now, profile=city.profile, uow=city.uow) is None
    with city.uow as uow:
        assert list(uow.erasures.all()) == []


def test_a_report_found_untrue_goes_sooner(city: City) -> None:
    id_ = city.reported()
    said = replace(says(city, "无此问题"), code="N1")
    casework.refute_case(id_, said, profile=city.profile, uow=city.uow)
    city.later(days=200)

    assert [each.rule for each in run(city)] == [Rule.UNTRUE]


def test_a_find_that_became_no_case_goes_in_its_time(city: City) -> None:
    city.see("alone")
    city.later(days=200)

    assert [each.rule for each in run(city)] == [Rule.UNFILED]
    assert run(city) == []


def test_a_picture_that_a_younger_find_shows_too_stays(city: City) -> None:
    frame = making.finding("1").evidence
    city.see("1")
    city.later(days=100)
    with city.uow as uow:
        late = making.finding("2", at=city.now).model_copy(update={"evidence": frame})
        uow.observations.save(replace(making.observation(late), received_at=city.now))
        uow.commit()
    city.later(days=100)

    (first,) = run(city)
    city.later(days=200)
    (second,) = run(city)

    assert first.pictures == ()
    assert set(second.pictures) == {each.sha256 for each in frame}


def test_on_request_a_photo_goes_at_once_and_not_while_it_is_held(city: City) -> None:
    id_ = city.handled()
    with city.uow as uow:
        (photo,) = uow.photos.of_case(id_)
    erasing.hold_case(id_, says(city, "申诉"), uow=city.uow)

    def erase() -> Erasure | None:
        return erasing.erase_on_request(
            id_, says(city, "本人请求"), photo=photo.id, contacts=False, uow=city.uow
        )

    with pytest.raises(erasing.EvidenceHeld):
        erase()
    erasing.release_case(id_, says(city, "完毕"), uow=city.uow)
    erasure = erase()

    assert erasure is not None
    assert (erasure.rule, erasure.reason, erasure.by) == (
        Rule.REQUEST,
        "本人请求",
        SUPERVISOR.id,
    )
    assert city.case(id_).history[-1].note == "本人请求"
    with pytest.raises(erasing.NothingToErase):
        erase()


def test_a_photo_that_nobody_redacted_in_time_goes_and_waits_no_more(city: City) -> None:
    id_ = city.handling()
    photo = city.photograph(id_, by=None)
    with city.uow as uow:
        uow.photos.save(replace(uow.photos.get(photo), result=None))
        uow.commit()
    city.later(days=91)

    (erasure,) = run(city)

    assert (erasure.rule, erasure.pictures, len(erasure.originals)) == (Rule.ORIGINAL, (), 1)
    with city.uow as uow:
        assert uow.photos.unseen(limit=9) == []
    assert run(city) == []


def test_refused_messages_go_in_their_time(city: City) -> None:
    entry = Quarantined(
        id="1", device="d", received_at=city.now, reason_zh="无", reason_en="none", body="{}"
    )
    with city.uow as uow:
        uow.quarantine.add(entry)
        uow.commit()
        assert uow.erasures.drop_refused(before=city.now) == 0
        assert uow.erasures.drop_refused(before=city.now + timedelta(seconds=1)) == 1
        assert uow.quarantine.latest(limit=9) == []


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        ("2026-08-31", 6, "2026-02-28"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2028-02-29", 24, "2026-02-28"),
    ],
)
def test_months_are_those_of_the_calendar(day: str, months: int, before: str) -> None:
    at = datetime.fromisoformat(day).replace(tzinfo=UTC)

    assert months_before(at, months).date().isoformat() == before


def test_the_clock_and_supervisors_may_erase_and_nobody_else() -> None:
    assert roles_for(Action.ERASE) == {Role.MACHINE, Role.SUPERVISOR}
