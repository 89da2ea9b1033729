"""The messages of the outbox: each kept once, revised by another body, settled by the centre alone.

Whoever calls holds the transaction.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Final

from dispatch.wire import Heartbeat, Message, Receipt, ReceiptStatus
from dispatch.wire import canonical_bytes as canonical
from edge.delivery.turns import priority_of
from edge.durable import Connection, SqlValue

MESSAGE_SCHEMA: Final = (
    """CREATE TABLE message (
        id TEXT NOT NULL, revision INTEGER NOT NULL, kind TEXT NOT NULL,
        priority INTEGER NOT NULL, digest TEXT NOT NULL, body BLOB, recorded_at REAL NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'settled', 'refused')),
        status TEXT, reason TEXT,
        CHECK (body IS NOT NULL OR state = 'settled'),
        PRIMARY KEY (id, revision))""",
    "CREATE INDEX message_by_turn ON message (state, priority, id, revision)",
)


class Recorded(StrEnum):
    """What recording a message came to."""

    NEW = "new"
    KNOWN = "known"
    REVISED = "revised"


class Messages:
    """The table of messages, over an outbox's connection."""

    def __init__(self, db: Connection) -> None:
        """Use a connection."""
        self._db = db

    def knows(self, message_id: str) -> bool:
        """Say whether a message was ever recorded."""
        row = self._db.execute("SELECT 1 FROM message WHERE id = ?", (message_id,)).fetchone()
        return row is not None

    def last_place(self) -> int:
        """Give the place in the queue of what was recorded last; places only grow."""
        row = self._db.execute("SELECT coalesce(max(rowid), 0) FROM message").fetchone()
        return int((row or (0,))[0] or 0)

    def keep(self, message: Message, *, at: datetime, hazards: Collection[str]) -> Recorded:
        """Keep a message, as its next revision if another body is kept under its id.

        Args:
            at: when, by the device's clock; for ages only.
            hazards: classes whose findings go before all that waits.
        """
        newest = self._db.execute(
            "SELECT revision, digest FROM message WHERE id = ? ORDER BY revision DESC LIMIT 1",
            (message.id,),
        ).fetchone()
        revision = message.revision
        if newest is not None:
            before = int(newest[0] or 0)
            if _digest(message.model_copy(update={"revision": before})) == newest[1]:
                return Recorded.KNOWN
            revision = max(revision, before + 1)
            message = message.model_copy(update={"revision": revision})
        if isinstance(message, Heartbeat):
            self._db.execute(
                "DELETE FROM message WHERE kind = 'heartbeat' AND state IN ('waiting', 'settled')"
            )
        self._db.execute(
            "INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', NULL, NULL)",
            (
                message.id,
                revision,
                message.kind,
                priority_of(message, hazards=hazards),
                _digest(message),
                canonical(message),
                at.timestamp(),
            ),
        )
        return Recorded.NEW if newest is None else Recorded.REVISED

    def forget(self, message_id: str) -> None:
        """Take a message back that was never sent."""
        self._db.execute("DELETE FROM message WHERE id = ?", (message_id,))

    def settle(self, receipt: Receipt) -> None:
        """Take the centre's word on a message: settled, refused (kept), or still due."""
        if receipt.status is ReceiptStatus.RETRY:
            return
        refused = receipt.status in {ReceiptStatus.CONFLICT, ReceiptStatus.QUARANTINED}
        self._db.execute(
            "UPDATE message SET state = ?, status = ?, reason = ?, "
            "body = CASE WHEN ? THEN body END "
            "WHERE id = ? AND revision = ? AND state = 'waiting'",
            (
                "refused" if refused else "settled",
                receipt.status.value,
                receipt.reason,
                int(refused),
                receipt.id,
                receipt.revision,
            ),
        )

    def refusals(self) -> tuple[tuple[str, str, str], ...]:
        """Give id, status and reason of every message that the centre refused for good."""
        rows = self._db.execute(
            "SELECT id, status, coalesce(reason, '') FROM message WHERE state = 'refused' "
            "ORDER BY id, revision"
        ).fetchall()
        return tuple((_text(id_), _text(status), _text(reason)) for id_, status, reason in rows)


def _digest(message: Message) -> str:
    return hashlib.sha256(canonical(message)).hexdigest()


def _text(value: SqlValue) -> str:
    assert isinstance(value, str)
    return value
