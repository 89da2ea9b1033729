"""Many cases at the desk at once, and two people at one case: the page says what became of each."""

import pytest
from playwright.sync_api import expect

from tests.api.open_centre import OpenCentre
from tests.dispatch import making
from tests.journeys.window import DESK, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def _reported(opened: OpenCentre) -> list[str]:
    far = [making.position(north_m=metres) for metres in (0.0, 60.0, 120.0)]
    opened.drive(*(opened.find(str(number), where=where) for number, where in enumerate(far, 1)))
    return [line["id"] for line in opened.get("supervisor", "/cases")["cases"]]


def test_ticked_cases_are_decided_together_and_each_outcome_is_shown(
    window: Window, opened: OpenCentre
) -> None:
    cases = _reported(opened)
    desk = window.sign_in(window.open("/centre?queue=reported", size=DESK), "supervisor")
    ticks = desk.locator("[data-tick]")
    expect(ticks).to_have_count(3)
    ticks.nth(0).focus()
    desk.keyboard.press("Space")
    ticks.nth(2).click(modifiers=["Shift"])
    expect(desk.locator("#batch")).to_contain_text("已选 3 件")
    opened.decide("collector", cases[1], "confirm")

    grade = desk.locator("[data-grade='road.pothole']")
    expect(grade).to_contain_text("各按现定（较重 3）")
    grade.select_option("urgent")
    desk.click("[data-batch-action=file]")

    expect(desk.locator("#batch-told")).to_contain_text("办了 2 件，没有办 1 件")
    refused = desk.locator("#batch-told .refused")
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text("collector某（采集员）办理“核实属实”")
    said = {opened.get("supervisor", f"/cases/{each}")["line"]["severity"]["zh"] for each in cases}
    assert said == {"紧急", "较重"}


def test_who_decides_second_sees_who_decided_what_and_the_case_as_it_stands(
    window: Window, opened: OpenCentre
) -> None:
    case = opened.reported()
    desk = window.sign_in(window.open(f"/centre#/case/{case}", size=DESK), "supervisor")
    expect(desk.locator("[data-action=file]")).to_be_visible()
    opened.decide("collector", case, "confirm")

    desk.click("[data-action=file]")

    expect(desk.locator("#overtaken")).to_contain_text("collector某（采集员）办理“核实属实”")
    expect(desk.locator(f"[data-case='{case}'][data-status=dispatched]")).to_be_visible()
