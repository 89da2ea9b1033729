"""What pictures a case needs: before its work can be reported as done, and to reopen it (所需照片).

Its class says so. A picture of before is any of the thing as it was found: a device's, that of
who reported or confirmed it, or one that the handler takes on arrival. One of after is of this
round's work. Where one of before is needed, whoever takes a closed case up again shows how it is
now, unless a device saw it after the closure.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from dispatch.case.case import Case
from dispatch.case.photo import Photo, PhotoPurpose
from dispatch.case.transition import Status
from dispatch.catalogue.catalog import EvidenceNeed
from dispatch.errors import DispatchError
from dispatch.ids import CaseId, ProblemId
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.sights.observation import Observation
from dispatch.wire import Report

_OF_BEFORE: Final = frozenset({PhotoPurpose.REPORT, PhotoPurpose.CONFIRMATION, PhotoPurpose.BEFORE})


class AfterPhotoMissing(DispatchError):
    """The work is reported as done without a picture of it."""

    def __init__(self, case: CaseId) -> None:
        super().__init__(
            "请先拍一张处理后的照片再提交",
            "take a photo of the finished work first, then report it as done",
        )
        self.case = case


class BeforePhotoMissing(DispatchError):
    """The work is reported as done, and no picture shows what there was to do."""

    def __init__(self, case: CaseId) -> None:
        super().__init__(
            "这类[案卷]需要处理前的照片，但还没有，请先拍一张处理前的照片，再开始处理",
            "this class needs a photo from before the work, and there is none: "
            "take one first, then begin",
        )
        self.case = case


class PhotoOfNowMissing(DispatchError):
    """A closed case is taken up again, and no picture shows how it is now."""

    def __init__(self, case: CaseId) -> None:
        super().__init__(
            "[重新启动]这类[案卷]需要一张现在的照片，请打开[案卷]，附上照片再办",
            "to take up a [case] of this class again a photo of how it is now is needed: "
            "open the [case] and attach one",
        )
        self.case = case


def lacking_before(
    cases: Iterable[Case], sights: Mapping[ProblemId, Sequence[Observation]], *, uow: UnitOfWork
) -> frozenset[CaseId]:
    """Say which cases need a picture of before the work and have none, of many at once."""
    bare = frozenset(
        case.id
        for case in cases
        if EvidenceNeed.BEFORE in case.category.evidence
        and not any(map(_shows, sights.get(case.problem, ())))
    )
    return bare - {photo.case for photo in uow.photos.of_cases(bare) if photo.purpose in _OF_BEFORE}


def refuse_without_pictures(case: Case, after: Sequence[str], *, uow: UnitOfWork) -> None:
    """Refuse a report of work done that lacks a picture which the class needs.

    Args:
        after: ids of the photos of this round's work.

    Raises:
        AfterPhotoMissing, BeforePhotoMissing: it lacks one.
    """
    if EvidenceNeed.AFTER in case.category.evidence and not after:
        raise AfterPhotoMissing(case.id)
    sights = {case.problem: uow.observations.of_problem(case.problem)}
    if lacking_before((case,), sights, uow=uow):
        raise BeforePhotoMissing(case.id)


def lacks_now(case: Case, sights: Iterable[Observation], photos: Iterable[Photo]) -> bool:
    """Say whether a closed case needs a picture of how it is now, to be taken up again."""
    ended = case.ended_at
    if case.status is not Status.CLOSED or EvidenceNeed.BEFORE not in case.category.evidence:
        return False
    later = any(_shows(one) and one.finding.captured_at > ended for one in sights if ended)
    return not later and not of_now(case, photos)


def of_now(case: Case, photos: Iterable[Photo]) -> list[Photo]:
    """Give the photos that show how the thing of an ended case is now."""
    ended = case.ended_at
    return [
        each for each in photos if ended and each.purpose in _OF_BEFORE and each.taken_at > ended
    ]


def _shows(one: Observation) -> bool:
    found = one.finding
    return bool(found.evidence) or (isinstance(found, Report) and bool(found.photos))
