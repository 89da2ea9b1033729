"""Figures of what 8 bits and the 16:9 input cost in accuracy, on real photos nobody tuned on.

They need `XUNHUAN_SAMPLES`, and stand for the classes that people labelled there. Each loss is of
one model on the same photos, so its interval is far narrower than that of either AP50.
"""

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.benchmarks.figure import CannotRun, Measured, benchmark
from tests.benchmarks.models import GOALS, SHIPPED

if TYPE_CHECKING:
    from detect.manifest import Precision
    from models.evaluation.evaluate import Outcome

WIDE: Final = (384, 640)
SQUARE: Final = (640, 640)
ROADS: Final = {
    "road-dnit-br": ("road.pothole", "road.crack"),
    "pothole-gopro-putri": ("road.pothole",),
}
"""Sets of photos from moving vehicles, about 16:9, and what is labelled there."""


@benchmark(name="detect.int8_ap50_loss", unit="AP50", goal="<= 0.01")
def loss_in_8_bits() -> Measured:
    """Compare int8 with fp32 at the default shape, mean over classes."""
    from detect.manifest import Precision

    return _loss(_outcome(WIDE, Precision.FP32), _outcome(WIDE, Precision.INT8), tuple(GOALS))


@benchmark(name="detect.int8_ap50_loss_square", unit="AP50", goal="<= 0.01")
def loss_in_8_bits_at_the_square() -> Measured:
    """Compare int8 with fp32 at 640x640, mean over classes."""
    from detect.manifest import Precision

    return _loss(_outcome(SQUARE, Precision.FP32), _outcome(SQUARE, Precision.INT8), tuple(GOALS))


@benchmark(name="detect.rectangle_ap50_loss", unit="AP50", goal="<= 0.01")
def loss_in_the_rectangle() -> Measured:
    """Compare 384x640 with 640x640 on the road sets, fp32, mean over classes."""
    from detect.manifest import Precision
    from models.evaluation.evaluate import Outcome

    square, wide = (
        Outcome(judged=tuple(j for j in _outcome(s, Precision.FP32).judged if j.source in ROADS))
        for s in (SQUARE, WIDE)
    )
    return _loss(square, wide, ("road.pothole", "road.crack"))


def _loss(before: "Outcome", after: "Outcome", labels: Sequence[str]) -> Measured:
    from models.evaluation.compare import difference

    found = difference(after, before, labels)
    low, high = -found.mean.high, -found.mean.low
    listed = ", ".join(f"{n.split('.')[1]} {-e.value:+.3f}" for n, e in found.by_label.items())
    return Measured(
        value=-found.mean.value,
        how=f"95 % interval {low:+.3f} to {high:+.3f}; {listed}; "
        f"{before.pictures} photos of detection/val, labelled classes only",
    )


@cache
def _outcome(shape: tuple[int, int], precision: "Precision") -> "Outcome":
    named = os.environ.get("XUNHUAN_SAMPLES")
    if not named or not Path(named, "detection").is_dir():
        raise CannotRun("XUNHUAN_SAMPLES names no folder with detection/")
    from detect.detector import Detector
    from detect.manifest import read_manifest
    from models.dataset.labelled_pictures import read_yolo
    from models.evaluation.evaluate import FLOOR, run

    if not read_manifest(SHIPPED).offers(precision, shape):
        raise CannotRun(f"{SHIPPED.name} has no {precision} file: run xunhuan-models quantise")
    detector = Detector(SHIPPED, shape=shape, precision=precision, floor=FLOOR)
    return run(detector, read_yolo(Path(named, "detection"), split="val"))
