"""What the device has to say and the centre has not yet taken: durable, idempotent, bounded.

A message is *recorded* once its pictures are synced on disk and it is committed in SQLite (WAL,
synchronous=FULL; anything less is refused, for it loses committed rows in a power cut). It is
settled by the centre's receipt alone. Recording the same message again changes nothing, so a
killed replay is simply run again from the start; another body under a known id becomes its next
revision. The folder of pictures has a budget; what goes first is stated at `Outbox.prune`.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from dispatch.wire import Finding, Heartbeat, Message, PhotoResult, Receipt, ReceiptStatus, Sweep
from dispatch.wire import canonical_bytes as canonical
from edge.delivery.holds import HOLD_SCHEMA, Holds
from edge.durable import Connect, SqlValue, connect_file, open_durable, transaction
from edge.errors import EdgeError
from edge.evidence.pictures import EvidenceStore, Picture
from edge.failpoints import UNARMED, Failpoints

DATABASE_FILE: Final = "outbox.db"
EVIDENCE_FOLDER: Final = "evidence"
SCHEMA_VERSION: Final = 2
_SCHEMA: Final = (
    """CREATE TABLE message (
        id TEXT NOT NULL, revision INTEGER NOT NULL, kind TEXT NOT NULL,
        priority INTEGER NOT NULL, digest TEXT NOT NULL, body BLOB, recorded_at REAL NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'settled', 'refused')),
        status TEXT, reason TEXT,
        CHECK (body IS NOT NULL OR state = 'settled'),
        PRIMARY KEY (id, revision))""",
    "CREATE INDEX message_by_turn ON message (state, priority, id, revision)",
    """CREATE TABLE evidence (
        sha256 TEXT PRIMARY KEY, kind TEXT NOT NULL,
        size_bytes INTEGER NOT NULL, media_type TEXT NOT NULL, recorded_at REAL NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'uploaded', 'refused', 'dropped')),
        wanted INTEGER NOT NULL DEFAULT 0, on_disk INTEGER NOT NULL DEFAULT 1, reason TEXT)""",
    "CREATE INDEX evidence_by_turn ON evidence (state, recorded_at)",
    """CREATE TABLE shown_by (
        message_id TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (sha256, message_id)
    ) WITHOUT ROWID""",
    "CREATE TABLE pass (pass_id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL)",
    "CREATE TABLE worked (key TEXT PRIMARY KEY, outcome TEXT NOT NULL)",
)


class PassReportedOtherwise(EdgeError):
    """This footage was reported before, seen by another model or with other telemetry."""

    def __init__(self, pass_id: str) -> None:
        super().__init__(
            f"巡查 {pass_id} 已用别的模型、相机或轨迹上报过；同一素材不能以两种结果上报，"
            "可用 --dry-run 只看结果",
            f"pass {pass_id} was reported with another model, camera or telemetry; one footage "
            "cannot be reported two ways, use --dry-run to look only",
        )
        self.pass_id = pass_id


class Recorded(StrEnum):
    """What recording a message came to."""

    NEW = "new"
    KNOWN = "known"
    REVISED = "revised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A message whose turn it is to be sent."""

    id: str
    revision: int
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingEvidence:
    """A picture that the centre lacks."""

    sha256: str
    media_type: str


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


