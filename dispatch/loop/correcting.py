"""Correct what a report is of or where it lies (更正), before it is filed; one transaction.

The problem, as machines tell it from others, stays what it was: a correction is of the case, and
`dispatch.loop.corrected` says what becomes of what models go on saying there. What was counted
before stays counted as it was said to be then.
"""

from dataclasses import dataclass, replace
from datetime import date

from pydantic import JsonValue

from dispatch import wire
from dispatch.case.case import Case, Corrected
from dispatch.case.step import Decision, Grounds
from dispatch.case.task import TaskStatus
from dispatch.case.transition import Action
from dispatch.catalogue.catalog import CatalogClass
from dispatch.city.profile import Profile
from dispatch.clocks.clock import Alarm, Clock, Stage
from dispatch.clocks.deadline import extend_clock, resume_clock, start_clock
from dispatch.errors import DispatchError
from dispatch.ground.place import distance_m
from dispatch.ids import CaseId
from dispatch.loop.handed_in import OutsideCity
from dispatch.loop.handover import case_to_decide, limits_of
from dispatch.loop.responsibility import component_grounds
from dispatch.people.people import Person
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.sights.plausibility import place_of
from dispatch.triage.severity import grade


class NothingCorrected(DispatchError):
    """Neither another class nor another place was said."""

    def __init__(self) -> None:
        super().__init__(
            "类别和位置都没有变化，请选择正确的类别或移动图钉",
            "neither class nor place is another: choose the right class or move the pin",
        )


class NoSuchClass(DispatchError):
    """The city has no class of this label."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"本市没有类别“{label}”，请从列表中选择",
            f"the city has no class '{label}': choose one of the list",
        )
        self.label = label


class OutsideYourArea(DispatchError):
    """Somebody would move a case out of the area that they work in."""

    def __init__(self, person: Person) -> None:
        super().__init__(
            f"新位置不在{person.name}的责任区内，请交给[受理员]或[值班长][更正]",
            f"the place lies outside the area of {person.name}: leave it to the [acceptor] or the "
            "supervisor of the city",
        )
        self.person = person.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What somebody says of a case; what is None stays.

    Args:
        label: the right class, as the profile calls it.
        position: where it truly is.
    """

    label: str | None = None
    position: wire.Position | None = None


def correct_case(
    id_: CaseId, said: Correction, decision: Decision, *, profile: Profile, uow: UnitOfWork
) -> None:
    """Give a case its right class or place; severity, component and limits follow.

    Raises:
        NothingCorrected: it is already what was said.
        NoSuchClass, ClassNotInProfile: the city has no such class, or no limits for it.
        OutsideCity, OutsideYourArea: the place lies in no grid, or out of the person's reach.
    """
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        corrected = _corrected(case, said, decision, profile=profile, uow=uow)
        now = replace(case, category=corrected.category, severity=corrected.severity)
        clocks = _limited_anew(now, decision, profile=profile)
        grounds = _grounds(case, corrected, decision, profile=profile, uow=uow)
        case.correct(corrected, replace(decision, grounds=grounds), clocks=clocks)
        for task in uow.tasks.of_case(case.id):
            if task.status is TaskStatus.OPEN and task.area != (case.grid or ""):
                task.area = case.grid or ""
                uow.tasks.save(task)
        uow.cases.save(case)
        uow.commit()


def _corrected(
    case: Case, said: Correction, decision: Decision, *, profile: Profile, uow: UnitOfWork
) -> Corrected:
    """Put together what the case is from now on."""
    category, severity = case.category, case.severity
    if said.label is not None and said.label != case.category.label:
        category = _class(case, said.label, profile=profile)
        problem = uow.problems.get(case.problem)
        severity = grade(category, problem.sizes, problem.unseen).severity
    place, grid, share = case.place, case.grid, case.grid_share
    if said.position is not None:
        place = place_of(said.position)
        found = profile.grids.shares(place, day=_day(decision, profile))
        if not found:
            raise OutsideCity
        grid, share = found[0].grid.id, found[0].share
        if not grid.startswith(decision.by.area):
            raise OutsideYourArea(decision.by)
    if category is case.category and place == case.place:
        raise NothingCorrected
    return Corrected(category=category, severity=severity, place=place, grid=grid, grid_share=share)


def _class(case: Case, label: str, *, profile: Profile) -> CatalogClass:
    """Give a class of the city's; what a machine saw is looked for as what it was seen as."""
    category = profile.classes.get(label)
    if category is None:
        raise NoSuchClass(label)
    by_machine = "model" in case.history[0].grounds
    return replace(category, seen_as=case.category.detected) if by_machine else category


def _limited_anew(case: Case, decision: Decision, *, profile: Profile) -> list[Clock]:
    """Measure the whole clock, where it runs on, by the limit of the class that it now is.

    It counts from the same start, with what the case rested and was given since.
    """
    whole = case.clocks.get(Stage.WHOLE)
    if whole is None or whole.stopped_at is not None:
        return []
    limits = limits_of(case, profile=profile, at=decision.at)
    if whole.original == limits.whole:
        return []
    calendar = profile.calendar
    clock = start_clock(Stage.WHOLE, limits.whole, at=whole.started_at, calendar=calendar)
    for step in case.history:
        if step.at < whole.started_at:
            continue
        if step.action is Action.SUSPEND:
            clock = replace(clock, paused_at=step.at)
        elif step.action is Action.RESUME:
            clock = resume_clock(clock, at=step.at, calendar=calendar)
        elif step.action is Action.EXTEND and _is_of_whole(step.grounds):
            clock = extend_clock(clock, at=step.at, calendar=calendar)
    order = list(Alarm)
    return [replace(clock, fired=min(whole.fired, clock.alarm(decision.at), key=order.index))]


def _is_of_whole(grounds: Grounds) -> bool:
    clocks = grounds.get("clocks")
    return isinstance(clocks, dict) and Stage.WHOLE.value in clocks


def _grounds(
    case: Case, to: Corrected, decision: Decision, *, profile: Profile, uow: UnitOfWork
) -> dict[str, JsonValue]:
    """Say for the history what was corrected, and which component it is of now."""
    zh, en = [], []
    changes: dict[str, JsonValue] = {}
    if to.category is not case.category:
        changes["class"] = {
            "from": case.category.label,
            "from_code": str(case.category.key),
            "to": to.category.label,
            "to_code": str(to.category.key),
        }
        zh.append(f"类别由“{case.category.name_zh}”改为“{to.category.name_zh}”")
        en.append(f"class '{case.category.name_en}' is now '{to.category.name_en}'")
    if to.place != case.place:
        moved_m = distance_m(case.place, to.place)
        changes["place"] = {
            "from": [case.place.latitude, case.place.longitude],
            "to": [to.place.latitude, to.place.longitude],
            "moved_m": round(moved_m, 1),
        }
        zh.append(f"位置移动 {moved_m:.0f} 米")
        en.append(f"place moved by {moved_m:.0f} m")
    component = component_grounds(
        to.category, to.place, profile=profile, at=decision.at, uow=uow
    ) or ({"component": None} if case.component else {})
    return {
        "corrected": changes,
        "why_zh": "；".join(zh),
        "why_en": "; ".join(en),
        **decision.grounds,
        **component,
    }


def _day(decision: Decision, profile: Profile) -> date:
    return decision.at.astimezone(profile.zone).date()
