"""The registry of components and the precedents, of whatever store."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from dispatch.case.map_view import Box
from dispatch.catalogue.component import AccuracyClass, Component, Condition
from dispatch.city.precedent import Ground, Precedent
from dispatch.ids import CaseId, DepartmentId
from dispatch.intake.census import Census, take_census
from dispatch.ports.unit_of_work import UnitOfWork
from tests.dispatch import making
from tests.dispatch.making import NOON

Begin = Callable[[], UnitOfWork]
MARCH, JUNE = date(2026, 3, 1), date(2026, 6, 1)
COVER = Component(
    id="99990101002000001",
    type=("GB/T 47678.5-2026", "01002"),
    latitude=30.0,
    longitude=110.0,
    accuracy=AccuracyClass.A,
    owner="water",
    condition=Condition.INTACT,
    name="污水井 1",
    valid_from=MARCH,
)
OTHER = replace(COVER, id="99990101002000002", latitude=30.01, name="污水井 2")


def take(begin: Begin, *said: Component, day: date = MARCH, whole: bool = False) -> Census:
    dated = [replace(each, valid_from=day) for each in said]
    return take_census(dated, day=day, whole=whole, county="999901", uow=begin())


def near(begin: Begin, of: Component, day: date) -> list[Component]:
    with begin() as uow:
        return list(uow.components.near([of.cell], day=day))


def test_the_same_census_again_changes_nothing(begin: Begin) -> None:
    first, again = take(begin, COVER, OTHER), take(begin, COVER, OTHER, day=JUNE)

    assert (first.new, first.same) == (2, 0)
    assert (again.new, again.same, again.changed, again.moved) == (0, 2, 0, 0)
    with begin() as uow:
        assert uow.components.count() == 2
        assert uow.components.newest([COVER.id, "0"]) == {COVER.id: COVER}
        assert list(uow.components.current("999901")) == [COVER, OTHER]
        assert list(uow.components.current("999902")) == []


def test_what_a_view_touches_is_found_and_no_more_than_asked_for(begin: Begin) -> None:
    take(begin, COVER, OTHER, replace(OTHER, id="99990101002000003", longitude=110.02))
    edges = (COVER.longitude, OTHER.longitude + 0.001, COVER.latitude, OTHER.latitude)
    view = Box(west=edges[0], east=edges[1], south=edges[2], north=edges[3])

    with begin() as uow:
        found = uow.components.near(view.cells, day=MARCH)
        first = uow.components.near(view.cells, day=MARCH, limit=1)

    assert [each.id for each in found] == [COVER.id, OTHER.id]
    assert len(first) == 1 and first[0] in found


def test_a_component_that_moved_stands_where_it_stood_on_each_day(begin: Begin) -> None:
    take(begin, COVER)
    moved = replace(COVER, latitude=30.02)
    told = take(begin, moved, day=JUNE)

    assert (told.moved, told.changed) == (1, 0)
    before = near(begin, COVER, JUNE - timedelta(days=1))
    assert [each.latitude for each in before] == [30.0]
    assert near(begin, COVER, JUNE) == []
    assert near(begin, moved, JUNE) == [replace(moved, valid_from=JUNE)]
    with begin() as uow:
        assert [each.valid_from for each in uow.components.history(COVER.id)] == [MARCH, JUNE]


def test_another_owner_is_a_change_and_no_move(begin: Begin) -> None:
    take(begin, COVER)

    told = take(begin, replace(COVER, owner="telecom"), day=JUNE)

    assert (told.moved, told.changed) == (0, 1)


def test_what_is_said_to_be_gone_ends_and_may_come_back(begin: Begin) -> None:
    take(begin, COVER)
    gone = replace(COVER, condition=Condition.REMOVED)

    assert take(begin, gone, day=JUNE).gone == 1
    assert take(begin, gone, day=JUNE).gone == 0
    assert near(begin, COVER, JUNE) == []
    assert take(begin, COVER, day=JUNE + timedelta(days=9)).new == 1


def test_a_whole_census_ends_what_it_does_not_name_and_no_other_county(begin: Begin) -> None:
    elsewhere = replace(COVER, id="99990201002000001")
    take(begin, COVER, OTHER, elsewhere)

    told = take(begin, OTHER, day=JUNE, whole=True)

    assert (told.gone, told.same) == (1, 1)
    with begin() as uow:
        assert set(uow.components.newest([elsewhere.id])) == {elsewhere.id}
        assert list(uow.components.current("999901")) == [OTHER]


def test_an_older_census_does_not_bring_back_what_is_known_to_be_otherwise(begin: Begin) -> None:
    take(begin, COVER, day=JUNE)
    take(begin, replace(OTHER, condition=Condition.REMOVED), day=JUNE)

    told = take(begin, replace(COVER, owner="telecom"), day=MARCH)

    assert told.older == [COVER.id]
    with begin() as uow:
        assert uow.components.newest([COVER.id])[COVER.id].owner == "water"


def test_a_census_that_fails_half_way_leaves_nothing_behind(begin: Begin) -> None:
    def broken() -> Iterator[Component]:
        yield COVER
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        take_census(broken(), day=MARCH, whole=False, county="999901", uow=begin())

    with begin() as uow:
        assert uow.components.count() == 0


def test_precedents_are_counted_by_ground_and_forgotten_with_their_case(begin: Begin) -> None:
    ground = Ground(label="road.pothole", owner="unclear", grid="999901001001001")
    roads, parks = DepartmentId("roads"), DepartmentId("parks")
    with begin() as uow:
        for name, department in (("a", roads), ("b", roads), ("c", parks)):
            case = making.case(name)
            uow.cases.add(case)
            uow.precedents.save(
                Precedent(case=case.id, ground=ground, department=department, at=NOON)
            )
        uow.commit()
        last = case.id

    with begin() as uow:
        assert dict(uow.precedents.count(ground)) == {roads: 2, parks: 1}
        assert not uow.precedents.count(replace(ground, owner="park"))
        uow.precedents.save(Precedent(case=last, ground=ground, department=roads, at=NOON))
        assert dict(uow.precedents.count(ground)) == {roads: 3}
        uow.precedents.drop(last)
        uow.precedents.drop(CaseId("never was"))
        assert dict(uow.precedents.count(ground)) == {roads: 2}
