"""The whole loop by hand, in a real browser: a phone in the street, a screen at the centre."""

import re
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.api import pictures
from tests.api.open_centre import Building, OpenCentre, open_copy
from tests.api.test_responsibility import COVER, hold
from tests.dispatch import making
from tests.dispatch.city import SANITATION
from tests.dispatch.evaluating import closed, dispatched, filed, finished, send
from tests.journeys.window import DESK, PHONE, Window, wait_for_picture

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SAID: Final = {
    "zh": ("已提交", "为什么", "坑槽面积不小于 0.5 平方米", "第 1 次复巡未再看到", "已结案"),
    "en": ("Sent", "Why", "Pothole of 0.5 m² or more", "Not seen again on pass 1", "Closed"),
}


def _photo(tmp_path: Path) -> Path:
    file = tmp_path / "after.jpg"
    file.write_bytes(pictures.road(pothole=False, mark="camera"))
    return file


@pytest.mark.parametrize("language", ["zh", "en"])
def test_people_take_a_find_round_the_whole_loop(
    window: Window, opened: OpenCentre, tmp_path: Path, language: str
) -> None:
    sent, why, condition, verdict, closed = SAID[language]
    case = opened.reported()

    phone = window.sign_in(window.open("/worker", size=PHONE, language=language), "collector")
    phone.click(".card")
    wait_for_picture(phone, ".photo img")
    expect(phone.locator(".photo rect").first).to_be_visible()
    phone.click("#confirm")
    expect(phone.locator(".sent")).to_contain_text(sent)

    opened.watch.later(minutes=5)
    phone = window.sign_in(window.open("/worker", size=PHONE, language=language), "handler")
    phone.click(".card")
    assert re.match(r"geo:30\.\d+,110\.\d+", phone.get_attribute("#go", "href") or "")
    phone.click("#accept")
    phone.click("#done")
    phone.set_input_files("#camera", _photo(tmp_path))
    expect(phone.locator(".slider")).to_be_visible()
    phone.click("#send")
    expect(phone.locator(".sent")).to_contain_text(sent)

    (waiting,) = opened.signed("GET", "/device/inbox").json()
    opened.look_at(waiting["photo"])

    desk = window.sign_in(window.open("/centre", size=DESK, language=language), "supervisor")
    desk.click(f'.line[data-case="{case}"]')
    expect(desk.locator("path.ellipse")).to_have_count(1)
    wait_for_picture(desk, "article .photo img")
    expect(desk.locator("article .photo rect").first).to_be_visible()
    wait_for_picture(desk, ".slider .over")
    filed = desk.locator('[data-step="file"]')
    expect(filed).to_contain_text(why)
    expect(filed).to_contain_text(condition)
    expect(desk.locator('[data-step="dispatch"]')).to_contain_text("R1")
    expect(desk.locator("tr[data-step]")).to_have_count(6)

    opened.watch.later(hours=3)
    opened.drive()
    desk.reload()
    expect(desk.locator("#verdict")).to_contain_text(verdict)
    expect(desk.locator("svg.curve circle")).to_have_count(1)
    desk.click(".choices button.main")
    expect(desk.locator("article")).to_have_attribute("data-status", "closed")
    expect(desk.locator("article .mark").first).to_have_text(closed)


def test_what_was_finished_without_network_is_kept_and_sent_later(
    window: Window, opened: OpenCentre, tmp_path: Path
) -> None:
    case = opened.handling()
    phone = window.open("/worker", size=PHONE, workers="allow")
    window.sign_in(phone, "handler")
    phone.evaluate("navigator.serviceWorker.ready.then(() => null)")
    phone.reload()
    phone.click(".card")
    phone.click("#done")

    phone.context.set_offline(True)
    phone.set_input_files("#camera", _photo(tmp_path))
    phone.click("#send")
    expect(phone.locator(".sent")).to_contain_text("已存在手机里")
    expect(phone.locator("#waiting")).to_contain_text("待发送 1")
    phone.reload()
    expect(phone.locator("#waiting")).to_contain_text("待发送 1")
    assert opened.get("handler", f"/cases/{case}")["line"]["status"] == "handling"
    # The machine's own step in between must not undo what the worker did.
    opened.watch.later(minutes=5)
    assert opened.decide("dispatcher", case, "remark", note="催办").status_code == 200
    phone.context.set_offline(False)
    phone.reload()

    expect(phone.locator("#waiting")).not_to_contain_text("待发送")
    assert opened.get("handler", f"/cases/{case}")["line"]["status"] == "handled"


def test_a_decision_that_somebody_else_took_first_is_told_to_the_worker(
    window: Window, opened: OpenCentre
) -> None:
    case = opened.reported()
    phone = window.sign_in(window.open("/worker", size=PHONE), "collector")
    phone.click(".card")
    expect(phone.locator("#refute")).to_be_visible()
    opened.watch.later(minutes=1)
    opened.decide("supervisor", case, "confirm")

    phone.click("#refute")
    phone.click(".choice")
    phone.click("#send")

    expect(phone.locator('.notice.bad[role="alert"]')).to_contain_text("没有被接受")
    assert opened.get("supervisor", f"/cases/{case}")["line"]["status"] == "dispatched"


