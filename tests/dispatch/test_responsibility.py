"""Who is responsible: by the owner, not at all on open ground, and by what was learnt."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from dispatch.case.case import Case
from dispatch.case.step import Decision
from dispatch.case.transition import Action, Status
from dispatch.catalogue.component import AccuracyClass, Component, Condition, Standing
from dispatch.city.policies import PrecedentPolicy
from dispatch.city.profile import Profile
from dispatch.ground.boundary import Boundary, BoundaryMap
from dispatch.ids import CaseId, DepartmentId
from dispatch.loop import casework
from dispatch.loop.assignment import Doubt
from dispatch.loop.responsibility import precedents_for
from dispatch.people.people import MACHINE
from dispatch.ports.unit_of_work import UnitOfWork
from tests.dispatch import making
from tests.dispatch.city import COLLECTOR, DISPATCHER, FOREMAN, MONDAY, ROADS, SANITATION, City

Begin = Callable[[], UnitOfWork]
DRAINAGE = DepartmentId("drainage")


def cover(number: int, *, owner: str = "drainage", north_m: float = 0.0) -> Component:
    place = making.place(north_m=north_m)
    return Component(
        id=f"99990101002{number:06d}",
        type=("GB/T 47678.5-2026", "01002"),
        latitude=place.latitude,
        longitude=place.longitude,
        accuracy=AccuracyClass.B,
        owner=owner,
        condition=Condition.INTACT,
        name="污水井",
        valid_from=date(2026, 1, 1),
    )


def with_registry(city: City, *components: Component) -> City:
    with city.uow as uow:
        for each in components:
            uow.components.save(each)
        uow.commit()
    return city


def missing_cover(city: City, name: str = "1") -> Case:
    """Bring a missing cover to its dispatch, or to the dispatcher."""
    case = city.take_up(city.see(name, label="road.manhole_missing"))
    assert case is not None
    confirm(city, case.id)
    return city.case(case.id)


def confirm(city: City, id_: CaseId) -> None:
    decision = Decision(by=COLLECTOR, at=city.later(minutes=10))
    if city.case(id_).status is Status.REPORTED:
        casework.confirm_case(id_, decision, profile=city.profile, uow=city.uow)


def undecided(case: Case) -> str | None:
    remark = case.last(Action.REMARK)
    said = remark.grounds.get("undecided") if remark else None
    return None if said is None else str(said)


def test_the_component_of_a_find_is_on_the_case_and_its_owner_is_responsible(begin: Begin) -> None:
    city = with_registry(City(begin=begin), cover(1))

    case = missing_cover(city)

    assert case.component is not None
    assert (case.component.standing, case.component.id) == (Standing.KNOWN, cover(1).id)
    assert case.department == DRAINAGE
    dispatched = case.last(Action.DISPATCH)
    assert dispatched is not None
    assert dispatched.grounds["owners"] == ["drainage"]


def test_an_unknown_component_is_said_so_and_its_ground_decides(begin: Begin) -> None:
    case = missing_cover(City(begin=begin))

    assert case.component is not None
    assert case.component.standing is Standing.UNKNOWN
    assert case.department == ROADS


def test_two_that_fit_leave_it_to_a_person_unless_one_owns_both(begin: Begin) -> None:
    of_two = with_registry(City(begin=begin), cover(1), cover(2, owner="municipal", north_m=0.5))

    case = missing_cover(of_two)

    assert case.component is not None
    assert case.component.standing is Standing.SEVERAL
    assert case.status is Status.FILED
    assert undecided(case) == Doubt.OWNERS


def test_two_of_one_owner_are_no_doubt_of_who_is_responsible() -> None:
    city = with_registry(City(), cover(1), cover(2, north_m=0.5))

    assert missing_cover(city).department == DRAINAGE


def test_a_class_that_is_of_no_component_is_not_asked_about() -> None:
    city = with_registry(City(), cover(1))
    case = city.take_up(city.see())

    assert case is not None
    assert case.component is None


def test_a_city_without_a_registry_asks_nobody(profile: Profile) -> None:
    city = City(profile=replace(profile, registry=None))

    assert missing_cover(city).component is None


def boundary(profile: Profile, label: str = "*") -> Profile:
    import shapely

    around = shapely.Point(making.LONGITUDE, making.LATITUDE).buffer(0.001)
    strip = Boundary(
        id="B1",
        name_zh="界路",
        name_en="border road",
        label=label,
        polygon=around,
        valid_from=date(2026, 1, 1),
    )
    return replace(profile, boundaries=BoundaryMap([strip]))


def test_on_a_boundary_road_the_case_waits_for_a_person(begin: Begin, profile: Profile) -> None:
    city = City(begin=begin, profile=boundary(profile))

    case = city.case(city.dispatched())

    assert case.status is Status.FILED
    assert undecided(case) == Doubt.BOUNDARY
    remark = case.last(Action.REMARK)
    assert remark is not None
    assert remark.by == MACHINE.id
    assert "界路" in remark.note
    assert remark.grounds["boundary"] == "B1"


def test_a_boundary_of_other_classes_is_no_doubt(profile: Profile) -> None:
    city = City(profile=boundary(profile, "sanitation.*"))

    assert city.case(city.dispatched()).department == ROADS


def resolved(city: City, name: str, to: DepartmentId) -> Case:
    """File a pothole and have the dispatcher name a department if no rule did."""
    problem = city.see(name, problem=f"problem-{name}")
    case = city.take_up(problem)
    assert case is not None
    confirm(city, case.id)
    if city.case(case.id).status is Status.FILED:
        decision = Decision(by=DISPATCHER, at=city.later(minutes=5))
        casework.dispatch_case(case.id, to, decision, profile=city.profile, uow=city.uow)
    return city.case(case.id)


def known(city: City, case: Case) -> dict[str, int]:
    with city.uow as uow:
        return dict(precedents_for(case, profile=city.profile, at=MONDAY, uow=uow))


def test_whom_people_named_is_told_for_the_next_case_and_not_applied(
    begin: Begin, profile: Profile
) -> None:
    city = City(begin=begin, profile=boundary(profile))
    first = resolved(city, "1", SANITATION)

    second = city.take_up(city.see("2"))
    assert second is not None
    confirm(city, second.id)
    second = city.case(second.id)

    assert known(city, first) == {SANITATION: 1}
    assert second.status is Status.FILED
    remark = second.last(Action.REMARK)
    assert remark is not None
    assert remark.grounds["precedents"] == {SANITATION: 1}


def test_a_city_may_let_so_many_precedents_dispatch(begin: Begin, profile: Profile) -> None:
    lets = replace(boundary(profile), precedents=PrecedentPolicy(apply_from=2))
    city = City(begin=begin, profile=lets)
    first, second = resolved(city, "1", SANITATION), resolved(city, "2", SANITATION)

    third = resolved(city, "3", ROADS)

    by = [case.last(Action.DISPATCH) for case in (first, second, third)]
    assert [step.by for step in by if step] == [DISPATCHER.id, DISPATCHER.id, MACHINE.id]
    assert third.department == SANITATION
    assert by[2] is not None
    assert by[2].grounds["by_precedent"] == 2


def test_a_return_takes_back_what_was_learnt(begin: Begin, profile: Profile) -> None:
    city = City(begin=begin, profile=boundary(profile))
    case = resolved(city, "1", ROADS)
    assert known(city, case) == {ROADS: 1}

    no = Decision(by=FOREMAN, at=city.later(minutes=5), note="不归我们", code="D1")
    casework.decline_case(case.id, no, profile=city.profile, uow=city.uow)
    assert known(city, case) == {}

    again = Decision(by=DISPATCHER, at=city.later(minutes=5))
    casework.dispatch_case(case.id, SANITATION, again, profile=city.profile, uow=city.uow)
    assert known(city, case) == {SANITATION: 1}


@pytest.mark.parametrize(("doubt_from", "asks"), [(2, True), (0, False)])
def test_a_rule_whose_department_gives_the_like_back_becomes_doubtful(
    profile: Profile, doubt_from: int, asks: bool
) -> None:
    city = City(profile=replace(profile, precedents=PrecedentPolicy(doubt_from=doubt_from)))
    for name in ("1", "2"):
        case = resolved(city, name, ROADS)
        no = Decision(by=FOREMAN, at=city.later(minutes=5), note="不归我们", code="D1")
        casework.decline_case(case.id, no, profile=city.profile, uow=city.uow)
        other = Decision(by=DISPATCHER, at=city.later(minutes=5))
        casework.dispatch_case(case.id, SANITATION, other, profile=city.profile, uow=city.uow)

    third = city.take_up(city.see("3"))
    assert third is not None
    confirm(city, third.id)

    third = city.case(third.id)
    assert (undecided(third) == Doubt.DISPUTED) is asks
    assert (third.department == ROADS) is not asks
