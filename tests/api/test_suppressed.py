"""What an approval kept back is listed, counted, drawn, reported; a year without plan is said."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from api.reports.audit import export_bundle, verify_centre
from api.reports.frozen import FrozenDiffers, freeze
from dispatch.city.suppression import Suppression, Suppressions
from dispatch.proof.recount import Tally
from dispatch.proof.recount_patrols import Patrols
from dispatch.proof.verify import found
from dispatch.proof.verify_kept import Kept
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
    seen = zoned.seen(opened.watch.now, label=HEAP)
    opened.send(seen.model_copy(update={"evidence": ()}))


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
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/")]
        words = "".join(book.read(name).decode() for name in sheets)
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


def test_an_evaluator_is_led_from_a_figure_to_what_was_suppressed_and_by_which_rule(
    opened: OpenCentre,
) -> None:
    approve(opened, MARKET)
    see(opened)
    opened.watch.later(minutes=1)

    sheet = {each["name"]: each for each in opened.get("evaluator", "/indicators")["indicators"]}
    groups = opened.get("evaluator", "/indicators/by/class")["groups"]
    behind = opened.get("evaluator", f"/indicators/suppressed/suppressed?by=class&group={HEAP}")
    far = opened.get("far-supervisor", "/indicators/suppressed/suppressed")
    cases = opened.get("evaluator", "/indicators/suppressed/cases")

    assert (sheet["suppressed"]["value"], sheet["suppressed"]["behind"]) == (1, "suppressed")
    assert sheet["suppressed_sights"]["value"] == 1
    assert sheet["reported"]["behind"] == "cases"
    assert [each["group"] for each in groups] == [HEAP]
    (sight,) = behind
    assert (sight["approval_id"], sight["approval"]) == ("S1", "城管许〔2026〕12号")
    assert (far, cases) == ([], [])


def test_a_month_with_suppressed_sights_freezes_re_runs_and_is_recounted_from_its_bundle(
    opened: OpenCentre, tmp_path: Path
) -> None:
    approve(opened, MARKET)
    see(opened)
    later = replace(opened.centre, now=lambda: datetime(2026, 12, 2, tzinfo=UTC))
    first = freeze("2026-11", centre=later).read_bytes()
    (finding,) = [one["finding"] for one in opened.get("supervisor", "/suppressed")["sights"]]
    with opened.centre.begin() as uow:
        uow.suppressed.drop(finding, at=later.now())
        uow.commit()

    again = freeze("2026-11", centre=later).read_bytes()
    export_bundle(tmp_path / "bundle.zip", "2026-11", frozenset(), centre=later)

    assert again == first
    assert json.loads(first)["figures"]["class"][HEAP]["suppressed"] == [1, 1]
    assert list(found(tmp_path / "bundle.zip", partial(Tally, patrols=Patrols), Kept)) == []
    with zipfile.ZipFile(tmp_path / "bundle.zip") as packed:
        (line,) = packed.read("suppressed.jsonl").splitlines()
    assert json.loads(line)["suppression"] == "S1"
    assert verify_centre(None, centre=later).troubles == ()


def test_the_record_is_found_wanting_where_a_suppressed_sight_was_taken_out(
    opened: OpenCentre,
) -> None:
    approve(opened, MARKET)
    see(opened)
    later = replace(opened.centre, now=lambda: datetime(2026, 12, 2, tzinfo=UTC))
    freeze("2026-11", centre=later)
    with opened.centre.engine.begin() as connection:
        connection.execute(text("DELETE FROM suppressed_sights"))

    with pytest.raises(FrozenDiffers, match="city suppressed 1/1 → 0/0"):
        freeze("2026-11", centre=later)
    troubles = verify_centre(None, centre=later).troubles
    assert [en for where, _, en in troubles if where.startswith("suppressed.jsonl")] == [
        "is missing: the ledger has this row"
    ]
