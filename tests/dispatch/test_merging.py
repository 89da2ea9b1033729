"""Two cases of one problem: one goes on, and stands for both whatever is seen later."""

import pytest

from dispatch import casework
from dispatch.casework import MergeRefused
from dispatch.ids import CaseId
from dispatch.step import Decision
from dispatch.transition import Status
from tests.dispatch.city import SUPERVISOR, City


@pytest.fixture
def city() -> City:
    return City()


def twins(city: City) -> tuple[CaseId, CaseId]:
    kept = city.reported()
    twin = city.take_up(city.see("2"))
    assert twin is not None
    return kept, twin.id


def merge(city: City, twin: CaseId, into: CaseId) -> None:
    decision = Decision(by=SUPERVISOR, at=city.later(minutes=1), note="同一处坑槽")
    casework.merge_case(twin, into, decision, uow=city.uow)


def test_a_later_sight_of_what_was_merged_belongs_to_the_case_that_goes_on(city: City) -> None:
    kept, twin = twins(city)
    merge(city, twin, kept)
    city.later(days=1)

    seen = city.see("3", problem=city.case(twin).problem, pass_id="vehicle-07:3")
    case = city.take_up(seen)

    assert case is not None
    assert case.id == kept


def test_what_was_merged_and_comes_back_after_closure_gets_a_linked_case(city: City) -> None:
    kept, twin = twins(city)
    merge(city, twin, kept)
    city.dispatch(kept)
    casework.accept_case(kept, Decision(by=city.worker, at=city.later(minutes=9)), uow=city.uow)
    city.finish(kept)
    city.approve(kept)
    city.later(days=3)

    again = city.take_up(city.see("3", problem=city.case(twin).problem, pass_id="vehicle-07:9"))

    assert again is not None
    assert again.recurs == kept


def test_nothing_is_merged_into_itself_or_into_what_has_ended(city: City) -> None:
    kept, twin = twins(city)

    with pytest.raises(MergeRefused, match="另一件未结束"):
        merge(city, twin, twin)
    merge(city, twin, kept)
    with pytest.raises(MergeRefused, match="已作废"):
        merge(city, kept, twin)

    assert city.case(kept).status is Status.REPORTED
