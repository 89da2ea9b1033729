"""Whose turn it is to be sent: what may hurt somebody, what was just found, then the backlog.

Places in the queue are by order of record, never by the clock, which may jump.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from dispatch.wire import Finding, Heartbeat, Message, PhotoResult
from edge.durable import Connection, Row

_HAZARD: Final = -1
_TURN: Final = "SELECT id, revision, body FROM sendable ORDER BY priority, id, revision LIMIT ?"
# What was recorded last goes first; places are read off an index, bodies only of those that go.
_HAZARD_TURN: Final = (
    "SELECT id, revision, body FROM message WHERE rowid IN (SELECT rowid FROM message "
    "WHERE state = 'waiting' AND priority < 0 AND id NOT IN (SELECT message_id FROM held) "
    "ORDER BY rowid DESC LIMIT ?) ORDER BY rowid DESC"
)
_LIVE_TURN: Final = (
    "SELECT id, revision, body FROM message NOT INDEXED WHERE rowid > ? AND state = 'waiting' "
    "AND id NOT IN (SELECT message_id FROM held) ORDER BY priority, id, revision LIMIT ?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A message whose turn it is to be sent."""

    id: str
    revision: int
    body: bytes


class Turns:
    """The queue of one outbox: hazards, newest first; what is live; findings, sweeps, the rest."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def next_batch(
        self,
        limit: int,
        *,
        max_bytes: int,
        excluding: Collection[tuple[str, int]],
        live_after: int | None,
    ) -> tuple[Waiting, ...]:
        """Give the messages whose turn it is.

        Args:
            excluding: id and revision of messages to pass over this time.
            live_after: what has a later place than this goes before the backlog, so that who
                drives on is not kept waiting by it.
        """
        batch: list[Waiting] = []
        total = 0
        for id_, revision, body in self._in_turn(limit + len(excluding), live_after):
            assert isinstance(id_, str) and isinstance(revision, int) and isinstance(body, bytes)
            if (id_, revision) in excluding:
                continue
            total += len(body)
            if len(batch) == limit or (batch and total > max_bytes):
                break
            batch.append(Waiting(id=id_, revision=revision, body=body))
        return tuple(batch)

    def _in_turn(self, wanted: int, live_after: int | None) -> list[Row]:
        rows = self._rows(_HAZARD_TURN, wanted)
        if live_after is not None and len(rows) < wanted:
            rows |= self._rows(_LIVE_TURN, live_after, wanted)
        if len(rows) < wanted:
            rows |= self._rows(_TURN, wanted)
        return list(rows.values())

    def _rows(self, sql: str, *parameters: int) -> dict[Row, Row]:
        """Give rows by id and revision, in turn; joined, one that stands there keeps its turn."""
        return {row[:2]: row for row in self._db.execute(sql, parameters).fetchall()}


def priority_of(message: Message, *, hazards: Collection[str]) -> int:
    """Give the rank of a message: the lower, the sooner it goes.

    Args:
        hazards: labels of finds that go before all others.
    """
    if isinstance(message, Finding) and message.label in hazards:
        return _HAZARD
    if isinstance(message, Finding | PhotoResult):
        return 0
    return 2 if isinstance(message, Heartbeat) else 1
