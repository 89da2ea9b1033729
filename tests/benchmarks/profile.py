"""Figures of a device's default profile beside ultralytics' `predict` on the same weights.

Each side is a process that answers the same question; they take turns, so that both meet the same
machine. A pause between turns lets the threads of the one that ran stop spinning.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.figure import CannotRun, Measured, benchmark
from tests.benchmarks.peers import PEERS, ROOT, Answer, Peer, peer_python

SHIPPED = ROOT / "models" / "weights" / "street-n"
SQUARE, WIDE = (640, 640), (384, 640)
TURNS, FRAMES = 8, 5
STARTS = 5
PAUSE_S = 0.03
TIMEOUT_S = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What both sides are asked: the model as each reads it, and the frame."""

    ours: dict[str, Any]
    theirs: dict[str, Any]


@benchmark(name="detect.profile_vs_ultralytics", unit="ratio", goal="<= 0.4")
def default_profile_of_one_thread() -> Measured:
    """Compare the default 16:9 profile, as this machine runs it, with ultralytics at 640 fp32.

    The goal is that of a processor with integer dot products; elsewhere it is 0.62 and fp32 runs.
    """
    return _time_ratio(threads=1, shape=WIDE, precision=None)


@benchmark(name="detect.profile_vs_ultralytics_t2", unit="ratio", goal="<= 0.4")
def default_profile_of_two_threads() -> Measured:
    """Compare the default 16:9 profile with ultralytics at 640 fp32, two threads each."""
    return _time_ratio(threads=2, shape=WIDE, precision=None)


@benchmark(name="detect.rectangle_vs_ultralytics", unit="ratio", goal="<= 0.62")
def rectangle_in_full_precision() -> Measured:
    """Compare the 16:9 input in fp32, as processors without such products run it."""
    return _time_ratio(threads=1, shape=WIDE, precision="fp32")


@benchmark(name="detect.predict_ratio_t1", unit="ratio", goal="<= 1")
def same_model_of_one_thread() -> Measured:
    """Compare the same weights at 640x640 fp32, one thread each."""
    return _time_ratio(threads=1, shape=SQUARE, precision="fp32")


@benchmark(name="detect.predict_ratio_t2", unit="ratio", goal="<= 1")
def same_model_of_two_threads() -> Measured:
    """Compare the same weights at 640x640 fp32, two threads each."""
    return _time_ratio(threads=2, shape=SQUARE, precision="fp32")


@benchmark(name="detect.first_result_ratio", unit="ratio", goal="<= 0.25")
def time_to_first_result() -> Measured:
    """Compare the time from starting a process to the first detections, 640x640 fp32."""
    starts: tuple[list[float], list[float]] = ([], [])
    with _case(threads=2, shape=SQUARE, precision="fp32") as case:
        for _ in range(STARTS + 1):
            starts[0].append(_start_s("our_detect.py", case.ours, Path(sys.executable)))
            starts[1].append(_start_s("ultralytics_predict.py", case.theirs, peer_python()))
    # The first start of each reads its libraries from the disk.
    ours, theirs = (median(times[1:]) for times in starts)
    return Measured(
        value=ours / theirs,
        how=f"{ours:.2f} s against {theirs:.2f} s, medians of {STARTS} alternating starts",
    )


@benchmark(name="detect.rss_ratio", unit="ratio", goal="<= 0.5")
def resident_memory() -> Measured:
    """Compare the peak resident memory after ten frames at 640x640 fp32."""
    with _pair(threads=2, shape=SQUARE, precision="fp32") as (ours, theirs):
        mine, other = ours(10), theirs(10)
    a, b = mine["peak_kib"] / 1024, other["peak_kib"] / 1024
    return Measured(value=a / b, how=f"{a:.0f} MiB against {b:.0f} MiB ({other['versions']})")


@benchmark(name="detect.install_ratio", unit="ratio", goal="<= 0.25")
def installed_size() -> Measured:
    """Compare the environments that plain pip makes of our `edge` extra and of ultralytics."""
    edge, plain = (PEERS.with_name(f".peers-{name}") for name in ("edge", "plain"))
    if not (edge.is_dir() and plain.is_dir()):
        raise CannotRun("run make peers PEERS_PLAIN=yes (downloads 3 GB)")
    ours, theirs = _installed_gb(edge), _installed_gb(plain)
    torch = next(plain.glob("lib/*/site-packages/torch/version.py")).read_text("utf-8")
    version = torch.split("__version__ = '", 1)[1].split("'", 1)[0]
    return Measured(
        value=ours / theirs,
        how=f"{ours:.2f} GB against {theirs:.2f} GB with torch {version}, pip left out of both",
    )


def _time_ratio(*, threads: int, shape: tuple[int, int], precision: str | None) -> Measured:
    times: tuple[list[float], list[float]] = ([], [])
    with _pair(threads=threads, shape=shape, precision=precision) as sides:
        said = [side(2)["versions"] for side in sides]
        for _ in range(TURNS):
            for side, spent in zip(sides, times, strict=True):
                time.sleep(PAUSE_S)
                spent.extend(side(FRAMES)["seconds"])
    ours, theirs = (median(spent) * 1e3 for spent in times)
    return Measured(
        value=ours / theirs,
        how=f"{said[0]} {ours:.1f} ms against {theirs:.1f} ms of {said[1]} fp32 640x640, "
        f"medians of {TURNS} turns of {FRAMES} frames, 1080p frame to detections, "
        f"{threads} thread(s)",
    )


@contextmanager
def _pair(*, threads: int, shape: tuple[int, int], precision: str | None) -> Iterator[Any]:
    """Start both sides; each is called with a number of rounds."""
    with ExitStack() as stack:
        case = stack.enter_context(_case(threads=threads, shape=shape, precision=precision))
        mine = stack.enter_context(
            Peer("our_detect.py", timeout_s=TIMEOUT_S, python=Path(sys.executable))
        )
        other = stack.enter_context(Peer("ultralytics_predict.py", timeout_s=TIMEOUT_S))

        def ours(rounds: int) -> Answer:
            return mine.ask(case.ours | {"rounds": rounds})

        def theirs(rounds: int) -> Answer:
            return other.ask(case.theirs | {"rounds": rounds})

        yield ours, theirs


@contextmanager
def _case(*, threads: int, shape: tuple[int, int], precision: str | None) -> Iterator[Case]:
    import numpy as np

    from tests.benchmarks.detect import street_frame
    from tests.benchmarks.peer_model import write_peer_model

    peer_python()
    if not (SHIPPED / "manifest.json").is_file():
        raise CannotRun("models/weights/street-n is not there")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        np.save(folder / "frame.npy", street_frame())
        model = write_peer_model(SHIPPED, folder / "street-n.onnx", shape=SQUARE)
        both = {"frame": str(folder / "frame.npy"), "threads": threads}
        yield Case(
            ours=both | {"model": str(SHIPPED), "shape": shape, "precision": precision},
            theirs=both | {"model": str(model), "shape": SQUARE},
        )


def _start_s(script: str, question: dict[str, Any], python: Path) -> float:
    start = time.perf_counter()
    with Peer(script, timeout_s=TIMEOUT_S, python=python) as peer:
        peer.ask(question | {"rounds": 1})
        return time.perf_counter() - start


def _installed_gb(environment: Path) -> float:
    files = (f for f in environment.rglob("*") if f.is_file() and not f.is_symlink())
    return sum(f.stat().st_size for f in files if "/site-packages/pip" not in str(f)) / 1e9
