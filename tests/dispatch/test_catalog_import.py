"""A city takes the list of codes it bought into its profile: with its source, or every fault."""

import shutil
from pathlib import Path

import pytest

from dispatch.catalogue.catalog import ClassKey, Kind
from dispatch.catalogue.catalog_import import (
    Imported,
    NotAProfile,
    UnknownStandard,
    import_list,
    standard_named,
)
from dispatch.catalogue.codes import GBT_30428_2, GBT_47678_5
from dispatch.city_files.profile_folder import PROFILES, load_profile
from dispatch.files.datafile import FaultyData

OLD = GBT_30428_2.name
BOUGHT = "标准正文附录 A"


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROFILES / "demo", tmp_path / "city"))


def brought(
    city: Path, rows: str, *, header: str = "kind,code,name_zh\n", **said: object
) -> Imported:
    file = city.parent / "bought.csv"
    file.write_text(header + rows, encoding="utf-8")
    return import_list(file, into=city, **{"standard": OLD, "source": BOUGHT, **said})


def faults(city: Path, rows: str, **said: object) -> list[str]:
    before = sorted(file.name for file in (city / "catalogs").iterdir())
    with pytest.raises(FaultyData) as refused:
        brought(city, rows, **said)
    assert sorted(file.name for file in (city / "catalogs").iterdir()) == before
    return [str(fault) for fault in refused.value.faults]


def entry(city: Path, code: str, kind: Kind = Kind.MATTER) -> tuple[str, str, str]:
    found = load_profile(city).catalog.entries[ClassKey(standard=OLD, kind=kind, code=code)]
    return found.major_zh, found.name_zh, found.source


def test_new_codes_get_their_major_and_their_source(city: Path) -> None:
    done = brought(city, "事件,0114,道路遗撒\nmatter,0110,暴露垃圾\n部件,0118,路灯\n")

    assert (done.added, done.corrected, done.known) == (2, 0, 1)
    assert done.file.name == "gbt30428_2_2013.csv"
    assert entry(city, "0114") == ("市容环境", "道路遗撒", BOUGHT)
    assert entry(city, "0118", Kind.COMPONENT) == ("公用设施", "路灯", BOUGHT)


def test_the_same_list_a_second_time_changes_nothing(city: Path) -> None:
    first = brought(city, "matter,0114,道路遗撒\n")
    written = first.file.read_bytes()

    again = brought(city, "matter,0114,道路遗撒\n")

    assert (again.added, again.known) == (0, 1)
    assert first.file.read_bytes() == written


def test_a_later_list_joins_the_earlier_one(city: Path) -> None:
    brought(city, "matter,0114,道路遗撒\n")
    brought(city, "matter,0113,道路破损\n")

    assert {entry(city, code)[1] for code in ("0113", "0114")} == {"道路破损", "道路遗撒"}


@pytest.mark.parametrize(
    ("rows", "line", "said"),
    [
        ("matter,0114,道路遗撒\nmatter,0114,道路破损\n", 3, "与第 2 行重复"),
        ("matter,0110,垃圾成堆\n", 2, "暴露垃圾"),
        ("matter,06010,暴露垃圾\n", 2, "5 位，是 GB/T 47678.5-2026"),
        ("matter,01l4,道路遗撒\n", 2, "“l”"),
        ("matter,0714,某某\n", 2, "大类 07"),
        ("people,0114,道路遗撒\n", 2, "kind"),
        ("matter,0114,\n", 2, "name_zh"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_nothing_is_written(
    city: Path, rows: str, line: int, said: str
) -> None:
    (fault,) = faults(city, rows)

    assert fault.startswith(f"bought.csv:{line}:")
    assert said in fault


def test_all_faults_are_named_at_once(city: Path) -> None:
    said = faults(city, "matter,0110,垃圾\nmatter,1,某\nmatter,0114,道路遗撒\n")

    assert {each.split(":")[1] for each in said} == {"2", "3"}


def test_a_list_that_states_no_source_is_refused(city: Path) -> None:
    (fault,) = faults(city, "matter,0114,道路遗撒\n", source="")

    assert "--source" in fault


def test_a_list_of_another_standard_is_refused(city: Path) -> None:
    header = "standard,kind,code,name_zh\n"

    said = faults(city, f"{GBT_47678_5.name},matter,0114,道路遗撒\n", header=header)

    assert any("标准是 GB/T 47678.5-2026" in each for each in said)


def test_a_city_that_bought_the_text_may_correct_what_ships(city: Path) -> None:
    done = brought(city, "matter,0136,乱堆物料（原文）\n", overrule=True)

    assert (done.added, done.corrected) == (0, 1)
    assert entry(city, "0136")[1:] == ("乱堆物料（原文）", BOUGHT)


def test_local_codes_go_into_the_citys_own_list(city: Path) -> None:
    header = "kind,code,major_zh,name_zh\n"

    done = brought(city, "matter,L0009,地方扩展类,边坡滑塌\n", header=header, standard="local:demo")

    assert done.file.name == "local.csv"
    assert len(done.file.read_text(encoding="utf-8").splitlines()) == 5


def test_a_major_of_a_citys_own_names_the_majors_of_its_codes(city: Path) -> None:
    done = brought(city, "matter,21,地方扩展\nmatter,2101,共享单车\n")

    assert done.added == 2
    assert entry(city, "2101")[0] == "地方扩展"


def test_a_standard_is_known_by_its_slug_and_its_name() -> None:
    assert standard_named("gbt30428.2-2013") == standard_named(OLD) == OLD
    assert standard_named("local:demo") == "local:demo"
    with pytest.raises(UnknownStandard, match="local:CITY"):
        standard_named("iso1")


def test_a_folder_that_is_no_profile_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAProfile, match="no city profile"):
        brought(Path(tmp_path), "matter,0114,道路遗撒\n")
