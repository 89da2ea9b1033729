"""A desk on a slow network: what was asked earlier and comes later is shown over nothing."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.api.open_centre import OpenCentre
from tests.journeys.window import DESK, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


class Held:
    """Requests of a page that are held up, from when it is asked to until they are let go."""

    def __init__(self, page: Page, what: str) -> None:
        self._page = page
        self._routes: list[Route] = []
        self._holds = True
        page.route(what, self._keep)

    def _keep(self, route: Route) -> None:
        if self._holds:
            self._routes.append(route)
        else:
            route.fallback()

    def let_go(self, *, until: str) -> None:
        """Let them go, and wait for the answer to the last that the page then asks for."""
        self._holds = False
        with self._page.expect_response(until):
            for each in self._routes:
                each.fallback()
        # Answers come in turn: what the page does with that one is done when this one is there.
        self._page.evaluate("async () => { await (await fetch('/api/v1/session')).text(); }")


def test_the_queue_that_was_chosen_last_is_the_one_that_is_listed(
    window: Window, opened: OpenCentre
) -> None:
    opened.reported()
    opened.watch.later(minutes=5)
    opened.where = (opened.where[0] + 0.001, opened.where[1])
    chosen = opened.handled()
    desk = window.sign_in(window.open("/centre", size=DESK), "supervisor")
    expect(desk.locator(".line")).to_have_count(2)
    held = Held(desk, "**/api/v1/cases?*status=reported*")
    with desk.expect_request("**/api/v1/cases?*status=reported*"):
        desk.click("[data-queue=reported]")
    desk.click("[data-queue=handled]")
    expect(desk.locator(".line")).to_have_count(1)

    held.let_go(until="**/api/v1/devices")

    expect(desk.locator(".line")).to_have_count(1)
    expect(desk.locator(".line")).to_have_attribute("data-case", chosen)


def test_what_somebody_leafs_to_while_the_list_is_read_anew_stays_there(
    window: Window, opened: OpenCentre
) -> None:
    opened.reported()
    opened.watch.later(minutes=5)
    opened.where = (opened.where[0] + 0.001, opened.where[1])
    opened.handled()
    page = window.open("/centre", size=DESK)

    def one_a_page(route: Route) -> None:
        route.continue_(url=route.request.url.replace("limit=50", "limit=1"))

    page.route("**/api/v1/cases?*", one_a_page)
    desk = window.sign_in(page, "supervisor")
    expect(desk.locator(".line")).to_have_count(1)
    held = Held(desk, "**/api/v1/notices")
    with desk.expect_response("**/api/v1/cases?*"), desk.expect_request("**/api/v1/notices"):
        desk.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    desk.click("#list .more")
    expect(desk.locator(".line")).to_have_count(2)

    held.let_go(until="**/api/v1/devices")

    expect(desk.locator(".line")).to_have_count(2)


def test_figures_that_come_late_take_no_word_away_from_the_case_opened_since(
    window: Window, opened: OpenCentre
) -> None:
    case = opened.dispatched()
    desk = window.sign_in(window.open("/centre#/figures", size=DESK), "supervisor")
    expect(desk.locator("#period-length")).to_be_visible()
    held = Held(desk, "**/api/v1/indicators?*")
    with desk.expect_request("**/api/v1/indicators?*"):
        desk.select_option("#period-length", "week")
    desk.click(f'.line[data-case="{case}"]')
    desk.fill("#note", "已电话核实")

    held.let_go(until="**/api/v1/notices?*")

    expect(desk.locator("#note")).to_have_value("已电话核实")
    expect(desk.locator("article")).to_have_attribute("data-case", case)
