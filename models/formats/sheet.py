"""What a reader of any format gives: pictures with outlines under the source's own class names."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from models.errors import BrokenDataset

FARTHEST: Final = 1e7
"""No coordinate of a picture is larger, in pixels."""

MOST_SIDE: Final = 100_000

Number = Annotated[float, Field(ge=-FARTHEST, le=FARTHEST, allow_inf_nan=False)]
"""A coordinate in JSON."""

Side = Annotated[int, Field(gt=0, le=MOST_SIDE)]
"""A picture's width or height in JSON."""

Outline = NDArray[np.float64]
"""(n, 2) corners x, y of a closed outline; (0, 0) is the top-left pixel's outer corner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """One thing that a labeller drew.

    Attributes:
        name: its class, as the source calls it.
        outlines: one outline, or the parts of a thing that something else cuts in two.
        claimed: False for a crowd and for what the labeller called difficult: the class is
            there or near, but nothing is claimed about this box.
        line: where it stands in its file, from 1; None where the format knows no lines.
    """

    name: str
    outlines: tuple[Outline, ...]
    claimed: bool = True
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One picture with its annotations.

    Attributes:
        picture: the file of the picture.
        original: what the source calls the picture, a path inside the source.
        split: the part of the source it came in.
        size: (width, height) of the picture in which outlines are pixels; None where they are
            shares of width and height.
        labels: the file that said so.
    """

    picture: Path
    original: str
    split: str
    size: tuple[int, int] | None
    annotations: tuple[Annotation, ...]
    labels: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """All of a source.

    Attributes:
        declared: classes that the format itself says were looked for; None where it cannot say.
        unlabelled: pictures without a label file, left out.
    """

    sheets: tuple[Sheet, ...]
    declared: tuple[str, ...] | None
    unlabelled: tuple[Path, ...] = ()


def upright(x1: float, y1: float, x2: float, y2: float) -> Outline:
    """Give the outline of an upright box; one turned inside out has no width or no height."""
    right, low = max(x1, x2), max(y1, y2)
    return np.array([(x1, y1), (right, y1), (right, low), (x1, low)], np.float64)


def outline(values: Sequence[float]) -> Outline:
    """Give the outline of a flat list x, y, x, y, …."""
    return np.array(values, np.float64).reshape(-1, 2)


def coordinate(text: str, *, path: Path, line: int | None = None) -> float:
    """Read one coordinate.

    Raises:
        BrokenDataset: it is no number, not finite, or larger than any picture.
    """
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) <= FARTHEST:
        raise BrokenDataset(path, f"“{text}” 不是坐标", f"{text!r} is no coordinate", line=line)
    return value


def text_of(path: Path, *, most_bytes: int) -> str:
    """Read a label file.

    Raises:
        BrokenDataset: it is missing, larger than `most_bytes` or not UTF-8.
    """
    try:
        size = path.stat().st_size
        if size > most_bytes:
            raise BrokenDataset(
                path,
                f"有 {size:,} 字节，上限是 {most_bytes:,}，请拆分",
                f"{size:,} bytes, the most that is read is {most_bytes:,}; split it",
            )
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BrokenDataset(path, "读不出来", f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BrokenDataset(path, "不是 UTF-8 文本", "is not UTF-8 text") from error
