"""Pictures whose time is over leave the centre, and its proof stays whole."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import text

from api.centre.settings import Settings
from api.centre.wiring import open_centre
from api.keeping.backup import restore_backup, write_backup
from api.keeping.retention import drop_logs, erase_over, forecast
from api.reports.audit import export_bundle, verify_centre
from dispatch.city.retention import Rule
from dispatch.proof import recount, recount_patrols, verify, verify_kept
from tests.api.open_centre import OpenCentre


def written_off(opened: OpenCentre) -> str:
    """A case with pictures that came, closed."""
    case = opened.handled()
    answer = opened.decide("supervisor", case, "approve", note="完好")
    assert answer.status_code == 200, answer.text
    return case


def troubles(opened: OpenCentre) -> tuple[verify.Trouble, ...]:
    return verify_centre(None, centre=opened.centre).troubles


def after_photo(opened: OpenCentre, case: str) -> str:
    story = opened.get("supervisor", f"/cases/{case}")
    (sha256,) = [each["sha256"] for photo in story["photos"] for each in photo["evidence"]]
    return str(sha256)


def test_what_would_go_is_told_beforehand_and_nothing_happens(opened: OpenCentre) -> None:
    written_off(opened)
    names = set(opened.centre.evidence.names())

    at = opened.watch.now + timedelta(days=800)
    (line,) = forecast(at, centre=opened.centre)

    assert (line.rule, line.things, line.size > 0) == (Rule.CLOSED, 1, True)
    assert forecast(opened.watch.now, centre=opened.centre) == []
    assert set(opened.centre.evidence.names()) == names


def test_the_desk_is_told_what_goes_and_what_a_hold_keeps_and_why(opened: OpenCentre) -> None:
    held = written_off(opened)
    opened.decide("supervisor", held, "hold", note="法院调取")
    opened.watch.later(days=360)
    opened.where = (opened.where[0] + 0.001, opened.where[1])
    goes = written_off(opened)
    opened.watch.later(days=650)

    soon = opened.get("administrator", "/retention?days=10")
    later = opened.get("supervisor", "/retention?days=90")
    refused = opened.phone("dispatcher").get("/api/v1/retention")
    far = opened.get("far-supervisor", "/retention?days=90")

    assert soon["going"] == []
    (kept,) = soon["kept"]
    assert (kept["case"]["id"], kept["why"]["zh"], kept["note"]) == (held, "证据保全", "法院调取")
    assert kept["by"] == "supervisor某"
    assert [each["case"]["id"] for each in later["going"]] == [goes]
    (rule,) = [each for each in later["rules"] if each["rule"] == "closed"]
    assert (rule["keeps"]["zh"], rule["things"], rule["size_bytes"] > 0) == ("24 个月", 1, True)
    assert refused.status_code == 403
    assert (far["going"], far["kept"]) == ([], [])


def test_the_desk_lists_every_hold_and_not_only_those_whose_time_is_over(
    opened: OpenCentre,
) -> None:
    held = opened.handling()
    opened.decide("supervisor", held, "hold", note="法院调取")
    opened.where = (opened.where[0] + 0.001, opened.where[1])
    freed = opened.handling()
    opened.decide("supervisor", freed, "hold", note="信访")
    opened.decide("supervisor", freed, "release", note="办结")

    page = opened.get("administrator", "/retention?days=0")
    far = opened.get("far-supervisor", "/retention?days=0")

    (hold,) = page["holds"]
    assert (hold["case"]["id"], hold["why"]["zh"], hold["over"]) == (held, "证据保全", False)
    assert (hold["note"], hold["by"]) == ("法院调取", "supervisor某")
    assert (page["kept"], far["holds"]) == ([], [])


def test_the_ground_of_a_pass_goes_in_its_time_and_page_and_proof_say_so(
    opened: OpenCentre, tmp_path: Path
) -> None:
    pass_id = opened.drive()
    opened.told()
    before = {each["name"]: each for each in opened.get("evaluator", "/indicators")["indicators"]}
    period = opened.get("evaluator", "/indicators")["period"]
    opened.watch.later(days=360)
    soon = opened.get("supervisor", "/retention?days=30")
    opened.watch.later(days=10)

    (erasure,) = erase_over(centre=opened.centre)

    (rule,) = [each for each in soon["rules"] if each["rule"] == "sweep"]
    assert (rule["keeps"]["zh"], rule["things"]) == ("12 个月", 1)
    assert [each["id"] for each in soon["going"]] == [pass_id]
    assert erasure.subject == f"pass:{pass_id}"
    features = opened.get("supervisor", "/map/inspected")["features"]
    assert features == []
    after = opened.get("evaluator", f"/indicators?period={period}")["indicators"]
    shown = {each["name"]: each["numerator"] for each in after}
    for key in ("coverage", "patrol_km", "passes"):
        assert shown[key] == before[key]["numerator"] > 0
    assert troubles(opened) == ()
    bundle = tmp_path / "bundle.zip"
    export_bundle(bundle, None, frozenset(), centre=opened.centre)
    assert found(bundle) == []
    with opened.centre.engine.begin() as connection:
        connection.execute(text("UPDATE erasures SET record = replace(record, 'pass:', 'past:')"))
    assert any("地面删除没有记录" in zh for _, zh, _ in troubles(opened))


def test_in_their_time_pictures_go_and_page_and_proof_say_so(
    opened: OpenCentre, tmp_path: Path
) -> None:
    case = written_off(opened)
    sha256 = after_photo(opened, case)
    opened.watch.later(days=800)

    (erasure,) = erase_over(centre=opened.centre)

    assert sha256 in erasure.pictures
    assert list(opened.centre.evidence.names()) == []
    answer = opened.phone("supervisor").get(f"/api/v1/cases/{case}/evidence/{sha256}")
    said = answer.json()
    assert (answer.status_code, said["code"]) == (410, "EvidenceErased")
    assert said["title"].startswith("已按留存期删除（结案案卷的图片，")
    assert troubles(opened) == ()
    bundle = tmp_path / "bundle.zip"
    export_bundle(bundle, None, frozenset(), centre=opened.centre)
    assert found(bundle) == []
    with ZipFile(bundle) as packed:
        (record,) = [json.loads(line) for line in packed.read("erasures.jsonl").splitlines()]
    assert record == json.loads(json.dumps(erasure.record()))


def found(bundle: Path) -> list[verify.Trouble]:
    def counting(stated: verify.Json) -> recount.Tally:
        return recount.Tally(stated, recount_patrols.Patrols)

    return list(verify.found(bundle, counting, verify_kept.Kept))


def test_a_picture_that_goes_unlawfully_is_found(opened: OpenCentre) -> None:
    case = written_off(opened)
    sha256 = after_photo(opened, case)

    opened.centre.evidence.delete(sha256)

    ((where, zh, _),) = troubles(opened)
    assert sha256 in where
    assert "不是到期删除" in zh


def test_a_changed_record_of_an_erasure_is_found(opened: OpenCentre) -> None:
    written_off(opened)
    opened.watch.later(days=800)
    erase_over(centre=opened.centre)
    with opened.centre.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE erasures SET record = replace(record, 'closed', 'untrue')"
        )

    assert {zh for _, zh, _ in troubles(opened)} == {"删除没有记录，或记录被改动过"}


def test_an_erased_picture_is_never_asked_for_and_does_not_come_back(opened: OpenCentre) -> None:
    case = written_off(opened)
    sha256 = after_photo(opened, case)
    content = opened.centre.evidence.get(sha256)
    opened.watch.later(days=800)
    erase_over(centre=opened.centre)

    opened.put_picture(content)

    assert list(opened.centre.evidence.names()) == []
    assert troubles(opened) == ()


def test_on_request_a_person_s_photo_goes_with_a_reason(opened: OpenCentre) -> None:
    case = opened.handled()
    story = opened.get("supervisor", f"/cases/{case}")
    photo = story["photos"][0]["id"]
    sha256 = after_photo(opened, case)

    nobody = opened.decide("handler", case, "erase", note="不想要", photo=photo)
    wordless = opened.decide("supervisor", case, "erase", photo=photo)
    answer = opened.decide("supervisor", case, "erase", note="本人请求", photo=photo)

    assert (nobody.status_code, wordless.status_code) == (403, 422)
    assert answer.status_code == 200, answer.text
    assert not opened.centre.evidence.holds(sha256)
    assert troubles(opened) == ()


KILLED = """
import sys
from datetime import timedelta
from pathlib import Path
from dataclasses import replace
from api.keeping.retention import erase_over
from api.centre.settings import Settings
from api.centre.wiring import open_centre

