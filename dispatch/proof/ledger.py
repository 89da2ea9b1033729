"""The ledger: one chain over everything that the centre must not lose, across all cases.

A case's own chain shows a changed or dropped step inside it; that its last step, or the whole case,
is missing shows only in a chain that goes across cases. Each entry names a step or a row by its
seal, or a picture by its hash, and covers the entry before. Of a picture deleted when its time was
over the entries stay, so that the chain does.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

START: Final = "0" * 64
"""The head before the first entry."""


class EntryKind(StrEnum):
    """What an entry is about."""

    STEP = "step"
    EVIDENCE = "evidence"
    DELETED = "deleted"
    FROZEN = "frozen"
    GROUND = "ground"
    SUPPRESSED = "suppressed"
    STRETCH = "stretch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something to be entered.

    Args:
        subject: `CASE:NUMBER` of a step, the SHA-256 of a picture, a month such as 2026-11, the
            pass whose ground was erased, or of a row (`dispatch.proof.rows`) `ID:CAME:KNOWN_FROM`,
            in microseconds since 1970. What is noted of a row takes the place of what was noted of
            it for the same moment or later ones.
        seal: the step's or the row's seal, the SHA-256 of the frozen month's file, or the seal of
            an erasure; empty for a picture that came, and for a row that counts no longer.
    """

    kind: EntryKind
    subject: str
    seal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger; `head` covers it and all before."""

    number: int
    kind: EntryKind
    subject: str
    seal: str
    head: str


def enter(notes: Iterable[Note], *, last: Entry | None) -> list[Entry]:
    """Make the entries that follow the last one."""
    number, head = (last.number, last.head) if last is not None else (0, START)
    entries = []
    for note in notes:
        number += 1
        head = head_over(head, number, note.kind, note.subject, note.seal)
        entries.append(
            Entry(number=number, kind=note.kind, subject=note.subject, seal=note.seal, head=head)
        )
    return entries


def head_over(before: str, number: int, kind: str, subject: str, seal: str) -> str:
    """Give the SHA-256 over the head before and the fields of an entry, a line each, in hex."""
    lines = (before, str(number), kind, subject, seal)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def step_note(case: str, number: int, seal: str) -> Note:
    """Note a step of a case."""
    return Note(kind=EntryKind.STEP, subject=f"{case}:{number}", seal=seal)
