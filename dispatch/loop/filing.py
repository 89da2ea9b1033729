"""From a problem to its case: report it, ask about it, file it, dispatch it by the city's rules.

These join the transaction of whoever calls them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import JsonValue

from dispatch import wire
from dispatch.case.case import Case, Source, case_id
from dispatch.case.step import Decision, Grounds
from dispatch.case.task import TaskKind
from dispatch.case.transition import ENDED, Action, Status
from dispatch.catalogue.catalog import CatalogClass
from dispatch.city.limit_table import ClassLimits
from dispatch.city.profile import Profile
from dispatch.clocks.clock import Stage
from dispatch.ids import CaseId, DepartmentId, ProblemId
from dispatch.loop.corrected import corrected_at, goes_on_in
from dispatch.loop.filed_as import FiledAs, as_corrected, class_of
from dispatch.loop.handover import (
    ask_for_confirmation,
    asked_grounds,
    limits_of,
    make_task,
    open_tasks,
    round_clock,
    send_for_confirmation,
    stage_clock,
    surviving,
)
from dispatch.loop.overlooked import overlooked_by
from dispatch.loop.responsibility import component_grounds, find_responsible
from dispatch.loop.suppressing import Seen, approval_about, keeps_back
from dispatch.people.people import MACHINE, Role
from dispatch.ports.unit_of_work import Question, UnitOfWork
from dispatch.sights.problem import Problem
from dispatch.triage.severity import grade
from dispatch.triage.triage import Cards, CardWord, Course, Triage, Verdicts, triage


def take_up(
    problem: Problem,
    finding: wire.Finding,
    *,
    before: Sequence[Case],
    corrected: Sequence[Case],
    cards: Cards,
    profile: Profile,
    at: datetime,
    uow: UnitOfWork,
) -> Case | None:
    """See to it that a problem, seen again or for the first time, has its case.

    One problem has one open case. A held report is looked at anew, unless a person put its class
    or place right: then it is theirs to decide. What people found to be no problem stays so. Where
    the case was merged, the one that goes on stands for it. After closure a later sight makes a new
    case, linked to the closed one.

    Args:
        before: all cases of the problem, the oldest first.
        corrected: cases near by that people corrected (`corrected_near`).

    Returns:
        The open case, or None where the problem gets none.
    """
    found = class_of(problem, profile=profile, uow=uow)
    if found is None:
        return None
    last = surviving(before[-1], uow=uow) if before else None
    filed_as = as_corrected(found, problem, last, profile=profile)
    seen = Seen(problem=problem, finding=finding, category=filed_as.category)
    filed_as = replace(filed_as, approval=approval_about(seen, profile=profile))
    if last is not None and last.is_open:
        if _is_held(last, problem, uow=uow) and not keeps_back(
            filed_as.approval, seen, finding, at=at, profile=profile, uow=uow
        ):
            said = _triage(problem, finding, filed_as, cards=cards, profile=profile, uow=uow)
            last.severity = grade(last.category, problem.sizes, problem.unseen).severity
            if _course(said, profile) is Course.ASK:
                decision = Decision(by=MACHINE, at=at, grounds={"triage": {**said.grounds}})
                send_for_confirmation(last, decision, profile=profile, uow=uow)
            else:
                _follow(last, said, profile=profile, at=at, uow=uow)
            uow.cases.save(last)
        return last
    return _begin(
        seen,
        finding,
        filed_as,
        last,
        corrected=corrected,
        cards=cards,
        profile=profile,
        at=at,
        uow=uow,
    )


def _begin(
    seen: Seen,
    finding: wire.Finding,
    filed_as: FiledAs,
    last: Case | None,
    *,
    corrected: Sequence[Case],
    cards: Cards,
    profile: Profile,
    at: datetime,
    uow: UnitOfWork,
) -> Case | None:
    """Begin the case of a problem that has none open; give None where it gets none.

    Args:
        last: the case that went before, over all merges.
    """
    problem = seen.problem
    twin = None if last else corrected_at(problem, corrected, uow=uow)
    ended = last if twin is None or twin.is_open else twin
    if ended is not None and not _comes_after(ended, finding):
        return None
    if keeps_back(filed_as.approval, seen, finding, at=at, profile=profile, uow=uow):
        return None
    said = _triage(problem, finding, filed_as, cards=cards, profile=profile, uow=uow)
    case = new_case(
        problem,
        source=Source.PATROL,
        rendered=finding.rendered,
        recurs=ended.id if ended else None,
        category=filed_as.category,
        profile=profile,
        at=at,
    )
    grounds = _grounds(case, problem, finding, filed_as, said, profile=profile, uow=uow)
    grounds |= recurrence_grounds(ended)
    if twin is not None and twin.is_open:
        return _gone_on(case, twin, grounds, uow=uow)
    if _course(said, profile) is Course.ASK:
        grounds |= asked_grounds(case, profile=profile, at=at)
    case.report(Decision(by=MACHINE, at=at, grounds=grounds))
    _follow(case, said, profile=profile, at=at, uow=uow)
    uow.cases.add(case)
    return case


def _gone_on(case: Case, twin: Case, grounds: dict[str, JsonValue], *, uow: UnitOfWork) -> Case:
    """Report a case and end it at once for the one whose class a person put right."""
    case.report(Decision(by=MACHINE, at=case.reported_at, grounds=grounds))
    goes_on_in(case, twin, uow=uow)
    uow.cases.add(case)
    uow.cases.save(twin)
    return twin


def _is_held(last: Case, problem: Problem, *, uow: UnitOfWork) -> bool:
    """Say whether an open case of a problem is looked at anew: nobody has it in hand."""
    own = last.problem == problem.id and not last.was_corrected
    waits = own and last.status is Status.REPORTED
    return waits and not open_tasks(last.id, TaskKind.CONFIRM, uow=uow)


def _grounds(
    case: Case,
    problem: Problem,
    finding: wire.Finding,
    filed_as: FiledAs,
    said: Triage,
    *,
    profile: Profile,
    uow: UnitOfWork,
) -> dict[str, JsonValue]:
    """Say on what ground a case is reported."""
    category, at = filed_as.category, case.reported_at
    triaged: dict[str, JsonValue] = {
        "triage": {**said.grounds},
        **grade(category, problem.sizes, problem.unseen).grounds,
    }
    component = component_grounds(category, problem.place, profile=profile, at=at, uow=uow)
    return _sight(finding) | filed_as.grounds | triaged | component


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How problems stand with their cases.

    Args:
        in_hand: those whose newest case is open and asks for nothing when they are seen again.
        without: those that never had a case.
    """

    in_hand: frozenset[ProblemId]
    without: frozenset[ProblemId]


