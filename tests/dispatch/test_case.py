"""The record itself: who reported, the clocks, and a history that proves itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.case import audit
from dispatch.case.audit import BrokenChain
from dispatch.case.case import Case
from dispatch.case.guard import StepBeforeLast
from dispatch.case.step import Decision
from dispatch.case.transition import Action, IllegalTransition, NotYourStep, Status
from dispatch.clocks.clock import Stage
from dispatch.people.people import MixedPowers, NoDepartment, Role
from tests.dispatch import making
from tests.dispatch.city import COLLECTOR, DISPATCHER, City, person


def chain(case: Case) -> list[tuple[dict[str, object], str]]:
    return [(step.record(), step.seal) for step in case.history]


@pytest.fixture
def handled() -> Case:
    city = City()
    return city.case(city.handled())


def test_a_case_is_reported_once() -> None:
    case = making.case()

    with pytest.raises(IllegalTransition):
        case.report(Decision(by=COLLECTOR, at=making.NOON))


def test_a_dispatcher_reports_nothing() -> None:
    case = replace(making.case(), history=[])

    with pytest.raises(NotYourStep):
        case.report(Decision(by=DISPATCHER, at=making.NOON))


def test_a_step_dated_before_the_last_one_is_refused() -> None:
    case = making.case()

    with pytest.raises(StepBeforeLast, match="时钟"):
        case.confirm(Decision(by=COLLECTOR, at=making.NOON - timedelta(seconds=1)))


def test_a_refused_step_leaves_the_case_as_it_was(handled: Case) -> None:
    before = (handled.status, list(handled.history), dict(handled.clocks))

    with pytest.raises(NotYourStep):
        handled.approve(Decision(by=DISPATCHER, at=handled.history[-1].at))

    assert (handled.status, handled.history, handled.clocks) == before


def test_the_clocks_of_a_handled_case_stop_one_by_one(handled: Case) -> None:
    running = {stage for stage, clock in handled.clocks.items() if clock.runs}

    assert running == {Stage.CHECK, Stage.WHOLE}
    assert handled.rings_at == min(handled.clocks[stage].warn_at for stage in running)


def test_a_closed_case_has_no_clock_left_to_ring() -> None:
    city = City()
    id_ = city.handled()
    city.approve(id_)

    assert city.case(id_).rings_at is None
    assert city.case(id_).ended_at == city.now


def test_every_history_verifies_from_its_first_step(handled: Case) -> None:
    assert audit.verify_chain(chain(handled)) == handled.history[-1].seal


def test_one_changed_word_is_found_and_located(handled: Case) -> None:
    forged = chain(handled)
    forged[2] = (forged[2][0] | {"note": "改过"}, forged[2][1])

    with pytest.raises(BrokenChain) as broken:
        audit.verify_chain(forged)

    assert broken.value.number == 3


@pytest.mark.parametrize("dropped", [0, 2, 4])
def test_a_dropped_step_is_found(handled: Case, dropped: int) -> None:
    forged = chain(handled)
    del forged[dropped]

    with pytest.raises(BrokenChain) as broken:
        audit.verify_chain(forged)

    assert broken.value.number == dropped + 1


def test_reordered_steps_are_found(handled: Case) -> None:
    forged = chain(handled)
    forged[1], forged[2] = forged[2], forged[1]

    with pytest.raises(BrokenChain) as broken:
        audit.verify_chain(forged)

    assert broken.value.number == 2


def test_a_seal_does_not_depend_on_the_zone_a_time_is_written_in(handled: Case) -> None:
    step = handled.history[0]
    elsewhere = replace(step, at=step.at.astimezone(City().profile.zone))

    assert elsewhere.record() == step.record()


def test_nobody_both_supervises_and_commands() -> None:
    with pytest.raises(MixedPowers):
        person("两头管", Role.SUPERVISOR, Role.DISPATCHER)


def test_a_handler_belongs_to_a_department() -> None:
    with pytest.raises(NoDepartment):
        person("散工", Role.HANDLER)


def test_the_first_step_of_a_case_is_its_report() -> None:
    case = making.case()

    (step,) = case.history

    assert (step.action, step.before, step.after) == (Action.REPORT, None, Status.REPORTED)
