"""Tables and bars on paper: rules between rows, and shares with their intervals."""

from collections.abc import Sequence
from typing import Final

from api.reports.document import Bar, Bars, Table
from api.reports.paper import ACCENT, INK, RULE, SOFT, Paper

_SIZE: Final = 8.5
_LINE: Final = 4.4
_PAD: Final = 0.9
_NAME: Final = 48.0
_WORDS: Final = 42.0
_BAR: Final = 7.0
_FILL: Final = "#9dbbd6"


def draw_table(paper: Paper, table: Table) -> None:
    """Draw a table, its heads again on each page that it goes on to."""
    widths = [paper.epw * each / sum(table.widths) for each in table.widths]
    _heads(paper, table, widths)
    for row in table.rows:
        paper.letters(_SIZE, INK)
        cells = _cells(paper, row, widths)
        if paper.will_page_break(_height(cells)):
            paper.rule(paper.get_y(), color=INK, width=0.4)
            paper.add_page()
            _heads(paper, table, widths)
            paper.letters(_SIZE, INK)
        _row(paper, cells, widths, table.numbers)
        paper.rule(paper.get_y())
    paper.rule(paper.get_y(), color=INK, width=0.4)
    paper.ln(1.0)
    if table.note:
        paper.paragraph(table.note, size=_SIZE, color=SOFT)
    paper.ln(1.5)


def draw_bars(paper: Paper, bars: Bars) -> None:
    """Draw shares below each other: a bar, a line over the interval, a mark where it was before."""
    paper.need(_BAR * min(len(bars.bars), 6) + 12.0)
    left = paper.l_margin + _NAME
    width = paper.epw - _NAME - _WORDS
    for bar in bars.bars:
        paper.need(_BAR)
        _bar(paper, bar, left, width)
    paper.letters(_SIZE - 1.5, SOFT)
    for share in range(0, 101, 25):
        paper.set_xy(left + width * share / 100 - 6.0, paper.get_y())
        paper.cell(12.0, 4.0, f"{share}%", align="C")
    paper.ln(5.0)
    paper.paragraph(bars.legend, size=_SIZE, color=SOFT)


def _heads(paper: Paper, table: Table, widths: Sequence[float]) -> None:
    paper.letters(_SIZE, INK, bold=True)
    cells = _cells(paper, table.heads, widths)
    paper.need(_height(cells) + 3 * _LINE)
    paper.letters(_SIZE, INK, bold=True)
    paper.rule(paper.get_y(), color=INK, width=0.4)
    paper.set_fill_color("#eef1f4")
    paper.rect(paper.l_margin, paper.get_y(), paper.epw, _height(cells), style="F")
    paper.letters(_SIZE, INK, bold=True)
    _row(paper, cells, widths, table.numbers)
    paper.rule(paper.get_y(), color=INK)


def _cells(paper: Paper, row: Sequence[str], widths: Sequence[float]) -> list[list[str]]:
    return [paper.lines_of(text, width) for text, width in zip(row, widths, strict=True)]


def _height(cells: Sequence[Sequence[str]]) -> float:
    return max(map(len, cells)) * _LINE + 2.0 * _PAD


def _row(
    paper: Paper,
    cells: Sequence[Sequence[str]],
    widths: Sequence[float],
    numbers: frozenset[int],
) -> None:
    top, left = paper.get_y(), paper.l_margin
    for column, (lines, width) in enumerate(zip(cells, widths, strict=True)):
        for number, line in enumerate(lines):
            paper.set_xy(left, top + _PAD + number * _LINE)
            paper.cell(width, _LINE, line, align="R" if column in numbers else "L")
        left += width
    paper.set_xy(paper.l_margin, top + _height(cells))


def _bar(paper: Paper, bar: Bar, left: float, width: float) -> None:
    top, middle = paper.get_y(), paper.get_y() + _BAR / 2
    paper.set_draw_color(RULE)
    paper.set_line_width(0.15)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        paper.line(left + width * share, top, left + width * share, top + _BAR)
    if bar.value is not None:
        paper.set_fill_color(_FILL)
        paper.rect(left, top + 1.4, width * bar.value, _BAR - 2.8, style="F")
    if bar.low is not None and bar.high is not None:
        _interval(paper, left + width * bar.low, left + width * bar.high, middle)
    if bar.before is not None:
        _diamond(paper, left + width * bar.before, middle)
    paper.letters(_SIZE, INK)
    name = paper.lines_of(bar.name, _NAME)
    paper.set_xy(paper.l_margin, top)
    paper.cell(_NAME, _BAR, name[0] if len(name) == 1 else f"{name[0]}…")
    paper.set_xy(left + width, top)
    paper.cell(_WORDS, _BAR, paper.shown(bar.words), align="R")
    paper.set_xy(paper.l_margin, top + _BAR)


def _interval(paper: Paper, low: float, high: float, y: float) -> None:
    paper.set_draw_color(ACCENT)
    paper.set_line_width(0.45)
    paper.line(low, y, high, y)
    for end in (low, high):
        paper.line(end, y - 1.2, end, y + 1.2)


def _diamond(paper: Paper, x: float, y: float) -> None:
    paper.set_draw_color("#b7791f")
    paper.set_fill_color("#ffffff")
    paper.set_line_width(0.3)
    paper.polygon([(x, y - 1.4), (x + 1.4, y), (x, y + 1.4), (x - 1.4, y)], style="DF")
