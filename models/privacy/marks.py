"""Faces, heads and plates that people marked in sample pictures, and which of them may be learnt.

A group of pictures (of one place or clip) is learnt from or held back as a whole: by its name's
hash, so that nobody chooses. Validation pictures are always held back.
"""

import csv
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.errors import BrokenDataset

FACE: Final = "privacy.face"
PLATE: Final = "privacy.plate"
LABELS: Final = (FACE, PLATE)

Part = Literal["learn", "held"]


class Mark(BaseModel):
    """One marked thing, in pixels of its picture.

    `head` is a person's head on which no face is seen; it is neither asked for nor forbidden.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    file: Annotated[str, Field(pattern=r"^\w[\w -]*(?:[./]\w[\w -]*)*$")]
    left: Annotated[float, Field(ge=0)]
    top: Annotated[float, Field(ge=0)]
    right: float
    bottom: float
    kind: Literal["face", "head", "plate"]
    legible: Literal["yes", "no", ""]
    part: Part

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return (self.left, self.top, self.right, self.bottom)

    @property
    def size_px(self) -> float:
        """The width of a plate, the longer side of a face or head."""
        width = self.right - self.left
        return width if self.kind == "plate" else max(width, self.bottom - self.top)


def read_marks(path: Path) -> tuple[Mark, ...]:
    """Read a table of marks.

    Raises:
        BrokenDataset: the table is missing, or a row is not as it must be.
    """
    if not path.is_file():
        raise BrokenDataset(path, "没有这张标注表", "there is no such table of marks")
    marks = []
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            try:
                marks.append(Mark.model_validate(row))
            except ValidationError as error:
                column = ".".join(str(part) for part in error.errors()[0]["loc"])
                raise BrokenDataset(
                    path, f"{column} 列不对", f"column {column} is not as it must be", line=number
                ) from error
    return tuple(marks)


def by_file(marks: Iterable[Mark]) -> Mapping[str, tuple[Mark, ...]]:
    """Give the marks of each picture."""
    found: dict[str, tuple[Mark, ...]] = {}
    for mark in marks:
        found[mark.file] = (*found.get(mark.file, ()), mark)
    return found


def part_of(source: str, group: str) -> Part:
    """Say whether a group of training pictures may be learnt from."""
    digest = hashlib.sha256(f"{source} {group}".encode()).hexdigest()
    return "held" if int(digest, 16) % 2 == 0 else "learn"
