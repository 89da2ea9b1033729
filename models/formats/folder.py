"""Formats with one label file for each picture, of the picture's own name."""

from collections.abc import Callable
from pathlib import Path

from models.errors import BrokenDataset
from models.formats.pictures import by_stem
from models.formats.sheet import Annotation, Sheet, Sheets

Said = tuple[tuple[int, int] | None, tuple[Annotation, ...]]
"""Size of the picture in which outlines are pixels (None: they are shares), and annotations."""


def read_folder(
    labels: Path,
    pictures: Path,
    *,
    suffix: str,
    parse: Callable[[Path, Path], Said],
    split: str,
    unlabelled_empty: bool,
) -> Sheets:
    """Read all label files of a folder and its subfolders.

    Args:
        parse: given a label file and its picture, reads what it says.
        split: what the pictures count as.
        unlabelled_empty: take a picture without a label file as one without things in it.

    Raises:
        BrokenDataset: a label file has no picture, or as `parse`.
    """
    images = by_stem(pictures)
    files = {
        path.relative_to(labels).with_suffix("").as_posix(): path
        for path in sorted(labels.rglob(f"*{suffix}"))
    }
    lonely = [path for stem, path in files.items() if stem not in images]
    if lonely:
        raise BrokenDataset(
            lonely[0],
            f"没有同名图片（共 {len(lonely)} 个）；用 --pictures 指明图片文件夹",
            f"there is no picture of this name ({len(lonely)} such files); "
            "name their folder with --pictures",
        )
    sheets: list[Sheet] = []
    unlabelled: list[Path] = []
    for stem, picture in images.items():
        file = files.get(stem)
        if file is None and not unlabelled_empty:
            unlabelled.append(picture)
            continue
        size, annotations = parse(file, picture) if file else (None, ())
        sheets.append(
            Sheet(
                picture=picture,
                original=picture.relative_to(pictures).as_posix(),
                split=split,
                size=size,
                annotations=annotations,
                labels=file or picture,
            )
        )
    return Sheets(sheets=tuple(sheets), declared=None, unlabelled=tuple(unlabelled))
