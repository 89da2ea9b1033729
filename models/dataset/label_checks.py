"""What is suspicious or wrong in the labels of one picture, and what a flaw is called."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from detect.box import iou_matrix
from models.formats.inside import inside
from models.formats.sheet import Annotation

TINY_PX: Final = 4.0
"""A thing with a side below this has too few pixels to be recognised at the picture's own size."""

ODD_RATIO: Final = 20.0
SAME_BOX: Final = 0.9
CONTRADICTION: Final = 0.8


class Fault(StrEnum):
    """Everything a check can find."""

    BROKEN_FILE = "broken_file"
    UNKNOWN_CLASS = "unknown_class"
    UNREADABLE = "unreadable_picture"
    NO_LABELS = "picture_without_labels"
    NO_PICTURE = "labels_without_picture"
    NO_ROW = "picture_without_row"
    ROW_ALONE = "row_without_picture"
    NO_AREA = "box_without_area"
    NOT_LABELLED = "class_not_labelled_there"
    LEAKING_GROUP = "group_in_two_splits"
    LEAKING_PICTURE = "same_picture_in_two_splits"
    OUTSIDE = "box_over_border"
    TINY = "tiny_box"
    ODD_SHAPE = "odd_shape"
    REPEATED = "box_twice"
    CONTRADICTING = "two_classes_on_one_box"
    NEVER_SEEN = "class_never_seen"
    TURNED = "picture_with_exif_turn"
    SAME_PICTURE = "same_picture_twice"


WORDS: Final[Mapping[Fault, tuple[str, str]]] = {
    Fault.BROKEN_FILE: ("标注读不出来", "labels cannot be read"),
    Fault.UNKNOWN_CLASS: ("类别没有目录名", "class without a catalogue name"),
    Fault.UNREADABLE: ("图片读不出来", "picture cannot be read"),
    Fault.NO_LABELS: ("图片没有标注文件", "picture without a label file"),
    Fault.NO_PICTURE: ("标注没有图片", "label file without a picture"),
    Fault.NO_ROW: ("图片不在 sources.csv", "picture without a row in sources.csv"),
    Fault.ROW_ALONE: ("sources.csv 的图片不存在", "row in sources.csv without its picture"),
    Fault.NO_AREA: ("边框没有面积", "box without area"),
    Fault.NOT_LABELLED: ("标了来源未声明标注的类别", "box of a class its source does not label"),
    Fault.LEAKING_GROUP: ("同组图片分在两个划分", "group torn apart by the splits"),
    Fault.LEAKING_PICTURE: ("同一画面分在两个划分", "same picture in two splits"),
    Fault.OUTSIDE: ("边框超出图片", "box over the border"),
    Fault.TINY: ("边框太小", "tiny box"),
    Fault.ODD_SHAPE: ("边框过于狭长", "very long box"),
    Fault.REPEATED: ("同一物体标了两次", "one thing boxed twice"),
    Fault.CONTRADICTING: ("同一边框两个类别", "two classes on one box"),
    Fault.NEVER_SEEN: ("声明标注的类别一次未出现", "class said to be labelled, never seen"),
    Fault.TURNED: ("图片带 EXIF 旋转，标注可能错位", "EXIF turn: labels may not know it"),
    Fault.SAME_PICTURE: ("同一画面出现两次", "same picture twice"),
}

ERRORS: Final = frozenset(list(Fault)[: list(Fault).index(Fault.OUTSIDE)])
"""What makes a set unfit for training or for measuring; the others are for a person to look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing that a check found.

    Attributes:
        where: the file inside the set, with `:line` where there is one; or a class, or a group.
        detail: what is so about it, in figures or names.
    """

    fault: Fault
    where: str
    detail: str = ""


def check_annotations(
    annotations: Sequence[Annotation],
    *,
    where: str,
    size: tuple[int, int],
    labelled: frozenset[str],
    ours: Mapping[str, str],
) -> Iterator[Flaw]:
    """Check the labels of one picture.

    Args:
        annotations: outlines in shares of width and height.
        size: (width, height), pixels.
        labelled: catalogue names of the classes its source labels.
        ours: the catalogue's name of each class of the set.
    """
    parts = [inside(annotation.outlines) for annotation in annotations]
    boxes, kept = [], []
    for annotation, part in zip(annotations, parts, strict=True):
        at = f"{where}:{annotation.line}"
        if part.clipped:
            yield Flaw(fault=Fault.OUTSIDE, where=at, detail=annotation.name)
        if part.box is None:
            yield Flaw(fault=Fault.NO_AREA, where=at, detail=annotation.name)
            continue
        if ours.get(annotation.name, annotation.name) not in labelled:
            yield Flaw(fault=Fault.NOT_LABELLED, where=at, detail=annotation.name)
        sides = (part.box[2:] - part.box[:2]) * np.array(size, np.float32)
        yield from _shape(sides, at, annotation.name)
        boxes.append(part.box * np.array(size * 2, np.float32))
        kept.append(annotation)
    yield from _overlaps(np.array(boxes, np.float32).reshape(-1, 4), kept, where)


def _shape(sides: np.ndarray, at: str, name: str) -> Iterator[Flaw]:
    low, high = float(sides.min()), float(sides.max())
    said = f"{name} {sides[0]:.0f}x{sides[1]:.0f} px"
    if low < TINY_PX:
        yield Flaw(fault=Fault.TINY, where=at, detail=said)
    elif high > ODD_RATIO * low:
        yield Flaw(fault=Fault.ODD_SHAPE, where=at, detail=said)


def _overlaps(boxes: np.ndarray, annotations: Sequence[Annotation], where: str) -> Iterator[Flaw]:
    if len(annotations) < 2:
        return
    overlap = np.triu(iou_matrix(boxes, boxes), 1)
    for i, j in zip(*np.nonzero(overlap >= CONTRADICTION), strict=True):
        a, b = annotations[i], annotations[j]
        at, said = f"{where}:{b.line}", f"{a.name} / {b.name}, IoU {overlap[i, j]:.2f}"
        if a.name != b.name:
            yield Flaw(fault=Fault.CONTRADICTING, where=at, detail=said)
        elif overlap[i, j] >= SAME_BOX:
            yield Flaw(fault=Fault.REPEATED, where=at, detail=said)
