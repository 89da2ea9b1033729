"""A centre killed at any named step of intake loses nothing and doubles nothing."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dispatch import wire
from dispatch.city.profile import Profile
from dispatch.ground.place import cells_near
from dispatch.ports.unit_of_work import CaseFilter
from dispatch.store.engine import open_database
from dispatch.store.sql import SqlUnitOfWork
from tests.dispatch import making, taking

CENTRE = """
import json, sys
from datetime import datetime
from dispatch.intake import intake
from dispatch.city_files.profile_folder import PROFILES, load_profile
from dispatch.store.engine import open_database
from dispatch.store.failpoint import failpoint_from
from dispatch.store.sql import SqlUnitOfWork
from tests.dispatch import taking
url, step, file, at = sys.argv[1:]
failpoint, at = failpoint_from(step), datetime.fromisoformat(at)
profile, uow = load_profile(PROFILES / "demo"), SqlUnitOfWork(open_database(url))
bodies = json.loads(open(file).read())
for _ in range(2):
    answer = taking.accept(
        bodies, device="vehicle-07", at=at, uow=uow, profile=profile, failpoint=failpoint
    )
    print(answer.model_dump_json(), flush=True)
    taking.drain(at=at, uow=uow, profile=profile, failpoint=failpoint, limit=2)
"""
EVERYTHING = {"findings": 2, "sweeps": 1, "problems": 2, "cases": 2}
NOTHING = dict.fromkeys(EVERYTHING, 0)
HALF = {"findings": 2, "sweeps": 0, "problems": 2, "cases": 2}
"""What one transaction of two arrivals brings: the sweep waits for the next."""


@pytest.mark.faults
@pytest.mark.parametrize(
    ("step", "acknowledged", "told"),
    [
        ("intake.before_accept", 0, NOTHING),
        ("intake.after_accept", 0, NOTHING),
        ("intake.before_commit", 1, NOTHING),
        ("intake.after_commit", 1, HALF),
        ("intake.before_commit:2", 1, HALF),
        ("intake.after_commit:2", 1, EVERYTHING),
        ("intake.before_accept:2", 1, EVERYTHING),
    ],
)
def test_whatever_was_acknowledged_is_there_and_a_second_delivery_changes_nothing(
    sqlite_url: str,
    tmp_path: Path,
    profile: Profile,
    step: str,
    acknowledged: int,
    told: dict[str, int],
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

    ran = subprocess.run(
        command,
        check=False,
        capture_output=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    after_death = taken_in(sqlite_url)
    engine = open_database(sqlite_url)
    uow = SqlUnitOfWork(engine)
    if acknowledged:
        taking.drain(at=at, uow=uow, profile=profile)
        assert taken_in(sqlite_url) == EVERYTHING
    answer = taking.take_messages(bodies, device="vehicle-07", at=at, uow=uow, profile=profile)
    engine.dispose()

    assert ran.returncode == -signal.SIGKILL, ran.stderr.decode()
    assert len(ran.stdout.splitlines()) == acknowledged
    assert after_death == told
    kept = step != "intake.before_accept"
    assert {each.status for each in answer.receipts} == {"known" if kept else "accepted"}
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
