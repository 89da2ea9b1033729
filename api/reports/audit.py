"""The audit bundle: the whole record in plain files, with the programs that check it."""

import hashlib
import inspect
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from api.centre.wiring import Centre
from api.errors import ApiError
from api.periods import month
from api.reports.frozen import frozen_months
from dispatch.clocks.period import Period, Window
from dispatch.figures.evaluation import figures, parts_of
from dispatch.indicators.formula import Grouping
from dispatch.indicators.table import INDICATORS
from dispatch.missing import EvidenceMissing
from dispatch.ports.unit_of_work import FactFilter, UnitOfWork
from dispatch.proof import recount, recount_patrols, verify, verify_kept
from dispatch.proof.lines import Line, case_line, entry_line, figures_line, picture_lines
from dispatch.proof.rows import covered_line, stretch_line, suppressed_line

_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9999, 1, 1, tzinfo=UTC)
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""The date of every file in a bundle, so that the same record gives the same bytes."""


class Extra(StrEnum):
    """What goes into a bundle only where it is asked for."""

    PICTURES = "pictures"
    NAMES = "names"


class BundleExists(ApiError):
    """A file of this name is there already."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} 已存在，不覆盖；请换一个文件名",
            f"{path} is there already and is not written over: give another name",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a check found, and how the ledger ends."""

    troubles: tuple[verify.Trouble, ...]
    entries: int
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A bundle's own hash, and how its ledger ends."""

    sha256: str
    entries: int
    head: str


def verify_centre(head: str | None, *, centre: Centre) -> Verified:
    """Check the database and the pictures by the program that checks bundles.

    Args:
        head: one that the ledger is known to have had, from wherever it was noted.
    """
    window = _window(None, centre=centre)
    chains = verify.Chains(verify_kept.Kept(window, verify.seal_of_record))
    with centre.read_at_one_moment() as uow:
        troubles = list(_troubles(chains, head, window, uow=uow, centre=centre))
    return Verified(troubles=tuple(troubles), entries=chains.entries, head=chains.head)


def export_bundle(
    out: Path, period: str | None, extras: frozenset[Extra], *, centre: Centre
) -> Written:
    """Write the whole record as a bundle; nothing is there until it is whole.

    Args:
        period: the month of the figures, e.g. 2026-11; None for all that ever was.

    Raises:
        NotAMonth: the period is written in another way.
        BundleExists: the file is there already.
    """
    if out.exists():
        raise BundleExists(out)
    window = _window(period, centre=centre)
    draft = out.with_name(f".{out.name}.part")
    with draft.open("wb") as file:
        with (
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed,
            centre.read_at_one_moment() as uow,
        ):
            last = _fill(_Pack(packed), window, extras, uow=uow, centre=centre)
        file.flush()
        os.fsync(file.fileno())
    with draft.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    draft.replace(out)
    return Written(sha256=sha256, entries=last[0], head=last[1])


