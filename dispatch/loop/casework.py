"""What people decide about cases: one decision and one transaction a function.

Each loads the case, calls one of its methods, makes or ends the tasks that go with it, commits.
Raised besides what each names: CaseNotFound, IllegalTransition, NotYourStep, ReasonMissing,
StepBeforeLast, StaleCase and DecisionTaken, after which nothing was changed.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pydantic import JsonValue

from dispatch.case.case import Case
from dispatch.case.guard import refuse_other_department
from dispatch.case.merging import refuse_merge
from dispatch.case.photo import Photo, PhotoPurpose
from dispatch.case.step import Decision, Grounds
from dispatch.case.task import TaskKind
from dispatch.case.transition import Action, Status
from dispatch.city.profile import Profile
from dispatch.clocks.clock import Stage
from dispatch.errors import DispatchError
from dispatch.ids import CaseId, DepartmentId, PhotoId
from dispatch.loop.closing import find_undone
from dispatch.loop.copied import refuse_used
from dispatch.loop.corrected import claims_of, count_claim
from dispatch.loop.filing import file_and_dispatch, send_to
from dispatch.loop.handover import (
    ask_for_confirmation,
    asked_grounds,
    cancel_tasks,
    case_to_decide,
    coded,
    end_tasks,
    graded,
    load_case,
    open_tasks,
    send_for_confirmation,
    stage_clock,
    stands_for,
)
from dispatch.loop.picture_need import (
    PhotoOfNowMissing,
    lacks_now,
    of_now,
    refuse_without_pictures,
)
from dispatch.loop.responsibility import note_precedent
from dispatch.missing import PhotoNotFound
from dispatch.people.people import MACHINE, Person, Role
from dispatch.ports.unit_of_work import UnitOfWork

_REQUESTS: Final = (TaskKind.ENDORSE, TaskKind.GRANT)
_HANDLERS: Final = (TaskKind.HANDLE, *_REQUESTS)


class NoSuchDepartment(DispatchError):
    """The profile has no department of this id."""

    def __init__(self, department: str) -> None:
        super().__init__(
            f"没有[部门] {department}，请从[部门]名单中选择",
            f"there is no department {department}: choose one of the list",
        )
        self.department = department


class PhotoTaken(DispatchError):
    """Another photo has this id already."""

    def __init__(self, photo: PhotoId) -> None:
        super().__init__(
            "这个照片编号已用于另一张照片，请重新拍照提交",
            f"another photo is called {photo} already: take it again",
        )
        self.photo = photo


def ask_confirmation(id_: CaseId, decision: Decision, *, profile: Profile, uow: UnitOfWork) -> None:
    """Have a collector look whether a report is true.

    Raises:
        ConfirmationAsked: one was sent already.
    """
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        send_for_confirmation(case, decision, profile=profile, uow=uow)
        uow.cases.save(case)
        uow.commit()


def confirm_case(id_: CaseId, decision: Decision, *, profile: Profile, uow: UnitOfWork) -> None:
    """Find a report true; where the profile files by itself, the case is filed at once."""
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        confirm(case, decision, profile=profile, uow=uow)
        uow.cases.save(case)
        uow.commit()


def confirm(case: Case, decision: Decision, *, profile: Profile, uow: UnitOfWork) -> None:
    """Find a report true; joins the caller's transaction."""
    case.confirm(graded(case, decision))
    end_tasks(case.id, TaskKind.CONFIRM, by=decision.by.id, at=decision.at, uow=uow)
    _count_find(case, uow=uow, true=True)
    if profile.automation.file:
        grounds: Grounds = {"confirmed_by": decision.by.id}
        decision = Decision(by=MACHINE, at=decision.at, grounds=grounds)
        file_and_dispatch(case, decision, profile=profile, uow=uow)


def refute_case(id_: CaseId, decision: Decision, *, profile: Profile, uow: UnitOfWork) -> None:
    """Find a report untrue; the case is void and the place stops asking."""
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        case.refute(coded(decision, Action.REFUTE, profile=profile))
        end_tasks(case.id, TaskKind.CONFIRM, by=decision.by.id, at=decision.at, uow=uow)
        _count_find(case, uow=uow, true=False)
        uow.cases.save(case)
        uow.commit()


def void_case(id_: CaseId, decision: Decision, *, profile: Profile, uow: UnitOfWork) -> None:
    """End a case before filing for another reason than its being untrue."""
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        case.void(coded(decision, Action.VOID, profile=profile))
        cancel_tasks(case.id, frozenset(TaskKind), by=decision.by.id, at=decision.at, uow=uow)
        uow.cases.save(case)
        uow.commit()


