"""Erasures in memory."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from dispatch.case.case import Case
from dispatch.case.pending import HOLDING
from dispatch.case.photo import Photo
from dispatch.case.transition import Status
from dispatch.city.suppression import KnownSight
from dispatch.devices.device import Quarantined
from dispatch.ids import CaseId, PhotoId
from dispatch.people.people import PUBLIC
from dispatch.proof.erasure import (
    Erasure,
    Removal,
    case_subject,
    finding_subject,
    ground_note,
    photo_subject,
)
from dispatch.proof.ledger import EntryKind, Note
from dispatch.sights.observation import Observation
from dispatch.sights.stretch import Told
from dispatch.sights.swept import without_ground
from dispatch.store.memory_ledger import MemoryLedger
from dispatch.store.memory_suppressed import is_suppressed
from dispatch.wire import Sweep

Id = TypeVar("Id", bound=str)


class MemoryErasures:
    """Erasures, and what waits for one."""

    def __init__(
        self,
        kept: dict[str, Erasure],
        removed: set[Removal],
        *,
        cases: Mapping[str, Case],
        observations: Mapping[str, Observation],
        photos: Mapping[str, Photo],
        suppressed: Mapping[str, Sequence[KnownSight]],
        sweeps: dict[str, Sweep],
        groundless: set[str],
        tellings: Mapping[str, Sequence[Told]],
        quarantine: dict[str, Quarantined],
        ledger: MemoryLedger,
    ) -> None:
        self._kept, self._removed, self._ledger = kept, removed, ledger
        self._cases, self._observations, self._photos = cases, observations, photos
        self._suppressed, self._quarantine = suppressed, quarantine
        self._sweeps, self._groundless, self._tellings = sweeps, groundless, tellings

    def ended_cases(
        self, status: Status, *, before: datetime, after: str, limit: int
    ) -> Sequence[CaseId]:
        """Give cases that ended so before a time, and after their last erasure, by id."""
        found = [
            case.id
            for case in self._cases.values()
            if case.status is status
            and (ended := case.ended_at) is not None
            and ended < before
            and not self._erased(case_subject(case.id), since=ended)
        ]
        return _page(found, after, limit)

    def unfiled_findings(
        self, *, suppressed: bool, before: datetime, after: str, limit: int
    ) -> Sequence[str]:
        """Give findings that came before a time and whose problem has no case, by id."""
        with_case = {case.problem for case in self._cases.values()}
        found = [
            one.id
            for one in self._observations.values()
            if one.received_at < before
            and one.problem not in with_case
            and is_suppressed(self._suppressed.get(one.id, ())) is suppressed
            and not self._erased(finding_subject(one.id), since=one.received_at)
        ]
        return _page(found, after, limit)

    def public_photos(self, *, before: datetime, after: str, limit: int) -> Sequence[PhotoId]:
        """Give citizens' photos whose case ended before a time, by id."""
        found = [
            photo.id
            for photo in self._photos.values()
            if photo.by == PUBLIC.id
            and (ended := self._cases[photo.case].ended_at) is not None
            and ended < before
            and not self._erased(photo_subject(photo.id))
        ]
        return _page(found, after, limit)

    def waiting_photos(self, *, before: datetime, after: str, limit: int) -> Sequence[PhotoId]:
        """Give photos taken before a time that the vision worker never looked at, by id."""
        found = [
            photo.id
            for photo in self._photos.values()
            if photo.result is None
            and photo.taken_at < before
            and not self._erased(photo_subject(photo.id))
        ]
        return _page(found, after, limit)

    def old_passes(self, *, before: datetime, after: str, limit: int) -> Sequence[str]:
        """Give passes that were over before a time and of which ground is left, by id."""
        wait = {
            each.pass_id
            for each in self._sweeps.values()
            if each.started_at >= before or self._is_untold(each)
        }
        left = {each.pass_id for each in self._sweeps.values() if each.id not in self._groundless}
        return _page(left - wait, after, limit)

    def _is_untold(self, sweep: Sweep) -> bool:
        told = self._tellings.get(sweep.id)
        return not told or told[-1].stretch.revision != sweep.revision

    def cases_near(self, cells: Collection[int], *, ended_after: datetime) -> Sequence[CaseId]:
        """Give cases in look-up cells that are open, ended after a time, or were once held."""
        return sorted(
            case.id
            for case in self._cases.values()
            if case.cell in cells
            and (
                case.ended_at is None
                or case.ended_at >= ended_after
                or any(step.action in HOLDING for step in case.history)
            )
        )

    def once_held(self, *, after: str, limit: int) -> Sequence[CaseId]:
        """Give cases that had a hold or an appeal, by id."""
        found = [
            case.id
            for case in self._cases.values()
            if any(step.action in HOLDING for step in case.history)
        ]
        return _page(found, after, limit)

    def empty_ground(self, pass_id: str) -> None:
        """Take the ground out of the sweeps of a pass; all else that they say stays."""
        for each in [one for one in self._sweeps.values() if one.pass_id == pass_id]:
            self._sweeps[each.id] = without_ground(each)
            self._groundless.add(each.id)

    def sharing(self, originals: Collection[str]) -> Mapping[str, frozenset[CaseId]]:
        """Give the cases for which each of some photos, by its hash, was handed in."""
        photos = [photo for photo in self._photos.values() if photo.sha256 in originals]
        hashes = {photo.sha256 for photo in photos}
        return {
            sha256: frozenset(photo.case for photo in photos if photo.sha256 == sha256)
            for sha256 in hashes
        }

    def keep(self, erasure: Erasure) -> None:
        """Keep an erasure; the ledger enters under its seal what went."""
        self._kept[erasure.seal] = erasure
        if erasure.sweeps:
            self._ledger.note(ground_note(erasure))
        for sha256 in erasure.pictures:
            self._ledger.note(Note(kind=EntryKind.DELETED, subject=sha256, seal=erasure.seal))

    def all(self) -> Iterator[Erasure]:
        """Give every erasure, in the order of their times."""
        return iter(sorted(self._kept.values(), key=lambda each: (each.at, each.seal)))

    def of_pictures(self, hashes: Collection[str]) -> Mapping[str, Erasure]:
        """Give the erasure of each of the pictures that has one."""
        return {
            sha256: erasure
            for erasure in self.all()
            for sha256 in erasure.pictures
            if sha256 in hashes
        }

    def unremoved(self, *, limit: int) -> Sequence[Removal]:
        """Give erased files whose bytes nobody has confirmed to be gone."""
        files = {file for erasure in self._kept.values() for file in _files(erasure)}
        return sorted(files - self._removed, key=lambda file: file.sha256)[:limit]

    def removed(self, removals: Collection[Removal]) -> None:
        """Note that the bytes are gone."""
        self._removed.update(removals)

    def drop_refused(self, *, before: datetime) -> int:
        """Delete what devices sent amiss before a time; give how many."""
        over = [entry.id for entry in self._quarantine.values() if entry.received_at < before]
        for id_ in over:
            del self._quarantine[id_]
        return len(over)

    def _erased(self, subject: str, *, since: datetime | None = None) -> bool:
        return any(
            each.subject == subject and (since is None or each.at >= since)
            for each in self._kept.values()
        )


def _files(erasure: Erasure) -> Iterator[Removal]:
    yield from (Removal(sha256=each, original=False) for each in erasure.pictures)
    yield from (Removal(sha256=each, original=True) for each in erasure.originals)


def _page(found: Iterable[Id], after: str, limit: int) -> list[Id]:
    return sorted(id_ for id_ in found if id_ > after)[:limit]
