"""What goes with a step of a case: load it within a person's reach, start clocks, keep its tasks.

These join the transaction of whoever calls them.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import JsonValue

from dispatch.case.case import Case
from dispatch.case.guard import ConfirmationAsked, was_taken
from dispatch.case.step import Decision, Grounds, Step
from dispatch.case.task import Task, TaskKind, TaskStatus, task_id
from dispatch.case.transition import Action
from dispatch.city.limit_table import ClassLimits
from dispatch.city.profile import Profile, ReasonCode
from dispatch.clocks.clock import Clock, Look, Stage
from dispatch.clocks.deadline import shorten_clock, start_clock
from dispatch.clocks.worktime import Limit
from dispatch.errors import DispatchError
from dispatch.ids import CaseId, DepartmentId, PersonId
from dispatch.missing import CaseNotFound, PersonNotFound, StaleCase
from dispatch.people.people import MACHINE, Person, Role
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.triage.severity import NotASeverity


class ClassNotInProfile(DispatchError):
    """The profile has no limits for a case's class."""

    def __init__(self, label: str | None) -> None:
        super().__init__(
            f"城市配置中没有类别 {label} 的时限，请在 classes.csv 和 limits.csv 中补充",
            f"the city profile has no limits for {label}: add it to classes.csv and limits.csv",
        )
        self.label = label


class UnknownReason(DispatchError):
    """The reason is none of those that the city lets people give."""

    def __init__(self, action: Action, code: str, known: Sequence[ReasonCode]) -> None:
        zh = "、".join(f"{each.code} {each.name_zh}" for each in known) or "无"
        en = ", ".join(f"{each.code} {each.name_en}" for each in known) or "none"
        super().__init__(
            f"“{action.marked}”的原因请从列表中选择：{zh}",
            f"choose the reason for '{action}' from the list: {en}",
        )
        self.action, self.code = action, code


def load_case(id_: CaseId, *, by: Person, uow: UnitOfWork) -> Case:
    """Give a case within a person's reach.

    Raises:
        CaseNotFound: there is none, or it lies outside the person's area.
    """
    case = uow.cases.get(id_)
    if not (case.grid or "").startswith(by.area):
        raise CaseNotFound(id_)
    return case


def surviving(case: Case, *, uow: UnitOfWork) -> Case:
    """Give the case that goes on in the place of one, over all that it was merged into."""
    while case.merged_into is not None and case.merged_into != case.id:
        case = uow.cases.get(case.merged_into)
    return case


def all_surviving(cases: Iterable[Case], *, uow: UnitOfWork) -> dict[CaseId, Case]:
    """Give the same for those of many cases that were merged, read at once."""
    merged = [case.id for case in cases if case.merged_into is not None]
    goes_on = uow.cases.going_on(merged) if merged else {}
    known = uow.cases.known({into for into, _ in goes_on.values()})
    return {id_: known[into] for id_, (into, _) in goes_on.items()}


def stands_for(case: Case, *, uow: UnitOfWork) -> tuple[Case, ...]:
    """Give the case and all that it goes on in the place of, over all merges."""
    found = {case.id: case}
    fresh = [case]
    while fresh:
        merged = uow.cases.merged_into([each.id for each in fresh])
        fresh = [each for each in merged if each.id not in found]
        found |= {each.id: each for each in fresh}
    return tuple(found.values())


def case_to_decide(id_: CaseId, decision: Decision, *, uow: UnitOfWork) -> Case:
    """Give a case for somebody to decide on as they saw it.

    Raises:
        CaseNotFound: there is none, or it lies outside the person's area.
        StaleCase: it was changed since the person saw it, be it by this very decision.
        DecisionTaken: another decision on it has this one's id.
    """
    case = load_case(id_, by=decision.by, uow=uow)
    is_stale = decision.seen is not None and decision.seen != case.version
    if was_taken(decision, case.history) or is_stale:
        raise StaleCase(case.number, meanwhile=_meanwhile(case, uow=uow))
    return case


