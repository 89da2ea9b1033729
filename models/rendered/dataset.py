"""Write drawn frames as a YOLO folder, so that they train like any other source."""

from pathlib import Path
from typing import Final

import cv2

from models.dataset.labels import STREET_LABELS
from models.rendered.scene import Frame, draw_frame

TRAIN_SEED: Final = 730_000
HELD_OUT_SEED: Final = 790_000


def write_rendered(
    root: Path, *, split: str, first_seed: int, count: int, overhead: bool | None = None
) -> int:
    """Draw `count` frames of consecutive seeds into `root`/`split`; return how many boxes.

    Args:
        overhead: as a drone or as a vehicle sees; mixed if not given.
    """
    images, labels = root / split / "images", root / split / "labels"
    images.mkdir(parents=True, exist_ok=True)
    labels.mkdir(parents=True, exist_ok=True)
    names = "".join(f"  {i}: {name}\n" for i, name in enumerate(STREET_LABELS))
    (root / "data.yaml").write_text(f"path: .\nnames:\n{names}", encoding="utf-8")
    boxes = 0
    for seed in range(first_seed, first_seed + count):
        frame = draw_frame(seed, overhead=overhead)
        cv2.imwrite(str(images / f"{seed}.png"), frame.image)
        (labels / f"{seed}.txt").write_text(_lines(frame), encoding="utf-8")
        boxes += len(frame.labels)
    return boxes


def _lines(frame: Frame) -> str:
    rows = []
    for label, (x1, y1, x2, y2) in zip(frame.labels, frame.boxes, strict=True):
        code = STREET_LABELS.index(label)
        rows.append(f"{code} {(x1 + x2) / 2:.5f} {(y1 + y2) / 2:.5f} {x2 - x1:.5f} {y2 - y1:.5f}\n")
    return "".join(rows)
