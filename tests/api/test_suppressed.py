"""What an approval kept back is listed, counted, drawn, reported; a year without plan is said."""

import io
import zipfile
from dataclasses import replace
from datetime import date, time

from dispatch.suppression import Suppression, Suppressions
from tests.api.open_centre import FAR, OpenCentre
from tests.dispatch import zoned

HEAP = "sanitation.garbage_pile"
MARKET = Suppression(
    zone=zoned.zone(
        "S1", "sanitation.*", hours=((time(8), time(12)),), valid_until=date(2026, 11, 30)
    ),
    reason_zh="经批准的早市",
    reason_en="Licensed market",
    approval="城管许〔2026〕12号",
)


def approve(opened: OpenCentre, *rows: Suppression) -> None:
    held = Suppressions(rows, inside=0.9, ask_inside=0.5)
    object.__setattr__(opened.centre, "profile", replace(opened.centre.profile, suppressions=held))


def see(opened: OpenCentre) -> None:
    found = zoned.seen(opened.watch.now, label=HEAP)
    opened.send(found.model_copy(update={"evidence": ()}))


def test_a_sight_in_an_approved_area_is_on_the_list_and_in_no_queue(opened: OpenCentre) -> None:
    approve(opened, MARKET)
    see(opened)

    page = opened.get("supervisor", "/suppressed")
    cases = opened.get("supervisor", "/cases?limit=10")["cases"]

    assert cases == []
    (approval,) = page["approvals"]
    assert (approval["id"], approval["sights"], approval["problems"]) == ("S1", 1, 1)
    assert (approval["holds"], approval["ended"], approval["known"]) == (True, False, True)
    (sight,) = page["sights"]
    assert sight["name"]["zh"] == "暴露垃圾"
    assert sight["approval"] == "城管许〔2026〕12号"
    assert sight["share"] > 0.99


def test_an_approval_that_the_profile_has_no_longer_keeps_its_count(opened: OpenCentre) -> None:
    approve(opened, MARKET)
    see(opened)
    approve(opened)

    (approval,) = opened.get("supervisor", "/suppressed")["approvals"]

    assert (approval["known"], approval["sights"]) == (False, 1)
    assert approval["reason"]["zh"] == "经批准的早市"


def test_who_watches_over_another_area_sees_no_sight_of_this_one(opened: OpenCentre) -> None:
    approve(opened, MARKET)
    see(opened)

    page = opened.get("far-supervisor", "/suppressed")

    assert page["sights"] == []
    assert page["approvals"][0]["sights"] == 0
    assert FAR


def test_the_map_draws_approved_areas_until_they_have_ended(opened: OpenCentre) -> None:
    approve(opened, MARKET)
    before = opened.get("supervisor", "/map/approvals")["features"]
    opened.watch.later(days=30)

    after = opened.get("supervisor", "/map/approvals")["features"]

    (feature,) = before
    assert feature["properties"]["holds"] is True
    assert "经批准的早市" in feature["properties"]["zh"]
    assert after == []


def test_a_year_without_a_plan_is_said_before_limits_reach_it_and_beside_its_figures(
    opened: OpenCentre,
) -> None:
    opened.watch.later(days=30)
    now = opened.get("supervisor", "/notices")
    in_month = opened.get("supervisor", "/notices?period=2026-12")
    next_year = opened.get("supervisor", "/notices?period=2027-01")
    calendar = replace(opened.centre.profile.calendar, years=frozenset({2026, 2027}))
    object.__setattr__(opened.centre, "profile", replace(opened.centre.profile, calendar=calendar))

    assert "2027" in now[0]["words"]["zh"]
    assert in_month == []
    assert "2027" in next_year[0]["words"]["en"]
    assert opened.get("supervisor", "/notices") == []


def test_the_months_report_states_what_was_kept_back_and_why(opened: OpenCentre) -> None:
    approve(opened, MARKET)
    see(opened)

    answer = opened.phone("evaluator").get("/api/v1/indicators/report.xlsx?period=2026-11")

    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        words = book.read("xl/sharedStrings.xml").decode()
    assert "经批准的早市 Licensed market" in words
    assert "城管许〔2026〕12号" in words


def test_who_confirms_at_the_border_of_an_approved_area_is_told_which(opened: OpenCentre) -> None:
    border = replace(MARKET.zone, polygon=zoned.box(-200.0, -0.6, 200.0, 200.0))
    approve(opened, replace(MARKET, zone=border))
    see(opened)

    (line,) = opened.get("supervisor", "/cases?limit=10")["cases"]
    why = opened.get("supervisor", f"/cases/{line['id']}")["steps"][0]["why"]

    assert "在核准区域“示范路北侧”内的可能性" in why["zh"]
    assert "approved area" in why["en"]
