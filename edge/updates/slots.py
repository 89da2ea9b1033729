"""Which model runs, which ran well last, and what became of the others: one durable file.

Each step is one transaction: a power cut finds the device before it or after it, and on both sides
there is a model to run. Each role has its own slot; no row of a model, or a folder that cannot be
read, means the model that came with the program.
"""

from pathlib import Path
from typing import Final

from detect.statement import Role, Statement
from edge.durable import Connection, connect_file, open_durable, transaction
from edge.failpoints import UNARMED, Failpoints
from edge.updates.belief import Refusals, TrustedKeys
from edge.updates.kept import Kept, Slot, Stage, kept_of, real, whole
from edge.updates.trial import Tally

SLOTS_FILE: Final = "models.db"
_SCHEMA: Final = (
    "CREATE TABLE slot (role TEXT PRIMARY KEY, floor INTEGER NOT NULL, active INTEGER,"
    " good INTEGER, running INTEGER NOT NULL, crashes INTEGER NOT NULL)",
    "CREATE TABLE model (role TEXT NOT NULL, sequence INTEGER NOT NULL, sha256 TEXT NOT NULL,"
    " folder TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, expires REAL NOT NULL,"
    " next_keys TEXT NOT NULL, stage TEXT NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL,"
    " PRIMARY KEY (role, sequence))",
    "CREATE TABLE refused (sha256 TEXT PRIMARY KEY, role TEXT NOT NULL, sequence INTEGER NOT NULL,"
    " why TEXT NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL)",
    "CREATE TABLE tally (role TEXT NOT NULL, of TEXT NOT NULL, frames INTEGER NOT NULL,"
    " boxes INTEGER NOT NULL, seconds REAL NOT NULL, failures INTEGER NOT NULL,"
    " PRIMARY KEY (role, of))",
    "CREATE TABLE trusted (key TEXT PRIMARY KEY)",
)
_MODEL: Final = "role, sequence, sha256, folder, name, version, expires, stage, zh, en"


