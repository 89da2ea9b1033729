"""Whatever people are told marks the terms that a city may have its own words for."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dispatch.city_words import STANDARD
from dispatch.people.people import Role
from dispatch.term import MARK, STANDARD_ZH

ROOT: Final = Path(__file__).parents[2]
FILES: Final = sorted(file for name in ("api", "dispatch") for file in (ROOT / name).rglob("*.py"))
# 系统 is also what the whole is called: 本系统.
TERM: Final = re.compile("|".join(STANDARD_ZH.keys() - {Role.MACHINE.zh}))


def test_every_error_and_every_sentence_of_an_answer_marks_its_terms() -> None:
    bare = [
        f"{file.relative_to(ROOT)}:{line}: {text}"
        for file in FILES
        for line, text in told(ast.parse(file.read_text(encoding="utf-8")))
        if TERM.search(MARK.sub("", text))
        or any(TERM.search(mark) and mark not in STANDARD.zh_by_mark for mark in MARK.findall(text))
    ]

    assert bare == [], "write each term as [term], see dispatch/term.py"


def told(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Give the texts that errors and answers are made with, with their lines.

    What is sealed into a history or told to devices is made otherwise, and marks nothing.
    """
    for node in ast.walk(tree):
        made = node.exc if isinstance(node, ast.Raise) else node
        if isinstance(made, ast.Call) and (made is not node or is_told(made.func)):
            for part in (*made.args, *(each.value for each in made.keywords)):
                yield part.lineno, text_of(part)


def is_told(made: ast.expr) -> bool:
    """Say whether a call makes an error, by its root, or a sentence in both languages."""
    by_root = isinstance(made, ast.Attribute) and made.attr == "__init__"
    return by_root or (isinstance(made, ast.Name) and made.id == "Words")


def text_of(node: ast.expr) -> str:
    """Give a text as it is written, without the values in it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) for part in node.values)
    return text_of(node.left) + text_of(node.right) if isinstance(node, ast.BinOp) else ""
