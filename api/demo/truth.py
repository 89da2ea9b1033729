"""What is really wrong in the rendered street, read from the street's own file."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dispatch.place import Place, distance_m

REACH_M: Final = 6.0
"""A find farther than this from every planted problem of its class is a false one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One problem whose truth is known; `story` says what becomes of it."""

    id: str
    label: str
    story: str
    place: Place

    @property
    def repaired(self) -> bool:
        """Whether its worker truly repairs it."""
        return self.story == "repair"


def read_truth(street: Path) -> tuple[Planted, ...]:
    """Read the planted problems."""
    plan = json.loads(street.read_text(encoding="utf-8"))
    return tuple(
        Planted(
            id=each["id"],
            label=each["label"],
            story=each["story"],
            place=Place(
                latitude=each["latitude"], longitude=each["longitude"], ee=0.0, en=0.0, nn=0.0
            ),
        )
        for each in plan["problems"]
    )


def planted_at(
    truth: tuple[Planted, ...], *, label: str | None, latitude: float, longitude: float
) -> Planted | None:
    """Give the planted problem of a class that lies where something was seen, or None."""
    here = Place(latitude=latitude, longitude=longitude, ee=0.0, en=0.0, nn=0.0)
    near = [
        (distance_m(each.place, here), each.id, each)
        for each in truth
        if each.label == label and distance_m(each.place, here) <= REACH_M
    ]
    return min(near)[2] if near else None
