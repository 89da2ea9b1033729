"""A model on trial that fails, crawls, sees nothing or kills the program goes back by itself."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from detect.statement import Role
from edge.config import ExpiredPolicy, ModelConfig
from edge.updates.kept import Stage
from edge.updates.trial import (
    FAIR_FRAMES,
    MOST_CRASHES,
    TRIAL_FRAMES,
    Outcome,
    Tally,
    judge,
)
from tests.edge import signed_models
from tests.edge.updates.device import Device, drive, packaged, version_of

SEEING = Tally(frames=1000, boxes=2000, seconds=50.0)


@pytest.fixture
def device(tmp_path: Path) -> Device:
    return Device(tmp_path / "device")


@pytest.mark.parametrize(
    ("trial", "before", "crashes", "outcome"),
    [
        (Tally(), Tally(), 0, Outcome.WAIT),
        (Tally(frames=TRIAL_FRAMES, boxes=500, seconds=15.0), SEEING, 0, Outcome.KEEP),
        (Tally(frames=TRIAL_FRAMES, boxes=0, seconds=15.0), Tally(), 0, Outcome.KEEP),
        (Tally(frames=40, boxes=0, seconds=2.0), SEEING, 0, Outcome.RETURN),
        (Tally(frames=20, boxes=0, seconds=1.0), SEEING, 0, Outcome.WAIT),
        (Tally(frames=FAIR_FRAMES, boxes=90, seconds=20.0), SEEING, 0, Outcome.RETURN),
        (Tally(frames=FAIR_FRAMES, boxes=90, seconds=7.0), SEEING, 0, Outcome.WAIT),
        (Tally(frames=10, boxes=20, failures=3), SEEING, 0, Outcome.RETURN),
        (Tally(frames=10, boxes=20, failures=2), SEEING, 0, Outcome.WAIT),
        (Tally(), SEEING, MOST_CRASHES, Outcome.RETURN),
    ],
)
def test_a_verdict_follows_from_what_was_counted(
    trial: Tally, before: Tally, crashes: int, outcome: Outcome
) -> None:
    judged = judge(trial, before, crashes=crashes)

    assert judged.outcome is outcome
    assert bool(judged.zh and judged.en) is (outcome is Outcome.RETURN)


def test_a_model_that_answers_nan_while_driving_is_given_up_in_the_middle_of_the_pass(
    device: Device, tmp_path: Path
) -> None:
    device.admit(packaged(tmp_path, signed_models.answering_nan), rehearsed=False)
    choice = device.start()
    running = choice.load()
    assert (version_of(running), choice.must_change()) == ("2.0.0", False)

    drive(running, 3)

    assert choice.must_change()
    assert version_of(choice.load()) == "1.0.0"
    state = choice.state()
    assert state is not None
    assert state.given_up is not None
    assert "3 times" in state.given_up.en
    assert any("退回" in said for said in device.said)


def test_a_model_that_sees_nothing_where_the_one_before_did_is_given_up(
    device: Device, tmp_path: Path
) -> None:
    choice = device.start()
    drive(choice.load(), 100)
    device.admit(packaged(tmp_path, signed_models.blind), rehearsed=False)
    running = choice.load()

    assert drive(running, 100) == 0

    assert choice.must_change()
    assert version_of(choice.load()) == "1.0.0"


def test_a_model_that_does_its_work_is_kept_and_the_next_is_held_to_it(
    device: Device, tmp_path: Path
) -> None:
    device.admit(packaged(tmp_path))
    choice = device.start()
    running = choice.load()

    drive(running, TRIAL_FRAMES)
    choice.settle()

    slot = device.slots().slot(Role.PATROL)
    assert (slot.good, slot.active) == (1, 1)
    assert device.slots().tally(Role.PATROL, "good").frames == TRIAL_FRAMES
    device.admit(packaged(tmp_path, signed_models.answering_nan, sequence=2), rehearsed=False)
    drive(choice.load(), 3)
    assert choice.must_change()
    assert version_of(choice.load()) == "1.1.0"


def test_a_trial_goes_on_over_restarts(device: Device, tmp_path: Path) -> None:
    device.admit(packaged(tmp_path))
    for _ in range(3):
        choice = device.start()
        drive(choice.load(), TRIAL_FRAMES // 3)
        choice.close()

    kept = device.slots().model(Role.PATROL, 1)

    assert kept is not None
    assert kept.stage is Stage.GOOD


def test_a_model_under_which_the_program_dies_again_and_again_is_given_up(
    device: Device, tmp_path: Path
) -> None:
    device.admit(packaged(tmp_path))

    ran = [version_of(device.start().load()) for _ in range(MOST_CRASHES + 1)]

    assert ran == ["1.1.0"] * MOST_CRASHES + ["1.0.0"]


def test_a_model_whose_files_are_damaged_on_the_disk_makes_room_for_the_one_before(
    device: Device, tmp_path: Path
) -> None:
    device.admit(packaged(tmp_path))
    choice = device.start()
    drive(choice.load(), TRIAL_FRAMES)
    choice.close()
    (weights,) = device.folder.glob("patrol-1-*/model.onnx")
    weights.write_bytes(weights.read_bytes()[:-10])

    choice = device.start()

    assert version_of(choice.load()) == "1.0.0"


@pytest.mark.parametrize("policy", ExpiredPolicy)
def test_an_expired_model_runs_on_or_begins_no_pass_as_the_city_decides(
    device: Device, tmp_path: Path, policy: ExpiredPolicy
) -> None:
    device.how = ModelConfig(expired=policy)
    device.admit(packaged(tmp_path, expires=device.now + timedelta(days=2)))
    choice = device.start()
    choice.load()
    assert choice.may_run()

    device.now += timedelta(days=3)

    state = choice.state()
    assert state is not None
    assert state.expires is not None
    assert state.expires < device.now
    assert choice.may_run() is (policy is ExpiredPolicy.WARN)


KILLED = """
import sys
from pathlib import Path
from edge.failpoints import Failpoints
from tests.edge.updates.device import Device, drive

root, package, step, bad = sys.argv[1:]
device = Device(Path(root), failpoints=Failpoints.parse(step))
choice = device.start()
choice.load()
if package:
    device.admit(Path(package), rehearsed=not bad)
running = choice.load()
drive(running, 5)
choice.load()
"""


@pytest.mark.faults
@pytest.mark.parametrize("bad", ["", "bad"])
@pytest.mark.parametrize(
    "step",
    [
        "update.after_unpack",
        "update.after_admit",
        "update.before_activate",
        "update.after_activate",
        "update.before_return",
        "update.after_return",
    ],
)
def test_a_kill_at_any_step_leaves_a_model_that_runs(
    device: Device, tmp_path: Path, step: str, bad: str
) -> None:
    make = signed_models.answering_nan if bad else None
    package = packaged(tmp_path, make)
    command = [sys.executable, "-c", KILLED, str(device.root), str(package), step, bad]

    died = subprocess.run(command, check=False, timeout=120, env=dict(os.environ))

    returns = step.endswith("_return")
    assert died.returncode == (-signal.SIGKILL if bad or not returns else 0)
    choice = device.start()
    running = choice.load()
    assert version_of(running) in {"1.0.0", "2.0.0" if bad else "1.1.0"}
    drive(running, 5)
    if bad:
        assert version_of(choice.load()) == "1.0.0"
    assert drive(choice.load(), 3) == 3
    assert not list(device.folder.glob("*.new"))
