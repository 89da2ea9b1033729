"""YOLO text labels: upright boxes, oriented boxes and polygons, one thing a line.

A line is `code cx cy w h` (Ultralytics detect), `code x1 y1 x2 y2 x3 y3 x4 y4` (obb) or
`code x1 y1 … xn yn` (segment); all coordinates are shares of width and height.
"""

from dataclasses import replace
from pathlib import Path
from typing import Final

from models.errors import BrokenDataset
from models.formats.data_yaml import read_names
from models.formats.folder import read_folder
from models.formats.sheet import (
    Annotation,
    Outline,
    Sheet,
    Sheets,
    coordinate,
    outline,
    text_of,
    upright,
)

MOST_BYTES: Final = 16 << 20
NOT_A_SHARE: Final = 2.0
"""A share that lies farther out than this is a pixel."""

SPLITS: Final = {"train": "train", "val": "val", "valid": "val", "test": "test"}
"""Names of splits in public sets, and ours."""


def read_yolo_set(root: Path, *, split: str, unlabelled_empty: bool) -> Sheets:
    """Read `data.yaml` and every split that is there (`train/images` or `images/train`).

    Args:
        split: what the pictures count as where the set has no splits.
        unlabelled_empty: take a picture without a label file as one without things in it.

    Raises:
        BrokenDataset: names, a picture folder or a label line is not as the format says.
    """
    names = read_names(root / "data.yaml")
    sheets: list[Sheet] = []
    unlabelled: list[Path] = []
    for images, labels, named in _folders(root, split):
        part = read_folder(
            labels,
            images,
            suffix=".txt",
            parse=lambda path, _picture: (None, read_annotations(path, names)),
            split=named,
            unlabelled_empty=unlabelled_empty,
        )
        sheets += [
            replace(sheet, original=sheet.picture.relative_to(root).as_posix())
            for sheet in part.sheets
        ]
        unlabelled += part.unlabelled
    return Sheets(sheets=tuple(sheets), declared=names, unlabelled=tuple(unlabelled))


def _folders(root: Path, split: str) -> list[tuple[Path, Path, str]]:
    found = [
        (images, labels, ours)
        for theirs, ours in SPLITS.items()
        for images, labels in (
            (root / theirs / "images", root / theirs / "labels"),
            (root / "images" / theirs, root / "labels" / theirs),
        )
        if images.is_dir()
    ]
    if found:
        return found
    if (root / "images").is_dir():
        return [(root / "images", root / "labels", split)]
    raise BrokenDataset(
        root,
        "找不到 train/images、images/train 或 images",
        "there is no train/images, images/train or images",
    )


def read_annotations(path: Path, names: tuple[str, ...]) -> tuple[Annotation, ...]:
    """Read one label file.

    Raises:
        BrokenDataset: a line is no box or polygon, or its code has no name.
    """
    lines = text_of(path, most_bytes=MOST_BYTES).splitlines()
    return tuple(
        read_line(line, names, path=path, number=number)
        for number, line in enumerate(lines, start=1)
        if line.strip()
    )


def read_line(line: str, names: tuple[str, ...], *, path: Path, number: int) -> Annotation:
    """Read one line; its outline is in shares of width and height.

    Raises:
        BrokenDataset: as `read_annotations`.
    """
    code, *rest = line.split()
    values = [coordinate(text, path=path, line=number) for text in rest]
    if len(values) != 4 and (len(values) < 6 or len(values) % 2):
        raise BrokenDataset(
            path,
            f"有 {len(values)} 个坐标；边框是 4 个，多边形是至少 6 个且成对",
            f"{len(values)} coordinates; a box has 4, a polygon pairs and at least 6",
            line=number,
        )
    if max(map(abs, values)) > NOT_A_SHARE:
        raise BrokenDataset(
            path,
            "坐标是像素；应为宽高的比例（0 到 1）",
            "coordinates in pixels; give shares of width and height (0 to 1)",
            line=number,
        )
    return Annotation(
        name=_name(code, names, path=path, number=number),
        outlines=(_centred(*values) if len(values) == 4 else outline(values),),
        line=number,
    )


def _centred(x: float, y: float, width: float, height: float) -> Outline:
    return upright(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _name(code: str, names: tuple[str, ...], *, path: Path, number: int) -> str:
    value = coordinate(code, path=path, line=number)
    if value != int(value) or not 0 <= value < len(names):
        raise BrokenDataset(
            path,
            f"类别编号 {code} 不在 data.yaml（0 到 {len(names) - 1}）",
            f"class code {code} is not in data.yaml (0 to {len(names) - 1})",
            line=number,
        )
    return names[int(value)]
