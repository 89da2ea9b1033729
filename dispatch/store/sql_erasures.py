"""Erasures in SQL: what is over, the record of what went, and whether the bytes are gone."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, delete, exists, literal, or_, select, update

from dispatch.case.audit import canonical_bytes
from dispatch.case.pending import HOLDING
from dispatch.case.transition import Status
from dispatch.ids import CaseId, PhotoId
from dispatch.people.people import PUBLIC
from dispatch.proof.erasure import (
    Erasure,
    Removal,
    case_subject,
    erasure_of,
    finding_subject,
    ground_note,
    photo_subject,
)
from dispatch.proof.ledger import EntryKind, Note
from dispatch.sights.swept import without_ground
from dispatch.store.moments import FOREVER
from dispatch.store.rows import Rows
from dispatch.store.sql_ledger import SqlLedger
from dispatch.store.tables import CASES, HOLDS, OBSERVATIONS, PHOTOS, STEPS, SWEEPS, SWEPT_CELLS
from dispatch.store.tables_of_patrols import PATCHES
from dispatch.store.tables_of_people import QUARANTINE
from dispatch.store.tables_of_retention import ERASED_FILES, ERASURES
from dispatch.store.tables_of_suppressed import SUPPRESSED
from dispatch.wire import Sweep
from dispatch.wire import canonical_bytes as wire_bytes

_PAGE: Final = 500


class SqlErasures:
    """Erasures, and what waits for one."""

    def __init__(self, rows: Rows, ledger: SqlLedger) -> None:
        self._rows, self._ledger = rows, ledger

    def ended_cases(
        self, status: Status, *, before: datetime, after: str, limit: int
    ) -> Sequence[CaseId]:
        """Give cases that ended so before a time, and after their last erasure, by id."""
        erased = _erased(case_subject, CASES.c.id, ERASURES.c.at >= CASES.c.ended_at)
        wanted = select(CASES.c.id).where(
            CASES.c.status == status, CASES.c.ended_at < before, ~erased
        )
        return self._ids(wanted, CASES.c.id, after, limit)

    def unfiled_findings(
        self, *, suppressed: bool, before: datetime, after: str, limit: int
    ) -> Sequence[str]:
        """Give findings that came before a time and whose problem has no case, by id."""
        id_ = OBSERVATIONS.c.id
        kept_back = exists().where(SUPPRESSED.c.finding == id_, SUPPRESSED.c.known_to == FOREVER)
        wanted = select(id_).where(
            OBSERVATIONS.c.received_at < before,
            ~exists().where(CASES.c.problem == OBSERVATIONS.c.problem),
            kept_back if suppressed else ~kept_back,
            ~_erased(finding_subject, id_, ERASURES.c.at >= OBSERVATIONS.c.received_at),
        )
        return self._ids(wanted, id_, after, limit)

    def public_photos(self, *, before: datetime, after: str, limit: int) -> Sequence[PhotoId]:
        """Give citizens' photos whose case ended before a time, by id."""
        wanted = (
            select(PHOTOS.c.id)
            .join(CASES, CASES.c.id == PHOTOS.c.case)
            .where(
                PHOTOS.c.by == PUBLIC.id,
                CASES.c.ended_at < before,
                ~photo_erased(),
            )
        )
        return self._ids(wanted, PHOTOS.c.id, after, limit)

    def waiting_photos(self, *, before: datetime, after: str, limit: int) -> Sequence[PhotoId]:
        """Give photos taken before a time that the vision worker never looked at, by id."""
        wanted = select(PHOTOS.c.id).where(
            PHOTOS.c.looked_at.is_(None), PHOTOS.c.taken_at < before, ~photo_erased()
        )
        return self._ids(wanted, PHOTOS.c.id, after, limit)

    def old_passes(self, *, before: datetime, after: str, limit: int) -> Sequence[str]:
        """Give passes that were over before a time and of which ground is left, by id."""
        other = SWEEPS.alias()
        goes_on = (
            other.c.pass_id == SWEEPS.c.pass_id,
            or_(other.c.started_at >= before, ~other.c.told),
        )
        wanted = (
            select(SWEEPS.c.pass_id)
            .distinct()
            .where(~SWEEPS.c.erased, SWEEPS.c.started_at < before, ~exists().where(*goes_on))
            .where(SWEEPS.c.pass_id > after)
        )
        rows = self._rows.all(wanted.order_by(SWEEPS.c.pass_id).limit(limit))
        return [row.pass_id for row in rows]

    def cases_near(self, cells: Collection[int], *, ended_after: datetime) -> Sequence[CaseId]:
        """Give cases in look-up cells that are open, ended after a time, or were once held."""
        held = exists().where(
            STEPS.c.case == CASES.c.id, STEPS.c.action.in_([each.value for each in HOLDING])
        )
        rests = or_(CASES.c.ended_at.is_(None), CASES.c.ended_at >= ended_after, held)
        found: set[CaseId] = set()
        ordered = sorted(cells)
        for start in range(0, len(ordered), _PAGE):
            some = CASES.c.cell.in_(ordered[start : start + _PAGE])
            rows = self._rows.all(select(CASES.c.id).where(some, rests))
            found.update(CaseId(row.id) for row in rows)
        return sorted(found)

    def once_held(self, *, after: str, limit: int) -> Sequence[CaseId]:
        """Give cases that had a hold or an appeal, by id."""
        wanted = select(STEPS.c.case).distinct().where(HOLDS, STEPS.c.case > after)
        rows = self._rows.all(wanted.order_by(STEPS.c.case).limit(limit))
        return [CaseId(row.case) for row in rows]

    def empty_ground(self, pass_id: str) -> None:
        """Take the ground out of the sweeps of a pass; all else that they say stays."""
        mine = select(SWEEPS.c.id, SWEEPS.c.sweep).where(SWEEPS.c.pass_id == pass_id)
        for row in self._rows.all(mine):
            left = without_ground(Sweep.model_validate_json(row.sweep))
            self._rows.change(delete(SWEPT_CELLS).where(SWEPT_CELLS.c.sweep == row.id))
            values = {"sweep": wire_bytes(left).decode(), "erased": True}
            self._rows.change(update(SWEEPS).where(SWEEPS.c.id == row.id).values(**values))
            # What was added up of them stays counted: `sql_covered`.
            self._rows.change(update(PATCHES).where(PATCHES.c.sweep == row.id).values(cells=b""))

    def sharing(self, originals: Collection[str]) -> Mapping[str, frozenset[CaseId]]:
        """Give the cases for which each of some photos, by its hash, was handed in."""
        found: dict[str, set[CaseId]] = {}
        wanted = select(PHOTOS.c.sha256, PHOTOS.c.case)
        for row in self._rows.all(wanted.where(PHOTOS.c.sha256.in_(sorted(originals)))):
            found.setdefault(row.sha256, set()).add(CaseId(row.case))
        return {sha256: frozenset(cases) for sha256, cases in found.items()}

    def keep(self, erasure: Erasure) -> None:
        """Keep an erasure; the ledger enters under its seal what went."""
        seal = erasure.seal
        self._rows.put(
            ERASURES,
            {
                "seal": seal,
                "subject": erasure.subject,
                "at": erasure.at,
                "record": canonical_bytes(erasure.record()).decode(),
            },
        )
        for original, hashes in ((False, erasure.pictures), (True, erasure.originals)):
            for sha256 in hashes:
                file = {"sha256": sha256, "original": original}
                self._rows.put(ERASED_FILES, {**file, "erasure": seal, "removed": False})
        if erasure.sweeps:
            self._ledger.note(ground_note(erasure))
        for sha256 in erasure.pictures:
            self._ledger.note(Note(kind=EntryKind.DELETED, subject=sha256, seal=seal))

    def all(self) -> Iterator[Erasure]:
        """Give every erasure, in the order of their times."""
        for row in self._rows.all(select(ERASURES).order_by(ERASURES.c.at, ERASURES.c.seal)):
            yield erasure_of(json.loads(row.record))

    def of_pictures(self, hashes: Collection[str]) -> Mapping[str, Erasure]:
        """Give the erasure of each of the pictures that has one."""
        wanted = (
            select(ERASED_FILES.c.sha256, ERASURES.c.record)
            .join(ERASURES, ERASURES.c.seal == ERASED_FILES.c.erasure)
            .where(ERASED_FILES.c.sha256.in_(sorted(hashes)), ~ERASED_FILES.c.original)
        )
        rows = self._rows.all(wanted) if hashes else ()
        return {row.sha256: erasure_of(json.loads(row.record)) for row in rows}

    def unremoved(self, *, limit: int) -> Sequence[Removal]:
        """Give erased files whose bytes nobody has confirmed to be gone."""
        wanted = select(ERASED_FILES).where(~ERASED_FILES.c.removed)
        rows = self._rows.all(wanted.order_by(ERASED_FILES.c.sha256).limit(limit))
        return [Removal(sha256=row.sha256, original=row.original) for row in rows]

    def removed(self, removals: Collection[Removal]) -> None:
        """Note that the bytes are gone."""
        for each in removals:
            this = ERASED_FILES.c.sha256 == each.sha256, ERASED_FILES.c.original == each.original
            self._rows.change(update(ERASED_FILES).where(*this).values(removed=True))

    def drop_refused(self, *, before: datetime) -> int:
        """Delete what devices sent amiss before a time; give how many."""
        return self._rows.change(delete(QUARANTINE).where(QUARANTINE.c.received_at < before))

    def _ids(
        self, wanted: Select[Any], id_: ColumnElement[str], after: str, limit: int
    ) -> list[Any]:
        rows = self._rows.all(wanted.where(id_ > after).order_by(id_).limit(limit))
        return [row.id for row in rows]


def photo_erased() -> ColumnElement[bool]:
    """Say of a row of `photos` whether it was erased by itself, and not with its case."""
    return _erased(photo_subject, PHOTOS.c.id)


def _erased(
    subject: Callable[[str], str], id_: ColumnElement[str], *since: ColumnElement[bool]
) -> ColumnElement[bool]:
    named = literal(subject("")) + id_
    return exists().where(ERASURES.c.subject == named, *since)
