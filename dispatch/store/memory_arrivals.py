"""The line of arrivals in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from dispatch.arrival import Arrival, Backlog, Patrolled


class MemoryArrivals:
    """What was acknowledged and is on its way."""

    def __init__(self, kept: dict[int, Arrival]) -> None:
        self._kept = kept

    def add(self, arrivals: Sequence[Arrival]) -> None:
        """Put messages in line, in their order."""
        for each in arrivals:
            number = max(self._kept, default=0) + 1
            self._kept[number] = replace(each, number=number)

    def waiting(self, ids: Collection[str]) -> Mapping[str, Patrolled]:
        """Give the newest of those in line under each of the ids."""
        newest: dict[str, Patrolled] = {}
        for each in self._kept.values():
            kept = newest.get(each.message.id)
            if each.message.id in ids and (kept is None or kept.revision < each.message.revision):
                newest[each.message.id] = each.message
        return newest

    def first(self, *, limit: int) -> Sequence[Arrival]:
        """Give the first in line."""
        return [self._kept[number] for number in sorted(self._kept)[:limit]]

    def remove(self, arrivals: Collection[Arrival]) -> None:
        """Take messages out of the line, which have been told."""
        for each in arrivals:
            self._kept.pop(each.number, None)

    def backlog(self) -> Backlog:
        """Say how many wait, and since when."""
        times = [each.received_at for each in self._kept.values()]
        return Backlog(waiting=len(times), oldest_at=min(times, default=None))
