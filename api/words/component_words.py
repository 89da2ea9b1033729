"""Shape a component of the registry as the map shows it."""

from typing import Final

from api.schemas.base import Words
from api.schemas.maps import MapComponent
from dispatch.catalogue.catalog import ClassKey, Kind
from dispatch.catalogue.component import Component, Condition
from dispatch.city.profile import Profile
from dispatch.ids import DepartmentId

_CONDITIONS: Final = {
    Condition.INTACT: Words(zh="完好", en="intact"),
    Condition.DAMAGED: Words(zh="破损", en="damaged"),
    Condition.LOST: Words(zh="丢失", en="lost"),
    Condition.ABANDONED: Words(zh="废弃", en="abandoned"),
    Condition.REMOVED: Words(zh="已拆除", en="removed"),
}


def map_component(component: Component, profile: Profile) -> MapComponent:
    """Shape a component with what it is, whose it is and how the census found it."""
    standard, code = component.type
    known = profile.catalog.entries.get(ClassKey(standard=standard, kind=Kind.COMPONENT, code=code))
    owner = profile.departments.get(DepartmentId(component.owner))
    return MapComponent(
        id=component.id,
        name=component.name,
        standard=standard,
        code=code,
        class_name=known.name_zh if known else None,
        owner=component.owner,
        owner_words=Words(
            zh=owner.name_zh if owner else component.owner,
            en=owner.name_en if owner else component.owner,
        ),
        condition=component.condition,
        condition_words=_CONDITIONS[component.condition],
        accuracy=component.accuracy,
        latitude=component.latitude,
        longitude=component.longitude,
        valid_from=component.valid_from,
        valid_until=component.valid_until,
    )
