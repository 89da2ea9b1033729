"""A city draws its grids anew: what was counted stays, and what comes goes by the new ones."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatch.case.case import Case
from dispatch.city.profile import Profile
from dispatch.city_files.profile_folder import PROFILES, check_profile, load_profile
from dispatch.clocks.period import Period
from dispatch.figures.evaluation import figures, parts_of
from dispatch.indicators.formula import Grouping
from dispatch.ports.unit_of_work import FactFilter, UnitOfWork
from tests.dispatch.city import MONDAY, City

Begin = Callable[[], UnitOfWork]
NEW_FROM = date(2026, 12, 1)
NOVEMBER = Period(
    start=datetime(2026, 10, 31, 16, tzinfo=UTC), end=datetime(2026, 11, 30, 16, tzinfo=UTC)
)


def regridded(features: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """End every grid of one community and merge each row of ten into one grid of a new number."""
    old = [f for f in features if f["properties"]["id"].startswith("999901001002")]
    for feature in old:
        feature["properties"]["valid_until"] = str(NEW_FROM - timedelta(days=1))
    new = []
    for row in range(10):
        ring = [f["geometry"]["coordinates"][0] for f in old[10 * row : 10 * row + 10]]
        west, south = ring[0][0]
        east, north = ring[-1][2]
        outline = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        properties = {"id": f"9999010010029{row:02d}", "owner": "municipal"}
        properties["valid_from"] = str(NEW_FROM)
        geometry = {"type": "Polygon", "coordinates": [outline]}
        new.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return [*features, *new]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration with two generations of grids, and a community that is renamed."""
    city = tmp_path_factory.mktemp("regridded") / "city"
    shutil.copytree(PROFILES / "demo", city)
    grids = json.loads((city / "grids.geojson").read_text("utf-8"))
    grids["features"] = regridded(grids["features"])
    lines = ",\n".join(json.dumps(each) for each in grids["features"])
    text = '{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n"
    (city / "grids.geojson").write_text(text, encoding="utf-8")
    areas = (city / "areas.csv").read_text("utf-8")
    named = "999901001002,学府社区,College Community,2026-01-01,"
    assert named in areas
    renamed = f"{named}2026-11-30\n999901001002,大学城社区,University Community,{NEW_FROM},"
    (city / "areas.csv").write_text(areas.replace(named, renamed), encoding="utf-8")
    return city


@pytest.fixture(scope="module")
def renewed(folder: Path) -> Profile:
    return load_profile(folder)


def counted(city: City, by: Grouping) -> dict[str, Any]:
    policy = city.profile.indicators
    with city.uow as uow:
        window = NOVEMBER.known_at(NOVEMBER.end)
        groups = uow.facts.count(parts_of(policy), window, FactFilter(by=by))
    return {group: figures(counts, policy=policy) for group, counts in groups.items()}


def reported(city: City, name: str) -> Case:
    case = city.take_up(city.see(name))
    assert case is not None
    return case


def test_two_generations_side_by_side_are_no_fault(folder: Path) -> None:
    found = check_profile(folder)

    assert found.faults == ()
    assert not [each for each in found.warnings if each.file == "grids.geojson"]


@pytest.mark.parametrize("by", [Grouping.STREET, Grouping.COMMUNITY, Grouping.GRID])
def test_last_months_figures_stay_and_new_cases_lie_in_new_grids(
    begin: Begin, profile: Profile, renewed: Profile, by: Grouping
) -> None:
    city = City(begin=begin, profile=profile)
    old = reported(city, "1")
    before = counted(city, by)

    city.profile, city.now = renewed, MONDAY + timedelta(days=20)
    new = reported(city, "2")

    assert counted(city, by) == before
    assert before
    assert old.grid is not None
    assert new.grid is not None
    assert (old.grid[:12], new.grid[:13]) == ("999901001002", "9999010010029")
    assert city.case(old.id).grid == old.grid


def test_a_place_lies_in_the_grid_of_the_day(renewed: Profile) -> None:
    last = NEW_FROM - timedelta(days=1)
    before = renewed.grids.holding(29.996, 110.005, day=last)
    after = renewed.grids.holding(29.996, 110.005, day=NEW_FROM)

    assert before is not None
    assert after is not None
    assert not before.id.startswith("9999010010029")
    assert after.id.startswith("9999010010029")
    assert renewed.grids.on(before.id, day=last) is before


def test_an_area_is_called_as_it_was_called_on_the_day(renewed: Profile) -> None:
    names = [
        area.name_zh if (area := renewed.areas.get("999901001002", day=day)) else None
        for day in (NEW_FROM - timedelta(days=1), NEW_FROM)
    ]

    assert names == ["学府社区", "大学城社区"]


def test_ground_that_loses_its_grid_is_warned_about(folder: Path, tmp_path: Path) -> None:
    city = tmp_path / "city"
    shutil.copytree(folder, city)
    grids = json.loads((city / "grids.geojson").read_text("utf-8"))
    grids["features"].pop()
    (city / "grids.geojson").write_text(json.dumps(grids), encoding="utf-8")
    (city / "areas.geojson").unlink()
    with (city / "areas.csv").open("a", encoding="utf-8") as file:
        file.write("999901001,示范街道,A,,\n999901002,桥北街道,B,,\n")

    found = check_profile(city)

    said = [each.zh for each in (*found.faults, *found.warnings) if each.file == "grids.geojson"]
    assert any("此后" in each and "无网格" in each for each in said)
