"""A city as a folder of data: what is read, and every fault said with file and line."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dispatch.city.calendar_gap import gap_warnings
from dispatch.city_files.profile_folder import PROFILES, load_profile
from dispatch.files.datafile import FaultyData
from dispatch.ground.place import Place
from tests.dispatch.city import demo_profile

DAY = date(2026, 11, 20)
Edit = Callable[[str], str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the demonstration profile that may be spoilt."""
    return Path(shutil.copytree(PROFILES / "demo", tmp_path / "city"))


def spoil(folder: Path, name: str, edit: Edit) -> None:
    file = folder / name
    file.write_text(edit(file.read_text(encoding="utf-8")), encoding="utf-8")


def faults(folder: Path) -> list[str]:
    with pytest.raises(FaultyData) as refused:
        load_profile(folder)
    return [str(fault) for fault in refused.value.faults]


def replaced(old: str, new: str) -> Edit:
    return lambda text: text.replace(old, new, 1)


def test_the_demonstration_profile_is_whole() -> None:
    profile = demo_profile()

    assert len(profile.grids.grids) == 400
    limits = profile.limits.limits("road.crack", severity=None, day=DAY)
    assert limits is not None
    assert limits.handling.written == "5工作日"
    assert profile.classes["road.pothole"].key.code == "06013"


def test_a_year_without_a_plan_of_holidays_is_named_before_a_limit_reaches_into_it() -> None:
    known = max(demo_profile().calendar.years)
    summer, winter = (datetime(known, month, 21, tzinfo=UTC) for month in (6, 12))

    assert gap_warnings(demo_profile(), now=summer) == ()
    (warning,) = gap_warnings(demo_profile(), now=winter)
    assert str(known + 1) in warning.zh
    assert str(known + 1) in warning.en


def test_swapped_days_of_the_national_plan_are_worked() -> None:
    calendar = demo_profile().calendar

    assert not calendar.works_on(date(2026, 10, 1))
    assert calendar.works_on(date(2026, 10, 10))


def test_a_citys_own_day_goes_before_the_national_plan(folder: Path) -> None:
    days = "date,kind,note\n2026-10-01,workday,重大活动\n2026-11-20,holiday,\n"
    (folder / "calendar.csv").write_text(days, encoding="utf-8")

    calendar = load_profile(folder).calendar

    assert calendar.works_on(date(2026, 10, 1))
    assert not calendar.works_on(date(2026, 11, 20))
    assert not calendar.works_on(date(2026, 10, 2))


def test_a_year_of_the_citys_own_takes_nothing_from_the_national_plan(folder: Path) -> None:
    spoil(folder, "profile.toml", replaced("# The national plan", "own_years = [2026]\n#"))
    (folder / "calendar.csv").write_text("date,kind\n2026-01-01,holiday\n", encoding="utf-8")

    calendar = load_profile(folder).calendar

    assert not calendar.works_on(date(2026, 1, 1))
    assert calendar.works_on(date(2026, 10, 1))


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("2026-10-01,workday,\n2026-10-01,holiday,\n", "calendar.csv:3:"),
        ("2026-10-32,workday,\n", "calendar.csv:2:"),
        ("2026-10-01,rest,\n", "calendar.csv:2:"),
    ],
)
def test_a_day_that_cannot_be_is_named(folder: Path, days: str, said: str) -> None:
    (folder / "calendar.csv").write_text(f"date,kind,note\n{days}", encoding="utf-8")

    assert any(said in fault for fault in faults(folder))


def test_a_year_said_to_be_the_citys_own_needs_its_days(folder: Path) -> None:
    spoil(folder, "profile.toml", replaced("# The national plan", "own_years = [2028]\n#"))

    assert any("2028" in fault and "own_years" in fault for fault in faults(folder))


@pytest.mark.parametrize(
    "shifts", ['[["08:00", "20:00"], ["20:00", "08:00"]]', '[["22:00", "06:00"]]']
)
def test_a_shift_may_run_past_midnight(folder: Path, shifts: str) -> None:
    spoil(folder, "profile.toml", replaced('[["08:00", "12:00"], ["14:00", "18:00"]]', shifts))

    assert load_profile(folder).calendar.shifts


