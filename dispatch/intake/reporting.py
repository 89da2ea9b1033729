"""Reporting (上报): what a person saw becomes an observation, a problem and a case, for good.

One report is one transaction. It is settled by its id, however often a phone sends it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from pydantic import JsonValue

from dispatch.case.case import Case, Source
from dispatch.case.photo import Photo, PhotoPurpose
from dispatch.case.step import Decision, Grounds
from dispatch.case.task import TaskKind
from dispatch.case.transition import Status
from dispatch.city.profile import Profile
from dispatch.identity.fusion import problem_of
from dispatch.identity.nearby import CAP_M
from dispatch.identity.sights import place_of
from dispatch.ids import CaseId, ProblemId
from dispatch.intake.problem_map import arrive
from dispatch.loop import casework
from dispatch.loop.copied import PictureUsed, refuse_used
from dispatch.loop.corrected import corrected_at, corrected_near, goes_on_in
from dispatch.loop.filed_as import FiledAs, class_of
from dispatch.loop.filing import file_and_dispatch, new_case, recurrence_grounds
from dispatch.loop.handed_in import HandedIn, NotReportable, observation_of
from dispatch.loop.handover import open_tasks, surviving
from dispatch.loop.responsibility import component_grounds
from dispatch.loop.suppressing import Seen, approval_about
from dispatch.people.people import MACHINE, Person
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.sights.observation import Observation
from dispatch.sights.problem import Problem
from dispatch.triage.severity import grade
from dispatch.wire import Report, Reporter

_SELF_HANDLED_FROM: Final = frozenset({Status.REPORTED, Status.CONFIRMED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What became of a report.

    Args:
        joined: it is a sight of a problem that had an open case before.
        handled: it was recorded as put right on the spot.
    """

    case: Case
    joined: bool
    handled: bool


def report_problem(
    report: Report,
    photos: Sequence[HandedIn],
    *,
    by: Person,
    at: datetime,
    profile: Profile,
    uow: UnitOfWork,
) -> Reported:
    """Take in what a person reports; the same report again changes nothing.

    A photo of the work done says that the person put it right on the spot.

    Args:
        report: without its photos; these follow from `photos`.
        uow: not yet begun.

    Raises:
        PhotoOfReportMissing: no photo shows the problem.
        PictureUsed: the photo of the work done is the same file as a picture that was there before.
        NotReportable, OutsideCity, ReportFromTheFuture: it cannot be taken in as it is.
    """
    with uow:
        reported = take_in(report, photos, by=by, at=at, profile=profile, uow=uow)
        uow.commit()
    return reported


def take_in(
    report: Report,
    photos: Sequence[HandedIn],
    *,
    by: Person,
    at: datetime,
    profile: Profile,
    uow: UnitOfWork,
) -> Reported:
    """Take in a report; joins the caller's transaction, and raises what `report_problem` does."""
    uow.lock_map()
    known = uow.observations.get(report.id)
    if known is not None:
        return _known(known, uow=uow)
    one = observation_of(report, photos, at=at, profile=profile)
    _refuse_used(photos, uow=uow)
    problem = _problem(one, uow=uow)
    before = uow.cases.of_problem(problem.id)
    reporting = _Reporting(report=report, photos=photos, by=by, at=at, profile=profile, uow=uow)
    if before:
        return reporting.take_up(problem, surviving(before[-1], uow=uow))
    twin = corrected_at(problem, corrected_near((problem,), uow=uow), uow=uow)
    if twin is not None and twin.is_open:
        reporting.goes_on_in(problem, twin)
    return reporting.take_up(problem, twin)


def _known(one: Observation, *, uow: UnitOfWork) -> Reported:
    assert one.problem is not None
    case = surviving(uow.cases.of_problem(one.problem)[-1], uow=uow)
    joined = case.history[0].grounds.get("report") != one.id
    return Reported(case=case, joined=joined, handled=case.was_self_handled)


def _refuse_used(photos: Sequence[HandedIn], *, uow: UnitOfWork) -> None:
    shown = {each.sha256 for each in photos if each.kind}
    done = [each for each in photos if each.kind is None]
    if any(each.sha256 in shown for each in done):
        raise PictureUsed
    refuse_used([(each.id, each.sha256) for each in done], uow=uow)


