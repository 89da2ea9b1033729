"""A class says which pictures its cases need; work without them cannot be reported as done."""

from dataclasses import replace

import pytest

from dispatch.case.photo import Photo, PhotoPurpose
from dispatch.case.step import Decision
from dispatch.case.transition import Status
from dispatch.catalogue.catalog import EvidenceNeed
from dispatch.ids import CaseId, PhotoId
from dispatch.loop import casework
from dispatch.loop.copied import PictureUsed
from dispatch.loop.picture_need import (
    AfterPhotoMissing,
    BeforePhotoMissing,
    PhotoOfNowMissing,
    lacks_now,
)
from dispatch.triage.triage import CardWord, Course, Verdicts, triage
from dispatch.wire import EvidenceKind
from tests.dispatch.city import SUPERVISOR, WORKER, City, demo_profile

NEAR, CONTEXT = EvidenceKind.NEAR, EvidenceKind.CONTEXT


@pytest.fixture
def city() -> City:
    return City()


def needing(city: City, *needs: EvidenceNeed) -> City:
    """Have the city ask for other pictures of potholes."""
    pothole = replace(city.profile.classes["road.pothole"], evidence=needs)
    classes = {**city.profile.classes, "road.pothole": pothole}
    city.profile = replace(city.profile, classes=classes)
    return city


def without_pictures(city: City, id_: CaseId) -> None:
    """Take the pictures of a case's sights away."""
    with city.uow as uow:
        for one in uow.observations.of_problem(uow.cases.get(id_).problem):
            bare = one.of_device.model_copy(update={"evidence": ()})
            uow.observations.save(replace(one, finding=bare))
        uow.commit()


def finish(city: City, id_: CaseId) -> Status:
    done = Decision(by=WORKER, at=city.later(hours=1))
    casework.finish_case(id_, done, profile=city.profile, uow=city.uow)
    return city.case(id_).status


def photograph(
    city: City,
    id_: CaseId,
    purpose: PhotoPurpose,
    *,
    name: str = "",
    content: str = "0" * 64,
) -> None:
    photo = Photo(
        id=PhotoId(f"photo-{purpose}{name}"),
        case=id_,
        purpose=purpose,
        by=WORKER.id,
        taken_at=city.now,
        sha256=content,
    )
    casework.hand_in_photo(photo, by=WORKER, uow=city.uow)


def test_a_picture_of_the_find_is_one_of_before(city: City) -> None:
    id_ = needing(city, EvidenceNeed.BEFORE, EvidenceNeed.AFTER).handling()
    city.photograph(id_)

    assert finish(city, id_) is Status.HANDLED


@pytest.mark.parametrize("purpose", [PhotoPurpose.BEFORE, PhotoPurpose.CONFIRMATION])
def test_work_that_nothing_shows_from_before_waits_for_a_photo(
    city: City, purpose: PhotoPurpose
) -> None:
    id_ = needing(city, EvidenceNeed.BEFORE, EvidenceNeed.AFTER).handling()
    without_pictures(city, id_)
    city.photograph(id_)

    with pytest.raises(BeforePhotoMissing, match="处理前"):
        finish(city, id_)
    photograph(city, id_, purpose)

    assert finish(city, id_) is Status.HANDLED


def test_an_after_photo_does_not_stand_for_one_of_before(city: City) -> None:
    id_ = needing(city, EvidenceNeed.BEFORE, EvidenceNeed.AFTER).handling()
    photograph(city, id_, PhotoPurpose.BEFORE)

    with pytest.raises(AfterPhotoMissing):
        finish(city, id_)


def test_a_class_that_needs_no_photo_is_reported_as_done_without(city: City) -> None:
    id_ = needing(city).handling()

    assert finish(city, id_) is Status.HANDLED


def test_a_closed_case_is_taken_up_again_with_a_photo_of_how_it_is_now(city: City) -> None:
    id_ = city.handled()
    city.photograph(id_, purpose=PhotoPurpose.REPORT)
    city.approve(id_)

    def reopen() -> None:
        wrong = Decision(by=SUPERVISOR, at=city.later(hours=1), note="没修好")
        casework.reopen_case(id_, wrong, profile=city.profile, uow=city.uow)

    with pytest.raises(PhotoOfNowMissing, match="现在的照片"):
        reopen()
    shown = city.show_now(id_)
    reopen()

    case = city.case(id_)
    assert (case.status, case.history[-1].grounds["photos"]) == (Status.FILED, [shown])


def test_what_a_patrol_saw_again_or_a_class_without_photos_is_reopened_without(city: City) -> None:
    id_ = city.handled()
    city.approve(id_)
    case = city.case(id_)
    bare = replace(case, category=replace(case.category, evidence=(EvidenceNeed.AFTER,)))
    with city.uow as uow:
        (one,) = uow.observations.of_problem(case.problem)
    again = one.of_device.model_copy(update={"captured_at": city.later(hours=1)})

    assert lacks_now(case, (one,), ())
    assert not lacks_now(case, (replace(one, finding=again),), ())
    assert not lacks_now(bare, (), ())


@pytest.mark.parametrize(
    ("needs", "pictures", "word"),
    [
        ((EvidenceNeed.NEAR, EvidenceNeed.CONTEXT), {NEAR, CONTEXT}, None),
        ((EvidenceNeed.NEAR, EvidenceNeed.CONTEXT), {NEAR}, "全景"),
        ((EvidenceNeed.NEAR, EvidenceNeed.CONTEXT), {CONTEXT}, "近景"),
        ((EvidenceNeed.AFTER,), set(), None),
    ],
)
def test_a_find_without_the_pictures_its_class_needs_is_put_before_a_person(
    needs: tuple[EvidenceNeed, ...], pictures: set[EvidenceKind], word: str | None
) -> None:
    profile = demo_profile()
    said = triage(
        replace(profile.classes["sanitation.garbage_pile"], evidence=needs),
        label="sanitation.garbage_pile",
        chance=0.97,
        sizes=(),
        verdicts=Verdicts(true=95, false=2),
        card=CardWord.MAY_FILE,
        policy=profile.triage,
        pictures=pictures,
    )

    assert said.course is (Course.FILE if word is None else Course.ASK)

    assert (word or "") in said.why_zh


OLD, NEW = "a" * 64, "b" * 64


@pytest.mark.parametrize("purpose", [PhotoPurpose.BEFORE, PhotoPurpose.AFTER, PhotoPurpose.CHECK])
def test_a_picture_that_was_handed_in_before_does_not_show_the_finished_work(
    city: City, purpose: PhotoPurpose
) -> None:
    id_ = city.handling()
    photograph(city, id_, purpose, content=OLD)

    with pytest.raises(PictureUsed, match="重新拍一张"):
        photograph(city, id_, PhotoPurpose.AFTER, name="-again", content=OLD)
    photograph(city, id_, purpose, content=OLD)
    photograph(city, id_, PhotoPurpose.AFTER, name="-new", content=NEW)

    assert finish(city, id_) is Status.HANDLED


def test_a_picture_of_another_case_or_of_a_device_does_not_show_the_finished_work(
    city: City,
) -> None:
    one = city.handling()
    photograph(city, one, PhotoPurpose.AFTER, content=OLD)
    found = city.take_up(city.see("2"))
    assert found is not None
    other = city.dispatch(found.id)
    with city.uow as uow:
        uow.evidence.received(NEW, at=city.now)
        uow.commit()

    for content in (OLD, NEW):
        with pytest.raises(PictureUsed):
            photograph(city, other, PhotoPurpose.AFTER, name="-copied", content=content)
