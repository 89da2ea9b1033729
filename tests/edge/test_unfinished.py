"""Whenever the power goes, the next start gives a pass one sweep of each stretch and one end."""

from datetime import timedelta
from pathlib import Path

import pytest

from detect.manifest import Manifest
from dispatch.wire import MESSAGE, Platform, Sweep
from edge.coverage.sweeps import blind_sweep
from edge.delivery.outbox import Outbox
from edge.findings.report import Pass
from edge.patrol.unfinished import FOLDER, Unfinished, end_unfinished
from edge.placing.camera_file import read_camera
from tests.edge import toy
from tests.edge.messages import AT, MODEL


@pytest.fixture
def of(tmp_path: Path) -> Pass:
    (tmp_path / "camera.toml").write_text(toy.CAMERA_FILE, encoding="utf-8")
    manifest = (toy.write_model(tmp_path / "model") / "manifest.json").read_bytes()
    return Pass(
        id="car-7:1",
        device="car-7",
        platform=Platform.VEHICLE,
        rendered=True,
        camera=read_camera(tmp_path / "camera.toml"),
        manifest=Manifest.model_validate_json(manifest),
        model=MODEL,
        redactor=None,
    )


def sweep(number: int, *, of: Pass, last: bool) -> Sweep:
    """Make a sweep of a minute: it begins where the one before ended."""
    began = AT + timedelta(minutes=number)
    made = blind_sweep(number, of=of, at=began, frames=9)
    ended = began + timedelta(minutes=1)
    return made.model_copy(update={"last": last, "ended_at": ended})


def told(outbox: Outbox) -> list[tuple[int, bool]]:
    waiting = [each.body for each in outbox.next_batch(10, max_bytes=1 << 20)]
    sweeps = [MESSAGE.validate_json(body) for body in waiting]
    return sorted((each.stretch, each.last) for each in sweeps if isinstance(each, Sweep))


@pytest.mark.parametrize(
    ("last", "is_recorded", "expected"),
    [
        (False, False, [(0, False), (1, True)]),
        (False, True, [(0, False), (1, False), (2, True)]),
        (True, False, [(0, False), (1, True)]),
        (True, True, [(0, False), (1, True)]),
    ],
)
def test_power_that_goes_while_a_sweep_is_recorded_leaves_one_of_each_stretch_and_one_end(
    tmp_path: Path, of: Pass, last: bool, is_recorded: bool, expected: list[tuple[int, bool]]
) -> None:
    outbox = Outbox(tmp_path)
    lasting = Unfinished(tmp_path, of, at=AT)
    first, second = sweep(0, of=of, last=False), sweep(1, of=of, last=last)
    lasting.sweeps(first)
    outbox.record(first, at=AT)
    lasting.swept(first)
    lasting.sweeps(second)
    if is_recorded:
        outbox.record(second, at=AT)

    ended = end_unfinished(tmp_path, outbox, now=AT)
    again = end_unfinished(tmp_path, outbox, now=AT)
    sweeps = told(outbox)
    outbox.close()

    assert (ended, again) == ((of.id,), ())
    assert sweeps == expected
    assert not list((tmp_path / FOLDER).iterdir())


def test_a_pass_that_failed_its_check_stays_held_whenever_it_is_ended(
    tmp_path: Path, of: Pass
) -> None:
    outbox = Outbox(tmp_path)
    outbox.holds.hold(of.id, zh="相机歪了", en="the camera is askew")
    lasting = Unfinished(tmp_path, of, at=AT)
    lasting.sweeps(sweep(0, of=of, last=False))
    lasting.distrust()

    end_unfinished(tmp_path, outbox, now=AT)
    held = [hold.pass_id for hold in outbox.holds.all()]
    outbox.close()

    assert held == [of.id]
