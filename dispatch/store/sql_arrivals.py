"""The line of arrivals in SQL."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import delete, func, select

from dispatch.arrival import Arrival, Backlog, Patrolled
from dispatch.store.rows import Rows
from dispatch.store.tables import ARRIVALS
from dispatch.wire import canonical_bytes

_PATROLLED: Final[TypeAdapter[Patrolled]] = TypeAdapter(Patrolled)


class SqlArrivals:
    """What was acknowledged and is on its way."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def add(self, arrivals: Sequence[Arrival]) -> None:
        """Put messages in line, in their order."""
        if arrivals:
            self._rows.append(
                ARRIVALS,
                [
                    {
                        "id": each.message.id,
                        "received_at": each.received_at,
                        "message": canonical_bytes(each.message).decode(),
                    }
                    for each in arrivals
                ],
            )

    def waiting(self, ids: Collection[str]) -> Mapping[str, Patrolled]:
        """Give the newest of those in line under each of the ids."""
        wanted = select(ARRIVALS.c.message).where(ARRIVALS.c.id.in_(sorted(ids)))
        newest: dict[str, Patrolled] = {}
        for row in self._rows.all(wanted.order_by(ARRIVALS.c.number)):
            message = _PATROLLED.validate_json(row.message)
            kept = newest.get(message.id)
            if kept is None or kept.revision < message.revision:
                newest[message.id] = message
        return newest

    def first(self, *, limit: int) -> Sequence[Arrival]:
        """Give the first in line."""
        wanted = select(ARRIVALS).order_by(ARRIVALS.c.number).limit(limit)
        return [
            Arrival(
                number=row.number,
                received_at=row.received_at,
                message=_PATROLLED.validate_json(row.message),
            )
            for row in self._rows.all(wanted)
        ]

    def remove(self, arrivals: Collection[Arrival]) -> None:
        """Take messages out of the line, which have been told."""
        numbers = sorted(each.number for each in arrivals)
        self._rows.change(delete(ARRIVALS).where(ARRIVALS.c.number.in_(numbers)))

    def backlog(self) -> Backlog:
        """Say how many wait, and since when."""
        first = self._rows.first(
            select(ARRIVALS.c.received_at).order_by(ARRIVALS.c.number).limit(1)
        )
        counted = self._rows.first(select(func.count()).select_from(ARRIVALS))
        return Backlog(
            waiting=int(counted[0]) if counted else 0,
            oldest_at=None if first is None else first.received_at,
        )
