"""The command that takes a census in: all of it or nothing, and the same again changes nothing."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.commands import app
from dispatch.city_files.profile_folder import PROFILES

CENSUS = PROFILES / "demo" / "registry.csv"


@pytest.fixture(autouse=True)
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNHUAN_DATA_DIR", str(tmp_path / "data"))


def told(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["registry", *map(str, words)])


def test_the_same_census_again_changes_nothing_and_a_component_tells_its_past() -> None:
    first = told("import", CENSUS, "--day", "2026-03-01", "--json")
    again = told("import", CENSUS, "--day", "2026-06-01", "--whole", "--json")

    assert first.exit_code == again.exit_code == 0, first.output
    assert (json.loads(first.stdout)["new"], json.loads(again.stdout)["same"]) == (16, 16)
    shown = told("show", "99990101002000001")
    assert "2026-03-01" in shown.stdout
    assert told("show", "99990101002999999").exit_code == 1


def test_a_census_with_faults_is_refused_whole_and_every_fault_is_named(tmp_path: Path) -> None:
    text = CENSUS.read_text("utf-8").replace(",A,", ",Z,").replace("99990101002000003", "9")
    census = tmp_path / "c.csv"
    census.write_text(text, encoding="utf-8")

    refused = told("import", census, "--day", "2026-03-01")

    assert refused.exit_code == 1
    for line in (4, 16, 17):
        assert f"{census}:{line}:" in refused.stdout
    assert told("show", "99990101002000001").exit_code == 1


def test_a_city_without_a_registry_is_told_what_to_write(tmp_path: Path) -> None:
    city = tmp_path / "city"
    shutil.copytree(PROFILES / "demo", city)
    text = (
        (city / "profile.toml")
        .read_text("utf-8")
        .replace("[registry]", "")
        .replace('datum = "wgs84"', "")
    )
    (city / "profile.toml").write_text(text, encoding="utf-8")

    refused = told("import", CENSUS, "--day", "2026-03-01", "--profile", city)

    assert refused.exit_code == 78
    assert "[registry]" in refused.output
