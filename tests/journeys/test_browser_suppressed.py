"""In a real browser: what an approval kept back is on page and map, the calendar's gap too."""

import pytest
from playwright.sync_api import expect

from tests.api.open_centre import OpenCentre
from tests.api.test_suppressed import MARKET, approve, see
from tests.journeys.window import DESK, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_supervisor_finds_what_was_kept_back_with_its_permit(
    window: Window, opened: OpenCentre
) -> None:
    approve(opened, MARKET)
    see(opened)
    opened.watch.later(days=10)
    see(opened)

    desk = window.sign_in(window.open("/centre", size=DESK, language="zh"), "supervisor")

    expect(desk.locator("#notices")).to_contain_text("2027 年没有节假日安排")
    expect(desk.locator("#map path.leaflet-interactive").first).to_be_attached()
    desk.click("#to-suppressed")
    expect(desk.locator('[data-approval="S1"]')).to_contain_text("城管许〔2026〕12号")
    expect(desk.locator('[data-approval="S1"]')).to_contain_text("此刻有效")
    expect(desk.locator("[data-sight]")).to_have_count(2)
    opened.watch.later(days=6)
    desk.reload()

    expect(desk.locator('[data-approval="S1"]')).to_contain_text("已到期")
    expect(desk.locator("#side")).to_contain_text("本月没有核准不报的发现")


def test_a_figure_of_what_is_suppressed_leads_to_each_sight_and_its_permit(
    window: Window, opened: OpenCentre
) -> None:
    approve(opened, MARKET)
    see(opened)
    opened.watch.later(minutes=1)
    desk = window.sign_in(window.open("/centre#/figures", size=DESK), "evaluator")
    expect(desk.locator('[data-figure="suppressed"] .value')).to_have_text("1")

    desk.click('[data-figure="suppressed"] a')

    expect(desk.locator("#behind li")).to_have_count(1)
    expect(desk.locator("#behind li")).to_contain_text("城管许〔2026〕12号")
    desk.select_option("#by", "class")
    desk.select_option("#which", "suppressed")
    expect(desk.locator('[data-group="sanitation.garbage_pile"] .value')).to_have_text("1")
