"""The ways in which devices may run a model, and how long a frame takes each way."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from detect.detector import Detector
from detect.manifest import Manifest, Precision
from detect.provider import Provider

TIMED_RUNS: Final = 15
FRAME: Final = (1080, 1920, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One way to run a model: `shape` is (height, width) of the input."""

    shape: tuple[int, int]
    precision: Precision

    def __str__(self) -> str:
        return f"{self.shape[0]}x{self.shape[1]} {self.precision.value}"


def profiles_of(manifest: Manifest) -> tuple[Profile, ...]:
    """Return every way in which devices may run a model, the default shape in floats first."""
    whole = [Profile(shape=s, precision=Precision.FP32) for s in manifest.input.shapes]
    coarse = manifest.int8.shapes if manifest.int8 else ()
    return (*whole, *(Profile(shape=s, precision=Precision.INT8) for s in coarse))


def ms_per_frame(folder: Path, profile: Profile) -> float:
    """Return the median milliseconds of a 1080p frame on one processor thread, frame to detections.

    Raises:
        UnusableModel: the folder has no such profile.
    """
    frame = np.full(FRAME, 127, np.uint8)
    detector = Detector(
        folder,
        shape=profile.shape,
        precision=profile.precision,
        threads=1,
        provider=Provider.CPU,
    )
    times = []
    for _ in range(TIMED_RUNS):
        began = time.perf_counter()
        detector.detect(frame)
        times.append(time.perf_counter() - began)
    return round(float(np.median(times)) * 1e3, 1)
