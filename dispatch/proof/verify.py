#!/usr/bin/env python3
"""巡环审计包核验程序 · Check an audit bundle of Xunhuan, without the centre that wrote it.

只用 Python 标准库（3.9 以上）· needs nothing but Python 3.9 or later. Unpack the bundle, then:

    python verify.py                # 解包后的文件夹 · the folder in which this file lies
    python verify.py BUNDLE.zip     # 未解包的审计包 · a bundle as it was handed over
    python verify.py --head HEX     # 与另处抄存的总账尾值核对 · and the head noted elsewhere

What is checked, in this order:

1. manifest.json names every file with its SHA-256; nothing is missing, nothing was added.
2. cases.jsonl holds each case with all its steps. A step's seal is SHA-256(seal before + newline +
   the step as JSON with sorted keys, no spaces, UTF-8); before the first step stand 64 zeros. The
   first step, the report, also holds the case's grid, class and source.
3. ledger.jsonl is one chain over the steps of all cases and over all pictures, in the order in
   which they were kept. A head is SHA-256(head before, number, kind, subject, seal; a line each).
   It also notes every row of patrols.jsonl and suppressed.jsonl (核准不报) when it is kept. So no
   case, no last step of a case and no row can be left out unseen. Whoever alters the centre's whole
   database can make all of it anew: then the head is not the one that was noted elsewhere before.
4. evidence.jsonl says of every picture whether it is kept or was deleted when its time was over;
   erasures.jsonl says by which rule, when and why, and the ledger holds the hash of that record.
   A frozen month in periods/ has the hash that the ledger holds of it.
5. indicators.json states formulas and figures; recount.py counts them again: those of cases from
   the steps, those of patrols from patrols.jsonl, and from covered.jsonl where the ground of single
   stretches was erased in its time, those of what approvals kept back (核准不报) from
   suppressed.jsonl. What is not checked: that these three were what the devices sent when they
   were kept. 未核验：这三个文件入账时与设备所发是否一致（需网格边界和模型卡片）。

These programs cannot prove themselves: compare them with those of the published software.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Any, Protocol

ZEROS = "0" * 64
MANIFEST = "manifest.json"
PERIODS = "periods/"
ROWS = ("patrols", "covered", "suppressed")
UNREADABLE = (
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, RecursionError),
    *(zipfile.BadZipFile, NotImplementedError, EOFError),
)
Json = dict[str, Any]
Trouble = tuple[str, str, str]
"""Where something is not as it was written, and what it is, in Chinese and English."""


class Patrols(Protocol):
    """What counts the patrols again."""

    def take(self, of: str, line: Json) -> None:
        """Count a line of one of the files that tell of patrols."""


class Kept(Protocol):
    """What is kept besides cases: `verify_kept.Kept`."""

    def entry(self, entry: Json) -> bool:
        """Take in an entry of the ledger; False if it is of no kind that is known here."""

    def troubles(self, records: Records) -> Iterator[Trouble]:
        """Check pictures, erasures and frozen months."""

    def row(self, file: str, place: int, line: Json) -> Iterator[Trouble]:
        """Check a row of what is no case."""

    def rows_end(self) -> Iterator[Trouble]:
        """Name rows that are missing."""


class Recount(Protocol):
    """What counts the indicators again: `recount.Tally`."""

    @property
    def patrols(self) -> Patrols:
        """What counts the patrols."""

    @property
    def window(self) -> object:
        """The period, as what is kept besides cases asks for it."""

    def add(self, case: Json) -> None:
        """Count a case."""

    def troubles(self) -> Iterator[Trouble]:
        """Compare with what is stated."""


def canonical(record: Json) -> bytes:
    """Give the one byte form of a record."""
    return json.dumps(
        record, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def seal_of_record(record: Json) -> str:
    """Give the seal of a record that stands for itself."""
    return hashlib.sha256(canonical(record)).hexdigest()


def seal_of(before: str, step: Json) -> str:
    """Give the seal that a step must carry."""
    record = {name: value for name, value in step.items() if name != "seal"}
    return hashlib.sha256(before.encode() + b"\n" + canonical(record)).hexdigest()


def head_of(before: str, entry: Json) -> str:
    """Give the head that an entry of the ledger must carry."""
    lines = (before, str(entry["number"]), entry["kind"], entry["subject"], entry["seal"])
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dataclass
class Chains:
    """Cases and ledger held against each other; to be fed in this order."""

    kept: Kept
    seals: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    entered: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    head: str = ZEROS

    def case(self, case: Json) -> Iterator[Trouble]:
        """Check a case's steps, each over the one before, and what they sealed of it."""
        id_, steps, name = case["case"], case["steps"], f"案卷 case {case['number']}"
        if id_ in self.seals:
            yield name, "列了两次", "is there twice"
        self.seals[id_] = [step["seal"] for step in steps]
        self.names[id_] = case["number"]
        if not steps:
            yield name, "没有任何步骤", "has no steps"
            return
        yield from self._steps(name, steps)
        if case["number"] != f"{steps[0]['at'][:10].replace('-', '')}-{id_[-8:].upper()}":
            yield name, "案卷号与上报日期不符", "has a number that is not the one of its report"
        sealed = [step["grounds"]["subject"] for step in steps if step["grounds"].get("subject")]
        for fact, value in (sealed[-1] if sealed else {}).items():
            if case.get(fact) != value:
                zh = f"{fact} 与办理记录中封存的“{value}”不符"
                yield name, zh, f"{fact} is not the {value!r} sealed"

    @staticmethod
    def _steps(name: str, steps: list[Json]) -> Iterator[Trouble]:
        before = ZEROS
        for place, step in enumerate(steps, start=1):
            where = f"{name} 第 {place} 步 step {place}"
            if step["number"] != place:
                yield where, "缺步或次序颠倒", "a step is missing, added or out of order"
                return
            if seal_of(before, step) != step["seal"]:
                yield where, "内容与校验值不符，被改动过", "was altered: it does not match its seal"
                return
            before = step["seal"]

    def entry(self, entry: Json) -> Iterator[Trouble]:
        """Check that an entry follows from the one before, and that what it names is there."""
        self.entries += 1
        where = f"总账 ledger {self.entries}"
        if entry["number"] != self.entries or head_of(self.head, entry) != entry["head"]:
            zh, en = "与前一条接不上：有改动、缺失或错位", "does not follow from the one before"
            yield where, zh, en
            self.entries = entry["number"]
        self.head = entry["head"]
        if entry["kind"] == "step":
            yield from self._step(entry)
        elif not self.kept.entry(entry):
            yield where, "种类不明", "is of an unknown kind"

    def _step(self, entry: Json) -> Iterator[Trouble]:
        case, _, number = entry["subject"].rpartition(":")
        self.entered[case] += 1
        place, known = self.entered[case], self.seals.get(case)
        if known is None:
            return
        where = f"案卷 case {self.names[case]} 第 {number} 步 step {number}"
        if int(number) != place:
            yield where, "总账次序颠倒", "is out of order in the ledger"
        elif place > len(known):
            yield where, "总账有此步，案卷中缺", "is missing from the case: the ledger has it"
        elif known[place - 1] != entry["seal"]:
            yield where, "校验值与总账所载不符", "its seal is not the one in the ledger"

    def ledger_end(self) -> Iterator[Trouble]:
        """Name cases that the ledger knows and are not there, and steps it does not know."""
        for case in self.entered:
            if case not in self.seals:
                yield (
                    f"案卷 case {case}",
                    f"整卷缺失，总账载有 {self.entered[case]} 步",
                    f"is missing with all its {self.entered[case]} steps",
                )
        for case, seals in self.seals.items():
            place = self.entered[case] + 1
            if place <= len(seals):
                where = f"案卷 case {self.names[case]} 第 {place} 步 step {place}"
                yield where, "总账中没有此步", "is not in the ledger"