@pytest.mark.parametrize(
    ("name", "edit", "said"),
    [
        ("profile.toml", replaced("close_at = 0.97", "close_at = 1.7"), "profile.toml:20:"),
        ("profile.toml", replaced("open_at = 0.8\n", ""), "verification.open_at"),
        ("limits.csv", replaced("0.5紧急工作时", "半小时"), "limits.csv:2:"),
        ("profile.toml", replaced("Asia/Shanghai", "Asia/Nowhere"), "profile.toml:5:"),
        ("profile.toml", replaced("[calendar]", "[calendar"), "profile.toml:7:"),
        ("profile.toml", replaced('"12:00"], ["14:00"', '"14:00"], ["12:00"'), "calendar"),
        ("profile.toml", replaced("rework = 0.2", "closed = 0.2"), "not closed"),
        ("profile.toml", replaced(", E = 0 }", " }"), "begins at 0"),
        ("profile.toml", replaced("sweep_months = 12", "sweep_months = 0"), "sweep_months"),
        ("classes.csv", replaced(",06013,", ",06999,"), "classes.csv:2:"),
        ("limits.csv", replaced("2工作日,,5工作日", "两天,,5工作日"), "limits.csv:3:"),
        ("classes.csv", replaced("area_m2,0.5", "area_m2,"), "classes.csv:2:"),
        ("classes.csv", replaced("road.crack,", "road.pothole,"), "classes.csv:3:"),
        ("classes.csv", replaced("道路破损(坑槽),", "道路破损,坑槽,"), "classes.csv:2:"),
        ("departments.csv", replaced("parks,", "roads,"), "departments.csv:5:"),
        ("responsibility.csv", replaced(",,roads", ",,water"), "responsibility.csv:2:"),
        ("responsibility.csv", replaced("R2,sanitation.*", "R2,road.*"), "R1"),
        ("zone_rules.csv", replaced("sanitation.dumping", "sanitation.heap"), "zone_rules.csv:7:"),
        ("zone_rules.csv", replaced("Z2,", "Z1,"), "zone_rules.csv:3:"),
        ("zone_rules.csv", replaced("dumping,,,", "bridge,,,"), "zone_rules.csv:7:"),
        ("zone_rules.csv", replaced("180,10,120", "180,120,10"), "zone_rules.csv:3:"),
        ("zone_rules.csv", replaced("180,10,120", "180,10,"), "zone_rules.csv:3:"),
        ("zone_rules.csv", replaced("600,20,240", "600,20,600"), "zone_rules.csv:5:"),
        ("zone_rules.csv", replaced("180,10", "soon,10"), "zone_rules.csv:3:"),
        ("zone_rules.csv", replaced("Z2,traffic.vehicle", "Z2,traffic.person"), "of persons"),
        (
            "classes.csv",
            replaced(
                "已驶离,Gone,near context before after,false,true,true,true",
                "已驶离,Gone,near,false,false,true,true",
            ),
            "rules.csv:3:",
        ),
        ("profile.toml", replaced("ask_inside = 0.5", "ask_inside = 0.95"), "profile.toml:"),
        ("zones.geojson", replaced('"kind":"green"', '"kind":"绿地"'), "zones.geojson:5:"),
        ("zones.geojson", replaced("16:30-19:00", "half past"), "zones.geojson:2:"),
        ("zones.geojson", replaced('"days":"working"', '"days":"weekdays"'), "zones.geojson:2:"),
        ("zones.geojson", replaced('"NS2"', '"NS1"'), "zones.geojson:3:"),
        ("zones.geojson", replaced("[[[110.003,30.003],", "[[["), "zones.geojson:2:"),
        ("grids.geojson", replaced('"owner":"park"', '"owner":""'), "grids.geojson:2:"),
        ("grids.geojson", replaced("999901001001002", "99990100100100"), "grids.geojson:3:"),
    ],
)
def test_every_fault_is_said_with_its_file_and_line(
    folder: Path, name: str, edit: Edit, said: str
) -> None:
    spoil(folder, name, edit)

    assert any(said in fault for fault in faults(folder))


def test_all_faults_are_named_at_once(folder: Path) -> None:
    spoil(folder, "profile.toml", replaced("close_at = 0.97", "close_at = 1.7"))
    spoil(folder, "classes.csv", replaced(",06013,", ",06999,"))
    (folder / "departments.csv").unlink()

    named = {fault.split(":")[0] for fault in faults(folder)}

    assert {"profile.toml", "classes.csv", "departments.csv"} <= named


def shifted(text: str, by_deg: float) -> str:
    """Move the first grid eastwards, onto its neighbour."""
    grids = json.loads(text)
    ring = grids["features"][0]["geometry"]["coordinates"][0]
    grids["features"][0]["geometry"]["coordinates"][0] = [[x + by_deg, y] for x, y in ring]
    return json.dumps(grids)


