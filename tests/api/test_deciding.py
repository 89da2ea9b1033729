"""Decisions over HTTP: the whole loop, two at once, and words that stay words."""

import pytest

from tests.api.open_centre import OpenCentre


def test_a_find_goes_round_the_whole_loop_and_is_closed_with_one_tap(opened: OpenCentre) -> None:
    case = opened.handled()
    opened.watch.later(hours=3)
    opened.drive()
    (entry,) = opened.get("supervisor", "/tasks/mine")["tasks"]

    closed = opened.decide("supervisor", case, "approve")

    assert entry["task"]["suggestion"] == "repaired"
    assert "第 1 次复巡未再看到" in entry["line"]["verdict"]["sentence"]["zh"]
    assert closed.json()["status"] == "closed"
    story = opened.get("supervisor", f"/cases/{case}")
    actions = [step["action"] for step in story["steps"]]
    assert actions == [
        "report",
        "confirm",
        "file",
        "dispatch",
        "accept",
        "finish",
        "verify",
        "approve",
    ]
    assert story["history_intact"] and len(story["looks"]) == 1


def test_what_the_camera_could_not_see_stays_undecided_with_the_reason(
    opened: OpenCentre,
) -> None:
    case = opened.handled()
    opened.watch.later(hours=3)

    opened.drive(hidden=True)

    verdict = opened.get("supervisor", f"/cases/{case}")["line"]["verdict"]
    assert verdict["verdict"] == "cannot_tell"
    assert verdict["sentence"]["zh"]


def test_of_two_people_who_decide_at_once_one_is_told(opened: OpenCentre) -> None:
    case = opened.reported()
    seen = opened.get("collector", f"/cases/{case}")["line"]["version"]
    body = {"version": seen, "note": ""}

    first = opened.phone("supervisor").post(f"/api/v1/cases/{case}/confirm", json=body)
    second = opened.phone("collector").post(
        f"/api/v1/cases/{case}/refute", json={**body, "code": "N1"}
    )

    assert first.status_code == 200
    assert (second.status_code, second.json()["code"]) == (409, "StaleCase")
    assert "刷新" in second.json()["title"]


def test_a_step_that_the_table_does_not_know_is_refused_with_what_is_possible(
    opened: OpenCentre,
) -> None:
    case = opened.reported()

    answer = opened.decide("supervisor", case, "approve")

    assert (answer.status_code, answer.json()["code"]) == (409, "IllegalTransition")


def test_work_is_not_done_before_its_photo(opened: OpenCentre) -> None:
    case = opened.handling()

    answer = opened.decide("handler", case, "finish")

    assert (answer.status_code, answer.json()["code"]) == (422, "AfterPhotoMissing")


def test_who_takes_a_closed_case_up_again_shows_how_it_is_now(opened: OpenCentre) -> None:
    case = opened.handled()
    opened.decide("supervisor", case, "approve")
    opened.watch.later(hours=1)
    (choice,) = [
        each
        for each in opened.get("supervisor", f"/cases/{case}")["choices"]
        if each["action"] == "reopen"
    ]

    bare = opened.decide("supervisor", case, "reopen", note="没修好")
    shown = opened.hand_in(case, name="supervisor", mark="now", purpose="report")
    again = opened.decide("supervisor", case, "reopen", note="没修好")

    assert choice["needs"] == "photo_of_now"
    assert (bare.status_code, bare.json()["code"]) == (422, "PhotoOfNowMissing")
    assert again.json()["status"] == "filed"
    step = opened.get("supervisor", f"/cases/{case}")["steps"][-1]
    assert step["grounds"]["photos"] == [shown]
    closed = opened.get("supervisor", "/cases/batch/choices?status=closed")
    assert "reopen" not in {each["action"] for each in closed}


def test_a_return_without_a_reason_is_refused(opened: OpenCentre) -> None:
    case = opened.handling()

    answer = opened.decide("handler", case, "decline")

    assert (answer.status_code, answer.json()["code"]) == (422, "UnknownReason")
    assert "D1 权属不属本部门" in answer.json()["title"]


@pytest.mark.parametrize("note", ['<img src=x onerror="alert(1)">', "=1+1", "\u202e倒", "'; --"])
def test_words_are_kept_and_given_back_as_they_were_written(opened: OpenCentre, note: str) -> None:
    case = opened.reported()

    opened.decide("collector", case, "remark", note=note)

    steps = opened.get("collector", f"/cases/{case}")["steps"]
    assert steps[-1]["note"] == note


def test_a_time_without_its_offset_is_refused(opened: OpenCentre) -> None:
    case = opened.handling()

    answer = opened.decide(
        "dispatcher", case, "suspend", note="等材料", until="2026-12-01T00:00:00"
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "InvalidRequest")
    assert opened.get("dispatcher", f"/cases/{case}")["line"]["status"] == "handling"


def test_a_page_is_told_what_its_reader_may_do_and_what_goes_with_it(opened: OpenCentre) -> None:
    case = opened.handling()
    opened.decide("handler", case, "decline", note="不归我们管", code="D1")

    choices = opened.get("dispatcher", f"/cases/{case}")["choices"]
    watching = opened.get("evaluator", f"/cases/{case}")["choices"]

    (send,) = [each for each in choices if each["action"] == "dispatch"]
    assert send["needs"] == "department"
    assert "roads" in {each["id"] for each in send["options"]}
    assert [each["action"] for each in watching] == ["hold"]
    moved = opened.decide("dispatcher", case, "dispatch", department="sanitation")
    assert moved.json()["status"] == "dispatched"
