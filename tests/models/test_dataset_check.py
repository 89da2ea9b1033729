"""A set is looked through before anybody learns from it or believes its figures."""

from pathlib import Path

import cv2
import pytest

from models.dataset.check import Check, check
from models.dataset.label_checks import ERRORS, WORDS, Fault
from models.dataset.layout import read_rows, write_names, write_rows
from models.errors import BrokenDataset
from tests.models.sets import put


def faults(found: Check) -> dict[Fault, list[str]]:
    said: dict[Fault, list[str]] = {}
    for each in found.flaws:
        said.setdefault(each.fault, []).append(f"{each.where} {each.detail}".strip())
    return said


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    put(tmp_path, "a", group="A")
    put(tmp_path, "b", group="A")
    put(tmp_path, "c", split="val", group="B")
    return tmp_path


def test_a_sound_set_is_fit_and_its_shares_are_counted(sound: Path) -> None:
    found = check(sound)

    assert found.flaws == ()
    assert {
        key: (share.pictures, len(share.groups), dict(share.boxes))
        for key, share in found.shares.items()
    } == {
        ("train", "roads"): (2, 1, {"road.pothole": 2}),
        ("val", "roads"): (1, 1, {"road.pothole": 1}),
    }


@pytest.mark.parametrize(
    ("labels", "fault", "line"),
    [
        ("0 0.5 0.5 nan 0.2\n", Fault.BROKEN_FILE, 1),
        ("0 0.5 0.5 0.2 0.2\n7 0.5 0.5 0.2 0.2\n", Fault.BROKEN_FILE, 2),
        ("0 0.5 0.5 0.0 0.2\n", Fault.NO_AREA, 1),
        ("0 0.9 0.5 0.4 0.2\n", Fault.OUTSIDE, 1),
        ("0 0.5 0.5 0.01 0.2\n", Fault.TINY, 1),
        ("0 0.5 0.5 0.9 0.05\n", Fault.ODD_SHAPE, 1),
        ("0 0.5 0.5 0.2 0.2\n0 0.5 0.5 0.2 0.2\n", Fault.REPEATED, 2),
        ("0 0.5 0.5 0.2 0.2\n1 0.5 0.5 0.2 0.21\n", Fault.CONTRADICTING, 2),
        ("1 0.5 0.5 0.2 0.2\n", Fault.NOT_LABELLED, 1),
    ],
)
def test_a_label_that_is_wrong_is_named_with_file_and_line(
    sound: Path, labels: str, fault: Fault, line: int
) -> None:
    put(sound, "d", labels=labels)

    assert any(
        said.startswith(f"train/labels/d.txt:{line}") for said in faults(check(sound))[fault]
    )


def test_files_that_do_not_belong_together_are_named(sound: Path) -> None:
    (sound / "train/labels/a.txt").unlink()
    (sound / "train/labels/x.txt").write_text("")
    (sound / "train/images/b.png").write_bytes(b"no picture")
    (sound / "val/images/c.png").rename(sound / "val/images/z.png")

    said = faults(check(sound))

    assert said[Fault.NO_LABELS] == ["train/images/a.png", "val/images/z.png"]
    assert "train/labels/x.txt" in said[Fault.NO_PICTURE]
    assert said[Fault.UNREADABLE][0].startswith("train/images/b.png")
    assert said[Fault.NO_ROW] == ["val/images/z.png"]
    assert said[Fault.ROW_ALONE] == ["val/images/c.png roads"]


def test_a_group_and_a_picture_in_two_splits_leak(sound: Path) -> None:
    put(sound, "d", split="val", group="A")
    put(sound, "e", split="val", group="C", seed=0)

    found = check(sound)

    said = faults(found)
    assert said[Fault.LEAKING_GROUP] == ["roads: A train + val"]
    assert said[Fault.LEAKING_PICTURE] == ["train/images/a.png val/images/e.png (same bytes)"]
    assert found.errors
    assert found.pairs["same bytes", True] == 1


def test_a_mirrored_copy_in_the_other_split_leaks(sound: Path) -> None:
    path = put(sound, "e", split="val", group="C")
    original = cv2.imread(str(sound / "train/images/a.png"))
    cv2.imwrite(str(path), cv2.flip(original, 1))

    (leak,) = faults(check(sound))[Fault.LEAKING_PICTURE]

    assert "mirrored" in leak


def test_a_class_that_a_source_says_it_labels_but_never_shows_is_named(sound: Path) -> None:
    put(sound, "d", labelled=("road.pothole", "asset.bin"))

    assert faults(check(sound)) == {Fault.NEVER_SEEN: ["roads asset.bin"]}


def test_a_picture_that_viewers_turn_is_named(sound: Path) -> None:
    path = put(sound, "d")
    image = cv2.imread(str(path))
    content = cv2.imencode(".jpg", image)[1].tobytes()
    tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    exif = b"Exif\0\0" + tiff
    segment = b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif
    path.write_bytes(content[:2] + segment + content[2:])

    assert faults(check(sound)) == {Fault.TURNED: ["train/images/d.png orientation 6"]}


def test_a_class_that_nobody_named_is_an_error(sound: Path) -> None:
    write_names(sound, ("road.pothole", "asset.bin", "thing"))

    found = check(sound)

    assert faults(found)[Fault.UNKNOWN_CLASS] == ["data.yaml thing"]
    assert found.errors


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    write_names(tmp_path, ("road.pothole",))

    with pytest.raises(BrokenDataset, match="images"):
        check(tmp_path)


def test_every_finding_has_words_and_a_weight() -> None:
    assert set(WORDS) == set(Fault)
    assert Fault.LEAKING_GROUP in ERRORS
    assert Fault.TINY not in ERRORS


KNOWN_LEAKS = ("gbo_001532", "gbo_000006", "gbo_001504", "gbo_003061")


def part_of(samples: Path, into: Path) -> Path:
    """Link what is known to leak, every picture of bins that it may leak into, and some others."""
    root = samples / "detection"
    rows = [
        row
        for number, row in enumerate(read_rows(root))
        if row.image.startswith("gbo_" if row.split == "val" else KNOWN_LEAKS) or number % 50 == 0
    ]
    write_rows(into, rows)
    (into / "data.yaml").symlink_to(root / "data.yaml")
    for row in rows:
        for name in (f"images/{row.image}", f"labels/{Path(row.image).stem}.txt"):
            link = into / row.split / name
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(root / row.split / name)
    return into


def test_the_samples_hold_the_same_scenes_in_both_splits(samples: Path, tmp_path: Path) -> None:
    found = check(part_of(samples, tmp_path))

    leaks = faults(found)[Fault.LEAKING_PICTURE]
    assert {each.fault for each in found.errors} == {Fault.LEAKING_PICTURE}
    for known in KNOWN_LEAKS:
        assert any(f"train/images/{known}" in leak for leak in leaks), known
    assert found.pairs["same bytes", False] == found.pairs["same bytes", True] == 0
