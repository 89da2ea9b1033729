"""Small pictures and label files for tests of the formats."""

from pathlib import Path

import cv2
import numpy as np

from models.formats.sheet import Annotation


def picture(path: Path, *, width: int = 200, height: int = 100, seed: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).integers(0, 256, (height // 10 + 1, width // 10 + 1, 3))
    image = cv2.resize(noise.astype(np.uint8), (width, height), interpolation=cv2.INTER_CUBIC)
    assert cv2.imwrite(str(path), image)
    return path


def wrote(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def bounds(annotation: Annotation) -> list[float]:
    corners = np.concatenate(annotation.outlines)
    return [float(v) for v in (*corners.min(0), *corners.max(0))]
