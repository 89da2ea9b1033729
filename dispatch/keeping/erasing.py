"""End what is kept when its time is over, or when a person asks: pictures, never the history.

Each erasure is one transaction that enters the ledger and the case's
history; the bytes go after it (`api.keeping.retention`): no file is lost without its record.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from pydantic import JsonValue

from dispatch.case.case import Case
from dispatch.case.pending import open_hold
from dispatch.case.step import Decision
from dispatch.case.transition import Action
from dispatch.city.profile import Profile
from dispatch.city.retention import Rule
from dispatch.errors import DispatchError
from dispatch.ids import CaseId, PhotoId
from dispatch.keeping.expiry import Due, Expiry, is_held, results
from dispatch.loop.handover import case_to_decide
from dispatch.missing import PhotoNotFound, StaleCase
from dispatch.people.people import MACHINE
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.proof.erasure import Erasure, photo_subject


class HeldAlready(DispatchError):
    """The case's evidence is held already."""

    def __init__(self) -> None:
        super().__init__("这件[案卷]的证据已在保全", "the evidence of this [case] is held already")


class NotHeld(DispatchError):
    """A hold is released although there is none."""

    def __init__(self) -> None:
        super().__init__(
            "这件[案卷]没有证据保全，无须解除",
            "the evidence of this [case] is not held: nothing to release",
        )


class EvidenceHeld(DispatchError):
    """Something would be erased that a hold or an appeal keeps."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"[案卷] {number} 的证据在保全或[申诉]中，不能删除；请先解除保全或审结[申诉]",
            f"the evidence of [case] {number} is held, or an appeal waits: release it first",
        )
        self.number = number


class NothingToErase(DispatchError):
    """The case has nothing of what shall be erased."""

    def __init__(self) -> None:
        super().__init__(
            "没有可删除的内容：照片不属于此[案卷]、已删除，或没有联系方式",
            "nothing to erase: the photo is not of this [case] or is gone, or no contact was left",
        )


def hold_case(id_: CaseId, decision: Decision, *, uow: UnitOfWork) -> None:
    """Keep a case's evidence over its time, with a reason.

    Raises:
        HeldAlready: it is held.
    """
    _mark(id_, Action.HOLD, decision, refusal=HeldAlready, held=False, uow=uow)


def release_case(id_: CaseId, decision: Decision, *, uow: UnitOfWork) -> None:
    """End a hold, with a reason.

    Raises:
        NotHeld: there is none.
    """
    _mark(id_, Action.RELEASE, decision, refusal=NotHeld, held=True, uow=uow)


def erase(one: Due, *, now: datetime, profile: Profile, uow: UnitOfWork) -> Erasure | None:
    """End what is over, unless somebody held it or took it up again in the meantime."""
    with uow:
        erasure = Expiry(now, profile.retention, uow).erasure(one.rule, one.id)
        if erasure is None:
            return None
        uow.erasures.keep(erasure)
        if erasure.sweeps:
            uow.erasures.empty_ground(one.id)
        try:
            _write_down(one, erasure, uow=uow)
        except StaleCase:
            return None
        uow.commit()
    return erasure


def erase_on_request(
    id_: CaseId, decision: Decision, *, photo: PhotoId | None, contacts: bool, uow: UnitOfWork
) -> Erasure | None:
    """Erase what a person asks to have erased: a photo of theirs, or the contacts of a case.

    Raises:
        EvidenceHeld: a hold or an appeal keeps the photo.
        NothingToErase: there is no such thing.
    """
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        erasure = None if photo is None else _asked_for(case, photo, decision, uow=uow)
        forgotten = _forget(case, uow=uow) if contacts else 0
        if erasure is None and not forgotten:
            raise NothingToErase
        if erasure is not None:
            uow.erasures.keep(erasure)
        facts: dict[str, JsonValue] = {"rule": Rule.REQUEST.value, "contacts": forgotten}
        if erasure is not None:
            facts |= {"photo": photo, "pictures": list(erasure.pictures)}
        case.take(Action.ERASE, decision, facts=facts)
        uow.cases.save(case)
        uow.commit()
    return erasure


def _mark(
    id_: CaseId,
    action: Action,
    decision: Decision,
    *,
    refusal: Callable[[], DispatchError],
    held: bool,
    uow: UnitOfWork,
) -> None:
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        if (open_hold(case.history) is not None) is not held:
            raise refusal()
        case.take(action, decision)
        uow.cases.save(case)
        uow.commit()


def _write_down(one: Due, erasure: Erasure, *, uow: UnitOfWork) -> None:
    case = _case_of(one, uow=uow)
    if case is None:
        return
    facts: dict[str, JsonValue] = {
        "rule": one.rule.value,
        "pictures": list(erasure.pictures),
        "originals": len(erasure.originals),
    }
    note = f"按留存期删除：{one.rule.zh} / erased in its time: {one.rule.en}"
    at = max(erasure.at, case.history[-1].at)
    case.take(Action.ERASE, Decision(by=MACHINE, at=at, note=note), facts=facts)
    uow.cases.save(case)


def _case_of(one: Due, *, uow: UnitOfWork) -> Case | None:
    if one.rule in {Rule.CLOSED, Rule.UNTRUE, Rule.NOT_FILED}:
        return uow.cases.get(CaseId(one.id))
    if one.rule in {Rule.PUBLIC_PHOTO, Rule.ORIGINAL}:
        return uow.cases.get(uow.photos.get(PhotoId(one.id)).case)
    return None


def _asked_for(case: Case, id_: PhotoId, decision: Decision, *, uow: UnitOfWork) -> Erasure:
    try:
        photo = uow.photos.get(id_)
    except PhotoNotFound as error:
        raise NothingToErase from error
    pictures = tuple(sorted(results(photo) - uow.erasures.of_pictures(results(photo)).keys()))
    gone = any(s.action is Action.ERASE and s.grounds.get("photo") == id_ for s in case.history)
    if photo.case != case.id or gone or (photo.result is not None and not pictures):
        raise NothingToErase
    if is_held(case):
        raise EvidenceHeld(case.number)
    return Erasure(
        subject=photo_subject(id_),
        rule=Rule.REQUEST,
        at=decision.at,
        by=decision.by.id,
        reason=decision.note.strip(),
        pictures=pictures,
        originals=(photo.sha256,) if photo.result is None else (),
    )


def _forget(case: Case, *, uow: UnitOfWork) -> int:
    tips = [tip for tip in uow.tips.of_case(case.id) if tip.contact]
    for tip in tips:
        uow.tips.save(replace(tip, contact=None))
    return len(tips)
