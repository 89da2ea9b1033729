"""Two cases of one problem: one goes on, and stands for both whatever is seen later."""

import pytest

from dispatch.case.merging import MergeRefused
from dispatch.case.step import Decision, Step
from dispatch.case.transition import Action, Status
from dispatch.ids import CaseId
from dispatch.loop import casework
from dispatch.loop.rekeying import move_cases
from dispatch.loop.revisit import route_sheet
from tests.dispatch.city import DISPATCHER, SUPERVISOR, City, automated


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


def one_problem(city: City, gone: CaseId, to: CaseId) -> None:
    """Have the map find that the problems of two cases are one."""
    with city.uow as uow:
        problems = [uow.cases.get(each).problem for each in (gone, to)]
        move_cases(problems[0], problems[1], at=city.later(hours=1), uow=uow)
        uow.commit()


def proposals(city: City, *ids: CaseId) -> list[tuple[CaseId, object]]:
    steps = [(id_, city.case(id_).last(Action.REMARK)) for id_ in ids]
    return [(id_, s.grounds["into"]) for id_, s in steps if s and s.grounds.get("proposes")]


@pytest.fixture
def by_hand() -> City:
    """A city that files and dispatches nothing by itself."""
    made = City()
    made.profile = automated(made.profile, file=False, dispatch=False)
    return made


def filed_in_turn(city: City, *names: str) -> list[CaseId]:
    found = []
    for name in names:
        case = city.take_up(city.see(name))
        assert case is not None
        found.append(city.file(city.confirm(case.id)))
        city.later(days=1)
    return found


@pytest.mark.parametrize("moved_first", [True, False], ids=["the earlier moves", "the later moves"])
def test_what_the_map_proposes_to_merge_is_accepted_as_it_stands(
    by_hand: City, moved_first: bool
) -> None:
    earlier, later = filed_in_turn(by_hand, "1", "2")
    one_problem(by_hand, *((earlier, later) if moved_first else (later, earlier)))

    ((case, into),) = proposals(by_hand, earlier, later)
    merge(by_hand, case, CaseId(str(into)))

    assert (by_hand.case(later).merged_into, by_hand.case(earlier).is_open) == (earlier, True)


@pytest.mark.parametrize("moved_first", [True, False], ids=["the earlier moves", "the later moves"])
def test_nothing_is_proposed_while_the_later_case_is_with_a_department(
    by_hand: City, moved_first: bool
) -> None:
    earlier, later = filed_in_turn(by_hand, "1", "2")
    order = Decision(by=DISPATCHER, at=by_hand.later(hours=1))
    casework.dispatch_case(
        later, by_hand.department, order, profile=by_hand.profile, uow=by_hand.uow
    )
    moved, kept = (earlier, later) if moved_first else (later, earlier)

    one_problem(by_hand, moved, kept)

    told = by_hand.case(moved).last(Action.REMARK)
    assert proposals(by_hand, earlier, later) == []
    assert told is not None
    assert f"回退后可并入 {by_hand.case(earlier).number}" in told.note


def test_a_case_with_a_department_takes_in_one_that_was_filed_later(by_hand: City) -> None:
    earlier, later = filed_in_turn(by_hand, "1", "2")
    order = Decision(by=DISPATCHER, at=by_hand.later(hours=1))
    casework.dispatch_case(
        earlier, by_hand.department, order, profile=by_hand.profile, uow=by_hand.uow
    )

    one_problem(by_hand, earlier, later)

    assert proposals(by_hand, earlier, later) == [(later, earlier)]


def test_a_case_given_back_to_filing_is_not_merged_by_itself_into_a_younger_one(
    by_hand: City,
) -> None:
    earlier, later = filed_in_turn(by_hand, "1", "2")
    back = Decision(by=DISPATCHER, at=by_hand.later(hours=1), note="立案信息不全")
    casework.return_case(earlier, back, uow=by_hand.uow)

    one_problem(by_hand, earlier, later)

    assert by_hand.case(earlier).is_open, "else it would win the time that has run"
    assert proposals(by_hand, earlier, later) == [(later, earlier)]


def test_of_several_cases_that_prove_one_none_is_merged_into_one_that_has_ended(
    by_hand: City,
) -> None:
    first = by_hand.take_up(by_hand.see("1"))
    (kept,) = filed_in_turn(by_hand, "2")
    third = by_hand.take_up(by_hand.see("3"))
    assert first is not None
    assert third is not None
    one_problem(by_hand, third.id, kept)
    one_problem(by_hand, kept, first.id)

    open_ = [each for each in (first.id, kept, third.id) if by_hand.case(each).is_open]
    assert open_ == [kept]
    assert by_hand.case(first.id).merged_into == by_hand.case(third.id).merged_into == kept
