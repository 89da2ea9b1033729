"""The life of a case as one table: what is not in it is refused, and says why."""

from itertools import product
from pathlib import Path

import pytest

from dispatch.case.transition import (
    ENDED,
    TRANSITIONS,
    Action,
    IllegalTransition,
    NotYourStep,
    ReasonMissing,
    Status,
    permit,
)
from dispatch.ids import DepartmentId, PersonId
from dispatch.people.people import Person, Role
from tests.dispatch.states import states_page

STATES = Path(__file__).parents[2] / "docs" / "reference" / "states.md"
EVERY = [*product([None, *Status], Action)]


def somebody(role: Role) -> Person:
    department = DepartmentId("roads") if role in {Role.DEPARTMENT, Role.HANDLER} else None
    return Person(
        id=PersonId("someone"), name="某人", roles=frozenset({role}), department=department
    )


@pytest.mark.parametrize(("status", "action"), [pair for pair in EVERY if pair not in TRANSITIONS])
def test_every_transition_not_in_the_table_is_refused_to_everybody(
    status: Status | None, action: Action
) -> None:
    for role in Role:
        with pytest.raises(IllegalTransition) as refused:
            permit(status, action, by=somebody(role), note="原因")

        assert action.zh in refused.value.zh
        assert "现在可以" in refused.value.zh


@pytest.mark.parametrize(("status", "action"), list(TRANSITIONS))
def test_every_transition_in_the_table_is_open_to_its_roles_alone(
    status: Status | None, action: Action
) -> None:
    transition = TRANSITIONS[status, action]

    for role in transition.roles:
        taken = permit(status, action, by=somebody(role), note="原因")
        assert taken == (transition.after, role)
    for role in set(Role) - transition.roles:
        with pytest.raises(NotYourStep, match="岗位"):
            permit(status, action, by=somebody(role), note="原因")


@pytest.mark.parametrize(
    ("status", "action"), [pair for pair, t in TRANSITIONS.items() if t.reason]
)
def test_what_takes_something_back_needs_a_reason(status: Status | None, action: Action) -> None:
    role = min(TRANSITIONS[status, action].roles)

    with pytest.raises(ReasonMissing):
        permit(status, action, by=somebody(role), note="  ")


def test_nobody_who_handles_may_close_or_check() -> None:
    handlers = {Role.DEPARTMENT, Role.HANDLER, Role.DISPATCHER}

    for action in (Action.APPROVE, Action.CHECK, Action.SEND_BACK, Action.WRITE_OFF):
        for (_, taken), transition in TRANSITIONS.items():
            assert taken is not action or not transition.roles & handlers


def test_no_penalty_and_no_write_off_is_the_machines() -> None:
    machine = {action for (_, action), t in TRANSITIONS.items() if Role.MACHINE in t.roles}

    assert machine.isdisjoint({Action.WRITE_OFF, Action.REFUTE, Action.VOID, Action.SEND_BACK})


def test_every_status_but_an_end_leads_on() -> None:
    for status in set(Status) - ENDED:
        onward = {t.after for (s, _), t in TRANSITIONS.items() if s is status}
        assert onward - {status}


def test_every_status_and_action_has_a_chinese_name() -> None:
    assert all(status.zh for status in Status)
    assert all(action.zh for action in Action)


def test_the_page_of_states_is_the_table() -> None:
    written = STATES.read_text(encoding="utf-8")

    assert written == states_page(), "run: python -m tests.dispatch.states"