@dataclass
class Records:
    """What is checked, wherever it comes from: a bundle, or the database itself."""

    cases: Iterable[Json]
    ledger: Iterable[Json]
    pictures: Iterable[Json]
    erasures: Iterable[Json]
    rows: Mapping[str, Iterable[Json]]
    periods: dict[str, str]


def check(records: Records, chains: Chains, recount: Recount) -> Iterator[Trouble]:
    """Hold cases, ledger, pictures and figures against each other; gives what is wrong."""
    for case in records.cases:
        yield from chains.case(case)
        try:
            recount.add(case)
        except UNREADABLE as error:
            where = f"案卷 case {case['number']}"
            yield where, f"步骤读不出事实：{error!r}", f"its steps tell no facts: {error!r}"
    for entry in records.ledger:
        yield from chains.entry(entry)
    yield from chains.ledger_end()
    yield from chains.kept.troubles(records)
    for file, lines in records.rows.items():
        for place, line in enumerate(lines, start=1):
            yield from chains.kept.row(file, place, line)
            recount.patrols.take(file, line)
    yield from chains.kept.rows_end()
    yield from recount.troubles()


class Bundle:
    """A bundle as a zip file, or the folder that it was unpacked to."""

    def __init__(self, place: Path) -> None:
        self._folder = place
        self._zip = None if place.is_dir() else zipfile.ZipFile(place)
        self.manifest: Json = json.loads(self.read(MANIFEST))

    def names(self) -> list[str]:
        """List the files in it."""
        if self._zip is not None:
            return self._zip.namelist()
        files = (file for file in self._folder.rglob("*") if file.is_file())
        return [file.relative_to(self._folder).as_posix() for file in files]

    def read(self, name: str) -> bytes:
        """Give a file's bytes."""
        return self._zip.read(name) if self._zip else (self._folder / name).read_bytes()

    def open(self, name: str) -> IO[bytes]:
        """Open a file, to be read a part at a time."""
        return self._zip.open(name) if self._zip else (self._folder / name).open("rb")

    def sha256(self, name: str) -> str:
        """Give the hash of a file's bytes."""
        digest = hashlib.sha256()
        with self.open(name) as file:
            while part := file.read(1 << 20):
                digest.update(part)
        return digest.hexdigest()

    def lines(self, name: str) -> Iterator[Json]:
        """Give the records of a file, one a line."""
        with self.open(name) as file:
            for line in file:
                yield json.loads(line)

    def check_files(self) -> Iterator[Trouble]:
        """Check the manifest's own seal, and every file against it."""
        stated = {name: value for name, value in self.manifest.items() if name != "seal"}
        if seal_of_record(stated) != self.manifest.get("seal"):
            yield MANIFEST, "清单被改动过", "was altered: it does not match its seal"
        files, there = stated["files"], self.names()
        for name in sorted(set(there) - set(files) - {MANIFEST}):
            yield name, "清单中没有此文件", "is not in the manifest"
        if len(there) != len(set(there)):
            yield MANIFEST, "有同名文件", "two files have one name"
        for name, sha256 in files.items():
            if name not in there:
                yield name, "文件缺失", "is missing"
            elif self.sha256(name) != sha256:
                yield name, "文件被改动过", "was altered: its hash is not the one in the manifest"
            elif name.startswith("evidence/") and not name.endswith(sha256):
                yield name, "文件名与内容不符", "its name is not the hash of its bytes"

    def records(self) -> Records:
        """Give what is to be held against each other."""
        stems = ("cases", "ledger", "evidence", "erasures")
        frozen = [name for name in self.names() if name.startswith(PERIODS)]
        hashes = {name: self.sha256(name) for name in frozen}
        periods = {name[len(PERIODS) : -len(".json")]: sha256 for name, sha256 in hashes.items()}
        cases, ledger, pictures, erasures = (self.lines(f"{stem}.jsonl") for stem in stems)
        rows = {stem: self.lines(f"{stem}.jsonl") for stem in ROWS}
        return Records(cases, ledger, pictures, erasures, rows, periods)