def _meanwhile(case: Case, *, uow: UnitOfWork) -> tuple[str, str]:
    """Say who took the last step of a case, and which; of what a rule made of it, the cause."""
    last = case.history[-1]
    at_once = [
        each for each in case.history if each.at == last.at and each.role is not Role.MACHINE
    ]
    step = at_once[-1] if at_once else last
    try:
        name = MACHINE.name if step.by == MACHINE.id else uow.people.get(step.by).name
    except PersonNotFound:
        name = step.by
    zh, en = f"现为“{case.status.marked}”", f"is now {case.status}"
    if case.merged_into is not None:
        into = surviving(case, uow=uow)
        zh, en = f"已并入 {into.number}（{into.status.marked}）", f"is merged into {into.number}"
    by = f"刚由{name}（{step.role.marked}）办理“{step.action.marked}”，"
    return by + zh, f"was given '{step.action}' by {name} ({step.role}) and {en},"


def coded(decision: Decision, action: Action, *, profile: Profile) -> Decision:
    """Write the city's words for a reason code beside what the person says.

    Raises:
        UnknownReason: the city has codes for the action, and this is none of them.
    """
    known = profile.reasons_for(action)
    if not known and not decision.code:
        return decision
    reason = next((each for each in known if each.code == decision.code), None)
    if reason is None:
        raise UnknownReason(action, decision.code, known)
    words: dict[str, JsonValue] = {
        "code": reason.code,
        "reason_zh": reason.name_zh,
        "reason_en": reason.name_en,
    }
    if reason.nobodys:
        words["nobodys"] = True
    note = decision.note.strip() or reason.name_zh
    return replace(decision, note=note, grounds={**decision.grounds, **words})


def graded(case: Case, decision: Decision) -> Decision:
    """Take a person's word on how grave a case is, if they gave one; it outdoes what was measured.

    Raises:
        NotASeverity: the case's class has no such level.
    """
    if not decision.severity:
        return decision
    level = next((e for e in case.category.severities if e.code == decision.severity), None)
    if level is None:
        raise NotASeverity(decision.severity, case.category)
    said: Grounds = {
        "severity": {"from": case.severity, "to": level.code},
        "severity_zh": level.name_zh,
        "severity_en": level.name_en,
    }
    case.severity = level.code
    return replace(decision, grounds={**decision.grounds, **said})


def limits_of(case: Case, *, profile: Profile, at: datetime) -> ClassLimits:
    """Give the limits of a case's class and severity that begin at a moment.

    Raises:
        ClassNotInProfile: the profile has none.
    """
    day = at.astimezone(profile.zone).date()
    limits = profile.limits.limits(case.category.label or "", severity=case.severity, day=day)
    if limits is None:
        raise ClassNotInProfile(case.category.label)
    return limits


def stage_clock(case: Case, stage: Stage, *, profile: Profile, at: datetime) -> Clock:
    """Start the clock of a stage by the limit of the case's class.

    Raises:
        ClassNotInProfile: the profile has no limit.
        NoWorkingTime: its calendar holds too little working time.
    """
    limits = limits_of(case, profile=profile, at=at)
    limit: Limit = {
        Stage.DISPATCH: limits.dispatch,
        Stage.HANDLING: limits.handling,
        Stage.CHECK: limits.check,
        Stage.WHOLE: limits.whole,
    }[stage]
    return start_clock(stage, limit, at=at, calendar=profile.calendar)


def round_clock(case: Case, to: DepartmentId, *, profile: Profile, at: datetime) -> Clock:
    """Start the clock of handling for a department; what it gave back goes on with what was left.

    So giving a case back and getting it again wins no time, and what was missed stays missed.

    Raises:
        ClassNotInProfile: the profile has no limit.
        NoWorkingTime: its calendar holds too little working time.
    """
    clock = stage_clock(case, Stage.HANDLING, profile=profile, at=at)
    given_back = _given_back(case.history, to)
    if given_back is None:
        return clock
    left = profile.calendar.between(*given_back, clock.limit.clock)
    return shorten_clock(clock, left=left, calendar=profile.calendar)