def merge_case(id_: CaseId, into: CaseId, decision: Decision, *, uow: UnitOfWork) -> None:
    """End a case because another one is of the same problem.

    Raises:
        MergeRefused: the other one is the same case, or has ended.
        MergesIntoYounger: the case was filed, and the other one later or not yet.
    """
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        other = load_case(into, by=decision.by, uow=uow)
        refuse_merge(case, other)
        case.merge(other.id, decision)
        cancel_tasks(case.id, frozenset(TaskKind), by=decision.by.id, at=decision.at, uow=uow)
        uow.cases.save(case)
        uow.commit()


def file_case(id_: CaseId, decision: Decision, *, profile: Profile, uow: UnitOfWork) -> None:
    """Accept a case under its filing condition; a rule may dispatch it at once.

    One that a collector put right on the spot is filed because it is not done.
    """
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        if case.status is Status.HANDLED:
            decision = find_undone(case, decision, uow=uow)
        file_and_dispatch(case, graded(case, decision), profile=profile, uow=uow)
        cancel_tasks(case.id, (TaskKind.CONFIRM,), by=decision.by.id, at=decision.at, uow=uow)
        uow.cases.save(case)
        uow.commit()


def dispatch_case(
    id_: CaseId, to: DepartmentId, decision: Decision, *, profile: Profile, uow: UnitOfWork
) -> None:
    """Send a filed case to a department.

    Raises:
        NoSuchDepartment: the profile has none of this id.
    """
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        if to not in profile.departments:
            raise NoSuchDepartment(to)
        chosen: Grounds = {"rule": None, "chosen_by": decision.by.id}
        decision = replace(decision, grounds=chosen)
        note_precedent(case, to, profile=profile, at=decision.at, uow=uow)
        send_to(case, to, decision, profile=profile, uow=uow)
        uow.cases.save(case)
        uow.commit()


def accept_case(id_: CaseId, decision: Decision, *, uow: UnitOfWork) -> None:
    """Take a dispatched case on; the handling task becomes this person's own."""
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        case.accept(decision)
        for task in open_tasks(case.id, TaskKind.HANDLE, uow=uow):
            if Role.HANDLER in decision.by.roles:
                task.give(decision.by.id)
                uow.tasks.save(task)
        uow.cases.save(case)
        uow.commit()


def decline_case(id_: CaseId, decision: Decision, *, profile: Profile, uow: UnitOfWork) -> None:
    """Give a case back to the dispatcher, with the reason."""
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        clock = stage_clock(case, Stage.DISPATCH, profile=profile, at=decision.at)
        case.decline(coded(decision, Action.DECLINE, profile=profile), clock=clock)
        uow.precedents.drop(case.id)
        cancel_tasks(case.id, _HANDLERS, by=decision.by.id, at=decision.at, uow=uow)
        uow.cases.save(case)
        uow.commit()


def return_case(id_: CaseId, decision: Decision, *, uow: UnitOfWork) -> None:
    """Give a filed case back to the supervision side; filed anew, a person dispatches it."""
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        case.send_in_again(decision)
        uow.cases.save(case)
        uow.commit()


def self_handle_case(id_: CaseId, decision: Decision, *, profile: Profile, uow: UnitOfWork) -> None:
    """Record that a collector put it right on the spot; somebody else checks it.

    Raises:
        AfterPhotoMissing, BeforePhotoMissing: a picture is lacking that its class needs.
    """
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        photos = _after_photos(case, uow=uow)
        self_handle(case, decision, photos=photos, profile=profile, uow=uow)
        uow.cases.save(case)
        uow.commit()


def self_handle(
    case: Case, decision: Decision, *, photos: Sequence[str], profile: Profile, uow: UnitOfWork
) -> None:
    """Record that a collector put it right on the spot; joins the caller's transaction.

    Args:
        photos: ids of those that show it done.

    Raises:
        AfterPhotoMissing, BeforePhotoMissing: a picture is lacking that its class needs.
    """
    clock = stage_clock(case, Stage.CHECK, profile=profile, at=decision.at)
    grounds: Grounds = {**decision.grounds, "after_photos": list[JsonValue](photos)}
    case.self_handle(replace(decision, grounds=grounds), clock=clock)
    refuse_without_pictures(case, photos, uow=uow)
    end_tasks(case.id, TaskKind.CONFIRM, by=decision.by.id, at=decision.at, uow=uow)


