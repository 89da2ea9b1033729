"""The same journey in every city that ships: what differs between them is read from their data."""

import json
import re
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import expect

from api.reports.audit import export_bundle, verify_centre
from api.reports.writing import Order, write_report
from dispatch.proof.recount import Tally
from dispatch.proof.recount_patrols import Patrols
from dispatch.proof.verify import found
from dispatch.transition import Action
from tests.api import pictures
from tests.api.open_centre import Building, OpenCentre, furnish
from tests.dispatch.city import CITIES, City, city_of
from tests.journeys.window import DESK, PHONE, Window

pytestmark = pytest.mark.xdist_group("every_city")


@pytest.fixture(scope="module", params=CITIES)
def building(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Building]:
    """A centre of each city, with people and one device."""
    folder = tmp_path_factory.mktemp(request.param)
    with furnish(folder / "centre", city=city_of(request.param)) as furnished:
        yield furnished


@pytest.fixture
def city(building: Building) -> City:
    """The city of the centre."""
    return building.city


def closed_case(opened: OpenCentre) -> str:
    case = opened.handled()
    opened.watch.later(hours=3)
    opened.drive()
    assert opened.decide("supervisor", case, "approve").status_code == 200
    return case


def test_a_find_becomes_a_closed_case_by_the_citys_own_rules(
    opened: OpenCentre, city: City
) -> None:
    case = closed_case(opened)

    story = opened.get("supervisor", f"/cases/{case}")
    said = json.dumps(story, ensure_ascii=False)

    category = city.profile.classes["road.pothole"]
    assert story["line"]["status"] == "closed"
    assert story["line"]["category"]["code"] == category.key.code
    assert story["line"]["grid"].startswith(city.profile.county)
    with opened.centre.read() as uow:
        dispatched = uow.cases.get(case).last(Action.DISPATCH)
    assert dispatched is not None
    assert dispatched.grounds["rule"] == city.rule.rule
    for words in (category.name_zh, category.filing_zh, category.closing_zh):
        assert words in said


def test_each_person_of_the_city_reads_every_list(opened: OpenCentre) -> None:
    closed_case(opened)
    paths = [
        path.removeprefix("/api/v1")
        for path, does in opened.server.app.openapi()["paths"].items()  # type: ignore[attr-defined]
        if "get" in does and "{" not in path and "/device" not in path
    ]

    answers = {
        (name, path): opened.phone(name).get(f"/api/v1{path}").status_code
        for path in paths
        for name in ("supervisor", "evaluator", "administrator")
    }

    assert len(paths) > 10
    assert {code for code in answers.values() if code >= 500} == set()


def test_the_month_and_the_record_of_a_city_add_up(
    opened: OpenCentre, city: City, tmp_path: Path
) -> None:
    case = closed_case(opened)
    with opened.centre.read() as uow:
        number = uow.cases.get(case).number

    written = tmp_path / "month.xlsx"
    write_report(Order(period="2026-11"), written, centre=opened.centre)
    export_bundle(tmp_path / "record.zip", "2026-11", frozenset(), centre=opened.centre)

    with zipfile.ZipFile(written) as book:
        text = "".join(book.read(name).decode() for name in book.namelist())
    assert number in text
    assert city.profile.departments[city.department].name_zh in text
    assert not verify_centre(None, centre=opened.centre).troubles
    assert not list(found(tmp_path / "record.zip", partial(Tally, patrols=Patrols)))


@pytest.mark.browser
def test_people_work_on_the_pages_in_the_citys_own_words(
    window: Window, opened: OpenCentre, city: City, tmp_path: Path
) -> None:
    category = city.profile.classes["road.pothole"]
    case = opened.dispatched()
    opened.watch.later(minutes=5)
    camera = tmp_path / "after.jpg"
    camera.write_bytes(pictures.road(pothole=False, mark="camera"))

    phone = window.sign_in(window.open("/worker", size=PHONE), "handler")
    phone.click(".card")
    expect(phone.locator("body")).to_contain_text(category.name_zh)
    phone.click("#accept")
    phone.click("#done")
    phone.set_input_files("#camera", camera)
    phone.click("#send")
    expect(phone.locator(".sent")).to_contain_text("已提交")

    desk = window.sign_in(window.open("/centre", size=DESK), "supervisor")
    desk.click(f'.line[data-case="{case}"]')
    expect(desk.locator('[data-step="file"]')).to_contain_text(category.filing_zh)
    expect(desk.locator('[data-step="dispatch"]')).to_contain_text(city.rule.rule)
    department = city.profile.departments[city.department]
    expect(desk.locator("article")).to_contain_text(department.name_zh)
    # Whatever the page says, it names no other city's ground.
    others = {city_of(name).profile.county for name in CITIES} - {city.profile.county}
    grids = set(re.findall(r"\b\d{15}\b", desk.locator("body").inner_text()))
    assert all(not grid.startswith(tuple(others)) for grid in grids)
