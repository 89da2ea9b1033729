"""labelme JSON: polygons, boxes and other shapes, one file beside each picture, in pixels."""

import math
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.errors import BrokenDataset
from models.formats.folder import Said, read_folder
from models.formats.sheet import (
    Annotation,
    Number,
    Outline,
    Sheets,
    Side,
    outline,
    text_of,
    upright,
)

MOST_BYTES: Final = 256 << 20
"""A file may hold its picture, too."""

CIRCLE_CORNERS: Final = 64
DRAWN: Final = frozenset({"polygon", "linestrip", "line", "oriented_rectangle"})
BOXES: Final = frozenset({"rectangle", "mask"})


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    label: Annotated[str, Field(min_length=1, max_length=200)]
    points: Annotated[list[tuple[Number, Number]], Field(min_length=1)]
    shape_type: str = "polygon"


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    shapes: list[_Shape]
    width: Annotated[Side, Field(alias="imageWidth")]
    height: Annotated[Side, Field(alias="imageHeight")]


def read_labelme(
    root: Path, *, pictures: Path | None, split: str, unlabelled_empty: bool
) -> Sheets:
    """Read a folder of labelme files; a picture belongs to the JSON of its own name.

    Args:
        pictures: where pictures lie if not beside the JSON files.
        split: what the pictures count as.
        unlabelled_empty: take a picture without a JSON file as one without things in it.

    Raises:
        BrokenDataset: a file is no labelme file, a shape has no extent, or there is no picture.
    """
    return read_folder(
        root,
        pictures or root,
        suffix=".json",
        parse=_said,
        split=split,
        unlabelled_empty=unlabelled_empty,
    )


def _said(path: Path, _picture: Path) -> Said:
    file = _parsed(path)
    annotations = tuple(
        Annotation(name=shape.label, outlines=(_outline(path, number, shape),))
        for number, shape in enumerate(file.shapes)
    )
    return (file.width, file.height), annotations


def _parsed(path: Path) -> _File:
    try:
        return _File.model_validate_json(text_of(path, most_bytes=MOST_BYTES))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BrokenDataset(
            path, f"不是 labelme 文件：{where}", f"no labelme file: {where}: {first['msg']}"
        ) from error


def _outline(path: Path, number: int, shape: _Shape) -> Outline:
    points = shape.points
    if shape.shape_type in DRAWN and len(points) > 1:
        return outline([value for point in points for value in point])
    if shape.shape_type in BOXES and len(points) == 2:
        (x1, y1), (x2, y2) = points
        return upright(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
    if shape.shape_type == "circle" and len(points) == 2:
        (x, y), (edge_x, edge_y) = points
        return _circle(x, y, math.hypot(edge_x - x, edge_y - y))
    raise BrokenDataset(
        path,
        f"shapes[{number}]：{shape.shape_type}（{len(points)} 点）没有面积，画成多边形或矩形",
        f"shapes[{number}]: a {shape.shape_type} of {len(points)} points has no extent; "
        "draw a polygon or a rectangle",
    )


def _circle(x: float, y: float, radius: float) -> Outline:
    turns = [2 * math.pi * i / CIRCLE_CORNERS for i in range(CIRCLE_CORNERS)]
    return outline([v for t in turns for v in (x + radius * math.cos(t), y + radius * math.sin(t))])
