"""What pictures a case needs before its work can be reported as done (所需照片).

Its class says so. A picture of before is any of the thing as it was found: a device's, that of
who reported or confirmed it, or one that the handler takes on arrival. One of after is of this
round's work.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from dispatch.case import Case
from dispatch.catalog import EvidenceNeed
from dispatch.errors import DispatchError
from dispatch.ids import CaseId, ProblemId
from dispatch.observation import Observation
from dispatch.photo import PhotoPurpose
from dispatch.ports import UnitOfWork
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
            "这类案卷需要处理前的照片，但还没有，请先拍一张处理前的照片，再开始处理",
            "this class needs a photo from before the work, and there is none: "
            "take one first, then begin",
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


def _shows(one: Observation) -> bool:
    found = one.finding
    return bool(found.evidence) or (isinstance(found, Report) and bool(found.photos))
