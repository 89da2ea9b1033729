"""A city begun from another: its custom to look over, none of its ground, what is still left."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.commands import app
from dispatch.city_files.profile_copy import FolderTaken, NewCity, copy_profile, still_of
from dispatch.city_files.profile_folder import PROFILES, check_profile
from tests.dispatch.city import CITIES

PILOT = NewCity(name_zh="试点“一”区", name_en='The "pilot"', county="998701")
GROUND = ("grids.geojson", "zones.geojson", "areas.geojson", "boundaries.geojson")


def begun(example: str, to: Path) -> Path:
    copy_profile(PROFILES / example, to, PILOT)
    return to


@pytest.mark.parametrize("example", CITIES)
def test_a_city_begun_from_another_lacks_nothing_but_ground(example: str, tmp_path: Path) -> None:
    city = begun(example, tmp_path / "city")
    for name in GROUND[1:]:
        shutil.copyfile(PROFILES / example / name, city / name)
    shutil.copyfile(PROFILES / example / "grids.geojson", city / "grids.geojson")

    faults = check_profile(city).faults

    # The ground copied here is another county's, and that is all that is wrong with it.
    assert faults
    assert {fault.file for fault in faults} <= set(GROUND)


def test_none_of_the_examples_ground_and_names_come_along(tmp_path: Path) -> None:
    city = begun("demo", tmp_path / "city")

    said = "".join(file.read_text(encoding="utf-8") for file in city.glob("*.*"))

    assert "示范" not in (city / "profile.toml").read_text(encoding="utf-8")
    assert "999901" not in (city / "profile.toml").read_text(encoding="utf-8")
    assert 'county = "998701"' in said
    assert not list(city.glob("*.geojson"))


def test_what_is_still_the_examples_is_counted_until_it_was_changed(tmp_path: Path) -> None:
    city = begun("demo", tmp_path / "city")
    before = {fault.file: fault for fault in still_of(PROFILES / "demo", city)}

    (city / "departments.csv").write_text("id,name_zh,name_en\nown,本市,Own\n", encoding="utf-8")

    after = {fault.file for fault in still_of(PROFILES / "demo", city)}
    assert before["departments.csv"].line == 2
    assert "5 行" in before["departments.csv"].zh
    assert after == set(before) - {"departments.csv"}


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(FolderTaken):
        copy_profile(PROFILES / "demo", tmp_path, PILOT)

    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_the_command_says_what_to_bring_next_and_the_check_what_is_left(tmp_path: Path) -> None:
    city = str(tmp_path / "city")
    order = ["--county", "998701", "--name-zh", "试点区", "--name-en", "Pilot"]

    made = CliRunner().invoke(app, ["profile", "new", city, "--from", "chaoling", *order])
    told = CliRunner().invoke(app, ["profile", "check", city, "--against", "chaoling"])

    assert made.exit_code == 0
    assert f"profile check {city} --against chaoling" in made.output
    assert told.exit_code == 1
    assert "grids.geojson:0" in told.output
    assert "12 行仍与示例 chaoling 相同" in told.output
