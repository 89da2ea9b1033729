"""A report as CSV: opened by Excel as it is, and by everything else."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Final

from api.reports.counted import Counted
from api.reports.rows import (
    CASE_HEADS,
    FIGURE_HEADS,
    GROUP_HEADS,
    Row,
    case_rows,
    figure_rows,
    group_rows,
    heads_of,
)
from api.reports.workbook import plain
from dispatch.city.profile import Profile

_ENCODING: Final = "utf-8-sig"
"""With the mark by which Excel knows that it is not GBK."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainFile:
    """One table of a report.

    Args:
        name: empty for the figures, `cases`, or what figures are told apart by.
        rows: read as they are written.
    """

    name: str
    heads: Sequence[str]
    rows: Iterable[Row]

    def ending(self) -> str:
        """Give what its file's name ends with."""
        return f".{self.name}.csv" if self.name else ".csv"

    def write(self, out: IO[bytes]) -> None:
        """Write it as CSV."""
        text = io.TextIOWrapper(out, encoding=_ENCODING, newline="")
        writer = csv.writer(text)
        writer.writerow(self.heads)
        writer.writerows([_cell(value) for value in row] for row in self.rows)
        text.flush()
        text.detach()


def csv_files(counted: Counted, profile: Profile) -> Iterator[PlainFile]:
    """Give the figures, the cases, and a file for each grouping."""
    figures = figure_rows(counted, profile)
    yield PlainFile(name="", heads=heads_of(FIGURE_HEADS, profile), rows=figures)
    cases = case_rows(counted, profile)
    yield PlainFile(name="cases", heads=heads_of(CASE_HEADS, profile), rows=cases)
    heads = heads_of(GROUP_HEADS, profile)
    for by in counted.tables:
        yield PlainFile(name=by.value, heads=heads, rows=group_rows(by, counted, profile))


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    # An id of digits would lose its leading zeros in Excel; a tab before it keeps it text.
    return f"\t{value}" if value.isdecimal() else plain(value)
