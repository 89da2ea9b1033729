"""Our folder of labelled pictures: `data.yaml`, `sources.csv`, and per split three subfolders.

`SPLIT/images` and `SPLIT/labels` are as YOLO has them; `SPLIT/ignored` holds boxes of the same
form about which nothing is claimed, where there are any. `sources.csv` says of each picture which
split and source it is in, which classes that source labels, its group (a road, a clip, a flight:
what must not be torn apart by a split), and its name at the source.
"""

import csv
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationError,
)

from models.errors import BrokenDataset
from models.formats.pictures import pictures_in

COLUMNS: Final = ("split", "image", "source_set", "labelled_classes", "group", "source_file")
PARTS: Final = ("images", "labels", "ignored")

Name = Annotated[
    str, StringConstraints(pattern=r"^[^/\\\x00]*[^/\\\x00.][^/\\\x00]*$", max_length=255)
]
"""One part of a path, and not one that leads upwards."""


class By(StrEnum):
    """What a split keeps together: the pictures of a group, or all of a source."""

    GROUP = "group"
    SOURCE = "source"


class SourceRow(BaseModel):
    """One row of `sources.csv`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    split: Annotated[str, StringConstraints(pattern=r"^[\w-]+$")]
    image: Name
    source_set: Annotated[str, Field(min_length=1)]
    labelled_classes: Annotated[
        tuple[str, ...],
        BeforeValidator(lambda v: tuple(v.split()) if isinstance(v, str) else v),
        PlainSerializer(" ".join),
    ]
    group: str
    source_file: str


def read_rows(root: Path) -> tuple[SourceRow, ...]:
    """Read `sources.csv`; a folder without one has no rows.

    Raises:
        BrokenDataset: a column is missing, a row is not as it must be, or a picture has two.
    """
    path = root / "sources.csv"
    if not path.is_file():
        return ()
    rows: list[SourceRow] = []
    seen: set[tuple[str, str]] = set()
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, values in enumerate(csv.DictReader(file), start=2):
            try:
                row = SourceRow.model_validate(values)
            except ValidationError as error:
                column = ".".join(str(part) for part in error.errors()[0]["loc"])
                raise BrokenDataset(
                    path, f"{column} 列不对", f"column {column} is not as it must be", line=number
                ) from error
            if (row.split, row.image) in seen:
                raise BrokenDataset(
                    path, f"{row.image} 有两行", f"{row.image} has two rows", line=number
                )
            seen.add((row.split, row.image))
            rows.append(row)
    return tuple(rows)


def write_rows(root: Path, rows: Iterable[SourceRow]) -> None:
    """Write `sources.csv` in one piece, in order of split and picture."""
    part = root / "sources.csv.part"
    with part.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(r.model_dump() for r in sorted(rows, key=lambda r: (r.split, r.image)))
    part.replace(root / "sources.csv")


def write_names(root: Path, names: Sequence[str]) -> None:
    """Write `data.yaml` in one piece."""
    listed = "".join(f"  {code}: {name}\n" for code, name in enumerate(names))
    part = root / "data.yaml.part"
    part.write_text(
        f"path: .\ntrain: train/images\nval: val/images\nnames:\n{listed}", encoding="utf-8"
    )
    part.replace(root / "data.yaml")


def splits_of(root: Path) -> tuple[str, ...]:
    """Give the splits that have a folder of pictures."""
    return tuple(path.parent.name for path in sorted(root.glob("*/images")) if path.is_dir())


def pictures_of(root: Path, split: str) -> tuple[Path, ...]:
    """Give the pictures of a split in order of their names.

    Raises:
        BrokenDataset: the split has no folder of pictures.
    """
    folder = root / split / "images"
    if not folder.is_dir():
        raise BrokenDataset(folder, "没有这个图片文件夹", "there is no such folder of pictures")
    return tuple(pictures_in(folder))


def label_file(root: Path, split: str, picture: str, *, part: str = "labels") -> Path:
    """Give where the labels of a picture lie."""
    return root / split / part / f"{Path(picture).stem}.txt"