def check_bundle(
    bundle: Bundle, chains: Chains, recount: Recount, *, head: str | None
) -> Iterator[Trouble]:
    """Check a whole bundle; `head` is one that the ledger is known to have had, if any."""
    yield from bundle.check_files()
    yield from check(bundle.records(), chains, recount)
    if [chains.entries, chains.head] != [bundle.manifest["entries"], bundle.manifest["head"]]:
        yield "总账 ledger", "尾值与清单不符，末尾缺条目", "does not end as the manifest says"
    if head and head not in (entry["head"] for entry in bundle.lines("ledger.jsonl")):
        yield "总账 ledger", "从未有过所给的尾值：整本重做过", "never had the head that was noted"
    if bundle.manifest["pictures"]:
        for line in bundle.lines("evidence.jsonl"):
            if line["state"] == "kept" and f"evidence/{line['sha256']}" not in bundle.names():
                yield f"图片 picture {line['sha256']}", "审计包中缺", "is missing from the bundle"


def found(
    place: Path,
    recounting: Callable[[Json], Recount],
    keeping: Callable[[Any, Callable[[Json], str]], Kept],
    *,
    head: str | None = None,
) -> Iterator[Trouble]:
    """Give what is wrong with a bundle; what cannot be read is wrong too."""
    try:
        bundle = Bundle(place)
        recount = recounting(json.loads(bundle.read("indicators.json")))
        chains = Chains(keeping(recount.window, seal_of_record))
        yield from check_bundle(bundle, chains, recount, head=head)
    except UNREADABLE as error:
        yield str(place), f"读不下去：{error!r}", f"cannot be read any further: {error!r}"


def main() -> int:
    """Check a bundle and say what is wrong; 0 if nothing is, else 1."""
    sys.dont_write_bytecode = True
    from recount import Tally  # the files beside this one, wherever they lie
    from recount_patrols import Patrols
    from verify_kept import Kept

    asked = argparse.ArgumentParser(
        description="核验巡环审计包 · Check an audit bundle of Xunhuan."
    )
    here = Path(__file__).resolve().parent
    asked.add_argument("bundle", nargs="?", type=Path, default=here, help="审计包 · the bundle")
    asked.add_argument("--head", help="另处抄存的总账尾值 · a head of the ledger noted elsewhere")
    order = asked.parse_args()
    wrong = 0
    counting = partial(Tally, patrols=Patrols)
    for where, zh, en in found(order.bundle, counting, Kept, head=order.head):
        wrong += 1
        print(f"✗ [{where}] {zh} / {en}")
    print(f"✗ {wrong} 处不符 / {wrong} found wrong" if wrong else "✓ 全部相符 / all is as written")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
