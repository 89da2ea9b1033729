"""A city for tests: a profile that ships, its people, and a case brought to any stage."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from api.demo.ground import middle_of
from dispatch import wire
from dispatch.case.case import Case
from dispatch.case.photo import Photo, PhotoPurpose
from dispatch.case.step import Decision
from dispatch.case.task import Task, TaskKind, TaskStatus
from dispatch.case.transition import Action, Status
from dispatch.city.limit_table import ClassLimits
from dispatch.city.profile import Profile, Responsibility
from dispatch.city_files.profile_folder import PROFILES, load_profile
from dispatch.clocks.worktime import Limit
from dispatch.identity.fusion import problem_of
from dispatch.ids import CaseId, DepartmentId, PersonId, PhotoId
from dispatch.loop import casework, closing, filing, granting, oversight
from dispatch.loop.assignment import rule_for
from dispatch.loop.corrected import corrected_near
from dispatch.people.people import Person, Role
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.sights.problem import Problem
from dispatch.store.memory import MemoryStore
from dispatch.triage.triage import Cards, CardWord
from dispatch.verification.detectability import RecallBand
from tests.dispatch import making

ROADS: Final = DepartmentId("roads")
SANITATION: Final = DepartmentId("sanitation")
MONDAY: Final = datetime.fromisoformat("2026-11-16T01:00:00+00:00")
"""9 o'clock of a working day in the city."""


def person(name: str, *roles: Role, department: DepartmentId | None = None) -> Person:
    """Make somebody who may see the whole city."""
    return Person(id=PersonId(name), name=name, roles=frozenset(roles), department=department)


COLLECTOR: Final = person("采集员小陈", Role.COLLECTOR)
SUPERVISOR: Final = person("值班长老李", Role.SUPERVISOR, Role.ACCEPTOR)
DISPATCHER: Final = person("派遣员小周", Role.DISPATCHER)
WORKER: Final = person("养护工老赵", Role.HANDLER, department=ROADS)
FOREMAN: Final = person("养护所老王", Role.DEPARTMENT, department=ROADS)
EVALUATOR: Final = person("考核员小吴", Role.EVALUATOR)
SWEEPER: Final = person("保洁员老钱", Role.HANDLER, department=SANITATION)


CITIES: Final = tuple(sorted(file.parent.name for file in PROFILES.glob("*/profile.toml")))
"""Every city that ships. A suite that takes them all says nothing that only one of them says."""


@cache
def profile_of(name: str) -> Profile:
    """Read a profile that ships once."""
    return load_profile(PROFILES / name)


def demo_profile() -> Profile:
    """Give the demonstration profile."""
    return profile_of("demo")


def with_policy(profile: Profile, **changes: object) -> Profile:
    """Change numbers of the verification policy."""
    from dataclasses import replace

    return replace(profile, verification=profile.verification.model_copy(update=changes))


def automated(profile: Profile, **changes: bool) -> Profile:
    """Change what the machine decides without a person."""
    from dataclasses import replace

    return replace(profile, automation=profile.automation.model_copy(update=changes))


def may_file(model: wire.ModelRef, label: str) -> CardWord:
    """Give a card that lets every class file unasked."""
    return CardWord.MAY_FILE


def certain_recall(model: wire.ModelRef, label: str) -> Sequence[RecallBand]:
    """Give a card that states a high recall at every size by day."""
    band = RecallBand(
        min_px=4.0, max_px=4000.0, light=wire.Light.DAY, lower=0.95, concentration=40.0
    )
    return (band,)


