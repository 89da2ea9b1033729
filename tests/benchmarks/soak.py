"""A live device that works for long: does it grow? `python -m tests.benchmarks.soak --minutes 20`.

The device is the shipped command in a process of its own, with the default model, a rendered street
filmed by the shipped camera twin, a receiver and a centre that answers over HTTP. It drives and
stands in turn, so passes begin and end all the while; and each `FAULT_EVERY_S` something fails.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path
from typing import IO, Final

from dispatch.wire import MESSAGE, Finding, Sweep
from edge.sources.live.twin import CameraTwin
from tests.benchmarks.figure import CannotRun, Measured, benchmark
from tests.benchmarks.filmed_street import FilmedStreet, RoundVehicle
from tests.benchmarks.live_device import START, free_port, looked_total, status_mib
from tests.edge.fake_centre import FakeCentre, fake_centre
from tests.edge.live_vehicle import enrolled

FPS: Final = 15
SAMPLE_EVERY_S: Final = 5.0
FAULT_EVERY_S: Final = 40.0
SETTLED_SHARE: Final = 0.25
"""Of the time after which growth counts, minute 5 of 20; and of the time that is compared."""
MOST_GROWTH_MIB: Final = 8.0
MINUTES: Final = "XUNHUAN_SOAK_MINUTES"
_AWAY: Final[tuple[int, dict[str, str], bytes]] = (503, {}, b"{}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One look at the device's process."""

    minute: float
    rss_mib: float
    descriptors: int
    threads: int
    looked: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Soaked:
    """What became of it.

    Attributes:
        early_mib, late_mib: what it always holds, the lower quartile over the second quarter of the
            time and over the last: a look at evidence and frames that wait come on top and go.
        early_usual_mib, late_usual_mib: the medians over the same spans.
        early_descriptors, late_descriptors: the most in the same spans.
        ended: status with which it ended when asked to.
    """

    minutes: float
    early_mib: float
    late_mib: float
    early_usual_mib: float
    late_usual_mib: float
    peak_mib: float
    early_descriptors: int
    late_descriptors: int
    looked_per_s: float
    passes: int
    findings: int
    faults: int
    ended: int

    @property
    def growth_mib(self) -> float:
        """How much more memory it held at the end."""
        return self.late_mib - self.early_mib

    @property
    def holds(self) -> bool:
        """Whether it kept its size, lived, and worked."""
        flat = self.late_descriptors <= self.early_descriptors
        lived = self.ended == 0 and self.passes > 1
        return lived and flat and self.growth_mib <= MOST_GROWTH_MIB


def soak(minutes: float, *, log: Path | None = None) -> tuple[Soaked, list[Sample]]:
    """Run a device for so long, and say how it was."""
    street = FilmedStreet()
    with tempfile.TemporaryDirectory() as folder, fake_centre() as centre, _round() as car:
        twin = CameraTwin(lambda _: street.at(car.north_m()), fps=FPS)
        config, port = _configure(Path(folder), street, car, twin, centre)
        with (log or Path(os.devnull)).open("wb") as told:
            device = _start(config, told)
            try:
                car.go()
                faults = cycle(_faults(device.pid, car, twin, centre))
                samples, failed = _watch(device, faults, minutes=minutes, port=port)
            finally:
                device.terminate()
                ended = device.wait(60.0)
                twin.close()
        return _soaked(samples, centre, faults=failed, ended=ended), samples


def measured(soaked: Soaked) -> Measured:
    """Give the figure of a soak."""
    return Measured(
        value=soaked.growth_mib,
        how=f"always resident {soaked.late_mib:.0f} MiB in the last quarter of "
        f"{soaked.minutes:.0f} min against {soaked.early_mib:.0f} MiB in the second (medians "
        f"{soaked.late_usual_mib:.0f} and {soaked.early_usual_mib:.0f}, most "
        f"{soaked.peak_mib:.0f}), {soaked.early_descriptors} and then "
        f"{soaked.late_descriptors} descriptors; {soaked.passes} passes, {soaked.findings} "
        f"findings, {soaked.faults} faults of camera, receiver, centre and disk; 1280x720 rendered "
        f"at {FPS} fps, default model, {soaked.looked_per_s:.1f} frames looked at a second",
    )


@benchmark(name="edge.soak_growth_mib", unit="MiB", goal=f"<= {MOST_GROWTH_MIB:g}")
def soak_growth_mib() -> Measured:
    """Memory that a device gains after the first quarter of a long run."""
    minutes = os.environ.get(MINUTES)
    if minutes is None:
        raise CannotRun(f"{MINUTES} does not say for how long")
    return measured(soak(float(minutes))[0])