def _given_back(history: Sequence[Step], by: DepartmentId) -> tuple[datetime, datetime] | None:
    """Give when a department last gave the case back and by when it should have handled it.

    None where it did not, or where the case has been handled, taken up anew or corrected since.
    """
    due_at, found = "", None
    for step in history:
        clocks = step.grounds.get("clocks")
        clock = clocks.get(Stage.HANDLING.value) if isinstance(clocks, dict) else None
        due_at = str(clock["due_at"]) if isinstance(clock, dict) else due_at
        if step.action in {Action.FINISH, Action.REOPEN, Action.CORRECT}:
            found = None
        elif step.action is Action.DECLINE and step.grounds.get("department") == by and due_at:
            found = step.at, datetime.fromisoformat(due_at)
    return found


def make_task(
    case: Case,
    kind: TaskKind,
    *,
    role: Role,
    at: datetime,
    uow: UnitOfWork,
    due_at: datetime | None = None,
    department: DepartmentId | None = None,
    suggestion: str | None = None,
) -> Task:
    """Give somebody of a role something to do about a case."""
    task = Task(
        id=task_id(case.id, kind, round_=len(case.history), at=at),
        case=case.id,
        kind=kind,
        role=role,
        area=case.grid or "",
        made_at=at,
        department=department,
        due_at=due_at,
        suggestion=suggestion,
    )
    uow.tasks.add(task)
    return task


def look_sent(case: Case, *, profile: Profile, at: datetime) -> Look | None:
    """Give the limit within which somebody who is sent now shall have looked on the spot.

    None where the city has the case's class no longer.
    """
    day = at.astimezone(profile.zone).date()
    limits = profile.limits.limits(case.category.label or "", severity=case.severity, day=day)
    if limits is None:
        return None
    due_at = profile.calendar.after(at, limits.confirm.length, limits.confirm.clock)
    return Look(sent_at=at, due_at=due_at)


def send_to_look(
    case: Case, kind: TaskKind, *, profile: Profile, at: datetime, uow: UnitOfWork
) -> Look | None:
    """Have a collector look on the spot, within the short time that the city gives for a look."""
    look = look_sent(case, profile=profile, at=at)
    due_at = look.due_at if look else None
    make_task(case, kind, role=Role.COLLECTOR, due_at=due_at, at=at, uow=uow)
    return look


def send_for_confirmation(
    case: Case, decision: Decision, *, profile: Profile, uow: UnitOfWork
) -> None:
    """Decide that a collector looks whether a report is true.

    Raises:
        ConfirmationAsked: one was sent already.
    """
    asked = asked_grounds(case, profile=profile, at=decision.at)
    case.ask_confirmation(replace(decision, grounds={**decision.grounds, **asked}))
    if open_tasks(case.id, TaskKind.CONFIRM, uow=uow):
        raise ConfirmationAsked
    ask_for_confirmation(case, profile=profile, at=decision.at, uow=uow)


def ask_for_confirmation(case: Case, *, profile: Profile, at: datetime, uow: UnitOfWork) -> None:
    """Have a collector look whether the report is true."""
    case.look = send_to_look(case, TaskKind.CONFIRM, profile=profile, at=at, uow=uow)


def asked_grounds(case: Case, *, profile: Profile, at: datetime) -> dict[str, JsonValue]:
    """Give what a step says of the limit by which a person shall confirm the report."""
    look = look_sent(case, profile=profile, at=at)
    return {} if look is None else {"clocks": {"confirm": look.written()}}


def open_tasks(case: CaseId, kind: TaskKind, *, uow: UnitOfWork) -> list[Task]:
    """Give what is still to be done of a kind."""
    return [
        task
        for task in uow.tasks.of_case(case)
        if task.kind is kind and task.status is TaskStatus.OPEN
    ]


def end_tasks(case: CaseId, kind: TaskKind, *, by: PersonId, at: datetime, uow: UnitOfWork) -> None:
    """Mark what was to be done of a kind as done."""
    for task in open_tasks(case, kind, uow=uow):
        task.end(by=by, at=at)
        uow.tasks.save(task)


def cancel_tasks(
    case: CaseId, kinds: Collection[TaskKind], *, by: PersonId, at: datetime, uow: UnitOfWork
) -> None:
    """Take back what was to be done, because the case went another way."""
    for task in uow.tasks.of_case(case):
        if task.kind in kinds and task.status is TaskStatus.OPEN:
            task.cancel(by=by, at=at)
            uow.tasks.save(task)
