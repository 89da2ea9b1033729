"""A profile is spoilt in one place, whatever the place: the check names its file and line."""

import csv
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from api.commands import app
from dispatch.city_files.profile_folder import PROFILES, check_profile
from tests.dispatch.city import CITIES

DEMO = PROFILES / "demo"
SEEDS = st.randoms(use_true_random=False)
MODEST = settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
Features = list[dict[str, Any]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A place for copies of the demonstration profile."""
    return tmp_path / "city"


def spoilt(folder: Path, name: str, text: str) -> set[tuple[str, int]]:
    """Give where the check finds faults when a file of the demonstration reads otherwise."""
    shutil.copytree(DEMO, folder, dirs_exist_ok=True)
    if not name.endswith(".geojson"):  # one grid a community is enough, and quick
        (folder / "areas.geojson").unlink()
        (folder / "grids.geojson").write_text(collected(features_of("grids.geojson")[::100]))
        streets = "999901001,示范街道,A,,\n999901002,桥北街道,B,,\n"
        with (folder / "areas.csv").open("a", encoding="utf-8") as file:
            file.write(streets)
        text += streets if name == "areas.csv" else ""
    (folder / name).write_text(text, encoding="utf-8")
    return {(fault.file, fault.line) for fault in check_profile(folder).faults}


def settings_lines() -> Iterator[int]:
    for number, line in enumerate((DEMO / "profile.toml").read_text("utf-8").splitlines(), 1):
        if " = " in line and not line.startswith("#"):
            yield number


def rows_of(name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO((DEMO / name).read_text("utf-8"))))


def written(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def features_of(name: str) -> Features:
    features: Features = json.loads((DEMO / name).read_text("utf-8"))["features"]
    return features


def collected(features: Features) -> str:
    """Write features a line each, the first on line 2."""
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in features)
    return '{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n"


@pytest.mark.parametrize("city", CITIES)
def test_a_city_that_ships_has_no_fault(city: str) -> None:
    assert check_profile(PROFILES / city).faults == ()


@pytest.mark.parametrize("line", list(settings_lines()))
def test_a_misspelt_setting_is_named_on_its_line(folder: Path, line: int) -> None:
    lines = (DEMO / "profile.toml").read_text("utf-8").splitlines()
    key, value = lines[line - 1].split(" = ", 1)
    lines[line - 1] = (f'{key[:-1]}x"' if key.endswith('"') else f"{key}x") + f" = {value}"

    assert ("profile.toml", line) in spoilt(folder, "profile.toml", "\n".join(lines))


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("areas.csv", "id"),
        ("areas.csv", "name_zh"),
        ("classes.csv", "label"),
        ("classes.csv", "code"),
        ("classes.csv", "hazard"),
        ("limits.csv", "label"),
        ("departments.csv", "name_en"),
        ("responsibility.csv", "owner"),
        ("responsibility.csv", "department"),
        ("reasons.csv", "action"),
        ("reasons.csv", "name_zh"),
        ("zone_rules.csv", "kind"),
        ("zone_rules.csv", "becomes"),
    ],
)
@MODEST
@given(random=SEEDS, bad=st.sampled_from(["", "?", "不知道"]))
def test_a_cell_that_says_nothing_fit_is_named_with_its_line_and_column(
    folder: Path, name: str, column: str, random: Any, bad: str
) -> None:
    rows = rows_of(name)
    line = random.randrange(2, len(rows) + 1)
    names = column.startswith("name_") or column == "owner"
    rows[line - 1][rows[0].index(column)] = "" if names else bad

    assert (name, line) in spoilt(folder, name, written(rows))


@pytest.mark.parametrize(
    "name", ["areas.csv", "classes.csv", "departments.csv", "responsibility.csv", "reasons.csv"]
)
def test_a_line_with_a_cell_too_many_or_said_twice_is_named(folder: Path, name: str) -> None:
    rows = rows_of(name)
    longer, twice = [*rows], [*rows, rows[1]]
    longer[2] = [*rows[2], "more"]

    assert (name, 3) in spoilt(folder, name, written(longer))
    assert (name, len(twice)) in spoilt(folder, name, written(twice))


@pytest.mark.parametrize("name", ["areas.csv", "departments.csv", "responsibility.csv"])
def test_a_column_that_is_missing_or_unknown_is_named_once(folder: Path, name: str) -> None:
    rows = rows_of(name)
    rows[0][-1 if name == "responsibility.csv" else 1] = "sonst"
    shutil.copytree(DEMO, folder)
    (folder / name).write_text(written(rows), encoding="utf-8")

    found = [fault for fault in check_profile(folder).faults if fault.file == name]

    assert [fault.line for fault in found] == [1, 1]


@pytest.mark.parametrize("name", ["grids.geojson", "areas.geojson", "zones.geojson"])
@MODEST
@given(random=SEEDS)
def test_a_feature_that_is_amiss_is_named_on_its_line(folder: Path, name: str, random: Any) -> None:
    features = features_of(name)
    number = random.randrange(len(features))
    amiss = features[number]
    match random.randrange(6):
        case 0:
            del amiss["properties"]["id"]
        case 1:
            amiss["properties"]["valid_from"] = "2026-02-30"
        case 2:
            amiss["properties"]["valid_until"] = "2025-12-31"
        case 3:
            amiss["geometry"] = {"type": "Point", "coordinates": [110.0, 30.0]}
        case 4:
            amiss["geometry"]["coordinates"][0][0][0] = 4e5
        case 5:
            features.append(features[number])
            number = len(features) - 1

    assert (name, number + 2) in spoilt(folder, name, collected(features))


def test_a_grid_over_its_streets_border_is_named_with_how_much(folder: Path) -> None:
    features = features_of("areas.geojson")
    ring = features[0]["geometry"]["coordinates"][0]
    features[0]["geometry"]["coordinates"][0] = [[x, min(y, 30.0)] for x, y in ring]
    shutil.copytree(DEMO, folder)
    (folder / "areas.geojson").write_text(collected(features), encoding="utf-8")

    found = check_profile(folder).faults

    # 20 grids in the row, each 50 m beyond the border that was moved south.
    assert len(found) == 20
    assert all("m² of 99990100100" in fault.en and "999901001 at" in fault.en for fault in found)
    sizes = [float(fault.en.split(" m²")[0]) for fault in found]
    assert sizes == pytest.approx([5000.0] * 20, rel=0.01)


def test_ground_of_a_street_without_a_grid_is_named_with_its_place(folder: Path) -> None:
    features = [
        each
        for each in features_of("grids.geojson")
        if each["properties"]["id"] != "999901001001003"
    ]
    shutil.copytree(DEMO, folder)
    (folder / "grids.geojson").write_text(collected(features), encoding="utf-8")

    (gap,) = check_profile(folder).faults

    assert (gap.file, gap.line) == ("areas.geojson", 2)
    assert "10000 m²" in gap.en
    assert "29.9919" in gap.en


def test_what_is_smaller_than_the_citys_tolerance_is_no_gap(folder: Path) -> None:
    features = features_of("areas.geojson")
    ring = features[1]["geometry"]["coordinates"][0]
    features[1]["geometry"]["coordinates"][0] = [[x, min(y, 30.00944)] for x, y in ring]
    narrow = spoilt(folder, "areas.geojson", collected(features))
    with (folder / "profile.toml").open("a", encoding="utf-8") as file:
        file.write("\n[areas]\ntolerance_m2 = 50.0\n")

    assert narrow
    assert check_profile(folder).faults == ()


def test_a_file_that_is_not_read_is_warned_about(folder: Path) -> None:
    shutil.copytree(DEMO, folder)
    (folder / "responsability.csv").write_text("rule\n", encoding="utf-8")

    found = check_profile(folder)

    assert found.faults == ()
    assert "responsability.csv" in {warning.file for warning in found.warnings}


def test_the_command_names_all_faults_and_ends_with_1(folder: Path) -> None:
    shutil.copytree(DEMO, folder)
    (folder / "departments.csv").unlink()
    rows = rows_of("areas.csv")
    rows[2][0] = "99990100"
    (folder / "areas.csv").write_text(written(rows), encoding="utf-8")

    told = CliRunner().invoke(app, ["profile", "check", str(folder)])
    as_json = CliRunner().invoke(app, ["profile", "check", str(folder), "--json"])

    assert told.exit_code == as_json.exit_code == 1
    assert f"{folder}/areas.csv:3:" in told.stdout
    assert f"{folder}/departments.csv:0:" in told.stdout
    assert {"file": "areas.csv", "line": 3, "column": "id"}.items() <= min(
        (each for each in json.loads(as_json.stdout)["faults"] if each["file"] == "areas.csv"),
        key=lambda each: each["line"],
    ).items()


def test_the_command_says_what_a_sound_profile_holds() -> None:
    told = CliRunner().invoke(app, ["profile", "check", "demo"])
    english = CliRunner().invoke(app, ["profile", "check", "demo", "--english"])

    assert told.exit_code == english.exit_code == 0
    assert "没有错误" in told.stdout
    assert "400 unit grids" in english.stdout
    assert "没有错误" not in english.stdout
