"""The crew's page in a real browser: on a cab's tablet and on a phone, in both languages."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Route, expect, sync_playwright

from edge.crew.order import Order
from edge.watching import Progress
from tests.edge.crew.cab import Cab, open_cab
from tests.edge.messages import finding_of, picture_of
from tests.edge.vitals.signs import WAITING, camera_of, receiver_of, signs_of
from tests.journeys.window import ARGS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TABLET: Final = {"width": 1024, "height": 600}
PHONE: Final = {"width": 390, "height": 844}
TABS: Final = ("drive", "check", "route", "queue")
LEAST_PX: Final = 60.0
SHOTS: Final = os.environ.get("XUNHUAN_TEST_SCREENSHOTS")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for all these tests."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(ARGS))
        yield launched
        launched.close()


@pytest.fixture
def cab(tmp_path: Path) -> Iterator[Cab]:
    with open_cab(tmp_path / "state") as opened:
        opened.vitals.take(signs_of(camera_of(), receiver=receiver_of(age_s=0.2)))
        yield opened


def enter(browser: Browser, cab: Cab, *, size: dict[str, int], dark: bool = False) -> Page:
    """Open the page by its link with the number, as a QR code would."""
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        has_touch=True,
        color_scheme="dark" if dark else "light",
    )
    page = context.new_page()
    page.set_default_timeout(10_000.0)
    page.goto(f"{cab.server.address}/#{cab.number}")
    expect(page.locator("#page")).to_be_visible()
    return page


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"crew-{name}.png"))


def find(cab: Cab, number: int) -> None:
    picture = picture_of(number)
    cab.finds.take(finding_of(number, pictures=(picture,)), (picture,))


def test_the_number_lets_in_and_a_wrong_one_does_not(browser: Browser, cab: Cab) -> None:
    page = browser.new_context(viewport={"width": 1024, "height": 600}).new_page()
    page.goto(cab.server.address)

    page.locator("#number").fill(f"{(int(cab.number) + 1) % 10**8:08d}")
    page.locator("#enter").click()
    expect(page.locator("#refused")).to_contain_text("号码不对")
    shoot(page, "lock")
    page.locator("#number").fill(f"{cab.number[:4]} {cab.number[4:]}")
    page.locator("#enter").click()

    expect(page.locator("#ready")).to_contain_text("可以出车")
    page.context.close()


def test_the_number_does_not_stay_in_the_address_bar(browser: Browser, cab: Cab) -> None:
    page = enter(browser, cab, size=TABLET)

    assert cab.number not in page.url
    page.context.close()


def test_one_button_begins_and_ends_a_pass(browser: Browser, cab: Cab) -> None:
    page = enter(browser, cab, size=TABLET)

    page.locator("#switch").tap()
    expect(page.locator("#switch")).to_have_text("结束巡查")
    assert cab.orders.in_force() is Order.ON
    page.locator("#switch").tap()
    expect(page.locator("#switch")).to_have_text("开始巡查")
    assert cab.orders.in_force() is Order.OFF
    page.locator("#automatic").tap()
    expect(page.locator("#pass")).to_contain_text("开动后自动开始")

    assert cab.orders.in_force() is Order.AUTOMATIC
    page.context.close()


def test_an_answer_that_is_older_than_what_was_pressed_is_not_shown(
    browser: Browser, cab: Cab
) -> None:
    page = enter(browser, cab, size=TABLET)
    late: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if late:
            route.continue_()
        else:
            late.append((route, route.fetch()))

    with page.expect_request("**/api/state"):
        page.route("**/api/state", hold)
    page.evaluate(
        """() => {
            window.said = [];
            const button = document.getElementById("switch");
            const told = new MutationObserver(() => window.said.push(button.textContent));
            told.observe(button, { childList: true });
        }"""
    )
    while not late:
        page.wait_for_timeout(20)

    page.locator("#switch").tap()
    expect(page.locator("#switch")).to_have_text("结束巡查")
    with page.expect_response("**/api/state"):
        late[0][0].fulfill(response=late[0][1])
    with page.expect_response("**/api/state"):
        pass
    expect(page.locator("#switch")).to_have_text("结束巡查")

    assert set(page.evaluate("window.said")) == {"结束巡查"}
    page.context.close()


def test_a_find_comes_as_a_card_that_goes_by_itself_and_can_be_judged_later(
    browser: Browser, cab: Cab
) -> None:
    page = enter(browser, cab, size=TABLET)
    find(cab, 1)
    expect(page.locator("#card")).to_be_visible()
    shoot(page, "card")
    expect(page.locator("#card")).to_be_hidden()

    page.locator("[data-tab=queue]").tap()
    page.locator("#finds .judge.no").tap()

    expect(page.locator("#finds .find")).to_contain_text("已记：不对")
    kept = cab.finds.get(finding_of(1).id)
    assert kept is not None
    assert kept.verdict is False
    page.context.close()


def test_a_route_sheet_that_is_no_more_renewed_says_how_old_it_is_and_why(
    browser: Browser, cab: Cab
) -> None:
    cab.bring_sheet()
    page = enter(browser, cab, size=TABLET)
    page.locator("[data-tab=route]").tap()
    expect(page.locator("#sheet")).to_contain_text("刚刚取得")
    expect(page.locator("#sheet-age")).to_be_hidden()

    cab.now += timedelta(hours=3)
    expect(page.locator("#sheet-age")).to_contain_text("3 小时前取得的")
    expect(page.locator("#sheet-age")).to_contain_text("中心没有回应")
    cab.now -= timedelta(hours=3) - timedelta(minutes=2)
    expect(page.locator("#sheet-age")).to_be_hidden()
    said = ("不让接入：请重新登记", "shut out: enrol again")
    shut_out = signs_of(camera_of(), outbox=replace(WAITING, shut_out=said))
    cab.vitals.take(shut_out)

    expect(page.locator("#sheet-age")).to_contain_text("2 分钟前取得的")
    expect(page.locator("#sheet-age")).to_contain_text("中心不让本机接入")
    shoot(page, "old-sheet")
    page.context.close()


def test_a_card_is_judged_with_one_tap_and_gone(browser: Browser, cab: Cab) -> None:
    page = enter(browser, cab, size=PHONE)
    find(cab, 1)

    with page.expect_response("**/api/verdict"):
        page.locator("#card .judge.yes").tap()

    expect(page.locator("#card")).to_be_hidden()
    kept = cab.finds.get(finding_of(1).id)
    assert kept is not None
    assert kept.verdict is True
    page.context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [TABLET, PHONE], ids=["tablet", "phone"])
def test_every_target_is_large_and_nothing_is_cut_off_sideways(
    browser: Browser, cab: Cab, size: dict[str, int], language: str
) -> None:
    cab.bring_sheet()
    cab.heard_at = cab.now
    cab.progress = Progress(
        working="DJI_0042.MP4",
        waiting=("100MEDIA",),
        copying=("101MEDIA",),
        done=3,
        refused=(("DJI_0007.MP4", "录像没有轨迹", "the video has no track"),),
    )
    find(cab, 1)
    page = enter(browser, cab, size=size, dark=language == "en")
    if language == "en":
        page.locator("#language").tap()

    for tab in TABS:
        page.locator(f"[data-tab={tab}]").tap()
        expect(page.locator(f"#{tab}")).to_be_visible()
        if tab == "check":
            page.locator("#again").tap()
            expect(page.locator("#checks li").first).to_be_visible()
        if tab == "route":
            expect(page.locator("#spots li")).to_have_count(2)
        shoot(page, f"{tab}-{size['width']}-{language}")
        small = page.evaluate(
            "least => [...document.querySelectorAll('button, a, input')]"
            ".filter(each => each.offsetParent !== null)"
            ".map(each => [each.id || each.className, each.getBoundingClientRect()])"
            ".filter(([_, box]) => box.width < least || box.height < least)"
            ".map(([name, box]) => `${name} ${box.width}x${box.height}`)",
            LEAST_PX,
        )
        assert small == [], tab
        wide = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
        inner = page.evaluate(
            "document.querySelector('main').scrollWidth"
            " - document.querySelector('main').clientWidth"
        )
        assert (wide <= 0, inner <= 0) == (True, True), tab
    page.context.close()


def test_trouble_is_red_with_what_to_do_and_a_silent_device_is_not_shown_as_well(
    browser: Browser, cab: Cab
) -> None:
    page = enter(browser, cab, size=TABLET)
    cab.vitals.take(signs_of(camera_of(age_s=60.0), veils={"front": 0.6}))

    expect(page.locator("#ready")).to_contain_text("先别出车")
    expect(page.locator("#advice")).to_contain_text("擦镜头")
    expect(page.locator("[data-light=camera]")).to_contain_text("■")
    shoot(page, "trouble")
    cab.server.close()

    expect(page.locator("#ready")).to_contain_text("连不上设备", timeout=30_000)
    page.context.close()
