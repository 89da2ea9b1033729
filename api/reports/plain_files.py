"""A report as CSV: opened by Excel as it is, and by everything else."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from api.reports.counted import Counted
from api.reports.rows import (
    CASE_HEADS,
    FIGURE_HEADS,
    GROUP_HEADS,
    case_rows,
    figure_rows,
    group_rows,
    heads_of,
)
from api.reports.workbook import plain
from dispatch.city.profile import Profile

_ENCODING: Final = "utf-8-sig"
"""With the mark by which Excel knows that it is not GBK."""


def csv_files(counted: Counted, profile: Profile) -> Mapping[str, bytes]:
    """Give the figures under no name, the cases as `cases`, and a file a grouping by its name."""
    files = {
        "": _file(heads_of(FIGURE_HEADS, profile), figure_rows(counted, profile)),
        "cases": _file(heads_of(CASE_HEADS, profile), case_rows(counted, profile)),
    }
    heads = heads_of(GROUP_HEADS, profile)
    for by in counted.tables:
        files[by.value] = _file(heads, group_rows(by, counted, profile))
    return files


def _file(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode(_ENCODING)


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    # An id of digits would lose its leading zeros in Excel; a tab before it keeps it text.
    return f"\t{value}" if value.isdecimal() else plain(value)
