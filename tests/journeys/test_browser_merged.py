"""What was merged into a case is shown with it, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.api.open_centre import OpenCentre
from tests.api.test_merged import two_merged
from tests.api.test_reports import order, send
from tests.journeys.window import DESK, PHONE, Window, wait_for_picture

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_the_desk_shows_the_pictures_of_what_was_merged_under_its_number(
    window: Window, opened: OpenCentre
) -> None:
    kept, gone = two_merged(opened)
    number = opened.get("supervisor", f"/cases/{gone}")["line"]["number"]

    desk = window.sign_in(window.open(f"/centre#/case/{kept}", size=DESK), "supervisor")

    merged = desk.locator(f"[data-merged='{gone}']")
    expect(merged.locator("h4")).to_have_text(f"并入的案卷 {number}")
    expect(merged.locator("img")).to_have_count(2)
    wait_for_picture(desk, f"[data-merged='{gone}'] img")
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
    wait_for_picture(phone, f"[data-merged='{gone}'] img")


def test_who_looks_for_the_old_number_goes_on_with_the_case_that_goes_on(
    window: Window, opened: OpenCentre
) -> None:
    kept, gone = two_merged(opened)
    into = opened.get("supervisor", f"/cases/{kept}")["line"]["number"]
    number = opened.get("supervisor", f"/cases/{gone}")["line"]["number"]
    desk = window.sign_in(window.open("/centre", size=DESK), "supervisor")

    desk.fill("#find-number", number)
    desk.click("#find")
    old = desk.locator(f".line[data-case='{gone}']")
    expect(old.locator(".mark").first).to_have_text(f"已并入 {into}")
    expect(desk.locator(f".line[data-case='{kept}'] .under")).to_have_text(
        f"编号 {number} 已并入本案卷"
    )
    old.click()
    expect(desk.locator("article #goes-on a")).to_contain_text(f"打开 {into}")
    desk.click(f".goes-on[data-into='{kept}']")

    expect(desk.locator("article")).to_have_attribute("data-case", kept)


def test_a_collector_reads_on_the_phone_where_a_report_goes_on(
    window: Window, opened: OpenCentre
) -> None:
    kept = opened.handling()
    into = opened.get("supervisor", f"/cases/{kept}")["line"]["number"]
    latitude, longitude = opened.where
    place = {"by": "pin", "latitude": latitude + 0.003, "longitude": longitude}
    mine = send(opened, order(opened, place=place)).json()["case"]
    opened.watch.later(minutes=5)
    assert opened.decide("department", mine, "decline", note="同一处", code="D1").status_code == 200
    version = opened.get("supervisor", f"/cases/{mine}")["line"]["version"]
    said = {"version": version, "note": "同一处", "into": kept}
    answer = opened.phone("supervisor").post(f"/api/v1/cases/{mine}/merge", json=said)
    assert answer.status_code == 200, answer.text
    phone = window.sign_in(window.open("/worker", size=PHONE), "collector")

    phone.click("#mine")

    expect(phone.locator(f"[data-report='{mine}'] .mark")).to_have_text(f"已并入 {into}")
    expect(phone.locator(f"[data-report='{mine}']")).to_contain_text("那件案卷现在：处置中")
