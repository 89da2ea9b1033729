"""COCO JSON: boxes and polygons of many pictures in one file, with its classes declared.

The fields are those of the COCO data format (cocodataset.org, "Object Detection").
Polygons count before `bbox`; a run-length mask is taken by its `bbox`.
"""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.errors import BrokenDataset
from models.formats.pictures import inside
from models.formats.sheet import (
    Annotation,
    Number,
    Outline,
    Sheet,
    Sheets,
    Side,
    outline,
    text_of,
    upright,
)

MOST_BYTES: Final = 1 << 30

Key = int | str
V = TypeVar("V")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Image(_Part):
    id: Key
    file_name: Annotated[str, Field(min_length=1, max_length=1000)]
    width: Side
    height: Side


class _Category(_Part):
    id: Key
    name: Annotated[str, Field(min_length=1, max_length=200)]


class _Annotation(_Part):
    image_id: Key
    category_id: Key
    bbox: tuple[Number, Number, Number, Number] | None = None
    segmentation: list[list[Number]] | dict[str, Any] | None = None
    iscrowd: bool = False


class _File(_Part):
    images: list[_Image]
    categories: list[_Category]
    annotations: list[_Annotation]


def read_coco(path: Path, *, pictures: Path, split: str) -> Sheets:
    """Read one COCO file.

    Args:
        pictures: the folder in which its `file_name`s lie.
        split: what the pictures count as.

    Raises:
        BrokenDataset: the file is no COCO file, its ids do not fit, or a picture is not there.
    """
    file = _parsed(path)
    names = _by_id(path, "categories", ((each.id, each.name) for each in file.categories))
    images = _by_id(path, "images", ((each.id, each) for each in file.images))
    _by_id(path, "images[].file_name", ((each.file_name, each) for each in file.images))
    annotations: dict[Key, list[Annotation]] = defaultdict(list)
    for number, each in enumerate(file.annotations):
        if each.image_id not in images or each.category_id not in names:
            raise BrokenDataset(
                path,
                f"annotations[{number}] 指向不存在的图片 {each.image_id} 或类别 {each.category_id}",
                f"annotations[{number}] is of image {each.image_id} and category "
                f"{each.category_id}, one of which is not in the file",
            )
        outlines = _outlines(path, number, each)
        claimed = not each.iscrowd
        annotations[each.image_id].append(
            Annotation(name=names[each.category_id], outlines=outlines, claimed=claimed)
        )
    sheets = tuple(
        Sheet(
            picture=inside(pictures, each.file_name, named_by=path),
            original=each.file_name,
            split=split,
            size=(each.width, each.height),
            annotations=tuple(annotations[each.id]),
            labels=path,
        )
        for each in file.images
    )
    return Sheets(sheets=sheets, declared=tuple(dict.fromkeys(names.values())))


def _parsed(path: Path) -> _File:
    try:
        return _File.model_validate_json(text_of(path, most_bytes=MOST_BYTES))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BrokenDataset(
            path, f"不是 COCO 文件：{where}", f"no COCO file: {where}: {first['msg']}"
        ) from error


def _by_id(path: Path, what: str, pairs: Iterable[tuple[Key, V]]) -> dict[Key, V]:
    found: dict[Key, V] = {}
    for key, value in pairs:
        if key in found:
            raise BrokenDataset(path, f"{what} 中 {key} 重复", f"{key} is twice in {what}")
        found[key] = value
    return found


def _outlines(path: Path, number: int, each: _Annotation) -> tuple[Outline, ...]:
    if isinstance(each.segmentation, list) and each.segmentation:
        if any(len(part) < 6 or len(part) % 2 for part in each.segmentation):
            raise BrokenDataset(
                path,
                f"annotations[{number}].segmentation 不是多边形",
                f"annotations[{number}].segmentation is no polygon: give pairs, at least 6 numbers",
            )
        return tuple(outline(part) for part in each.segmentation)
    if each.bbox is None:
        raise BrokenDataset(
            path,
            f"annotations[{number}] 没有 bbox 也没有多边形",
            f"annotations[{number}] has neither bbox nor polygons",
        )
    x, y, width, height = each.bbox
    return (upright(x, y, x + width, y + height),)
