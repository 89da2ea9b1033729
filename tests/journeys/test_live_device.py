"""The live device as a process: stopped it ends its pass, killed it ends it when it is back."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.wire import MESSAGE, Finding, Sweep
from edge.delivery.outbox import Outbox
from tests.edge import toy
from tests.edge.fake_centre import FakeCentre, fake_centre
from tests.edge.live_vehicle import SLOWEST, enrolled, vehicle
from tests.journeys.live import PATIENCE_S, living, unfinished, until, write_config


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy.write_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def centre() -> Iterator[FakeCentre]:
    with fake_centre() as running:
        yield running


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
    with (
        vehicle(speed=SLOWEST) as (car, twin),
        living(write_config(tmp_path, model, car, twin)) as device,
    ):
        until(lambda: twin.connections > 0)
        car.go()
        until(lambda: bool(unfinished(tmp_path)) and car.north_m() > 20.0)
        device.send_signal(number)
        ended = device.wait(PATIENCE_S)

    told = recorded(tmp_path, centre)
    assert ended == 0
    assert not unfinished(tmp_path)
    assert [message.label for message in told if isinstance(message, Finding)] == ["road.pothole"]
    assert [message.last for message in told if isinstance(message, Sweep)] == [True]


def test_a_device_that_loses_its_power_ends_its_pass_when_it_is_back(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    enrolled(tmp_path / "state", centre)
    with vehicle(speed=SLOWEST) as (car, twin):
        config = write_config(tmp_path, model, car, twin)
        with living(config):
            until(lambda: twin.connections > 0)
            car.go()
            # Its find is on record before the power goes.
            until(lambda: any(isinstance(m, Finding) for m in recorded(tmp_path, centre)))
        (left,) = unfinished(tmp_path)
        with living(config) as again:
            until(lambda: left not in unfinished(tmp_path))
            again.send_signal(signal.SIGTERM)
            again.wait(PATIENCE_S)

    told = recorded(tmp_path, centre)
    (finding,) = (message for message in told if isinstance(message, Finding))
    assert f"{finding.pass_id}.json" == left.name
    closing = [m for m in told if isinstance(m, Sweep) and m.pass_id == finding.pass_id]
    assert [sweep.last for sweep in closing] == [True]


def test_a_device_killed_between_a_sweep_and_its_note_of_it_ends_the_pass_once(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    enrolled(tmp_path / "state", centre)
    with vehicle(speed=SLOWEST) as (car, twin):
        config = write_config(tmp_path, model, car, twin)
        with living(config, failpoint="live.after_sweep") as device:
            until(lambda: twin.connections > 0)
            car.go()
            until(lambda: bool(unfinished(tmp_path)) and car.north_m() > 10.0)
            device.send_signal(signal.SIGTERM)
            killed = device.wait(PATIENCE_S)
        (left,) = unfinished(tmp_path)
        with living(config) as again:
            until(lambda: left not in unfinished(tmp_path))
            again.send_signal(signal.SIGTERM)
            again.wait(PATIENCE_S)

    sweeps = [each for each in recorded(tmp_path, centre) if isinstance(each, Sweep)]
    assert killed == -signal.SIGKILL
    assert [sweep.last for sweep in sweeps if sweep.pass_id == left.stem] == [True]
