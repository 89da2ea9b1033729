"""Random walks through the life of a case: whatever people do, its record stays whole."""

from datetime import timedelta
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch import audit, guard, more_time, pressing
from dispatch.case import Case
from dispatch.clock import Stage
from dispatch.deadline import extend_clock, resume_clock, start_clock
from dispatch.ids import DepartmentId, PersonId
from dispatch.people import MACHINE, POWER_OF, Person, Power, Role
from dispatch.step import Decision
from dispatch.transition import ENDED, TRANSITIONS, Action, Status
from dispatch.worktime import parse_limit
from tests.dispatch import making
from tests.dispatch.city import ROADS, demo_profile

CALENDAR: Final = demo_profile().calendar
REFUSED: Final = (
    guard.AppealRefused,
    guard.AskedAlready,
    guard.ExtensionRefused,
    guard.NoAppeal,
    guard.NobodyToSendBackTo,
    guard.NothingAsked,
    guard.NotSelfHandled,
    guard.NotSupervised,
    guard.NotYourReport,
    guard.OwnWork,
    guard.SuspensionRefused,
)
LIMIT: Final = parse_limit("4工作时")


def whoever(role: Role, department: DepartmentId | None) -> Person:
    if role is Role.MACHINE:
        return MACHINE
    commands = POWER_OF.get(role) is Power.COMMAND
    return Person(
        id=PersonId(role.value),
        name=role.zh,
        roles=frozenset({role}),
        department=(department or ROADS) if commands else None,
    )


def take(case: Case, action: Action, decision: Decision) -> None:
    """Take one action, with clocks as casework would set them."""
    at = decision.at

    def started(*stages: Stage) -> list[object]:
        return [start_clock(stage, LIMIT, at=at, calendar=CALENDAR) for stage in stages]

    first = started(Stage.DISPATCH, Stage.WHOLE)
    paused = [
        resume_clock(c, at=at, calendar=CALENDAR) for c in case.clocks.values() if c.paused_at
    ]
    running = case.clocks.get(Stage.HANDLING)
    longer = [extend_clock(running, calendar=CALENDAR)] if running else []
    ways = {
        Action.FILE: lambda: case.file(decision, clocks=first),
        Action.MERGE: lambda: case.merge(case.id, decision),
        Action.DISPATCH: lambda: case.dispatch(ROADS, decision, clock=started(Stage.HANDLING)[0]),
        Action.DECLINE: lambda: case.decline(decision, clock=started(Stage.DISPATCH)[0]),
        Action.FINISH: lambda: case.finish(decision, clock=started(Stage.CHECK)[0]),
        Action.RETURN: lambda: case.send_in_again(decision),
        Action.SELF_HANDLE: lambda: case.self_handle(decision, clock=started(Stage.CHECK)[0]),
        Action.ASK_EXTENSION: lambda: more_time.ask_extension(case, decision),
        Action.ASK_SUSPENSION: lambda: more_time.ask_suspension(
            case, decision, until=at + timedelta(days=9)
        ),
        Action.ENDORSE: lambda: more_time.endorse(case, decision),
        Action.TURN_DOWN: lambda: more_time.turn_down(case, decision),
        Action.EXTEND: lambda: more_time.extend(case, decision, clocks=longer, most=2),
        Action.SUSPEND: lambda: more_time.suspend(
            case, decision, until=at + timedelta(days=9), most=timedelta(days=365)
        ),
        Action.RESUME: lambda: more_time.resume(case, decision, clocks=paused),
        Action.SUPERVISE: lambda: pressing.supervise(case, decision, clock=started(Stage.REPLY)[0]),
        Action.REPLY: lambda: pressing.reply(case, decision),
        Action.APPEAL: lambda: pressing.appeal(case, decision, within=timedelta(days=15)),
        Action.UPHOLD: lambda: pressing.uphold(case, decision),
        Action.DISMISS: lambda: pressing.dismiss(case, decision),
        Action.SEND_BACK: lambda: case.send_back(decision, clock=started(Stage.HANDLING)[0]),
        Action.REOPEN: lambda: case.reopen(decision, clocks=first),
        Action.ALARM: lambda: case.ring(started(Stage.WHOLE)[0], decision),
    }
    ways.get(action, lambda: getattr(case, action.value)(decision))()


@settings(max_examples=60, deadline=None)
@given(choices=st.lists(st.integers(0, 10**6), max_size=25))
def test_whatever_people_do_the_record_stays_whole(choices: list[int]) -> None:
    case, at = making.case(), making.NOON
    for choice in choices:
        open_to = [pair for pair in TRANSITIONS if pair[0] is case.status]
        pair = open_to[choice % len(open_to)]
        role = sorted(TRANSITIONS[pair].roles)[choice % len(TRANSITIONS[pair].roles)]
        at += timedelta(hours=choice % 30)
        decision = Decision(by=whoever(role, case.department), at=at, note="原因")
        steps, before = len(case.history), case.status
        try:
            take(case, pair[1], decision)
        except REFUSED:
            assert (len(case.history), case.status) == (steps, before)
            continue

        assert case.history[-1].after is case.status is TRANSITIONS[pair].after
        assert case.status is not Status.DISPATCHED or case.department is not None
        assert (case.ended_at is not None) == (case.status in ENDED)
        if case.status in ENDED:
            assert case.rings_at is None
        if case.status is Status.SUSPENDED:
            assert not any(clock.runs for clock in case.clocks.values())
            assert case.rings_at == case.suspended_until
    assert audit.verify_chain((step.record(), step.seal) for step in case.history)
