"""A4 paper: page heads and feet, headings, paragraphs, in one font that travels with the program.

Lengths are millimetres, sizes of letters points.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from fpdf import FPDF
from fpdf.enums import TextMode

from api.reports.document import Document
from api.reports.lines import broken

FONT: Final = Path(__file__).parent / "font" / "NotoSansSC-GB2312.otf"
MISSING: Final = "〓"
"""Stands for what the font cannot draw, as printers have it."""
INK: Final = "#1b1f24"
SOFT: Final = "#5b6470"
ACCENT: Final = "#1f4e79"
RULE: Final = "#c9d0d8"
_FAMILY: Final = "body"
_MARGIN: Final = 20.0
_SMALL, _TEXT, _HEAD, _TITLE = 8.0, 10.0, 12.5, 20.0
_LEADING: Final = 0.56
"""Height of a line for each point of its letters."""
_BOLD: Final = 0.25
"""Width of the stroke that makes letters bold, as the font has one weight."""


class Paper(FPDF):
    """Pages with a running head and foot, and text that breaks as Chinese is broken."""

    def __init__(self, document: Document, *, at: datetime) -> None:
        super().__init__(unit="mm", format="A4")
        self._document = document
        self.add_font(_FAMILY, fname=FONT)
        self._drawn = set(self.fonts[_FAMILY].cmap)  # type: ignore[union-attr]  # it is a file's
        self.lacks: set[str] = set()
        self.set_title(self.shown(document.title))
        self.set_author(self.shown(document.issuer))
        self.set_creation_date(at)
        self.set_producer("Xunhuan")
        self.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN)

    def header(self) -> None:
        """Name the document above every page but the first."""
        if self.page_no() == 1:
            return
        self.letters(_SMALL, SOFT)
        self.set_y(11.0)
        self.cell(0, 4.0, self.shown(f"{self._document.issuer}　{self._document.title}"))
        self.rule(16.0)
        self.set_y(_MARGIN)

    def footer(self) -> None:
        """Say below every page which one it is, and on what it rests."""
        self.set_y(-14.0)
        self.letters(_SMALL - 1.0, SOFT)
        self.cell(self.epw - 20.0, 4.0, self.shown(self._document.footer))
        self.cell(20.0, 4.0, f"{self.page_no()} / {{nb}}", align="R")

    def opening(self, document: Document) -> None:
        """Set whose document it is, its title, its facts and its warnings."""
        self.letters(_HEAD, ACCENT)
        self.cell(0, 8.0, self.shown(document.issuer), align="C", new_x="LMARGIN", new_y="NEXT")
        self.letters(_TITLE, INK, bold=True)
        for line in self.lines_of(document.title, self.epw):
            self.cell(0, 12.0, line, align="C", new_x="LMARGIN", new_y="NEXT")
        self.rule(self.get_y() + 2.0, color=ACCENT, width=0.8)
        self.rule(self.get_y() + 3.2, color=ACCENT)
        self.ln(6.0)
        for name, value in document.facts:
            self._fact(name, value)
        self.ln(1.0)
        for warning in document.warnings:
            self._warning(warning)

    def heading(self, text: str) -> None:
        """Set a section's title, never as the last thing on a page."""
        self.need(48.0)
        self.ln(4.0)
        self.letters(_HEAD, ACCENT, bold=True)
        self.cell(0, 8.0, self.shown(text), new_x="LMARGIN", new_y="NEXT")
        self.ln(1.0)

    def paragraph(self, text: str, *, size: float = _TEXT, color: str = INK) -> None:
        """Set a paragraph over the page's width."""
        self.letters(size, color)
        for line in self.lines_of(text, self.epw):
            self.cell(0, size * _LEADING, line, new_x="LMARGIN", new_y="NEXT")
        self.ln(1.5)

    def signing(self, names: Sequence[str]) -> None:
        """Set the lines to be signed on."""
        self.need(30.0)
        self.ln(14.0)
        self.letters(_TEXT, INK)
        width = self.epw / max(len(names), 1)
        for name in names:
            self.cell(width, 6.0, self.shown(f"{name}　_____________"))
        self.ln(10.0)

    def rule(self, y: float, *, color: str = RULE, width: float = 0.2) -> None:
        """Draw a line over the page's width."""
        self.set_draw_color(color)
        self.set_line_width(width)
        self.line(self.l_margin, y, self.l_margin + self.epw, y)

    def need(self, height: float) -> None:
        """Go on to the next page where so much no longer fits."""
        if self.will_page_break(height):
            self.add_page()

    def letters(self, size: float, color: str, *, bold: bool = False) -> None:
        """Choose how what follows is written."""
        self.set_font(_FAMILY, size=size)
        self.set_text_color(color)
        self.text_mode = TextMode.FILL_STROKE if bold else TextMode.FILL
        if bold:
            self.set_draw_color(color)
            self.set_line_width(_BOLD)

    def shown(self, text: str) -> str:
        """Give a text with `MISSING` for each character that the font cannot draw."""
        self.lacks |= {each for each in text if each >= " " and ord(each) not in self._drawn}
        return "".join(MISSING if each in self.lacks else each for each in text)

    def lines_of(self, text: str, width: float) -> list[str]:
        """Break a text into lines of a width, by the letters that are chosen."""
        room = width - 2.0 * self.c_margin
        return broken(self.shown(text), room, measure=self.get_string_width)

    def _fact(self, name: str, value: str) -> None:
        self.letters(_TEXT, SOFT)
        self.cell(34.0, _TEXT * _LEADING, self.shown(name))
        self.letters(_TEXT, INK)
        for line in self.lines_of(value, self.epw - 34.0):
            self.set_x(self.l_margin + 34.0)
            self.cell(0, _TEXT * _LEADING, line, new_x="LMARGIN", new_y="NEXT")

    def _warning(self, text: str) -> None:
        self.letters(_TEXT, INK)
        lines = self.lines_of(text, self.epw - 8.0)
        height = len(lines) * _TEXT * _LEADING + 3.0
        self.need(height)
        self.set_fill_color("#fff4d6")
        top = self.get_y()
        self.rect(self.l_margin, top, self.epw, height, style="F")
        self.set_fill_color("#b7791f")
        self.rect(self.l_margin, top, 1.2, height, style="F")
        self.set_y(top + 1.5)
        for line in lines:
            self.set_x(self.l_margin + 4.0)
            self.cell(0, _TEXT * _LEADING, line, new_x="LMARGIN", new_y="NEXT")
        self.set_y(top + height + 1.5)
