"""Pages tell the time of the city, wherever the reader's device believes to be."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dispatch.city_files.profile_folder import PROFILES
from tests.api.open_centre import Building, OpenCentre, open_copy
from tests.journeys.window import DESK, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def opened(building: Building, tmp_path: Path) -> Iterator[OpenCentre]:
    """A centre whose city keeps a clock of its own, two hours behind."""
    city = shutil.copytree(PROFILES / "demo", tmp_path / "city")
    settings = (city / "profile.toml").read_text(encoding="utf-8")
    moved = settings.replace("Asia/Shanghai", "Asia/Urumqi")
    (city / "profile.toml").write_text(moved, encoding="utf-8")
    with open_copy(building, to=tmp_path / "data", profile=str(city)) as centre:
        yield centre


def test_a_step_is_told_and_a_rest_ends_by_the_citys_clock(
    window: Window, opened: OpenCentre
) -> None:
    case = opened.handling()  # 9 o'clock in Shanghai is 7 in Urumqi
    body = {"until": "2026-11-30T09:00:00+08:00", "note": "等材料"}
    assert opened.decide("department", case, "ask-suspension", **body).is_success
    desk = window.sign_in(window.open("/centre", size=DESK), "dispatcher")

    desk.click(f'.line[data-case="{case}"]')
    expect(desk.locator('[data-step="report"]')).to_contain_text("07:00")
    desk.fill('input[data-for="suspend"]', "2026-11-30")
    desk.fill("#note", "情况属实")
    desk.click('button[data-action="suspend"]')
    expect(desk.locator("article")).to_have_attribute("data-status", "suspended")

    with opened.centre.read() as uow:
        until = uow.cases.get(case).suspended_until
    assert until is not None
    assert until.isoformat() == "2026-11-30T03:00:00+00:00"
