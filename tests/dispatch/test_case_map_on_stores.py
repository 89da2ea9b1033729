"""A map of many cases is told alike by every store, and leaves none out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.case.map_view import (
    GROUPS_AT_MOST,
    Box,
    CaseGroup,
    MapView,
    NotABox,
    box_of,
    group_key,
)
from dispatch.case.transition import Status
from dispatch.ground.place import LOOKUP_RESOLUTION
from dispatch.ports.unit_of_work import UnitOfWork
from tests.dispatch import making
from tests.dispatch.city import City

Begin = Callable[[], UnitOfWork]
HERE = making.place()


def around(*, degrees: float) -> Box:
    return Box(
        west=HERE.longitude - degrees,
        south=HERE.latitude - degrees,
        east=HERE.longitude + degrees,
        north=HERE.latitude + degrees,
    )


def view(*, degrees: float = 1.0, area: str = "", status: Status | None = None) -> MapView:
    return MapView(box=around(degrees=degrees), ended_since=making.NOON, area=area, status=status)


def groups(begin: Begin, asked: MapView) -> list[CaseGroup]:
    with begin() as uow:
        return list(uow.case_map.groups(asked))


def ids(begin: Begin, asked: MapView, *, limit: int = 9) -> list[str]:
    with begin() as uow:
        return list(uow.case_map.ids(asked, limit=limit))


def scatter(begin: Begin, count: int, *, step: float) -> list[str]:
    made = []
    with begin() as uow:
        for number in range(count):
            case = making.case(f"p{number}")
            case.place = replace(HERE, longitude=HERE.longitude + step * number)
            uow.cases.add(case)
            made.append(case.id)
        uow.commit()
    return sorted(made)


def test_an_empty_city_has_an_empty_map(begin: Begin) -> None:
    assert ids(begin, view()) == []
    assert groups(begin, view()) == []


def test_every_case_of_a_box_is_in_one_group_and_none_outside(begin: Begin) -> None:
    made = scatter(begin, 12, step=0.01)

    wide, narrow = view(), view(degrees=0.025)

    assert ids(begin, wide, limit=99) == made
    assert len(ids(begin, wide)) == 9
    assert len(ids(begin, narrow)) == 3
    assert sum(each.count for each in groups(begin, wide)) == 12
    assert sum(each.count for each in groups(begin, narrow)) == 3


def test_groups_grow_finer_with_the_box_and_one_alone_is_named(begin: Begin) -> None:
    made = scatter(begin, 4, step=0.001)

    coarse = groups(begin, view(degrees=20.0))
    fine = groups(begin, view(degrees=0.004))

    (all_,) = coarse
    assert (all_.count, all_.open, all_.only) == (4, 4, None)
    assert all_.longitude == pytest.approx(HERE.longitude + 0.0015)
    assert sorted(each.only or "" for each in fine) == made


def test_what_ended_is_drawn_for_a_while_and_counts_as_ended(begin: Begin) -> None:
    city = City(begin=begin)
    id_ = city.handled()
    city.approve(id_)
    lately = replace(view(), ended_since=city.now - timedelta(days=1))
    later = replace(view(), ended_since=city.now + timedelta(days=1))

    (group,) = groups(begin, lately)

    assert (group.count, group.open, group.only) == (1, 0, id_)
    assert ids(begin, lately) == [id_]
    assert groups(begin, later) == []


def test_a_map_is_narrowed_to_area_department_and_status(begin: Begin) -> None:
    city = City(begin=begin)
    id_ = city.handling()
    with begin() as uow:
        case = uow.cases.get(id_)
    assert case.grid is not None and case.department is not None

    assert ids(begin, view(area=case.grid[:6])) == [id_]
    assert ids(begin, view(area="110000")) == []
    assert ids(begin, view(status=Status.HANDLING)) == [id_]
    assert ids(begin, view(status=Status.FILED)) == []
    assert ids(begin, replace(view(), department=case.department)) == [id_]
    assert groups(begin, replace(view(), department=None, status=Status.FILED)) == []


@pytest.mark.parametrize("degrees", [0.0001, 0.01, 0.3, 4.0, 60.0])
def test_a_view_is_parted_into_few_enough_cells(degrees: float) -> None:
    box = Box(west=-degrees, south=-degrees, east=degrees, north=degrees)
    asked = MapView(box=box, ended_since=making.NOON)

    finer = asked.resolution + 1

    assert 0 <= asked.resolution <= LOOKUP_RESOLUTION
    assert box.area_m2 > 0.0
    if asked.resolution < LOOKUP_RESOLUTION:
        cell_m2 = 4.357449416078383e12 / 7.0**finer  # mean of the 122 cells of resolution 0
        assert box.area_m2 / cell_m2 > GROUPS_AT_MOST * 0.9


def test_cells_of_one_parent_are_one_group() -> None:
    assert group_key(HERE.cell, LOOKUP_RESOLUTION) != group_key(HERE.cell ^ 0o100000, 11)
    assert group_key(HERE.cell, 5) == group_key(HERE.cell ^ 0o100000, 5)


@pytest.mark.parametrize(
    "text",
    ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "2,1,1,2", "1,2,2,1", "170,0,-170,1", "0,0,nan,1"],
)
def test_what_is_no_box_is_refused_in_plain_words(text: str) -> None:
    with pytest.raises(NotABox, match="西,南,东,北"):
        box_of(text)
