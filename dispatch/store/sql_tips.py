"""Tips in SQL: one row a tip, the contact in a column of its own that is emptied in time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from dispatch.case.tip import Tip
from dispatch.ids import CaseId
from dispatch.store.rows import Rows
from dispatch.store.tables import CASES, TIPS


class SqlTips:
    """What ties citizens' reports to their cases."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def by_key(self, key_sha256: str) -> Tip | None:
        """Give the tip whose key has this hash, or None."""
        row = self._rows.first(select(TIPS).where(TIPS.c.key_sha256 == key_sha256))
        return None if row is None else _tip(row)

    def of_case(self, case: CaseId) -> Sequence[Tip]:
        """Give the tips that came to a case, the oldest first."""
        wanted = select(TIPS).where(TIPS.c.case == case)
        return self._load(wanted.order_by(TIPS.c.received_at, TIPS.c.id))

    def with_contact(self, *, ended_before: datetime, limit: int) -> Sequence[Tip]:
        """Give tips that have a contact and whose case ended before a time, by id."""
        wanted = (
            select(TIPS)
            .join(CASES, CASES.c.id == TIPS.c.case)
            .where(TIPS.c.contact.is_not(None), CASES.c.ended_at < ended_before)
        )
        return self._load(wanted.order_by(TIPS.c.id).limit(limit))

    def save(self, tip: Tip) -> None:
        """Keep a new or changed tip."""
        self._rows.put(
            TIPS,
            {
                "id": tip.id,
                "key_sha256": tip.key_sha256,
                "case": tip.case,
                "received_at": tip.received_at,
                "contact": tip.contact,
            },
        )

    def _load(self, wanted: Select[Any]) -> Sequence[Tip]:
        return [_tip(row) for row in self._rows.all(wanted)]


def _tip(row: Row[Any]) -> Tip:
    return Tip(
        id=row.id,
        key_sha256=row.key_sha256,
        case=row.case,
        received_at=row.received_at,
        contact=row.contact,
    )