def _watch(
    device: "subprocess.Popen[bytes]",
    faults: Iterator[Callable[[], None]],
    *,
    minutes: float,
    port: int,
) -> tuple[list[Sample], int]:
    began_s = time.monotonic()
    samples: list[Sample] = []
    failed = 0
    while (passed_s := time.monotonic() - began_s) < minutes * 60.0 and device.poll() is None:
        samples.append(_sample(device.pid, minute=passed_s / 60.0, looked=looked_total(port)))
        if passed_s >= (failed + 1) * FAULT_EVERY_S:
            failed += 1
            next(faults)()
        time.sleep(SAMPLE_EVERY_S)
    return samples, failed


def _faults(
    pid: int, car: RoundVehicle, twin: CameraTwin, centre: FakeCentre
) -> Sequence[Callable[[], None]]:
    """Give what fails in turn; each is over when its call ends."""

    def camera_stalls() -> None:
        twin.stall()
        time.sleep(7.0)
        twin.go_on()

    def receiver_falls_silent() -> None:
        car.silent = True
        time.sleep(5.0)
        car.silent = False

    def centre_is_away() -> None:
        with centre.lock:
            centre.answers.extend([_AWAY] * 500)
        time.sleep(8.0)
        with centre.lock:
            centre.answers.clear()

    def disk_takes_nothing() -> None:
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, hard))
        time.sleep(3.0)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))

    return (twin.cut, receiver_falls_silent, centre_is_away, disk_takes_nothing, camera_stalls)


def _sample(pid: int, *, minute: float, looked: float) -> Sample:
    return Sample(
        minute=minute,
        rss_mib=status_mib(pid, "VmRSS"),
        descriptors=_count(Path(f"/proc/{pid}/fd")),
        threads=_count(Path(f"/proc/{pid}/task")),
        looked=looked,
    )


def _count(folder: Path) -> int:
    return sum(1 for _ in folder.iterdir())


def _soaked(samples: Sequence[Sample], centre: FakeCentre, *, faults: int, ended: int) -> Soaked:
    minutes = samples[-1].minute
    span = minutes * SETTLED_SHARE
    early = [one for one in samples if span <= one.minute < 2.0 * span]
    late = [one for one in samples if one.minute >= minutes - span]
    told = [MESSAGE.validate_json(body) for body in centre.messages.values()]
    return Soaked(
        minutes=minutes,
        early_mib=_always(early),
        late_mib=_always(late),
        early_usual_mib=statistics.median(one.rss_mib for one in early),
        late_usual_mib=statistics.median(one.rss_mib for one in late),
        peak_mib=max(one.rss_mib for one in samples),
        early_descriptors=max(one.descriptors for one in early),
        late_descriptors=max(one.descriptors for one in late),
        looked_per_s=max(one.looked for one in samples) / (minutes * 60.0),
        passes=sum(1 for each in told if isinstance(each, Sweep) and each.last),
        findings=len({each.id for each in told if isinstance(each, Finding)}),
        faults=faults,
        ended=ended,
    )


def _always(samples: Sequence[Sample]) -> float:
    return statistics.quantiles((one.rss_mib for one in samples), n=4)[0]


@contextmanager
def _round() -> Iterator[RoundVehicle]:
    car = RoundVehicle()
    try:
        yield car
    finally:
        car.close()


def _configure(
    folder: Path, street: FilmedStreet, car: RoundVehicle, twin: CameraTwin, centre: FakeCentre
) -> tuple[Path, int]:
    enrolled(folder / "state", centre)
    camera, config, port = folder / "camera.toml", folder / "edge.toml", free_port()
    camera.write_text(street.camera_file(), encoding="utf-8")
    config.write_text(
        f'state = "{folder / "state"}"\n[source]\nkind = "live"\n'
        f'[[camera]]\nname = "front"\naddress = "{twin.address}"\nfile = "{camera}"\n'
        f'rendered = true\n[telemetry]\nreceiver = "{car.receiver}"\nlatency_s = 0.0\n'
        f"[drive]\nends_standing_s = 5\n[disk]\nevidence_mib = 16\n"
        f'[health]\nlisten = "127.0.0.1:{port}"\n',
        encoding="utf-8",
    )
    return config, port


def _start(config: Path, told: IO[bytes]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", START, "run", "--config", str(config)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.DEVNULL,
        stderr=told,
    )


def main(arguments: list[str]) -> int:
    """Soak a device and print what became of it; 1 if it grew or died."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all samples there")
    parser.add_argument("--log", type=Path, metavar="FILE", help="keep what the device says")
    asked = parser.parse_args(arguments)
    soaked, samples = soak(asked.minutes, log=asked.log)
    told = asdict(soaked) | {"growth_mib": soaked.growth_mib, "holds": soaked.holds}
    sys.stdout.write(json.dumps(told, indent=2) + "\n")
    if asked.json:
        rows = [asdict(one) for one in samples]
        asked.json.write_text(json.dumps(told | {"samples": rows}, indent=2) + "\n", "utf-8")
    return int(not soaked.holds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
