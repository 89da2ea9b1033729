"""The live device as a process: stopped it ends its pass, killed it ends it when it is back."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dispatch.wire import MESSAGE, Finding, Sweep
from edge.delivery.outbox import Outbox
from edge.patrol.unfinished import FOLDER
from edge.sources.live.twin import CameraTwin
from tests.edge import toy
from tests.edge.fake_centre import FakeCentre, fake_centre
from tests.edge.live_vehicle import Vehicle, enrolled, vehicle

RUN = "from edge.commands import main; main()"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy.write_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def centre() -> Iterator[FakeCentre]:
    with fake_centre() as running:
        yield running


def write_config(folder: Path, model: Path, car: Vehicle, twin: CameraTwin) -> Path:
    """Write the file that tells a device of its twins."""
    (folder / "camera.toml").write_text(toy.CAMERA_FILE, encoding="utf-8")
    path = folder / "edge.toml"
    path.write_text(
        f'state = "{folder / "state"}"\n[source]\nkind = "live"\n'
        f'[[camera]]\nname = "front"\naddress = "{twin.address}"\n'
        f'file = "{folder / "camera.toml"}"\n'
        f'[telemetry]\nreceiver = "{car.receiver}"\nlatency_s = 0.0\n'
        f'[model]\nfolder = "{model}"\nthreads = 1\n[uplink]\nattempts = 1\nevery_s = 0.2\n',
        encoding="utf-8",
    )
    return path


def start(config: Path) -> "subprocess.Popen[bytes]":
    """Start a device."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", RUN, "run", "--config", str(config)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def until(so: Callable[[], bool]) -> None:
    """Wait until something is so; the test fails if it never is."""
    deadline = time.monotonic() + 90.0
    while not so():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.05)


def unfinished(folder: Path) -> list[Path]:
    return list((folder / "state" / FOLDER).glob("*.json"))


def recorded(folder: Path, centre: FakeCentre) -> list[Finding | Sweep]:
    """Give the findings and sweeps that the centre has or that wait for it, each once."""
    outbox = Outbox(folder / "state")
    waiting = [each.body for each in outbox.next_batch(500, max_bytes=1 << 22)]
    outbox.close()
    bodies = [*centre.messages.values(), *waiting]
    told = {message.id: message for message in map(MESSAGE.validate_json, bodies)}
    return [message for message in told.values() if isinstance(message, Finding | Sweep)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_device_that_is_asked_to_stop_ends_its_pass(
    tmp_path: Path, centre: FakeCentre, model: Path, number: signal.Signals
) -> None:
    enrolled(tmp_path / "state", centre)
    with vehicle() as (car, twin):
        device = start(write_config(tmp_path, model, car, twin))
        until(lambda: twin.connections > 0)
        time.sleep(1.0)
        car.go()
        until(lambda: bool(unfinished(tmp_path)) and car.north_m() > 20.0)
        device.send_signal(number)
        ended = device.wait(30.0)

    told = recorded(tmp_path, centre)
    assert ended == 0
    assert not unfinished(tmp_path)
    assert [message.label for message in told if isinstance(message, Finding)] == ["road.pothole"]
    assert [message.last for message in told if isinstance(message, Sweep)] == [True]


def test_a_device_that_loses_its_power_ends_its_pass_when_it_is_back(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    enrolled(tmp_path / "state", centre)
    with vehicle() as (car, twin):
        config = write_config(tmp_path, model, car, twin)
        device = start(config)
        until(lambda: twin.connections > 0)
        time.sleep(1.0)
        car.go()
        # Its find is on record before the power goes.
        until(lambda: any(isinstance(m, Finding) for m in recorded(tmp_path, centre)))
        device.kill()
        device.wait(30.0)
        (left,) = unfinished(tmp_path)
        again = start(config)
        until(lambda: left not in unfinished(tmp_path))
        again.send_signal(signal.SIGTERM)
        again.wait(30.0)

    told = recorded(tmp_path, centre)
    (finding,) = (message for message in told if isinstance(message, Finding))
    assert f"{finding.pass_id}.json" == left.name
    closing = [m for m in told if isinstance(m, Sweep) and m.pass_id == finding.pass_id]
    assert [sweep.last for sweep in closing] == [True]
