"""A live device as a process of its own: how soon it sees, and how much memory it takes.

    python -m tests.benchmarks --only edge.restart_s --only edge.rss_mib

One camera of 1920x1080 at 25 frames a second, H.264 over the network, a receiver at 5 Hz, the
default model; the vehicle drives at 8 m/s. The twins film and encode on the same two cores.
"""

import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from edge.delivery.keys import Enrolment, ensure_key, write_enrolment
from edge.sources.live.twin import CameraTwin
from edge.sources.street.layout import plan_street
from edge.sources.street.passes import StreetPass
from edge.sources.street.schedule import plan_passes
from edge.sources.street.source import RenderedStreet
from tests.benchmarks.figure import CannotRun, Measured, benchmark
from tests.edge.live_vehicle import Vehicle

WIDTH, HEIGHT, FPS = 1920, 1080, 25
START: Final = "from edge.commands import main; main()"
LOOKED: Final = re.compile(r"^xunhuan_edge_frames_looked_total\{[^}]*\} ([0-9.e+]+)$", re.MULTILINE)
SETTLED_S: Final = 10.0
DRIVEN_S: Final = 60.0
CAMERA_FILE: Final = f"""
[image]
width = {WIDTH}
height = {HEIGHT}
[lens]
fx = 1350.0
fy = 1350.0
cx = {WIDTH / 2}
cy = {HEIGHT / 2}
[mounting]
height_above_ground_m = 1.6
pitch_deg = -6.0
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a device was like.

    Attributes:
        first_s: from the start of the process to the first frame through the model.
        rss_mib, peak_mib: resident after the drive, and the most it ever was.
        fps: frames looked at a second, while it drove.
        busy: processors at work meanwhile.
    """

    first_s: float
    rss_mib: float
    peak_mib: float
    fps: float
    busy: float


@cache
def device_run() -> Run:
    """Run a device over a minute of driving."""
    with tempfile.TemporaryDirectory() as folder, _vehicle() as (car, twin):
        config, port = configure(Path(folder), camera=twin.address, receiver=car.receiver)
        car.go()
        began_s = time.monotonic()
        device = start(config)
        try:
            first_s = _first_look(device) - began_s
            time.sleep(SETTLED_S)
            before, busy_s = looked_total(port), processor_s(device.pid)
            time.sleep(DRIVEN_S)
            fps = (looked_total(port) - before) / DRIVEN_S
            busy = (processor_s(device.pid) - busy_s) / DRIVEN_S
            return Run(
                first_s=first_s,
                rss_mib=status_mib(device.pid, "VmRSS"),
                peak_mib=status_mib(device.pid, "VmHWM"),
                fps=fps,
                busy=busy,
            )
        finally:
            device.terminate()
            device.wait(15.0)


@benchmark(name="edge.restart_s", unit="s", goal="<= 10")
def restart_s() -> Measured:
    """From the start of the process to the first frame through the model."""
    run = device_run()
    return Measured(
        value=run.first_s,
        how=f"process start to first frame through the default model, {WIDTH}x{HEIGHT} stream over "
        f"TCP at {FPS} fps, vehicle moving at 8 m/s; twins on the same two cores",
    )


@benchmark(name="edge.rss_mib", unit="MiB", goal="<= 350")
def rss_mib() -> Measured:
    """Resident memory of a device that looks through one camera."""
    run = device_run()
    return Measured(
        value=run.peak_mib,
        how=f"most resident in {DRIVEN_S:.0f} s of one {WIDTH}x{HEIGHT} stream with the default "
        f"model, {run.rss_mib:.0f} MiB at the end; {run.fps:.1f} frames looked at a second",
    )


@contextmanager
def _vehicle() -> Iterator[tuple[Vehicle, CameraTwin]]:
    picture = street_picture()
    car = Vehicle(end_m=10_000.0, speed=8.0)

    def film(_seconds: float) -> np.ndarray:
        # The street passes by: cheap to draw, new to the coder and the model.
        return np.roll(picture, int(40.0 * car.north_m()) % WIDTH, axis=1)

    twin = CameraTwin(film, fps=FPS)
    try:
        yield car, twin
    finally:
        twin.close()
        car.close()


def street_picture() -> np.ndarray:
    """Draw one frame of a street at full size."""
    plan = plan_street(7)
    drive = plan_passes(plan)[0]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drive.street.json"
        path.write_text(StreetPass(plan=plan, patrol=drive).model_dump_json(), "utf-8")
        frame = next(iter(RenderedStreet(path).frames()))
    return np.asarray(cv2.resize(frame.image, (WIDTH, HEIGHT)), np.uint8)


def configure(folder: Path, *, camera: str, receiver: str) -> tuple[Path, int]:
    """Write what a device of one camera needs; give its configuration and where it tells metrics.

    Args:
        camera, receiver: addresses.
    """
    state = folder / "state"
    state.mkdir()
    ensure_key(state)
    # Nobody answers there: the device works without its centre.
    enrolment = Enrolment(device="bench", centre="http://127.0.0.1:9", clock_offset_s=0.0)
    write_enrolment(state, enrolment)
    port = free_port()
    camera_file = folder / "camera.toml"
    camera_file.write_text(CAMERA_FILE, encoding="utf-8")
    config = folder / "edge.toml"
    config.write_text(
        f'state = "{state}"\n[source]\nkind = "live"\n'
        f'[[camera]]\nname = "front"\naddress = "{camera}"\nfile = "{camera_file}"\n'
        f'[telemetry]\nreceiver = "{receiver}"\n[model]\nthreads = 2\n'
        f'[health]\nlisten = "127.0.0.1:{port}"\n',
        encoding="utf-8",
    )
    return config, port


def start(config: Path) -> "subprocess.Popen[bytes]":
    """Start the shipped command in a process of its own; its log must be read."""
    return subprocess.Popen(
        [sys.executable, "-c", START, "run", "--config", str(config)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def free_port() -> int:
    """Give a port of loopback that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _first_look(device: "subprocess.Popen[bytes]") -> float:
    """Give when the device says that it looked at its first frame; its log is read on after."""
    assert device.stderr is not None, "it was started with a pipe"
    for line in device.stderr:
        if b"first frame looked at" in line:
            seen_s = time.monotonic()
            threading.Thread(target=device.stderr.read, daemon=True).start()
            return seen_s
    raise CannotRun(f"the device ended with {device.wait()}")


def looked_total(port: int) -> float:
    """Give how many frames a device on this port says it looked at, 0 before it answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5.0) as answer:
            said = answer.read().decode()
    except OSError:
        return 0.0
    found = LOOKED.search(said)
    return float(found[1]) if found else 0.0


def status_mib(pid: int, field: str) -> float:
    """Give what Linux says of a process's memory, by the name of its field."""
    said = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(rf"^{field}:\s+(\d+) kB", said, re.MULTILINE)
    assert found, f"{field} is in every status of Linux"
    return int(found[1]) / 1024.0


def processor_s(pid: int) -> float:
    """Give the processor time that a process has taken, seconds."""
    # The name of the process, in brackets, may hold anything; the counters come after it.
    counters = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(counters[11]) + int(counters[12])) / os.sysconf("SC_CLK_TCK")
