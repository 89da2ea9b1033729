"""COCO files: what they declare, and every way in which their ids, numbers and names can lie."""

import json
from pathlib import Path
from typing import Any

import pytest

from models.errors import BrokenDataset
from models.formats.coco import read_coco
from tests.models.formats.drawn import bounds, picture


def coco(tmp_path: Path, **changes: Any) -> Path:
    picture(tmp_path / "a.png")
    file = {
        "info": {"year": 2026},
        "images": [{"id": 7, "file_name": "a.png", "width": 200, "height": 100}],
        "categories": [{"id": 1, "name": "person"}, {"id": 3, "name": "car"}],
        "annotations": [{"id": 1, "image_id": 7, "category_id": 3, "bbox": [20, 10, 50, 30]}],
    }
    path = tmp_path / "labels.json"
    path.write_text(json.dumps({**file, **changes}))
    return path


def annotation(**changes: Any) -> list[dict[str, Any]]:
    return [{"id": 1, "image_id": 7, "category_id": 3, "bbox": [20, 10, 50, 30], **changes}]


def test_a_box_and_the_declared_classes_are_read(tmp_path: Path) -> None:
    read = read_coco(coco(tmp_path), pictures=tmp_path, split="train")

    (sheet,) = read.sheets
    assert read.declared == ("person", "car")
    assert (sheet.size, sheet.original) == ((200, 100), "a.png")
    assert [(m.name, bounds(m), m.claimed) for m in sheet.annotations] == [
        ("car", [20, 10, 70, 40], True)
    ]


def test_polygons_in_parts_are_one_thing(tmp_path: Path) -> None:
    parts = [[0, 0, 10, 0, 10, 10], [50, 50, 60, 50, 60, 70]]
    path = coco(tmp_path, annotations=annotation(segmentation=parts))

    (thing,) = read_coco(path, pictures=tmp_path, split="train").sheets[0].annotations

    assert len(thing.outlines) == 2
    assert bounds(thing) == [0, 0, 60, 70]


def test_a_crowd_claims_nothing(tmp_path: Path) -> None:
    mask = {"counts": [1, 2], "size": [100, 200]}
    path = coco(tmp_path, annotations=annotation(segmentation=mask, iscrowd=1))

    (crowd,) = read_coco(path, pictures=tmp_path, split="train").sheets[0].annotations

    assert not crowd.claimed


def test_a_picture_without_annotations_is_an_empty_street(tmp_path: Path) -> None:
    (sheet,) = read_coco(coco(tmp_path, annotations=[]), pictures=tmp_path, split="val").sheets

    assert (sheet.annotations, sheet.split) == ((), "val")


@pytest.mark.parametrize(
    "name", ["../a.png", "/etc/hostname", "..\\a.png", "x/../../a.png", "a.png\0.txt"]
)
def test_a_picture_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    images = [{"id": 7, "file_name": name, "width": 200, "height": 100}]
    inner = tmp_path / "inner"
    path = coco(tmp_path, images=images)
    picture(inner / "a.png")

    with pytest.raises(BrokenDataset, match="leads out"):
        read_coco(path, pictures=inner, split="train")


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    secret = picture(tmp_path / "elsewhere" / "a.png")
    path = coco(tmp_path / "set")
    (tmp_path / "set" / "a.png").unlink()
    (tmp_path / "set" / "a.png").symlink_to(secret)

    with pytest.raises(BrokenDataset, match="leads out"):
        read_coco(path, pictures=tmp_path / "set", split="train")


@pytest.mark.parametrize(
    "changes",
    [
        {"annotations": annotation(bbox=[20, 10, float("nan"), 30])},
        {"annotations": annotation(bbox=[20, 10, float("inf"), 30])},
        {"annotations": annotation(bbox=[20, 10, 1e300, 30])},
        {"annotations": annotation(bbox=[20, 10, 50])},
        {"annotations": annotation(bbox=None)},
        {"annotations": annotation(segmentation=[[1, 2, 3, 4]])},
        {"annotations": annotation(segmentation=[[1, 2, 3, 4, 5, 6, 7]])},
        {"annotations": annotation(image_id=8)},
        {"annotations": annotation(category_id=2)},
        {"categories": [{"id": 3, "name": "car"}, {"id": 3, "name": "bus"}]},
        {"images": [{"id": 7, "file_name": "a.png", "width": 0, "height": 100}]},
        {"images": [{"id": i, "file_name": "a.png", "width": 9, "height": 9} for i in (7, 8)]},
        {"images": [{"id": 7, "file_name": "gone.png", "width": 9, "height": 9}]},
        {"annotations": None},
    ],
)
def test_a_file_that_contradicts_itself_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    path = coco(tmp_path, **changes)

    with pytest.raises(BrokenDataset, match=r"labels\.json"):
        read_coco(path, pictures=tmp_path, split="train")


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, '{"images": 1'])
def test_what_is_no_coco_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "labels.json"
    path.write_text(text)

    with pytest.raises(BrokenDataset, match="no COCO file"):
        read_coco(path, pictures=tmp_path, split="train")
