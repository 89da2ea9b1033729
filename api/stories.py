"""Shape casework into what people read: a line in a list, and the whole story of a case."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from pydantic import JsonValue

from api.schemas.base import Words
from api.schemas.cases import (
    CaseLine,
    CaseStory,
    ChoiceOut,
    ClassOut,
    ClockOut,
    LookOut,
    PhotoOut,
    PlaceOut,
    SightOut,
    StepOut,
    TaskOut,
    VerdictOut,
)
from dispatch import audit
from dispatch.case import Case
from dispatch.catalog import CatalogClass
from dispatch.clock import Clock, Stage
from dispatch.ids import PersonId
from dispatch.observation import Observation
from dispatch.people import MACHINE, Person, Role
from dispatch.photo import Photo
from dispatch.place import EARTH_RADIUS_M, Place
from dispatch.ports import PersonNotFound, UnitOfWork
from dispatch.profile import Profile
from dispatch.step import Step
from dispatch.task import Task, TaskKind
from dispatch.transition import TRANSITIONS, Action, Status
from dispatch.wire import Evidence, EvidenceKind, Finding

CHI2_90: Final = 4.605
"""Squared radius, in standard errors, of the ellipse that holds 90 % of a plane normal."""
_DUE_STAGE: Final = {
    Status.FILED: Stage.DISPATCH,
    Status.DISPATCHED: Stage.HANDLING,
    Status.HANDLING: Stage.HANDLING,
    Status.HANDLED: Stage.CHECK,
}
_TASK_WORDS: Final = {
    TaskKind.CONFIRM: Words(zh="核实：是否属实", en="Confirm: is it there"),
    TaskKind.HANDLE: Words(zh="处置", en="Handle"),
    TaskKind.CHECK: Words(zh="核查：是否修好", en="Check: is it repaired"),
}
_UNASKED: Final = frozenset(
    {Action.VERIFY, Action.ALARM, Action.REPORT, Action.MERGE, Action.CHECK}
)


def line_of(case: Case, *, uow: UnitOfWork, profile: Profile, now: datetime) -> CaseLine:
    """Shape a case as a line of a list."""
    due = _due_clock(case)
    department = profile.departments.get(case.department) if case.department else None
    return CaseLine(
        id=case.id,
        number=case.number,
        version=case.version,
        status=case.status,
        status_words=_status_words(case.status),
        category=_class_out(case.category),
        place=place_out(case.place),
        grid=case.grid,
        department=case.department,
        department_words=Words(zh=department.name_zh, en=department.name_en)
        if department
        else None,
        reported_at=case.reported_at,
        due_at=due.due_at if due else None,
        alarm=due.alarm(now) if due else None,
        rendered=case.rendered,
        picture=_picture(uow.observations.of_problem(case.problem)),
        measure=case.measure,
        threshold=_threshold_words(case.category),
        verdict=verdict_of(case),
    )


def story_of(
    case: Case, *, reader: Person, uow: UnitOfWork, profile: Profile, now: datetime
) -> CaseStory:
    """Shape everything about a case, in the order in which it is read."""
    names = _Names(uow)
    return CaseStory(
        line=line_of(case, uow=uow, profile=profile, now=now),
        sights=[_sight(each.finding) for each in uow.observations.of_problem(case.problem)],
        clocks=[_clock_out(clock, now) for clock in case.clocks.values()],
        photos=[_photo(photo, names) for photo in uow.photos.of_case(case.id)],
        looks=looks_of(case),
        steps=[_step(step, names) for step in case.history],
        tasks=[task_out(task) for task in uow.tasks.of_case(case.id)],
        choices=_choices(case, reader),
        history_intact=_intact(case),
    )


def verdict_of(case: Case) -> VerdictOut | None:
    """Give the latest verdict of later passes, or None before the first."""
    step = case.last(Action.VERIFY)
    if step is None:
        return None
    return VerdictOut(
        verdict=str(step.grounds["verdict"]),
        probability_present=_number(step.grounds["present"]),
        sentence=_why(step.grounds) or Words(zh="", en=""),
        at=step.at,
    )


def looks_of(case: Case) -> list[LookOut]:
    """Give what each pass since the handling says, from the latest verdict's grounds."""
    step = case.last(Action.VERIFY)
    passes = step.grounds.get("passes", []) if step else []
    assert isinstance(passes, list)
    return [_look(each) for each in passes if isinstance(each, Mapping)]


def task_out(task: Task) -> TaskOut:
    """Shape a task."""
    return TaskOut(
        id=task.id,
        kind=task.kind,
        kind_words=_TASK_WORDS[task.kind],
        person=task.person,
        made_at=task.made_at,
        due_at=task.due_at,
        status=task.status,
        suggestion=task.suggestion,
    )


def place_out(place: Place) -> PlaceOut:
    """Shape a place with the ellipse of 90 %, as a ring of longitude and latitude."""
    return PlaceOut(
        latitude=place.latitude,
        longitude=place.longitude,
        address=place.address,
        ce90_m=place.ce90_m,
        ellipse=_ellipse(place),
    )


