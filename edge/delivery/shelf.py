"""The outbox's pictures: which the centre lacks, and which go first when the disk fills."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from edge.durable import Connection, Row, SqlValue, transaction
from edge.evidence.pictures import EvidenceStore, Picture

SHELF_SCHEMA: Final = (
    """CREATE TABLE evidence (
        sha256 TEXT PRIMARY KEY, kind TEXT NOT NULL,
        size_bytes INTEGER NOT NULL, media_type TEXT NOT NULL, recorded_at REAL NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'uploaded', 'refused', 'dropped')),
        wanted INTEGER NOT NULL DEFAULT 0, on_disk INTEGER NOT NULL DEFAULT 1, reason TEXT)""",
    "CREATE INDEX evidence_by_turn ON evidence (state, recorded_at)",
    """CREATE TABLE shown_by (
        message_id TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (sha256, message_id)
    ) WITHOUT ROWID""",
)
_TO_BE_SENT: Final = (
    "(e.wanted = 1 OR EXISTS (SELECT 1 FROM shown_by s JOIN message m ON m.id = s.message_id "
    "WHERE s.sha256 = e.sha256 AND m.state <> 'refused'))"
)
"""Not so a picture that only refused messages show, unless the centre asks for it later."""
_GOING: Final = (
    "SELECT e.sha256, e.size_bytes FROM evidence e WHERE e.on_disk = 1 ORDER BY "  # noqa: S608
    "CASE WHEN e.state = 'uploaded' THEN 0 "
    "WHEN e.state = 'refused' OR NOT " + _TO_BE_SENT + " THEN 1 ELSE 2 END, "
    "e.kind, e.rowid LIMIT 50"
)
"""What goes first: sent, then refused, then unsent; context frames before near crops ("context"
sorts before "near"), the oldest first: by their order of record, for clocks may jump."""

_SAY_DROPPED: Final = (
    "UPDATE evidence SET on_disk = 0, "
    "state = CASE state WHEN 'waiting' THEN 'dropped' ELSE state END WHERE sha256 = ?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingEvidence:
    """A picture that the centre lacks."""

    sha256: str
    media_type: str


class Shelf:
    """The pictures of one outbox, on disk and in its tables."""

    def __init__(self, db: Connection, store: EvidenceStore) -> None:
        self._db, self._store = db, store

    def add(self, message_id: str, picture: Picture, *, at: datetime) -> None:
        """Enter a picture that lies on disk; inside the transaction that records its message."""
        evidence = picture.evidence
        self._db.execute(
            "INSERT INTO evidence (sha256, kind, size_bytes, media_type, recorded_at, state) "
            "VALUES (?, ?, ?, ?, ?, 'waiting') ON CONFLICT DO UPDATE SET on_disk = 1, "
            "state = CASE state WHEN 'dropped' THEN 'waiting' ELSE state END",
            (
                evidence.sha256,
                evidence.kind.value,
                evidence.size_bytes,
                evidence.media_type,
                at.timestamp(),
            ),
        )
        self._db.execute(
            "INSERT INTO shown_by VALUES (?, ?) ON CONFLICT DO NOTHING",
            (message_id, evidence.sha256),
        )

    def forget(self, message_id: str) -> None:
        """Forget a message's pictures; inside a transaction. Their files go as strays do."""
        self._db.execute("DELETE FROM shown_by WHERE message_id = ?", (message_id,))
        self._db.execute(
            "DELETE FROM evidence WHERE sha256 NOT IN (SELECT sha256 FROM shown_by) "
            "AND state = 'waiting'"
        )

    def want(self, names: Sequence[str]) -> None:
        """Take the centre's word that it lacks pictures; inside a transaction."""
        for sha256 in names:
            self._db.execute(
                "UPDATE evidence SET state = 'waiting', wanted = 1, reason = NULL "
                "WHERE sha256 = ? AND on_disk = 1",
                (sha256,),
            )

    def due(self, limit: int, *, sparing: int | None = None) -> tuple[WaitingEvidence, ...]:
        """Give pictures the centre lacks, of messages that it has, near crops first, then oldest.

        Pictures of messages that it refused for good are not sent.

        Args:
            sparing: only near crops that the centre asked for, of no more bytes than this.
        """
        if sparing is not None:
            return self._asked_for(limit, sparing)
        rows = self._db.execute(
            "SELECT e.sha256, e.media_type FROM evidence e WHERE e.state = 'waiting' "
            "AND (e.wanted = 1 OR EXISTS (SELECT 1 FROM shown_by s JOIN message m "
            "ON m.id = s.message_id WHERE s.sha256 = e.sha256 AND m.state = 'settled')) "
            "ORDER BY e.kind DESC, e.rowid LIMIT ?",
            (limit,),
        ).fetchall()
        return _waiting(rows)

    def waiting(self) -> int:
        """Give how many pictures will yet be sent: not those that only refused messages show."""
        row = self._db.execute(
            "SELECT count(*) FROM evidence e "  # noqa: S608 - put together of constants
            "WHERE e.state = 'waiting' AND " + _TO_BE_SENT
        ).fetchone()
        return int((row or (0,))[0] or 0)

    def _asked_for(self, limit: int, at_most_bytes: int) -> tuple[WaitingEvidence, ...]:
        rows = self._db.execute(
            "SELECT sha256, media_type FROM evidence WHERE state = 'waiting' AND wanted = 1 "
            "AND kind = 'near' AND size_bytes <= ? ORDER BY rowid LIMIT ?",
            (at_most_bytes, limit),
        ).fetchall()
        return _waiting(rows)

    def mark(self, sha256: str, state: str, *, reason: str | None = None) -> None:
        """Say what became of a picture: uploaded, refused or dropped."""
        with transaction(self._db):
            self._db.execute(
                "UPDATE evidence SET state = ?, reason = ? WHERE sha256 = ?",
                (state, reason, sha256),
            )

    def size_bytes(self) -> int:
        """Give how much disk the pictures take."""
        row = self._db.execute("SELECT sum(size_bytes) FROM evidence WHERE on_disk = 1").fetchone()
        return int((row or (0,))[0] or 0)

    def prune(self, budget_bytes: int) -> int:
        """Delete pictures until they fit a budget; give how many went.

        The order: pictures that the centre has, oldest first; pictures that it refused, or
        all of whose messages it did; unsent context frames; unsent near crops. A dropped picture
        is counted; findings are not touched.
        """
        gone = 0
        excess = self.size_bytes() - budget_bytes
        while excess > 0:
            for sha256, size in self._db.execute(_GOING).fetchall():
                if excess > 0:
                    self._drop(_text(sha256))
                    excess -= int(size or 0)
                    gone += 1
        return gone

    def give_room(self, wanted_bytes: int) -> int:
        """Delete pictures in the order of `prune` to free so much; give how many went.

        For a disk that is full: the files go before the table says so, which takes room itself.
        One that is missed by the table is found missing when its turn comes, and then counted.
        """
        gone: list[str] = []
        freed = 0
        for sha256, size in self._db.execute(_GOING).fetchall():
            if freed < wanted_bytes:
                self._store.remove(_text(sha256))
                gone.append(_text(sha256))
                freed += int(size or 0)
        with transaction(self._db):
            for sha256 in gone:
                self._db.execute(_SAY_DROPPED, (sha256,))
        return len(gone)

    def clear_strays(self) -> int:
        """Delete half-written pictures and those that no message shows; give how many files.

        It keeps others from recording meanwhile, so that none of theirs is taken for a stray.
        """
        with transaction(self._db):
            rows = self._db.execute("SELECT sha256 FROM evidence WHERE on_disk = 1").fetchall()
            return self._store.clear_strays({_text(sha256) for (sha256,) in rows})

    def _drop(self, sha256: str) -> None:
        with transaction(self._db):
            self._db.execute(_SAY_DROPPED, (sha256,))
        self._store.remove(sha256)


def _waiting(rows: Sequence[Row]) -> tuple[WaitingEvidence, ...]:
    return tuple(WaitingEvidence(sha256=_text(sha), media_type=_text(kind)) for sha, kind in rows)


def _text(value: SqlValue) -> str:
    assert isinstance(value, str)
    return value
