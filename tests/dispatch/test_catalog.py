"""The directories of codes as data: whole, cited, told apart, mapped where the mapping is known."""

import shutil
from pathlib import Path

import pytest

from dispatch.catalogue.catalog import Catalog, ClassKey, Kind, Relation
from dispatch.catalogue.catalog_file import CATALOGS, OF_A_CITY, read_catalog, shipped_catalog
from dispatch.catalogue.codes import GBT_30428_2, GBT_47678_5
from dispatch.city_files.profile_folder import PROFILES, check_profile
from dispatch.files.datafile import DataFolder
from tests.dispatch.city import demo_profile

NEW, OLD = GBT_47678_5.name, GBT_30428_2.name
HEADER = "standard,kind,code,major_zh,name_zh,source\n"


def matter(code: str, standard: str = NEW) -> ClassKey:
    return ClassKey(standard=standard, kind=Kind.MATTER, code=code)


def component(code: str, standard: str = NEW) -> ClassKey:
    return ClassKey(standard=standard, kind=Kind.COMPONENT, code=code)


def of_standard(catalog: Catalog, standard: str) -> list[ClassKey]:
    return [key for key in catalog.entries if key.standard == standard]


def faults_of(folder: Path) -> list[str]:
    data = DataFolder(path=folder)
    read_catalog(data, under=shipped_catalog())
    return [str(fault) for fault in data.faults]


def test_the_catalogue_holds_the_whole_standard_by_standard_kind_and_code() -> None:
    catalog = shipped_catalog()
    keys = of_standard(catalog, NEW)

    assert len(keys) == 403
    assert sum(key.kind is Kind.COMPONENT for key in keys) == 153
    assert catalog.entries[matter("06013")].name_zh == "道路破损"


def test_the_same_digits_are_another_class_in_the_other_kind_and_standard() -> None:
    entries = shipped_catalog().entries

    assert entries[component("01002")].name_zh == "污水井盖"
    assert entries[matter("01002")].name_zh == "污水井盖异常"
    assert entries[component("0101", OLD)].name_zh == "上水井盖"
    assert entries[matter("0101", OLD)].name_zh == "私搭乱建"


def test_the_older_standard_has_all_its_majors_and_only_codes_with_a_source() -> None:
    catalog = shipped_catalog()
    majors = {(key.kind, key.code) for key in catalog.majors if key.standard == OLD}

    assert majors == {
        *((Kind.COMPONENT, f"{number:02d}") for number in range(1, 6)),
        *((Kind.MATTER, f"{number:02d}") for number in range(1, 7)),
    }
    for key in of_standard(catalog, OLD):
        major = ClassKey(standard=OLD, kind=key.kind, code=key.code[:2])
        assert catalog.entries[key].major_zh == catalog.majors[major].name_zh
    assert all(entry.source for entry in catalog.entries.values())


def test_a_class_and_its_counterpart_know_of_each_other() -> None:
    counterparts = shipped_catalog().counterparts

    (newer,) = counterparts[matter("0110", OLD)]
    (older,) = counterparts[matter("06010")]

    assert (newer.key, newer.relation) == (matter("06010"), Relation.SAME)
    assert (older.key, older.relation) == (matter("0110", OLD), Relation.SAME)
    assert matter("06014") not in counterparts


def test_a_split_is_seen_from_its_part_as_narrower(tmp_path: Path) -> None:
    header = "standard,kind,code,relation,to_standard,to_kind,to_code,source\n"
    rows = "".join(
        f"{OLD},matter,0136,split,{NEW},matter,{code},本市对照表\n" for code in ("06036", "08006")
    )
    (tmp_path / "mapping.csv").write_text(header + rows, encoding="utf-8")

    counterparts = read_catalog(DataFolder(path=tmp_path), under=shipped_catalog()).counterparts

    assert [each.relation for each in counterparts[matter("0136", OLD)]] == [Relation.SPLIT] * 2
    assert counterparts[matter("06036")][-1].relation is Relation.NARROWER


def test_what_people_confuse_is_noted_on_both_classes() -> None:
    lookalikes = shipped_catalog().lookalikes

    bin_ = {each.key.code: each.note_zh for each in lookalikes[matter("06042")]}
    heap = {each.key.code: each.note_zh for each in lookalikes[matter("06010")]}

    assert set(bin_) == {"06010", "06011"}
    assert heap["06042"] == bin_["06010"]


