"""What a collector puts right on the spot is looked at again like any repair."""

from collections.abc import Callable

import pytest

from dispatch.case.guard import NobodyToSendBackTo
from dispatch.case.step import Decision
from dispatch.case.task import TaskKind
from dispatch.case.transition import Action, Status
from dispatch.indicators.indicator import Key
from dispatch.loop import casework, closing
from dispatch.loop.closing import CheckResult
from dispatch.loop.revisit import route_sheet
from dispatch.people.people import Role
from dispatch.ports.unit_of_work import Question, UnitOfWork
from tests.dispatch.city import (
    CITIES,
    COLLECTOR,
    SUPERVISOR,
    City,
    automated,
    city_of,
    person,
    with_policy,
)
from tests.dispatch.evaluating import closed, evaluate, file, reopened, reported, share
from tests.dispatch.more_lives import collector_put_it_right

OTHER_COLLECTOR = person("采集员小吕", Role.COLLECTOR)


def quiet(city: City) -> City:
    """Draw no case for a blind check."""
    city.profile = with_policy(city.profile, blind_share=0.0)
    return city


@pytest.fixture(params=CITIES)
def city(request: pytest.FixtureRequest) -> City:
    """A city whose camera saw the pothole on three drives before a collector came."""
    return quiet(city_of(request.param))


def seen_on(city: City, number: int) -> str:
    pass_id = f"vehicle-07:{number}"
    city.sweep(pass_id)
    city.see(str(number), problem="problem-1", pass_id=pass_id)
    return pass_id


def put_right(city: City) -> str:
    id_ = city.reported()
    for number in (2, 3):
        city.later(hours=2)
        seen_on(city, number)
    city.photograph(id_, by=COLLECTOR)
    said = Decision(by=COLLECTOR, at=city.later(hours=1))
    casework.self_handle_case(id_, said, profile=city.profile, uow=city.uow)
    return id_


def still_there(city: City) -> str:
    id_ = put_right(city)
    city.later(hours=3)
    for number in (4, 5):
        city.later(hours=1)
        city.judge(seen_on(city, number))
    return id_


def file_it(city: City, id_: str) -> None:
    order = Decision(by=SUPERVISOR, at=city.later(minutes=5))
    casework.file_case(id_, order, profile=city.profile, uow=city.uow)


def test_passes_that_see_nothing_more_suggest_closing_what_a_collector_put_right(
    city: City,
) -> None:
    id_ = put_right(city)
    for number in (4, 5, 6):
        city.drive_by(f"vehicle-07:{number}")

    (task,) = city.tasks(id_, TaskKind.CHECK)
    assert (task.suggestion, task.role) == ("repaired", Role.SUPERVISOR)
    city.approve(id_)

    grounds = city.case(id_).history[-1].grounds
    assert grounds["verification"]["verdict"] == "repaired"
    assert grounds["after_photos"] == ["photo-1"]


def test_what_is_seen_again_goes_to_a_person_who_files_it_for_a_department(city: City) -> None:
    id_ = still_there(city)
    (task,) = city.tasks(id_, TaskKind.CHECK)
    assert (task.suggestion, task.role) == ("still_there", Role.SUPERVISOR)
    assert city.case(id_).status is Status.HANDLED

    file_it(city, id_)

    case = city.case(id_)
    assert case.status in {Status.FILED, Status.DISPATCHED}
    assert city.tasks(id_, TaskKind.CHECK) == [], "nobody is asked to check what is filed"
    filed = case.last(Action.FILE)
    assert filed is not None
    assert filed.grounds["verification"]["verdict"] == "still_there"
    assert (filed.grounds["told"], filed.grounds["condition_zh"]) == (True, case.category.filing_zh)


def test_what_no_camera_could_see_is_on_the_next_route_sheet(city: City) -> None:
    id_ = put_right(city)
    done = city.now
    for number in (4, 5, 6):
        city.drive_by(f"vehicle-07:{number}", hidden=True)

    step = city.case(id_).last(Action.VERIFY)
    sheet = route_sheet(now=city.now, profile=city.profile, uow=city.uow)

    assert step is not None
    assert (step.grounds["verdict"], step.grounds["reason"]) == ("cannot_tell", "occluded")
    assert [(spot.case, spot.since) for spot in sheet.spots if spot.case] == [(id_, done)]