def finish_case(id_: CaseId, decision: Decision, *, profile: Profile, uow: UnitOfWork) -> None:
    """Report the work as done; the photos that its class needs must have been handed in.

    Raises:
        AfterPhotoMissing: there is none since the case was last dispatched or sent back.
        BeforePhotoMissing: nothing shows what there was to do.
    """
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        photos = _after_photos(case, uow=uow)
        clock = stage_clock(case, Stage.CHECK, profile=profile, at=decision.at)
        grounds: Grounds = {"after_photos": list[JsonValue](photos)}
        case.finish(replace(decision, grounds=grounds), clock=clock)
        refuse_without_pictures(case, photos, uow=uow)
        end_tasks(case.id, TaskKind.HANDLE, by=decision.by.id, at=decision.at, uow=uow)
        cancel_tasks(case.id, _REQUESTS, by=decision.by.id, at=decision.at, uow=uow)
        uow.cases.save(case)
        uow.commit()


def hand_in_photo(photo: Photo, *, by: Person, uow: UnitOfWork) -> None:
    """Keep a photo for a case within a person's reach; the same one again changes nothing.

    Raises:
        OtherDepartment: they handle for another department than the case's.
        PhotoTaken: the id names another photo.
        PictureUsed: a photo of the work done is the same file as a picture that was there before.
    """
    with uow:
        case = load_case(photo.case, by=by, uow=uow)
        try:
            kept = uow.photos.get(photo.id)
        except PhotoNotFound:
            if by.roles <= {Role.HANDLER, Role.DEPARTMENT}:
                refuse_other_department(Role.HANDLER, by, case.department)
            if photo.purpose is PhotoPurpose.AFTER:
                refuse_used([(photo.id, photo.sha256)], uow=uow)
            uow.photos.save(photo)
            uow.commit()
            return
        if kept.sha256 != photo.sha256 or kept.case != photo.case:
            raise PhotoTaken(photo.id)


def write_off_case(id_: CaseId, decision: Decision, *, profile: Profile, uow: UnitOfWork) -> None:
    """Close a case without repair, with the reason; counted apart."""
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        case.write_off(coded(decision, Action.WRITE_OFF, profile=profile))
        cancel_tasks(case.id, frozenset(TaskKind), by=decision.by.id, at=decision.at, uow=uow)
        uow.cases.save(case)
        uow.commit()


def reopen_case(id_: CaseId, decision: Decision, *, profile: Profile, uow: UnitOfWork) -> None:
    """Take up again what was closed or made void.

    Raises:
        PhotoOfNowMissing: nothing shows how it is now, and its class needs a picture.
    """
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        photos = uow.photos.of_case(case.id)
        lacking = lacks_now(case, uow.observations.of_problem(case.problem), photos)
        if shown := [photo.id for photo in of_now(case, photos)]:
            decision = replace(decision, grounds={**decision.grounds, "photos": [*shown]})
        filed = case.status is Status.CLOSED
        stages = (Stage.DISPATCH, Stage.WHOLE) if filed else ()
        clocks = [stage_clock(case, stage, profile=profile, at=decision.at) for stage in stages]
        if not filed:
            asked = asked_grounds(case, profile=profile, at=decision.at)
            decision = replace(decision, grounds={**decision.grounds, **asked})
        case.reopen(decision, clocks=clocks)
        if lacking:
            raise PhotoOfNowMissing(case.id)
        if not filed:
            ask_for_confirmation(case, profile=profile, at=decision.at, uow=uow)
        uow.cases.save(case)
        uow.commit()


def remark_case(id_: CaseId, decision: Decision, *, uow: UnitOfWork) -> None:
    """Write something down in a case's history."""
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        case.remark(decision)
        uow.cases.save(case)
        uow.commit()


def _after_photos(case: Case, *, uow: UnitOfWork) -> list[str]:
    """Give the after-photos that no earlier report of completion rested on."""
    used: set[JsonValue] = set()
    for step in case.history:
        earlier = step.grounds.get("after_photos")
        if isinstance(earlier, list):
            used.update(str(photo) for photo in earlier)
    photos = uow.photos.of_case(case.id)
    return [
        each.id for each in photos if each.purpose is PhotoPurpose.AFTER and each.id not in used
    ]


def _count_find(case: Case, *, uow: UnitOfWork, true: bool) -> None:
    """Count a person's verdict on what models called the thing, here or in what was merged."""
    for claim in claims_of(stands_for(case, uow=uow)):
        count_claim(claim, case, uow=uow, true=true)