@dataclass(slots=True)
class City:
    """A store, a profile, and a watch that the test turns on."""

    name: str = "demo"
    profile: Profile = field(default_factory=demo_profile)
    begin: Callable[[], UnitOfWork] = field(default_factory=lambda: MemoryStore().unit_of_work)
    cards: Cards = may_file
    now: datetime = MONDAY
    photos: int = 0
    where: tuple[float, float] = (making.LATITUDE, making.LONGITUDE)
    """Latitude and longitude of the usual place."""

    @property
    def rule(self) -> Responsibility:
        """The rule for potholes at the usual place."""
        grid = self.profile.grids.holding(*self.where, day=self.now.date())
        assert grid is not None
        rule = rule_for("road.pothole", grid, profile=self.profile)
        assert rule is not None
        return rule

    @property
    def department(self) -> DepartmentId:
        """The department that mends roads at the usual place."""
        return self.rule.department

    @property
    def other_department(self) -> DepartmentId:
        """Any other department."""
        return next(id_ for id_ in self.profile.departments if id_ != self.department)

    @property
    def worker(self) -> Person:
        """Who mends roads."""
        return person("养护工老赵", Role.HANDLER, department=self.department)

    @property
    def foreman(self) -> Person:
        """Who speaks for the department that mends roads."""
        return person("养护所老王", Role.DEPARTMENT, department=self.department)

    @property
    def sweeper(self) -> Person:
        """Who works for another department."""
        return person("保洁员老钱", Role.HANDLER, department=self.other_department)

    def reason(self, action: Action) -> str | None:
        """Give the first of the city's reasons for an action, or None where words are enough."""
        reasons = self.profile.reasons_for(action)
        return reasons[0].code if reasons else None

    def limits(self, id_: CaseId) -> ClassLimits:
        """Give the limits of a case that begins today."""
        case = self.case(id_)
        label = case.category.label or ""
        day = self.now.astimezone(self.profile.zone).date()
        found = self.profile.limits.limits(label, severity=case.severity, day=day)
        assert found is not None
        return found

    def after(self, limit: Limit, start: datetime) -> datetime:
        """Give when a limit that begins at a moment is over."""
        return self.profile.calendar.after(start, limit.length, limit.clock)

    @property
    def uow(self) -> UnitOfWork:
        """Begin a transaction."""
        return self.begin()

    def later(self, **span: float) -> datetime:
        """Turn the watch on."""
        self.now += timedelta(**span)
        return self.now

    def see(
        self,
        name: str = "1",
        *,
        problem: str | None = None,
        pass_id: str = "vehicle-07:1",
        label: str = "road.pothole",
        chance: float = 0.9,
    ) -> Problem:
        """Take in a sight of a thing at the usual place, and give the problem it is of.

        Args:
            chance: that it is what it is called.
        """
        latitude, longitude = self.where
        here = making.position().model_copy(update={"latitude": latitude, "longitude": longitude})
        seen = making.finding(name, pass_id=pass_id, at=self.now, label=label, where=here)
        found = seen.model_copy(update={"probabilities": {label: chance}})
        with self.uow as uow:
            known = list(uow.observations.of_problem(problem)) if problem else []
            made = problem_of(
                making.ProblemId(problem or f"problem-{name}"), [*known, making.observation(found)]
            )
            uow.problems.save(made)
            uow.observations.save(making.observation(found, problem=made.id))
            uow.commit()
        return made

    def take_up(self, problem: Problem, *, pass_id: str = "vehicle-07:1") -> Case | None:
        """Give a problem its case by its last sight."""
        with self.uow as uow:
            last = uow.observations.of_problem(problem.id)[-1]
            case = filing.take_up(
                problem,
                last.of_device,
                before=uow.cases.of_problem(problem.id),
                corrected=corrected_near((problem,), uow=uow),
                cards=self.cards,
                profile=self.profile,
                at=self.now,
                uow=uow,
            )
            uow.commit()
        return case

    def sweep(self, pass_id: str, *, views: float = 200.0, hidden: bool = False) -> str:
        """Keep a sweep of the usual place by a pass; hidden ground was not inspected."""
        cells = sorted(making.h3.grid_disk(making.h3.latlng_to_cell(*self.where, 13), 6))
        base = making.sweep(pass_id=pass_id, at=self.now)
        ground = base.inspected[0].model_copy(
            update={
                "cells": wire.pack_cells(cells),
                "pixels_per_metre": wire.pack_ppm([views] * len(cells)),
            }
        )
        why = base.hidden[0].model_copy(update={"cells": wire.pack_cells(cells)})
        swept = base.model_copy(
            update={
                "inspected": () if hidden else (ground,),
                "hidden": (why,) if hidden else (),
                "position_sigma_m": 0.3,
            }
        )
        with self.uow as uow:
            uow.sweeps.save(swept)
            uow.commit()
        return pass_id

    def reported(self) -> CaseId:
        """Bring a case to its report, with a task to confirm it."""
        case = self.take_up(self.see())
        assert case is not None
        return case.id

    def confirmed(self) -> CaseId:
        """Bring a case to its confirmation, and as far as the city lets the machine take it."""
        return self.confirm(self.reported())

    def filed(self) -> CaseId:
        """Bring a case to its filing, by a person where the city leaves that to one."""
        return self.file(self.confirmed())

    def dispatched(self) -> CaseId:
        """Bring a case to its department, by people where the city leaves that to them."""
        return self.dispatch(self.reported())

    def confirm(self, id_: CaseId) -> CaseId:
        """Have a collector confirm a report."""
        confirmation = Decision(by=COLLECTOR, at=self.later(minutes=10))
        casework.confirm_case(id_, confirmation, profile=self.profile, uow=self.uow)
        return id_

    def file(self, id_: CaseId) -> CaseId:
        """Have a confirmed case filed, unless it was at once."""
        if self.case(id_).status is Status.CONFIRMED:
            filing_ = Decision(by=SUPERVISOR, at=self.later(minutes=1))
            casework.file_case(id_, filing_, profile=self.profile, uow=self.uow)
        return id_

    def dispatch(self, id_: CaseId) -> CaseId:
        """Have a report confirmed, filed and dispatched."""
        self.file(self.confirm(id_))
        if not self.profile.automation.dispatch:
            order = Decision(by=DISPATCHER, at=self.later(minutes=1))
            casework.dispatch_case(id_, self.department, order, profile=self.profile, uow=self.uow)
        return id_

    def handling(self) -> CaseId:
        """Bring a case to a worker."""
        id_ = self.dispatched()
        casework.accept_case(id_, Decision(by=self.worker, at=self.later(minutes=10)), uow=self.uow)
        return id_

    def ask_extension(self, id_: CaseId) -> None:
        """Have the worker ask for more time and the department agree."""
        asked = Decision(by=self.worker, at=self.now, note="等材料")
        granting.ask_extension(id_, asked, uow=self.uow)
        granting.endorse_request(id_, Decision(by=self.foreman, at=self.now), uow=self.uow)

    def suspend(self, id_: CaseId, until: datetime) -> None:
        """Bring a case to rest until a day: asked, agreed, granted."""
        asked = Decision(by=self.foreman, at=self.now, note="等待供电迁改")
        granting.ask_suspension(id_, asked, until=until, uow=self.uow)
        granted = Decision(by=DISPATCHER, at=self.now, note="情况属实")
        granting.suspend_case(id_, granted, until=until, profile=self.profile, uow=self.uow)

    def handled(self) -> CaseId:
        """Bring a case to its check, with an after-photo."""
        id_ = self.handling()
        self.finish(id_)
        return id_

    def finish(self, id_: CaseId, *, by: Person | None = None) -> None:
        """Photograph and report the work as done."""
        by = by or self.worker
        self.photograph(id_, by=by)
        casework.finish_case(
            id_, Decision(by=by, at=self.later(hours=1)), profile=self.profile, uow=self.uow
        )

    def show_now(self, id_: CaseId) -> PhotoId:
        """Hand in a photo of how the thing of a closed case is a minute later."""
        self.later(minutes=1)
        return self.photograph(id_, by=SUPERVISOR, purpose=PhotoPurpose.REPORT)

    def photograph(
        self,
        id_: CaseId,
        *,
        by: Person | None = None,
        purpose: PhotoPurpose = PhotoPurpose.AFTER,
    ) -> PhotoId:
        """Hand in a photo, if nothing else is said one of the finished work."""
        self.photos += 1
        photo = Photo(
            id=PhotoId(f"photo-{self.photos}"),
            case=id_,
            purpose=purpose,
            by=(by or self.worker).id,
            taken_at=self.now,
            sha256=f"{self.photos:064x}",
        )
        with self.uow as uow:
            uow.photos.save(photo)
            uow.commit()
        return photo.id

    def drive_by(self, pass_id: str, *, hidden: bool = False) -> tuple[CaseId, ...]:
        """Sweep the usual place on a later pass and have handled cases judged."""
        self.later(hours=3)
        self.sweep(pass_id, hidden=hidden)
        return self.judge(pass_id)

    def judge(self, pass_id: str) -> tuple[CaseId, ...]:
        """Have handled cases judged after a pass."""
        with self.uow as uow:
            judged = oversight.judge_handled(
                pass_id,
                recalls=certain_recall,
                profile=self.profile,
                at=self.later(minutes=5),
                uow=uow,
            )
            uow.commit()
        return judged

    def case(self, id_: CaseId) -> Case:
        """Give a case as it stands."""
        with self.uow as uow:
            return uow.cases.get(id_)

    def tasks(self, id_: CaseId, kind: TaskKind) -> list[Task]:
        """Give a case's open tasks of a kind."""
        with self.uow as uow:
            tasks = uow.tasks.of_case(id_)
        return [t for t in tasks if t.kind is kind and t.status is TaskStatus.OPEN]

    def approve(self, id_: CaseId) -> None:
        """Close a handled case."""
        closing.approve_case(id_, Decision(by=SUPERVISOR, at=self.later(minutes=5)), uow=self.uow)


def city_of(name: str, *, begin: Callable[[], UnitOfWork] | None = None) -> City:
    """Give a city that ships; its usual place is in the middle of its ground."""
    profile = profile_of(name)
    where = middle_of(profile, day=MONDAY.date())
    return City(name=name, profile=profile, where=where, begin=begin or MemoryStore().unit_of_work)
