"""A report as a workbook that people go on working with: a sheet a table.

Rows go to disk as they come, so that a year of a large city needs no more memory than a day of a
small one. A table that is longer than a sheet can be goes on in the next.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import IO, Final

import xlsxwriter
from xlsxwriter.utility import xl_pixel_width

from api.reports.bulletin import facts_of, warnings_of
from api.reports.bulletin_method import method_words
from api.reports.counted import Counted
from api.reports.rows import (
    CASE_HEADS,
    FIGURE_HEADS,
    GROUP_HEADS,
    GROUPINGS,
    LATE_HEADS,
    NOTE_HEADS,
    REDONE_HEADS,
    Cell,
    Row,
    case_rows,
    figure_rows,
    group_rows,
    heads_of,
    in_both,
    late_rows,
    note_rows,
    redone_rows,
)
from api.reports.tongue import Language, Tongue
from dispatch.city.profile import Profile
from dispatch.indicators.table import INDICATORS

METHOD_HEADS: Final = ("项目", "说明", "Item", "Words")
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
SHEET_ROWS: Final = 1_048_575
"""How many rows Excel takes on a sheet, below its head."""
_OPTIONS: Final = {
    "constant_memory": True,
    "use_zip64": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_MEASURED: Final = 500
"""Rows by which the columns' widths are chosen."""
_ARROW_PX: Final = 16
_PADDING_PX: Final = 7
_WIDEST_PX: Final = 1790
_MOMENT_PX: Final = 112
_DIGIT_PX: Final = 7
_SHARES_OF_FIGURES: Final = (1, 4, 5, 8)
_RATES: Final = frozenset(number for number, each in enumerate(INDICATORS) if each.is_rate)


def workbook(
    counted: Counted, profile: Profile, out: IO[bytes], *, room: Path | None = None
) -> None:
    """Write a report as a workbook; the same report gives the same bytes.

    Args:
        room: the folder in which sheets lie until they are packed, about ten times as large as the
            workbook; None for that of the system.
    """
    with xlsxwriter.Workbook(out, {**_OPTIONS, "tmpdir": room}) as book:
        # Without a date of the data the file would hold the moment of writing.
        book.set_properties({"created": counted.as_of.replace(tzinfo=None)})
        pen = _Pen(book, profile)
        rates = {(row, column) for row in _RATES for column in _SHARES_OF_FIGURES}
        pen.table("指标 Indicators", FIGURE_HEADS, figure_rows(counted, profile), shares=rates)
        pen.table("案卷 Cases", CASE_HEADS, case_rows(counted, profile))
        for by in counted.tables:
            rows = list(group_rows(by, counted, profile))
            first = len(GROUP_HEADS) - len(INDICATORS)
            shares = {(row, first + rate) for row in range(len(rows)) for rate in _RATES}
            pen.table(GROUPINGS[by], GROUP_HEADS, rows, shares=shares)
        pen.table("超期未办 Overdue", LATE_HEADS, late_rows(counted, profile))
        pen.table("返工重开 Redone", REDONE_HEADS, redone_rows(counted, profile))
        pen.table("附注 Notes", NOTE_HEADS, note_rows(counted, profile))
        pen.table("方法 Method", METHOD_HEADS, _method_rows(counted, profile))


def plain(text: str) -> str:
    """Escape what a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


class _Pen:
    """Writes tables into a book, each cell by its type."""

    def __init__(self, book: xlsxwriter.Workbook, profile: Profile) -> None:
        self._book, self._profile = book, profile
        self._bold = book.add_format({"bold": True, "bg_color": "#EEF1F4"})
        self._moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._share = book.add_format({"num_format": "0.0%"})

    def table(
        self,
        title: str,
        heads: Sequence[str],
        rows: Iterable[Row],
        *,
        shares: Collection[tuple[int, int]] = frozenset(),
    ) -> None:
        """Write a table on as many sheets as it needs, each with its head and filters over it.

        Args:
            shares: row and column, from 0, of cells to be shown in percent; on the first sheet.
        """
        for number, some in enumerate(_sheets(rows), start=1):
            name = in_both(title, self._profile) + (f" {number}" if number > 1 else "")
            self._sheet(name, heads_of(heads, self._profile), some, shares)
            shares = frozenset()

    def _sheet(
        self,
        name: str,
        heads: Sequence[str],
        rows: Iterable[Row],
        shares: Collection[tuple[int, int]],
    ) -> None:
        sheet = self._book.add_worksheet(name)
        sheet.write_row(0, 0, heads, self._bold)
        widths = [xl_pixel_width(head) + _ARROW_PX for head in heads]
        number = 0
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                style = self._share if (number - 1, column) in shares else None
                self._cell(sheet, (number, column), value, style)
            if number <= _MEASURED:
                widths = list(map(max, widths, map(_width_px, row)))
        for column, width in enumerate(widths):
            sheet.set_column_pixels(column, column, min(width + _PADDING_PX, _WIDEST_PX))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(number, 1), len(heads) - 1)

    def _cell(
        self,
        sheet: xlsxwriter.worksheet.Worksheet,
        at: tuple[int, int],
        value: Cell,
        style: xlsxwriter.format.Format | None,
    ) -> None:
        if isinstance(value, str):
            if value:
                sheet.write_string(*at, plain(value))
        elif isinstance(value, datetime):
            sheet.write_datetime(*at, value, self._moment)
        elif value is not None:
            sheet.write_number(*at, value, style)


def _sheets(rows: Iterable[Row]) -> Iterator[Iterator[Row]]:
    """Cut rows into what fits on a sheet; each is to be read before the next. One at least."""
    rest = iter(rows)
    yield islice(rest, SHEET_ROWS)
    for row in rest:
        yield islice(chain((row,), rest), SHEET_ROWS)


def _width_px(value: Cell) -> int:
    if isinstance(value, str):
        return max(int(xl_pixel_width(line)) for line in value.split("\n"))
    if isinstance(value, datetime):
        return _MOMENT_PX
    return 0 if value is None else _DIGIT_PX * len(str(value))


def _method_rows(counted: Counted, profile: Profile) -> Iterable[Row]:
    zh = Tongue(language=Language.ZH, city=profile.words)
    en = replace(zh, language=Language.EN)
    facts = (facts_of(counted, profile, each) for each in (zh, en))
    for told, said in zip(*facts, strict=True):
        yield (*told, *said)
    warnings = (warnings_of(counted, profile, each) for each in (zh, en))
    for one, other in zip(*warnings, strict=True):
        yield "注意", one, "Warning", other
    for one, other in zip(method_words(zh), method_words(en), strict=True):
        yield "方法", one, "Method", other
