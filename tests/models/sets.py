"""Small sets in our layout, every picture another noise."""

from collections.abc import Mapping
from pathlib import Path

from models.dataset.layout import SourceRow, read_rows, write_names, write_rows
from tests.models.formats.drawn import picture, wrote

NAMES = ("road.pothole", "asset.bin")


def put(
    root: Path,
    name: str,
    *,
    split: str = "train",
    source: str = "roads",
    group: str = "A",
    labelled: tuple[str, ...] = ("road.pothole",),
    labels: str = "0 0.5 0.5 0.2 0.2\n",
    seed: int | None = None,
) -> Path:
    """Add a picture with its labels and its row."""
    write_names(root, NAMES)
    rows = read_rows(root)
    path = picture(
        root / split / "images" / f"{name}.png", seed=len(rows) if seed is None else seed
    )
    wrote(root / split / "labels" / f"{name}.txt", labels)
    row = SourceRow(
        split=split,
        image=path.name,
        source_set=source,
        labelled_classes=labelled,
        group=group,
        source_file=name,
    )
    write_rows(root, [*rows, row])
    return path


def splits_of_groups(root: Path) -> Mapping[str, set[str]]:
    """Give the splits in which each group's pictures lie."""
    found: dict[str, set[str]] = {}
    for row in read_rows(root):
        assert (root / row.split / "images" / row.image).is_file()
        assert (root / row.split / "labels" / row.image).with_suffix(".txt").is_file()
        found.setdefault(f"{row.source_set} {row.group}", set()).add(row.split)
    return found
