"""A disk that turns read-only in mid-run is told everywhere and costs nothing."""

import errno
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from dispatch.wire import MESSAGE, Finding, Heartbeat, Sweep
from edge.agent import Agent
from edge.config import (
    Config,
    HealthConfig,
    ModelConfig,
    SourceConfig,
    SourceKind,
    UplinkConfig,
)
from edge.disk import DiskReadOnly
from edge.durable import FileConnection, Rows, SqlValue
from edge.vitals.watchman import preview_address
from tests.edge import toy
from tests.edge.fake_centre import FakeCentre, fake_centre
from tests.edge.live_vehicle import enrolled, live_config, vehicle
from tests.edge.test_patrol import of_kind, patrolling, world

WRITES = ("BEGIN IMMEDIATE", "INSERT", "UPDATE", "DELETE")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy.write_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def centre() -> Iterator[FakeCentre]:
    with fake_centre() as running:
        yield running


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beat and look often."""
    monkeypatch.setattr("edge.delivery.heartbeats.EVERY_S", 1.0)
    monkeypatch.setattr("edge.delivery.heartbeats.REFUSED_EVERY_S", 0.5)
    monkeypatch.setattr("edge.vitals.watchman.LOOK_EVERY", toy.timedelta(seconds=0.2))


@contextmanager
def read_only(state: Path) -> Iterator[None]:
    """Let the operating system and SQLite say of a folder what they say of a read-only mount."""
    execute, opened = FileConnection.execute, os.open

    def refusing(
        connection: FileConnection, sql: str, parameters: Sequence[SqlValue] = (), /
    ) -> Rows:
        if sql.startswith(WRITES):
            raise DiskReadOnly(state)
        return execute(connection, sql, parameters)

    def refused(path: str | Path, flags: int, *more: int, **named: int) -> int:
        if flags & os.O_CREAT and str(path).startswith(str(state)):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        return opened(path, flags, *more, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FileConnection, "execute", refusing)
        patch.setattr(os, "open", refused)
        yield


def until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 40.0
    while not so():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.02)


def last_beat(centre: FakeCentre) -> set[str]:
    """Give what the device complained of last."""
    beats = [MESSAGE.validate_json(body) for body in list(centre.messages.values())]
    newest = max((b for b in beats if isinstance(b, Heartbeat)), key=lambda beat: beat.at)
    return {complaint.code for complaint in newest.reasons}


def reasons(state: Path) -> set[str]:
    """Give what the device's own page says is the matter."""
    address = str(preview_address(state)).partition("/preview")[0]
    answer = httpx.get(f"{address}/readyz", trust_env=False, timeout=30.0)
    return {reason["code"] for reason in answer.json()["reasons"]}


def test_a_live_device_whose_disk_turns_read_only_says_so_and_loses_nothing(
    tmp_path: Path, centre: FakeCentre, model: Path, caplog: pytest.LogCaptureFixture
) -> None:
    state = tmp_path / "state"
    enrolled(state, centre)
    health = HealthConfig(listen="127.0.0.1:0", min_disk_free_mib=16)
    with (
        caplog.at_level(logging.ERROR),
        vehicle(end_m=30.0) as (car, twin),
        patrolling(
            live_config(state, model, car, twin, standing_s=2.0).model_copy(
                update={"health": health}
            )
        ) as running,
    ):
        running.until(lambda: running.agent.state().cameras[0].captured > 20)
        running.drive(car)
        running.until(lambda: running.agent.state().pass_id is not None)
        with read_only(state):
            running.until(lambda: car.north_m() > toy.POTHOLE_NORTH_M)
            running.until(lambda: "disk_refuses" in last_beat(centre))
            told = reasons(state)
        running.until(lambda: "disk_refuses" not in last_beat(centre) and bool(caplog.records))
        cleared = reasons(state)
        done = running.wait()

    assert "disk_refuses" in told
    assert "disk_refuses" not in cleared
    assert any("磁盘只读" in record.getMessage() for record in caplog.records)
    assert done.findings == 1
    assert len(of_kind(centre, Finding)) == 1
    assert {sweep.last for sweep in of_kind(centre, Sweep)} == {True}


def test_footage_that_a_read_only_disk_could_not_bring_to_record_is_worked_through_after(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    state, footage = tmp_path / "state", tmp_path / "footage"
    enrolled(state, centre)
    footage.mkdir()
    _, _, camera = toy.write_drive(tmp_path / "elsewhere")
    config = Config(
        state=state,
        source=SourceConfig(
            kind=SourceKind.WATCH, folder=footage, camera=camera, every_s=0.1, settled_s=0.1
        ),
        model=ModelConfig(folder=model, threads=1),
        uplink=UplinkConfig(attempts=1),
    )
    made: list[Agent] = []

    def run() -> None:
        made.append(Agent(config, world(), failpoint=None))
        made[0].run(once=False)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        until(lambda: bool(centre.messages))
        with read_only(state):
            toy.write_drive(footage)
            until(lambda: "disk_refuses" in last_beat(centre))
            unseen = of_kind(centre, Finding)
        until(lambda: bool(of_kind(centre, Finding)) and "disk_refuses" not in last_beat(centre))
    finally:
        made[0].stop()
        thread.join(60.0)

    assert unseen == []
    assert [finding.label for finding in of_kind(centre, Finding)] == ["road.pothole"]
