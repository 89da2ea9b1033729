"""Random walks through the life of a case: whatever people do, its record stays whole."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.case import audit
from dispatch.case.transition import ENDED, TRANSITIONS, Status
from tests.dispatch import making
from tests.dispatch.walking import REFUSED, take, turn


@settings(max_examples=60, deadline=None)
@given(choices=st.lists(st.integers(0, 10**6), max_size=25))
def test_whatever_people_do_the_record_stays_whole(choices: list[int]) -> None:
    case, at = making.case(), making.NOON
    for choice in choices:
        at += timedelta(hours=choice % 30)
        action, decision = turn(case, choice, at=at)
        steps, before = len(case.history), case.status
        try:
            take(case, action, decision)
        except REFUSED:
            assert (len(case.history), case.status) == (steps, before)
            continue

        assert case.history[-1].after is case.status is TRANSITIONS[before, action].after
        assert case.status is not Status.DISPATCHED or case.department is not None
        assert (case.ended_at is not None) == (case.status in ENDED)
        if case.status in ENDED:
            assert case.rings_at is None
        if case.status is Status.SUSPENDED:
            assert not any(clock.runs for clock in case.clocks.values())
            assert case.rings_at == case.suspended_until
    assert audit.verify_chain((step.record(), step.seal) for step in case.history)
