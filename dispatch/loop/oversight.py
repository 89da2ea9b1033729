"""What the clock and the passes decide: alarms, ends of suspensions, verdicts on handled cases."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from pydantic import JsonValue
from pydantic_core import to_jsonable_python

from dispatch.case.case import Case
from dispatch.case.pressing import next_level
from dispatch.case.step import Decision
from dispatch.case.task import TaskKind
from dispatch.case.transition import DONE, TRANSITIONS, Action, Status
from dispatch.city.profile import Profile
from dispatch.clocks.clock import Alarm, Clock, Stage
from dispatch.ground.place import cells_near
from dispatch.ids import CaseId
from dispatch.loop.closing import closing_grounds, of_this_round
from dispatch.loop.copied import Copy, copied_words, copies_in
from dispatch.loop.granting import resume
from dispatch.loop.handover import all_surviving, cancel_tasks, make_task, open_tasks, send_to_look
from dispatch.loop.judging import assess
from dispatch.loop.supervision import press
from dispatch.people.people import MACHINE, Role
from dispatch.ports.unit_of_work import CaseFilter, Question, UnitOfWork
from dispatch.sights.swept import REACH_M
from dispatch.verification.evidence import Recalls
from dispatch.verification.guarantee import may_close_itself
from dispatch.verification.sentence import sentence_en, sentence_zh
from dispatch.verification.verdict import Assessment, Verdict

BATCH: Final = 200
"""Cases that one transaction takes."""
NEAR_MOST: Final = 10_000
"""Handled cases that one pass may concern."""


def ring_clocks(
    *, now: datetime, profile: Profile, uow: UnitOfWork, limit: int = BATCH
) -> tuple[CaseId, ...]:
    """Announce what reached 80 or 100 % of its limit, and end suspensions; one transaction.

    Returns:
        The cases concerned; call again while there are `limit` of them.
    """
    with uow:
        cases = uow.cases.ringing(now, limit=limit)
        for case in cases:
            _ring(case, now=now, profile=profile, uow=uow)
            uow.cases.save(case)
        uow.commit()
    return tuple(case.id for case in cases)


def judge_handled(
    pass_id: str, *, recalls: Recalls, profile: Profile, at: datetime, uow: UnitOfWork
) -> tuple[CaseId, ...]:
    """Judge every handled case near the ground that a pass touched; joins a transaction.

    Each gets the assessment as a step, and unless nothing can be told a task for the person who
    decides. The same pass judges a round of handling once.

    Returns:
        The cases that were judged.
    """
    judged = [
        case
        for case in _handled_near(pass_id, uow=uow)
        if _judge(case, pass_id, recalls=recalls, profile=profile, at=at, uow=uow)
    ]
    for case in judged:
        uow.cases.save(case)
    return tuple(case.id for case in judged)


def may_close_by_itself(label: str, *, profile: Profile, uow: UnitOfWork) -> bool:
    """Say whether the profile allows closing, and enough blind checks guarantee it."""
    if not profile.automation.close:
        return False
    tally = uow.verdicts.count(Question.CLOSURE_FALSE, label=label, who="")
    policy = profile.verification
    return may_close_itself(
        checks=tally.yes + tally.no,
        wrong=tally.yes,
        limit=policy.false_closure_limit,
        alpha=policy.false_closure_alpha,
    )


def _ring(case: Case, *, now: datetime, profile: Profile, uow: UnitOfWork) -> None:
    until = case.suspended_until
    if until is not None and until <= now:
        grounds: dict[str, JsonValue] = {"suspended_until": until.isoformat()}
        decision = Decision(by=MACHINE, at=now, grounds=grounds)
        resume(case, decision, since=until, profile=profile, uow=uow)
    for stage in tuple(case.clocks):
        _announce(case, stage, now=now, profile=profile, uow=uow)


def _announce(
    case: Case, stage: Stage, *, now: datetime, profile: Profile, uow: UnitOfWork
) -> None:
    """Announce each mark that a clock has passed, in order, however late the ticker comes."""
    while (reached := case.clocks[stage].rings_at) is not None and reached <= now:
        clock = case.clocks[stage]
        fired = Alarm.YELLOW if clock.fired is Alarm.GREEN else Alarm.RED
        grounds: dict[str, JsonValue] = {"reached_at": reached.isoformat()}
        case.ring(replace(clock, fired=fired), Decision(by=MACHINE, at=now, grounds=grounds))
        _look_on_the_spot(case, clock, now=now, profile=profile, uow=uow)
        if fired is Alarm.RED:
            _press(case, clock, now=now, profile=profile, uow=uow)


def _press(case: Case, clock: Clock, *, now: datetime, profile: Profile, uow: UnitOfWork) -> None:
    """Press for what is overdue, and one level higher where the reply stays out."""
    level = next_level(case)
    ladder = profile.ladder
    overdue = clock.stage is Stage.HANDLING and level == 1
    unanswered = clock.stage is Stage.REPLY and level <= len(ladder.replies)
    allowed = (case.status, Action.SUPERVISE) in TRANSITIONS
    if not ladder.automatic or not allowed or not (overdue or unanswered):
        return
    missed = ("处置超期", "handling is overdue") if overdue else ("督办未回复", "no reply came")
    grounds: dict[str, JsonValue] = {
        "why_zh": f"{missed[0]}，自动第 {level} 级督办",
        "why_en": f"{missed[1]}: pressed for at level {level}",
    }
    note = f"{missed[0]} / {missed[1]}"
    press(case, Decision(by=MACHINE, at=now, note=note, grounds=grounds), profile=profile, uow=uow)


def _look_on_the_spot(
    case: Case, clock: Clock, *, now: datetime, profile: Profile, uow: UnitOfWork
) -> None:
    """Send a collector where no pass could tell in time whether the work is done."""
    waits = clock.stage is Stage.CHECK and case.status is Status.HANDLED
    if waits and not open_tasks(case.id, TaskKind.CHECK, uow=uow):
        send_to_look(case, TaskKind.CHECK, profile=profile, at=now, uow=uow)


def _handled_near(pass_id: str, *, uow: UnitOfWork) -> list[Case]:
    touched = {*uow.sweeps.cells_of_pass(pass_id), *uow.observations.cells_of_pass(pass_id)}
    cells = frozenset(near for cell in touched for near in cells_near(cell, radius_m=REACH_M))
    wanted = CaseFilter(statuses=frozenset({Status.HANDLED}), cells=cells)
    near = {case.id: case for case in uow.cases.find(wanted, limit=NEAR_MOST)}
    for case in all_surviving(uow.cases.merged_near(cells), uow=uow).values():
        if case.status is Status.HANDLED:
            near.setdefault(case.id, case)
    return sorted(near.values(), key=lambda case: case.id)


def _judge(
    case: Case,
    pass_id: str,
    *,
    recalls: Recalls,
    profile: Profile,
    at: datetime,
    uow: UnitOfWork,
) -> bool:
    assessment = assess(case, recalls=recalls, profile=profile, uow=uow)
    if assessment is None or pass_id not in {each.pass_id for each in assessment.passes}:
        return False
    before = of_this_round(case, Action.VERIFY)
    judged = before.grounds.get("judged") if before else []
    if isinstance(judged, list) and pass_id in judged:
        return False
    copies = copies_in(case, uow=uow)
    grounds = _grounds(assessment, pass_id, judged, profile) | _copied(case, assessment, copies)
    case.verify(Decision(by=MACHINE, at=at, grounds=grounds))
    _hand_on(case, assessment, copied=bool(copies), profile=profile, at=at, uow=uow)
    return True


def _copied(case: Case, assessment: Assessment, copies: Sequence[Copy]) -> dict[str, JsonValue]:
    """Say beside the verdict that a photo of the work looks like another picture."""
    if not copies:
        return {}
    zh, en = copied_words(case, copies)
    return {
        "copies": [each.grounds() for each in copies],
        "why_zh": f"{sentence_zh(assessment)}；处理后的照片与{zh}几乎相同，须由人判定",
        "why_en": f"{sentence_en(assessment)}; the photo of the work looks the same as {en}: "
        "a person decides",
    }


def _grounds(
    assessment: Assessment, pass_id: str, judged: JsonValue, profile: Profile
) -> dict[str, JsonValue]:
    policy = profile.verification
    plain: dict[str, JsonValue] = to_jsonable_python(assessment.grounds())
    earlier = judged if isinstance(judged, list) else []
    return plain | {
        "why_zh": sentence_zh(assessment),
        "why_en": sentence_en(assessment),
        "pass": pass_id,
        "judged": [*earlier, pass_id],
        "close_at": policy.close_at,
        "open_at": policy.open_at,
        "false_alarm": policy.false_alarm,
    }


def _hand_on(
    case: Case,
    assessment: Assessment,
    *,
    copied: bool,
    profile: Profile,
    at: datetime,
    uow: UnitOfWork,
) -> None:
    """Close by itself where that is guaranteed; else ask the person who decides, with one tap.

    Args:
        copied: a photo of the work looks like another picture, so that a person has to decide.
    """
    waiting = open_tasks(case.id, TaskKind.CHECK, uow=uow)
    suggestion = assessment.verdict.value
    if any(task.suggestion in {None, suggestion} for task in waiting):
        return
    cancel_tasks(case.id, (TaskKind.CHECK,), by=MACHINE.id, at=at, uow=uow)
    if assessment.verdict is Verdict.CANNOT_TELL:
        return
    if assessment.verdict is Verdict.REPAIRED:
        wanted = profile.automation.close
        if wanted and _is_blind(case, share=profile.verification.blind_share):
            send_to_look(case, TaskKind.CHECK, profile=profile, at=at, uow=uow)
            return
        if not copied and may_close_by_itself(case.category.label or "", profile=profile, uow=uow):
            grounds = closing_grounds(case, told=False, uow=uow) | {"by_itself": True}
            case.approve(Decision(by=MACHINE, at=at, grounds=grounds))
            return
    _ask(case, suggestion, at=at, uow=uow)


def _ask(case: Case, suggestion: str, *, at: datetime, uow: UnitOfWork) -> None:
    clock = case.clocks.get(Stage.CHECK)
    make_task(
        case,
        TaskKind.CHECK,
        role=Role.SUPERVISOR,
        suggestion=suggestion,
        due_at=clock.due_at if clock else None,
        at=at,
        uow=uow,
    )


def _is_blind(case: Case, *, share: float) -> bool:
    """Draw by the hash of the case and its round, so that a replay draws the same."""
    rounds = sum(1 for step in case.history if step.action in DONE)
    digest = hashlib.sha256(f"blind:{case.id}:{rounds}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32 < share
