"""A case's class as people see it: both codes, what it is taken for, how grave it is."""

import json
import shutil
from pathlib import Path

from typer.testing import CliRunner

from api.commands import app
from dispatch.city_files.profile_folder import PROFILES
from tests.api.open_centre import OpenCentre

RUN = CliRunner()


def choice(opened: OpenCentre, name: str, case: str, action: str) -> dict[str, object]:
    choices = opened.get(name, f"/cases/{case}")["choices"]
    return next(each for each in choices if each["action"] == action)


def test_who_confirms_is_told_both_codes_and_what_the_class_is_taken_for(
    opened: OpenCentre,
) -> None:
    opened.drive(opened.find(label="sanitation.garbage_pile"))
    (line,) = opened.get("collector", "/cases")["cases"]

    story = opened.get("collector", f"/cases/{line['id']}")

    (other,) = line["category"]["counterparts"]
    assert (other["standard"], other["code"]) == ("GB/T 30428.2-2013", "0110")
    assert other["relation"]["zh"] == "相同"
    assert {each["name"] for each in story["lookalikes"]} == {"垃圾站（箱）满溢", "积存垃圾渣土"}


def test_the_level_that_was_measured_is_chosen_until_somebody_says_another(
    opened: OpenCentre,
) -> None:
    case = opened.reported()
    offered = choice(opened, "collector", case, "confirm")

    answer = opened.decide("collector", case, "confirm", severity="urgent")

    story = opened.get("supervisor", f"/cases/{case}")
    assert (offered["needs"], offered["chosen"]) == ("severity", "serious")
    assert answer.status_code == 200
    assert story["line"]["severity"]["zh"] == "紧急"
    assert story["lookalikes"] == []


def test_a_level_that_is_none_is_refused_with_those_there_are(opened: OpenCentre) -> None:
    case = opened.reported()

    answer = opened.decide("collector", case, "confirm", severity="grave")

    assert (answer.status_code, answer.json()["code"]) == (422, "NotASeverity")
    assert "serious 较重" in answer.text


def test_a_class_without_levels_asks_for_none(opened: OpenCentre) -> None:
    opened.drive(opened.find(label="sanitation.garbage_pile"))
    (line,) = opened.get("collector", "/cases")["cases"]

    assert choice(opened, "collector", line["id"], "confirm")["needs"] is None
    assert line["severity"] is None


def test_codes_are_looked_up_by_word_and_by_beginning() -> None:
    by_word = json.loads(RUN.invoke(app, ["catalog", "show", "满溢", "--json"]).stdout)
    by_code = json.loads(
        RUN.invoke(
            app, ["catalog", "show", "0601", "--standard", "gbt47678.5-2026", "--json"]
        ).stdout
    )

    assert [each["code"] for each in by_word] == ["06042"]
    assert {each["code"][:4] for each in by_code} == {"0601"}
    assert all(each["source"] for each in by_code)


def test_a_code_of_any_kind_is_taken_apart() -> None:
    cover = json.loads(RUN.invoke(app, ["catalog", "read", "99990101002000001", "--json"]).stdout)
    matter = RUN.invoke(app, ["catalog", "read", "99990106010"]).stdout
    wrong = RUN.invoke(app, ["catalog", "read", "9999010100200000l"])

    assert (cover["what"], cover["parts"]["serial"]) == ("component id", "000001")
    assert {"kind": "component", "name": "污水井盖"} in cover["classes"]
    assert "暴露垃圾" in matter
    assert "事项分类代码" in matter
    assert wrong.exit_code == 78
    assert "顺序号" in wrong.stderr


def test_a_bought_list_is_taken_in_or_every_fault_of_it_named(tmp_path: Path) -> None:
    city = shutil.copytree(PROFILES / "demo", tmp_path / "city")
    bought = tmp_path / "bought.csv"
    order = ["catalog", "import", str(bought), "--standard", "gbt30428.2-2013", "--into", str(city)]
    head = "kind,code,name_zh\n"

    bought.write_text(head + "事件,0110,别的\n事件,1,某\n", encoding="utf-8")
    refused = RUN.invoke(app, [*order, "--source", "正文"])
    bought.write_text(head + "事件,0114,道路遗撒\n", encoding="utf-8")
    taken = RUN.invoke(app, [*order, "--source", "正文", "--json"])

    assert refused.exit_code == 1
    assert "bought.csv:2:" in refused.stderr
    assert "bought.csv:3:" in refused.stderr
    assert json.loads(taken.stdout)["added"] == 1
    shown = RUN.invoke(app, ["catalog", "show", "0114", "--profile", str(city)])
    assert "道路遗撒" in shown.stdout
