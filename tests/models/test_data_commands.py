"""The commands for data as a person or a script meets them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.commands import app
from models.dataset.labelled_pictures import read_yolo
from tests.models.formats.drawn import picture, wrote
from tests.models.sets import put


def said(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["data", *(str(each) for each in arguments)])
    return result.exit_code, result.output


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for seed, name in enumerate(("x_1", "x_2", "y_1", "y_2")):
        picture(tmp_path / "source" / "images" / f"{name}.png", seed=seed)
        wrote(tmp_path / "source" / "labels" / f"{name}.txt", "0 0.5 0.5 0.2 0.2\n")
    wrote(tmp_path / "source" / "data.yaml", "names: [D40, kite]\n")
    return tmp_path / "source"


def test_a_city_brings_its_pictures_in_checks_and_divides_them(
    source: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    options = ("--format", "yolo", "--name", "city", "--group", "^images/(.)", "--ignore", "kite")

    code, text = said("convert", source, "--out", out, *options, "--json")
    checked, _ = said("check", out)
    divided, answer = said("split", out, "--val", 0.5, "--seed", 1, "--json")

    assert (code, checked, divided) == (0, 0, 0)
    report = json.loads(text)
    assert report["pictures"] == {"train": 4}
    assert report["groups"] == 2
    assert report["labelled"] == ["road.pothole"]
    assert json.loads(answer)["pictures"] == {"train": 2, "val": 2}
    groups = [{p.group for p in read_yolo(out, split=split)} for split in ("train", "val")]
    assert groups[0].isdisjoint(groups[1])


def test_a_class_without_a_name_is_refused_with_what_to_do(source: Path, tmp_path: Path) -> None:
    options = ("--format", "yolo", "--name", "city", "--out", tmp_path / "out")

    code, text = said("convert", source, *options)

    assert code == 2
    assert "kite" in text
    assert "--ignore" in text


@pytest.mark.parametrize("pair", ["kite", "kite=", "kite=A Kite"])
def test_a_class_given_a_name_that_is_none_is_refused(
    source: Path, tmp_path: Path, pair: str
) -> None:
    options = ("--format", "yolo", "--name", "city", "--out", tmp_path / "out", "--map", pair)

    code, text = said("convert", source, *options, "--json")

    assert code == 2
    assert set(json.loads(text)["fault"]) == {"zh", "en"}


def test_an_unfit_set_fails_its_check_for_people_and_for_scripts(tmp_path: Path) -> None:
    put(tmp_path, "a", group="A")
    put(tmp_path, "b", group="A", split="val", seed=0)

    code, text = said("check", tmp_path)
    again, answer = said("check", tmp_path, "--json")

    assert code == again == 1
    assert "同组图片分在两个划分" in text
    found = json.loads(answer)
    assert not found["fit"]
    assert {f["fault"] for f in found["flaws"] if f["error"]} == {
        "group_in_two_splits",
        "same_picture_in_two_splits",
    }
    assert found["pairs"] == [{"likeness": "same bytes", "in_two_splits": True, "pairs": 1}]


def test_a_folder_that_is_no_set_is_refused(tmp_path: Path) -> None:
    for command in ("check", "split"):
        code, text = said(command, tmp_path)

        assert code == 2
        assert str(tmp_path) in text
