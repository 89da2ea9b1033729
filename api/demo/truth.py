"""What is really wrong in the rendered street, read from the street's own file."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dispatch.ground.place import Place, distance_m

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Which planted problems the people treat in a way of their own; the rest goes smoothly.

    Args:
        reworked: said done too early, sent back by its photo, then truly repaired.
        returned: given back by its department once.
        checked: looked at on the spot before a patrol can tell.
    """

    reworked: str | None
    returned: str | None
    checked: str | None


def cast_parts(truth: tuple[Planted, ...]) -> Parts:
    """Choose among those that are truly repaired; one of each where there are enough."""
    repaired = [each.id for each in truth if each.repaired]
    return Parts(
        reworked=repaired[0] if repaired else None,
        returned=repaired[1] if len(repaired) > 2 else None,
        checked=repaired[-1] if len(repaired) > 1 else None,
    )
