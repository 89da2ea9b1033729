"""Bringing public and own data into our layout: what arrives, and what is said of the rest."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.dataset.class_map import ClassMap, NoCatalogueName, UnmappedClasses
from models.dataset.conversion import (
    Conversion,
    LabelledOtherwise,
    SourceTaken,
    UnstatedClasses,
    convert,
    grouping,
)
from models.dataset.labelled_pictures import read_yolo
from models.dataset.labels import STREET_LABELS
from models.dataset.layout import read_rows
from models.errors import BrokenDataset
from models.formats.sheet import Annotation, Sheet, Sheets, upright
from tests.models.formats.drawn import picture


def annotation(
    name: str, x1: float, y1: float, x2: float, y2: float, *, claimed: bool = True
) -> Annotation:
    return Annotation(name=name, outlines=(upright(x1, y1, x2, y2),), claimed=claimed)


def sheet(path: Path, *annotations: Annotation, size: tuple[int, int] | None = (200, 100)) -> Sheet:
    return Sheet(
        picture=path,
        original=path.name,
        split="train",
        size=size,
        annotations=annotations,
        labels=path.with_suffix(".txt"),
    )


def brought(
    target: Path,
    *sheets: Sheet,
    declared: Sequence[str] | None = ("car", "person"),
    classes: ClassMap | None = None,
    labelled: Sequence[str] = (),
    source: str = "coco",
    group: str | None = None,
) -> Conversion:
    return convert(
        Sheets(sheets=sheets, declared=None if declared is None else tuple(declared)),
        at=Path("source"),
        target=target,
        source=source,
        classes=classes or ClassMap(),
        labelled=labelled,
        group_of=grouping(group, at=Path("source")),
    )


box = st.tuples(
    st.integers(0, 195), st.integers(0, 95), st.integers(2, 200), st.integers(2, 100)
).map(lambda b: (b[0], b[1], min(b[0] + b[2], 200), min(b[1] + b[3], 100)))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["car", "person", "D40"]), box, st.booleans()), max_size=12)
)
def test_boxes_survive_the_way_through_our_layout_within_a_pixel(
    things: list[tuple[str, tuple[int, int, int, int], bool]],
) -> None:
    with TemporaryDirectory() as folder:
        path = picture(Path(folder) / "a.png")
        annotations = [
            annotation(name, *corners, claimed=claimed) for name, corners, claimed in things
        ]

        report = brought(
            Path(folder) / "out", sheet(path, *annotations), declared=("car", "person", "D40")
        )

        (back,) = read_yolo(Path(folder) / "out", split="train")
        for claimed, boxes, labels in (
            (True, back.boxes, back.labels),
            (False, back.ignored_boxes, back.ignored_labels),
        ):
            mine = [(name, corners) for name, corners, c in things if c is claimed]
            assert boxes * [200, 100, 200, 100] == pytest.approx(
                np.array([corners for _, corners in mine]).reshape(-1, 4), abs=0.5
            )
            names = {"car": "traffic.vehicle", "person": "traffic.person", "D40": "road.pothole"}
            assert [STREET_LABELS[i] for i in labels] == [names[name] for name, _ in mine]
        assert (report.clipped, report.dropped) == (0, 0)


def test_what_leaves_the_picture_is_cut_or_dropped_and_counted(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.png")
    annotations = [
        annotation("car", -20, 10, 40, 50),
        annotation("car", 300, 10, 340, 50),
        annotation("car", 60, 10, 60, 50),
        annotation("car", 90, 50, 70, 60),
        annotation("car", 10, 10, 40, 50),
    ]

    report = brought(tmp_path / "out", sheet(path, *annotations))

    assert (report.clipped, report.dropped, report.boxes.total()) == (1, 3, 2)
    (back,) = read_yolo(tmp_path / "out", split="train")
    assert back.boxes[0] == pytest.approx([0, 0.1, 0.2, 0.5], abs=1e-5)


def test_all_classes_without_a_name_are_listed_at_once(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.png")

    with pytest.raises(UnmappedClasses) as refused:
        brought(
            tmp_path / "out",
            sheet(path, annotation("giraffe", 1, 1, 9, 9)),
            declared=("car", "kite", "giraffe"),
        )

    assert refused.value.names == ("kite", "giraffe")
    assert not (tmp_path / "out").exists()


def test_a_class_may_be_named_and_the_rest_left_out_on_request(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.png")
    annotations = [
        annotation("lid gone", 1, 1, 9, 9),
        annotation("kite", 1, 1, 9, 9),
        annotation("Car", 20, 20, 40, 40),
    ]
    classes = ClassMap(renamed={"lid gone": "road.manhole_missing"}, ignored=frozenset({"*"}))

    report = brought(
        tmp_path / "out", sheet(path, *annotations), declared=("lid gone", "Car"), classes=classes
    )

    assert report.ignored == {"kite": 1}
    labels = ("road.manhole_missing", "traffic.vehicle")
    (back,) = read_yolo(tmp_path / "out", split="train", labels=labels)
    assert back.known == set(labels)
    assert back.labels.tolist() == [0, 1]


def test_a_name_that_no_catalogue_has_is_refused() -> None:
    with pytest.raises(NoCatalogueName, match="Pothole!"):
        ClassMap(renamed={"D40": "Pothole!"})


def test_a_format_that_declares_nothing_needs_to_be_told_what_is_labelled(
    tmp_path: Path,
) -> None:
    path = picture(tmp_path / "a.png")
    pothole = sheet(path, annotation("D40", 1, 1, 9, 9))

    with pytest.raises(UnstatedClasses, match="--labelled"):
        brought(tmp_path / "out", pothole, declared=None)
    with pytest.raises(LabelledOtherwise, match=r"road\.pothole"):
        brought(tmp_path / "out", pothole, declared=None, labelled=["road.crack"])
    brought(tmp_path / "out", pothole, declared=None, labelled=["road.pothole", "road.crack"])

    (back,) = read_yolo(tmp_path / "out", split="train")
    assert back.known == {"road.pothole", "road.crack"}


def test_a_second_source_joins_the_first_without_changing_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    brought(out, sheet(picture(tmp_path / "a.png"), annotation("car", 1, 1, 9, 9)))
    brought(
        out,
        sheet(picture(tmp_path / "b/a.png"), annotation("D00", 1, 1, 9, 9)),
        declared=["D00"],
        source="roads",
    )

    first, second = read_yolo(out, split="train")

    assert (first.source, first.known) == ("coco", {"traffic.vehicle", "traffic.person"})
    assert (second.source, second.known) == ("roads", {"road.crack"})
    assert STREET_LABELS[first.labels[0]] == "traffic.vehicle"
    with pytest.raises(SourceTaken, match="roads"):
        brought(out, sheet(tmp_path / "a.png"), declared=["D00"], source="roads")


def test_a_conversion_that_was_stopped_is_simply_run_again(tmp_path: Path) -> None:
    whole = sheet(picture(tmp_path / "a.png"), annotation("car", 1, 1, 9, 9))
    broken = sheet(tmp_path / "gone.png")

    with pytest.raises(Exception, match=r"gone\.png"):
        brought(tmp_path / "out", whole, broken)
    assert not read_rows(tmp_path / "out")
    brought(tmp_path / "out", whole)

    assert len(read_yolo(tmp_path / "out", split="train")) == 1


@pytest.mark.parametrize("source", ["../up", "a b", "", ".hidden"])
def test_a_source_whose_name_is_no_file_name_is_refused(tmp_path: Path, source: str) -> None:
    with pytest.raises(SourceTaken):
        brought(tmp_path / "out", source=source)


def test_the_group_is_what_the_pattern_finds_in_the_name(tmp_path: Path) -> None:
    paths = [picture(tmp_path / f"GX{clip}_{i}.png") for clip in (1, 2) for i in (1, 2)]

    report = brought(tmp_path / "out", *(sheet(p) for p in paths), group=r"(GX\d+)_")

    assert report.groups == 2
    assert {row.group for row in read_rows(tmp_path / "out")} == {"GX1", "GX2"}
    with pytest.raises(BrokenDataset, match="finds nothing"):
        brought(tmp_path / "other", sheet(paths[0]), group="DJI")
    with pytest.raises(BrokenDataset, match="--group"):
        brought(tmp_path / "other", sheet(paths[0]), group="(")


def test_two_pictures_that_would_get_one_name_are_refused(tmp_path: Path) -> None:
    first = sheet(picture(tmp_path / "x_a.png"))
    second = Sheet(
        picture=picture(tmp_path / "x/a.png"),
        original="x/a.png",
        split="train",
        size=None,
        annotations=(),
        labels=tmp_path,
    )

    with pytest.raises(BrokenDataset, match="rename one"):
        brought(tmp_path / "out", first, second)


def exif_turned(path: Path, orientation: int, *, width: int = 200, height: int = 100) -> Path:
    """A JPEG with a dark left edge as stored, and an EXIF orientation."""
    image = np.full((height, width, 3), 200, np.uint8)
    image[:, : width // 5] = 10
    _, encoded = cv2.imencode(".jpg", image)
    tiff = (
        b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01" + bytes([0, orientation, 0, 0]) + b"\0" * 4
    )
    exif = b"Exif\0\0" + tiff
    segment = b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif
    content = encoded.tobytes()
    path.write_bytes(content[:2] + segment + content[2:])
    return path


@pytest.mark.parametrize("orientation", range(1, 9))
def test_labels_drawn_on_the_stored_picture_are_turned_with_it(
    tmp_path: Path, orientation: int
) -> None:
    path = exif_turned(tmp_path / "a.jpg", orientation)
    dark_edge = annotation("car", 0, 0, 40, 100)

    report = brought(tmp_path / "out", sheet(path, dark_edge, size=(200, 100)))

    (back,) = read_yolo(tmp_path / "out", split="train")
    shown = cv2.imread(str(back.path))
    height, width = shown.shape[:2]
    x1, y1, x2, y2 = (back.boxes[0] * [width, height, width, height]).round().astype(int)
    quarter = orientation >= 5
    assert report.turned == quarter
    assert report.turn_unknown == (orientation in {2, 3, 4})
    if quarter or orientation in {1, 4}:
        assert shown[y1:y2, x1:x2].mean() < 40


def test_labels_drawn_on_the_shown_picture_stay_as_they_are(tmp_path: Path) -> None:
    path = exif_turned(tmp_path / "a.jpg", 6)

    report = brought(
        tmp_path / "out", sheet(path, annotation("car", 0, 0, 50, 20), size=(100, 200))
    )

    (back,) = read_yolo(tmp_path / "out", split="train")
    assert back.boxes[0] == pytest.approx([0, 0, 0.5, 0.1], abs=1e-5)
    assert (report.turned, report.turn_unknown) == (0, 0)


def test_labels_of_a_picture_of_another_shape_are_refused(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.png")

    with pytest.raises(BrokenDataset, match="120x100"):
        brought(tmp_path / "out", sheet(path, size=(120, 100)))
    brought(tmp_path / "out", sheet(path, annotation("car", 0, 0, 200, 200), size=(400, 200)))

    (back,) = read_yolo(tmp_path / "out", split="train")
    assert back.boxes[0] == pytest.approx([0, 0, 0.5, 1])
