"""A centre killed at any named step of intake loses nothing and doubles nothing."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dispatch import intake, wire
from dispatch.place import cells_near
from dispatch.ports import CaseFilter
from dispatch.profile import Profile
from dispatch.store.engine import open_database
from dispatch.store.failpoint import NAMES
from dispatch.store.sql import SqlUnitOfWork
from tests.dispatch import making

CENTRE = """
import json, sys
from datetime import datetime
from dispatch import intake
from dispatch.profile_folder import PROFILES, load_profile
from dispatch.profile import Profile
from dispatch.store.engine import open_database
from dispatch.store.failpoint import failpoint_from
from dispatch.store.sql import SqlUnitOfWork
url, step, file, at = sys.argv[1:]
failpoint = failpoint_from(step)
for _ in range(2):
    answer = intake.take_messages(
        json.loads(open(file).read()),
        device="vehicle-07",
        at=datetime.fromisoformat(at),
        uow=SqlUnitOfWork(open_database(url)),
        profile=load_profile(PROFILES / "demo"),
        failpoint=failpoint,
    )
    print(answer.model_dump_json(), flush=True)
"""
EVERYTHING = {"findings": 2, "sweeps": 1, "problems": 2, "cases": 2}
NOTHING = dict.fromkeys(EVERYTHING, 0)
STEPS = [name for name in NAMES if name.startswith("intake.")]


@pytest.mark.faults
@pytest.mark.parametrize("step", [*STEPS, "intake.before_commit:2"])
def test_whatever_was_acknowledged_is_there_and_a_second_delivery_changes_nothing(
    sqlite_url: str, tmp_path: Path, profile: Profile, step: str
) -> None:
    messages = (
        making.finding("1"),
        making.finding("2", where=making.position(north_m=20.0)),
        making.sweep(),
    )
    bodies = [json.loads(wire.canonical_bytes(each)) for each in messages]
    file = tmp_path / "batch.json"
    file.write_text(json.dumps(bodies))
    at = making.NOON + making.minutes(5)
    command = [sys.executable, "-c", CENTRE, sqlite_url, step, str(file), at.isoformat()]

    ran = subprocess.run(command, check=False, capture_output=True, timeout=60)
    acknowledged = [wire.Receipts.model_validate_json(line) for line in ran.stdout.splitlines()]
    after_death = taken_in(sqlite_url)
    engine = open_database(sqlite_url)
    answer = intake.take_messages(
        bodies, device="vehicle-07", at=at, uow=SqlUnitOfWork(engine), profile=profile
    )
    engine.dispose()

    assert ran.returncode == -signal.SIGKILL, ran.stderr.decode()
    assert len(acknowledged) == step.endswith(":2")
    committed = bool(acknowledged) or step == "intake.after_commit"
    assert after_death == (EVERYTHING if committed else NOTHING)
    assert {each.status for each in answer.receipts} == {"known" if committed else "accepted"}
    assert taken_in(sqlite_url) == EVERYTHING


def taken_in(url: str) -> dict[str, int]:
    engine = open_database(url)
    with SqlUnitOfWork(engine) as uow:
        counted = {
            "findings": len(uow.observations.of_pass("vehicle-07:1")),
            "sweeps": len(uow.sweeps.of_pass("vehicle-07:1")),
            "problems": len(uow.problems.near(cells_near(making.place().cell, radius_m=50.0))),
            "cases": len(uow.cases.find(CaseFilter(), limit=9)),
        }
    engine.dispose()
    return counted
