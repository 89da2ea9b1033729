"""An officer finds one case among many, and sees all of them on the map."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from api.routes import cases
from tests.api.open_centre import PASSWORD, SURE, OpenCentre
from tests.dispatch import making


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for all these tests."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        launched = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield launched
        launched.close()


def _scatter(opened: OpenCentre, count: int, *, apart_m: float = 60.0) -> None:
    found = [
        opened.find(str(n), where=making.position(north_m=apart_m * n)).model_copy(
            update={"measure": SURE}
        )
        for n in range(count)
    ]
    opened.send(*found)


def _centre_page(browser: Browser, centre: OpenCentre, asked: str = "") -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, service_workers="block")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{centre.server.address}/centre{asked}")
    page.fill("#name", "supervisor")
    page.fill("#password", PASSWORD)
    page.click("#sign-in")
    page.wait_for_selector("#to-map")
    return page


def test_a_map_asks_for_a_box_and_refuses_what_is_none(opened: OpenCentre) -> None:
    _scatter(opened, 3)
    where = making.place()
    west, south = where.longitude - 0.01, where.latitude - 0.01

    here = opened.get("supervisor", f"/map/cases?bbox={west},{south},{west + 0.02},{south + 0.02}")
    away = opened.get("supervisor", "/map/cases?bbox=0,0,1,1")
    refused = opened.phone("supervisor").get("/api/v1/map/cases?bbox=170,0,-170,1")

    assert here["total"] == len(here["cases"]) == 3 and here["groups"] == []
    assert away["total"] == 0
    assert refused.status_code == 422 and "西,南,东,北" in refused.text


def test_more_cases_than_can_be_drawn_come_as_groups_that_hold_them_all(
    opened: OpenCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "DRAWN_AT_MOST", 2)
    _scatter(opened, 3)

    told = opened.get("supervisor", "/map/cases?bbox=100,20,120,40")

    assert told["cases"] == [] and told["total"] == 3
    assert sum(group["count"] for group in told["groups"]) == 3


def test_a_queue_that_ended_is_counted_so_far_and_says_so(
    opened: OpenCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "COUNTED_AT_MOST", 0)
    opened.handled()
    (line,) = opened.get("supervisor", "/cases")["cases"]
    assert opened.decide("supervisor", line["id"], "approve").status_code == 200

    queues = {each["status"]: each for each in opened.get("supervisor", "/queues")}

    assert (queues["closed"]["count"], queues["closed"]["more"]) == (0, True)
    assert (queues["void"]["count"], queues["void"]["more"]) == (0, False)


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_the_list_is_narrowed_by_number_and_to_what_is_overdue(
    browser: Browser, opened: OpenCentre
) -> None:
    _scatter(opened, 3)
    number = opened.get("supervisor", "/cases")["cases"][0]["number"]
    page = _centre_page(browser, opened)
    expect(page.locator("[data-case]")).to_have_count(3)

    page.fill("#find-number", number)
    page.click("#find")
    expect(page.locator("[data-case]")).to_have_count(1)
    assert number in page.inner_text("#list")
    assert f"number={number}" in page.url
    page.fill("#find-number", "坑")
    page.click("#find")
    expect(page.locator("#list .notice.bad")).to_contain_text("编号")
    page.click("#find-clear")
    expect(page.locator("[data-case]")).to_have_count(3)
    page.check("#find-overdue")
    expect(page.locator("#list p.empty")).to_have_text("没有符合条件的案卷")


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_groups_on_the_map_open_into_their_cases(
    browser: Browser, opened: OpenCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "DRAWN_AT_MOST", 2)
    _scatter(opened, 12)
    page = _centre_page(browser, opened)
    expect(page.locator("#map-count")).to_contain_text("12")
    group = page.locator("#map .group").first
    expect(group).to_be_visible()

    page.mouse.move(1000, 450)
    page.mouse.wheel(0, -600)

    expect(page.locator("#map-count")).not_to_contain_text("12")


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_the_list_read_anew_keeps_what_was_gone_through_and_the_focus(
    browser: Browser, opened: OpenCentre
) -> None:
    _scatter(opened, 52, apart_m=20.0)
    page = _centre_page(browser, opened)
    rows = page.locator(".line[data-case]")
    expect(rows).to_have_count(50)
    rows.nth(49).click()
    page.keyboard.press("j")
    expect(rows).to_have_count(52)
    expect(rows.nth(50)).to_have_attribute("aria-current", "true")
    expect(rows.nth(50)).to_be_in_viewport()
    rows.nth(51).focus()

    opened.watch.later(minutes=1)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(page.locator("#as-of")).to_contain_text("09:01")
    expect(rows).to_have_count(52)
    expect(rows.nth(51)).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#find-number")).to_be_focused()


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize(
    ("asked_first", "held_up"),
    [("map", "map/approvals"), ("devices", "devices"), ("figures", "notices?*")],
)
def test_a_view_that_comes_late_takes_no_word_away_from_the_case_asked_for_since(
    opened: OpenCentre, browser: Browser, asked_first: str, held_up: str
) -> None:
    case = opened.dispatched()
    page, held = _centre_page(browser, opened), list[Route]()
    page.goto(f"{opened.server.address}/centre#/suppressed")
    late = threading.Event()
    page.route(
        f"**/api/v1/{held_up}",
        lambda route: route.continue_() if late.is_set() else held.append(route),
    )

    with page.expect_request(f"**/api/v1/{held_up}"):
        page.click(f"#to-{asked_first}")
    page.click(f'.line[data-case="{case}"]')
    page.fill("#note", "已电话核实")
    late.set()  # what the page asks for from now on is held by nobody
    assert held
    for each in held:
        with page.expect_response(each.request.url):
            each.continue_()
    # Answers come in turn: what the page does with those is done when this one is there.
    page.evaluate("async () => { await (await fetch('/api/v1/session')).text(); }")

    expect(page.locator("#note")).to_have_value("已电话核实")
    expect(page.locator("article")).to_have_attribute("data-case", case)
