"""核对案卷之外所存 · What is kept besides cases, held against what the ledger says of it.

It goes with verify.py, which reads the bundle. Python's standard library only. Pictures are kept,
or were erased in their time; a frozen month is the file that was frozen. Rows of what is no case
(suppressed.jsonl, patrols.jsonl) are those that the ledger notes for the period, all of them, as
they were when they were kept, each once and in order. An entry of a row names it `ID:CAME:KNOWN`,
in microseconds since 1970: when it came, which says of which period it is, and from when on this
was known of it. What is entered later for the same moment, or for an earlier one, takes the place
of what was entered before; without a seal the row counts no longer from then on. The seal is the
SHA-256 of the line, without the cells of ground: of these the line has the hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Protocol

Json = dict[str, Any]
Trouble = tuple[str, str, str]
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
FILES = {"suppressed": "suppressed", "stretch": "patrols"}
"""Which rows, by the kind of their entries, are in which file."""
NAMED = {"suppressed": "finding", "patrols": "sweep"}
ORDERED = {"suppressed": ("seen_at", "finding"), "patrols": ("sweep",)}


class Records(Protocol):
    """What is checked, wherever it comes from: `verify.Records`."""

    @property
    def pictures(self) -> Iterable[Json]:
        """What became of each picture."""

    @property
    def erasures(self) -> Iterable[Json]:
        """The record of each erasure."""

    @property
    def periods(self) -> dict[str, str]:
        """The hash of each frozen month's file."""


class Window(Protocol):
    """The period, and until when what happened is known of it: `recount.Window`."""

    @property
    def start(self) -> datetime:
        """From when on."""

    @property
    def until(self) -> datetime:
        """Up to when."""


def micros(at: datetime) -> int:
    """Give the microseconds since 1970."""
    return (at - EPOCH) // timedelta(microseconds=1)


class Rows:
    """The rows of one file: noted first, then held against that one by one."""

    def __init__(self, file: str, window: Window, seal: Callable[[Json], str]) -> None:
        self._file, self._seal = file, seal
        self._start, self._until = micros(window.start), micros(window.until)
        self._noted: dict[str, list[tuple[int, str, str]]] = {}
        self._listed: set[str] = set()
        self._last: list[str] = []

    def note(self, subject: str, seal: str) -> None:
        """Take in an entry of the ledger; nothing is kept of rows that never were of the period."""
        id_, came, known = subject.rsplit(":", 2)
        counts = bool(seal) and self._start <= int(came) < self._until
        if counts or id_ in self._noted:
            before = [each for each in self._noted.get(id_, ()) if each[0] < int(known)]
            self._noted[id_] = [*before, (int(known), subject, seal if counts else "")]

    def _expected(self, id_: str) -> tuple[str, str]:
        known = [each for each in self._noted.get(id_, ()) if each[0] < self._until]
        return known[-1][1:] if known else ("", "")

    def row(self, place: int, line: Json) -> Iterator[Trouble]:
        """Check that a row is one of those noted, as it was, and where it belongs."""
        id_ = str(line[NAMED[self._file]])
        where = f"{self._file}.jsonl 第 {place} 行 line {place} ({id_})"
        moments = (micros(datetime.fromisoformat(line[name])) for name in ("at", "known_from"))
        subject, seal = self._expected(id_)
        if not seal:
            yield where, "总账中没有此行，是添加的", "was added: the ledger has no such row"
        elif id_ in self._listed:
            yield where, "列了两次", "is there twice"
        elif (":".join([id_, *map(str, moments)]), self._seal(sealed(line))) != (subject, seal):
            yield where, "与总账所载不符，被改动过", "was altered: it is not as the ledger has it"
        order = [str(line[name]) for name in ORDERED[self._file]]
        if order < self._last:
            yield where, "次序颠倒", "is out of order"
        self._last = order
        self._listed.add(id_)

    def end(self) -> Iterator[Trouble]:
        """Name the rows that the ledger has and the file lacks."""
        for id_ in self._noted.keys() - self._listed:
            if self._expected(id_)[1]:
                where = f"{self._file}.jsonl ({id_})"
                yield where, "此行缺失，总账载有", "is missing: the ledger has this row"


def sealed(line: Json) -> Json:
    """Give what the seal of a row covers: of ground the hash alone, so that cells can be erased."""
    if "patches" not in line:
        return line
    patches = [
        {name: patch[name] for name in patch if name != "cells"} for patch in line["patches"]
    ]
    return {**line, "patches": patches}


