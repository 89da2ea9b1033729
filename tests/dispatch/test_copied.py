"""A photo that looks the same as an earlier one proves no repair: a person decides, and is told."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest

from dispatch.case.imprint import COPY_BITS, bits_apart, keys_of, mirrored
from dispatch.case.photo import PhotoPurpose
from dispatch.case.step import Decision
from dispatch.case.transition import Action
from dispatch.ids import CaseId, PhotoId, ProblemId
from dispatch.keeping import erasing
from dispatch.loop import casework, closing
from dispatch.loop.copied import copies_in, held_against
from dispatch.people.people import Role
from dispatch.wire import EvidenceKind
from tests.dispatch import making
from tests.dispatch.city import SUPERVISOR, City, person

ROAD, LAWN = "0f" * 126, "3c" * 126


@pytest.fixture
def city() -> City:
    return City()


def nearly(imprint: str, *, bits: int) -> str:
    """Give an imprint that differs from another by so many bits of its finest details."""
    return f"{int(imprint[:36], 16) ^ (1 << bits) - 1:036x}" * 7


def look_at(
    city: City,
    photo: str,
    *,
    imprint: str,
    before: str | None = None,
    compared: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Keep what the vision worker made of a photo."""
    looked = making.photo("1", CaseId(""), imprint=imprint, before_imprint=before).result
    assert looked is not None
    looked = looked.model_copy(update={"compared": dict(compared)})
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


def test_a_mirrored_photo_of_another_case_is_told(city: City) -> None:
    elsewhere = city.handled()
    look_at(city, "photo-1", imprint=ROAD)
    found = city.take_up(city.see("2"))
    assert found is not None
    id_ = city.dispatch(found.id)
    casework.accept_case(id_, Decision(by=city.worker, at=city.now), uow=city.uow)
    city.finish(id_)
    look_at(city, "photo-2", imprint=nearly(mirrored(ROAD), bits=3))

    assert alike(city, id_) == [("photo-1", elsewhere)]
    assert alike(city, elsewhere) == [("photo-2", id_)]


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


def with_picture(city: City, problem: str, name: str, sha256: str) -> None:
    """Have a device see a thing once more, with a picture of its surroundings."""
    with city.uow as uow:
        seen = uow.observations.of_problem(ProblemId(problem))[-1]
        shown = seen.of_device.evidence[0].model_copy(
            update={"sha256": sha256, "kind": EvidenceKind.CONTEXT}
        )
        again = making.finding(name, pass_id=f"vehicle-07:{name}", at=city.now)
        again = again.model_copy(update={"position": seen.of_device.position, "evidence": (shown,)})
        uow.observations.save(making.observation(again, problem=problem))
        uow.commit()


def against(city: City, id_: CaseId, photo: str) -> tuple[str, ...]:
    with city.uow as uow:
        return held_against(uow.photos.get(PhotoId(photo)), uow.cases.get(id_), uow=uow)


def test_an_after_photo_is_held_against_all_pictures_of_its_case_and_of_the_workers_others_near_by(
    city: City,
) -> None:
    other = city.handled()
    other_picture = "a1" * 32
    with_picture(city, city.case(other).problem, "7", other_picture)
    found = city.take_up(city.see("2"))
    assert found is not None
    id_ = city.dispatch(found.id)
    mine = "b2" * 32
    with_picture(city, found.problem, "8", mine)
    casework.accept_case(id_, Decision(by=city.worker, at=city.now), uow=city.uow)
    city.finish(id_)

    assert {mine, other_picture} <= set(against(city, id_, "photo-2"))
    look_at(city, "photo-2", imprint=ROAD, compared={mine: LAWN, other_picture: ROAD})
    assert alike(city, id_) == [(None, other)]
    look_at(city, "photo-2", imprint=ROAD, compared={mine: nearly(ROAD, bits=2)})
    assert alike(city, id_) == [(None, id_)]


def test_only_photos_of_finished_work_are_held_against_what_was_there_before(city: City) -> None:
    id_ = city.handling()
    photo = city.photograph(id_, purpose=PhotoPurpose.BEFORE)

    assert against(city, id_, photo) == ()


def test_what_another_worker_did_near_by_is_not_held_against_a_photo(city: City) -> None:
    other = city.handled()
    with_picture(city, city.case(other).problem, "7", "a1" * 32)
    found = city.take_up(city.see("2"))
    assert found is not None
    id_ = city.dispatch(found.id)
    mate = person("养护工老孙", Role.HANDLER, department=city.department)
    casework.accept_case(id_, Decision(by=mate, at=city.now), uow=city.uow)
    photo = city.photograph(id_, by=mate)

    assert "a1" * 32 not in against(city, id_, photo)
