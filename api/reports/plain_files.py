"""The report of a month as CSV: opened by Excel as it is, and by everything else."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from api.figures import sheet_of
from api.reports.groups import GROUP_HEADS, GROUPINGS, group_rows
from api.reports.monthly import CASE_HEADS, FIGURE_HEADS, case_row, cases_of, figure_row, plain
from api.wiring import Centre
from dispatch.period import Period

_ENCODING: Final = "utf-8-sig"
"""With the mark by which Excel knows that it is not GBK."""


def write_csv(period: Period, out: Path, *, centre: Centre) -> None:
    """Write the figures to `out`, and the cases and a file a grouping beside it.

    Args:
        out: e.g. month.csv; beside it come month.cases.csv, month.department.csv and so on.
    """
    found = sheet_of(period, area="", centre=centre).figures
    _write(out, FIGURE_HEADS, (figure_row(figure) for figure in found))
    cases = cases_of(period, area="", centre=centre)
    rows = (case_row(case, centre.profile) for case in cases)
    _write(out.with_suffix(".cases.csv"), CASE_HEADS, rows)
    for by in GROUPINGS:
        groups = group_rows(by, period, area="", centre=centre)
        _write(out.with_suffix(f".{by.value}.csv"), GROUP_HEADS, groups)


def _write(out: Path, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with out.open("w", encoding=_ENCODING, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    # An id of digits would lose its leading zeros in Excel; a tab before it keeps it text.
    return f"\t{value}" if value.isdecimal() else plain(value)
