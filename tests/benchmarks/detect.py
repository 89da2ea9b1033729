"""Figures of the detector: what the way from a frame to its detections costs."""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from tests.benchmarks.figure import CannotRun, Measured, benchmark

SHIPPED = Path(__file__).parents[2] / "models" / "weights" / "street-n"
FRAME = (1080, 1920)
ROUNDS = 40


@benchmark(name="detect.pipeline_ratio_t1", unit="ratio", goal="<= 1.03")
def pipeline_ratio_of_one_thread() -> Measured:
    """Compare a 1080p frame's whole way with the bare run of the model, at one thread."""
    return _pipeline_ratio(1)


@benchmark(name="detect.pipeline_ratio_t2", unit="ratio", goal="<= 1.04")
def pipeline_ratio_of_two_threads() -> Measured:
    """Compare a 1080p frame's whole way with the bare run of the model, at two threads."""
    return _pipeline_ratio(2)


def _pipeline_ratio(threads: int) -> Measured:
    import cv2
    import numpy as np
    import onnxruntime

    from detect.detector import Detector

    detector = Detector(_model(), threads=threads, shape=_square())
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    path = _model() / detector.manifest.file
    bare = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    frame = _street_frame()
    cv2.setNumThreads(threads)
    given = {detector.manifest.input.name: np.zeros((1, 3, *detector.shape), np.float32)}
    whole, alone = _interleaved(
        lambda: detector.detect(frame), lambda: bare.run(None, given), rounds=ROUNDS
    )
    height, width = detector.shape
    return Measured(
        value=whole / alone,
        how=f"{whole * 1e3:.1f} ms against {alone * 1e3:.1f} ms bare, medians of {ROUNDS} "
        f"interleaved, {detector.manifest.name} {height}x{width}, {threads} thread(s)",
    )


def _model() -> Path:
    if not (SHIPPED / "manifest.json").is_file():
        raise CannotRun("models/weights/street-n is not there")
    return SHIPPED


def _square() -> tuple[int, int] | None:
    from detect.manifest import read_manifest

    square = (640, 640)
    return square if square in read_manifest(_model()).input.shapes else None


def _street_frame() -> object:
    """Give a busy 1080p frame: noise of all sizes, so that some candidates appear."""
    import cv2
    import numpy as np

    rng = np.random.default_rng(7)
    frame = np.zeros((*FRAME, 3), np.float32)
    for size in (4, 16, 64, 256):
        noise = rng.normal(0, 25, (FRAME[0] // size + 1, FRAME[1] // size + 1, 3))
        frame += cv2.resize(noise.astype(np.float32), FRAME[::-1], interpolation=cv2.INTER_CUBIC)
    return np.clip(frame + 115, 0, 255).astype(np.uint8)


def _interleaved(
    one: Callable[[], object], other: Callable[[], object], *, rounds: int
) -> tuple[float, float]:
    """Give the median seconds of two calls that take turns, after one warm-up each."""
    spent: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds + 1):
        for call, times in zip((one, other), spent, strict=True):
            start = time.perf_counter()
            call()
            if turn:
                times.append(time.perf_counter() - start)
    return median(spent[0]), median(spent[1])
