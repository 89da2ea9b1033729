"""An erasure: which pictures went, by which rule, on whose word; the record that stays."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import JsonValue

from dispatch import audit
from dispatch.ids import PersonId
from dispatch.retention import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What was erased at once.

    Args:
        subject: `case:ID`, `finding:ID` or `photo:ID`.
        reason: in words, where a person asked for it; else empty.
        pictures: SHA-256 of redacted pictures.
        originals: SHA-256 of photos as they were taken, which no ledger ever named.
    """

    subject: str
    rule: Rule
    at: datetime
    by: PersonId
    reason: str = ""
    pictures: tuple[str, ...] = ()
    originals: tuple[str, ...] = ()

    def record(self) -> dict[str, JsonValue]:
        """Give what the seal covers."""
        return {
            "subject": self.subject,
            "rule": self.rule.value,
            "at": self.at.astimezone(UTC).isoformat(),
            "by": self.by,
            "reason": self.reason,
            "pictures": list(self.pictures),
            "originals": list(self.originals),
        }

    @property
    def seal(self) -> str:
        """Give the SHA-256 of the record, under which the ledger enters each picture's end."""
        return hashlib.sha256(audit.canonical_bytes(self.record())).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A file that an erasure ended and whose bytes may still be there."""

    sha256: str
    original: bool


def case_subject(id_: str) -> str:
    """Name a case as what an erasure is about."""
    return f"case:{id_}"


def finding_subject(id_: str) -> str:
    """Name a finding as what an erasure is about."""
    return f"finding:{id_}"


def photo_subject(id_: str) -> str:
    """Name a photo as what an erasure is about."""
    return f"photo:{id_}"


def erasure_of(record: dict[str, JsonValue]) -> Erasure:
    """Read a record back."""
    return Erasure(
        subject=str(record["subject"]),
        rule=Rule(str(record["rule"])),
        at=datetime.fromisoformat(str(record["at"])),
        by=PersonId(str(record["by"])),
        reason=str(record["reason"]),
        pictures=_hashes(record["pictures"]),
        originals=_hashes(record["originals"]),
    )


def _hashes(listed: JsonValue) -> tuple[str, ...]:
    assert isinstance(listed, Collection)
    return tuple(str(each) for each in listed)
