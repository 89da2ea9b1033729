"""Labelled pictures in YOLO folders, each knowing which classes its source labels."""

import csv
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelsError
from models.labels import PUBLIC_CODES, STREET_LABELS, TRAFFIC_LABELS

HELD_OUT_SHARE: Final = 0.08
SMALL_GROUP: Final = 20

Boxes = NDArray[np.float32]
Labels = NDArray[np.int64]


class BrokenDataset(ModelsError):
    """A data set's folder does not hold what its tables promise."""

    def __init__(self, path: Path, zh: str, en: str) -> None:
        super().__init__(f"数据集 {path}：{zh}", f"data set {path}: {en}")
        self.path = path


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One labelled picture.

    `boxes` is (n, 4) float32, x1 y1 x2 y2 as shares of width and height; `labels` is (n,) indices
    into `STREET_LABELS`; `ignored` holds (label, box) pairs about which nothing is claimed.
    """

    path: Path
    source: str
    group: str
    known: frozenset[str]
    boxes: Boxes
    labels: Labels
    ignored_boxes: Boxes
    ignored_labels: Labels


def read_yolo(root: Path, *, split: str, default_source: str = "") -> tuple[Picture, ...]:
    """Read one split of a YOLO folder: `data.yaml` names, `sources.csv` rows, labels as text.

    Args:
        root: folder with data.yaml, `split`/images and `split`/labels; sources.csv if sets differ.
        default_source: the source of every picture where there is no sources.csv.

    Raises:
        BrokenDataset: a table is missing, a class is unknown, or a label line is not a box.
    """
    names = _class_names(root / "data.yaml")
    to_street = _street_indices(root, names)
    rows = _source_rows(root, split=split)
    pictures = []
    for path in sorted((root / split / "images").iterdir()):
        source, group, known = rows.get(path.name, (default_source, path.stem, tuple(names)))
        if not source:
            raise BrokenDataset(root, f"sources.csv 缺少 {path.name}", f"no row for {path.name}")
        boxes, codes = _read_boxes(root / split / "labels" / f"{path.stem}.txt")
        pictures.append(
            Picture(
                path=path,
                source=source,
                group=group,
                known=frozenset(PUBLIC_CODES.get(name, name) for name in known),
                boxes=boxes,
                labels=to_street[codes] if len(codes) else codes,
                ignored_boxes=np.zeros((0, 4), np.float32),
                ignored_labels=np.zeros(0, np.int64),
            )
        )
    return tuple(pictures)


def _class_names(path: Path) -> list[str]:
    if not path.is_file():
        raise BrokenDataset(path.parent, "缺少 data.yaml", "data.yaml is missing")
    lines = path.read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("names:"))
    return [line.split(":", 1)[1].strip() for line in lines[start + 1 :] if line.startswith("  ")]


def _street_indices(root: Path, names: Sequence[str]) -> Labels:
    unknown = [n for n in names if PUBLIC_CODES.get(n, n) not in STREET_LABELS]
    if unknown:
        raise BrokenDataset(
            root,
            f"未知类别 {unknown}，请补充 models/labels.py",
            f"{unknown} not in models/labels.py",
        )
    return np.array([STREET_LABELS.index(PUBLIC_CODES.get(n, n)) for n in names], np.int64)


def _source_rows(root: Path, *, split: str) -> Mapping[str, tuple[str, str, tuple[str, ...]]]:
    path = root / "sources.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["image"]: (
                row["source_set"],
                row["group"],
                tuple(row["labelled_classes"].split()),
            )
            for row in csv.DictReader(file)
            if row["split"] == split
        }


def _read_boxes(path: Path) -> tuple[Boxes, Labels]:
    if not path.is_file():
        raise BrokenDataset(path.parent, f"缺少 {path.name}", f"{path.name} is missing")
    try:
        values = [
            [float(v) for v in line.split()] for line in path.read_text().splitlines() if line
        ]
        table = np.array(values, np.float32).reshape(-1, 5)
    except ValueError as error:
        raise BrokenDataset(
            path.parent, f"{path.name} 不是边框", f"{path.name}: {error}"
        ) from error
    centre, half = table[:, 1:3], table[:, 3:5] / 2
    boxes = np.clip(np.hstack((centre - half, centre + half)), 0, 1)
    return boxes.astype(np.float32), table[:, 0].astype(np.int64)


def with_teacher(pictures: Sequence[Picture], answers: Path, *, sure: float) -> tuple[Picture, ...]:
    """Add a teacher's boxes as labels where it is sure and as ignored boxes where it is not.

    Args:
        answers: JSON, file name to rows of (label index, score, x1, y1, x2, y2), shares.
        sure: score from which a box counts as a label.
    """
    table: Mapping[str, list[list[float]]] = json.loads(answers.read_text())
    return tuple(_taught(p, table.get(p.path.name, []), sure=sure) for p in pictures)


def _taught(picture: Picture, rows: Sequence[Sequence[float]], *, sure: float) -> Picture:
    table = np.array(rows, np.float32).reshape(-1, 6)
    certain = table[:, 1] >= sure
    return Picture(
        path=picture.path,
        source=picture.source,
        group=picture.group,
        known=picture.known | TRAFFIC_LABELS,
        boxes=np.vstack((picture.boxes, table[certain, 2:])),
        labels=np.concatenate((picture.labels, table[certain, 0].astype(np.int64))),
        ignored_boxes=table[~certain, 2:],
        ignored_labels=table[~certain, 0].astype(np.int64),
    )


def hold_out(
    pictures: Sequence[Picture], *, share: float = HELD_OUT_SHARE
) -> tuple[tuple[Picture, ...], tuple[Picture, ...]]:
    """Split training pictures into those to learn from and the tail of every group.

    A group with many pictures (a road, a clip) gives its last pictures; of the small groups of a
    source the last ones go whole, so neighbours in time do not sit on both sides.
    """
    ordered = sorted(pictures, key=lambda p: (p.source, p.group, p.path.name))
    sizes: dict[tuple[str, str], int] = defaultdict(int)
    for picture in ordered:
        sizes[picture.source, picture.group] += 1
    runs: dict[tuple[str, str], list[Picture]] = defaultdict(list)
    for picture in ordered:
        small = sizes[picture.source, picture.group] < SMALL_GROUP
        runs[picture.source, "" if small else picture.group].append(picture)
    learn: list[Picture] = []
    held: list[Picture] = []
    for run in runs.values():
        cut = _whole_group_cut(run, round(len(run) * (1 - share)))
        learn += run[:cut]
        held += run[cut:]
    return tuple(learn), tuple(held)


def _whole_group_cut(run: Sequence[Picture], cut: int) -> int:
    changes = [i + 1 for i, (a, b) in enumerate(pairwise(run)) if a.group != b.group]
    return min(changes, key=lambda i: abs(i - cut)) if changes else cut
