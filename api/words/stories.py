"""Shape casework into what people read: a line in a list, and the whole story of a case."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue

from api.schemas.base import Words
from api.schemas.cases import CaseLine, VerdictOut
from api.schemas.stories import CaseStory, ClockOut, LookOut, StepOut
from api.schemas.tasks import TaskOut
from api.words.choices import choices_of
from api.words.class_words import class_out, lookalikes_of, severity_words
from api.words.merged import goes_on_out, merged_of
from api.words.navigation import directions_to
from api.words.places import grid_words, place_out
from api.words.reasons import note_of, sentence, why
from api.words.responsibility_words import (
    component_out,
    precedents_of,
    undecided_words,
    with_precedents,
)
from api.words.sights import Names, photos_of, reports_of, sights_of
from api.words.sizes import known_size, sizing_of, unseen_out
from api.words.wording import (
    action_words,
    role_words,
    status_words,
    task_words,
    threshold_words,
    verdict_words,
)
from dispatch.case import audit
from dispatch.case.case import Case
from dispatch.case.step import SENT_AS, Step
from dispatch.case.task import Task, TaskKind, TaskStatus
from dispatch.case.transition import Action
from dispatch.city.profile import Profile
from dispatch.city_words import CityWords
from dispatch.clocks.clock import Clock
from dispatch.loop.handover import all_surviving
from dispatch.loop.picture_need import lacking_before, lacks_now
from dispatch.people.people import Person
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.sights.observation import Observation
from dispatch.verification.sentence import pass_words
from dispatch.verification.verdict import Outcome, Reason, Verdict
from dispatch.wire import Evidence, EvidenceKind


def lines_of(
    cases: Sequence[Case], *, uow: UnitOfWork, profile: Profile, now: datetime
) -> list[CaseLine]:
    """Shape cases as the lines of a list; what belongs to them is read for all at once."""
    sights = uow.observations.of_problems({case.problem for case in cases})
    lacking = lacking_before(cases, sights, uow=uow)
    goes_on = all_surviving(cases, uow=uow)
    return [
        line_of(
            case,
            sights.get(case.problem, ()),
            lacks_before=case.id in lacking,
            goes_on=goes_on.get(case.id),
            profile=profile,
            now=now,
        )
        for case in cases
    ]


def line_of(
    case: Case,
    observations: Sequence[Observation],
    *,
    lacks_before: bool,
    goes_on: Case | None,
    profile: Profile,
    now: datetime,
) -> CaseLine:
    """Shape a case and the sights of its problem as a line of a list.

    Args:
        goes_on: the case that goes on in its place; None where it was not merged.
    """
    due = case.next_limit
    today = now.astimezone(profile.zone).date()
    sizes, unseen = known_size(case, observations)
    department = profile.departments.get(case.department) if case.department else None
    return CaseLine(
        id=case.id,
        number=case.number,
        version=case.version,
        status=case.status,
        status_words=status_words(case.status, profile.words),
        category=class_out(case.category),
        place=place_out(case.place),
        directions=directions_to(case.place, name=case.number, by=profile.basemap.navigation),
        grid=case.grid,
        grid_words=grid_words(case.grid, profile.areas, day=today) if case.grid else None,
        department=case.department,
        department_words=Words(zh=department.name_zh, en=department.name_en)
        if department
        else None,
        reported_at=case.reported_at,
        due_at=due.due_at if due else None,
        alarm=due.alarm(now) if due else None,
        rendered=case.rendered,
        source=case.source,
        picture=_picture(observations),
        measure=case.measure,
        sizes=list(sizes),
        unseen=unseen_out(unseen),
        sizing=sizing_of(case.category, sizes, unseen, city=profile.words),
        threshold=threshold_words(case.category, profile.words),
        severity=severity_words(case),
        lacks_before=lacks_before,
        self_handled=case.was_self_handled,
        verdict=verdict_of(case, city=profile.words),
        merged_into=goes_on_out(goes_on, city=profile.words) if goes_on else None,
    )


def story_of(
    case: Case, *, reader: Person, uow: UnitOfWork, profile: Profile, now: datetime
) -> CaseStory:
    """Shape everything about a case, in the order in which it is read."""
    names = Names(uow, profile.words)
    observations = uow.observations.of_problem(case.problem)
    lacking = lacking_before((case,), {case.problem: observations}, uow=uow)
    tasks = uow.tasks.of_case(case.id)
    precedents = precedents_of(case, profile=profile, uow=uow, now=now)
    photos = uow.photos.of_case(case.id)
    choices = choices_of(
        case,
        reader,
        profile,
        now,
        asked=_is_asked(tasks),
        lacks_now=lacks_now(case, observations, photos),
    )
    return CaseStory(
        line=line_of(
            case,
            observations,
            lacks_before=bool(lacking),
            goes_on=all_surviving([case], uow=uow).get(case.id),
            profile=profile,
            now=now,
        ),
        sights=sights_of(observations, uow),
        reports=reports_of(observations, names),
        clocks=[_clock_out(clock, now) for clock in case.clocks.values()],
        photos=photos_of(photos, case, names, uow, city=profile.words),
        looks=looks_of(case),
        steps=[_step(step, names, profile) for step in case.history],
        tasks=[task_out(task, city=profile.words) for task in tasks],
        choices=[with_precedents(choice, precedents) for choice in choices],
        history_intact=_intact(case),
        lookalikes=lookalikes_of(case, profile),
        component=component_out(case, uow=uow),
        undecided=undecided_words(case, city=profile.words),
        precedents=precedents,
        merged=merged_of(case, names, uow, profile=profile),
    )


def verdict_of(case: Case, *, city: CityWords) -> VerdictOut | None:
    """Give the latest verdict of later passes, or None before the first."""
    step = case.last(Action.VERIFY)
    if step is None:
        return None
    return VerdictOut(
        verdict=str(step.grounds["verdict"]),
        probability_present=_number(step.grounds["present"]),
        words=verdict_words(Verdict(str(step.grounds["verdict"]))),
        sentence=sentence(step.grounds, city),
        at=step.at,
    )


def looks_of(case: Case) -> list[LookOut]:
    """Give what each pass since the handling says, from the latest verdict's grounds."""
    step = case.last(Action.VERIFY)
    passes = step.grounds.get("passes", []) if step else []
    assert isinstance(passes, list)
    return [_look(each) for each in passes if isinstance(each, Mapping)]