def test_who_reopens_at_the_desk_attaches_a_photo_of_how_it_is_now(
    window: Window, opened: OpenCentre, tmp_path: Path
) -> None:
    case = opened.handled()
    opened.decide("supervisor", case, "approve")
    opened.watch.later(hours=1)
    desk = window.sign_in(window.open(f"/centre#/case/{case}", size=DESK), "supervisor")
    desk.fill("#note", "又坏了")

    desk.click("[data-action=reopen]")
    expect(desk.locator(".choices [role=alert]")).to_contain_text("附一张现在的照片")
    desk.set_input_files("[data-photo='choice.now']", _photo(tmp_path))
    desk.click("[data-action=reopen]")

    expect(desk.locator(f"[data-case='{case}'][data-status=filed]")).to_be_visible()
    expect(desk.locator("[data-taken]")).to_contain_text("照片正在脱敏")


def test_markup_in_a_note_is_text_on_the_page(window: Window, opened: OpenCentre) -> None:
    case = opened.reported()
    note = '<img src=x onerror="document.title=1">'
    opened.decide("collector", case, "remark", note=note)

    desk = window.sign_in(window.open(f"/centre#/case/{case}", size=DESK), "supervisor")

    expect(desk.locator('[data-step="remark"]')).to_contain_text(note)
    assert desk.locator('[data-step="remark"] img').count() == 0


def test_the_centre_opens_on_a_map_of_cases_grids_and_inspected_ground(
    window: Window, opened: OpenCentre
) -> None:
    case = opened.reported()

    desk = window.sign_in(window.open("/centre", size=DESK), "supervisor")

    expect(desk.locator("#map path.ellipse")).to_have_count(1)
    expect(desk.locator("#map .leaflet-overlay-pane path")).not_to_have_count(1)
    desk.click("#map .leaflet-marker-icon")
    expect(desk.locator("article")).to_have_attribute("data-case", case)


def test_a_case_leads_to_its_component_on_the_map(window: Window, opened: OpenCentre) -> None:
    hold(opened, (COVER, "drainage", 0.0))
    found = making.finding("cover", at=opened.watch.now, label="road.manhole_missing")
    opened.send(found.model_copy(update={"evidence": ()}))
    (line,) = opened.get("dispatcher", "/cases")["cases"]
    desk = window.sign_in(window.open(f"/centre#/case/{line['id']}", size=DESK), "dispatcher")

    desk.click(f"[data-component-link='{COVER}']")

    expect(desk.locator(".component-facts")).to_contain_text("权属 排水养护公司")
    expect(desk.locator("#component-count")).to_have_text("图中部件 1 个")


def test_a_case_that_rests_says_until_when(window: Window, opened: OpenCentre) -> None:
    case = opened.handling()
    said = {"note": "等材料", "until": "2026-12-01T00:00:00Z"}
    opened.decide("handler", case, "ask-suspension", **said)
    opened.decide("department", case, "endorse", note="同意")
    opened.decide("dispatcher", case, "suspend", **said)

    desk = window.sign_in(window.open(f"/centre#/case/{case}", size=DESK), "dispatcher")

    expect(desk.locator("#rests-until")).to_contain_text("到 12/01 08:00 自动恢复")


def test_a_photo_is_erased_on_request_after_a_second_question(
    window: Window, opened: OpenCentre
) -> None:
    case = opened.handled()
    desk = window.sign_in(window.open(f"/centre#/case/{case}", size=DESK), "supervisor")
    desk.click("#to-erase")
    desk.click("[data-photo-id] input")
    desk.click("#erase-ask")
    expect(desk.locator("#erase [role=alert]")).to_contain_text("谁请求")
    desk.fill("#erase-note", "本人来电要求")
    desk.click("#erase-ask")
    expect(desk.locator("#erase-back")).to_be_focused()
    steps = [each["action"] for each in opened.get("supervisor", f"/cases/{case}")["steps"]]
    assert "erase" not in steps

    desk.click("#erase-sure")

    expect(desk.locator("#erased")).to_contain_text("已删除")
    step = opened.get("supervisor", f"/cases/{case}")["steps"][-1]
    assert (step["action"], step["note"]) == ("erase", "本人来电要求")
    desk.click("#erased a")
    expect(desk.locator("[data-step=erase]")).to_contain_text("本人来电要求")


def test_a_figure_leads_to_the_cases_behind_it(window: Window, opened: OpenCentre) -> None:
    case = opened.handled()
    desk = window.sign_in(window.open("/centre#/figures", size=DESK), "evaluator")
    expect(desk.locator('[data-figure="filed"] .value')).to_have_text("1")

    desk.click('[data-figure="filed"] a')
    desk.click("#behind a")

    expect(desk.locator("article")).to_have_attribute("data-case", case)


