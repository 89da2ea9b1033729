"""The whole loop on every store: what people decide is kept, and stale decisions are refused."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dispatch.case import audit
from dispatch.case.case import Case
from dispatch.case.guard import DecisionTaken, was_taken
from dispatch.case.step import Decision, SentAs
from dispatch.case.transition import Action, Status
from dispatch.ids import DecisionId
from dispatch.loop import casework, closing
from dispatch.missing import StaleCase
from dispatch.ports.unit_of_work import UnitOfWork
from tests.dispatch.city import COLLECTOR, SUPERVISOR, WORKER, City, demo_profile, with_policy


@pytest.fixture
def city(begin: Callable[[], UnitOfWork]) -> City:
    return City(begin=begin, profile=with_policy(demo_profile(), blind_share=0.0))


def test_a_case_goes_round_the_loop_with_rework_and_its_history_verifies(city: City) -> None:
    id_ = city.handled()
    closing.send_back_case(
        id_,
        Decision(by=SUPERVISOR, at=city.later(hours=1), note="没补"),
        profile=city.profile,
        uow=city.uow,
    )
    casework.accept_case(id_, Decision(by=WORKER, at=city.later(minutes=5)), uow=city.uow)
    city.finish(id_)
    city.drive_by("vehicle-07:4")
    city.approve(id_)

    case = city.case(id_)

    assert case.status is Status.CLOSED
    assert [step.action for step in case.history] == [
        Action.REPORT,
        Action.CONFIRM,
        Action.FILE,
        Action.DISPATCH,
        Action.ACCEPT,
        Action.FINISH,
        Action.SEND_BACK,
        Action.ACCEPT,
        Action.FINISH,
        Action.VERIFY,
        Action.APPROVE,
    ]
    assert audit.verify_chain((step.record(), step.seal) for step in case.history)


def test_of_two_people_deciding_at_once_one_is_told(city: City) -> None:
    id_ = city.reported()
    read_before: Case = city.case(id_)
    casework.confirm_case(
        id_, Decision(by=COLLECTOR, at=city.later(minutes=1)), profile=city.profile, uow=city.uow
    )

    with pytest.raises(StaleCase), city.uow as uow:
        uow.cases.save(read_before)

    assert city.case(id_).status is Status.DISPATCHED


def test_a_decision_that_comes_again_is_known_by_its_id_in_every_store(city: City) -> None:
    id_ = city.reported()
    sent = SentAs.of(DecisionId("d1"), {"action": "confirm"})
    decision = Decision(by=COLLECTOR, at=city.later(minutes=1), sent_as=sent)
    casework.confirm_case(id_, decision, profile=city.profile, uow=city.uow)
    before = city.case(id_)

    with pytest.raises(StaleCase):
        casework.confirm_case(id_, decision, profile=city.profile, uow=city.uow)
    with pytest.raises(DecisionTaken, match="d1"):
        other = replace(decision, sent_as=SentAs.of(DecisionId("d1"), {"action": "refute"}))
        casework.refute_case(id_, other, profile=city.profile, uow=city.uow)

    assert city.case(id_) == before
    assert was_taken(decision, before.history)
    assert [step.action for step in before.history if step.sent_as] == [Action.CONFIRM]
    assert audit.verify_chain((step.record(), step.seal) for step in before.history)
