"""From a car or a heap in a zone to its case: through intake, on every store."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest

from dispatch import wire
from dispatch.case.case import Case
from dispatch.case.step import Decision
from dispatch.case.task import TaskKind
from dispatch.case.transition import Action, Status
from dispatch.city.profile import Profile
from dispatch.loop import casework
from dispatch.ports.unit_of_work import CaseFilter, Question, UnitOfWork
from tests.dispatch import making, taking, zoned
from tests.dispatch.city import COLLECTOR, MONDAY, may_file
from tests.dispatch.zoned import CAR, FIRE, GREEN, HEAP, RED, TWICE, box, seen, stay, zone

STREET = zoned.profile([zone()])
LATER = timedelta(minutes=34)
Begin = Callable[[], UnitOfWork]


def take(begin: Begin, profile: Profile, *passes: Sequence[wire.Finding]) -> list[Case]:
    """Take in whole passes, each with its last sweep, and give the cases there are then."""
    for found in passes:
        first = found[0]
        over = making.sweep(device=first.device, pass_id=first.pass_id, at=first.captured_at)
        taking.take_messages(
            [each.model_dump(mode="json") for each in (*found, over)],
            device=first.device,
            at=first.captured_at + timedelta(minutes=5),
            uow=begin(),
            profile=profile,
            cards=may_file,
        )
    with begin() as uow:
        return list(uow.cases.find(CaseFilter(), limit=50))


def again(at: datetime = MONDAY + LATER, **facts: object) -> wire.Finding:
    """See the car again, on the pass of another vehicle."""
    return seen(at, **{"pass_id": "vehicle-12:1", "east_m": 0.8, **facts})  # type: ignore[arg-type]


def test_a_car_on_two_passes_of_two_vehicles_is_one_case_that_awaits_a_person(
    begin: Begin,
) -> None:
    assert take(begin, STREET, [seen(MONDAY)]) == []

    (case,) = take(begin, STREET, [again()])

    with begin() as uow:
        (task,) = uow.tasks.of_case(case.id)
    assert case.status is Status.REPORTED
    assert (case.category.key.code, case.category.label) == ("09009", "street.vehicle_parking")
    assert case.category.detected == CAR
    assert task.kind is TaskKind.CONFIRM
    zone_said = case.history[0].grounds["zone"]
    assert isinstance(zone_said, dict)
    assert "相隔 34 分钟两次看到" in str(zone_said["why_zh"])
    assert "北侧" in str(zone_said["why_zh"])


def test_however_often_people_were_right_a_vehicle_is_never_filed_unasked(begin: Begin) -> None:
    with begin() as uow:
        for _ in range(500):
            for label in (CAR, "street.vehicle_parking"):
                uow.verdicts.add(Question.FIND_TRUE, label=label, who="street-n 0.1.0", answer=True)
        uow.commit()

    (case,) = take(begin, STREET, [seen(MONDAY)], [again()])

    assert case.status is Status.REPORTED


def test_passes_that_arrive_in_the_wrong_order_make_the_same_case(begin: Begin) -> None:
    (case,) = take(begin, STREET, [again()], [seen(MONDAY)])

    assert case.category.key.code == "09009"


def test_a_third_pass_makes_no_second_case(begin: Begin) -> None:
    cases = take(
        begin, STREET, [seen(MONDAY)], [again()], [again(MONDAY + 3 * LATER, pass_id="vehicle-3:1")]
    )

    assert len(cases) == 1


@pytest.mark.parametrize(
    "second",
    [
        again(MONDAY + timedelta(minutes=5)),
        again(MONDAY + timedelta(hours=3)),
        again(MONDAY + timedelta(days=1)),
        again(east_m=14.0),
        again(stood=stay(colour=RED, height_m=1.95)),
        again(north_m=30.0),
    ],
    ids=["too soon", "too late", "next day", "moved on", "another car", "outside"],
)
def test_what_is_not_the_same_car_standing_there_makes_no_case(
    begin: Begin, second: wire.Finding
) -> None:
    assert take(begin, STREET, [seen(MONDAY)], [second]) == []


def test_outside_the_zones_no_car_is_anybodys_business(begin: Begin) -> None:
    away = {"north_m": 30.0}

    assert take(begin, STREET, [seen(MONDAY, **away)], [again(**away)]) == []


def test_a_car_that_people_cleared_stays_cleared_and_the_next_one_does_not(begin: Begin) -> None:
    (case,) = take(begin, STREET, [seen(MONDAY)], [again()])
    refused = Decision(by=COLLECTOR, at=MONDAY + timedelta(hours=1), note="正在卸货", code="N1")
    casework.refute_case(case.id, refused, profile=STREET, uow=begin())

    third = again(MONDAY + 3 * LATER, pass_id="vehicle-3:1")
    assert len(take(begin, STREET, [third])) == 1

    evening = MONDAY + timedelta(hours=9)
    other = [seen(evening, pass_id="vehicle-4:1"), again(evening + LATER, pass_id="vehicle-5:1")]
    assert len(take(begin, STREET, *([each] for each in other))) == 2


def test_a_heap_on_a_green_is_the_greens_class_and_elsewhere_rubbish(begin: Begin) -> None:
    green = zoned.profile([zone("GR1", "green")], [TWICE, GREEN])

    cases = take(begin, green, [seen(MONDAY, label=HEAP), seen(MONDAY, label=HEAP, north_m=40.0)])

    assert sorted(case.category.key.code for case in cases) == ["06010", "06017"]


def test_a_heap_at_the_edge_of_a_green_is_filed_by_nobody_but_a_person(begin: Begin) -> None:
    with begin() as uow:
        for _ in range(500):
            uow.verdicts.add(
                Question.FIND_TRUE,
                label="sanitation.green_untidy",
                who="street-n 0.1.0",
                answer=True,
            )
        uow.commit()
    green = zoned.profile([zone("GR1", "green")], [GREEN])
    edge, middle = seen(MONDAY, label=HEAP, north_m=9.5), seen(MONDAY, label=HEAP)
    sure = {"probabilities": {HEAP: 0.99}}

    cases = take(begin, green, [each.model_copy(update=sure) for each in (edge, middle)])

    by_way = {case.status: case for case in cases}
    assert set(by_way) == {Status.REPORTED, Status.DISPATCHED}
    triage = by_way[Status.REPORTED].history[0].grounds["triage"]
    assert isinstance(triage, dict)
    assert "区域规则" in str(triage["why_zh"])


def test_a_fire_lane_in_a_no_stopping_zone_is_filed_as_a_fire_lane(begin: Begin) -> None:
    lane = zone("FL1", "fire_lane", ground=box(-4, -4, 4, 4))

    (case,) = take(begin, zoned.profile([zone(), lane], [FIRE, TWICE]), [seen(MONDAY)], [again()])

    assert case.category.key.code == "09012"
    assert [step.action for step in case.history] == [Action.REPORT]
