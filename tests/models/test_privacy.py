"""What the model of faces and plates learns from, and what it is measured on."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from models.errors import BrokenDataset
from models.privacy.marks import by_file, part_of, read_marks
from models.privacy.pasting import head_patch, paste, plate_patch
from models.privacy.plates import WIDTH_PX, draw_plate

MARKS = Path(__file__).parents[1] / "data" / "redaction" / "marks.csv"
ROAD = np.full((240, 320, 3), 90, np.uint8)


def test_enough_faces_and_plates_are_marked_to_measure_misses() -> None:
    kinds = Counter(mark.kind for mark in read_marks(MARKS))

    assert kinds["face"] >= 150
    assert kinds["plate"] >= 100


def test_every_mark_has_a_size_and_a_picture_is_learnt_from_or_held_back_never_both() -> None:
    marks = read_marks(MARKS)

    assert all(mark.left < mark.right and mark.top < mark.bottom for mark in marks)
    assert all(len({mark.part for mark in found}) == 1 for found in by_file(marks).values())
    assert {mark.part for mark in marks if "/val/" in mark.file} == {"held"}


def test_about_half_of_all_groups_are_held_back_and_always_the_same() -> None:
    parts = Counter(part_of("source", f"group {number}") for number in range(400))

    assert 160 < parts["held"] < 240
    assert part_of("source", "group 1") == part_of("source", "group 1")


@pytest.mark.parametrize(
    "row",
    [
        "../secret.jpg,1,1,9,9,face,,eye,held",
        "a.jpg,-1,1,9,9,face,,eye,held",
        "a.jpg,1,1,9,9,nose,,eye,held",
        "a.jpg,1,1,9,9,face,,eye,both",
    ],
)
def test_a_mark_that_says_nonsense_is_refused_with_its_line(tmp_path: Path, row: str) -> None:
    table = tmp_path / "marks.csv"
    table.write_text(f"file,left,top,right,bottom,kind,legible,found_by,part\n{row}\n")

    with pytest.raises(BrokenDataset, match="2"):
        read_marks(table)


def test_a_missing_table_of_marks_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrokenDataset, match=r"marks\.csv"):
        read_marks(tmp_path / "marks.csv")


def test_a_drawn_plate_is_as_wide_as_plates_are_and_carries_strokes() -> None:
    for seed in range(20):
        plate = draw_plate(np.random.default_rng(seed))

        assert plate.shape[1] == WIDTH_PX
        assert 0.25 < plate.shape[0] / plate.shape[1] < 0.6
        assert plate.std() > 15


def test_a_pasted_plate_lies_where_its_label_says() -> None:
    rng = np.random.default_rng(3)

    changed, box = paste(ROAD, plate_patch(draw_plate(rng)), at=(160, 120), width=60, rng=rng)

    rows, columns = np.nonzero((np.abs(changed.astype(int) - ROAD) > 12).any(axis=2))
    assert (box[0] + box[2]) / 2 == pytest.approx(160, abs=3)
    assert columns.min() == pytest.approx(box[0], abs=5)
    assert columns.max() == pytest.approx(box[2], abs=5)
    assert rows.min() >= box[1] - 5
    assert rows.max() <= box[3] + 5


def test_a_pasted_head_keeps_its_surroundings_and_its_face_is_labelled() -> None:
    rng = np.random.default_rng(4)
    picture = rng.integers(0, 255, (200, 200, 3), dtype=np.uint8)
    patch = head_patch(picture, (80, 80, 110, 120))
    assert patch is not None

    changed, box = paste(ROAD, patch, at=(100, 100), width=24, rng=rng)

    assert 18 < box[2] - box[0] < 34
    assert (changed[:, 200:] == ROAD[:, 200:]).all()


def test_a_face_at_a_pictures_border_gives_no_head() -> None:
    assert head_patch(ROAD, (0, 10, 30, 50)) is None