def standing_of(problems: Collection[ProblemId], *, uow: UnitOfWork) -> Standing:
    """Say of many problems at once which need no case and which have none.

    `take_up` would find the same of each; this reads all at once.
    """
    newest = dict(uow.cases.newest(problems))
    merged = {problem: case for problem, (case, status) in newest.items() if status is Status.VOID}
    goes_on = uow.cases.going_on(merged.values()) if merged else {}
    newest |= {problem: goes_on[case] for problem, case in merged.items()}
    reported = [case for case, status in newest.values() if status is Status.REPORTED]
    asked = uow.tasks.waiting(reported, kind=TaskKind.CONFIRM)
    in_hand = frozenset(
        problem
        for problem, (case, status) in newest.items()
        if status not in ENDED and (status is not Status.REPORTED or case in asked)
    )
    return Standing(in_hand=in_hand, without=frozenset(problems) - newest.keys())


def file_and_dispatch(case: Case, decision: Decision, *, profile: Profile, uow: UnitOfWork) -> None:
    """File a case; dispatch it by rule where the profile lets the machine do so.

    Filed anew after a dispatcher gave it back, its whole clock goes on, and it waits for a person.
    """
    at = decision.at
    limits = limits_of(case, profile=profile, at=at)
    grounds: Grounds = {
        "condition_zh": case.category.filing_zh,
        "condition_en": case.category.filing_en,
        "class": str(case.category.key),
        "limits": _written(limits),
        **overlooked_by(case, profile=profile, uow=uow),
        **decision.grounds,
    }
    whole = case.clocks.get(Stage.WHOLE)
    goes_on = whole is not None and whole.stopped_at is None
    stages = (Stage.DISPATCH,) if goes_on else (Stage.DISPATCH, Stage.WHOLE)
    clocks = [stage_clock(case, stage, profile=profile, at=at) for stage in stages]
    case.file(replace(decision, grounds=grounds), clocks=clocks)
    if profile.automation.dispatch and case.last(Action.RETURN) is None:
        dispatch_by_rule(case, profile=profile, at=at, uow=uow)


def dispatch_by_rule(case: Case, *, profile: Profile, at: datetime, uow: UnitOfWork) -> None:
    """Send a filed case to the department that the profile's rules name, or note the doubt."""
    found = find_responsible(case, profile=profile, at=at, uow=uow)
    if found.department is None:
        note = f"{found.doubt_zh} / {found.doubt_en}"
        case.remark(Decision(by=MACHINE, at=at, note=note, grounds=found.grounds))
        return
    decision = Decision(by=MACHINE, at=at, grounds=found.grounds)
    send_to(case, found.department, decision, profile=profile, uow=uow)


