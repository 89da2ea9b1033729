"""Shape what the city's own data says of the ground around a place."""

import math
from collections.abc import Iterable
from datetime import date
from typing import Final

import shapely

from api.schemas.base import Words
from api.schemas.surroundings import GroundOut, Landmark, Ring, Surroundings
from api.words.component_words import map_component
from api.words.places import grid_words
from dispatch.case.map_view import Box
from dispatch.catalogue.component import Component, Condition
from dispatch.city.profile import Profile
from dispatch.ground.place import EARTH_RADIUS_M, Place, distance_m
from dispatch.ports.unit_of_work import UnitOfWork

REACH_M: Final = 150.0
LANDMARKS_AT_MOST: Final = 40
"""More cannot be told apart on a phone."""
READ_AT_MOST: Final = 400
DIGITS: Final = 6
"""A millionth of a degree is a decimetre."""


def surroundings_of(place: Place, *, uow: UnitOfWork, profile: Profile, day: date) -> Surroundings:
    """Give the grids, boundary roads and components that lie around a place on a day."""
    box = _box_around(place)
    around = shapely.box(box.west, box.south, box.east, box.north)
    grids = [
        _ground(grid.id, grid_words(grid.id, profile.areas, day=day), grid.polygon, around)
        for grid in profile.grids.meeting(around, day=day)
    ]
    strips = [
        _ground(each.id, Words(zh=each.name_zh, en=each.name_en), each.polygon, around)
        for each in profile.boundaries.boundaries
        if each.valid_on(day) and each.polygon.intersects(around)
    ]
    found = uow.components.near(box.cells, day=day, limit=READ_AT_MOST) if profile.registry else ()
    return Surroundings(
        reach_m=REACH_M,
        grids=grids,
        strips=strips,
        landmarks=_landmarks(found, place, profile),
    )


def _box_around(place: Place) -> Box:
    north = math.degrees(REACH_M / EARTH_RADIUS_M)
    east = north / math.cos(math.radians(place.latitude))
    return Box(
        west=place.longitude - east,
        south=place.latitude - north,
        east=place.longitude + east,
        north=place.latitude + north,
    )


def _ground(id_: str, name: Words, polygon: shapely.Polygon, around: shapely.Polygon) -> GroundOut:
    return GroundOut(id=id_, name=name, rings=list(_rings(polygon.intersection(around))))


def _rings(shape: shapely.Geometry) -> Iterable[Ring]:
    for part in shapely.get_parts(shape).tolist():
        if isinstance(part, shapely.Polygon):
            yield [(round(x, DIGITS), round(y, DIGITS)) for x, y in part.exterior.coords]


def _landmarks(found: Iterable[Component], place: Place, profile: Profile) -> list[Landmark]:
    # What the census found gone leads nobody.
    there = [each for each in found if each.condition not in (Condition.LOST, Condition.REMOVED)]
    by_distance = sorted((distance_m(place, each.place), each.id, each) for each in there)
    near = [each for away, _, each in by_distance if away <= REACH_M][:LANDMARKS_AT_MOST]
    shown = [map_component(each, profile) for each in near]
    return [
        Landmark(
            id=each.id,
            name=each.name or each.class_name or each.code,
            latitude=each.latitude,
            longitude=each.longitude,
        )
        for each in shown
    ]
