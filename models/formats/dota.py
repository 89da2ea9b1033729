"""DOTA text labels: oriented boxes of aerial pictures, one file a picture, in pixels.

A line is `x1 y1 x2 y2 x3 y3 x4 y4 class difficult`; heads `imagesource:` and `gsd:` may stand
before (Xia et al. 2018, DOTA: A Large-Scale Dataset for Object Detection in Aerial Images).
"""

from pathlib import Path
from typing import Final

from models.errors import BrokenDataset
from models.formats.folder import Said, read_folder
from models.formats.pictures import first_folder
from models.formats.sheet import Annotation, Sheets, coordinate, outline, text_of
from models.pictures.picture_file import read_header

MOST_BYTES: Final = 16 << 20
LABELS: Final = ("labelTxt", "labels")
PICTURES: Final = ("images",)
HEADS: Final = ("imagesource:", "gsd:")


def read_dota(root: Path, *, pictures: Path | None, split: str, unlabelled_empty: bool) -> Sheets:
    """Read a folder with `images` and `labelTxt`.

    Args:
        pictures: where pictures lie if not in `images`.
        split: what the pictures count as.
        unlabelled_empty: take a picture without a label file as one without things in it.

    Raises:
        BrokenDataset: a line is no oriented box, or a label file has no picture.
        UnreadablePicture: a picture does not say how large it is.
    """
    labels = first_folder(root, LABELS) or root
    return read_folder(
        labels,
        pictures or first_folder(root, PICTURES) or labels,
        suffix=".txt",
        parse=_parsed,
        split=split,
        unlabelled_empty=unlabelled_empty,
    )


def _parsed(path: Path, picture: Path) -> Said:
    return read_header(picture).upright, read_annotations(path)


def read_annotations(path: Path) -> tuple[Annotation, ...]:
    """Read one label file; outlines are pixels.

    Raises:
        BrokenDataset: a line is no oriented box.
    """
    lines = text_of(path, most_bytes=MOST_BYTES).splitlines()
    return tuple(
        _annotation(line.split(), path, number)
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.startswith(HEADS)
    )


def _annotation(words: list[str], path: Path, number: int) -> Annotation:
    if len(words) not in {9, 10}:
        raise BrokenDataset(
            path,
            f"有 {len(words)} 项；应为 8 个坐标、类别、难度",
            f"{len(words)} words; give 8 coordinates, the class and its difficulty",
            line=number,
        )
    corners = outline([coordinate(word, path=path, line=number) for word in words[:8]])
    claimed = words[9:] in ([], ["0"])
    return Annotation(name=words[8], outlines=(corners,), claimed=claimed, line=number)
