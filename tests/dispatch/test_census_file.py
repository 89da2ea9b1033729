"""A census as cities hand it over: two lengths of ids, three datums, and every fault by line."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dispatch.catalogue.component import AccuracyClass, Component, Condition
from dispatch.city.profile import Profile
from dispatch.city_files.census_file import CENSUS, read_census
from dispatch.city_files.profile_folder import PROFILES
from dispatch.files.datafile import DataFolder
from dispatch.ground.datum import Datum, from_wgs84

DAY = date(2026, 3, 1)
HEAD = "id,accuracy,owner,condition,name,latitude,longitude\n"
SEWER = "99990101002000001,B,drainage,intact,井,30.001,110.001\n"
OLDER = "9999010102000007,A,drainage,,,30.002,110.002\n"


def read(
    folder: Path, text: str, profile: Profile, *, name: str = "c.csv", datum: Datum | None = None
) -> tuple[list[Component], DataFolder]:
    (folder / name).write_text(text, encoding="utf-8")
    data = DataFolder(path=folder)
    found = read_census(data, name, profile=profile, day=DAY, datum=datum)
    return [each for _, each in found], data


def test_ids_of_both_standards_stand_in_one_file(tmp_path: Path, profile: Profile) -> None:
    (sewer, older), data = read(tmp_path, HEAD + SEWER + OLDER, profile)

    assert data.faults == []
    assert (sewer.type, older.type) == (
        ("GB/T 47678.5-2026", "01002"),
        ("GB/T 30428.2-2013", "0102"),
    )
    assert (older.accuracy, older.condition) == (AccuracyClass.A, Condition.INTACT)
    assert {sewer.valid_from, older.valid_from} == {DAY}


@pytest.mark.parametrize("datum", Datum)
def test_positions_become_wgs_84(tmp_path: Path, profile: Profile, datum: Datum) -> None:
    shown = from_wgs84(30.001, 110.001, datum)
    row = f"99990101002000001,B,drainage,,,{shown[0]:.9f},{shown[1]:.9f}\n"

    (found,), data = read(tmp_path, HEAD + row, profile, datum=datum)

    assert (found.latitude, found.longitude) == pytest.approx((30.001, 110.001), abs=1e-8)
    assert data.warnings == []


def test_the_profiles_datum_counts_where_the_command_names_none(
    tmp_path: Path, profile: Profile
) -> None:
    assert profile.registry is not None
    shown = from_wgs84(30.001, 110.001, Datum.GCJ02)
    gcj = profile.registry.model_copy(update={"datum": Datum.GCJ02})
    row = f"99990101002000001,B,drainage,,,{shown[0]:.9f},{shown[1]:.9f}\n"

    (found,), _ = read(tmp_path, HEAD + row, replace(profile, registry=gcj))

    assert found.latitude == pytest.approx(30.001, abs=1e-8)


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("9999010100200001,B,drainage,,,30.001,110.001\n", "id", "没有类别 0100"),
        ("999901010020000010,B,drainage,,,30.001,110.001\n", "id", "18 位"),
        ("11010101002000001,B,drainage,,,30.001,110.001\n", "id", "999901"),
        ("99990199002000001,B,drainage,,,30.001,110.001\n", "id", "99002"),
        ("9999010100200000x,B,drainage,,,30.001,110.001\n", "id", "半角数字"),
        ("99990101002000001,D,drainage,,,30.001,110.001\n", "accuracy", "其中之一"),
        ("99990101002000001,B,,,,30.001,110.001\n", "owner", "缺少"),
        ("99990101002000001,B,drainage,rusty,,30.001,110.001\n", "condition", "其中之一"),
        ("99990101002000001,B,drainage,,,3000.1,110.001\n", "latitude", "不大于 90"),
        ("99990101002000001,B,drainage,,,30.001,x\n", "longitude", "应为数字"),
    ],
)
def test_what_is_wrong_with_a_component_is_named_by_line_and_column(
    tmp_path: Path, profile: Profile, row: str, column: str, said: str
) -> None:
    found, data = read(tmp_path, HEAD + OLDER + row, profile)

    (fault,) = data.faults
    assert (fault.line, fault.column) == (3, column)
    assert said in fault.zh
    assert [each.id for each in found] == ["9999010102000007"]


def test_an_id_that_stands_twice_or_contradicts_its_code_is_named(
    tmp_path: Path, profile: Profile
) -> None:
    _, twice = read(tmp_path, HEAD + SEWER + OLDER + SEWER, profile)
    with_code = "id,code,accuracy,owner,latitude,longitude\n"
    row = "99990101002000001,01004,B,drainage,30.001,110.001\n"
    _, other = read(tmp_path, with_code + row, profile)

    assert [(fault.line, fault.column) for fault in twice.faults] == [(4, "id")]
    assert "第 2 行" in twice.faults[0].zh
    assert [(fault.line, fault.column) for fault in other.faults] == [(2, "code")]


def test_ground_outside_the_grids_and_owners_without_a_rule_are_warned_about(
    tmp_path: Path, profile: Profile
) -> None:
    row = "99990101002000001,B,nobody,,,31.0,110.001\n"

    found, data = read(tmp_path, HEAD + row, profile)

    assert len(found) == 1
    assert [(each.line, each.column) for each in data.warnings] == [(2, "latitude"), (2, "owner")]


def test_a_census_may_be_geojson(tmp_path: Path, profile: Profile) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"id": f"9999010100200000{n}", "accuracy": "B", "owner": "drainage"},
            "geometry": {"type": kind, "coordinates": [110.001, 30.001] if n else []},
        }
        for n, kind in ((1, "Point"), (0, "LineString"))
    ]
    lines = ",\n".join(map(json.dumps, features))
    text = '{"type":"FeatureCollection","features":[\n' + lines + "\n]}"

    (found,), data = read(tmp_path, text, profile, name="c.geojson")

    assert (found.latitude, found.longitude) == (30.001, 110.001)
    assert [(fault.line, fault.column) for fault in data.faults] == [(3, "geometry")]


def test_the_demonstrations_census_is_sound(profile: Profile) -> None:
    data = DataFolder(path=PROFILES / "demo")

    found = list(read_census(data, CENSUS, profile=profile, day=DAY))

    assert len(found) == 16
    assert (data.faults, data.warnings) == ([], [])
