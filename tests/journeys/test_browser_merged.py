"""What was merged into a case is shown with it, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.api.open_centre import OpenCentre
from tests.api.test_merged import two_merged
from tests.journeys.window import DESK, PHONE, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def _is_shown(page: Page, selector: str) -> None:
    picture = page.locator(selector).first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("picture => picture.naturalWidth > 0", arg=picture.element_handle())


def test_the_desk_shows_the_pictures_of_what_was_merged_under_its_number(
    window: Window, opened: OpenCentre
) -> None:
    kept, gone = two_merged(opened)
    number = opened.get("supervisor", f"/cases/{gone}")["line"]["number"]

    desk = window.sign_in(window.open(f"/centre#/case/{kept}", size=DESK), "supervisor")

    merged = desk.locator(f"[data-merged='{gone}']")
    expect(merged.locator("h4")).to_have_text(f"并入的案卷 {number}")
    expect(merged.locator("img")).to_have_count(2)
    _is_shown(desk, f"[data-merged='{gone}'] img")
    expect(desk.locator(".map-small path.ellipse")).to_have_count(2)
    merged.locator("h4 a").click()
    expect(desk.locator("article")).to_have_attribute("data-case", gone)


def test_the_phone_shows_them_to_who_is_asked_about_the_case(
    window: Window, opened: OpenCentre
) -> None:
    _, gone = two_merged(opened)
    number = opened.get("supervisor", f"/cases/{gone}")["line"]["number"]
    phone = window.sign_in(window.open("/worker", size=PHONE), "collector")

    phone.click(".card")

    expect(phone.locator(f"[data-merged='{gone}']")).to_contain_text(f"并入的案卷 {number}")
    _is_shown(phone, f"[data-merged='{gone}'] img")
