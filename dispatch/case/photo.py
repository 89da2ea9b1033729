"""A photo that a person took for a case, from upload to what the vision worker made of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.case.imprint import keys_of, keys_to_ask
from dispatch.ids import CaseId, PersonId, PhotoId
from dispatch.wire import PhotoResult


class PhotoPurpose(StrEnum):
    """What the photo is to show."""

    REPORT = "report"
    CONFIRMATION = "confirmation"
    BEFORE = "before"
    AFTER = "after"
    CHECK = "check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One photo; nobody but its taker sees it before `result` brings it back redacted."""

    id: PhotoId
    case: CaseId
    purpose: PhotoPurpose
    by: PersonId
    taken_at: datetime
    sha256: str
    result: PhotoResult | None = None

    @property
    def keys(self) -> frozenset[int]:
        """Give what it is found by; none before it was looked at."""
        imprint = None if self.result is None else self.result.imprint
        return frozenset() if imprint is None else keys_of(imprint)

    @property
    def keys_to_ask(self) -> frozenset[int]:
        """Give by which keys the photos are found that it may be a copy of."""
        imprint = None if self.result is None else self.result.imprint
        return frozenset() if imprint is None else keys_to_ask(imprint)
