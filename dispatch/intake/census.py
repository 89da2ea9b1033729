"""A census into the registry: what is new, moved, changed or gone from a day on.

Nothing is overwritten: what a component was stays with the days on which it was so. The same
census again changes nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import Final

from dispatch.catalogue.component import Component, Condition
from dispatch.ports.unit_of_work import UnitOfWork

AT_ONCE: Final = 1000


@dataclass(slots=True, kw_only=True)
class Census:
    """What a census did to the registry.

    Args:
        older: ids of which the registry knows something newer; they were left as they are.
    """

    new: int = 0
    same: int = 0
    changed: int = 0
    moved: int = 0
    gone: int = 0
    older: list[str]


def take_census(
    components: Iterable[Component], *, day: date, whole: bool, county: str, uow: UnitOfWork
) -> Census:
    """Take a survey of a day into the registry, all of it or nothing.

    Args:
        whole: the survey names every component of the county: what it does not name is gone.
    """
    census = Census(older=[])
    with uow:
        named: set[str] = set()
        for part in _parts(components):
            known = uow.components.newest([each.id for each in part])
            for each in part:
                named.add(each.id)
                _settle(each, known.get(each.id), census, day=day, uow=uow)
        if whole:
            for each in uow.components.current(county):
                if each.id not in named and each.valid_from <= day:
                    _end(each, day=day, uow=uow)
                    census.gone += 1
        uow.commit()
    return census


def _parts(components: Iterable[Component]) -> Iterator[Sequence[Component]]:
    waiting = iter(components)
    while part := list(islice(waiting, AT_ONCE)):
        yield part


def _settle(
    said: Component, newest: Component | None, census: Census, *, day: date, uow: UnitOfWork
) -> None:
    if newest is not None and _is_newer(newest, day):
        census.older.append(said.id)
        return
    known = newest if newest is not None and newest.valid_until is None else None
    if said.condition is Condition.REMOVED:
        if known is not None:
            _end(known, day=day, uow=uow)
            census.gone += 1
    elif known is None:
        uow.components.save(said)
        census.new += 1
    elif replace(said, valid_from=known.valid_from) == known:
        census.same += 1
    else:
        moved = (said.latitude, said.longitude) != (known.latitude, known.longitude)
        census.moved += moved
        census.changed += not moved
        if known.valid_from < day:
            _end(known, day=day, uow=uow)
        uow.components.save(said)


def _is_newer(known: Component, day: date) -> bool:
    return known.valid_from > day or (known.valid_until is not None and known.valid_until >= day)


def _end(component: Component, *, day: date, uow: UnitOfWork) -> None:
    uow.components.save(replace(component, valid_until=day - timedelta(days=1)))
