"""The page of a case that goes on in another's place shows what was seen of both."""

import pytest

from tests.api.open_centre import OpenCentre

AWAY_DEGREES = 0.0004
"""Some 45 m of latitude: nobody takes the two for one thing."""


def two_merged(opened: OpenCentre) -> tuple[str, str]:
    """Have two finds of one hole, 45 m apart by a bad receiver, merged by a person."""
    kept = opened.reported()
    latitude, longitude = opened.where
    opened.watch.later(hours=1)
    opened.where = (latitude + AWAY_DEGREES, longitude)
    gone = opened.reported("2")
    opened.where = (latitude, longitude)
    photo = opened.hand_in(gone, name="collector", mark="confirmed", purpose="confirmation")
    opened.look_at(photo)
    opened.watch.later(minutes=5)
    version = opened.get("supervisor", f"/cases/{gone}")["line"]["version"]
    said = {"version": version, "note": "同一个坑", "into": kept}
    answer = opened.phone("supervisor").post(f"/api/v1/cases/{gone}/merge", json=said)
    assert answer.status_code == 200, answer.text
    return kept, gone


def test_a_case_shows_the_sights_and_photos_of_what_was_merged_into_it(opened: OpenCentre) -> None:
    kept, gone = two_merged(opened)

    story = opened.get("supervisor", f"/cases/{kept}")
    (merged,) = story["merged"]

    assert (merged["id"], merged["number"]) == (
        gone,
        opened.get("supervisor", f"/cases/{gone}")["line"]["number"],
    )
    assert len(story["sights"]) == len(merged["sights"]) == 1
    assert [each["purpose"] for each in merged["photos"]] == ["confirmation"]
    assert merged["place"]["latitude"] - story["line"]["place"]["latitude"] == pytest.approx(
        AWAY_DEGREES, abs=1e-5
    )


def test_whoever_may_see_a_case_sees_the_pictures_of_what_was_merged_into_it(
    opened: OpenCentre,
) -> None:
    kept, gone = two_merged(opened)
    (merged,) = opened.get("supervisor", f"/cases/{kept}")["merged"]
    shown = [
        picture["sha256"]
        for each in (*merged["sights"], *merged["photos"])
        for picture in each["evidence"]
    ]

    answers = [
        opened.phone("collector").get(f"/api/v1/cases/{kept}/evidence/{sha256}") for sha256 in shown
    ]
    the_other_way = opened.get("supervisor", f"/cases/{kept}")["sights"][0]["evidence"][0]
    back = opened.phone("collector").get(f"/api/v1/cases/{gone}/evidence/{the_other_way['sha256']}")

    assert len(shown) == 2
    assert [each.status_code for each in answers] == [200, 200]
    assert back.status_code == 404, "what goes on belongs to the case that goes on"


def test_a_case_that_took_in_nothing_tells_of_nothing_merged(opened: OpenCentre) -> None:
    assert opened.get("supervisor", f"/cases/{opened.reported()}")["merged"] == []


def test_sights_that_the_map_found_to_be_of_one_problem_are_told_once(opened: OpenCentre) -> None:
    kept, gone = two_merged(opened)
    with opened.centre.begin() as uow:
        case, of = uow.cases.get(gone), uow.cases.get(kept)
        mine = uow.observations.of_problem(case.problem)
        for one in mine:
            uow.observations.save(one.of_problem(of.problem))
        case.problem = of.problem
        uow.cases.save(case)
        uow.commit()

    story = opened.get("supervisor", f"/cases/{kept}")

    assert len(story["sights"]) == 2
    (merged,) = story["merged"]
    assert merged["sights"] == []
    assert len(merged["photos"]) == 1


def test_the_number_of_what_was_merged_leads_to_the_case_that_goes_on(opened: OpenCentre) -> None:
    kept, gone = two_merged(opened)
    into = opened.get("supervisor", f"/cases/{kept}")["line"]
    old = opened.get("supervisor", f"/cases/{gone}")["line"]

    found = opened.get("supervisor", f"/cases?number={old['number']}")["cases"]
    open_ = opened.get("supervisor", f"/cases?number={old['number']}&status={into['status']}")

    named = {"id": kept, "number": into["number"], "status_words": into["status_words"]}
    assert old["merged_into"] == named
    assert into["merged_into"] is None
    assert [each["id"] for each in found] == [gone, kept]
    assert [each["merged_into"] for each in found] == [named, None]
    assert [each["id"] for each in open_["cases"]] == [kept]


def test_who_finds_that_a_case_was_merged_meanwhile_is_told_into_which(opened: OpenCentre) -> None:
    kept, gone = two_merged(opened)
    number = opened.get("supervisor", f"/cases/{kept}")["line"]["number"]

    late = opened.phone("collector").post(
        f"/api/v1/cases/{gone}/confirm", json={"version": 0, "note": "还在"}
    )

    assert (late.status_code, late.json()["code"]) == (409, "StaleCase")
    assert f"已并入 {number}" in late.json()["title"]
    assert f"merged into {number}" in late.json()["title_en"]
