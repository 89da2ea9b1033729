"""Pressing for cases, replies, and appeals against missed limits."""

from datetime import timedelta

import pytest

from dispatch.case.guard import AppealRefused, NoAppeal, NotSupervised, NotYourReport
from dispatch.case.step import Decision
from dispatch.case.task import TaskKind
from dispatch.case.transition import Action, NotYourStep
from dispatch.clocks.clock import Stage
from dispatch.ids import CaseId
from dispatch.loop import casework, oversight, supervision
from dispatch.loop.offer import offered
from dispatch.people.people import Person
from tests.dispatch.city import (
    COLLECTOR,
    DISPATCHER,
    EVALUATOR,
    FOREMAN,
    SUPERVISOR,
    City,
)


@pytest.fixture
def city() -> City:
    return City()


def says(city: City, who: Person, note: str = "") -> Decision:
    return Decision(by=who, at=city.later(minutes=1), note=note)


def tick(city: City) -> None:
    oversight.ring_clocks(now=city.now, profile=city.profile, uow=city.uow)


def levels(city: City, id_: CaseId) -> list[object]:
    steps = [s for s in city.case(id_).history if s.action is Action.SUPERVISE]
    return [step.grounds["level"] for step in steps]


def test_a_supervisor_presses_for_a_case_and_the_department_replies(city: City) -> None:
    id_ = city.handling()

    supervision.supervise_case(
        id_, says(city, SUPERVISOR, "领导批示"), profile=city.profile, uow=city.uow
    )
    (task,) = city.tasks(id_, TaskKind.REPLY)
    running = city.case(id_).clocks[Stage.REPLY].runs
    supervision.reply_to_supervision(id_, says(city, FOREMAN, "今天下午修好"), uow=city.uow)

    assert task.fits(FOREMAN) and task.due_at is not None
    assert running and not city.case(id_).clocks[Stage.REPLY].runs
    assert city.tasks(id_, TaskKind.REPLY) == []
    with pytest.raises(NotSupervised):
        supervision.reply_to_supervision(id_, says(city, FOREMAN, "又回复"), uow=city.uow)


def test_an_overdue_case_is_pressed_for_once_and_higher_where_no_reply_comes(city: City) -> None:
    id_ = city.handling()
    city.now = city.case(id_).clocks[Stage.HANDLING].due_at
    tick(city)
    tick(city)
    first = levels(city, id_)

    for _ in range(3):
        city.now = city.case(id_).clocks[Stage.REPLY].due_at
        tick(city)

    assert first == [1]
    assert levels(city, id_) == [1, 2], "the ladder of the profile has two levels"
    assert len(city.tasks(id_, TaskKind.REPLY)) == 1


def test_a_reply_keeps_the_clock_from_climbing(city: City) -> None:
    id_ = city.handling()
    city.now = city.case(id_).clocks[Stage.HANDLING].due_at
    tick(city)
    supervision.reply_to_supervision(id_, says(city, FOREMAN, "在路上"), uow=city.uow)

    city.later(days=5)
    tick(city)

    assert levels(city, id_) == [1]


def test_a_department_appeals_against_a_missed_limit_and_an_evaluator_judges(city: City) -> None:
    id_ = city.handling()
    with pytest.raises(AppealRefused, match="没有超期"):
        supervision.appeal_case(
            id_, says(city, FOREMAN, "停电"), profile=city.profile, uow=city.uow
        )
    city.now = city.case(id_).clocks[Stage.HANDLING].due_at + timedelta(hours=1)
    city.finish(id_)

    supervision.appeal_case(id_, says(city, FOREMAN, "停电"), profile=city.profile, uow=city.uow)
    (task,) = city.tasks(id_, TaskKind.JUDGE)
    with pytest.raises(NotYourStep):
        supervision.uphold_appeal(id_, says(city, FOREMAN, "我说了算"), uow=city.uow)
    supervision.uphold_appeal(id_, says(city, EVALUATOR, "情况属实"), uow=city.uow)

    assert task.fits(EVALUATOR)
    with pytest.raises(AppealRefused, match="已提出过"):
        supervision.appeal_case(
            id_, says(city, FOREMAN, "再来"), profile=city.profile, uow=city.uow
        )
    with pytest.raises(NoAppeal):
        supervision.dismiss_appeal(id_, says(city, EVALUATOR, "不属实"), uow=city.uow)


def test_an_appeal_after_its_days_is_not_heard(city: City) -> None:
    id_ = city.handling()
    due = city.case(id_).clocks[Stage.HANDLING].due_at
    city.now = due + timedelta(days=city.profile.casework.appeal_days, hours=1)

    with pytest.raises(AppealRefused, match="15 天"):
        supervision.appeal_case(
            id_, says(city, FOREMAN, "停电"), profile=city.profile, uow=city.uow
        )
    assert Action.APPEAL not in offered(city.case(id_), FOREMAN, profile=city.profile, at=city.now)


def test_only_who_reported_or_a_supervisor_reopens(city: City) -> None:
    id_ = city.handled()
    city.approve(id_)
    city.show_now(id_)

    with pytest.raises(NotYourReport):
        casework.reopen_case(
            id_, says(city, COLLECTOR, "又坏了"), profile=city.profile, uow=city.uow
        )
    casework.reopen_case(id_, says(city, SUPERVISOR, "又坏了"), profile=city.profile, uow=city.uow)

    assert city.case(id_).is_open


def test_a_filed_case_that_is_pressed_for_waits_for_the_dispatchers_word(city: City) -> None:
    id_ = city.handled()
    city.approve(id_)
    city.show_now(id_)
    casework.reopen_case(id_, says(city, SUPERVISOR, "又坏了"), profile=city.profile, uow=city.uow)

    supervision.supervise_case(
        id_, says(city, SUPERVISOR, "群众催办"), profile=city.profile, uow=city.uow
    )

    (task,) = city.tasks(id_, TaskKind.REPLY)
    assert task.fits(DISPATCHER)
