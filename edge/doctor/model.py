"""Check the model: that it may patrol, loads here, and answers the golden picture steadily."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from detect.detector import Detector
from detect.errors import DetectError
from detect.golden import golden_picture
from edge.config import ModelConfig
from edge.doctor.check import Check, failed, passed, refused, warned
from edge.errors import EdgeError
from edge.weights import default_model, describe_model

SLOW_S: Final = 0.5
"""Slower than two frames a second, a vehicle in city traffic passes ground unseen."""


def check_model(how: ModelConfig, *, monotonic: Callable[[], float]) -> Check:
    """Load the model as the configuration says, and run it twice on one picture."""
    try:
        folder = how.folder if how.folder is not None else default_model()
        said = describe_model(folder)
        detector = _loaded(folder, how)
        height, width = detector.shape
        picture = golden_picture(height=height, width=width)
        first = detector.detect(picture)
        began = monotonic()
        again = detector.detect(picture)
        took_s = monotonic() - began
    except (DetectError, EdgeError) as error:
        return refused("model", error)
    if len(first) != len(again) or not np.allclose(first.score, again.score, atol=1e-3):
        return failed(
            "model",
            f"模型 {said} 对同一张图两次回答不同：请检查内存和驱动",
            f"model {said} answers one picture in two ways: check memory and drivers",
        )
    return _told(detector, said, took_s)


def _loaded(folder: Path, how: ModelConfig) -> Detector:
    return Detector(
        folder,
        threads=how.threads,
        shape=how.shape,
        precision=how.precision,
        provider=how.provider,
    )


def _told(detector: Detector, said: str, took_s: float) -> Check:
    way = f"{detector.precision.value} · {detector.provider.value}"
    text = f"{1000.0 * took_s:.0f}"
    if took_s > SLOW_S:
        return warned(
            "model",
            f"模型 {said}（{way}）一帧要 {text} 毫秒，太慢：请增加线程或换更小的输入",
            f"model {said} ({way}) takes {text} ms a frame, too slow: give it threads or a smaller "
            "input",
        )
    if detector.passed_over:
        names = ", ".join(each.provider.value for each in detector.passed_over)
        return warned(
            "model",
            f"模型 {said} 可用，但 {names} 跑不了，改用 {way}，一帧 {text} 毫秒：请检查驱动",
            f"model {said} works, but not on {names}: {way} runs it, {text} ms a frame; check the "
            "drivers",
        )
    return passed(
        "model", f"模型 {said}，{way}，一帧 {text} 毫秒", f"model {said}, {way}, {text} ms a frame"
    )
