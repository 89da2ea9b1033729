"""Setting a document on paper as PDF; the same document gives the same bytes."""

from datetime import datetime

from api.reports.document import Bars, Document, Section, Table
from api.reports.drawing import draw_bars, draw_table
from api.reports.paper import MISSING, Paper


def print_document(document: Document, *, at: datetime) -> bytes:
    """Set a document on paper.

    Args:
        at: the date that goes into the file; nothing else of the moment or the machine does.
    """
    paper = Paper(document, at=at)
    paper.add_page()
    paper.opening(document)
    for section in document.sections:
        _section(paper, section)
    paper.signing(document.signatures)
    _section(paper, document.annex)
    if paper.lacks:
        paper.paragraph(document.lacking.format(number=len(paper.lacks), sign=MISSING))
    return bytes(paper.output())


def _section(paper: Paper, section: Section) -> None:
    paper.heading(section.title)
    for part in section.parts:
        if isinstance(part, Table):
            draw_table(paper, part)
        elif isinstance(part, Bars):
            draw_bars(paper, part)
        else:
            paper.paragraph(part)
