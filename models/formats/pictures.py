"""Find the pictures of a source, and never one outside of it."""

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from models.errors import BrokenDataset

SUFFIXES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp"})


def pictures_in(folder: Path) -> Iterator[Path]:
    """Give the pictures of a folder and its subfolders, in order of their paths."""
    return (
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in SUFFIXES and path.is_file()
    )


def by_stem(folder: Path) -> dict[str, Path]:
    """Give the pictures of a folder by their path inside it without suffix.

    Raises:
        BrokenDataset: there is no folder, or two pictures differ by their suffix alone, so that
            one label file would count for both.
    """
    if not folder.is_dir():
        raise BrokenDataset(folder, "没有这个图片文件夹", "there is no such folder of pictures")
    found: dict[str, Path] = {}
    for path in pictures_in(folder):
        stem = path.relative_to(folder).with_suffix("").as_posix()
        if stem in found:
            raise BrokenDataset(
                path,
                f"与 {found[stem].name} 只差后缀，标注文件分不清；请改名",
                f"differs from {found[stem].name} by its suffix alone, and one label file "
                "would count for both; rename one",
            )
        found[stem] = path
    return found


def inside(folder: Path, name: str, *, named_by: Path) -> Path:
    """Give the picture that a label file names by its path inside `folder`.

    Raises:
        BrokenDataset: the name leads out of the folder, or there is no such picture.
    """
    relative = PurePosixPath(name.replace("\\", "/"))
    path = folder / relative
    if "\0" in name or not path.resolve().is_relative_to(folder.resolve()):
        raise BrokenDataset(
            named_by,
            f"图片名 “{name}” 指向文件夹 {folder} 以外",
            f"the picture name {name!r} leads out of the folder {folder}",
        )
    if not path.is_file():
        raise BrokenDataset(
            named_by,
            f"图片 “{name}” 不在 {folder}；用 --pictures 指明图片文件夹",
            f"the picture {name!r} is not in {folder}; name the folder with --pictures",
        )
    return path


def first_folder(root: Path, names: Iterable[str]) -> Path | None:
    """Give the first of the usual folders that is there."""
    return next((root / name for name in names if (root / name).is_dir()), None)