class Kept:
    """Pictures, frozen months and rows; the ledger comes first."""

    def __init__(self, window: Window, seal: Callable[[Json], str]) -> None:
        self._seal = seal
        self._rows = {file: Rows(file, window, seal) for file in FILES.values()}
        self._pictures: dict[str, str] = {}
        self._endings: dict[str, str] = {}
        self._listed: set[str] = set()
        self._frozen: dict[str, str] = {}
        self._grounds: dict[str, str] = {}

    def entry(self, entry: Json) -> bool:
        """Take in an entry of the ledger; False if it is of no kind that is known here."""
        kind, subject, seal = entry["kind"], entry["subject"], entry["seal"]
        if kind in FILES:
            self._rows[FILES[kind]].note(subject, seal)
        elif kind in {"evidence", "deleted"}:
            self._pictures[subject] = kind
            if kind == "deleted":
                self._endings[subject] = seal
        elif kind == "frozen":
            self._frozen.setdefault(subject, seal)
        elif kind == "ground":
            self._grounds[seal] = subject
        else:
            return False
        return True

    def troubles(self, records: Records) -> Iterator[Trouble]:
        """Check pictures, erasures and frozen months."""
        for line in records.pictures:
            yield from self._picture(line)
        for sha256 in sorted(set(self._pictures) - self._listed):
            yield f"图片 picture {sha256}", "清单中缺", "is missing from the list"
        yield from self._erasures(records.erasures)
        yield from self._periods(records.periods)

    def _picture(self, line: Json) -> Iterator[Trouble]:
        """Check that a picture is what the ledger says: kept, or deleted when its time was over."""
        sha256, state = line["sha256"], line["state"]
        where = f"图片 picture {sha256}"
        if sha256 not in self._pictures or sha256 in self._listed:
            yield where, "总账中没有，或列了两次", "is not in the ledger, or is there twice"
        elif state not in {"kept", "deleted"}:
            yield where, "丢失或被改动，不是到期删除", "is lost or altered, not deleted in its time"
        elif (state == "deleted") != (self._pictures[sha256] == "deleted"):
            yield where, f"“{state}”与总账不符", f"is '{state}' here and not so in the ledger"
        self._listed.add(sha256)

    def _erasures(self, records: Iterable[Json]) -> Iterator[Trouble]:
        """Check that of every deletion the record is there: what went, by which rule, and why."""
        listed: dict[str, set[str]] = {}
        passes: dict[str, str] = {}
        for record in records:
            seal = self._seal(record)
            listed[seal], passes[seal] = set(record["pictures"]), record["subject"]
        for seal, pass_id in self._grounds.items():
            if passes.get(seal) != f"pass:{pass_id}":
                where = f"巡查 pass {pass_id}"
                zh = "地面删除没有记录，或记录被改动过"
                yield where, zh, "its ground was erased with no true record of it"
        for sha256, seal in self._endings.items():
            if sha256 not in listed.get(seal, ()):
                where = f"图片 picture {sha256}"
                yield where, "删除没有记录，或记录被改动过", "was deleted with no true record of it"

    def _periods(self, kept: dict[str, str]) -> Iterator[Trouble]:
        """Check that every frozen month is there as it was frozen."""
        for month, sha256 in self._frozen.items():
            where = f"冻结 frozen {month}"
            if month not in kept:
                yield where, "文件缺失", "its file is missing"
            elif kept[month] != sha256:
                yield where, "文件被换过", "its file is not the one that was frozen"

    def row(self, file: str, place: int, line: Json) -> Iterator[Trouble]:
        """Check a row of a file of which the ledger notes every row."""
        if file in self._rows:
            yield from self._rows[file].row(place, line)
        if file == "patrols":
            yield from self._ground(place, line)

    def _ground(self, place: int, line: Json) -> Iterator[Trouble]:
        """Check that the ground of a stretch is what it was, or was erased with its pass."""
        cells = b"".join(bytes.fromhex(patch["cells"]) for patch in line["patches"])
        erased = not cells and line["pass"] in self._grounds.values()
        if hashlib.sha256(cells).hexdigest() != line["ground"] and not erased:
            where = f"patrols.jsonl 第 {place} 行 line {place} ({line['sweep']})"
            yield (
                where,
                "地面被改动过，或删除没有记录",
                "its ground was altered, or went unrecorded",
            )

    def rows_end(self) -> Iterator[Trouble]:
        """Name the rows that are missing."""
        for rows in self._rows.values():
            yield from rows.end()
