"""How full an outbox is."""

from collections.abc import Iterator
from dataclasses import dataclass

from edge.delivery.shelf import Shelf
from edge.durable import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How full the outbox is.

    Attributes:
        held: messages of passes that failed their self-check, not counted as waiting.
        oldest_at: seconds since 1970 when the oldest waiting message was recorded, or None.
    """

    waiting: int
    held: int
    waiting_findings: int
    settled: int
    refused: int
    evidence_waiting: int
    evidence_refused: int
    evidence_dropped: int
    evidence_bytes: int
    oldest_at: float | None


def depth_of(db: Connection, shelf: Shelf) -> Depth:
    """Count what an outbox holds."""
    states = dict(_counts(db, "SELECT state, count(*) FROM message GROUP BY state"))
    pictures = dict(_counts(db, "SELECT state, count(*) FROM evidence GROUP BY state"))
    row = db.execute(
        "SELECT count(*), sum(kind = 'finding'), min(recorded_at), "
        "(SELECT sum(size_bytes) FROM evidence WHERE on_disk = 1) FROM sendable"
    ).fetchone()
    waiting, findings, oldest, size = row or (None, None, None, None)
    return Depth(
        waiting=int(waiting or 0),
        held=states.get("waiting", 0) - int(waiting or 0),
        waiting_findings=int(findings or 0),
        settled=states.get("settled", 0),
        refused=states.get("refused", 0),
        evidence_waiting=shelf.waiting(),
        evidence_refused=pictures.get("refused", 0),
        evidence_dropped=pictures.get("dropped", 0),
        evidence_bytes=int(size or 0),
        oldest_at=None if oldest is None else float(oldest),
    )


def _counts(db: Connection, sql: str) -> Iterator[tuple[str, int]]:
    for name, count in db.execute(sql).fetchall():
        yield str(name), int(count or 0)
