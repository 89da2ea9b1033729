"""The service manager hears from the agent's own progress, and from nothing else."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.vitals.service import ServiceManager
from edge.vitals.vitals import Vitals
from tests.edge.vitals.signs import LIMITS, Stopwatch, signs_of


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.setblocking(False)
        yield listening


def heard(manager: socket.socket) -> list[str]:
    lines = []
    while True:
        try:
            lines.append(manager.recv(4096).decode())
        except BlockingIOError:
            return lines


def test_the_watchdog_is_fed_by_a_moving_loop_and_starves_with_a_hanging_one(
    manager: socket.socket,
) -> None:
    stopwatch = Stopwatch()
    environment = {"NOTIFY_SOCKET": manager.getsockname(), "WATCHDOG_USEC": "40000000"}
    vitals = Vitals(
        LIMITS,
        monotonic=stopwatch,
        service=ServiceManager.of(environment, monotonic=stopwatch),
    )

    for _ in range(100):
        stopwatch.pass_by(0.5)
        vitals.moved()
    fed = heard(manager).count("WATCHDOG=1")
    stopwatch.pass_by(500.0)
    vitals.report()

    assert fed == 5
    assert heard(manager) == []


def test_the_manager_is_told_of_start_end_and_what_is_wrong(manager: socket.socket) -> None:
    stopwatch = Stopwatch()
    service = ServiceManager(manager.getsockname(), watchdog_s=None, monotonic=stopwatch)

    service.ready()
    Vitals(LIMITS, monotonic=stopwatch, service=service).take(signs_of(temperature_c=99.0))
    service.stopping()

    first, status, last = heard(manager)
    assert (first, last) == ("READY=1", "STOPPING=1")
    assert status.startswith("STATUS=the machine is at 99 °C")


def test_without_a_manager_or_with_one_that_is_gone_nothing_breaks(tmp_path: Path) -> None:
    nobody = ServiceManager.of({}, monotonic=Stopwatch())
    gone = ServiceManager.of({"NOTIFY_SOCKET": str(tmp_path / "gone")}, monotonic=Stopwatch())

    for service in (nobody, gone):
        service.ready()
        service.moved()


def test_an_abstract_socket_is_spoken_to() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0xunhuan-test-notify")
        ServiceManager("@xunhuan-test-notify", watchdog_s=None, monotonic=Stopwatch()).ready()

        assert listening.recv(64) == b"READY=1"
