"""A photo that looks the same as an earlier one proves no repair: a person decides, and is told."""

from dataclasses import replace

import pytest

from dispatch import casework, closing, erasing
from dispatch.copied import copies_in
from dispatch.ids import CaseId, PhotoId
from dispatch.imprint import COPY_BITS, bits_apart, keys_of
from dispatch.photo import PhotoPurpose
from dispatch.step import Decision
from dispatch.transition import Action
from tests.dispatch import making
from tests.dispatch.city import SUPERVISOR, City

ROAD, LAWN = "0f" * 126, "3c" * 126


@pytest.fixture
def city() -> City:
    return City()


def nearly(imprint: str, *, bits: int) -> str:
    """Give an imprint that differs from another by so many bits of its finest details."""
    return f"{int(imprint[:36], 16) ^ (1 << bits) - 1:036x}" * 7


def look_at(city: City, photo: str, *, imprint: str, before: str | None = None) -> None:
    """Keep what the vision worker made of a photo."""
    looked = making.photo("1", CaseId(""), imprint=imprint, before_imprint=before).result
    with city.uow as uow:
        uow.photos.save(replace(uow.photos.get(PhotoId(photo)), result=looked))
        uow.commit()


def alike(city: City, id_: CaseId) -> list[tuple[str | None, CaseId]]:
    with city.uow as uow:
        return [(copy.of, copy.case) for copy in copies_in(uow.cases.get(id_), uow=uow)]


def test_prints_of_another_view_tell_a_copy_from_another_picture() -> None:
    cropped = LAWN[:36] * 6 + nearly(ROAD, bits=3)[:36]

    assert bits_apart(ROAD, ROAD) == 0
    assert bits_apart(ROAD, cropped) == 3
    assert bits_apart(ROAD, LAWN) > COPY_BITS
    assert keys_of(ROAD) & keys_of(cropped)
    assert not keys_of(ROAD) & keys_of(LAWN)


@pytest.mark.parametrize("apart", [0, COPY_BITS, COPY_BITS + 1])
def test_an_after_photo_is_held_against_those_of_other_cases_and_of_earlier_rounds(
    city: City, apart: int
) -> None:
    elsewhere = city.handled()
    look_at(city, "photo-1", imprint=nearly(ROAD, bits=apart))
    found = city.take_up(city.see("2"))
    assert found is not None
    id_ = city.dispatch(found.id)
    casework.accept_case(id_, Decision(by=city.worker, at=city.now), uow=city.uow)
    city.finish(id_)
    look_at(city, "photo-2", imprint=ROAD)

    assert alike(city, id_) == ([("photo-1", elsewhere)] if apart <= COPY_BITS else [])


def test_two_shots_of_the_same_work_may_look_alike_but_not_like_the_work_before(
    city: City,
) -> None:
    id_ = city.handling()
    early = city.photograph(id_)
    city.finish(id_)
    look_at(city, early, imprint=ROAD)
    look_at(city, "photo-2", imprint=ROAD)
    assert alike(city, id_) == []

    refused = Decision(by=SUPERVISOR, at=city.later(minutes=5), note="没修好")
    closing.send_back_case(id_, refused, profile=city.profile, uow=city.uow)
    casework.accept_case(id_, Decision(by=city.worker, at=city.now), uow=city.uow)
    city.finish(id_)
    look_at(city, "photo-3", imprint=ROAD)

    assert alike(city, id_) == [("photo-1", id_), ("photo-2", id_)]


def test_a_photo_of_the_picture_from_before_is_told_and_kept_with_the_closure(city: City) -> None:
    id_ = city.handled()
    look_at(city, "photo-1", imprint=ROAD, before=nearly(ROAD, bits=5))

    city.approve(id_)

    closed = city.case(id_).last(Action.APPROVE)
    assert closed is not None
    assert closed.by == SUPERVISOR.id
    assert closed.grounds["copies"] == [{"photo": "photo-1", "of": None, "case": id_, "bits": 5}]


def test_a_photo_that_was_erased_is_compared_with_nothing(city: City) -> None:
    id_ = city.handling()
    report = city.photograph(id_)
    look_at(city, report, imprint=ROAD)
    with city.uow as uow:
        taken = replace(uow.photos.get(report), purpose=PhotoPurpose.REPORT)
        uow.photos.save(taken)
        uow.commit()
    city.finish(id_)
    look_at(city, "photo-2", imprint=ROAD)
    assert alike(city, id_) == [(report, id_)]

    asked = Decision(by=SUPERVISOR, at=city.later(minutes=5), note="本人要求")
    erasing.erase_on_request(id_, asked, photo=report, contacts=False, uow=city.uow)

    assert alike(city, id_) == []
