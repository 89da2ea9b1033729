"""What a collector says was put right on the spot is looked at, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.api.open_centre import OpenCentre
from tests.journeys.window import DESK, PHONE, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def seen_again(opened: OpenCentre) -> str:
    """Have a collector put a pothole right in word, and the next passes see it all the same."""
    case = opened.reported()
    opened.watch.later(minutes=30)
    opened.look_at(opened.hand_in(case, name="collector"))
    assert opened.decide("collector", case, "self-handle").status_code == 200
    for name in ("2", "3"):
        opened.watch.later(hours=3)
        opened.drive(opened.find(name))
    return case


def test_one_tap_at_the_desk_files_what_was_not_put_right_on_the_spot(
    window: Window, opened: OpenCentre
) -> None:
    case = seen_again(opened)
    desk = window.sign_in(window.open(f"/centre#/case/{case}", size=DESK), "supervisor")
    expect(desk.locator("#verdict")).to_be_visible()
    expect(desk.locator(".choices button.main")).to_have_text("立案")
    expect(desk.locator("[data-action=send_back]")).to_have_count(0)

    desk.click(".choices button.main")

    expect(desk.locator("article")).to_have_attribute("data-status", "dispatched")


def test_one_tap_on_the_phone_files_what_was_not_put_right_on_the_spot(
    window: Window, opened: OpenCentre
) -> None:
    case = seen_again(opened)
    phone = window.sign_in(window.open("/worker", size=PHONE), "supervisor")
    phone.click(".card")
    expect(phone.locator("#send-back")).to_have_count(0)
    expect(phone.locator("button.main#file")).to_have_text("没办妥，立案")

    phone.click("#file")
    expect(phone.locator(".sent")).to_contain_text("已提交")

    assert opened.get("supervisor", f"/cases/{case}")["line"]["status"] == "dispatched"
