"""A small detector of small things: the first layers of YOLO11n, a short neck, two outputs.

The first seven layers are those of a street model, which knows such pictures already.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from ultralytics.nn.tasks import DetectionModel

from models.training.checkpoint import Progress, prepared, start_model, write_checkpoint

TAKEN_OVER: Final = 7
STRUCTURE: Final[dict[str, Any]] = {
    "scale": "n",
    "scales": {"n": [0.50, 0.25, 1024]},
    "backbone": [
        [-1, 1, "Conv", [64, 3, 2]],
        [-1, 1, "Conv", [128, 3, 2]],
        [-1, 2, "C3k2", [256, False, 0.25]],
        [-1, 1, "Conv", [256, 3, 2]],
        [-1, 2, "C3k2", [512, False, 0.25]],
        [-1, 1, "Conv", [512, 3, 2]],
        [-1, 2, "C3k2", [512, True]],
    ],
    "head": [
        [-1, 1, "Conv", [128, 1, 1]],
        [-1, 1, "nn.Upsample", [None, 2, "nearest"]],
        [[-1, 4], 1, "Concat", [1]],
        [-1, 1, "Conv", [128, 1, 1]],
        [[10, 7], 1, "Detect", ["nc"]],
    ],
}


def write_start(street: Path, labels: Sequence[str], target: Path) -> Path:
    """Write a checkpoint to start from: a street checkpoint's first layers, the rest new.

    Raises:
        UnusableCheckpoint: the street checkpoint is missing or is no YOLO11n.
    """
    model = DetectionModel({**STRUCTURE, "nc": len(labels)}, nc=len(labels), verbose=False)
    before = start_model(street, labels).state_dict()
    first = tuple(f"model.{layer}." for layer in range(TAKEN_OVER))
    taken = {name: value for name, value in before.items() if name.startswith(first)}
    left = model.load_state_dict(taken, strict=False)
    assert not left.unexpected_keys, "the first layers are those of YOLO11n"
    write_checkpoint(
        target, model=prepared(model.float(), labels), progress=Progress(), going_on={}
    )
    return target
