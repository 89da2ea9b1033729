"""What is over is erased: the record first, then the bytes, a little at a time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from api.centre.wiring import ERASING, Centre
from api.keeping.file_lock import only_one
from dispatch.case.case import Case
from dispatch.case.step import Decision, Step
from dispatch.city.retention import Rule
from dispatch.ids import CaseId, PhotoId
from dispatch.intake import tips
from dispatch.keeping import erasing, expiry
from dispatch.keeping.expiry import Due, Expiry, Kept
from dispatch.missing import EvidenceMissing
from dispatch.proof.erasure import Erasure, Removal

PORTION: Final = 50
"""Erasures between two looks at what else the centre has to do."""
LOOKED_THROUGH: Final = 100
"""Things of a rule that are told one by one; more wait for the next look."""
STRAY_AFTER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What one rule would erase: how many things, with how many pictures, of how many bytes."""

    rule: Rule
    things: int
    pictures: int
    size: int


def forecast(at: datetime, *, centre: Centre) -> list[Forecast]:
    """Say what would go at a time, and change nothing."""
    things: Counter[Rule] = Counter()
    pictures: Counter[Rule] = Counter()
    sizes: Counter[Rule] = Counter()
    with centre.read_at_one_moment() as uow:
        for one, erasure in expiry.due(now=at, profile=centre.profile, uow=uow):
            things[one.rule] += 1
            for removal in _files(erasure):
                pictures[one.rule] += 1
                sizes[one.rule] += _size(removal, centre)
    return [
        Forecast(rule=rule, things=things[rule], pictures=pictures[rule], size=sizes[rule])
        for rule in Rule
        if things[rule]
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """Something that goes in its time.

    Args:
        case: whose it is; None for a finding without one.
        size: of its files, bytes.
    """

    one: Due
    case: Case | None
    pictures: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What goes by a time, and what would and is held; `more` where not all was looked through.

    Args:
        holds: every case that is held or waits for a judgement, with that step, the newest first;
            over or not.
    """

    going: list[Going]
    kept: list[Kept]
    holds: list[tuple[Case, Step]]
    more: bool


def outlook(at: datetime, *, area: str, centre: Centre, most: int = LOOKED_THROUGH) -> Outlook:
    """Say what goes by a time within an area, and what a hold or an appeal keeps.

    Args:
        area: leading digits of grid ids; what has no case is told of the whole city only.
        most: of each rule, so many are looked through.
    """
    going: list[Going] = []
    kept: list[Kept] = []
    more = False
    with centre.read_at_one_moment() as uow:
        look = Expiry(at, centre.profile.retention, uow)
        for rule, found in look.over():
            ids = list(islice(found, most + 1))
            more |= len(ids) > most
            for one in (Due(rule=rule, id=id_) for id_ in ids[:most]):
                kept += look.keepers(one)
                erasure = look.erasure(one.rule, one.id)
                if erasure is not None:
                    going.append(_going(one, erasure, look, centre))
        holds = [each for each in expiry.in_force(uow=uow) if _lies_in(each[0], area)]
    return Outlook(
        holds=sorted(holds, key=lambda one: (one[1].at, one[0].id), reverse=True),
        going=[each for each in going if _lies_in(each.case, area)],
        kept=[each for each in kept if _lies_in(each.case, area)],
        more=more,
    )


def _going(one: Due, erasure: Erasure, look: Expiry, centre: Centre) -> Going:
    files = tuple(_files(erasure))
    return Going(
        one=one,
        case=next(iter(look.cases(one.rule, one.id)), None),
        pictures=len(files),
        size=sum(_size(each, centre) for each in files),
    )


def _lies_in(case: Case | None, area: str) -> bool:
    return not area or (case is not None and (case.grid or "").startswith(area))


def erase_over(*, centre: Centre, most: int = PORTION) -> list[Erasure]:
    """Erase some of what is over, and finish what an earlier run left; fewer than `most`: all."""
    remove_files(centre=centre)
    now, profile = centre.now(), centre.profile
    with centre.read() as uow:
        found = [one for one, _ in islice(expiry.due(now=now, profile=profile, uow=uow), most)]
    erased = []
    for one in found:
        erasure = erasing.erase(one, now=now, profile=profile, uow=centre.begin())
        if erasure is not None:
            centre.failpoint("erasure.after_commit")
            erased.append(erasure)
    remove_files(centre=centre)
    return erased


def erase_for_person(
    case: CaseId, decision: Decision, *, photo: str | None, contacts: bool, centre: Centre
) -> None:
    """Erase what a person asks to have erased, bytes and all.

    Raises:
        CaseNotFound, StaleCase, EvidenceHeld, NothingToErase: nothing was erased.
    """
    erasing.erase_on_request(
        case,
        decision,
        photo=None if photo is None else PhotoId(photo),
        contacts=contacts,
        uow=centre.begin(),
    )
    remove_files(centre=centre)


def drop_logs(*, centre: Centre) -> int:
    """Delete refused messages and contacts whose time is over; give how many went."""
    now, gone = centre.now(), 0
    while part := tips.forget_contacts(now=now, profile=centre.profile, uow=centre.begin()):
        gone += part
    with centre.begin() as uow:
        before = centre.profile.retention.before(Rule.REFUSED, now)
        gone += uow.erasures.drop_refused(before=before)
        uow.commit()
    return gone


def remove_files(*, centre: Centre) -> int:
    """Delete the bytes of what the records say is erased; give how many files.

    While a backup is written they stay: it may be of a moment at which they were still wanted.
    """
    with only_one(centre.settings.data_dir / ERASING, wait=False) as free:
        return _remove_files(centre) if free else 0


def remove_strays(*, centre: Centre) -> int:
    """Delete photos as they were taken that no photo waits for; give how many.

    Whoever brought one may have died before it was handed in.
    """
    with centre.read() as uow:
        waiting = centre.waiting_originals(uow)
    strays = set(centre.inbox.names()) - waiting
    before = centre.real_now() - STRAY_AFTER
    old = [sha256 for sha256 in sorted(strays) if centre.inbox.kept_at(sha256) < before]
    for sha256 in old:
        centre.inbox.delete(sha256)
    return len(old)


def _remove_files(centre: Centre) -> int:
    number = 0
    while True:
        with centre.read() as uow:
            left = uow.erasures.unremoved(limit=PORTION)
            waiting = centre.waiting_originals(uow)
        for each in left:
            if each.original and each.sha256 not in waiting:
                centre.inbox.delete(each.sha256)
            elif not each.original:
                centre.evidence.delete(each.sha256)
            centre.failpoint("erasure.after_unlink")
        if left:
            with centre.begin() as uow:
                uow.erasures.removed(left)
                uow.commit()
        number += len(left)
        if len(left) < PORTION:
            return number


def _files(erasure: Erasure) -> Iterable[Removal]:
    yield from (Removal(sha256=each, original=False) for each in erasure.pictures)
    yield from (Removal(sha256=each, original=True) for each in erasure.originals)


def _size(removal: Removal, centre: Centre) -> int:
    folder = centre.inbox if removal.original else centre.evidence
    try:
        return folder.size(removal.sha256)
    except EvidenceMissing:
        return 0
