"""Labelled pictures in YOLO folders, each knowing which classes its source labels."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.dataset.labels import STREET_LABELS, TRAFFIC_LABELS, catalogue_name
from models.dataset.layout import label_file, pictures_of, read_rows
from models.errors import BrokenDataset
from models.formats.data_yaml import read_names
from models.formats.inside import inside
from models.formats.yolo import read_annotations

HELD_OUT_SHARE: Final = 0.08
SMALL_GROUP: Final = 20

Boxes = NDArray[np.float32]
Labels = NDArray[np.int64]

NONE: Final = (np.zeros((0, 4), np.float32), np.zeros(0, np.int64))
"""Boxes and labels of nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One labelled picture.

    `boxes` is (n, 4) float32, x1 y1 x2 y2 as shares of width and height; `labels` is (n,) indices
    into the names it was read for, `STREET_LABELS` unless told otherwise; `known` holds the classes
    of which every object is labelled; `ignored` holds (label, box) pairs about which nothing is
    claimed.
    """

    path: Path
    source: str
    group: str
    known: frozenset[str]
    boxes: Boxes
    labels: Labels
    ignored_boxes: Boxes
    ignored_labels: Labels


def read_yolo(
    root: Path, *, split: str, default_source: str = "", labels: Sequence[str] = STREET_LABELS
) -> tuple[Picture, ...]:
    """Read one split of our own layout (`models.dataset.layout`), or of a YOLO folder like it.

    A box over the picture's border is cut off there; `xunhuan-models data check` counts such.

    Args:
        default_source: the source of every picture where there is no sources.csv; each picture
            is then its own group.
        labels: catalogue names in the order that `Picture.labels` counts.

    Raises:
        BrokenDataset: a table or label file is missing, a class is unknown, a line is no box.
    """
    names = read_names(root / "data.yaml")
    codes = _codes(root, names, labels)
    rows = {row.image: row for row in read_rows(root) if row.split == split}
    pictures = []
    for path in pictures_of(root, split):
        row = rows.get(path.name)
        if row is None and not default_source:
            raise BrokenDataset(root, f"sources.csv 缺少 {path.name}", f"no row for {path.name}")
        known = row.labelled_classes if row else names
        file = label_file(root, split, path.name)
        open_file = label_file(root, split, path.name, part="ignored")
        boxes, found = _boxes(file, names, codes)
        open_boxes, open_labels = _boxes(open_file, names, codes) if open_file.is_file() else NONE
        pictures.append(
            Picture(
                path=path,
                source=row.source_set if row else default_source,
                group=row.group if row else path.stem,
                known=frozenset(catalogue_name(name) or name for name in known),
                boxes=boxes,
                labels=found,
                ignored_boxes=open_boxes,
                ignored_labels=open_labels,
            )
        )
    return tuple(pictures)


def _codes(root: Path, names: Sequence[str], labels: Sequence[str]) -> Mapping[str, int]:
    ours = {name: name if name in labels else catalogue_name(name) for name in names}
    unknown = [name for name, label in ours.items() if label not in labels]
    if unknown:
        raise BrokenDataset(
            root,
            f"未知类别 {unknown}，请补充 models/dataset/labels.py",
            f"{unknown} not in models/dataset/labels.py",
        )
    return {name: labels.index(label) for name, label in ours.items() if label}


def _boxes(path: Path, names: tuple[str, ...], codes: Mapping[str, int]) -> tuple[Boxes, Labels]:
    if not path.is_file():
        raise BrokenDataset(path.parent, f"缺少 {path.name}", f"{path.name} is missing")
    boxes, labels = [], []
    for annotation in read_annotations(path, names):
        box = inside(annotation.outlines).box
        if box is None:
            raise BrokenDataset(path, "边框没有面积", "a box without area", line=annotation.line)
        boxes.append(box)
        labels.append(codes[annotation.name])
    return np.array(boxes, np.float32).reshape(-1, 4), np.array(labels, np.int64)


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
