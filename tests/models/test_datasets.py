"""Reading labelled pictures whose sources each label only some classes."""

import json
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.dataset.labelled_pictures import Picture, hold_out, read_yolo, with_teacher
from models.dataset.labels import STREET_LABELS
from models.errors import BrokenDataset


@pytest.fixture
def two_sources(tmp_path: Path) -> Path:
    (tmp_path / "data.yaml").write_text("names:\n  0: pothole\n  1: bin\n")
    rows = ["split,image,source_set,labelled_classes,group,source_file"]
    for split in ("train", "val"):
        for part in ("images", "labels"):
            (tmp_path / split / part).mkdir(parents=True)
    for i in range(40):
        source, known = ("roads", "pothole") if i % 2 else ("bins", "bin")
        rows.append(f"train,{i:02}.png,{source},{known},road {i // 10},x")
        cv2.imwrite(str(tmp_path / "train/images" / f"{i:02}.png"), np.zeros((8, 8, 3), np.uint8))
        code = 0 if i % 2 else 1
        (tmp_path / "train/labels" / f"{i:02}.txt").write_text(f"{code} 0.5 0.5 0.5 0.25\n")
    (tmp_path / "sources.csv").write_text("\n".join(rows) + "\n")
    return tmp_path


def test_each_source_claims_only_the_classes_it_labels(two_sources: Path) -> None:
    pictures = read_yolo(two_sources, split="train")

    known = {p.source: p.known for p in pictures}
    assert known == {"roads": {"road.pothole"}, "bins": {"asset.bin"}}


def test_a_public_code_becomes_its_catalogue_name(two_sources: Path) -> None:
    bins = [p for p in read_yolo(two_sources, split="train") if p.source == "bins"]

    assert {STREET_LABELS[i] for p in bins for i in p.labels} == {"asset.bin"}
    assert bins[0].boxes[0] == pytest.approx([0.25, 0.375, 0.75, 0.625])


def test_an_unknown_class_is_refused_by_name(two_sources: Path) -> None:
    (two_sources / "data.yaml").write_text("names:\n  0: pothole\n  1: unicorn\n")

    with pytest.raises(BrokenDataset, match="unicorn"):
        read_yolo(two_sources, split="train")


@pytest.mark.parametrize("line", ["0 0.5 0.5 0.1", "0 a b c d", "0 1 2 3 4 5 6"])
def test_a_line_that_is_no_box_is_refused_with_its_file(two_sources: Path, line: str) -> None:
    (two_sources / "train/labels/00.txt").write_text(line)

    with pytest.raises(BrokenDataset, match=r"00\.txt"):
        read_yolo(two_sources, split="train")


def test_a_picture_without_a_row_or_labels_is_refused(two_sources: Path) -> None:
    (two_sources / "train/labels/07.txt").unlink()

    with pytest.raises(BrokenDataset, match=r"07\.txt"):
        read_yolo(two_sources, split="train")


def test_the_teacher_labels_what_it_is_sure_of_and_leaves_the_rest_open(two_sources: Path) -> None:
    vehicle = STREET_LABELS.index("traffic.vehicle")
    answers = two_sources / "teacher.json"
    rows = [[vehicle, 0.9, 0, 0, 0.2, 0.2], [vehicle, 0.3, 0.5, 0.5, 0.9, 0.9]]
    answers.write_text(json.dumps({"01.png": rows}))

    taught = with_teacher(read_yolo(two_sources, split="train"), answers, sure=0.5)

    first = next(p for p in taught if p.path.name == "01.png")
    assert first.labels.tolist().count(vehicle) == 1
    assert first.ignored_labels.tolist() == [vehicle]
    assert "traffic.vehicle" in first.known


def picture(source: str, group: str, name: str) -> Picture:
    return Picture(
        path=Path(name),
        source=source,
        group=group,
        known=frozenset(),
        boxes=np.zeros((0, 4), np.float32),
        labels=np.zeros(0, np.int64),
        ignored_boxes=np.zeros((0, 4), np.float32),
        ignored_labels=np.zeros(0, np.int64),
    )


def test_a_small_group_is_never_split_between_learning_and_measuring() -> None:
    pictures = [picture("bins", f"block {i // 7:02}", f"{i:03}") for i in range(140)]

    learn, held = hold_out(pictures)

    assert not {p.group for p in learn} & {p.group for p in held}
    assert len(learn) + len(held) == 140
    assert 5 <= len(held) <= 20


def test_a_long_road_gives_its_last_stretch() -> None:
    pictures = [picture("roads", road, f"{road}{i:03}") for road in "AB" for i in range(50)]

    learn, held = hold_out(pictures)

    assert Counter(p.group for p in held) == {"A": 4, "B": 4}
    assert max(p.path.name for p in learn if p.group == "A") < min(
        p.path.name for p in held if p.group == "A"
    )


def test_training_and_validation_share_no_picture(samples: Path) -> None:
    train = read_yolo(samples / "detection", split="train")
    val = read_yolo(samples / "detection", split="val")

    learn, held = hold_out(train)

    assert len(train) == 2346
    assert len(val) == 351
    assert not {p.path for p in learn} & {p.path for p in held}
    assert {p.source for p in held} == {p.source for p in train}
