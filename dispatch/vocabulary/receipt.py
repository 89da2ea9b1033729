"""What the centre answers, after its COMMIT."""

from enum import StrEnum

from dispatch.vocabulary.basis import Sha256, Wire


class ReceiptStatus(StrEnum):
    """What the centre did with a message. Every status but `retry` settles it for the device."""

    ACCEPTED = "accepted"
    KNOWN = "known"
    SUPERSEDED = "superseded"
    CONFLICT = "conflict"
    QUARANTINED = "quarantined"
    RETRY = "retry"


class Receipt(Wire):
    """The centre's word, given after its COMMIT, on one message."""

    id: str
    revision: int
    status: ReceiptStatus
    reason: str | None = None


class Receipts(Wire):
    """The answer to a batch, in its order, with the evidence that the centre still lacks."""

    receipts: tuple[Receipt, ...]
    evidence_wanted: tuple[Sha256, ...]