def test_overlapping_grids_are_named_with_the_ground_they_share(folder: Path) -> None:
    spoil(folder, "grids.geojson", lambda text: shifted(text, 0.0002))

    said = faults(folder)

    assert any("999901001001001" in each and "重叠" in each for each in said)


def test_a_hole_between_grids_is_named_with_its_place(folder: Path) -> None:
    def without_one(text: str) -> str:
        grids = json.loads(text)
        del grids["features"][30]
        return json.dumps(grids)

    spoil(folder, "grids.geojson", without_one)

    said = faults(folder)

    assert any("不属于任何网格" in each for each in said)


@pytest.mark.parametrize(
    ("geometry", "said"),
    [
        ({"type": "Point", "coordinates": [110.0, 30.0]}, "单个多边形"),
        (
            {
                "type": "Polygon",
                "coordinates": [[[110, 30], [111, 31], [111, 30], [110, 31], [110, 30]]],
            },
            "边界有误",
        ),
        (
            {
                "type": "Polygon",
                "coordinates": [[[4e5, 3e6], [5e5, 3e6], [5e5, 4e6], [4e5, 3e6]]],
            },
            "不是经纬度",
        ),
        (None, "单个多边形"),
    ],
)
def test_a_grid_without_a_sound_outline_is_named(folder: Path, geometry: object, said: str) -> None:
    def broken(text: str) -> str:
        grids = json.loads(text)
        grids["features"][0]["geometry"] = geometry
        return json.dumps(grids)

    spoil(folder, "grids.geojson", broken)

    assert any(said in fault for fault in faults(folder))


def test_grids_of_another_county_are_refused(folder: Path) -> None:
    spoil(folder, "profile.toml", replaced('county = "999901"', 'county = "110101"'))

    assert any("110101" in fault for fault in faults(folder))


def test_a_grid_that_ends_makes_room_for_the_next(folder: Path) -> None:
    def regridded(text: str) -> str:
        grids = json.loads(text)
        old = grids["features"][0]
        new = json.loads(json.dumps(old))
        old["properties"]["valid_until"] = "2026-06-30"
        new["properties"] |= {"valid_from": "2026-07-01", "owner": "municipal"}
        grids["features"].append(new)
        return json.dumps(grids)

    spoil(folder, "grids.geojson", regridded)

    grids = load_profile(folder).grids
    inside = grids.grids[0].polygon.representative_point()
    before = grids.holding(inside.y, inside.x, day=date(2026, 6, 30))
    after = grids.holding(inside.y, inside.x, day=date(2026, 7, 1))
    assert before is not None
    assert after is not None
    assert (before.owner, after.owner) == ("park", "municipal")


def test_the_shares_of_a_position_in_the_middle_of_a_grid_are_one() -> None:
    place = Place(latitude=30.0, longitude=110.0, ee=4.0, en=0.0, nn=4.0)

    (share,) = demo_profile().grids.shares(place, day=DAY)

    assert share.share == 1.0


def test_a_point_outside_every_grid_is_in_none() -> None:
    assert demo_profile().grids.holding(31.0, 110.0, day=DAY) is None


def test_a_city_without_zones_has_no_rules_about_them(folder: Path) -> None:
    (folder / "zones.geojson").unlink()
    (folder / "zone_rules.csv").unlink()

    assert load_profile(folder).zoning is None


def test_rules_without_zones_or_without_how_sure_they_have_to_be_are_named(folder: Path) -> None:
    spoil(
        folder,
        "profile.toml",
        lambda text: text[: text.index("[zones]")] + text[text.index("[automation]") :],
    )
    (folder / "zones.geojson").unlink()

    said = faults(folder)

    assert any(each.startswith("zones.geojson:0:") for each in said)
    assert any("[zones]" in each for each in said)


@pytest.mark.parametrize(
    ("basemap", "fault"),
    [
        ('tiles = "https://tiles.test/{z}/{x}.png"', "names {z}, {x} and {y}"),
        ('tiles = "ftp://tiles.test/{z}/{x}/{y}"', "pattern"),
        ("tiles = \"https://a.test/{z}/{x}/{y}; script-src 'self'\"", "pattern"),
        ('datum = "gcj02"', "belongs to an address"),
        ('datum = "mars"', "datum"),
        ('navigation = "compass"', "navigation"),
    ],
)
def test_a_basemap_that_cannot_be_drawn_is_refused(folder: Path, basemap: str, fault: str) -> None:
    spoil(folder, "profile.toml", lambda text: f"{text}\n[basemap]\n{basemap}\n")

    said = next(each for each in faults(folder) if "basemap" in each)

    assert fault in said
