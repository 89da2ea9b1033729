"""A report of the wrong class is put right at the desk and in the street, before it is filed."""

import pytest
from playwright.sync_api import expect

from tests.api.open_centre import OpenCentre
from tests.dispatch import making
from tests.journeys.window import DESK, PHONE, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def rubbish(opened: OpenCentre) -> str:
    opened.drive(opened.find(label="sanitation.garbage_pile"))
    (line,) = opened.get("supervisor", "/cases")["cases"]
    return str(line["id"])


def test_the_acceptor_chooses_the_class_it_is_taken_for_and_reads_what_tells_them_apart(
    window: Window, opened: OpenCentre
) -> None:
    case = rubbish(opened)
    desk = window.sign_in(window.open(f"/#/case/{case}", size=DESK), "acceptor")
    desk.click("#correct summary")
    desk.select_option("#correct-class", "sanitation.bin_overflow")
    expect(desk.locator("#correct")).to_contain_text("箱")

    desk.click("#correct-do")
    expect(desk.locator("#correct [role=alert]")).to_contain_text("原因")
    desk.fill("#correct-why", "箱子满了，不是散堆")
    desk.click("#correct-do")

    expect(desk.locator("[data-step=correct]")).to_contain_text("暴露垃圾”改为“垃圾站(箱)满溢")
    expect(desk.locator("h2", has_text="满溢")).to_be_visible()
    line = opened.get("supervisor", f"/cases/{case}")["line"]
    assert line["category"]["label"] == "sanitation.bin_overflow"


def test_who_confirms_says_what_it_is_and_where_and_then_confirms_it(
    window: Window, opened: OpenCentre
) -> None:
    case = rubbish(opened)
    phone = window.sign_in(window.open("/worker", size=PHONE), "collector")
    phone.context.grant_permissions(["geolocation"])
    here = {"latitude": making.LATITUDE, "longitude": making.LONGITUDE + 0.002, "accuracy": 8.0}
    phone.context.set_geolocation(here)
    phone.click("[data-task]")
    phone.click("#correct")
    expect(phone.locator("#send")).to_be_disabled()
    phone.click("[data-label='sanitation.bin_overflow']")
    phone.click("#correct-here")
    expect(phone.locator("#correct-here")).to_have_attribute("aria-pressed", "true")

    phone.click("#send")
    phone.click("[data-task]")
    expect(phone.locator("header, #bar").first).to_contain_text("满溢")
    phone.click("#confirm")
    expect(phone.locator(".sent")).to_contain_text("已提交")

    story = opened.get("supervisor", f"/cases/{case}")
    actions = [step["action"] for step in story["steps"]]
    assert actions[:3] == ["report", "correct", "confirm"]
    assert story["line"]["place"]["longitude"] == pytest.approx(here["longitude"])
    assert story["line"]["department"] == "sanitation"


def test_two_reports_of_one_thing_become_one_by_the_number_of_the_one_that_goes_on(
    window: Window, opened: OpenCentre
) -> None:
    away = making.position(north_m=60.0)
    opened.drive(opened.find(), opened.find("2", where=away))
    kept, twin = opened.get("supervisor", "/cases")["cases"]
    desk = window.sign_in(window.open(f"/#/case/{twin['id']}", size=DESK), "acceptor")
    desk.fill("#note", "同一处坑槽")
    desk.fill("input[data-for=merge]", "20200101-AAAA")
    desk.click("[data-action=merge]")
    expect(desk.locator(".choices [role=alert]")).to_contain_text("没有找到")

    desk.fill("input[data-for=merge]", kept["number"])
    desk.click("[data-action=merge]")

    expect(desk.locator(f"[data-case='{twin['id']}'][data-status=void]")).to_be_visible()
    expect(desk.locator("[data-step=merge]")).to_contain_text("同一处坑槽")
