"""The pictures that the privacy model learns from, written as a folder in our own layout.

Real marks are few. So marked heads and drawn plates are pasted, at all sizes, into pictures of
groups that may be learnt from; drawn plates lie on vehicles that a teacher found, or anywhere.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from models.dataset.labelled_pictures import Picture
from models.dataset.labels import STREET_LABELS
from models.dataset.layout import SourceRow, label_file, read_rows, write_names, write_rows
from models.pictures.image import read_image
from models.privacy.marks import LABELS, Mark
from models.privacy.pasting import Patch, decoy_patch, head_patch, paste, plate_patch
from models.privacy.plates import draw_plate

MARKED: Final = "marked"
COMPOSED: Final = "composed"
LONGEST_PX: Final = 1280
FACE_PX: Final = (8.0, 72.0)
PLATE_PX: Final = (14.0, 120.0)
VEHICLE: Final = STREET_LABELS.index("traffic.vehicle")
QUALITY: Final = 92

Image = NDArray[np.uint8]
Box = tuple[float, float, float, float]
Thing = tuple[int, Box]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A picture to paste into: its real marks, and where vehicles stand in it."""

    picture: Picture
    marks: tuple[Mark, ...]
    vehicles: tuple[Box, ...]


def grounds(
    pictures: Sequence[Picture], marks: Mapping[str, tuple[Mark, ...]], answers: Path
) -> tuple[Ground, ...]:
    """Put pictures, marks and a teacher's vehicles together.

    Args:
        marks: by file name relative to the sample folder.
        answers: as `models.dataset.teacher.ask` wrote them.
    """
    table: Mapping[str, list[list[float]]] = json.loads(answers.read_text("utf-8"))
    named = {Path(file).name: found for file, found in marks.items()}
    return tuple(
        Ground(
            picture=picture,
            marks=named.get(picture.path.name, ()),
            vehicles=tuple(
                (row[2], row[3], row[4], row[5])
                for row in table.get(picture.path.name, ())
                if int(row[0]) == VEHICLE
            ),
        )
        for picture in pictures
    )


def write_pictures(root: Path, found: Sequence[Ground], *, split: str, seed: int) -> None:
    """Write every picture as it is if it has marks, and one of each with things pasted in.

    Only real marks go into a split that measures; things are pasted into `train` alone.
    """
    rng = np.random.default_rng(seed)
    for part in ("images", "labels", "ignored"):
        (root / split / part).mkdir(parents=True, exist_ok=True)
    write_names(root, LABELS)
    heads = _heads(found) if split == "train" else ()
    rows = []
    for ground in found:
        image = read_image(ground.picture.path, longest=LONGEST_PX)
        if ground.marks:
            rows.append(_write(root, split, ground, image, (), source=MARKED))
        if heads:
            pasted, things = _filled(image, ground, heads, rng)
            rows.append(_write(root, split, ground, pasted, things, source=COMPOSED))
    write_rows(root, (*(row for row in read_rows(root) if row.split != split), *rows))


def _heads(found: Sequence[Ground]) -> tuple[Patch, ...]:
    patches = []
    for ground in found:
        faces = [mark for mark in ground.marks if mark.kind == "face"]
        image = read_image(ground.picture.path, longest=LONGEST_PX) if faces else None
        for mark in faces:
            patch = None if image is None else head_patch(image, mark.box)
            if patch is not None:
                patches.append(patch)
    return tuple(patches)


def _filled(
    image: Image, ground: Ground, heads: Sequence[Patch], rng: np.random.Generator
) -> tuple[Image, tuple[Thing, ...]]:
    things: list[Thing] = []
    height, width = image.shape[:2]
    size = np.array([width, height] * 2)
    taken = [mark.box for mark in ground.marks]
    cars = [tuple(np.array(box) * size) for box in ground.vehicles]
    for _ in range(int(rng.integers(4, 9))):
        image = _with_decoy(image, taken, rng)
    for label, count in ((0, int(rng.integers(2, 7))), (1, int(rng.integers(2, 6)))):
        for _ in range(count):
            patch = heads[int(rng.integers(len(heads)))] if label == 0 else None
            patch = patch or plate_patch(draw_plate(rng))
            wide = _log_uniform(rng, *(FACE_PX if label == 0 else PLATE_PX))
            at = (rng.uniform(0.02, 0.98) * width, rng.uniform(0.05, 0.95) * height)
            if label == 1 and cars and rng.random() < 0.6:
                left, top, right, bottom = cars[int(rng.integers(len(cars)))]
                wide = min(wide, 0.5 * (right - left)) if right - left > 40 else wide
                at = (
                    left + rng.uniform(0.15, 0.85) * (right - left),
                    top + rng.uniform(0.45, 0.9) * (bottom - top),
                )
            changed, box = paste(image, patch, at=at, width=wide, rng=rng)
            if _overlaps(box, taken):
                continue
            image = changed
            taken.append(box)
            things.append((label, box))
    return image, tuple(things)


def _with_decoy(image: Image, taken: Sequence[Box], rng: np.random.Generator) -> Image:
    """Paste a piece of the picture elsewhere in it, unless it would hide a marked thing."""
    height, width = image.shape[:2]
    at = (rng.uniform(0.02, 0.98) * width, rng.uniform(0.05, 0.95) * height)
    wide = _log_uniform(rng, *FACE_PX)
    changed, box = paste(image, decoy_patch(image, rng), at=at, width=wide, rng=rng)
    grown = (box[0] - wide, box[1] - wide, box[2] + wide, box[3] + wide)
    return image if _overlaps(grown, taken) else changed


def _log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _overlaps(box: Box, others: Sequence[Box]) -> bool:
    return any(
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
        for other in others
    )


def _write(
    root: Path, split: str, ground: Ground, image: Image, things: Sequence[Thing], *, source: str
) -> SourceRow:
    name = f"{source}_{ground.picture.path.stem}.jpg"
    cv2.imwrite(str(root / split / "images" / name), image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    marked = [
        (0 if mark.kind == "face" else 1, mark.box) for mark in ground.marks if mark.kind != "head"
    ]
    lines = [_line(label, box, image.shape) for label, box in (*marked, *things)]
    unsure = [_line(0, mark.box, image.shape) for mark in ground.marks if mark.kind == "head"]
    label_file(root, split, name).write_text("".join(filter(None, lines)), "utf-8")
    label_file(root, split, name, part="ignored").write_text("".join(filter(None, unsure)), "utf-8")
    return SourceRow(
        split=split,
        image=name,
        source_set=source,
        labelled_classes=LABELS,
        group=f"{ground.picture.source} {ground.picture.group}",
        source_file=ground.picture.path.name,
    )


def _line(label: int, box: Box, shape: tuple[int, ...]) -> str:
    height, width = shape[:2]
    left, right = np.clip((box[0], box[2]), 0, width) / width
    top, bottom = np.clip((box[1], box[3]), 0, height) / height
    if right - left <= 0 or bottom - top <= 0:
        return ""
    middle = ((left + right) / 2, (top + bottom) / 2)
    numbers = (*middle, right - left, bottom - top)
    return f"{label} " + " ".join(f"{value:.6f}" for value in numbers) + "\n"
