"""Figures of the detector: what the way from a frame to its detections costs."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from detect.detector import Detector

from tests.benchmarks.figure import CannotRun, Measured, benchmark

SHIPPED = Path(__file__).parents[2] / "models" / "weights" / "street-n"
FRAME = (1080, 1920)
ROUNDS = 80
STREET = 790_003


@benchmark(name="detect.pipeline_ratio_t1", unit="ratio", goal="<= 1.03")
def pipeline_ratio_of_one_thread() -> Measured:
    """Compare a 1080p frame's whole way with the bare run of the model, at one thread."""
    return _pipeline_ratio(1)


@benchmark(name="detect.pipeline_ratio_t2", unit="ratio", goal="<= 1.04")
def pipeline_ratio_of_two_threads() -> Measured:
    """Compare a 1080p frame's whole way with the bare run of the model, at two threads."""
    return _pipeline_ratio(2)


@benchmark(name="detect.two_sessions_cpu_ratio", unit="ratio", goal="<= 1.2")
def two_sessions_in_one_process() -> Measured:
    """Compare the processor time of a frame where two detectors work at once with one alone.

    The two have two threads each, the one has one: what is above 1 was spent on waiting. Threads
    that spin while they wait bring it to 1.8.
    """
    from detect.detector import Detector
    from detect.manifest import Precision

    frame = street_frame()
    single = Detector(_model(), threads=1, precision=Precision.FP32)
    pair = [Detector(_model(), threads=2, precision=Precision.FP32) for _ in range(2)]
    alone = _processor_seconds((single,), frame)
    together = _processor_seconds(pair, frame)
    return Measured(
        value=together / alone,
        how=f"{together * 1e3:.1f} ms of processor a frame in two detectors at once, "
        f"{alone * 1e3:.1f} ms in one alone",
    )


def _pipeline_ratio(threads: int) -> Measured:
    import cv2
    import numpy as np
    import onnxruntime

    from detect.detector import Detector
    from detect.manifest import Precision

    detector = Detector(_model(), threads=threads, shape=_square(), precision=Precision.FP32)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    path = _model() / detector.manifest.file
    bare = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    frame = street_frame()
    cv2.setNumThreads(threads)
    given = {detector.manifest.input.name: np.zeros((1, 3, *detector.shape), np.float32)}
    added, alone = _interleaved(
        lambda: detector.detect(frame), lambda: bare.run(None, given), rounds=ROUNDS
    )
    height, width = detector.shape
    return Measured(
        value=1 + added / alone,
        how=f"{added * 1e3:.2f} ms added to {alone * 1e3:.1f} ms bare, medians of {ROUNDS} pairs, "
        f"{len(detector.detect(frame))} detections, {detector.manifest.name} {height}x{width}, "
        f"{threads} thread(s)",
    )


def _model() -> Path:
    if not (SHIPPED / "manifest.json").is_file():
        raise CannotRun("models/weights/street-n is not there")
    return SHIPPED


def _square() -> tuple[int, int] | None:
    from detect.manifest import read_manifest

    square = (640, 640)
    return square if square in read_manifest(_model()).input.shapes else None


def street_frame() -> "NDArray[np.uint8]":
    """Give a drawn street as a 1080p frame: twice as many candidates as the median real photo."""
    import cv2
    import numpy as np

    from models.rendered.scene import draw_frame

    drawn = draw_frame(STREET, overhead=False).image
    cut = (drawn.shape[0] - drawn.shape[1] * FRAME[0] // FRAME[1]) // 2
    whole = drawn[cut : drawn.shape[0] - cut]
    return np.asarray(cv2.resize(whole, FRAME[::-1], interpolation=cv2.INTER_CUBIC), np.uint8)


def _processor_seconds(detectors: "Sequence[Detector]", frame: "NDArray[np.uint8]") -> float:
    """Give the processor time per frame while every detector works in a thread of its own."""

    def work(detector: "Detector") -> None:
        for _ in range(ROUNDS // 4):
            detector.detect(frame)

    for detector in detectors:
        detector.detect(frame)
    threads = [threading.Thread(target=work, args=(detector,)) for detector in detectors]
    start = time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (time.process_time() - start) / (ROUNDS // 4 * len(threads))


def _interleaved(
    longer: Callable[[], object], shorter: Callable[[], object], *, rounds: int
) -> tuple[float, float]:
    """Give the median of what one call takes longer than the other, and of the other, in seconds.

    They take turns, each first in every second pair, after one warm-up: what slows the machine for
    a while slows both.
    """
    longer(), shorter()
    added, alone = [], []
    for turn in range(rounds):
        if turn % 2:
            second, first = _seconds(shorter), _seconds(longer)
        else:
            first, second = _seconds(longer), _seconds(shorter)
        added.append(first - second)
        alone.append(second)
    return median(added), median(alone)


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
