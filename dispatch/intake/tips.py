"""What citizens report without an account: a tip is taken in, followed, and taken up again.

One decision and one transaction a function. Whoever has the key of a tip is its reporter.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from pydantic import JsonValue

from dispatch.case.case import Case
from dispatch.case.photo import Photo, PhotoPurpose
from dispatch.case.step import Decision
from dispatch.case.tip import Tip, TipNotFound
from dispatch.case.transition import Action, Status
from dispatch.city.profile import Profile
from dispatch.city.retention import Rule
from dispatch.clocks.clock import Stage
from dispatch.errors import DispatchError
from dispatch.ids import CaseId, ObservationId
from dispatch.intake.reporting import take_in
from dispatch.loop.handed_in import HandedIn, PhotoOfReportMissing
from dispatch.loop.handover import load_case, stage_clock, surviving
from dispatch.people.people import PUBLIC, Person
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.wire import Report

AT_ONCE: Final = 200
"""Contacts that one transaction forgets."""


class TooLateToReopen(DispatchError):
    """The case was closed too long ago, or is not closed."""

    def __init__(self, days: int) -> None:
        super().__init__(
            f"[结案]后 {days} 天内才能申请重新处理；如又出现[问题]，请重新[上报]",
            f"only within {days} days of its closure: report it anew if it is there again",
        )
        self.days = days


def take_tip(
    report: Report,
    photos: Sequence[HandedIn],
    *,
    key_sha256: str,
    contact: str | None,
    at: datetime,
    profile: Profile,
    uow: UnitOfWork,
) -> Case:
    """Take in what a citizen reports, with the contact apart; the same one again changes nothing.

    Raises:
        PhotoOfReportMissing, NotReportable, OutsideCity, ReportFromTheFuture: as for collectors.
    """
    with uow:
        # Two of one key at once: the second finds what the first made.
        uow.lock_map()
        if uow.tips.by_key(key_sha256) is not None:
            return case_of_tip(key_sha256, uow=uow)
        case = take_in(report, photos, by=PUBLIC, at=at, profile=profile, uow=uow).case
        tip = Tip(
            id=ObservationId(report.id),
            key_sha256=key_sha256,
            case=case.id,
            received_at=at,
            contact=contact or None,
        )
        uow.tips.save(tip)
        uow.commit()
    return case


def reported_case(key_sha256: str, *, uow: UnitOfWork) -> Case:
    """Give the case whose number a tip was answered with; within the caller's transaction.

    Raises:
        TipNotFound: no tip has this key.
    """
    tip = uow.tips.by_key(key_sha256)
    if tip is None:
        raise TipNotFound
    return uow.cases.get(tip.case)


def case_of_tip(key_sha256: str, *, uow: UnitOfWork) -> Case:
    """Give the case that a tip came to, over merges; within the caller's transaction.

    Raises:
        TipNotFound: no tip has this key.
    """
    return surviving(reported_case(key_sha256, uow=uow), uow=uow)


def may_reopen(case: Case, *, at: datetime, profile: Profile) -> bool:
    """Say whether the reporter of a tip may still say that it was not repaired."""
    ended = case.ended_at
    within = timedelta(days=profile.public.reopen_days)
    return case.status is Status.CLOSED and ended is not None and at <= ended + within


def reopen_by_reporter(
    key_sha256: str,
    note: str,
    photo: HandedIn | None,
    *,
    at: datetime,
    profile: Profile,
    uow: UnitOfWork,
) -> None:
    """Take a closed case up again, because its reporter shows that it was not repaired.

    The same word with the same photo again changes nothing, while the case is still taken up.

    Raises:
        TipNotFound: no tip has this key.
        TooLateToReopen: the case is not closed, or was closed too long ago.
        PhotoOfReportMissing: nothing shows it.
        ReasonMissing: nothing was said.
    """
    with uow:
        # Two at once: the second finds what the first has done.
        uow.lock_map()
        case = case_of_tip(key_sha256, uow=uow)
        if _was_reopened(case, note, photo, uow=uow):
            return
        if not may_reopen(case, at=at, profile=profile):
            raise TooLateToReopen(profile.public.reopen_days)
        if photo is None:
            raise PhotoOfReportMissing
        stages = (Stage.DISPATCH, Stage.WHOLE)
        clocks = [stage_clock(case, stage, profile=profile, at=at) for stage in stages]
        grounds: dict[str, JsonValue] = {"photos": [photo.id]}
        case.reopen(Decision(by=PUBLIC, at=at, note=note, grounds=grounds), clocks=clocks)
        uow.cases.save(case)
        uow.photos.save(
            Photo(
                id=photo.id,
                case=case.id,
                purpose=PhotoPurpose.REPORT,
                by=PUBLIC.id,
                taken_at=at,
                sha256=photo.sha256,
            )
        )
        uow.commit()


def _was_reopened(case: Case, note: str, photo: HandedIn | None, *, uow: UnitOfWork) -> bool:
    """Say whether the case is open because the reporter said and showed just this."""
    last = case.last(Action.REOPEN)
    if not case.is_open or last is None or last.by != PUBLIC.id or last.note != note.strip():
        return False
    shown = last.grounds.get("photos")
    return any(
        photo is not None and each.sha256 == photo.sha256
        for each in uow.photos.of_case(case.id)
        if isinstance(shown, list) and each.id in shown
    )


def contacts_of(id_: CaseId, *, by: Person, uow: UnitOfWork) -> list[str]:
    """Give how the reporters of a case may be asked; within the caller's transaction.

    Raises:
        CaseNotFound: there is none, or it lies outside the person's area.
    """
    case = load_case(id_, by=by, uow=uow)
    return [tip.contact for tip in uow.tips.of_case(case.id) if tip.contact]


def forget_contacts(*, now: datetime, profile: Profile, uow: UnitOfWork) -> int:
    """Delete the contacts whose cases ended long enough ago; call again while `AT_ONCE` went."""
    with uow:
        before = profile.retention.before(Rule.CONTACT, now)
        over = uow.tips.with_contact(ended_before=before, limit=AT_ONCE)
        for tip in over:
            uow.tips.save(replace(tip, contact=None))
        uow.commit()
    return len(over)
