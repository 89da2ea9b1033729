"""What a worker's phone gets to find a place and to ask: the ground around it, and telephones."""

import re
import shutil
from pathlib import Path

import pytest

from dispatch.city.policies import Telephones
from dispatch.city_files.profile_copy import NewCity, copy_profile
from dispatch.city_files.profile_folder import PROFILES
from tests.api.open_centre import Building, OpenCentre, open_copy
from tests.api.test_responsibility import COVER, hold


def test_the_ground_around_a_case_comes_from_the_citys_own_data(opened: OpenCentre) -> None:
    hold(opened, (COVER, "drainage", 12.0), (COVER[:-1] + "2", "drainage", 900.0))
    case = opened.dispatched()

    around = opened.get("handler", f"/map/around/{case}")

    line = opened.get("handler", f"/cases/{case}")["line"]
    assert line["grid"] in {grid["id"] for grid in around["grids"]}
    assert [each["id"] for each in around["landmarks"]] == [COVER]
    corners = [corner for grid in around["grids"] for ring in grid["rings"] for corner in ring]
    assert all(abs(latitude - line["place"]["latitude"]) < 0.0014 for _, latitude in corners)


def test_the_ground_around_anothers_case_is_not_told(opened: OpenCentre) -> None:
    case = opened.dispatched()

    answer = opened.phone("far-supervisor").get(f"/api/v1/map/around/{case}")

    assert answer.status_code == 404


def test_a_grid_is_called_by_its_community(opened: OpenCentre) -> None:
    case = opened.dispatched()

    line = opened.get("handler", f"/cases/{case}")["line"]

    assert line["grid_words"]["zh"].endswith(f"社区 {line['grid'][12:]} 网格")
    assert line["grid"] not in line["grid_words"]["zh"]


def test_who_is_called_is_what_the_city_wrote_and_nobody_where_it_wrote_nothing(
    building: Building, tmp_path: Path
) -> None:
    city = Path(shutil.copytree(PROFILES / "demo", tmp_path / "city"))
    settings = (city / "profile.toml").read_text(encoding="utf-8")
    without = re.sub(r"^dispatcher = .*\n", "", settings, flags=re.MULTILINE)
    (city / "profile.toml").write_text(without, encoding="utf-8")

    with open_copy(building, to=tmp_path / "data", profile=str(city)) as opened:
        told = opened.get("handler", "/session")["telephones"]

    assert told == {"centre": "0000-0000001", "dispatcher": None}


@pytest.mark.parametrize("written", ["", "12", "一二三四", "12345;ext=1", "tel:12345", "1" * 16])
def test_what_no_telephone_could_dial_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="no telephone number"):
        Telephones(centre=written)


@pytest.mark.parametrize("written", ["12345", "0000-0000001", "+00 000 0000 0001", "0000 0001,8"])
def test_a_hotline_a_long_number_and_an_extension_are_telephones(written: str) -> None:
    assert Telephones(dispatcher=written).dispatcher == written


@pytest.mark.parametrize("city", sorted(folder.name for folder in PROFILES.iterdir()))
def test_a_city_begun_from_another_does_not_call_that_ones_centre(
    city: str, tmp_path: Path
) -> None:
    copy_profile(PROFILES / city, tmp_path, NewCity(name_zh="新", name_en="New", county="998701"))

    settings = (tmp_path / "profile.toml").read_text(encoding="utf-8")
    assert "telephones" not in settings
    assert "000000" not in settings
    assert "[indicators]" in settings
