"""The desk on a phone, a tablet and a screen, in small and in large letters, by day and night."""

from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.api.open_centre import OpenCentre
from tests.journeys.window import DESK, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE: Final = {"width": 360, "height": 740}
TABLET: Final = {"width": 768, "height": 1024}
VIEWS: Final = ("#/", "#/map", "#/figures", "#/suppressed", "#/devices", "#/retention")
READY: Final = {
    "#/": ".line",
    "#/map": "#map .leaflet-control-layers",
    "#/figures": ".figures table",
}
BEYOND: Final = """() => {
    const wide = document.documentElement.clientWidth;
    const kept = "svg, .leaflet-container, thead, select, input";
    const beyond = [...document.querySelectorAll("body *")].filter((node) => {
        if (node.closest(kept)) return false;
        const { left, right, width, height } = node.getBoundingClientRect();
        if (!width || !height) return false;
        const slides = ["auto", "scroll", "hidden"].includes(getComputedStyle(node).overflowX);
        return left < -1 || right > wide + 1 || (slides && node.scrollWidth > node.clientWidth + 1);
    });
    return beyond.map((node) => `${node.tagName} ${node.id} ${node.className}`);
}"""


def _letters(page: Page, size: str) -> None:
    page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")


@pytest.mark.parametrize("size", [PHONE, TABLET, DESK], ids=["phone", "tablet", "screen"])
@pytest.mark.parametrize("light", ["light", "dark"])
def test_no_page_of_the_desk_has_to_be_pushed_sideways(
    window: Window, opened: OpenCentre, size: dict[str, int], light: str
) -> None:
    case = opened.handled()
    opened.watch.later(hours=3)
    opened.drive()
    desk = window.open("/centre", size=size, language="en" if light == "dark" else "zh")
    desk.emulate_media(color_scheme="dark" if light == "dark" else "light")
    window.sign_in(desk, "supervisor")

    for view in (*VIEWS, f"#/case/{case}"):
        desk.evaluate("view => { location.hash = view; }", view)
        desk.wait_for_selector(READY.get(view, "#side .figures, article"))
        for letters in ("100%", "200%"):
            _letters(desk, letters)
            desk.wait_for_selector("#side:not([aria-busy])", state="attached")

            assert desk.evaluate(BEYOND) == [], (view, letters)
            assert desk.evaluate("document.documentElement.scrollWidth") <= size["width"]
        _letters(desk, "100%")


def test_on_a_phone_the_list_gives_way_to_the_case_and_is_found_again(
    window: Window, opened: OpenCentre
) -> None:
    case = opened.handled()
    desk = window.sign_in(window.open("/centre", size=PHONE), "supervisor")
    expect(desk.locator("#side")).to_be_hidden()

    desk.click(f'.line[data-case="{case}"]')
    expect(desk.locator("article h2")).to_be_visible()
    expect(desk.locator("#list")).to_be_hidden()
    clock = desk.locator("tr[data-clock] td[data-head]").nth(1)
    assert clock.evaluate("cell => getComputedStyle(cell, '::before').content") != "none"
    desk.click("[data-action=approve]")
    expect(desk.locator("article")).to_have_attribute("data-status", "closed")
    desk.click("#to-list")

    expect(desk.locator(f'.line[data-case="{case}"]')).to_be_visible()
    expect(desk.locator("#side")).to_be_hidden()


def test_a_window_that_is_made_wider_shows_the_map_beside_the_list(
    window: Window, opened: OpenCentre
) -> None:
    opened.reported()
    desk = window.sign_in(window.open("/centre", size=PHONE), "supervisor")
    expect(desk.locator("#map")).to_have_count(0)

    desk.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})

    expect(desk.locator("#map .sign").first).to_be_visible()
    expect(desk.locator("#list")).to_be_visible()
