"""The doctor looks through cameras and listens to the receiver as the agent would."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge.config import CameraConfig, TelemetryConfig
from edge.doctor.cameras import check_camera
from edge.doctor.check import Outcome
from edge.doctor.receiver import check_receiver
from edge.doctor.running import check_running
from edge.sources.live.twin import CameraTwin
from edge.telemetry.replayed import ReplayedReceiver, paced
from edge.vitals.server import Answers, VitalsServer
from tests.edge import toy
from tests.edge.receivers import moments, pvt
from tests.edge.vitals.signs import Stopwatch, camera_of, signs_of, vitals_of


@pytest.fixture
def twin() -> Iterator[CameraTwin]:
    filmed = CameraTwin(lambda seconds: toy.road((toy.SPEED * seconds) % 25.0), fps=15)
    yield filmed
    filmed.close()


def camera_at(address: str, folder: Path) -> CameraConfig:
    file = folder / "camera.toml"
    file.write_text(toy.CAMERA_FILE, encoding="utf-8")
    return CameraConfig(name="front", address=address, file=file)


def test_a_camera_that_films_as_its_file_says_passes(twin: CameraTwin, tmp_path: Path) -> None:
    check = check_camera(camera_at(twin.address, tmp_path), monotonic=time.monotonic)

    assert f"{toy.WIDTH}×{toy.HEIGHT}" in check.en
    assert check.outcome is not Outcome.FAIL


def test_a_camera_of_another_shape_than_its_file_fails(twin: CameraTwin, tmp_path: Path) -> None:
    twin.resize(toy.HEIGHT, toy.HEIGHT)

    check = check_camera(camera_at(twin.address, tmp_path), monotonic=time.monotonic)

    assert check.outcome is Outcome.FAIL


def test_a_camera_that_is_not_there_fails_with_what_to_check(tmp_path: Path) -> None:
    camera = camera_at("tcp://127.0.0.1:9", tmp_path)

    check = check_camera(camera, monotonic=time.monotonic)

    assert check.outcome is Outcome.FAIL
    assert "power, cable, address" in check.en


def test_a_camera_without_its_file_fails_before_it_is_opened(tmp_path: Path) -> None:
    camera = CameraConfig(name="front", address="tcp://127.0.0.1:9", file=tmp_path / "none.toml")

    check = check_camera(camera, monotonic=time.monotonic)

    assert check.outcome is Outcome.FAIL
    assert "none.toml" in check.en


def heard(address: str) -> Outcome:
    check = check_receiver(
        TelemetryConfig(receiver=address),
        now=lambda: datetime.now(UTC),
        monotonic=time.monotonic,
        sleep=time.sleep,
    )
    assert check is not None
    return check.outcome


def test_a_receiver_with_a_fix_passes() -> None:
    said = paced(b"".join(pvt(at) for at in moments(40, every_s=0.2)))
    with ReplayedReceiver(said, steady=time.monotonic) as receiver:
        assert heard(receiver.over_tcp()) is Outcome.OK


def test_no_receiver_is_no_fault() -> None:
    assert (
        check_receiver(
            TelemetryConfig(),
            now=lambda: datetime.now(UTC),
            monotonic=time.monotonic,
            sleep=time.sleep,
        )
        is None
    )


def test_a_running_agent_is_asked_instead_of_taking_its_camera_away() -> None:
    vitals = vitals_of(Stopwatch())
    vitals.take(signs_of(camera_of(age_s=60.0)))
    answers = Answers(report=vitals.report, preview=lambda: None, token="")
    server = VitalsServer("127.0.0.1:0", answers)

    found = check_running(server.address.removeprefix("http://"))
    server.close()

    assert found is not None
    assert [(check.name, check.outcome) for check in found] == [
        ("agent camera_silent", Outcome.FAIL)
    ]


def test_an_address_at_which_nobody_answers_is_no_running_agent() -> None:
    assert check_running("127.0.0.1:9") is None
    assert check_running(None) is None
