"""What retention needs of a store: what is over and not erased yet, and what was erased."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from dispatch.erasure import Erasure, Removal
from dispatch.ids import CaseId, PhotoId
from dispatch.transition import Status


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

    def sharing(self, originals: Collection[str]) -> Mapping[str, frozenset[CaseId]]:
        """Give the cases for which each of some photos, by its hash, was handed in."""
        ...

    def keep(self, erasure: Erasure) -> None:
        """Keep an erasure; the ledger enters the end of each redacted picture under its seal."""
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
