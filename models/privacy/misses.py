"""What a model of faces and plates misses of the marks that it did not learn from."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detect.detections import Detections
from detect.detector import Detector
from detect.manifest import MANIFEST_FILE, ClassEntry, Missed, read_manifest
from models.dataset.labelled_pictures import Boxes, Picture
from models.evaluation.intervals import share_of
from models.pictures.image import read_image

ASKED_PX: Final = 16.0
"""The longer side from which on a face or plate must be found."""
COVERED: Final = 0.8
"""Share of a marked box that must be covered."""
INFLATION: Final = 0.1
"""By how much of its size a found box is covered beyond itself, as devices do."""
LEAST_SCORE: Final = 0.05
"""Score from which devices cover, far below the threshold from which they cover the subject too."""
LONGEST_PX: Final = 1280


def state_misses(folder: Path, held: Sequence[Picture]) -> None:
    """Measure a package on marks held back, and write what it misses into its manifest.

    Args:
        held: pictures whose labels count the manifest's, with every face and plate marked.

    Raises:
        UnusableModel: the package is not whole.
    """
    manifest = read_manifest(folder)
    detector = Detector(folder, threads=1, floor=LEAST_SCORE)
    shares: dict[str, list[float]] = {label: [] for label in manifest.labels}
    for picture in held:
        image = read_image(picture.path, longest=LONGEST_PX)
        size = np.array([image.shape[1], image.shape[0]] * 2, np.float32)
        found = detector.detect(image)
        for index, entry in enumerate(manifest.classes):
            asked = picture.boxes[picture.labels == index] * size
            mask = _mask(found, entry, image.shape[:2])
            shares[entry.label] += [
                _share(mask, box) for box in asked if max(box[2:] - box[:2]) >= ASKED_PX
            ]
    classes = tuple(
        entry.model_copy(update={"missed": _missed(shares[entry.label])})
        for entry in manifest.classes
    )
    text = manifest.model_copy(update={"classes": classes}).model_dump_json(indent=1)
    (folder / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")


def _mask(found: Detections, entry: ClassEntry, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    mask = np.zeros(shape, np.bool_)
    for row in range(len(found)):
        if found.name_of(row) == entry.label and found.score[row] >= LEAST_SCORE:
            low, high = found.xyxy[row][:2], found.xyxy[row][2:]
            grow = (high - low) * INFLATION
            (x0, y0), (x1, y1) = np.floor(low - grow).clip(0), np.ceil(high + grow).clip(0)
            mask[int(y0) : int(y1), int(x0) : int(x1)] = True
    return mask


def _share(mask: NDArray[np.bool_], box: Boxes) -> float:
    left, top, right, bottom = (round(float(value)) for value in box)
    return float(mask[top : max(bottom, top + 1), left : max(right, left + 1)].mean())


def _missed(shares: Sequence[float]) -> Missed | None:
    if not shares:
        return None
    missed = sum(share < COVERED for share in shares)
    return Missed(
        marked=len(shares),
        missed=missed,
        upper=share_of(missed, len(shares)).high,
        min_px=ASKED_PX,
    )