def test_figures_are_of_a_week_a_quarter_or_from_one_day_to_another(
    window: Window, opened: OpenCentre
) -> None:
    desk = window.sign_in(window.open("/centre#/figures", size=DESK), "evaluator")
    said = desk.locator("#period")

    desk.select_option("#period-length", "week")
    expect(said).to_contain_text("2026 年第 47 周")
    desk.click("#period-before")
    expect(said).to_contain_text("第 46 周（2026-11-09 — 2026-11-15）")
    expect(desk.locator("#standing")).to_have_attribute("data-standing", "over")
    desk.select_option("#period-length", "quarter")
    expect(said).to_contain_text("2026 年第 4 季度")
    desk.select_option("#period-length", "days")
    desk.fill("#period-last", "2026-09-01")
    expect(desk.locator(".figures [role=alert]")).to_contain_text("2026-10-01")
    desk.fill("#period-last", "2026-10-09")
    expect(said).to_contain_text("2026-10-01 — 2026-10-09")
    desk.reload()

    expect(said).to_contain_text("2026-10-01 — 2026-10-09")
    desk.click("#reports summary")
    desk.check("[data-table=grid]")
    desk.uncheck("[data-table=street]")
    expect(desk.locator("[data-report=pdf]")).to_have_attribute(
        "href", re.compile(r"period=2026-10-01\.\.2026-10-09.*by=department&by=class&by=grid$")
    )


def test_a_figure_is_told_apart_by_department_and_leads_to_the_cases_of_one(
    window: Window, opened: OpenCentre
) -> None:
    case = opened.handled()
    desk = window.sign_in(window.open("/centre#/figures", size=DESK), "evaluator")

    desk.select_option("#by", "department")
    desk.select_option("#which", "dispatched")
    expect(desk.locator('[data-group="roads"] .value')).to_have_text("1")
    desk.click('[data-group="roads"] a')
    desk.click("#behind a")

    expect(desk.locator("article")).to_have_attribute("data-case", case)


def test_a_figure_of_patrols_leads_to_the_passes_behind_it(
    window: Window, opened: OpenCentre
) -> None:
    pass_id = opened.drive()
    opened.told()
    desk = window.sign_in(window.open("/centre#/figures", size=DESK), "evaluator")
    expect(desk.locator('[data-figure="patrol_km"] .value')).to_have_text("0.30 公里")
    expect(desk.locator('[data-figure="coverage"] .value')).to_contain_text("%")

    desk.click('[data-figure="coverage"] a')

    expect(desk.locator("#behind li")).to_have_attribute("data-pass", pass_id)
    expect(desk.locator("#behind li")).to_contain_text("坑槽")
    desk.select_option("#by", "platform")
    desk.select_option("#which", "patrol_km")
    expect(desk.locator('[data-group="vehicle"] .value')).to_have_text("0.30 公里")


def test_one_case_closed_in_four_minutes_does_not_lead_the_ranking_on_the_page(
    window: Window, opened: OpenCentre
) -> None:
    lucky = filed("lucky", whole_due=100)
    send(lucky, at=0, due=50, to=SANITATION)
    steady = [closed(finished(dispatched(f"s{n}"), at=40), at=70) for n in range(40)]
    with opened.centre.begin() as uow:
        for case in (closed(finished(lucky, at=0.02), at=0.07), *steady):
            case.recurs = None
            uow.cases.add(case)
        uow.commit()
    desk = window.sign_in(window.open("/centre#/figures", size=DESK), "evaluator")

    desk.select_option("#by", "department")
    desk.select_option("#which", "on_time_closure")

    rows = desk.locator("tr[data-group]")
    expect(rows.nth(0)).to_have_attribute("data-group", "roads")
    expect(rows.nth(0).locator(".interval")).to_contain_text("91%–100%")
    expect(desk.locator('[data-group="sanitation"] .value')).to_have_text("100.0%")
    expect(desk.locator('[data-group="sanitation"] .interval')).to_contain_text("21%–100%")
    assert rows.nth(0).locator("td").last.inner_text().startswith("A")
    assert desk.locator('[data-group="sanitation"] td').last.inner_text().startswith("E")


def test_a_dispatcher_chooses_the_department_on_the_page(
    window: Window, opened: OpenCentre
) -> None:
    case = opened.handling()
    opened.decide("handler", case, "decline", note="不归我们管", code="D1")
    desk = window.sign_in(window.open(f"/centre#/case/{case}", size=DESK), "dispatcher")

    desk.click('[data-action="dispatch"]')
    expect(desk.locator('.choices [role="alert"]')).to_contain_text("请先选择")
    desk.select_option('select[data-for="dispatch"]', "sanitation")
    desk.click('[data-action="dispatch"]')

    expect(desk.locator("article")).to_have_attribute("data-status", "dispatched")


def test_a_drill_says_so_on_every_page(
    browser: Browser,
    contexts: list[BrowserContext],
    building: Building,
    tmp_path: Path,
) -> None:
    with open_copy(building, to=tmp_path / "drill", drill=True) as centre:
        window = Window(browser, contexts, centre)
        for page, size in (("/worker", PHONE), ("/centre", DESK)):
            shown = window.open(page, size=size)

            expect(shown.locator("html.drill")).to_have_count(1)
            tag = 'getComputedStyle(document.getElementById("bar"), "::before").content'
            assert shown.evaluate(tag) == '"演练"'
