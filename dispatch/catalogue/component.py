"""City components (部件) of the registry, and which of them a find is of.

The census states where a component is to within an accuracy class: A ±0.5 m, B ±1.0 m, C ±10 m.
The bound is taken as a disc over which the truth is spread evenly; its variance along each axis is
a quarter of the radius squared. A find fits a component whose type is right and that lies within
the 99 % ellipse of both errors together (chi-square of two degrees of freedom: 9.21). If two fit,
nobody guesses: a person decides.
"""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, JsonValue

from dispatch.ground.place import Place, lookup_cell, metres_east_north
from dispatch.ground.place import distance_m as distance_between

CHI2_99: Final = 9.21
"""Squared radius, in standard errors, of the ellipse that holds 99 % of a plane normal."""
MAX_REACH_M: Final = 60.0
"""How far a component may lie from a find at most, however vague the find's place is."""
MAX_NAMED: Final = 5

Type = tuple[str, str]
"""The standard and the digits that name a type of component."""


class AccuracyClass(StrEnum):
    """How well a component's position is known (定位精度等级)."""

    A = "A"
    B = "B"
    C = "C"

    @property
    def bound_m(self) -> float:
        """Give the radius within which it lies for certain, in metres."""
        return {"A": 0.5, "B": 1.0, "C": 10.0}[self.value]


class Condition(StrEnum):
    """What the census says of a component (部件状态)."""

    INTACT = "intact"
    DAMAGED = "damaged"
    LOST = "lost"
    ABANDONED = "abandoned"
    REMOVED = "removed"
    """It is gone: it ends in the registry on the day before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A component as it was over some days; one that is moved or changed has another record.

    Args:
        id: 17 digits after GB/T 47678.5-2026, or 16 after GB/T 30428.2-2013.
        type: standard and code.
        owner: whose it is, in the profile's words.
        valid_until: the last day on which it counts; None for as yet unknown.
    """

    id: str
    type: Type
    latitude: float
    longitude: float
    accuracy: AccuracyClass
    owner: str
    condition: Condition
    name: str
    valid_from: date
    valid_until: date | None = None

    @property
    def cell(self) -> int:
        """Give the look-up cell of its place."""
        return lookup_cell(self.latitude, self.longitude)

    @property
    def place(self) -> Place:
        """Give its place with the error that its accuracy class stands for."""
        return place_of_component(self.latitude, self.longitude, self.accuracy)

    def valid_on(self, day: date) -> bool:
        """Say whether it counts on a day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


def place_of_component(latitude: float, longitude: float, accuracy: AccuracyClass) -> Place:
    """Give a place with the error that an accuracy class stands for."""
    variance = accuracy.bound_m**2 / 4.0
    return Place(latitude=latitude, longitude=longitude, ee=variance, en=0.0, nn=variance)


class Standing(StrEnum):
    """How a find stands to the registry."""

    KNOWN = "known"
    SEVERAL = "several"
    """Two or more fit: a person decides."""
    UNKNOWN = "unknown"
    """None fits: it is missing in the registry, or the find is of something else."""


class Match(BaseModel):
    """The registry's answer to a find, as it is kept with the step that asked for it.

    Args:
        id: of the one component that fits, or that a person named; None where there is none.
        owner: of that component, or of all that fit where they have the same one.
        fitting: the ids of those that fit, the nearest in standard errors first.
        distance_m: to the component, or to the first that fits; None where none does.
    """

    model_config = ConfigDict(frozen=True)

    standing: Standing
    id: str | None = None
    owner: str | None = None
    name: str = ""
    latitude: float | None = None
    longitude: float | None = None
    accuracy: AccuracyClass | None = None
    fitting: tuple[str, ...] = ()
    distance_m: float | None = None

    @property
    def place(self) -> Place | None:
        """Give the place of the component that is known, with its error."""
        if self.latitude is None or self.longitude is None or self.accuracy is None:
            return None
        return place_of_component(self.latitude, self.longitude, self.accuracy)

    def written(self) -> dict[str, JsonValue]:
        """Give it as JSON."""
        return self.model_dump(mode="json")


def known_match(component: Component, *, distance_m: float, fitting: Collection[str]) -> Match:
    """Say that a find is of a component."""
    return Match(
        standing=Standing.KNOWN,
        id=component.id,
        owner=component.owner,
        name=component.name,
        latitude=component.latitude,
        longitude=component.longitude,
        accuracy=component.accuracy,
        fitting=tuple(fitting)[:MAX_NAMED],
        distance_m=round(distance_m, 2),
    )


def match_component(
    place: Place, candidates: Iterable[Component], *, types: Collection[Type], day: date
) -> Match:
    """Find the one component of fitting type that a find at a place may be of."""
    scored = sorted(
        (squared_distance(place, each.place), each.id, each)
        for each in candidates
        if each.type in types and each.valid_on(day)
    )
    fitting = [each for d2, _, each in scored if d2 < CHI2_99 and _reaches(place, each)]
    if not fitting:
        return Match(standing=Standing.UNKNOWN)
    ids = [each.id for each in fitting]
    distance_m = distance_between(place, fitting[0].place)
    if len(fitting) == 1:
        return known_match(fitting[0], distance_m=distance_m, fitting=ids)
    owners = {each.owner for each in fitting}
    return Match(
        standing=Standing.SEVERAL,
        owner=owners.pop() if len(owners) == 1 else None,
        fitting=tuple(ids[:MAX_NAMED]),
        distance_m=round(distance_m, 2),
    )


def reach_m(place: Place) -> float:
    """Give how far from a find a component that fits it may lie, in metres."""
    worst = AccuracyClass.C.bound_m**2 / 4.0
    return min(MAX_REACH_M, math.sqrt(CHI2_99 * (place.sigma_m**2 + worst)))


def squared_distance(a: Place, b: Place) -> float:
    """Give the squared Mahalanobis distance of two places under both their errors."""
    east, north = metres_east_north(a, b)
    ee, en, nn = a.ee + b.ee, a.en + b.en, a.nn + b.nn
    determinant = ee * nn - en * en
    return (nn * east * east - 2.0 * en * east * north + ee * north * north) / determinant


def _reaches(place: Place, component: Component) -> bool:
    return distance_between(place, component.place) <= MAX_REACH_M
