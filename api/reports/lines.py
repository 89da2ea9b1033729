"""Breaking text into lines: between Chinese characters, not inside words and numbers.

What may not begin or end a line follows the prohibition rules for Simplified Chinese, W3C
Requirements for Chinese Text Layout, section 3.1.2.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

_NEVER_FIRST: Final = "，。、；：？！）》」』】〕”’％%,.;:?!)]}…—～·"
_NEVER_LAST: Final = "（《「『【〔“‘([{"
_PIECES: Final = re.compile(r"[!-~\u00a0-\u02ff\u0370-\u03ff–−]+|\s+|.")


def broken(text: str, width: float, *, measure: Callable[[str], float]) -> list[str]:
    """Break a text into lines that are no wider than `width`; one that cannot be is cut.

    Args:
        measure: gives the width of a text, in the unit of `width`.
    """
    lines = [""]
    for part in text.split("\n"):
        for piece in _pieces(part):
            if measure((lines[-1] + piece).rstrip()) <= width:
                lines[-1] += piece
                continue
            fresh = [*_cut(piece.lstrip(), width, measure)]
            lines = [*lines, *fresh] if lines[-1] else fresh
        lines.append("")
    return [line.strip() for line in lines[:-1]]


def _pieces(text: str) -> Iterator[str]:
    """Give what stays on one line: a character, a word, with the signs that cling to it."""
    held = ""
    for piece in _PIECES.findall(text):
        clings = piece[0] in _NEVER_FIRST or (held and held[-1] in _NEVER_LAST)
        if held and not clings:
            yield held
            held = ""
        held += piece
    if held:
        yield held


def _cut(piece: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    """Cut what is wider than a line into parts that are not, of a character at least."""
    held = ""
    for character in piece:
        if held and measure(held + character) > width:
            yield held
            held = ""
        held += character
    yield held
