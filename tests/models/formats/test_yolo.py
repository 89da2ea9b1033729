"""YOLO folders: boxes, oriented boxes and polygons, and the ways of writing data.yaml."""

from pathlib import Path

import pytest

from models.errors import BrokenDataset
from models.formats.data_yaml import read_names
from models.formats.yolo import read_annotations, read_line, read_yolo_set
from tests.models.formats.drawn import bounds, picture, wrote

NAMES = ("pothole", "bin")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("0 0.5 0.5 0.2 0.4", [0.4, 0.3, 0.6, 0.7]),
        ("0 0.5 0.3 0.7 0.5 0.5 0.7 0.3 0.5", [0.3, 0.3, 0.7, 0.7]),
        ("1 0.1 0.2 0.4 0.2 0.3 0.6", [0.1, 0.2, 0.4, 0.6]),
        ("1 0.1 0.2 0.4 0.2 0.3 0.6 0.2 0.5 0.1 0.3", [0.1, 0.2, 0.4, 0.6]),
    ],
    ids=["box", "oriented box", "triangle", "polygon"],
)
def test_boxes_oriented_boxes_and_polygons_are_read_alike(line: str, expected: list[float]) -> None:
    assert bounds(read_line(line, NAMES, path=Path("x.txt"), number=1)) == pytest.approx(expected)


@pytest.mark.parametrize(
    "line",
    [
        "0 0.5 0.5 0.2",
        "0 0.5 0.5 0.2 0.4 0.9",
        "0 0.5 nan 0.2 0.4",
        "0 0.5 0.5 inf 0.4",
        "0 0.5 0.5 0.2 zero",
        "0 320 240 60 80",
        "2 0.5 0.5 0.2 0.4",
        "-1 0.5 0.5 0.2 0.4",
        "0.5 0.5 0.5 0.2 0.4",
        "pothole 0.5 0.5 0.2 0.4",
        "0",
    ],
)
def test_a_line_that_is_no_thing_is_refused_with_file_and_line(tmp_path: Path, line: str) -> None:
    path = wrote(tmp_path / "a.txt", f"0 0.5 0.5 0.2 0.4\n\n{line}\n")

    with pytest.raises(BrokenDataset, match=r"a\.txt:3") as refused:
        read_annotations(path, NAMES)

    assert refused.value.line == 3


def test_a_label_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xff\xfe\x00\x01")

    with pytest.raises(BrokenDataset, match="UTF-8"):
        read_annotations(path, NAMES)


def test_a_label_file_of_absurd_size_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(1 << 30)

    with pytest.raises(BrokenDataset, match="split it"):
        read_annotations(path, NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "names:\n  0: pothole\n  1: bin\n",
        "path: .\nnames:\n- pothole\n- bin\nnc: 2\n",
        "names: ['pothole', \"bin\"]\nnc: 2\n",
        "names: [\n  pothole,\n  bin,\n]\n",
        "names: {0: pothole, 1: bin}\n",
        "names:  # ours\n  1: 'bin'  # grey ones\n\n  0: \"pothole\"\n",
    ],
)
def test_every_usual_way_of_naming_classes_is_read(tmp_path: Path, text: str) -> None:
    assert read_names(wrote(tmp_path / "data.yaml", text)) == NAMES


@pytest.mark.parametrize(
    "text",
    [
        "nc: 2\n",
        "names:\n",
        "names: []\n",
        "names: [a, b\n",
        "names: [a, 'b]\n",
        "names:\n  0: a\n  2: b\n",
        "names: [a, a]\n",
    ],
)
def test_classes_that_are_not_named_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BrokenDataset, match=r"data\.yaml"):
        read_names(wrote(tmp_path / "data.yaml", text))


@pytest.mark.parametrize(
    ("folder", "split"),
    [("train/{}", "train"), ("valid/{}", "val"), ("{}/test", "test"), ("{}", "train")],
)
def test_the_usual_folders_are_found(tmp_path: Path, folder: str, split: str) -> None:
    wrote(tmp_path / "data.yaml", "names: [pothole, bin]")
    picture(tmp_path / folder.format("images") / "a.png")
    wrote(tmp_path / folder.format("labels") / "a.txt", "1 0.5 0.5 0.1 0.1\n")

    sheets = read_yolo_set(tmp_path, split="train", unlabelled_empty=False)

    assert [(s.split, [m.name for m in s.annotations]) for s in sheets.sheets] == [(split, ["bin"])]
    assert sheets.declared == NAMES


def test_a_picture_without_labels_is_left_out_unless_it_is_said_to_be_empty(
    tmp_path: Path,
) -> None:
    wrote(tmp_path / "data.yaml", "names: [pothole, bin]")
    picture(tmp_path / "images" / "a.png")

    left_out = read_yolo_set(tmp_path, split="train", unlabelled_empty=False)
    empty = read_yolo_set(tmp_path, split="train", unlabelled_empty=True)

    assert [path.name for path in left_out.unlabelled] == ["a.png"]
    assert not left_out.sheets
    assert [s.annotations for s in empty.sheets] == [()]


def test_labels_without_their_picture_are_refused(tmp_path: Path) -> None:
    wrote(tmp_path / "data.yaml", "names: [pothole, bin]")
    picture(tmp_path / "images" / "a.png")
    wrote(tmp_path / "labels" / "b.txt", "")

    with pytest.raises(BrokenDataset, match=r"b\.txt"):
        read_yolo_set(tmp_path, split="train", unlabelled_empty=True)


def test_two_pictures_that_share_a_label_file_are_refused(tmp_path: Path) -> None:
    wrote(tmp_path / "data.yaml", "names: [pothole, bin]")
    for name in ("a.png", "a.jpg"):
        picture(tmp_path / "images" / name)

    with pytest.raises(BrokenDataset, match="rename one"):
        read_yolo_set(tmp_path, split="train", unlabelled_empty=True)