class Outbox:
    """One connection to the outbox; a thread has its own."""

    def __init__(
        self, folder: Path, *, connect: Connect = connect_file, failpoints: Failpoints = UNARMED
    ) -> None:
        """Open the outbox in a state folder, making it where there is none.

        Raises:
            UnsafeOutbox: no WAL, no synchronous=FULL, or the file is of a newer version.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / DATABASE_FILE
        self.evidence = EvidenceStore(folder / EVIDENCE_FOLDER, failpoints=failpoints)
        self._failpoints = failpoints
        self._db = open_durable(
            self.path,
            schema=_SCHEMA,
            version=SCHEMA_VERSION,
            connect=connect,
            additions={2: HOLD_SCHEMA},
        )
        self.holds = Holds(self._db)

    def close(self) -> None:
        """Let go of the database."""
        self._db.close()

    def begin_pass(self, pass_id: str, *, fingerprint: str) -> None:
        """Say that a pass is about to be recorded, and by what means it is seen.

        Raises:
            PassReportedOtherwise: it was recorded before by other means.
        """
        with transaction(self._db):
            self._db.execute(
                "INSERT INTO pass VALUES (?, ?) ON CONFLICT DO NOTHING", (pass_id, fingerprint)
            )
            row = self._db.execute(
                "SELECT fingerprint FROM pass WHERE pass_id = ?", (pass_id,)
            ).fetchone()
        if row != (fingerprint,):
            raise PassReportedOtherwise(pass_id)

    def record(
        self, message: Message, pictures: Sequence[Picture] = (), *, at: datetime
    ) -> Recorded:
        """Make a message and its pictures survive whatever comes; then it counts as found.

        Recording it again changes nothing; another body raises the revision.

        Args:
            at: when, by the device's clock; for ages only.
        """
        for picture in pictures:
            self.evidence.write(picture)
        with transaction(self._db):
            self._failpoints.passing("outbox.before_insert")
            done = self._insert(message, at)
            if isinstance(message, Finding | Sweep) and done is not Recorded.KNOWN:
                self.holds.keep_back(message.id, message.pass_id)
            if done is not Recorded.KNOWN:
                for picture in pictures:
                    self._insert_evidence(message.id, picture, at)
            self._failpoints.passing("outbox.after_insert")
        self._failpoints.passing("outbox.after_commit")
        return done

    def knows(self, message_id: str) -> bool:
        """Say whether a message was ever recorded."""
        row = self._db.execute("SELECT 1 FROM message WHERE id = ?", (message_id,)).fetchone()
        return row is not None

    def mark_worked(self, key: str, outcome: str) -> None:
        """Remember that footage was worked through, and what came of it."""
        with transaction(self._db):
            self._db.execute(
                "INSERT INTO worked VALUES (?, ?) ON CONFLICT DO UPDATE SET outcome = ?",
                (key, outcome, outcome),
            )

    def is_worked(self, key: str) -> bool:
        """Say whether footage was worked through."""
        return self._db.execute("SELECT 1 FROM worked WHERE key = ?", (key,)).fetchone() is not None

    def next_batch(
        self, limit: int, *, max_bytes: int, excluding: Collection[tuple[str, int]] = ()
    ) -> tuple[Waiting, ...]:
        """Give the messages whose turn it is: findings before sweeps before the rest, by time.

        Args:
            excluding: id and revision of messages to pass over this time.
        """
        turn = "SELECT id, revision, body FROM sendable ORDER BY priority, id, revision LIMIT ?"
        rows = self._db.execute(turn, (limit + len(excluding),)).fetchall()
        batch: list[Waiting] = []
        total = 0
        for id_, revision, body in rows:
            assert isinstance(id_, str) and isinstance(revision, int) and isinstance(body, bytes)
            if (id_, revision) in excluding:
                continue
            total += len(body)
            if len(batch) == limit or (batch and total > max_bytes):
                break
            batch.append(Waiting(id=id_, revision=revision, body=body))
        return tuple(batch)

    def settle(self, receipts: Sequence[Receipt], evidence_wanted: Sequence[str]) -> None:
        """Take the centre's word on messages: settled, refused (kept and counted), or still due."""
        with transaction(self._db):
            for receipt in receipts:
                self._settle_one(receipt)
            for sha256 in evidence_wanted:
                self._db.execute(
                    "UPDATE evidence SET state = 'waiting', wanted = 1, reason = NULL "
                    "WHERE sha256 = ? AND on_disk = 1",
                    (sha256,),
                )

    def next_evidence(self, limit: int) -> tuple[WaitingEvidence, ...]:
        """Give pictures the centre lacks, of messages that it has, oldest first, near crops first.

        Pictures of messages that it refused for good are not sent.
        """
        rows = self._db.execute(
            "SELECT e.sha256, e.media_type FROM evidence e WHERE e.state = 'waiting' "
            "AND (e.wanted = 1 OR EXISTS (SELECT 1 FROM shown_by s JOIN message m "
            "ON m.id = s.message_id WHERE s.sha256 = e.sha256 AND m.state = 'settled')) "
            "ORDER BY e.kind DESC, e.recorded_at, e.sha256 LIMIT ?",
            (limit,),
        ).fetchall()
        return tuple(
            WaitingEvidence(sha256=_text(sha), media_type=_text(kind)) for sha, kind in rows
        )

    def mark_evidence(self, sha256: str, state: str, *, reason: str | None = None) -> None:
        """Say what became of a picture: uploaded, refused or dropped."""
        with transaction(self._db):
            self._db.execute(
                "UPDATE evidence SET state = ?, reason = ? WHERE sha256 = ?",
                (state, reason, sha256),
            )

    def depth(self) -> Depth:
        """Say how full the outbox is."""
        states = dict(self._counts("SELECT state, count(*) FROM message GROUP BY state"))
        pictures = dict(self._counts("SELECT state, count(*) FROM evidence GROUP BY state"))
        row = self._db.execute(
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
            evidence_waiting=pictures.get("waiting", 0),
            evidence_refused=pictures.get("refused", 0),
            evidence_dropped=pictures.get("dropped", 0),
            evidence_bytes=int(size or 0),
            oldest_at=None if oldest is None else float(oldest),
        )

    def refusals(self) -> tuple[tuple[str, str, str], ...]:
        """Give id, status and reason of every message that the centre refused for good."""
        rows = self._db.execute(
            "SELECT id, status, coalesce(reason, '') FROM message WHERE state = 'refused' "
            "ORDER BY id, revision"
        ).fetchall()
        return tuple((_text(id_), _text(status), _text(reason)) for id_, status, reason in rows)

    def prune(self, budget_bytes: int) -> int:
        """Delete pictures until they fit a budget; give how many went.

        The order: pictures that the centre has, oldest first; pictures it refused; unsent context
        frames; unsent near crops. Findings and sweeps are never deleted before they are settled,
        and a dropped picture is counted.
        """
        gone = 0
        excess = self.depth().evidence_bytes - budget_bytes
        while excess > 0:
            rows = self._db.execute(
                "SELECT sha256, size_bytes FROM evidence WHERE on_disk = 1 ORDER BY "
                "CASE state WHEN 'uploaded' THEN 0 WHEN 'refused' THEN 1 ELSE 2 END, "
                "kind, recorded_at, sha256 LIMIT 50"
            ).fetchall()
            for sha256, size in rows:
                if excess > 0:
                    self._drop(_text(sha256))
                    excess -= int(size or 0)
                    gone += 1
        return gone

    def _drop(self, sha256: str) -> None:
        with transaction(self._db):
            self._db.execute(
                "UPDATE evidence SET on_disk = 0, "
                "state = CASE state WHEN 'waiting' THEN 'dropped' ELSE state END WHERE sha256 = ?",
                (sha256,),
            )
        self.evidence.remove(sha256)

    def _insert(self, message: Message, at: datetime) -> Recorded:
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
                _priority(message),
                _digest(message),
                canonical(message),
                at.timestamp(),
            ),
        )
        return Recorded.NEW if newest is None else Recorded.REVISED

    def _insert_evidence(self, message_id: str, picture: Picture, at: datetime) -> None:
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

    def _settle_one(self, receipt: Receipt) -> None:
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

    def _counts(self, sql: str) -> Iterator[tuple[str, int]]:
        for name, count in self._db.execute(sql).fetchall():
            yield _text(name), int(count or 0)


def _priority(message: Message) -> int:
    if isinstance(message, Finding | PhotoResult):
        return 0
    return 2 if isinstance(message, Heartbeat) else 1


def _digest(message: Message) -> str:
    return hashlib.sha256(canonical(message)).hexdigest()


def _text(value: SqlValue) -> str:
    assert isinstance(value, str)
    return value
