"""The line of arrivals in SQL: batches stay packed as they came, only ids are written out."""

import gzip
import json
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, exists, func, insert, select, tuple_, update

from dispatch.sights.arrival import Arrival, Backlog, Mail
from dispatch.store.listed import counted, listed, numbers, texts
from dispatch.store.rows import Rows, Values
from dispatch.store.tables_of_arrivals import ARRIVALS, MAIL

_IN_LINE: Final = (
    select(ARRIVALS.c.mail, ARRIVALS.c.place, MAIL.c.device, MAIL.c.received_at)
    .join(MAIL, MAIL.c.number == ARRIVALS.c.mail)
    .order_by(ARRIVALS.c.mail, ARRIVALS.c.place)
)
_FIRST_HAZARD: Final = (
    select(ARRIVALS.c.mail, ARRIVALS.c.place)
    .where(ARRIVALS.c.hazard)
    .order_by(ARRIVALS.c.mail, ARRIVALS.c.place)
    .limit(1)
)
_LISTED: Final = _IN_LINE.where(listed(ARRIVALS.c.id))
_WRITTEN: Final = insert(MAIL).returning(MAIL.c.number)
_TOLD: Final = delete(ARRIVALS).where(ARRIVALS.c.mail == bindparam("of"), counted(ARRIVALS.c.place))
_EMPTIED: Final = delete(MAIL).where(
    MAIL.c.number == bindparam("of"), ~exists().where(ARRIVALS.c.mail == MAIL.c.number)
)

_OPENED_LATELY: Final = 2
"""Batches that are kept opened: hazards, what came with them, and the rest are asked for in turn,
and of a large batch some at a time.
"""


class SqlArrivals:
    """What was acknowledged and is on its way."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def add(self, mails: Sequence[Mail]) -> None:
        """Put messages of batches in line, in their order."""
        in_line: list[Values] = []
        for mail in mails:
            number = self._rows.write(
                _WRITTEN,
                {"device": mail.device, "received_at": mail.received_at, "packed": mail.packed},
            )
            in_line += [
                {"mail": number, "place": place, "id": id_, "hazard": place in mail.hazards}
                for place, id_ in sorted(mail.places.items())
            ]
        if in_line:
            self._rows.append(ARRIVALS, in_line)
        hastened = {id_ for mail in mails for id_ in mail.hastened}
        if hastened:
            these = ARRIVALS.c.id.in_(sorted(hastened))
            self._rows.change(update(ARRIVALS).where(these).values(hazard=True))

    def waiting(self, ids: Collection[str]) -> Sequence[Arrival]:
        """Give those in line under some ids, in their order."""
        return self._opened(self._rows.all(_LISTED, texts(ids)))

    def first(self, *, hazards: bool, limit: int) -> Sequence[Arrival]:
        """Give the first of the hazards in line or of the others, in their order."""
        if hazards:
            return self._opened(self._rows.all(_IN_LINE.where(ARRIVALS.c.hazard).limit(limit)))
        others = _IN_LINE.where(~ARRIVALS.c.hazard)
        hazard = self._rows.first(_FIRST_HAZARD)
        if hazard is not None:
            stands = tuple_(ARRIVALS.c.mail, ARRIVALS.c.place)
            others = others.where(stands < (hazard.mail, hazard.place))
        return self._opened(self._rows.all(others.limit(limit)))

    def beside(self, arrivals: Collection[Arrival]) -> Sequence[Arrival]:
        """Give what else waits of the batches of some arrivals, in its order."""
        numbers = sorted({each.mail for each in arrivals})
        told = {(each.mail, each.place) for each in arrivals}
        rows = self._rows.all(_IN_LINE.where(ARRIVALS.c.mail.in_(numbers)))
        return self._opened([row for row in rows if (row.mail, row.place) not in told])

    def remove(self, arrivals: Collection[Arrival]) -> None:
        """Take messages out of the line, which have been told."""
        for number, told in groupby(sorted(arrivals, key=_mail_of), key=_mail_of):
            given = {"of": number, **numbers([each.place for each in told])}
            self._rows.change(_TOLD, given)
            self._rows.change(_EMPTIED, {"of": number})

    def backlog(self) -> Backlog:
        """Say how many wait, and since when."""
        oldest = self._rows.first(select(MAIL.c.received_at).order_by(MAIL.c.number).limit(1))
        counted = self._rows.first(select(func.count()).select_from(ARRIVALS))
        return Backlog(
            waiting=int(counted[0]) if counted else 0,
            oldest_at=None if oldest is None else oldest.received_at,
        )

    def _opened(self, rows: Iterable[Row[Any]]) -> Sequence[Arrival]:
        """Unpack each batch once for all its messages."""
        found: list[Arrival] = []
        for number, of_one in groupby(rows, key=lambda row: row.mail):
            kept = self._rows.first(select(MAIL.c.packed).where(MAIL.c.number == number))
            assert kept is not None
            messages = _messages(kept.packed)
            found += [
                Arrival(
                    mail=number,
                    place=row.place,
                    device=row.device,
                    received_at=row.received_at,
                    raw=messages[row.place],
                )
                for row in of_one
            ]
        return found


@lru_cache(maxsize=_OPENED_LATELY)
def _messages(packed: bytes) -> Sequence[object]:
    found: list[object] = json.loads(gzip.decompress(packed))["messages"]
    return found


def _mail_of(arrival: Arrival) -> int:
    return arrival.mail
