"""The line of arrivals in memory."""

import gzip
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from dispatch.sights.arrival import Arrival, Backlog, Mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An arrival with its message's id, and whether it is a hazard."""

    id: str
    hazard: bool
    arrival: Arrival


Kept = dict[tuple[int, int], Waiting]
"""What waits, by batch and place."""


class MemoryArrivals:
    """What was acknowledged and is on its way."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def add(self, mails: Sequence[Mail]) -> None:
        """Put messages of batches in line, in their order."""
        for mail in mails:
            self._add(mail)

    def _add(self, mail: Mail) -> None:
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
            self._kept[number, place] = Waiting(
                id=id_, hazard=place in mail.hazards, arrival=arrival
            )
        for where, each in self._kept.items():
            if each.id in mail.hastened:
                self._kept[where] = replace(each, hazard=True)

    def waiting(self, ids: Collection[str]) -> Sequence[Arrival]:
        """Give those in line under some ids, in their order."""
        return [each.arrival for _, each in self._line() if each.id in ids]

    def first(self, *, hazards: bool, limit: int) -> Sequence[Arrival]:
        """Give the first of the hazards in line or of the others, in their order."""
        line = self._line()
        if hazards:
            return [each.arrival for _, each in line if each.hazard][:limit]
        before = next((number for number, (_, each) in enumerate(line) if each.hazard), len(line))
        return [each.arrival for _, each in line[:before]][:limit]

    def beside(self, arrivals: Collection[Arrival]) -> Sequence[Arrival]:
        """Give what else waits of the batches of some arrivals, in its order."""
        numbers = {each.mail for each in arrivals}
        told = {(each.mail, each.place) for each in arrivals}
        return [
            each.arrival
            for where, each in self._line()
            if where[0] in numbers and where not in told
        ]

    def remove(self, arrivals: Collection[Arrival]) -> None:
        """Take messages out of the line, which have been told."""
        for each in arrivals:
            self._kept.pop((each.mail, each.place), None)

    def backlog(self) -> Backlog:
        """Say how many wait, and since when."""
        first = next((each.arrival for _, each in self._line()), None)
        return Backlog(
            waiting=len(self._kept), oldest_at=None if first is None else first.received_at
        )

    def _line(self) -> list[tuple[tuple[int, int], Waiting]]:
        return sorted(self._kept.items(), key=lambda entry: entry[0])