class _Pack:
    """A zip file that keeps the hash of everything it is given."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self.files: dict[str, str] = {}

    def add(self, name: str, content: bytes | Iterable[bytes]) -> None:
        """Add a file."""
        digest = hashlib.sha256()
        entry = zipfile.ZipInfo(name, _LONG_AGO)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with self._packed.open(entry, "w", force_zip64=True) as file:
            for part in (content,) if isinstance(content, bytes) else content:
                digest.update(part)
                file.write(part)
        self.files[name] = digest.hexdigest()


def _fill(
    pack: _Pack, window: Window, extras: frozenset[Extra], *, uow: UnitOfWork, centre: Centre
) -> tuple[int, str]:
    pack.add("cases.jsonl", _written(_cases(uow)))
    pack.add("ledger.jsonl", _written(entry_line(entry) for entry in uow.ledger.entries()))
    pack.add("evidence.jsonl", _written(_pictures(uow, centre)))
    pack.add("erasures.jsonl", _written(_erasures(uow)))
    for of, rows in _ROWS.items():
        pack.add(f"{of}.jsonl", _written(rows(window, uow)))
    pack.add("indicators.json", _pretty(_figures(window, uow, centre)))
    for name, content in frozen_months(centre).items():
        pack.add(f"{verify.PERIODS}{name}.json", content)
    if Extra.NAMES in extras:
        pack.add("people.jsonl", _written(_people(uow)))
    if Extra.PICTURES in extras:
        for line in _pictures(uow, centre):
            if line["state"] == "kept":
                pack.add(f"evidence/{line['sha256']}", centre.evidence.get(str(line["sha256"])))
    for program in (verify, verify_kept, recount, recount_patrols):
        pack.add(f"{program.__name__.split('.')[-1]}.py", inspect.getsource(program).encode())
    last = uow.ledger.last()
    number, head = (last.number, last.head) if last else (0, verify.ZEROS)
    manifest: Line = {
        "format": "xunhuan-audit 1",
        "entries": number,
        "head": head,
        "pictures": Extra.PICTURES in extras,
        "files": dict(pack.files),
    }
    manifest["seal"] = hashlib.sha256(verify.canonical(manifest)).hexdigest()
    pack.add(verify.MANIFEST, _pretty(manifest))
    return number, head


def _troubles(
    chains: verify.Chains, head: str | None, window: Window, *, uow: UnitOfWork, centre: Centre
) -> Iterator[verify.Trouble]:
    records = verify.Records(
        cases=_cases(uow),
        ledger=(entry_line(entry) for entry in uow.ledger.entries()),
        pictures=_pictures(uow, centre),
        erasures=_erasures(uow),
        rows={of: rows(window, uow) for of, rows in _ROWS.items()},
        periods={
            name: hashlib.sha256(content).hexdigest()
            for name, content in frozen_months(centre).items()
        },
    )
    try:
        tally = recount.Tally(_figures(window, uow, centre), recount_patrols.Patrols)
        yield from verify.check(records, chains, tally)
    except verify.UNREADABLE as error:
        # A row that no longer reads as what it is.
        zh, en = f"数据库读不下去：{error!r}", f"cannot be read any further: {error!r}"
        yield "数据库 database", zh, en
    if head and all(head != entry.head for entry in uow.ledger.entries()):
        yield "总账 ledger", "从未有过所给的尾值：整本重做过", "never had the head that was noted"


def _cases(uow: UnitOfWork) -> Iterator[Line]:
    return (case_line(case) for case in uow.cases.touching(_FIRST, _LAST))


def _people(uow: UnitOfWork) -> Iterator[Line]:
    return ({"id": one.id, "name": one.name} for one in uow.people.all())


def _pictures(uow: UnitOfWork, centre: Centre) -> Iterator[Line]:
    def state(sha256: str) -> str:
        try:
            content = centre.evidence.get(sha256)
        except EvidenceMissing:
            return "missing"
        return "kept" if hashlib.sha256(content).hexdigest() == sha256 else "missing"

    return picture_lines(uow.ledger.entries(), state=state)


def _erasures(uow: UnitOfWork) -> Iterator[Line]:
    return (erasure.record() for erasure in uow.erasures.all())


def _figures(window: Window, uow: UnitOfWork, centre: Centre) -> Line:
    policy = centre.profile.indicators
    parts = parts_of(policy)
    found = {}
    for by in Grouping:
        groups = uow.facts.count(parts, window, FactFilter(by=by))
        found[by] = {
            group: figures(counts, policy=policy, by=by) for group, counts in groups.items()
        }
    patrolled = uow.stretches.patrolled(window, area="")
    return figures_line(window, INDICATORS, found, policy=policy, patrolled=patrolled)


def _patrols(window: Window, uow: UnitOfWork) -> Iterator[Line]:
    return map(stretch_line, uow.stretches.told(window))


def _covered(window: Window, uow: UnitOfWork) -> Iterator[Line]:
    return map(covered_line, uow.stretches.erased(window))


def _suppressed(window: Window, uow: UnitOfWork) -> Iterator[Line]:
    return map(suppressed_line, uow.suppressed.told(window))


_ROWS: Final = {"patrols": _patrols, "covered": _covered, "suppressed": _suppressed}


def _window(period: str | None, *, centre: Centre) -> Window:
    now = centre.now()
    wanted = month(period, centre=centre) if period else Period(start=_FIRST, end=now)
    return wanted.known_at(now)


def _written(lines: Iterable[Line]) -> Iterator[bytes]:
    return (verify.canonical(line) + b"\n" for line in lines)


def _pretty(content: Line) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()
