"""All pictures of the privacy model: learnt, tuned on, and the marks held for measuring."""

from pathlib import Path
from typing import Final

from models.dataset.labelled_pictures import Picture, hold_out, read_yolo
from models.dataset.teacher import ask, teacher_folder
from models.privacy.marks import LABELS, by_file, part_of, read_marks
from models.privacy.pictures import grounds, write_pictures

MARKS: Final = Path("tests/data/redaction/marks.csv")
"""Beside the packages in a checkout: training needs one."""
TRAIN_SEED: Final = 71
EVERY: Final[dict[str, int]] = {
    "road-dnit-br": 5,
    "trash-e-taco29": 2,
    "pothole-gopro-putri": 3,
    "garbage-bin-overflow-cn": 2,
}
"""Of sources with few people and vehicles, one picture in so many is enough."""


def privacy_pictures(
    samples: Path, work: Path
) -> tuple[tuple[Picture, ...], tuple[Picture, ...], tuple[Picture, ...]]:
    """Give pictures to learn from, to set thresholds on, and to measure on; none is in two.

    They are written under `work` at the first call.

    Raises:
        BrokenDataset: the samples or the table of marks are not there or not whole.
    """
    root = work / "privacy"
    if not (root / "sources.csv").is_file():
        _write(samples, work, root)
    learnt, tuned = hold_out(read_yolo(root, split="train", labels=LABELS))
    return learnt, tuned, read_yolo(root, split="val", labels=LABELS)


def _write(samples: Path, work: Path, root: Path) -> None:
    marks = by_file(read_marks(Path(__file__).parents[2] / MARKS))
    train = read_yolo(samples / "detection", split="train")
    validation = read_yolo(samples / "detection", split="val")
    kept = [picture for picture in train if part_of(picture.source, picture.group) == "learn"]
    named = {Path(file).name for file in marks}
    learnt = {picture.path for picture in kept}
    few = [
        picture
        for i, picture in enumerate(kept)
        if picture.path.name in named or i % EVERY.get(picture.source, 1) == 0
    ]
    answers = work / "vehicles.json"
    if not answers.is_file():
        weights = samples / "weights" / "yolo11n-coco" / "yolo11n_coco_w8.onnx"
        ask(teacher_folder(weights, work), few, answers)
    held = [
        picture
        for picture in (*train, *validation)
        if picture.path.name in named and picture.path not in learnt
    ]
    write_pictures(root, grounds(few, marks, answers), split="train", seed=TRAIN_SEED)
    write_pictures(root, grounds(held, marks, answers), split="val", seed=TRAIN_SEED)
