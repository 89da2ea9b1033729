"""More time: whoever handles asks, the department agrees, the dispatcher decides."""

from datetime import timedelta

import pytest

from dispatch.case.guard import AskedAlready, NothingAsked, OwnWork
from dispatch.case.step import Decision
from dispatch.case.task import TaskKind
from dispatch.case.transition import Action, Status
from dispatch.clocks.clock import Stage
from dispatch.ids import CaseId
from dispatch.loop import casework, closing, granting
from dispatch.loop.closing import CheckResult
from dispatch.loop.handover import UnknownReason
from dispatch.loop.offer import offered
from dispatch.loop.picture_need import AfterPhotoMissing
from dispatch.people.people import Person
from tests.dispatch.city import COLLECTOR, DISPATCHER, FOREMAN, SUPERVISOR, WORKER, City


@pytest.fixture
def city() -> City:
    return City()


def says(city: City, who: Person, note: str = "", **more: str) -> Decision:
    return Decision(by=who, at=city.later(minutes=1), note=note, **more)


def may(city: City, id_: CaseId, who: Person) -> set[Action]:
    return set(offered(city.case(id_), who, profile=city.profile, at=city.now))


def test_a_workers_request_goes_to_the_department_and_then_to_the_dispatcher(city: City) -> None:
    id_ = city.handling()

    granting.ask_extension(id_, says(city, WORKER, "等沥青料"), uow=city.uow)
    (endorse,) = city.tasks(id_, TaskKind.ENDORSE)
    granting.endorse_request(id_, says(city, FOREMAN), uow=city.uow)
    (grant,) = city.tasks(id_, TaskKind.GRANT)
    before = city.case(id_).clocks[Stage.HANDLING].due_at
    granting.extend_case(id_, says(city, DISPATCHER, "同意"), profile=city.profile, uow=city.uow)

    assert endorse.fits(FOREMAN) and not endorse.fits(WORKER)
    assert grant.fits(DISPATCHER)
    assert endorse.due_at == grant.due_at == before, "after that nothing may be granted"
    assert city.case(id_).clocks[Stage.HANDLING].due_at > before
    assert city.tasks(id_, TaskKind.GRANT) == city.tasks(id_, TaskKind.ENDORSE) == []


def test_what_the_department_asks_needs_no_second_word_of_it(city: City) -> None:
    id_ = city.handling()

    granting.ask_extension(id_, says(city, FOREMAN, "等沥青料"), uow=city.uow)

    assert city.tasks(id_, TaskKind.ENDORSE) == []
    assert len(city.tasks(id_, TaskKind.GRANT)) == 1


def test_nothing_is_granted_that_no_department_stands_behind(city: City) -> None:
    id_ = city.handling()
    with pytest.raises(NothingAsked, match="先由处置人员申请"):
        granting.extend_case(
            id_, says(city, DISPATCHER, "帮个忙"), profile=city.profile, uow=city.uow
        )
    granting.ask_extension(id_, says(city, WORKER, "等料"), uow=city.uow)

    with pytest.raises(NothingAsked):
        granting.extend_case(
            id_, says(city, DISPATCHER, "帮个忙"), profile=city.profile, uow=city.uow
        )

    assert Action.EXTEND not in may(city, id_, DISPATCHER)
    assert Action.ENDORSE in may(city, id_, FOREMAN)


def test_a_request_turned_down_changes_no_limit_and_may_be_made_again(city: City) -> None:
    id_ = city.handling()
    due = city.case(id_).clocks[Stage.HANDLING].due_at
    city.ask_extension(id_)

    with pytest.raises(AskedAlready):
        granting.ask_extension(id_, says(city, WORKER, "再问一次"), uow=city.uow)
    granting.turn_down_request(id_, says(city, DISPATCHER, "时间够用"), uow=city.uow)

    assert city.case(id_).clocks[Stage.HANDLING].due_at == due
    assert city.tasks(id_, TaskKind.GRANT) == []
    assert Action.ASK_EXTENSION in may(city, id_, WORKER)


def test_a_request_lapses_when_the_work_is_done(city: City) -> None:
    id_ = city.handling()
    granting.ask_extension(id_, says(city, WORKER, "等料"), uow=city.uow)

    city.finish(id_)

    assert city.tasks(id_, TaskKind.ENDORSE) == []
    assert Action.ENDORSE not in may(city, id_, FOREMAN)


def test_an_extension_asked_for_is_no_suspension(city: City) -> None:
    id_ = city.handling()
    city.ask_extension(id_)

    with pytest.raises(NothingAsked):
        granting.suspend_case(
            id_,
            says(city, DISPATCHER, "挂起来"),
            until=city.now + timedelta(days=3),
            profile=city.profile,
            uow=city.uow,
        )


def test_a_dispatcher_gives_a_filed_case_back_and_the_whole_clock_goes_on(city: City) -> None:
    id_ = city.dispatched()
    casework.decline_case(id_, says(city, WORKER, code="D2"), profile=city.profile, uow=city.uow)
    whole = city.case(id_).clocks[Stage.WHOLE]

    casework.return_case(id_, says(city, DISPATCHER, "不属城管事项"), uow=city.uow)
    given_back = city.case(id_).status
    casework.file_case(id_, says(city, SUPERVISOR), profile=city.profile, uow=city.uow)

    case = city.case(id_)
    assert given_back is Status.CONFIRMED
    assert case.status is Status.FILED, "a person dispatches what came back, no rule does"
    assert case.clocks[Stage.WHOLE] == whole
    assert case.clocks[Stage.DISPATCH].runs


def test_a_reason_is_one_of_the_citys_codes_and_its_words_stay_in_the_history(city: City) -> None:
    id_ = city.reported()

    with pytest.raises(UnknownReason, match="V1 重复上报"):
        casework.void_case(
            id_, says(city, SUPERVISOR, "算了", code="X9"), profile=city.profile, uow=city.uow
        )
    casework.void_case(id_, says(city, SUPERVISOR, code="V2"), profile=city.profile, uow=city.uow)

    step = city.case(id_).history[-1]
    assert step.note == "不属本区管辖"
    assert step.grounds["code"] == "V2"


def test_what_a_collector_puts_right_is_checked_by_somebody_else(city: City) -> None:
    id_ = city.reported()
    with pytest.raises(AfterPhotoMissing):
        casework.self_handle_case(id_, says(city, COLLECTOR), profile=city.profile, uow=city.uow)
    city.photograph(id_, by=COLLECTOR)

    casework.self_handle_case(id_, says(city, COLLECTOR), profile=city.profile, uow=city.uow)

    assert city.case(id_).status is Status.HANDLED
    assert Action.SEND_BACK not in may(city, id_, SUPERVISOR), "there is no department"
    assert Action.FILE in may(city, id_, SUPERVISOR)
    with pytest.raises(OwnWork, match="请由别人核查"):
        closing.check_case(id_, CheckResult.REPAIRED, says(city, COLLECTOR), uow=city.uow)
    city.approve(id_)
    assert city.case(id_).status is Status.CLOSED


def test_what_was_not_put_right_is_filed_and_gets_a_department(city: City) -> None:
    id_ = city.reported()
    city.photograph(id_, by=COLLECTOR)
    casework.self_handle_case(id_, says(city, COLLECTOR), profile=city.profile, uow=city.uow)

    casework.file_case(id_, says(city, SUPERVISOR), profile=city.profile, uow=city.uow)

    case = city.case(id_)
    assert (case.status, case.department) == (Status.DISPATCHED, "roads")
    assert not case.clocks[Stage.CHECK].runs