def _ellipse(place: Place, points: int = 36) -> list[tuple[float, float]]:
    # Cholesky factor of the covariance maps the unit circle onto the ellipse.
    l11 = math.sqrt(place.ee)
    l21 = place.en / l11
    l22 = math.sqrt(max(place.nn - l21 * l21, 0.0))
    radius = math.sqrt(CHI2_90)
    per_degree = math.radians(EARTH_RADIUS_M)
    east_degree = per_degree * math.cos(math.radians(place.latitude))
    ring = []
    for index in range(points + 1):
        angle = 2.0 * math.pi * (index % points) / points
        u, v = radius * math.cos(angle), radius * math.sin(angle)
        east, north = l11 * u, l21 * u + l22 * v
        ring.append((place.longitude + east / east_degree, place.latitude + north / per_degree))
    return ring


class _Names:
    """The names of people, each read once."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._known: dict[PersonId, str] = {MACHINE.id: MACHINE.name}

    def of(self, person: PersonId) -> str:
        if person not in self._known:
            try:
                self._known[person] = self._uow.people.get(person).name
            except PersonNotFound:
                self._known[person] = person
        return self._known[person]


def _sight(finding: Finding) -> SightOut:
    position = finding.position
    place = None
    if position is not None:
        shared, own = position.shared, position.own
        place = place_out(
            Place(
                latitude=position.latitude,
                longitude=position.longitude,
                ee=shared.ee + own.ee,
                en=shared.en + own.en,
                nn=shared.nn + own.nn,
            )
        )
    return SightOut(
        id=finding.id,
        pass_id=finding.pass_id,
        platform=finding.platform,
        rendered=finding.rendered,
        captured_at=finding.captured_at,
        label=finding.label,
        score=finding.score,
        threshold=finding.threshold,
        probability=finding.probabilities[finding.label],
        frames_seen=finding.frames_seen,
        frames_offered=finding.frames_offered,
        measure=finding.measure,
        place=place,
        model=finding.model,
        evidence=list(finding.evidence),
    )


def _photo(photo: Photo, names: _Names) -> PhotoOut:
    result = photo.result
    return PhotoOut(
        id=photo.id,
        purpose=photo.purpose,
        by=names.of(photo.by),
        taken_at=photo.taken_at,
        readable=result.readable if result else None,
        refused=result.refused if result else None,
        same_place=result.same_place if result else None,
        seen=dict(result.seen) if result else {},
        evidence=list(result.evidence) if result else [],
    )


def _step(step: Step, names: _Names) -> StepOut:
    return StepOut(
        number=step.number,
        action=step.action,
        action_words=_action_words(step.action),
        after=step.after,
        by=names.of(step.by),
        role=Words(zh=step.role.zh, en=step.role.value),
        at=step.at,
        note=step.note,
        why=_why(step.grounds),
        grounds=dict(step.grounds),
        seal=step.seal,
    )


def _intact(case: Case) -> bool:
    try:
        audit.verify_chain((step.record(), step.seal) for step in case.history)
    except audit.BrokenChain:
        return False
    return True


def _why(grounds: Mapping[str, JsonValue]) -> Words | None:
    zh, en = grounds.get("why_zh"), grounds.get("why_en")
    return Words(zh=str(zh), en=str(en)) if zh and en else None


def _look(record: Mapping[str, JsonValue]) -> LookOut:
    return LookOut(
        pass_id=str(record["pass_id"]),
        at=datetime.fromisoformat(str(record["at"])),
        seen=str(record["outcome"]),
        inspected_chance=_number(record["inspected"]),
        probability_present=_number(record["present"]),
    )


def _number(value: JsonValue) -> float:
    assert isinstance(value, int | float)
    return float(value)


def _clock_out(clock: Clock, now: datetime) -> ClockOut:
    return ClockOut(
        stage=clock.stage,
        limit=str(clock.limit),
        started_at=clock.started_at,
        due_at=clock.due_at,
        alarm=clock.alarm(now),
        runs=clock.runs,
    )


def _due_clock(case: Case) -> Clock | None:
    stage = _DUE_STAGE.get(case.status)
    return case.clocks.get(stage) if stage else None


def _choices(case: Case, reader: Person) -> list[ChoiceOut]:
    own = case.department in {None, reader.department} or not (
        reader.roles & {Role.DEPARTMENT, Role.HANDLER}
    )
    return [
        ChoiceOut(action=action, words=_action_words(action), reason=transition.reason)
        for (status, action), transition in TRANSITIONS.items()
        if status is case.status
        and own
        and action not in _UNASKED
        and transition.roles & reader.roles
    ]


def _picture(sights: Iterable[Observation]) -> Evidence | None:
    pictures: Sequence[Evidence] = [e for sight in sights for e in sight.finding.evidence]
    near = [picture for picture in pictures if picture.kind is EvidenceKind.NEAR]
    return next(iter([*near, *pictures]), None)


def _class_out(category: CatalogClass) -> ClassOut:
    return ClassOut(
        standard=category.key.standard,
        code=category.key.code,
        name=Words(zh=category.name_zh, en=category.name_en),
        label=category.label,
        hazard=category.hazard,
    )


def _threshold_words(category: CatalogClass) -> Words | None:
    threshold = category.threshold
    if threshold is None:
        return None
    unit = "m²" if threshold.quantity.value == "area_m2" else "m"
    return Words(
        zh=f"立案标准 {threshold.value:g} {unit}", en=f"filed from {threshold.value:g} {unit}"
    )


def _status_words(status: Status) -> Words:
    return Words(zh=status.zh, en=status.value.replace("_", " "))


def _action_words(action: Action) -> Words:
    return Words(zh=action.zh, en=action.value.replace("_", " "))
