"""The line of arrivals in memory."""

import gzip
import json
from collections.abc import Collection, Sequence

from dispatch.arrival import Arrival, Backlog, Mail

Kept = dict[tuple[int, int], tuple[str, Arrival]]
"""By batch and place: the message's id, and the arrival."""


class MemoryArrivals:
    """What was acknowledged and is on its way."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def add(self, mail: Mail) -> None:
        """Put messages of a batch in line, in their order."""
        number = max((number for number, _ in self._kept), default=0) + 1
        messages = json.loads(gzip.decompress(mail.packed))["messages"]
        for place, id_ in mail.places.items():
            arrival = Arrival(
                mail=number,
                place=place,
                device=mail.device,
                received_at=mail.received_at,
                raw=messages[place],
            )
            self._kept[number, place] = (id_, arrival)

    def waiting(self, ids: Collection[str]) -> Sequence[Arrival]:
        """Give those in line under some ids, in their order."""
        return [arrival for _, (id_, arrival) in sorted(self._kept.items(), key=_key) if id_ in ids]

    def first(self, *, limit: int) -> Sequence[Arrival]:
        """Give the first in line."""
        return [arrival for _, (_, arrival) in sorted(self._kept.items(), key=_key)][:limit]

    def remove(self, arrivals: Collection[Arrival]) -> None:
        """Take messages out of the line, which have been told."""
        for each in arrivals:
            self._kept.pop((each.mail, each.place), None)

    def backlog(self) -> Backlog:
        """Say how many wait, and since when."""
        first = self.first(limit=1)
        oldest_at = first[0].received_at if first else None
        return Backlog(waiting=len(self._kept), oldest_at=oldest_at)


def _key(entry: tuple[tuple[int, int], tuple[str, Arrival]]) -> tuple[int, int]:
    return entry[0]
