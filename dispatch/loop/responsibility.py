"""Which component a case is of and who is responsible for it, with what people decided before.

These join the transaction of whoever calls them.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from pydantic import JsonValue

from dispatch.case.case import Case
from dispatch.case.transition import Action
from dispatch.catalogue.catalog import CatalogClass
from dispatch.catalogue.component import match_component, reach_m
from dispatch.city.precedent import Precedent
from dispatch.city.profile import Profile
from dispatch.ground.place import Place, cells_near
from dispatch.ids import DepartmentId
from dispatch.loop.assignment import Assignment, assign_case, ground_of, settled_by_precedent
from dispatch.ports.unit_of_work import UnitOfWork


def component_grounds(
    category: CatalogClass, place: Place, *, profile: Profile, at: datetime, uow: UnitOfWork
) -> dict[str, JsonValue]:
    """Say which component of the registry a thing of a class is, for the case's history.

    Empty where the city has no registry or the class is of no component.
    """
    types = profile.types_of(category)
    if profile.registry is None or not types:
        return {}
    day = at.astimezone(profile.zone).date()
    near = uow.components.near(cells_near(place.cell, radius_m=reach_m(place)), day=day)
    return {"component": match_component(place, near, types=types, day=day).written()}


def find_responsible(case: Case, *, profile: Profile, at: datetime, uow: UnitOfWork) -> Assignment:
    """Find the department for a case by rule, or by precedent where the city lets these decide."""
    day = at.astimezone(profile.zone).date()
    precedents = precedents_for(case, profile=profile, at=at, uow=uow)
    found = assign_case(case, precedents, profile=profile, day=day)
    settled = settled_by_precedent(precedents, profile=profile)
    if found.department is not None or settled is None:
        return found
    grounds = {**found.grounds, "rule": None, "by_precedent": precedents[settled]}
    return replace(found, department=settled, grounds=grounds)


def precedents_for(
    case: Case, *, profile: Profile, at: datetime, uow: UnitOfWork
) -> Mapping[DepartmentId, int]:
    """Count whom people named for the same class, owner and grid, by department."""
    day = at.astimezone(profile.zone).date()
    return uow.precedents.count(ground_of(case, profile=profile, day=day))


def note_precedent(
    case: Case, to: DepartmentId, *, profile: Profile, at: datetime, uow: UnitOfWork
) -> None:
    """Remember whom a person named, if no rule was sure of it or its department gave it back."""
    day = at.astimezone(profile.zone).date()
    ground = ground_of(case, profile=profile, day=day)
    sure = assign_case(case, uow.precedents.count(ground), profile=profile, day=day).department
    if sure is None or case.last(Action.DECLINE) is not None:
        uow.precedents.save(Precedent(case=case.id, ground=ground, department=to, at=at))
