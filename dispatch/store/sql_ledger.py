"""The ledger in SQL: entered at the end of a transaction, by one writer at a time."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Row, select

from dispatch.proof.ledger import Entry, EntryKind, Note, enter
from dispatch.store.rows import Rows
from dispatch.store.tables import LEDGER

_PAGE: Final = 10_000


class SqlLedger:
    """The chain over all cases and pictures."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._notes: list[Note] = []

    def note(self, note: Note) -> None:
        """Have something entered when the transaction ends."""
        self._notes.append(note)

    @property
    def has_notes(self) -> bool:
        """Whether something is to be entered."""
        return bool(self._notes)

    def enter_notes(self) -> None:
        """Enter what was noted; whoever calls sees to it that nobody else does meanwhile."""
        notes, self._notes = self._notes, []
        for entry in enter(notes, last=self.last()):
            self._rows.put(
                LEDGER,
                {
                    "number": entry.number,
                    "kind": entry.kind,
                    "subject": entry.subject,
                    "seal": entry.seal,
                    "head": entry.head,
                },
            )

    def forget_notes(self) -> None:
        """Forget what was noted, with the transaction that is rolled back."""
        self._notes.clear()

    def last(self) -> Entry | None:
        """Give the last entry, or None."""
        row = self._rows.first(select(LEDGER).order_by(LEDGER.c.number.desc()).limit(1))
        return None if row is None else _entry(row)

    def entries(self) -> Iterator[Entry]:
        """Give every entry from the first on."""
        wanted = select(LEDGER).order_by(LEDGER.c.number).limit(_PAGE)
        page = self._rows.all(wanted)
        while page:
            yield from (_entry(row) for row in page)
            page = self._rows.all(wanted.where(LEDGER.c.number > page[-1].number))

    def frozen(self, period: str) -> str | None:
        """Give the hash under which a month was frozen, or None."""
        mine = LEDGER.c.kind == EntryKind.FROZEN, LEDGER.c.subject == period
        row = self._rows.first(select(LEDGER).where(*mine).order_by(LEDGER.c.number))
        return None if row is None else row.seal


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        number=row.number,
        kind=EntryKind(row.kind),
        subject=row.subject,
        seal=row.seal,
        head=row.head,
    )
