"""A document before it is set on paper: sections of paragraphs, tables and bars."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under heads.

    Args:
        widths: of the columns, in shares of the page's width; they need not add up to 1.
        numbers: columns whose cells stand on the right.
        note: what is said below, e.g. that rows were left out.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numbers: frozenset[int] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A share from 0 to 1 with its interval and what it was in the period before.

    Args:
        value: None where there is nothing to reckon it of.
        words: the figure as it is written beside the bar.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    before: float | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Shares drawn as bars over one scale from 0 to 100 %."""

    bars: tuple[Bar, ...]
    legend: str


Part = str | Table | Bars
"""A text is a paragraph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a document under its heading."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What goes on paper.

    Args:
        issuer: whose document it is, above the title.
        facts: name and value, each a line of the head: period, data as of and the like.
        warnings: what a reader must know before any figure.
        footer: at the foot of each page.
        lacking: said at the end where the font lacks `{number}` characters, for which `{sign}`
            stands.
        signatures: under which lines it is signed, below the sections.
        annex: what stands behind the signatures.
    """

    issuer: str
    title: str
    facts: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    sections: tuple[Section, ...]
    signatures: tuple[str, ...]
    annex: Section
    footer: str
    lacking: str
