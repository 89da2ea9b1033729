"""ultralytics' `predict` on an ONNX file: a decoded frame in, its detections out."""

import functools
from collections.abc import Callable, Mapping

from answering import serve
from asked import timed


def answer(question: Mapping) -> Mapping:
    """Detect on one frame `rounds` times; loads the model when first asked."""
    detect, versions = _loaded(
        question["model"], question["frame"], question["threads"], tuple(question["shape"])
    )
    return {**timed(detect, question["rounds"]), "versions": versions}


@functools.cache
def _loaded(
    model: str, frame: str, threads: int, shape: tuple[int, int]
) -> tuple[Callable[[], int], str]:
    import numpy as np
    import onnxruntime
    import torch
    import ultralytics

    _limit_threads(threads)
    picture = np.load(frame)
    yolo = ultralytics.YOLO(model, task="detect")

    # Left to itself it would cut the padding off a file of free shape, and run another input.
    settings = {"imgsz": list(shape), "rect": False, "conf": 0.25, "verbose": False, "save": False}

    def detect() -> int:
        found = yolo.predict(picture, **settings)
        return len(found[0].boxes.xyxy.numpy())

    versions = (
        f"ultralytics {ultralytics.__version__}, torch {torch.__version__}, "
        f"onnxruntime {onnxruntime.__version__}"
    )
    return detect, versions


def _limit_threads(threads: int) -> None:
    """Let its onnxruntime, which takes every core, use as many threads as the other side."""
    import cv2
    import onnxruntime
    import torch

    opened = onnxruntime.InferenceSession

    def limited(path: str, options: object = None, **others: object) -> object:
        options = options or onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        return opened(path, options, **others)

    onnxruntime.InferenceSession = limited
    torch.set_num_threads(threads)
    cv2.setNumThreads(threads)


if __name__ == "__main__":
    serve(answer)
