"""A filing says whether a pass had looked at the spot before, sure enough to find it, in vain."""

import pytest

from dispatch.case.case import Case
from dispatch.case.step import Decision
from dispatch.case.transition import Action
from dispatch.intake import surveying
from dispatch.loop import casework
from dispatch.verification.evidence import Recalls
from tests.dispatch.city import COLLECTOR, City, certain_recall
from tests.dispatch.conftest import Begin
from tests.dispatch.test_patrol_figures import nothing_stated


def looked(city: City, pass_id: str, *, hidden: bool = False, recalls: Recalls) -> None:
    """Sweep the usual place and have the sweep told."""
    city.sweep(pass_id, hidden=hidden)
    at = city.later(minutes=2)
    while surveying.tell_sweeps(now=at, recalls=recalls, profile=city.profile, uow=city.uow):
        pass


def found(city: City, pass_id: str = "vehicle-09:1") -> Case:
    """See a problem on a pass, and have its report confirmed and filed."""
    case = city.take_up(city.see(pass_id=pass_id))
    assert case is not None
    by = Decision(by=COLLECTOR, at=city.later(minutes=10))
    casework.confirm_case(case.id, by, profile=city.profile, uow=city.uow)
    return city.case(case.id)


def named(case: Case) -> object:
    filing = case.last(Action.FILE)
    assert filing is not None
    return filing.grounds.get("missed")


def test_a_find_where_a_pass_had_looked_in_vain_a_day_before_names_that_pass(begin: Begin) -> None:
    city = City(begin=begin)
    looked(city, "vehicle-07:1", recalls=certain_recall)
    city.later(days=1)

    (overlooked,) = named(found(city))  # type: ignore[misc] # JSON

    assert overlooked["pass"] == "vehicle-07:1"


@pytest.mark.parametrize(
    ("hidden", "recalls", "days"),
    [(True, certain_recall, 1), (False, nothing_stated, 1), (False, certain_recall, 4)],
    ids=["the ground was hidden", "no recall is stated", "too long ago"],
)
def test_a_pass_that_could_not_have_found_it_overlooked_nothing(
    begin: Begin, hidden: bool, recalls: Recalls, days: int
) -> None:
    city = City(begin=begin)
    looked(city, "vehicle-07:1", hidden=hidden, recalls=recalls)
    city.later(days=days)

    assert named(found(city)) is None


def test_the_pass_that_found_it_did_not_overlook_it(begin: Begin) -> None:
    city = City(begin=begin)
    looked(city, "vehicle-09:1", recalls=certain_recall)

    assert named(found(city, "vehicle-09:1")) is None
