"""A shift at the desk: by keyboard alone, with what waits for one's own decision first."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.api.open_centre import PASSWORD, OpenCentre
from tests.journeys.window import DESK, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def _handled(opened: OpenCentre, count: int) -> list[str]:
    """Bring cases along a street to their check, and give them as the list has them."""
    latitude, longitude = opened.where
    cases = []
    for index in range(count):
        opened.where = (latitude + 0.0006 * index, longitude)
        cases.append(opened.handled())
        opened.watch.later(minutes=5)
    lines = opened.get("supervisor", "/cases?status=handled")["cases"]
    return [line["id"] for line in lines if line["id"] in cases]


def _open(desk: Page) -> str:
    return str(desk.evaluate("location.hash")).removeprefix("#/case/")


def _focused(desk: Page, attribute: str) -> str | None:
    found = desk.evaluate("name => document.activeElement.getAttribute(name)", attribute)
    return None if found is None else str(found)


def test_a_supervisor_works_through_a_queue_without_a_mouse(
    window: Window, opened: OpenCentre
) -> None:
    first, second, third = _handled(opened, 3)
    desk = window.open("/centre?queue=handled", size=DESK)
    desk.wait_for_selector("#name")
    for text in ("supervisor", PASSWORD):
        desk.keyboard.type(text)
        desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.locator(".line")).to_have_count(3)

    desk.keyboard.press("j")
    expect(desk.locator(f'article[data-case="{first}"]')).to_be_visible()
    assert _focused(desk, "data-case") == first
    desk.keyboard.press("j")
    expect(desk.locator(f'article[data-case="{second}"]')).to_be_visible()
    desk.keyboard.press("r")
    desk.keyboard.type("看过照片")
    desk.keyboard.press("Escape")
    desk.keyboard.press("j")
    expect(desk.locator(f'article[data-case="{third}"]')).to_be_visible()
    desk.keyboard.press("k")
    expect(desk.locator(f'article[data-case="{second}"]')).to_be_visible()
    expect(desk.locator("#note")).to_have_value("看过照片")
    desk.keyboard.press("a")
    assert _focused(desk, "data-action") == "approve"
    desk.keyboard.press("Enter")

    expect(desk.locator("article")).to_have_attribute("data-status", "closed")
    desk.wait_for_function("() => document.activeElement.closest('article') !== null")
    number = desk.locator("article").get_attribute("data-number") or ""
    expect(desk).to_have_title(re.compile(f"^{re.escape(number)}"))
    desk.keyboard.press("j")
    expect(desk.locator(f'article[data-case="{third}"]')).to_be_visible()
    assert opened.get("supervisor", f"/cases/{second}")["steps"][-1]["note"] == "看过照片"


def test_what_waits_for_a_dispatcher_stands_in_a_queue_of_its_own_with_the_asking(
    window: Window, opened: OpenCentre
) -> None:
    case = opened.handling()
    asked = opened.decide("handler", case, "ask-extension", note="沥青要等两天")
    assert asked.status_code == 200
    opened.watch.later(minutes=5)
    assert opened.decide("department", case, "endorse").status_code == 200
    desk = window.sign_in(window.open("/centre", size=DESK), "dispatcher")

    expect(desk.locator("[data-queue=mine] b")).to_have_text("1")
    desk.click("[data-queue=mine]")
    expect(desk.locator(".line .todo")).to_have_text("审批申请")
    expect(desk.locator(".tick")).to_have_count(0)
    desk.click(".line")
    waits = desk.locator('[data-waits="grant"]')
    expect(waits).to_contain_text("沥青要等两天")
    desk.fill("#note", "同意")
    desk.click("[data-action=extend]")

    expect(desk.locator('[data-waits="grant"]')).to_have_count(0)
    expect(desk.locator("[data-queue=mine] b")).to_have_text("0")


def test_the_keys_are_told_and_nothing_happens_behind_their_page(
    window: Window, opened: OpenCentre
) -> None:
    opened.reported()
    desk = window.sign_in(window.open("/centre", size=DESK), "supervisor")
    expect(desk.locator(".line")).to_have_count(1)

    desk.keyboard.press("?")
    expect(desk.locator("dialog .keys dt")).to_have_count(10)
    desk.keyboard.press("j")
    assert _open(desk) == ""
    desk.keyboard.press("Escape")
    desk.keyboard.press("q")

    assert _focused(desk, "data-queue") == ""