class Slots:
    """The slots of a state folder; one connection, for one thread."""

    def __init__(self, folder: Path, *, failpoints: Failpoints = UNARMED) -> None:
        """Open the slots, making them where there are none.

        Raises:
            UnsafeOutbox, DiskTrouble: the file does not promise what it must, or cannot be opened.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._db: Connection = open_durable(
            folder / SLOTS_FILE, schema=_SCHEMA, version=1, connect=connect_file
        )
        self.refusals, self.keys = Refusals(self._db), TrustedKeys(self._db)
        self._failpoints = failpoints

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def slot(self, role: Role) -> Slot:
        """Give a role's slot."""
        row = self._db.execute(
            "SELECT floor, active, good, running, crashes FROM slot WHERE role = ?", (role.value,)
        ).fetchone()
        if row is None:
            return Slot()
        floor, active, good, running, crashes = row
        return Slot(
            floor=whole(floor),
            active=None if active is None else whole(active),
            good=None if good is None else whole(good),
            running=bool(running),
            crashes=whole(crashes),
        )

    def kept(self, role: Role) -> tuple[Kept, ...]:
        """Give the models of a role that came over the air, the newest first."""
        rows = self._db.execute(
            f"SELECT {_MODEL} FROM model WHERE role = ? ORDER BY sequence DESC",  # noqa: S608 - constant
            (role.value,),
        )
        return tuple(kept_of(row) for row in rows.fetchall())

    def model(self, role: Role, sequence: int | None) -> Kept | None:
        """Give one of them."""
        return next((each for each in self.kept(role) if each.sequence == sequence), None)

    def admit(self, statement: Statement, *, sha256: str, folder: str) -> None:
        """Note a model that may run from the next pass on; older ones that wait make room."""
        role = statement.role.value
        with transaction(self._db):
            self._db.execute(
                "DELETE FROM model WHERE role = ? AND stage = ?", (role, Stage.READY.value)
            )
            self._db.execute(
                "INSERT OR REPLACE INTO model VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', '')",
                (
                    role,
                    statement.sequence,
                    sha256,
                    folder,
                    statement.name,
                    statement.version,
                    statement.expires.timestamp(),
                    " ".join(statement.next_keys),
                    Stage.READY.value,
                ),
            )

    def activate(self, role: Role) -> Kept | None:
        """Put the model that waits on trial; nothing older comes in from here on, its keys count.

        Returns:
            It, or None if none waits.
        """
        ready = next((each for each in self.kept(role) if each.stage is Stage.READY), None)
        slot = self.slot(role)
        if ready is None or ready.sequence <= slot.floor:
            return None
        with transaction(self._db):
            # What was on trial is overtaken: what ran well before it stays the one to go back to.
            self._stage(role, slot.active, Stage.RETURNED, only=Stage.TRIAL)
            self._stage(role, ready.sequence, Stage.TRIAL)
            self._db.execute(
                "INSERT OR REPLACE INTO slot VALUES (?, ?, ?, ?, 0, 0)",
                (role.value, ready.sequence, ready.sequence, slot.good),
            )
            self._db.execute("DELETE FROM tally WHERE role = ? AND of = 'trial'", (role.value,))
            self._rotate_keys(role, ready.sequence)
            self._failpoints.passing("update.before_activate")
        self._failpoints.passing("update.after_activate")
        return ready

    def keep(self, role: Role, done: Tally) -> None:
        """Say that the model on trial does its work; what it did is what the next is held to."""
        slot = self.slot(role)
        with transaction(self._db):
            self._stage(role, slot.active, Stage.GOOD, only=Stage.TRIAL)
            self._db.execute("UPDATE slot SET good = active WHERE role = ?", (role.value,))
            self._put_tally(role, "good", done)

    def give_back(self, role: Role, zh: str, en: str) -> None:
        """Return to the last good model; the reason is kept, the floor stays."""
        slot = self.slot(role)
        with transaction(self._db):
            self._stage(role, slot.active, Stage.RETURNED, zh=zh, en=en)
            self._db.execute(
                "UPDATE slot SET active = good, running = 0, crashes = 0 WHERE role = ?",
                (role.value,),
            )
            self._failpoints.passing("update.before_return")
        self._failpoints.passing("update.after_return")

    def lose_good(self, role: Role, zh: str, en: str) -> None:
        """Give up the last good model too: its files cannot be read any more."""
        slot = self.slot(role)
        with transaction(self._db):
            self._stage(role, slot.active, Stage.RETURNED, zh=zh, en=en)
            self._db.execute(
                "UPDATE slot SET active = NULL, good = NULL, running = 0, crashes = 0"
                " WHERE role = ?",
                (role.value,),
            )

    def began(self, role: Role) -> Slot:
        """Say that a process begins to run the active model; one that died doing so is counted."""
        with transaction(self._db):
            self._db.execute(
                "UPDATE slot SET crashes = crashes + running, running = 1 WHERE role = ?",
                (role.value,),
            )
        return self.slot(role)

    def ended(self, role: Role) -> None:
        """Say that the process ends as it was asked to."""
        with transaction(self._db):
            self._db.execute("UPDATE slot SET running = 0 WHERE role = ?", (role.value,))

    def tally(self, role: Role, of: str) -> Tally:
        """Give what the model on trial (`trial`) or the last good one (`good`) did."""
        row = self._db.execute(
            "SELECT frames, boxes, seconds, failures FROM tally WHERE role = ? AND of = ?",
            (role.value, of),
        ).fetchone()
        if row is None:
            return Tally()
        frames, boxes, seconds, failures = row
        return Tally(
            frames=whole(frames),
            boxes=whole(boxes),
            seconds=real(seconds),
            failures=whole(failures),
        )

    def put_tally(self, role: Role, of: str, tally: Tally) -> None:
        """Keep what a model did."""
        with transaction(self._db):
            self._put_tally(role, of, tally)

    def _rotate_keys(self, role: Role, sequence: int) -> None:
        row = self._db.execute(
            "SELECT next_keys FROM model WHERE role = ? AND sequence = ?", (role.value, sequence)
        ).fetchone()
        keys = str(row[0]).split() if row else []
        if keys:
            self.keys.replace(keys)

    def _stage(
        self,
        role: Role,
        sequence: int | None,
        stage: Stage,
        *,
        only: Stage | None = None,
        zh: str = "",
        en: str = "",
    ) -> None:
        before = None if only is None else only.value
        values = (stage.value, zh[:300], en[:300], role.value, sequence, before)
        self._db.execute(
            "UPDATE model SET stage = ?, zh = ?, en = ? WHERE role = ? AND sequence = ?"
            " AND stage = coalesce(?, stage)",
            values,
        )

    def _put_tally(self, role: Role, of: str, tally: Tally) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO tally VALUES (?, ?, ?, ?, ?, ?)",
            (role.value, of, tally.frames, tally.boxes, tally.seconds, tally.failures),
        )
