"""Lists are narrowed alike by every store: to what is overdue, and by what is known of a number."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dispatch.case.number import NotANumber, number_part
from dispatch.case.step import Decision
from dispatch.case.transition import Status
from dispatch.loop.handover import all_surviving
from dispatch.ports.unit_of_work import CaseFilter, UnitOfWork
from tests.dispatch import making
from tests.dispatch.city import SUPERVISOR, City

Begin = Callable[[], UnitOfWork]


def numbered(begin: Begin, text: str) -> list[str]:
    with begin() as uow:
        found = uow.cases.find(CaseFilter(numbered=number_part(text)), limit=9)
    return [case.problem for case in found]


def test_a_case_is_found_by_its_number_its_end_or_its_day(begin: Begin) -> None:
    first = making.case("p1")
    other = making.case("p2", at=making.NOON + timedelta(days=1))
    with begin() as uow:
        uow.cases.add(first)
        uow.cases.add(other)
        uow.commit()

    assert numbered(begin, first.number) == ["p1"]
    assert numbered(begin, f" {first.number.lower()} ") == ["p1"]
    assert numbered(begin, first.number_end[:5]) == ["p1"]
    assert numbered(begin, f"{making.NOON:%Y%m%d}") == ["p1"]
    assert numbered(begin, f"{making.NOON:%Y%m%d}-") == ["p1"]
    assert numbered(begin, f"{making.NOON:%Y%m%d}-{other.number_end}") == []


def test_a_merged_case_is_found_under_its_number_with_the_one_that_goes_on(begin: Begin) -> None:
    last, middle, first = (making.case(name) for name in ("p3", "p2", "p1"))
    middle.merge(last.id, Decision(by=SUPERVISOR, at=making.NOON, note="同一处"))
    first.merge(middle.id, Decision(by=SUPERVISOR, at=making.NOON, note="同一处"))
    with begin() as uow:
        for case in (last, middle, first):
            uow.cases.add(case)
        uow.commit()

    def found(text: str, **wanted: Any) -> list[str]:
        part = number_part(text)
        with begin() as uow:
            asked = CaseFilter(numbered=part, as_numbered=uow.cases.under(part), **wanted)
            return sorted(case.problem for case in uow.cases.find(asked, limit=9))

    assert found(first.number) == found(first.number_end) == ["p1", "p3"]
    assert found(middle.number) == ["p2", "p3"]
    assert found(last.number) == ["p3"]
    assert found(first.number, statuses=frozenset({Status.REPORTED})) == ["p3"]
    assert found("19990101-ABCD") == []
    with begin() as uow:
        goes_on = all_surviving([first, middle, last], uow=uow)
    assert {id_: case.id for id_, case in goes_on.items()} == {
        first.id: last.id,
        middle.id: last.id,
    }


@pytest.mark.parametrize(("text", "telling"), [("20261121", False), ("99B", False), ("99B6", True)])
def test_a_day_or_three_characters_tell_too_little_to_look_for_what_was_merged(
    text: str, telling: bool
) -> None:
    assert number_part(text).is_telling is telling


@pytest.mark.parametrize("text", ["", "  ", "pothole", "20261345-AB", "2026-11-21", "ABCDEF012"])
def test_what_is_no_part_of_a_number_is_refused_in_plain_words(text: str) -> None:
    with pytest.raises(NotANumber, match="20261121"):
        number_part(text)


def test_eight_digits_that_are_no_day_are_the_end_of_a_number() -> None:
    assert number_part("20261345").day is None
    assert number_part("20261345").end == "20261345"


def test_overdue_are_open_cases_of_which_a_limit_has_passed(begin: Begin) -> None:
    city = City(begin=begin)
    id_ = city.handled()

    def overdue_after(days: int) -> list[str]:
        with city.uow as uow:
            wanted = CaseFilter(overdue=city.now + timedelta(days=days))
            return [case.id for case in uow.cases.find(wanted, limit=9)]

    open_ = overdue_after(0), overdue_after(200)
    city.approve(id_)

    assert open_ == ([], [id_])
    assert overdue_after(200) == []


def test_cases_and_sights_of_many_are_read_at_once(begin: Begin) -> None:
    city = City(begin=begin)
    id_ = city.reported()

    with city.uow as uow:
        case = uow.cases.get(id_)
        cases = uow.cases.known({id_, making.case("other").id})
        sights = uow.observations.of_problems({case.problem, making.case("other").problem})
        own = uow.observations.of_problem(case.problem)

    assert cases == {id_: case}
    assert sights == {case.problem: own}
