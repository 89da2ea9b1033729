"""What retention needs of a store: what is over and not erased yet, and what was erased."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from dispatch.case.transition import Status
from dispatch.ids import CaseId, PhotoId
from dispatch.proof.erasure import Erasure, Removal


class ErasureRepository(Protocol):
    """Erasures, and what waits for one; lists begin after an id, so that they can be walked."""

    def ended_cases(
        self, status: Status, *, before: datetime, after: str, limit: int
    ) -> Sequence[CaseId]:
        """Give cases that ended so before a time, and after their last erasure, by id."""
        ...

    def unfiled_findings(
        self, *, suppressed: bool, before: datetime, after: str, limit: int
    ) -> Sequence[str]:
        """Give findings that came before a time and whose problem has no case, by id."""
        ...

    def public_photos(self, *, before: datetime, after: str, limit: int) -> Sequence[PhotoId]:
        """Give citizens' photos whose case ended before a time, by id."""
        ...

    def waiting_photos(self, *, before: datetime, after: str, limit: int) -> Sequence[PhotoId]:
        """Give photos taken before a time that the vision worker never looked at, by id."""
        ...

    def old_passes(self, *, before: datetime, after: str, limit: int) -> Sequence[str]:
        """Give passes that were over before a time and of which ground is left, by id.

        Not those of which a sweep waits to be told for the figures.
        """
        ...

    def cases_near(self, cells: Collection[int], *, ended_after: datetime) -> Sequence[CaseId]:
        """Give cases in look-up cells that are open, ended after a time, or were once held.

        Those count as held once that had a hold or an appeal. By id.
        """
        ...

    def once_held(self, *, after: str, limit: int) -> Sequence[CaseId]:
        """Give cases that had a hold or an appeal, by id."""
        ...

    def empty_ground(self, pass_id: str) -> None:
        """Take the ground out of the sweeps of a pass, and out of what these were told of.

        All else that they say stays, and what was added up for the figures.
        """
        ...

    def sharing(self, originals: Collection[str]) -> Mapping[str, frozenset[CaseId]]:
        """Give the cases for which each of some photos, by its hash, was handed in."""
        ...

    def keep(self, erasure: Erasure) -> None:
        """Keep an erasure; the ledger enters under its seal what went.

        That is each redacted picture, or the ground of a pass.
        """
        ...

    def all(self) -> Iterator[Erasure]:
        """Give every erasure, in the order of their times."""
        ...

    def of_pictures(self, hashes: Collection[str]) -> Mapping[str, Erasure]:
        """Give the erasure of each of the pictures that has one."""
        ...

    def unremoved(self, *, limit: int) -> Sequence[Removal]:
        """Give erased files whose bytes nobody has confirmed to be gone."""
        ...

    def removed(self, removals: Collection[Removal]) -> None:
        """Note that the bytes are gone."""
        ...

    def drop_refused(self, *, before: datetime) -> int:
        """Delete what devices sent amiss before a time; give how many."""
        ...
