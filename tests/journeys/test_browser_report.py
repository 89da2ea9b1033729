"""A collector reports from the street, with a network and without, and hears what became of it."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.api import pictures
from tests.api.open_centre import OpenCentre
from tests.dispatch import making
from tests.journeys.window import PHONE, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def _stand_at(page: Page, *, accuracy_m: float) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(
        {"latitude": making.LATITUDE, "longitude": making.LONGITUDE, "accuracy": accuracy_m}
    )


def _shoot(page: Page, tmp_path: Path, name: str) -> None:
    file = tmp_path / f"{name}.jpg"
    file.write_bytes(pictures.road(pothole=name != "after", mark=name))
    page.set_input_files(f"#shoot-{name}", file)
    expect(page.locator(f"[data-photo={name}]")).to_be_visible()


def _report(page: Page, tmp_path: Path) -> None:
    page.click("#report")
    _shoot(page, tmp_path, "near")
    _shoot(page, tmp_path, "far")
    page.click("#next")
    page.fill("#search", "坑槽")
    page.click("[data-label='road.pothole']")
    expect(page.locator("#placed")).to_contain_text("±8 米")
    page.fill("#note", "井边塌了一块")


def test_a_report_made_without_a_network_is_sent_once_when_there_is_one(
    window: Window, opened: OpenCentre, tmp_path: Path
) -> None:
    phone = window.sign_in(window.open("/worker", size=PHONE), "collector")
    _stand_at(phone, accuracy_m=8.0)
    expect(phone.locator("#report")).to_be_visible()
    phone.wait_for_function("() => localStorage.getItem('xunhuan.report') !== null")

    phone.context.set_offline(True)
    _report(phone, tmp_path)
    phone.click("#send")
    expect(phone.locator("#waiting")).to_contain_text("待发送 1")
    assert opened.get("supervisor", "/cases")["cases"] == []
    phone.context.set_offline(False)
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    phone.evaluate("window.dispatchEvent(new Event('online'))")

    expect(phone.locator(".news")).to_contain_text("已上报")
    expect(phone.locator("#waiting")).not_to_contain_text("待发送")
    (line,) = opened.get("supervisor", "/cases")["cases"]
    story = opened.get("supervisor", f"/cases/{line['id']}")
    assert story["reports"][0]["note"] == "井边塌了一块"
    assert (len(story["reports"]), len(story["photos"])) == (1, 2)


def test_a_draft_outlives_the_page_and_a_known_problem_is_named(
    window: Window, opened: OpenCentre, tmp_path: Path
) -> None:
    case = opened.reported()
    number = opened.get("supervisor", f"/cases/{case}")["line"]["number"]
    phone = window.sign_in(window.open("/worker", size=PHONE, elder=True), "collector")
    _stand_at(phone, accuracy_m=8.0)
    phone.click("#report")
    _shoot(phone, tmp_path, "near")
    phone.reload()
    expect(phone.locator("[data-photo=near]")).to_be_visible()

    phone.click("#next")
    phone.click("[data-label='road.pothole']")
    phone.click("#handled")
    _shoot(phone, tmp_path, "after")
    phone.click("#send")

    expect(phone.locator(".news")).to_contain_text(number)
    assert opened.get("supervisor", f"/cases/{case}")["line"]["status"] == "handled"


def test_the_reporter_takes_up_again_what_was_closed_and_not_repaired(
    window: Window, opened: OpenCentre, tmp_path: Path
) -> None:
    phone = window.sign_in(window.open("/worker", size=PHONE), "collector")
    _stand_at(phone, accuracy_m=8.0)
    _report(phone, tmp_path)
    phone.click("#send")
    expect(phone.locator(".news")).to_be_visible()
    case = opened.get("supervisor", "/cases")["cases"][0]["id"]
    assert opened.decide("supervisor", case, "write-off", code="W2").status_code == 200
    phone.click("#mine")
    phone.click(".reopen")
    expect(phone.locator("#send")).to_be_disabled()
    phone.click(".choice >> nth=0")
    file = tmp_path / "again.jpg"
    file.write_bytes(pictures.road(pothole=True, mark="again"))
    phone.set_input_files("#shoot-reopen", file)

    phone.click("#send")

    expect(phone.locator(".sent")).to_contain_text("已提交")
    story = opened.get("supervisor", f"/cases/{case}")
    assert (story["line"]["status"], story["steps"][-1]["note"]) == ("filed", "还是没有修好")
    assert len(story["photos"]) == 3


def test_without_a_position_the_grid_is_chosen(
    window: Window, opened: OpenCentre, tmp_path: Path
) -> None:
    phone = window.sign_in(window.open("/worker", size=PHONE), "collector")
    phone.click("#report")
    _shoot(phone, tmp_path, "near")
    phone.click("#next")
    phone.fill("#search", "暴露")
    phone.click("[data-label='sanitation.garbage_pile']")
    expect(phone.locator("#send")).to_be_disabled()
    phone.select_option("#area", index=1)
    phone.click("#send")

    expect(phone.locator(".news")).to_contain_text("已上报")
    (line,) = opened.get("supervisor", "/cases")["cases"]
    assert line["place"]["ce90_m"] > 20.0
