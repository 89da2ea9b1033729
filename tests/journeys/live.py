"""The live device as a process: how a journey configures, starts and waits for one."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from edge.failpoints import VARIABLE
from edge.patrol.unfinished import FOLDER
from edge.sources.live.twin import CameraTwin
from tests.edge import toy
from tests.edge.live_vehicle import Vehicle

RUN = "from edge.commands import main; main()"
PATIENCE_S = 90.0


def write_config(
    folder: Path,
    model: Path,
    car: Vehicle,
    twin: CameraTwin,
    *,
    state: str = "state",
    more: str = "",
) -> Path:
    """Write the file that tells a device of its twins.

    Args:
        state: name of the state folder.
        more: tables to add.
    """
    (folder / "camera.toml").write_text(toy.CAMERA_FILE, encoding="utf-8")
    path = folder / "edge.toml"
    path.write_text(
        f'state = "{folder / state}"\n[source]\nkind = "live"\n'
        f'[[camera]]\nname = "front"\naddress = "{twin.address}"\n'
        f'file = "{folder / "camera.toml"}"\n'
        f'[telemetry]\nreceiver = "{car.receiver}"\nlatency_s = 0.0\n'
        f'[model]\nfolder = "{model}"\nthreads = 1\n[uplink]\nattempts = 1\nevery_s = 0.2\n{more}',
        encoding="utf-8",
    )
    return path


def start(config: Path, *, failpoint: str | None = None) -> "subprocess.Popen[bytes]":
    """Start a device; at a named step it may kill itself."""
    armed = {} if failpoint is None else {VARIABLE: failpoint}
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)} | armed
    return subprocess.Popen(
        [sys.executable, "-c", RUN, "run", "--config", str(config)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@contextmanager
def living(config: Path, *, failpoint: str | None = None) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a device and leave none behind, whatever becomes of the test."""
    device = start(config, failpoint=failpoint)
    try:
        yield device
    finally:
        device.kill()
        device.wait(30.0)


def until(so: Callable[[], bool]) -> None:
    """Wait until something is so; the test fails if it never is."""
    deadline = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.05)


def unfinished(folder: Path) -> list[Path]:
    """Give the files of passes under way."""
    return list((folder / "state" / FOLDER).glob("*.json"))