def task_out(task: Task, *, city: CityWords) -> TaskOut:
    """Shape a task."""
    return TaskOut(
        id=task.id,
        kind=task.kind,
        kind_words=task_words(task.kind, city),
        role=task.role,
        person=task.person,
        made_at=task.made_at,
        due_at=task.due_at,
        status=task.status,
        suggestion=task.suggestion,
    )


def _step(step: Step, names: Names, profile: Profile) -> StepOut:
    return StepOut(
        number=step.number,
        action=step.action,
        action_words=action_words(step.action, profile.words),
        after=step.after,
        by=names.of(step.by),
        role=role_words(step.role, profile.words),
        at=step.at,
        note=note_of(step, profile.words),
        why=why(step, profile=profile),
        grounds={name: each for name, each in step.grounds.items() if name != SENT_AS},
        seal=step.seal,
    )


def _intact(case: Case) -> bool:
    try:
        audit.verify_chain((step.record(), step.seal) for step in case.history)
    except audit.BrokenChain:
        return False
    return True


def _look(record: Mapping[str, JsonValue]) -> LookOut:
    outcome, reason = Outcome(str(record["outcome"])), record["reason"]
    zh, en = pass_words(outcome, Reason(str(reason)) if reason else None)
    return LookOut(
        pass_id=str(record["pass_id"]),
        at=datetime.fromisoformat(str(record["at"])),
        seen=outcome.value,
        words=Words(zh=zh, en=en),
        inspected_chance=_number(record["inspected"]),
        probability_present=_number(record["present"]),
    )


def _number(value: JsonValue) -> float:
    assert isinstance(value, int | float)
    return float(value)


def _clock_out(clock: Clock, now: datetime) -> ClockOut:
    return ClockOut(
        stage=clock.stage,
        limit=clock.limit.written,
        started_at=clock.started_at,
        due_at=clock.due_at,
        alarm=clock.alarm(now),
        runs=clock.runs,
    )


def _is_asked(tasks: Iterable[Task]) -> bool:
    return any(t.kind is TaskKind.CONFIRM and t.status is TaskStatus.OPEN for t in tasks)


def _picture(sights: Iterable[Observation]) -> Evidence | None:
    pictures: Sequence[Evidence] = [e for sight in sights for e in sight.finding.evidence]
    near = [picture for picture in pictures if picture.kind is EvidenceKind.NEAR]
    return next(iter([*near, *pictures]), None)
