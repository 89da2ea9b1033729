"""Queues and tasks come by deadline, and stay so after one's own action, in a real browser."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.api.open_centre import OpenCentre
from tests.api.test_lists import grave
from tests.journeys.window import DESK, PHONE, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def listed(desk: Page) -> list[str]:
    lines = desk.locator("#list .line[data-case]")
    return [str(line.get_attribute("data-case")) for line in lines.all()]


def test_the_desk_shows_what_is_due_next_on_top_until_somebody_asks_for_the_newest(
    window: Window, opened: OpenCentre
) -> None:
    by_size = grave(opened)
    desk = window.sign_in(window.open("/centre?queue=dispatched", size=DESK), "supervisor")
    expect(desk.locator("#list .order")).to_contain_text("按时限排列")
    assert listed(desk) == [by_size[area] for area in (2.6, 1.5, 0.9)]

    desk.click("#order")
    expect(desk.locator("#list .order")).to_contain_text("最新的在前")
    assert listed(desk) == [by_size[area] for area in (1.5, 2.6, 0.9)]
    desk.reload()
    expect(desk.locator("#list .order")).to_contain_text("最新的在前")

    desk.click("#order")
    expect(desk.locator("#list .order")).to_contain_text("按时限排列")
    desk.click("[data-queue='']")
    expect(desk.locator("#order")).to_have_count(0)


def test_a_case_that_is_given_more_time_while_somebody_leafs_is_listed_once(
    window: Window, opened: OpenCentre
) -> None:
    by_size = grave(opened)
    page = window.open("/centre?queue=dispatched", size=DESK)

    def one_a_page(route: Route) -> None:
        route.continue_(url=route.request.url.replace("limit=50", "limit=1"))

    page.route("**/api/v1/cases?*", one_a_page)
    desk = window.sign_in(page, "supervisor")
    expect(desk.locator("#list .line[data-case]")).to_have_count(1)
    urgent = by_size[2.6]
    for name, action in (
        ("handler", "ask-extension"),
        ("department", "endorse"),
        ("dispatcher", "extend"),
        ("handler", "ask-extension"),
        ("department", "endorse"),
        ("dispatcher", "extend"),
    ):
        assert opened.decide(name, urgent, action, note="等材料").status_code == 200

    for _ in range(20):
        if not desk.locator("#list .more").count():
            break
        desk.eval_on_selector("#list .more", "more => { more.dataset.old = 'yes'; more.click(); }")
        # Whatever comes of it, the list is drawn anew.
        expect(desk.locator("#list .more[data-old]")).to_have_count(0)

    expect(desk.locator("#list .more")).to_have_count(0)
    found = listed(desk)
    assert sorted(found) == sorted(by_size.values()), "once each"


def test_a_list_that_was_leafed_through_is_right_as_soon_as_one_has_decided(
    window: Window, opened: OpenCentre
) -> None:
    by_size = grave(opened)
    urgent, next_, last = (by_size[area] for area in (2.6, 1.5, 0.9))
    for name, action in (("handler", "ask-extension"), ("department", "endorse")):
        assert opened.decide(name, next_, action, note="等材料").status_code == 200
    page = window.open("/centre?queue=dispatched", size=DESK)

    def one_a_page(route: Route) -> None:
        route.continue_(url=route.request.url.replace("limit=50", "limit=1"))

    page.route("**/api/v1/cases?*", one_a_page)
    desk = window.sign_in(page, "dispatcher")
    shown = desk.locator("#list .line[data-case]")
    for number in (1, 2, 3):
        expect(shown).to_have_count(number)
        if number < 3:
            desk.click("#list .more")
    assert listed(desk) == [urgent, next_, last]
    # Nothing is read anew by itself from here on.
    desk.clock.install()
    desk.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))

    desk.click(f".line[data-case='{next_}']")
    desk.fill("#note", "同意")
    desk.click("[data-action=extend]")

    expect(shown.last).to_have_attribute("data-case", next_)
    assert listed(desk) == [urgent, last, next_]


def test_ones_own_tasks_come_by_their_own_deadline_and_show_it(
    window: Window, opened: OpenCentre
) -> None:
    latitude, longitude = opened.where
    first = opened.reported()
    opened.watch.later(minutes=10)
    opened.where = (latitude + 0.003, longitude)
    second = opened.reported("2")
    desk = window.sign_in(window.open("/centre?queue=mine", size=DESK), "collector")

    expect(desk.locator("#list .line[data-case]")).to_have_count(2)
    assert listed(desk) == [first, second]
    left = desk.locator("#list .line .mark:not(.wait)")
    expect(left).to_have_text([re.compile("剩 20 分钟"), re.compile("剩 30 分钟")])
    opened.watch.later(minutes=25)
    desk.reload()
    expect(left).to_have_text([re.compile("超时 5 分钟"), re.compile("剩 5 分钟")])


def test_a_task_that_is_taken_back_stands_where_its_deadline_puts_it(
    window: Window, opened: OpenCentre
) -> None:
    latitude, longitude = opened.where
    for name in ("1", "2"):
        opened.where = (latitude + 0.003 * int(name), longitude)
        opened.reported(name)
        opened.watch.later(minutes=10)
    phone = window.sign_in(window.open("/worker", size=PHONE), "collector")
    expect(phone.locator(".card")).to_have_count(2)
    cards = [card.get_attribute("data-task") for card in phone.locator(".card").all()]
    phone.locator(".card").last.click()
    # However slow the test is, the phone's few seconds do not pass.
    phone.clock.install()
    phone.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))

    phone.click("#confirm")
    expect(phone.locator(".card")).to_have_count(1)
    phone.click("#undo")
    expect(phone.locator("#confirm")).to_be_visible()
    phone.click(".back")

    expect(phone.locator(".card")).to_have_count(2)
    assert [card.get_attribute("data-task") for card in phone.locator(".card").all()] == cards
