"""What the device has to say and the centre has not yet taken: durable, idempotent, bounded.

A message is *recorded* once its pictures are synced on disk and it is committed in SQLite (WAL,
synchronous=FULL; anything less is refused, for it loses committed rows in a power cut). It is
settled by the centre's receipt alone. Recording the same message again changes nothing, so a
killed replay is simply run again from the start; another body under a known id becomes its next
revision. The folder of pictures has a budget; what goes first is stated at `Shelf.prune`.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from dispatch.wire import Finding, Message, Receipt, Sweep
from edge.delivery.depth import Depth, depth_of
from edge.delivery.hazards import hazard_labels
from edge.delivery.holds import HOLD_SCHEMA, Holds
from edge.delivery.messages import MESSAGE_SCHEMA, Messages, Recorded
from edge.delivery.shelf import SHELF_SCHEMA, Shelf
from edge.delivery.turns import Turns, Waiting
from edge.disk import DiskFull
from edge.durable import Connect, connect_file, open_durable, transaction
from edge.errors import EdgeError
from edge.evidence.pictures import EvidenceStore, Picture
from edge.failpoints import UNARMED, Failpoints
from edge.files import Files, OsFiles, make_lasting_folder

Did = TypeVar("Did")

DATABASE_FILE: Final = "outbox.db"
EVIDENCE_FOLDER: Final = "evidence"
SCHEMA_VERSION: Final = 2
ROOM_BYTES: Final = 4 << 20
"""How much a full disk is asked to give: some findings with their pictures."""
_SCHEMA: Final = (
    *MESSAGE_SCHEMA,
    *SHELF_SCHEMA,
    "CREATE TABLE pass (pass_id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL)",
    "CREATE TABLE worked (key TEXT PRIMARY KEY, outcome TEXT NOT NULL)",
)


class PassReportedOtherwise(EdgeError):
    """This footage was reported before, seen by another model or with other telemetry."""

    def __init__(self, pass_id: str) -> None:
        super().__init__(
            f"巡查 {pass_id} 已用别的模型、相机或轨迹上报过；同一素材不能以两种结果上报，"
            "已上报的结果有效，可用 --dry-run 只看结果",
            f"pass {pass_id} was reported with another model, camera or telemetry; one footage "
            "cannot be reported two ways: what was reported stands, use --dry-run to look only",
        )
        self.pass_id = pass_id


class Holding(StrEnum):
    """Whether a message is kept back while its pass is held."""

    AS_THE_REST = "as the rest of its pass"
    NEVER = "never"


class Outbox:
    """One connection to the outbox; a thread has its own."""

    def __init__(
        self,
        folder: Path,
        *,
        connect: Connect = connect_file,
        files: Files | None = None,
        failpoints: Failpoints = UNARMED,
    ) -> None:
        """Open the outbox in a state folder, making it where there is none.

        Raises:
            UnsafeOutbox: no WAL, no synchronous=FULL, or the file is of a newer version.
            DiskTrouble: the disk does not take or give it.
        """
        files = files or OsFiles()
        make_lasting_folder(files, folder)
        self._folder, self.path = folder, folder / DATABASE_FILE
        self.evidence = EvidenceStore(folder / EVIDENCE_FOLDER, files=files, failpoints=failpoints)
        self._failpoints = failpoints
        self._db = open_durable(
            self.path,
            schema=_SCHEMA,
            version=SCHEMA_VERSION,
            connect=connect,
            additions={2: HOLD_SCHEMA},
        )
        self._hazards = hazard_labels(folder)
        self.holds = Holds(self._db)
        self._turns = Turns(self._db)
        self._messages = Messages(self._db)
        self.shelf = Shelf(self._db, self.evidence)

    def close(self) -> None:
        """Let go of the database."""
        self._db.close()

    def begin_pass(
        self, pass_id: str, *, fingerprint: str, held_for: tuple[str, str] | None = None
    ) -> bool:
        """Say that a pass is about to be recorded, and by what means it is seen.

        What goes before all that waits is decided for the pass by what the centre told last.

        Args:
            held_for: why it is held from now on, Chinese and English; None lets it be sent.

        Returns:
            Whether it takes the place of what was seen by other means, of which nothing was sent:
            a run that was cut short, or one that is held.

        Raises:
            PassReportedOtherwise: it was reported before by other means.
        """
        self._hazards = hazard_labels(self._folder)
        with transaction(self._db):
            self._db.execute(
                "INSERT INTO pass VALUES (?, ?) ON CONFLICT DO NOTHING", (pass_id, fingerprint)
            )
            row = self._db.execute(
                "SELECT fingerprint FROM pass WHERE pass_id = ?", (pass_id,)
            ).fetchone()
            replaces = row != (fingerprint,)
            if replaces:
                self._take_back(pass_id, fingerprint)
            if held_for is not None:
                self.holds.hold_with(pass_id, zh=held_for[0], en=held_for[1])
        return replaces

    def _take_back(self, pass_id: str, fingerprint: str) -> None:
        unsaid = self.holds.unsaid(pass_id)
        if unsaid is None:
            raise PassReportedOtherwise(pass_id)
        for message_id in unsaid:
            self._messages.forget(message_id)
            self.shelf.forget(message_id)
        self.holds.forget(pass_id)
        self._db.execute(
            "UPDATE pass SET fingerprint = ? WHERE pass_id = ?", (fingerprint, pass_id)
        )

    def record(
        self,
        message: Message,
        pictures: Sequence[Picture] = (),
        *,
        at: datetime,
        holding: Holding = Holding.AS_THE_REST,
    ) -> Recorded:
        """Make a message and its pictures survive whatever comes; then it counts as found.

        Recording it again changes nothing; another body raises the revision. On a full disk
        pictures make room, in the order of `Shelf.prune`.

        Args:
            at: when, by the device's clock; for ages only.
            holding: whether it is kept back while its pass is held.

        Raises:
            DiskTrouble: it is not recorded, and may be tried again.
        """
        return self._with_room(lambda: self._record(message, pictures, at, holding))

    def _with_room(self, act: Callable[[], Did]) -> Did:
        try:
            return act()
        except DiskFull:
            if self.shelf.give_room(ROOM_BYTES) == 0:
                raise
        return act()

    def _record(
        self, message: Message, pictures: Sequence[Picture], at: datetime, holding: Holding
    ) -> Recorded:
        # Pictures are written inside, so that nobody who clears strays takes them for such.
        with transaction(self._db):
            for picture in pictures:
                self.evidence.write(picture)
            self._failpoints.passing("outbox.before_insert")
            done = self._messages.keep(message, at=at, hazards=self._hazards)
            waits = holding is Holding.AS_THE_REST and done is not Recorded.KNOWN
            if isinstance(message, Finding | Sweep) and waits:
                self.holds.keep_back(message.id, message.pass_id)
            if done is not Recorded.KNOWN:
                for picture in pictures:
                    self.shelf.add(message.id, picture, at=at)
            self._failpoints.passing("outbox.after_insert")
        self._failpoints.passing("outbox.after_commit")
        return done

    def knows(self, message_id: str) -> bool:
        """Say whether a message was ever recorded."""
        return self._messages.knows(message_id)

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

    def last_place(self) -> int:
        """Give the place in the queue of what was recorded last; places only grow."""
        return self._messages.last_place()

    def next_batch(
        self,
        limit: int,
        *,
        max_bytes: int,
        excluding: Collection[tuple[str, int]] = (),
        live_after: int | None = None,
    ) -> tuple[Waiting, ...]:
        """Give the messages whose turn it is, in the order of `Turns`.

        Args:
            excluding: id and revision of messages to pass over this time.
            live_after: the place after which what was recorded counts as live.
        """
        return self._turns.next_batch(
            limit, max_bytes=max_bytes, excluding=excluding, live_after=live_after
        )

    def settle(self, receipts: Sequence[Receipt], evidence_wanted: Sequence[str]) -> None:
        """Take the centre's word on messages: settled, refused (kept and counted), or still due.

        Raises:
            DiskTrouble: nothing is settled; the messages will be sent again.
        """
        self._with_room(lambda: self._settle(receipts, evidence_wanted))

    def _settle(self, receipts: Sequence[Receipt], evidence_wanted: Sequence[str]) -> None:
        with transaction(self._db):
            for receipt in receipts:
                self._messages.settle(receipt)
            self.shelf.want(evidence_wanted)

    def depth(self) -> Depth:
        """Say how full the outbox is."""
        return depth_of(self._db, self.shelf)

    def refusals(self) -> tuple[tuple[str, str, str], ...]:
        """Give id, status and reason of every message that the centre refused for good."""
        return self._messages.refusals()

    def prune(self, budget_bytes: int) -> int:
        """Delete pictures until they fit a budget, in the order of `Shelf.prune`; give how many.

        Findings and sweeps are never deleted before they are settled.
        """
        return self.shelf.prune(budget_bytes)
