"""Look at single photos with a model, without placing anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detect.detector import Detector
from edge.delivery.keys import replace_file
from edge.evidence.annotate import Annotator
from edge.inbox import decode_upright
from edge.photo import read_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One thing a photo shows."""

    label: str
    score: float
    probability: float
    xyxy: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """What one photo shows, above the model's thresholds, best first."""

    name: str
    width: int
    height: int
    detections: tuple[Shown, ...]

    def as_json(self) -> dict[str, object]:
        """Give it for a script."""
        return {
            "photo": self.name,
            "width": self.width,
            "height": self.height,
            "detections": [
                {
                    "label": one.label,
                    "score": one.score,
                    "probability": one.probability,
                    "xyxy": one.xyxy,
                }
                for one in self.detections
            ],
        }


def look_at(
    photos: Sequence[Path], *, model: Path, threads: int, annotated: Path | None
) -> list[LookedAt]:
    """Look at photos one by one.

    Raises:
        PhotoRefused: one is missing, too large, cut off or no picture.
        UnusableModel: the model cannot be used.
        CannotRedact: annotated pictures are wanted of a model that cannot redact.
    """
    detector = Detector(model, threads=threads)
    annotator = None if annotated is None else Annotator(detector.manifest)
    thresholds = {entry.label: entry.threshold for entry in detector.manifest.classes}
    looked = []
    for path in photos:
        image = decode_upright(read_bytes(path), name=path.name)
        found = detector.detect(image)
        if annotator is not None and annotated is not None:
            annotated.mkdir(parents=True, exist_ok=True)
            out = annotated / f"{path.stem}.jpg"
            replace_file(out, annotator.draw_jpeg(image, found), mode=0o644)
        shown = [
            _shown(found.name_of(row), found.score[row], found.probability[row], found.xyxy[row])
            for row in range(len(found))
            if found.score[row] >= thresholds[found.name_of(row)]
        ]
        height, width = image.shape[:2]
        looked.append(LookedAt(name=path.name, width=width, height=height, detections=tuple(shown)))
    return looked


def _shown(
    label: str, score: np.float32, probability: np.float32, xyxy: NDArray[np.float32]
) -> Shown:
    left, top, right, bottom = (round(float(value), 1) for value in xyxy)
    return Shown(
        label=label,
        score=round(float(score), 4),
        probability=round(float(probability), 4),
        xyxy=(left, top, right, bottom),
    )
