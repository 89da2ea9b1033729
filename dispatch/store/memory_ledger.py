"""The ledger in memory."""

from collections.abc import Iterator

from dispatch.proof.ledger import Entry, EntryKind, Note, enter


class MemoryLedger:
    """The chain over all cases and pictures; a note is entered at once."""

    def __init__(self, kept: list[Entry]) -> None:
        self._kept = kept

    def note(self, note: Note) -> None:
        """Enter something."""
        self._kept.extend(enter([note], last=self.last()))

    def last(self) -> Entry | None:
        """Give the last entry, or None."""
        return self._kept[-1] if self._kept else None

    def entries(self) -> Iterator[Entry]:
        """Give every entry from the first on."""
        return iter(list(self._kept))

    def frozen(self, period: str) -> str | None:
        """Give the hash under which a month was frozen, or None."""
        mine = (each for each in self._kept if each.kind is EntryKind.FROZEN)
        return next((each.seal for each in mine if each.subject == period), None)
