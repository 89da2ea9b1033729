"""The answer is lost on the way: what was taken is shown as taken, on the phone and at the desk."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.api import pictures
from tests.api.open_centre import OpenCentre
from tests.journeys.window import DESK, PHONE, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "after.jpg"
    file.write_bytes(pictures.road(pothole=False, mark="camera"))
    return file


def _lose_the_answer(page: Page, what: str) -> None:
    """Let requests through to the centre, and cut the network before its first consent."""
    lost = []

    def cut(route: Route) -> None:
        answer = route.fetch()
        if answer.ok and not lost:
            lost.append(answer)
            route.abort("connectionreset")
        else:
            route.fulfill(response=answer)

    page.route(what, cut)


def test_a_worker_whose_answers_were_lost_is_told_that_the_work_is_handed_in(
    window: Window, opened: OpenCentre, photo: Path
) -> None:
    case = opened.dispatched()
    opened.watch.later(minutes=5)
    phone = window.sign_in(window.open("/worker", size=PHONE), "handler")
    for what in ("accept", "photos", "finish"):
        _lose_the_answer(phone, f"**/cases/{case}/{what}")
    phone.click(".card")
    phone.click("#accept")
    phone.click("#done")
    phone.set_input_files("#camera", photo)
    phone.click("#send")
    expect(phone.locator(".sent")).to_contain_text("已存在手机里")

    with phone.expect_request(f"**/cases/{case}/finish"):
        phone.evaluate("window.dispatchEvent(new Event('online'))")
    phone.evaluate("window.dispatchEvent(new Event('online'))")

    expect(phone.locator("#waiting")).to_contain_text("数据截至")
    expect(phone.locator('.notice.bad[role="alert"]')).to_have_count(0)
    story = opened.get("handler", f"/cases/{case}")
    assert [step["action"] for step in story["steps"][-2:]] == ["accept", "finish"]
    assert len(story["photos"]) == 1


def test_whoever_presses_again_at_the_desk_has_decided_once_with_one_photo(
    window: Window, opened: OpenCentre, photo: Path
) -> None:
    case = opened.handling()
    desk = window.sign_in(window.open(f"/centre#/case/{case}", size=DESK), "department")
    desk.set_input_files("[data-photo='choice.photo']", photo)
    for what in ("photos", "finish"):
        _lose_the_answer(desk, f"**/cases/{case}/{what}")

    for _ in ("photos", "finish"):
        desk.click("[data-action=finish]")
        expect(desk.locator(".choices .notice.bad")).to_contain_text("连不上中心")
    desk.click("[data-action=finish]")

    expect(desk.locator(f"[data-case='{case}'][data-status=handled]")).to_be_visible()
    expect(desk.locator("#overtaken")).to_have_count(0)
    story = opened.get("supervisor", f"/cases/{case}")
    assert [step["action"] for step in story["steps"][-2:]] == ["accept", "finish"]
    assert len(story["photos"]) == 1


def test_ticked_cases_that_were_decided_are_not_told_to_be_refused(
    window: Window, opened: OpenCentre
) -> None:
    case = opened.reported()
    desk = window.sign_in(window.open("/centre?queue=reported", size=DESK), "supervisor")
    desk.locator("[data-tick]").click()
    _lose_the_answer(desk, "**/cases/batch")
    desk.click("[data-batch-action=file]")
    expect(desk.locator("#batch .notice.bad")).to_contain_text("连不上中心")

    desk.click("[data-batch-action=file]")

    expect(desk.locator("#batch-told")).to_contain_text("办了 1 件，没有办 0 件")
    actions = [step["action"] for step in opened.get("supervisor", f"/cases/{case}")["steps"]]
    assert actions.count("file") == 1


def test_ticks_that_were_taken_back_are_not_drawn_by_a_late_answer(
    window: Window, opened: OpenCentre
) -> None:
    opened.reported()
    desk = window.sign_in(window.open("/centre?queue=reported", size=DESK), "supervisor")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    desk.route("**/cases/batch/choices?*", hold, times=1)
    with desk.expect_request("**/cases/batch/choices?*"):
        desk.locator("[data-tick]").click()
    desk.locator("[data-tick]").click()

    with desk.expect_response("**/cases/batch/choices?*"):
        held[0].continue_()
    # Answers come in turn: what the page does with that one is done when this one is there.
    desk.evaluate("async () => { await (await fetch('/api/v1/session')).text(); }")

    assert not desk.locator("#batch").count(), "before the list is read anew"