def test_a_citys_own_classes_stand_under_its_own_name() -> None:
    profile = demo_profile()

    assert profile.classes["water.flooding"].key == matter("L0001", "local:demo")
    assert matter("L0001", "local:demo") not in shipped_catalog().entries


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (f"{NEW},matter,0601,市容环境类,垃圾,甲\n", "4 位，是 GB/T 30428.2-2013"),
        (f"{OLD},matter,06010,市容环境,垃圾,甲\n", "5 位，是 GB/T 47678.5-2026"),
        (f"{NEW},matter,060101,市容环境类,垃圾,甲\n", "有 6 位"),
        (f"{NEW},matter,06o10,市容环境类,垃圾,甲\n", "“o”"),
        ("GB/T 1.1,matter,06010,市容环境类,垃圾,甲\n", "local:城市"),
        ("local,matter,L0001,地方,积水,甲\n", "local:城市"),
        ("local:demo,matter,X1,地方,积水,甲\n", "L 加四位数字"),
        (f"{NEW},event,06010,市容环境类,垃圾,甲\n", "kind"),
        (f"{NEW},matter,06010,市容环境类,垃圾,\n", "source"),
    ],
)
def test_a_row_that_cannot_be_is_named_with_its_line(tmp_path: Path, row: str, said: str) -> None:
    (tmp_path / "list.csv").write_text(HEADER + row, encoding="utf-8")

    (fault,) = faults_of(tmp_path)

    assert fault.startswith("list.csv:2:")
    assert said in fault


def test_a_code_listed_twice_is_refused(tmp_path: Path) -> None:
    row = "local:demo,matter,L0001,地方扩展类,道路积水,甲\n"
    (tmp_path / "local.csv").write_text(HEADER + row + row, encoding="utf-8")

    (fault,) = faults_of(tmp_path)

    assert fault.startswith("local.csv:3:")


@pytest.mark.parametrize(
    ("name", "row", "said"),
    [
        ("mapping.csv", f"{NEW},matter,06010,same,{OLD},matter,0199,甲", "0199"),
        ("mapping.csv", f"{NEW},matter,06010,alike,{OLD},matter,0110,甲", "relation"),
        ("lookalikes.csv", f"{NEW},matter,06010,06010,一样,same", "自身"),
        ("lookalikes.csv", f"{NEW},matter,06010,06999,一样,same", "06999"),
    ],
)
def test_a_pair_of_what_is_not_there_is_named(
    tmp_path: Path, name: str, row: str, said: str
) -> None:
    header = (CATALOGS / name).read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / name).write_text(f"{header}\n{row}\n", encoding="utf-8")

    (fault,) = faults_of(tmp_path)

    assert fault.startswith(f"{name}:2:")
    assert said in fault


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("general; serious: area_m2>=1;", "general; grave: area_m2>=1;", "grave"),
        ("general; serious: area_m2>=1;", "serious; general: area_m2>=1;", "由轻到重"),
        ("general; serious: area_m2>=1;", "general: area_m2>=1;", "第一级不带条件"),
        ("general; serious: area_m2>=1;", "general; serious: area>=1;", "不是条件"),
        ("general; serious: area_m2>=1;", "general; serious:;", "不是一级"),
        ("near before after", "near far", "far"),
        ("GB/T 47678.5-2026,matter,06013", "GB/T 30428.2-2013,matter,06013", "5 位"),
        ("GB/T 47678.5-2026,matter,06013", "GB/T 47678.5-2026,matter,06", "目录中没有"),
    ],
)
def test_a_class_that_cannot_be_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    folder = Path(shutil.copytree(PROFILES / "demo", tmp_path / "city"))
    file = folder / "classes.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

    told = [str(fault) for fault in check_profile(folder).faults]

    assert any(each.startswith("classes.csv:2:") and said in each for each in told), told


def test_a_citys_list_goes_before_what_ships(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(PROFILES / "demo", tmp_path / "city"))
    row = f"{NEW},matter,06013,市容环境类,道路破损（标准原文）,标准原文第 5 页\n"
    (folder / OF_A_CITY / "bought.csv").write_text(HEADER + row, encoding="utf-8")

    catalog = check_profile(folder).profile

    assert catalog is not None
    assert catalog.catalog.entries[matter("06013")].name_zh == "道路破损（标准原文）"
