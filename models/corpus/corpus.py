"""All pictures of one training: what is learnt from and what only measures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from models.corpus.recipe import Recipe
from models.dataset.labelled_pictures import Picture, hold_out, read_yolo, with_teacher
from models.dataset.teacher import ask, teacher_folder
from models.errors import BrokenDataset
from models.privacy.corpus import privacy_pictures
from models.rendered.dataset import HELD_OUT_SEED, TRAIN_SEED, write_rendered

HELD_OUT_FRAMES: Final = 80
AERIAL: Final = "aerial-cars"
RENDERED: Final = "rendered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Pictures by what they are for; no picture is in two parts."""

    learnt: Sequence[Picture]
    held_out: Sequence[Picture]
    validation: Sequence[Picture]
    aerial: Sequence[Picture]
    rendered: Sequence[Picture]


def gather(samples: Path, work: Path, recipe: Recipe) -> Corpus:
    """Read the sample folder, draw frames and ask the teacher where that is not done yet.

    Args:
        samples: folder with detection/, aerial/ and weights/ as `docs` describe.
        work: folder for drawn frames and the teacher's answers.

    Raises:
        BrokenDataset: a set is not there or not whole.
    """
    work.mkdir(parents=True, exist_ok=True)
    if recipe.view == "privacy":
        learnt, held_out, validation = privacy_pictures(samples, work)
        return Corpus(
            learnt=learnt, held_out=held_out, validation=validation, aerial=(), rendered=()
        )
    _draw(work / RENDERED, recipe)
    return _overhead(samples, work) if recipe.view == "overhead" else _street(samples, work, recipe)


def _street(samples: Path, work: Path, recipe: Recipe) -> Corpus:
    detection, aerial, drawn = samples / "detection", samples / "aerial", work / RENDERED
    if not detection.is_dir():
        raise BrokenDataset(samples, "缺少 detection/", "detection/ is missing")
    train, validation = read_yolo(detection, split="train"), read_yolo(detection, split="val")
    answers = work / "teacher.json"
    if not answers.is_file():
        weights = samples / "weights" / "yolo11n-coco" / "yolo11n_coco_w8.onnx"
        ask(teacher_folder(weights, work), (*train, *validation), answers)
    learnt, held_out = hold_out(with_teacher(train, answers, sure=recipe.teacher_sure))
    return Corpus(
        learnt=(
            *learnt,
            *read_yolo(aerial, split="train", default_source=AERIAL),
            *read_yolo(drawn, split="train", default_source=RENDERED),
        ),
        held_out=held_out,
        validation=with_teacher(validation, answers, sure=recipe.teacher_sure),
        aerial=read_yolo(aerial, split="val", default_source=AERIAL),
        rendered=read_yolo(drawn, split="val", default_source=RENDERED),
    )


def _overhead(samples: Path, work: Path) -> Corpus:
    """Gather a drone's pictures; a whole flight is held out, for its frames show one place."""
    aerial, drawn = samples / "aerial", work / RENDERED
    flights = tuple(
        replace(picture, group=picture.path.stem.rsplit("-", 1)[0])
        for picture in read_yolo(aerial, split="train", default_source=AERIAL)
    )
    learnt, held_out = hold_out(flights)
    return Corpus(
        learnt=(*learnt, *read_yolo(drawn, split="train", default_source=RENDERED)),
        held_out=held_out,
        validation=read_yolo(aerial, split="val", default_source=AERIAL),
        aerial=(),
        rendered=read_yolo(drawn, split="val", default_source=RENDERED),
    )


def _draw(root: Path, recipe: Recipe) -> None:
    overhead = True if recipe.view == "overhead" else None
    for split, seed, count in (
        ("train", TRAIN_SEED, recipe.rendered_frames),
        ("val", HELD_OUT_SEED, HELD_OUT_FRAMES),
    ):
        folder = root / split / "labels"
        if not folder.is_dir() or len(list(folder.iterdir())) < count:
            write_rendered(root, split=split, first_seed=seed, count=count, overhead=overhead)