def test_the_verdicts_on_a_department_do_not_rest_on_what_the_collector_did_before(
    city: City,
) -> None:
    id_ = still_there(city)
    file_it(city, id_)
    if city.case(id_).status is Status.FILED:
        order = Decision(by=person("派遣员小郑", Role.DISPATCHER), at=city.later(minutes=1))
        casework.dispatch_case(id_, city.department, order, profile=city.profile, uow=city.uow)
    casework.accept_case(id_, Decision(by=city.worker, at=city.later(minutes=5)), uow=city.uow)
    city.finish(id_)

    city.drive_by("vehicle-07:8")

    step = city.case(id_).last(Action.VERIFY)
    assert step is not None
    assert step.grounds["judged"] == ["vehicle-07:8"]
    assert [each["pass_id"] for each in step.grounds["passes"]] == ["vehicle-07:8"]


def test_a_blind_look_that_finds_it_undone_counts_against_collectors_and_no_department(
    city: City,
) -> None:
    id_ = put_right(city)
    said = Decision(by=OTHER_COLLECTOR, at=city.later(hours=1))
    closing.check_case(id_, CheckResult.STILL_THERE, said, uow=city.uow)

    file_it(city, id_)

    with city.uow as uow:
        counts = {
            who: uow.verdicts.count(Question.DONE_FALSE, label="road.pothole", who=who)
            for who in ("", city.department)
        }
    assert (counts[""].yes, counts[""].no) == (1, 0), "once, by who looked"
    assert (counts[city.department].yes, counts[city.department].no) == (0, 0)
    filed = city.case(id_).last(Action.FILE)
    assert filed is not None
    assert filed.grounds["check"] == "still_there"


def test_a_supervisor_who_was_told_nothing_and_files_it_counts_as_evidence(city: City) -> None:
    id_ = put_right(city)

    file_it(city, id_)

    with city.uow as uow:
        counted = uow.verdicts.count(Question.DONE_FALSE, label="road.pothole", who="")
    assert (counted.yes, counted.no) == (1, 0)


def test_nothing_put_right_on_the_spot_closes_before_somebody_or_a_pass_looked(
    city: City,
) -> None:
    city.profile = automated(city.profile, close=True)
    id_ = put_right(city)

    assert city.case(id_).status is Status.HANDLED
    with pytest.raises(NobodyToSendBackTo):
        back = Decision(by=SUPERVISOR, at=city.later(minutes=1), note="没修好")
        closing.send_back_case(id_, back, profile=city.profile, uow=city.uow)


def test_what_recurs_says_that_a_collector_had_put_it_right(city: City) -> None:
    id_ = put_right(city)
    city.approve(id_)
    city.later(days=2)

    again = city.take_up(city.see("9", problem="problem-1", pass_id="vehicle-07:9"))

    assert again is not None
    assert again.recurs == id_
    assert again.history[0].grounds["recurs_after"] == "self_handle"


@pytest.mark.parametrize(
    "begin",
    [
        "memory",
        "sqlite",
        pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("postgres")]),
    ],
    indirect=True,
)
def test_every_store_keeps_a_verdict_on_what_was_put_right_on_the_spot(
    begin: Callable[[], UnitOfWork],
) -> None:
    city = quiet(city_of("demo", begin=begin))

    id_ = still_there(city)

    (task,) = city.tasks(id_, TaskKind.CHECK)
    step = city.case(id_).last(Action.VERIFY)
    assert step is not None
    assert (step.grounds["verdict"], task.suggestion) == ("still_there", "still_there")


def test_the_figures_tell_what_was_put_right_in_word_only() -> None:
    good = closed(collector_put_it_right(reported("1"), at=1), at=5)
    undone = file(collector_put_it_right(reported("2"), at=1), at=9, dispatch_due=11, whole_due=99)
    taken_up = reopened(closed(collector_put_it_right(reported("3"), at=1), at=5), at=30)
    back = reported("1", at=200, recurs=good, grounds={"recurs_after": "self_handle"})
    other = reported("4", at=200, recurs=good, grounds={"recurs_after": "finish"})

    found = evaluate(good, undone, taken_up, back, other)

    assert found[Key.SELF_HANDLED].numerator == 3
    assert found[Key.SELF_HANDLED_UNDONE].numerator == 2
    assert share(found[Key.SELF_HANDLED_FALSE]) == (2, 3)
    assert found[Key.SELF_HANDLED_RECURRED].numerator == 1
    assert found[Key.RECURRED].numerator == 2
