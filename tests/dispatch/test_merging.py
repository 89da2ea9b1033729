"""Two cases of one problem: one goes on, and stands for both whatever is seen later."""

import pytest

from dispatch import casework
from dispatch.casework import MergeRefused
from dispatch.ids import CaseId
from dispatch.revisit import route_sheet
from dispatch.step import Decision, Step
from dispatch.transition import Action, Status
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


ELSEWHERE_DEGREES = 0.0015
"""Some 160 m of latitude: no sweep of the one place touches the other."""


def merged_from_afar(city: City) -> tuple[CaseId, CaseId]:
    """Bring a case to its check; what three drives saw elsewhere was merged into it."""
    kept = city.reported()
    saw_it_twice_more(city, "problem-1")
    latitude, longitude = city.where
    city.where = (latitude + ELSEWHERE_DEGREES, longitude)
    twin = city.take_up(city.see("9"))
    assert twin is not None
    saw_it_twice_more(city, twin.problem)
    city.where = (latitude, longitude)
    merge(city, twin.id, kept)
    city.dispatch(kept)
    casework.accept_case(kept, Decision(by=city.worker, at=city.later(minutes=9)), uow=city.uow)
    city.finish(kept)
    return kept, twin.id


def saw_it_twice_more(city: City, problem: str) -> None:
    for number in (2, 3):
        city.later(minutes=30)
        pass_id = f"vehicle-07:{problem}-{number}"
        city.sweep(pass_id)
        city.see(f"{problem} {number}", problem=problem, pass_id=pass_id)


def drive(city: City, pass_id: str, *places: float, sees: str | None = None) -> Step:
    """Drive past places, so many degrees north of the usual one; the last one may show it."""
    latitude, longitude = city.where
    city.later(hours=2)
    for place in places:
        city.where = (latitude + place, longitude)
        city.sweep(pass_id)
    if sees is not None:
        city.see(pass_id, problem=sees, pass_id=pass_id)
    city.where = (latitude, longitude)
    (judged,) = city.judge(pass_id)
    verified = city.case(judged).last(Action.VERIFY)
    assert verified is not None
    return verified


def test_what_was_merged_is_repaired_only_where_both_places_were_looked_at(city: City) -> None:
    kept, _ = merged_from_afar(city)

    for number in (4, 5, 6, 7):
        one_place = drive(city, f"vehicle-07:{number}", 0.0)
    assert one_place.grounds["verdict"] == "cannot_tell"
    for number in (8, 9, 10, 11):
        both = drive(city, f"vehicle-07:{number}", ELSEWHERE_DEGREES)

    assert both.grounds["verdict"] == "repaired"
    assert len(both.grounds["passes"]) == 8
    assert city.case(kept).status is Status.HANDLED


def test_what_is_seen_where_the_merged_case_lay_is_still_there(city: City) -> None:
    kept, twin = merged_from_afar(city)
    drive(city, "vehicle-07:4", 0.0)

    seen = drive(city, "vehicle-07:5", ELSEWHERE_DEGREES, sees=str(city.case(twin).problem))

    assert seen.grounds["verdict"] == "still_there"
    assert city.case(kept).last(Action.VERIFY) == seen
    assert [each["outcome"] for each in seen.grounds["passes"]] == ["not_inspected", "seen"]


def test_the_next_patrol_is_led_to_both_places_as_long_as_it_cannot_be_told(city: City) -> None:
    kept, _ = merged_from_afar(city)
    drive(city, "vehicle-07:4", 0.0)

    sheet = route_sheet(now=city.now, profile=city.profile, uow=city.uow)

    asked = [spot for spot in sheet.spots if spot.case == kept]
    north = [spot.latitude - city.where[0] for spot in asked]
    assert sorted(north) == pytest.approx([0.0, ELSEWHERE_DEGREES], abs=1e-5)
