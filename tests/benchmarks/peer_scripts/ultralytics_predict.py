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

    def detect() -> int:
        found = yolo.predict(picture, imgsz=list(shape), conf=0.25, verbose=False, save=False)
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

    class Limited(onnxruntime.SessionOptions):
        def __init__(self) -> None:
            super().__init__()
            self.intra_op_num_threads = threads

    onnxruntime.SessionOptions = Limited
    torch.set_num_threads(threads)
    cv2.setNumThreads(threads)


if __name__ == "__main__":
    serve(answer)
