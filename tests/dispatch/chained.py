"""Whether the entries of a ledger follow from each other."""

from collections.abc import Iterable

from dispatch.proof.ledger import START, Entry, head_over


def last_head(entries: Iterable[Entry]) -> str:
    """Check entries from the first on and give the last head."""
    head = START
    for number, entry in enumerate(entries, 1):
        head = head_over(head, number, entry.kind, entry.subject, entry.seal)
        assert (entry.number, entry.head) == (number, head)
    return head