folder, step, day = sys.argv[1:]
centre = open_centre(Settings(data_dir=Path(folder)), failpoint=step)
now = centre.real_now()
from datetime import datetime
at = datetime.fromisoformat(day)
erase_over(centre=replace(centre, now=lambda: at))
"""


@pytest.mark.parametrize("step", ["erasure.after_commit", "erasure.after_unlink"])
def test_killed_in_the_middle_nothing_is_lost_without_a_record(
    opened: OpenCentre, step: str
) -> None:
    written_off(opened)
    opened.watch.later(days=800)
    folder = str(opened.centre.settings.data_dir)

    ended = subprocess.run(
        [sys.executable, "-c", KILLED, folder, step, opened.watch.now.isoformat()],
        env=dict(os.environ),
        check=False,
    )

    assert ended.returncode == -signal.SIGKILL
    assert troubles(opened) == ()
    erase_over(centre=opened.centre)
    assert list(opened.centre.evidence.names()) == []
    with opened.centre.read() as uow:
        assert uow.erasures.unremoved(limit=9) == []
    assert troubles(opened) == ()


def test_a_backup_carries_the_erasures_and_not_the_pictures(
    opened: OpenCentre, tmp_path: Path
) -> None:
    written_off(opened)
    opened.watch.later(days=800)
    erase_over(centre=opened.centre)
    drop_logs(centre=opened.centre)

    kept = write_backup(tmp_path / "kept", centre=opened.centre)
    place = Settings(data_dir=tmp_path / "new")
    restore_backup(kept.folder, place)

    restored = open_centre(place)
    assert kept.missing == ()
    assert list(restored.evidence.names()) == []
    assert verify_centre(None, centre=restored).troubles == ()
    restored.engine.dispose()
