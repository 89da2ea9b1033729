"""Pascal VOC files, also those that somebody made to harm the reader."""

from pathlib import Path

import pytest

from models.errors import BrokenDataset
from models.formats.voc import read_voc
from tests.models.formats.drawn import bounds, picture, wrote

OBJECT = (
    "<object><name>D40</name><difficult>{difficult}</difficult><bndbox><xmin>{xmin}</xmin>"
    "<ymin>11</ymin><xmax>40</xmax><ymax>60</ymax></bndbox></object>"
)


def voc(objects: str, *, size: str = "<width>200</width><height>100</height>") -> str:
    return f"<annotation><filename>../../x.jpg</filename><size>{size}</size>{objects}</annotation>"


def thing(*, difficult: str = "0", xmin: str = "21") -> str:
    return OBJECT.format(difficult=difficult, xmin=xmin)


def one(tmp_path: Path, text: str) -> Path:
    picture(tmp_path / "JPEGImages" / "a.png")
    wrote(tmp_path / "Annotations" / "a.xml", text)
    return tmp_path


def test_a_box_counts_pixels_from_one_and_includes_both_corners(tmp_path: Path) -> None:
    read = read_voc(
        one(tmp_path, voc(thing())), pictures=None, split="train", unlabelled_empty=False
    )

    (sheet,) = read.sheets
    assert bounds(sheet.annotations[0]) == [20, 10, 40, 60]
    assert (sheet.size, sheet.annotations[0].name) == ((200, 100), "D40")
    assert read.declared is None


def test_what_the_labeller_called_difficult_claims_nothing(tmp_path: Path) -> None:
    root = one(tmp_path, voc(thing(difficult="1")))

    read = read_voc(root, pictures=None, split="train", unlabelled_empty=False)

    assert not read.sheets[0].annotations[0].claimed


def test_pictures_may_lie_elsewhere_and_are_found_by_name(tmp_path: Path) -> None:
    wrote(tmp_path / "xmls" / "a.xml", voc(thing()))
    picture(tmp_path / "photos" / "a.jpg")

    read = read_voc(
        tmp_path / "xmls", pictures=tmp_path / "photos", split="val", unlabelled_empty=False
    )

    assert [(s.picture.name, s.split) for s in read.sheets] == [("a.jpg", "val")]


LAUGHS = (
    '<!DOCTYPE a [<!ENTITY l0 "ha">'
    + "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    + "]><annotation>&l11;</annotation>"
)
READS_A_FILE = (
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><annotation>&x;</annotation>'
)


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        READS_A_FILE,
        "<!DOCTYPE annotation><annotation/>",
        "<annotation>",
        "no xml",
        "",
        voc(thing(xmin="nan")),
        voc(thing(xmin="left")),
        voc(thing(xmin="1e99")),
        voc("<object><name>D40</name></object>"),
        voc(thing().replace("D40", " ")),
        voc(thing(), size=""),
        voc(thing(), size="<width>0</width><height>0</height>"),
    ],
)
def test_a_file_that_is_broken_or_hostile_is_refused_by_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(BrokenDataset, match=r"a\.xml"):
        read_voc(one(tmp_path, text), pictures=None, split="train", unlabelled_empty=False)


def test_labels_without_their_picture_are_refused(tmp_path: Path) -> None:
    root = one(tmp_path, voc(thing()))
    wrote(root / "Annotations" / "b.xml", voc(thing()))

    with pytest.raises(BrokenDataset, match=r"b\.xml"):
        read_voc(root, pictures=None, split="train", unlabelled_empty=False)
