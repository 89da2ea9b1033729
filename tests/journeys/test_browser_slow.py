"""A slow phone, a slow network: what comes late undoes nothing, what waits is not forgotten."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.api import pictures
from tests.api.open_centre import OpenCentre
from tests.journeys.window import PHONE, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def _photo(tmp_path: Path, *, pothole: bool = False) -> Path:
    file = tmp_path / f"{pothole}.jpg"
    file.write_bytes(pictures.road(pothole=pothole, mark="camera"))
    return file


def _hold(phone: Page, what: str, held: list[Route]) -> None:
    def keep(route: Route) -> None:
        held.append(route)

    phone.route(what, keep)


def _look_again(phone: Page, opened: OpenCentre) -> None:
    """Let the page read the tasks anew, as when somebody comes back to it, and draw them."""
    opened.watch.later(minutes=1)
    phone.evaluate("window.before = localStorage.getItem('xunhuan.mine')")
    phone.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    phone.wait_for_function("() => localStorage.getItem('xunhuan.mine') !== window.before")


def test_what_is_being_written_stays_when_the_tasks_are_read_anew(
    window: Window, opened: OpenCentre
) -> None:
    case = opened.handling()
    phone = window.sign_in(window.open("/worker", size=PHONE), "handler")
    phone.click(".card")
    phone.click("#trouble")
    phone.click(".choice >> nth=0")
    phone.fill("#reason", "沥青明天才到")

    _look_again(phone, opened)

    expect(phone.locator("#reason")).to_have_value("沥青明天才到")
    phone.click("#send")
    expect(phone.locator(".sent")).to_contain_text("已提交")
    step = opened.get("supervisor", f"/cases/{case}")["steps"][-1]
    assert step["note"] == "沥青明天才到"


def test_what_is_finished_while_something_else_is_being_sent_goes_right_after_it(
    window: Window, opened: OpenCentre, tmp_path: Path
) -> None:
    case, held = opened.dispatched(), list[Route]()
    phone = window.sign_in(window.open("/worker", size=PHONE), "handler")
    phone.click(".card")
    phone.context.set_offline(True)
    phone.click("#accept")
    phone.click("#done")
    phone.set_input_files("#camera", _photo(tmp_path))
    expect(phone.locator(".slider, .preview").first).to_be_visible()
    _hold(phone, "**/accept", held)
    with phone.expect_request("**/accept"):
        phone.context.set_offline(False)

    phone.click("#send")
    phone.wait_for_function(
        """() => new Promise((told) => {
            indexedDB.open("xunhuan-outbox", 1).onsuccess = ({ target }) => {
                const items = target.result.transaction("items").objectStore("items").getAll();
                items.onsuccess = () => told(items.result.some((it) => it.action === "finish"));
            };
        })"""
    )
    held[0].continue_()

    expect(phone.locator(".sent")).to_contain_text("已提交")
    assert opened.get("handler", f"/cases/{case}")["line"]["status"] == "handled"


def test_who_is_quicker_than_the_list_of_classes_waits_for_it(
    window: Window, opened: OpenCentre, tmp_path: Path
) -> None:
    held: list[Route] = []
    phone = window.open("/worker", size=PHONE)
    _hold(phone, "**/reports/choices", held)
    window.sign_in(phone, "collector")
    phone.click("#report")
    phone.set_input_files("#shoot-near", _photo(tmp_path, pothole=True))
    phone.click("#next")
    expect(phone.locator("[data-photo=near]")).to_be_visible()

    for each in held:
        each.continue_()

    phone.click("[data-label='road.pothole']")
    expect(phone.locator("#placed")).to_be_visible()


def test_what_was_put_right_before_the_phone_knew_where_it_was_is_placed_after(
    window: Window, opened: OpenCentre, tmp_path: Path
) -> None:
    phone = window.sign_in(window.open("/worker", size=PHONE), "collector")
    phone.click("#report")
    phone.set_input_files("#shoot-near", _photo(tmp_path, pothole=True))
    phone.click("#next")
    phone.click("[data-label='road.pothole']")
    phone.click("#handled")
    phone.set_input_files("#shoot-after", _photo(tmp_path))
    expect(phone.locator("#send")).to_be_disabled()
    phone.select_option("#area", index=1)
    phone.click("#send")

    expect(phone.locator(".news")).to_be_visible()
    (line,) = opened.get("supervisor", "/cases")["cases"]
    assert line["self_handled"]
