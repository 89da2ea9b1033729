"""Passes whose messages are kept back: those not yet checked, and those that failed their check.

A held message is recorded like any other and survives whatever comes; it is only not sent. A
person releases a pass after looking at it, and what was released is not held again.
"""

from dataclasses import dataclass
from typing import Final

from edge.durable import Connection, transaction
from edge.errors import EdgeError

HOLD_SCHEMA: Final = (
    """CREATE TABLE hold (
        pass_id TEXT PRIMARY KEY, zh TEXT NOT NULL, en TEXT NOT NULL,
        released INTEGER NOT NULL DEFAULT 0 CHECK (released IN (0, 1)))""",
    "CREATE TABLE held (message_id TEXT PRIMARY KEY, pass_id TEXT NOT NULL) WITHOUT ROWID",
    "CREATE INDEX held_by_pass ON held (pass_id)",
    """CREATE VIEW sendable AS SELECT * FROM message
        WHERE state = 'waiting' AND id NOT IN (SELECT message_id FROM held)""",
)


UNCHECKED: Final = (
    "自检还没有做完；如果已中断，请再重放一次",
    "its self-check is not done yet; if it was cut short, replay it again",
)
"""Why a pass is held that is under way, or was interrupted: nothing is wrong with it so far."""


class NothingHeld(EdgeError):
    """A pass that is to be released is not held."""

    def __init__(self, pass_id: str) -> None:
        super().__init__(
            f"巡检趟次 {pass_id} 没有被扣留；扣留的趟次见 xunhuan-edge outbox status",
            f"pass {pass_id} is not held; xunhuan-edge outbox status lists those that are",
        )
        self.pass_id = pass_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A pass that is held, why, and how many of its messages."""

    pass_id: str
    zh: str
    en: str
    messages: int

    @property
    def is_checked(self) -> bool:
        """Whether its self-check found something, not only is not done."""
        return (self.zh, self.en) != UNCHECKED


class Holds:
    """The held passes of one outbox."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def hold(self, pass_id: str, *, zh: str, en: str) -> None:
        """Keep back what a pass has to say from now on; one that was released stays released."""
        with transaction(self._db):
            self.hold_with(pass_id, zh=zh, en=en)

    def hold_with(self, pass_id: str, *, zh: str, en: str) -> None:
        """Do the same; inside the transaction that begins the pass."""
        self._db.execute(
            "INSERT INTO hold (pass_id, zh, en) VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET zh = excluded.zh, en = excluded.en",
            (pass_id, zh, en),
        )

    def unsaid(self, pass_id: str) -> tuple[str, ...] | None:
        """Give the messages of a pass if none was ever sent, for it is held; None if any may be."""
        row = self._db.execute(
            "SELECT (SELECT count(*) FROM held JOIN message ON message.id = held.message_id "
            "WHERE held.pass_id = hold.pass_id AND state <> 'waiting') "
            "FROM hold WHERE pass_id = ? AND released = 0",
            (pass_id,),
        ).fetchone()
        if row != (0,):
            return None
        rows = self._db.execute("SELECT message_id FROM held WHERE pass_id = ?", (pass_id,))
        return tuple(str(message_id) for (message_id,) in rows.fetchall())

    def forget(self, pass_id: str) -> None:
        """Forget that a pass was held and what it had to say; inside a transaction."""
        self._db.execute("DELETE FROM hold WHERE pass_id = ?", (pass_id,))
        self._db.execute("DELETE FROM held WHERE pass_id = ?", (pass_id,))

    def keep_back(self, message_id: str, pass_id: str) -> None:
        """Keep back a message if its pass is held; inside the transaction that records it."""
        self._db.execute(
            "INSERT INTO held SELECT ?, pass_id FROM hold WHERE pass_id = ? AND released = 0 "
            "ON CONFLICT DO NOTHING",
            (message_id, pass_id),
        )

    def lift(self, pass_id: str) -> None:
        """Hold a pass no longer: its check passed."""
        with transaction(self._db):
            self._db.execute("DELETE FROM hold WHERE pass_id = ? AND released = 0", (pass_id,))
            self._db.execute("DELETE FROM held WHERE pass_id = ?", (pass_id,))

    def release(self, pass_id: str) -> int:
        """Let a pass be sent, because a person looked at it; give how many messages it has.

        Raises:
            NothingHeld: it is not held.
        """
        with transaction(self._db):
            row = self._db.execute(
                "SELECT 1 FROM hold WHERE pass_id = ? AND released = 0", (pass_id,)
            ).fetchone()
            if row is None:
                raise NothingHeld(pass_id)
            count = self._db.execute(
                "SELECT count(*) FROM held WHERE pass_id = ?", (pass_id,)
            ).fetchone()
            self._db.execute("UPDATE hold SET released = 1 WHERE pass_id = ?", (pass_id,))
            self._db.execute("DELETE FROM held WHERE pass_id = ?", (pass_id,))
        return int((count or (0,))[0] or 0)

    def all(self) -> tuple[Hold, ...]:
        """Give the passes that are held, by name."""
        rows = self._db.execute(
            "SELECT pass_id, zh, en, (SELECT count(*) FROM held WHERE held.pass_id = hold.pass_id) "
            "FROM hold WHERE released = 0 ORDER BY pass_id"
        ).fetchall()
        return tuple(
            Hold(pass_id=str(pass_id), zh=str(zh), en=str(en), messages=int(count or 0))
            for pass_id, zh, en, count in rows
        )