def _problem(one: Observation, *, uow: UnitOfWork) -> Problem:
    """Find the known problem that it is a sight of, or make a new one.

    What is placed so vaguely that anything within the cap would fit joins nothing by itself.
    """
    if place_of(one).sigma_m <= CAP_M:
        return next(iter(arrive([one], mates=(), uow=uow).touched.values()))
    problem = problem_of(ProblemId(one.id), [one])
    uow.problems.save(problem)
    uow.observations.save(one.of_problem(problem.id))
    return problem


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reporting:
    """One report on its way to its case."""

    report: Report
    photos: Sequence[HandedIn]
    by: Person
    at: datetime
    profile: Profile
    uow: UnitOfWork

    def take_up(self, problem: Problem, last: Case | None) -> Reported:
        """Join the open case of the problem, or make one."""
        joined = last is not None and last.is_open
        case = last if last is not None and joined else self._new(problem, last)
        handled = self._is_done and case.status in _SELF_HANDLED_FROM
        if handled:
            casework.self_handle(
                case, self._decision(), photos=self._done, profile=self.profile, uow=self.uow
            )
        elif joined:
            self._join(case)
        elif self._files_itself(case):
            grounds: Grounds = {"reported_by": self.by.id}
            decision = Decision(by=MACHINE, at=self.at, grounds=grounds)
            file_and_dispatch(case, decision, profile=self.profile, uow=self.uow)
        if joined:
            self.uow.cases.save(case)
        else:
            self.uow.cases.add(case)
        self._keep_photos(case.id, handled=handled)
        return Reported(case=case, joined=joined, handled=handled)

    def goes_on_in(self, problem: Problem, twin: Case) -> None:
        """End the case of a new problem at once: it is the thing whose class a person put right."""
        case = self._new(problem, None)
        goes_on_in(case, twin, uow=self.uow)
        self.uow.cases.add(case)

    def _new(self, problem: Problem, last: Case | None) -> Case:
        filed_as = self._filed_as(problem)
        closed = last if last is not None and last.status is Status.CLOSED else None
        case = new_case(
            problem,
            source=Source(self.report.source.value),
            rendered=False,
            recurs=closed.id if closed else None,
            category=filed_as.category,
            profile=self.profile,
            at=self.at,
        )
        case.severity = grade(filed_as.category, problem.sizes, problem.unseen).severity
        component = component_grounds(
            filed_as.category, problem.place, profile=self.profile, at=self.at, uow=self.uow
        )
        case.report(self._decision(filed_as.grounds | component | recurrence_grounds(closed)))
        return case

    def _filed_as(self, problem: Problem) -> FiledAs:
        """Give the class, with the approval that speaks against filing, if any does.

        What a person reports there is a case all the same: a person decides about it.
        """
        found = class_of(problem, profile=self.profile, uow=self.uow)
        if found is None:
            raise NotReportable(problem.label)
        seen = Seen(problem=problem, finding=self.report, category=found.category)
        return replace(found, approval=approval_about(seen, profile=self.profile))

    def _files_itself(self, case: Case) -> bool:
        """Say whether a collector's word is enough; an approval leaves it to a person."""
        approved = "suppression" in case.history[0].grounds
        return self._is_of_collector and self.profile.automation.file and not approved

    def _join(self, case: Case) -> None:
        """Confirm what waits for a look, by who stands there; else write the sight down."""
        asked = open_tasks(case.id, TaskKind.CONFIRM, uow=self.uow)
        if case.status is Status.REPORTED and asked and self._is_of_collector:
            casework.confirm(case, self._decision(), profile=self.profile, uow=self.uow)
            return
        said = self._decision()
        case.remark(said if said.note else replace(said, note="又有人上报 / reported again"))

    def _decision(self, grounds: Grounds | None = None) -> Decision:
        told: dict[str, JsonValue] = {
            "report": self.report.id,
            "captured_at": self.report.captured_at.isoformat(),
            "placed_by": self.report.placed_by.value,
            "within_m": round(self.report.position.ce90_m, 1),
            **(grounds or {}),
        }
        return Decision(by=self.by, at=self.at, note=self.report.note, grounds=told)

    @property
    def _done(self) -> list[str]:
        return [each.id for each in self.photos if each.kind is None]

    @property
    def _is_done(self) -> bool:
        return self._is_of_collector and bool(self._done)

    @property
    def _is_of_collector(self) -> bool:
        return self.report.source is Reporter.COLLECTOR

    def _keep_photos(self, case: CaseId, *, handled: bool) -> None:
        for each in self.photos:
            after = each.kind is None and handled
            self.uow.photos.save(
                Photo(
                    id=each.id,
                    case=case,
                    purpose=PhotoPurpose.AFTER if after else PhotoPurpose.REPORT,
                    by=self.by.id,
                    taken_at=self.report.captured_at,
                    sha256=each.sha256,
                )
            )