def send_to(
    case: Case, to: DepartmentId, decision: Decision, *, profile: Profile, uow: UnitOfWork
) -> None:
    """Dispatch a filed case and give its department the task of handling it."""
    clock = round_clock(case, to, profile=profile, at=decision.at)
    case.dispatch(to, decision, clock=clock)
    make_task(
        case,
        TaskKind.HANDLE,
        role=Role.HANDLER,
        department=to,
        due_at=clock.due_at,
        at=decision.at,
        uow=uow,
    )


def _written(limits: ClassLimits) -> dict[str, JsonValue]:
    """Give the limits for the case's history, and the season where they are those of one."""
    written: dict[str, JsonValue] = {
        "handling": limits.handling.written,
        "whole": limits.whole.written,
    }
    if limits.season is not None:
        written |= {"season_zh": limits.season.name_zh, "season_en": limits.season.name_en}
    return written


def _follow(case: Case, said: Triage, *, profile: Profile, at: datetime, uow: UnitOfWork) -> None:
    course = _course(said, profile)
    if course is Course.FILE:
        decision = Decision(by=MACHINE, at=at, grounds={"triage": {**said.grounds}})
        file_and_dispatch(case, decision, profile=profile, uow=uow)
    elif course is Course.ASK:
        ask_for_confirmation(case, profile=profile, at=at, uow=uow)


def _course(said: Triage, profile: Profile) -> Course:
    """Give the course that is taken: a person is asked where the machine may not file."""
    return Course.ASK if said.course is Course.FILE and not profile.automation.file else said.course


def _triage(
    problem: Problem,
    finding: wire.Finding,
    filed_as: FiledAs,
    *,
    cards: Cards,
    profile: Profile,
    uow: UnitOfWork,
) -> Triage:
    who = f"{finding.model.name} {finding.model.version}"
    label = filed_as.category.label or problem.label
    tally = uow.verdicts.count(Question.FIND_TRUE, label=label, who=who)
    return triage(
        filed_as.category,
        label=label,
        chance=finding.probabilities.get(problem.label, 0.0),
        sizes=problem.sizes,
        unseen=problem.unseen,
        verdicts=Verdicts(true=tally.yes, false=tally.no),
        card=_word_of(cards, finding, problem.label),
        doubt=filed_as.doubt,
        pictures={each.kind for each in finding.evidence},
        policy=profile.triage,
    )


def _word_of(cards: Cards, finding: wire.Finding, label: str) -> CardWord:
    """Give the card's word on what a thing is taken for and on what this sight took it for."""
    words = {cards(finding.model, each) for each in (label, finding.label)}
    return min(words - {CardWord.MAY_FILE}, default=CardWord.MAY_FILE)


def _comes_after(last: Case, finding: wire.Finding) -> bool:
    """Say whether a sight is of something new after the last case's end."""
    ended = last.ended_at
    return last.status is Status.CLOSED and ended is not None and finding.captured_at > ended


def new_case(
    problem: Problem,
    *,
    source: Source,
    rendered: bool,
    recurs: CaseId | None,
    category: CatalogClass,
    profile: Profile,
    at: datetime,
) -> Case:
    """Make the case of a problem, as yet without a step.

    Args:
        recurs: the closed case of the same problem that it follows.
    """
    shares = profile.grids.shares(problem.place, day=at.astimezone(profile.zone).date())
    return Case(
        id=case_id(problem.id, at=at),
        problem=problem.id,
        category=category,
        place=problem.place,
        grid=shares[0].grid.id if shares else None,
        grid_share=shares[0].share if shares else 0.0,
        source=source,
        rendered=rendered,
        reported_at=at,
        measure=problem.measure,
        severity=grade(category, problem.sizes, problem.unseen).severity,
        recurs=recurs,
    )


def recurrence_grounds(before: Case | None) -> dict[str, JsonValue]:
    """Give how the work was reported as done in the closed case that a new one follows."""
    done = None if before is None else before.last_done
    return {} if done is None else {"recurs_after": done.action.value}


def _sight(finding: wire.Finding) -> dict[str, JsonValue]:
    return {
        "finding": finding.id,
        "device": finding.device,
        "pass": finding.pass_id,
        "captured_at": finding.captured_at.isoformat(),
        "score": finding.score,
        "threshold": finding.threshold,
        "frames_seen": finding.frames_seen,
        "frames_offered": finding.frames_offered,
        "platform": finding.platform.value,
        "model": f"{finding.model.name} {finding.model.version}",
    }
