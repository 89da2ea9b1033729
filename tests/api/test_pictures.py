"""Who sees which picture: redacted ones those who see the case, the others nobody."""

from dataclasses import replace
from uuid import uuid4

from dispatch.ids import CaseId
from tests.api import pictures
from tests.api.open_centre import OpenCentre


def test_a_redacted_picture_is_shown_to_those_who_see_its_case(opened: OpenCentre) -> None:
    case = opened.reported()
    sha256 = opened.get("supervisor", f"/cases/{case}")["line"]["picture"]["sha256"]
    path = f"/api/v1/cases/{case}/evidence/{sha256}"

    shown = opened.phone("collector").get(path)
    far = opened.phone("far-supervisor").get(path)
    nobody = opened.stranger().get(path)

    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["cache-control"] == "private, no-cache"
    assert (far.status_code, nobody.status_code) == (404, 401)


def test_whoever_has_a_picture_asks_again_and_is_told_when_it_is_erased(
    opened: OpenCentre,
) -> None:
    case = opened.handling()
    photo = opened.hand_in(case)
    path = f"/api/v1/cases/{case}/evidence/{opened.look_at(photo)}"
    shown = opened.phone("supervisor").get(path)
    asked_with = {"If-None-Match": shown.headers["etag"]}

    again = opened.phone("supervisor").get(path, headers=asked_with)
    far = opened.phone("far-supervisor").get(path, headers=asked_with)
    opened.decide("supervisor", case, "erase", note="本人要求", photo=photo)
    erased = opened.phone("supervisor").get(path, headers=asked_with)

    assert (shown.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again.headers["cache-control"] == "private, no-cache"
    assert far.status_code == 404
    assert (erased.status_code, erased.json()["code"]) == (410, "EvidenceErased")


def test_a_picture_is_not_shown_by_way_of_another_case(opened: OpenCentre) -> None:
    case = opened.reported()
    stray = opened.put_picture(pictures.road(pothole=True, mark="of no case"))

    answer = opened.phone("supervisor").get(f"/api/v1/cases/{case}/evidence/{stray}")

    assert (answer.status_code, answer.json()["code"]) == (404, "EvidenceMissing")


def test_a_photo_as_it_was_taken_is_shown_to_no_person(opened: OpenCentre) -> None:
    case = opened.handling()
    photo = opened.hand_in(case)
    (name,) = opened.centre.inbox.names()

    for person in ("handler", "supervisor", "administrator"):
        by_hash = opened.phone(person).get(f"/api/v1/cases/{case}/evidence/{name}")
        by_inbox = opened.phone(person).get(f"/api/v1/device/inbox/{photo}")

        assert (by_hash.status_code, by_inbox.status_code) == (404, 401)
    (told,) = opened.get("handler", f"/cases/{case}")["photos"]
    assert (told["readable"], told["evidence"]) == (None, [])


def test_a_photo_comes_back_redacted_and_is_then_shown(opened: OpenCentre) -> None:
    case = opened.handling()
    photo = opened.hand_in(case)
    (waiting,) = opened.signed("GET", "/device/inbox").json()
    taken = opened.signed("GET", f"/device/inbox/{photo}")

    redacted = opened.look_at(photo)

    assert (waiting["photo"], waiting["case"]) == (photo, case)
    assert taken.content == pictures.road(pothole=False, mark=f"phone {case}")
    (told,) = opened.get("handler", f"/cases/{case}")["photos"]
    assert [each["sha256"] for each in told["evidence"]] == [redacted]
    path = f"/api/v1/cases/{case}/evidence/{redacted}"
    assert opened.phone("handler").get(path).status_code == 200
    assert opened.signed("GET", "/device/inbox").json() == []


def test_a_photo_as_it_was_taken_is_deleted_once_it_was_looked_at(opened: OpenCentre) -> None:
    case = opened.handling()
    photo = opened.hand_in(case)
    inbox = opened.centre.settings.inbox_dir
    kept_before = [file for file in inbox.rglob("*") if file.is_file()]

    opened.look_at(photo)

    assert len(kept_before) == 1
    assert [file for file in inbox.rglob("*") if file.is_file()] == []


def test_a_photo_that_is_sent_twice_is_one_photo_and_another_under_its_id_is_refused(
    opened: OpenCentre,
) -> None:
    case = opened.handling()
    said = {
        "purpose": "after",
        "taken_at": opened.watch.now.isoformat(),
        "id": "12345678-1234-4234-8234-123456789012",
    }

    answers = [
        opened.phone("handler").post(
            f"/api/v1/cases/{case}/photos",
            files={"file": ("a.jpg", pictures.road(pothole=False, mark=mark), "image/jpeg")},
            data=said,
        )
        for mark in ("one", "one", "two")
    ]

    assert [each.status_code for each in answers] == [201, 201, 422]
    assert answers[2].json()["code"] == "PhotoTaken"
    assert len(opened.get("handler", f"/cases/{case}")["photos"]) == 1


def test_nobody_hands_in_work_for_another_department(opened: OpenCentre) -> None:
    case = opened.handling()
    form = {"purpose": "after", "taken_at": opened.watch.now.isoformat(), "id": str(uuid4())}

    answer = opened.phone("sweeper").post(
        f"/api/v1/cases/{case}/photos",
        data=form,
        files={"file": ("a.jpg", pictures.road(pothole=False))},
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "OtherDepartment")
    assert opened.get("supervisor", f"/cases/{case}")["photos"] == []


def test_a_photo_that_was_looked_at_and_comes_again_leaves_no_original(opened: OpenCentre) -> None:
    case = opened.handling()
    photo = opened.hand_in(case)
    opened.look_at(photo)
    assert list(opened.centre.inbox.names()) == []

    opened.hand_in(case)

    assert list(opened.centre.inbox.names()) == []


def test_a_case_says_which_earlier_picture_its_after_photo_looks_like(opened: OpenCentre) -> None:
    case = opened.handled()
    with opened.centre.begin() as uow:
        (photo,) = uow.photos.of_case(CaseId(case))
        assert photo.result is not None
        alike = {"imprint": "0f" * 126, "before_imprint": "0f" * 126}
        uow.photos.save(replace(photo, result=photo.result.model_copy(update=alike)))
        uow.commit()

    (told,) = opened.get("supervisor", f"/cases/{case}")["photos"]

    assert told["copy_of"] == {"zh": "此前的照片", "en": "an earlier picture of this case"}


def test_the_vision_worker_is_told_which_pictures_an_after_photo_may_be_a_copy_of(
    opened: OpenCentre,
) -> None:
    case = opened.handling()
    opened.watch.later(minutes=5)
    opened.drive(opened.find("2"))
    first, second = (
        sight["evidence"][0]["sha256"]
        for sight in opened.get("supervisor", f"/cases/{case}")["sights"]
    )
    opened.hand_in(case, purpose="before")
    opened.hand_in(case, mark="after")

    entries = {each["kind"]: each for each in opened.signed("GET", "/device/inbox").json()}

    assert entries["before"]["against"] == []
    assert {entries["after"]["before_evidence"], *entries["after"]["against"]} == {first, second}
    answer = opened.signed("GET", f"/device/evidence/{entries['after']['against'][0]}")
    assert answer.status_code == 200
