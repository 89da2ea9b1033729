"""Whether labels were drawn on a picture as stored or as viewers turn it, and the way from there.

A camera held upright stores its sensor's rows and an EXIF tag that tells viewers to turn them.
Some labelling tools ignore the tag; OpenCV obeys it. Where the picture is not square and turned
by a quarter, the size that the labels state tells which it was.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from models.errors import BrokenDataset
from models.formats.sheet import Outline, Sheet
from models.pictures.picture_file import UPRIGHT, Header

SAME_SHAPE: Final = 0.02
"""Two pictures have one shape if their ratios of sides differ by less."""

_Turn = Callable[[Outline], Outline]

TURNS: Final[Mapping[int, _Turn]] = {
    1: lambda p: p,
    2: lambda p: np.column_stack((1 - p[:, 0], p[:, 1])),
    3: lambda p: 1 - p,
    4: lambda p: np.column_stack((p[:, 0], 1 - p[:, 1])),
    5: lambda p: p[:, ::-1],
    6: lambda p: np.column_stack((1 - p[:, 1], p[:, 0])),
    7: lambda p: 1 - p[:, ::-1],
    8: lambda p: np.column_stack((p[:, 1], 1 - p[:, 0])),
}
"""Per EXIF orientation, the way of points (shares) from the stored to the upright picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """How a sheet's outlines become shares of the upright picture.

    Attributes:
        size: (width, height) by which outlines are divided.
        orientation: by which they are turned then.
        turn_unknown: the picture has an EXIF turn, and nothing tells whether the labels know it.
    """

    size: tuple[int, int]
    orientation: int
    turn_unknown: bool

    @property
    def turned(self) -> bool:
        """Whether the labels were drawn on the stored picture."""
        return self.orientation != UPRIGHT

    def shares(self, outline: Outline) -> Outline:
        """Give an outline in shares of the upright picture's width and height."""
        return TURNS[self.orientation](outline / np.array(self.size, np.float64))


def place(sheet: Sheet, header: Header) -> Placing:
    """Find the picture on which a sheet was drawn; a scaled copy counts as the same picture.

    Raises:
        BrokenDataset: the size that the labels state has the shape of neither.
    """
    turns = header.orientation != UPRIGHT
    if sheet.size is None:
        return Placing(size=(1, 1), orientation=UPRIGHT, turn_unknown=turns)
    as_shown = _same_shape(sheet.size, header.upright)
    as_stored = _same_shape(sheet.size, header.stored)
    if not as_shown and not as_stored:
        raise BrokenDataset(
            sheet.labels,
            f"标注时图片是 {sheet.size[0]}×{sheet.size[1]}，"
            f"{sheet.picture.name} 却是 {header.upright[0]}×{header.upright[1]}",
            f"labels are of a picture of {sheet.size[0]}x{sheet.size[1]}, but "
            f"{sheet.picture.name} has {header.upright[0]}x{header.upright[1]}",
        )
    return Placing(
        size=sheet.size,
        orientation=UPRIGHT if as_shown else header.orientation,
        turn_unknown=turns and as_shown and as_stored,
    )


def _same_shape(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return abs(a[0] * b[1] / (a[1] * b[0]) - 1) < SAME_SHAPE
