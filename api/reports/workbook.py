"""A report as a workbook that people go on working with: a sheet a table."""

import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import xlsxwriter

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
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_SHARES_OF_FIGURES: Final = (1, 4, 5, 8)
_RATES: Final = frozenset(number for number, each in enumerate(INDICATORS) if each.is_rate)


def workbook(counted: Counted, profile: Profile) -> bytes:
    """Give a report as a workbook; the same report gives the same bytes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        # Without a date of the data the file would hold the moment of writing.
        book.set_properties({"created": counted.as_of.replace(tzinfo=None)})
        pen = _Pen(book, profile)
        rates = {(row, column) for row in _RATES for column in _SHARES_OF_FIGURES}
        pen.sheet("指标 Indicators", FIGURE_HEADS, figure_rows(counted, profile), shares=rates)
        pen.sheet("案卷 Cases", CASE_HEADS, case_rows(counted, profile))
        for by in counted.tables:
            rows = list(group_rows(by, counted, profile))
            first = len(GROUP_HEADS) - len(INDICATORS)
            shares = {(row, first + rate) for row in range(len(rows)) for rate in _RATES}
            pen.sheet(GROUPINGS[by], GROUP_HEADS, rows, shares=shares)
        pen.sheet("超期未办 Overdue", LATE_HEADS, late_rows(counted, profile))
        pen.sheet("返工重开 Redone", REDONE_HEADS, redone_rows(counted, profile))
        pen.sheet("附注 Notes", NOTE_HEADS, note_rows(counted, profile))
        pen.sheet("方法 Method", METHOD_HEADS, _method_rows(counted, profile))
    return out.getvalue()


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

    def sheet(
        self,
        title: str,
        heads: Sequence[str],
        rows: Iterable[Row],
        *,
        shares: Collection[tuple[int, int]] = frozenset(),
    ) -> None:
        """Write a table with its head frozen and filters over it.

        Args:
            shares: row and column, from 0, of cells to be shown in percent.
        """
        sheet = self._book.add_worksheet(in_both(title, self._profile))
        sheet.write_row(0, 0, heads_of(heads, self._profile), self._bold)
        number = 0
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                style = self._share if (number - 1, column) in shares else None
                self._cell(sheet, (number, column), value, style)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(number, 1), len(heads) - 1)
        sheet.autofit()

    def _cell(
        self,
        sheet: xlsxwriter.worksheet.Worksheet,
        at: tuple[int, int],
        value: Cell,
        style: xlsxwriter.format.Format | None,
    ) -> None:
        if isinstance(value, str):
            sheet.write_string(*at, plain(value))
        elif isinstance(value, datetime):
            sheet.write_datetime(*at, value, self._moment)
        elif value is not None:
            sheet.write_number(*at, value, style)


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
