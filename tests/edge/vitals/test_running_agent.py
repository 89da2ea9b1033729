"""A running agent as systemd and an operator meet it: a process with a socket and a port."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from edge.delivery.centre import enrol
from edge.delivery.keys import ensure_key, write_enrolment
from edge.exits import Exit
from tests.edge import toy
from tests.edge.fake_centre import CODE, FakeCentre, fake_centre

PROGRAM = "import sys; from edge.commands import main; main(sys.argv[1:])"
PATIENCE_S = 60.0


@pytest.fixture
def centre() -> Iterator[FakeCentre]:
    with fake_centre() as running:
        yield running


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(PATIENCE_S)
        yield listening


def heard_until(manager: socket.socket, wanted: str) -> list[str]:
    heard: list[str] = []
    while wanted not in heard:
        heard.append(manager.recv(4096).decode())
    return heard


def configured(folder: Path, centre: FakeCentre) -> Path:
    state = folder / "state"
    (folder / "footage").mkdir()
    state.mkdir()
    now = datetime.now(UTC)
    write_enrolment(
        state, enrol(centre.address, code=CODE, key=ensure_key(state), name=None, now=now)
    )
    config = folder / "edge.toml"
    config.write_text(
        f'state = "{state}"\n'
        f'[source]\nkind = "watch"\nfolder = "{folder / "footage"}"\nevery_s = 0.2\n'
        f'[model]\nfolder = "{toy.write_model(folder / "model")}"\nthreads = 1\n'
        '[health]\nlisten = "127.0.0.1:0"\nmin_disk_free_mib = 16\n',
        encoding="utf-8",
    )
    return config


def address_of(state: Path) -> str:
    """Give where the agent listens, from what `xunhuan-edge preview` reads."""
    return (state / "preview.url").read_text(encoding="utf-8").partition("/preview")[0]


def test_systemd_hears_of_a_running_agent_and_an_operator_may_ask_it(
    tmp_path: Path, centre: FakeCentre, manager: socket.socket
) -> None:
    config = configured(tmp_path, centre)
    environment = {"NOTIFY_SOCKET": manager.getsockname(), "WATCHDOG_USEC": "2000000"}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "run", "--config", str(config)],
        env={**os.environ, **environment},
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        started = heard_until(manager, "READY=1")
        fed = heard_until(manager, "STATUS=well")
        state = tmp_path / "state"
        ready = httpx.get(f"{address_of(state)}/readyz", trust_env=False, timeout=30.0)
        watched = httpx.get(f"{address_of(state)}/preview", trust_env=False, timeout=30.0)
        secret = (state / "preview.url").stat().st_mode & 0o077
        process.send_signal(signal.SIGTERM)
        ended = heard_until(manager, "STOPPING=1")
        status = process.wait(PATIENCE_S)
    finally:
        process.kill()
        process.wait()

    assert "WATCHDOG=1" in [*started, *fed, *ended]
    assert (ready.status_code, ready.json()["reasons"]) == (200, [])
    assert (watched.status_code, secret, status) == (401, 0, 0)
    assert not (state / "preview.url").exists()


def test_a_loop_that_is_stopped_in_its_tracks_no_longer_feeds_the_watchdog(
    tmp_path: Path, centre: FakeCentre, manager: socket.socket
) -> None:
    config = configured(tmp_path, centre)
    # The loop sleeps for an hour in one piece of work: threads and process live, work does not.
    hang = (
        "import edge.agent as a, threading;"
        "a.Agent._replay_footage = lambda self: threading.Event().wait(3600) or 0;"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", hang + PROGRAM, "run", "--config", str(config)],
        env={
            **os.environ,
            "NOTIFY_SOCKET": manager.getsockname(),
            "WATCHDOG_USEC": "400000",
        },
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        heard_until(manager, "READY=1")
        manager.recv(4096)  # The last word before the loop goes into the work that never ends.
        time.sleep(1.0)
        manager.setblocking(False)
        with pytest.raises(BlockingIOError):
            manager.recv(4096)
        alive = process.poll() is None
    finally:
        process.kill()
        process.wait()

    assert alive


@pytest.mark.parametrize("mended", [True, False], ids=["mended", "stopped"])
def test_a_device_whose_setup_is_broken_rests_and_goes_on_by_itself_once_it_is_mended(
    tmp_path: Path, centre: FakeCentre, manager: socket.socket, *, mended: bool
) -> None:
    config = configured(tmp_path, centre)
    good = config.read_text(encoding="utf-8")
    config.write_text(good + "\n[camera]\n", encoding="utf-8")
    rest_s = "0.5" if mended else "3600.0"
    short = f"import edge.console.resting as r; r.REST_S = {rest_s};"
    line = [sys.executable, "-c", short + PROGRAM, "run", "--config", str(config)]
    environment = {**os.environ, "NOTIFY_SOCKET": manager.getsockname()}
    quiet = {"stderr": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    process = subprocess.Popen(line, env=environment, **quiet)
    try:
        why = manager.recv(4096).decode()
        if not mended:
            process.send_signal(signal.SIGTERM)
        ended = process.wait(PATIENCE_S)
        config.write_text(good, encoding="utf-8")
        if mended:
            # As the service manager does, seconds after.
            process = subprocess.Popen(line, env=environment, **quiet)
            heard_until(manager, "READY=1")
    finally:
        process.kill()
        process.wait()

    assert why.startswith("STATUS=")
    assert "edge.toml" in why
    assert ended == (Exit.BAD_CONFIG if mended else -signal.SIGTERM)


def test_who_starts_it_by_hand_is_told_at_once(tmp_path: Path, centre: FakeCentre) -> None:
    config = configured(tmp_path, centre)
    config.write_text("[camera]\n", encoding="utf-8")
    line = [sys.executable, "-c", "import edge.console.resting as r; r.REST_S = 3600.0;" + PROGRAM]
    environment = {name: value for name, value in os.environ.items() if name != "NOTIFY_SOCKET"}

    done = subprocess.run(
        [*line, "run", "--config", str(config)],
        env=environment,
        capture_output=True,
        check=False,
        timeout=PATIENCE_S,
    )

    assert done.returncode == Exit.BAD_CONFIG
