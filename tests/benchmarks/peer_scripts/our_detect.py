"""Our detector, asked in the same way as its peers, in a process of its own."""

import functools
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from answering import serve
from asked import timed


def answer(question: Mapping) -> Mapping:
    """Detect on one frame `rounds` times; loads the model when first asked."""
    detect, versions = _loaded(
        question["model"],
        question["frame"],
        question["threads"],
        tuple(question["shape"]),
        question["precision"],
    )
    return {**timed(detect, question["rounds"]), "versions": versions}


@functools.cache
def _loaded(
    model: str, frame: str, threads: int, shape: tuple[int, int], precision: str | None
) -> tuple[Callable[[], int], str]:
    import cv2
    import numpy as np

    from detect.detector import Detector
    from detect.manifest import Precision

    cv2.setNumThreads(threads)
    detector = Detector(
        Path(model),
        threads=threads,
        shape=shape,
        floor=0.25,
        precision=Precision(precision) if precision else None,
    )
    picture = np.load(frame)
    said = f"{detector.manifest.name} {detector.precision} {shape[0]}x{shape[1]}"
    return lambda: len(detector.detect(picture)), said


if __name__ == "__main__":
    # As `xunhuan-edge` starts.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    serve(answer)
