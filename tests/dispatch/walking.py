"""Walks through the life of a case: at each turn something that its status lets somebody do."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from dispatch.case import guard, more_time, pressing
from dispatch.case.case import Case, Corrected
from dispatch.case.step import Decision
from dispatch.case.transition import TRANSITIONS, Action
from dispatch.clocks.clock import Clock, Stage
from dispatch.clocks.deadline import extend_clock, resume_clock, start_clock
from dispatch.clocks.worktime import parse_limit
from dispatch.ids import DepartmentId, GridId, PersonId
from dispatch.people.people import MACHINE, POWER_OF, Person, Power, Role
from tests.dispatch.city import ROADS, SANITATION, demo_profile

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
    """Give somebody of a role, of the department whose case it is."""
    if role is Role.MACHINE:
        return MACHINE
    commands = POWER_OF.get(role) is Power.COMMAND
    return Person(
        id=PersonId(role.value),
        name=role.zh,
        roles=frozenset({role}),
        department=(department or ROADS) if commands else None,
    )


def take(case: Case, action: Action, decision: Decision, *, to: DepartmentId = ROADS) -> None:
    """Take one action, with clocks as casework would set them."""
    ways = _ways(case, decision, to)
    ways.get(action, lambda: getattr(case, action.value)(decision))()


def _ways(case: Case, decision: Decision, to: DepartmentId) -> dict[Action, Callable[[], None]]:
    at = decision.at

    def started(*stages: Stage) -> list[Clock]:
        return [start_clock(stage, LIMIT, at=at, calendar=CALENDAR) for stage in stages]

    first = started(Stage.DISPATCH, Stage.WHOLE)
    paused = [
        resume_clock(c, at=at, calendar=CALENDAR) for c in case.clocks.values() if c.paused_at
    ]
    running = case.clocks.get(Stage.HANDLING)
    longer = [extend_clock(running, at=at, calendar=CALENDAR)] if running else []
    return {
        Action.FILE: lambda: case.file(decision, clocks=first),
        Action.CORRECT: lambda: case.correct(_elsewhere(case), decision, clocks=()),
        Action.MERGE: lambda: case.merge(case.id, decision),
        Action.DISPATCH: lambda: case.dispatch(to, decision, clock=started(Stage.HANDLING)[0]),
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
        Action.ERASE: lambda: case.take(Action.ERASE, decision),
        Action.HOLD: lambda: case.take(Action.HOLD, decision),
        Action.RELEASE: lambda: case.take(Action.RELEASE, decision),
        Action.ALARM: lambda: case.ring(started(Stage.WHOLE)[0], decision),
    }


def _elsewhere(case: Case) -> Corrected:
    """Move a case to the grid beside it and back, by turns."""
    odd = (case.grid or "").endswith("1")
    return Corrected(
        category=replace(case.category, label="road.spill" if odd else "road.pothole"),
        severity=case.severity,
        place=case.place,
        grid=GridId("999901001001002" if odd else "999901001001001"),
        grid_share=1.0,
    )


def turn(case: Case, choice: int, *, at: datetime) -> tuple[Action, Decision]:
    """Choose what to do, and who does it."""
    open_to = [pair for pair in TRANSITIONS if pair[0] is case.status]
    pair = open_to[choice % len(open_to)]
    roles = sorted(TRANSITIONS[pair].roles)
    by = whoever(roles[choice % len(roles)], case.department)
    return pair[1], Decision(by=by, at=at, note="原因", grounds={"code": f"c{choice % 3}"})


def walk(case: Case, choices: Iterable[int], *, at: datetime, step_h: int) -> None:
    """Take the turns that are not refused, up to `step_h` hours apart."""
    for choice in choices:
        at += timedelta(hours=choice % step_h)
        action, decision = turn(case, choice, at=at)
        try:
            take(case, action, decision, to=SANITATION if choice % 2 else ROADS)
        except REFUSED:
            continue
