"""A device that has nothing to look at: its camera is off, or its vehicle stands.

    python -m tests.benchmarks --only edge.idle_mib --only edge.parked_processors

The camera of the parked vehicle films a street on which others drive.
"""

import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np

from edge.sources.live.twin import CameraTwin
from tests.benchmarks.figure import CannotRun, Measured, benchmark
from tests.benchmarks.live_device import (
    FPS,
    HEIGHT,
    WIDTH,
    configure,
    device_run,
    free_port,
    processor_s,
    start,
    status_mib,
    street_picture,
)
from tests.edge.live_vehicle import Vehicle

STARTED_S: Final = 15.0
WATCHED_S: Final = 40.0


@benchmark(name="edge.idle_mib", unit="MiB", goal="<= 250")
def idle_mib() -> Measured:
    """Resident memory of a device whose camera is off."""
    with _standing(f"tcp://127.0.0.1:{free_port()}") as device:
        time.sleep(WATCHED_S)
        held, most = (status_mib(device.pid, field) for field in ("VmRSS", "VmHWM"))
    return Measured(
        value=most,
        how=f"most resident in {STARTED_S + WATCHED_S:.0f} s with the default model loaded, a "
        f"receiver that tells of standing and a camera that is off; {held:.0f} MiB at the end",
    )


@benchmark(name="edge.parked_processors", unit="processors", goal="<= 0.15")
def parked_processors() -> Measured:
    """Processor time of a device in a vehicle that stands, per second."""
    picture = street_picture()

    def film(seconds: float) -> np.ndarray:
        return np.roll(picture, int(200.0 * seconds) % WIDTH, axis=1)

    twin = CameraTwin(film, fps=FPS)
    try:
        with _standing(twin.address) as device:
            before = processor_s(device.pid)
            time.sleep(WATCHED_S)
            busy = (processor_s(device.pid) - before) / WATCHED_S
    finally:
        twin.close()
    return Measured(
        value=busy,
        how=f"over {WATCHED_S:.0f} s of one {WIDTH}x{HEIGHT} stream at {FPS} fps, a key picture "
        f"in 15, with things that move in it; {device_run().busy:.2f} where the vehicle drives",
    )


@contextmanager
def _standing(camera: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a device in a vehicle that stands, and wait until it has settled."""
    car = Vehicle()
    with tempfile.TemporaryDirectory() as folder:
        config, _ = configure(Path(folder), camera=camera, receiver=car.receiver)
        device = start(config)
        assert device.stderr is not None, "it is started with a pipe"
        threading.Thread(target=device.stderr.read, daemon=True).start()
        try:
            time.sleep(STARTED_S)
            if device.poll() is not None:
                raise CannotRun(f"the device ended with {device.returncode}")
            yield device
        finally:
            device.terminate()
            device.wait(30.0)
            car.close()
