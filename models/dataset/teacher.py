"""A COCO model that labels people, vehicles and two-wheelers where people did not."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from detect.detector import Detector
from detect.manifest import (
    MANIFEST_FILE,
    Calibration,
    ClassEntry,
    Input,
    Manifest,
    OutputLayout,
)
from models.dataset.labelled_pictures import Picture
from models.dataset.labels import COCO_CLASSES, COCO_TRAFFIC, STREET_LABELS
from models.pictures.image import read_image

LEAST_SCORE: Final = 0.2
LONGEST_PX: Final = 1280


def teacher_folder(weights: Path, work: Path) -> Path:
    """Put a COCO model in YOLO11 layout into a model folder of its own under `work`."""
    folder = work / "teacher"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(weights, folder / "model.onnx")
    plain = Calibration(measured_on="nothing")
    manifest = Manifest(
        name="coco-teacher",
        version="0.0.0",
        licence="AGPL-3.0",
        file="model.onnx",
        sha256=hashlib.sha256(weights.read_bytes()).hexdigest(),
        input=Input(name="images", shapes=((640, 640),)),
        output=OutputLayout.YOLO,
        classes=tuple(
            ClassEntry(label=f"coco.{i}", threshold=LEAST_SCORE, calibration=plain)
            for i in range(COCO_CLASSES)
        ),
    )
    (folder / MANIFEST_FILE).write_text(manifest.model_dump_json(), encoding="utf-8")
    return folder


def ask(folder: Path, pictures: Sequence[Picture], answers: Path) -> None:
    """Write what the teacher sees: file name to rows of label index, score, x1 y1 x2 y2 (shares).

    Raises:
        UnusableModel: the teacher's file does not fit.
    """
    detector = Detector(folder, floor=LEAST_SCORE)
    table: dict[str, list[list[float]]] = {}
    for picture in pictures:
        image = read_image(picture.path, longest=LONGEST_PX)
        height, width = image.shape[:2]
        found = detector.detect(image)
        rows = []
        for i in range(len(found)):
            label = COCO_TRAFFIC.get(found.name_of(i))
            if label is None:
                continue
            x1, y1, x2, y2 = (float(v) for v in found.xyxy[i])
            box = [x1 / width, y1 / height, x2 / width, y2 / height]
            score = float(found.score[i])
            rows.append([STREET_LABELS.index(label), *(round(v, 4) for v in (score, *box))])
        table[picture.path.name] = rows
    answers.write_text(json.dumps(table), encoding="utf-8")
