"""An erasure: which pictures went, by which rule, on whose word; the record that stays."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import JsonValue

from dispatch.case import audit
from dispatch.city.retention import Rule
from dispatch.ids import PersonId
from dispatch.proof.ledger import EntryKind, Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What was erased at once.

    Args:
        subject: `case:ID`, `finding:ID`, `photo:ID` or `pass:ID`.
        reason: in words, where a person asked for it; else empty.
        pictures: SHA-256 of redacted pictures.
        originals: SHA-256 of photos as they were taken, which no ledger ever named.
        sweeps: of a pass, the id of each sweep whose ground went and the SHA-256 of it as it came.
    """

    subject: str
    rule: Rule
    at: datetime
    by: PersonId
    reason: str = ""
    pictures: tuple[str, ...] = ()
    originals: tuple[str, ...] = ()
    sweeps: tuple[str, ...] = ()

    def record(self) -> dict[str, JsonValue]:
        """Give what the seal covers."""
        told: dict[str, JsonValue] = {"sweeps": list(self.sweeps)} if self.sweeps else {}
        return {
            **told,
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


def ground_note(erasure: Erasure) -> Note:
    """Note the end of a pass's ground for the ledger."""
    pass_id = erasure.subject.removeprefix(pass_subject(""))
    return Note(kind=EntryKind.GROUND, subject=pass_id, seal=erasure.seal)


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


def pass_subject(id_: str) -> str:
    """Name a pass as what an erasure is about."""
    return f"pass:{id_}"


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
        sweeps=_hashes(record.get("sweeps", [])),
    )


def _hashes(listed: JsonValue) -> tuple[str, ...]:
    assert isinstance(listed, Collection)
    return tuple(str(each) for each in listed)
