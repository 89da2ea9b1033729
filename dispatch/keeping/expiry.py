"""What is past its time by a city's rules, and what else would lose a picture with it.

A case's pictures go when all cases of its problem, and those that they were merged into, are past
their time and none is held; a picture that something younger shows too goes with the last of them.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dispatch.case.case import Case
from dispatch.case.pending import open_appeal, open_hold
from dispatch.case.photo import Photo
from dispatch.case.step import Step
from dispatch.case.transition import Action, Status
from dispatch.city.profile import Profile
from dispatch.city.retention import RetentionPolicy, Rule
from dispatch.ids import CaseId, ObservationId, PhotoId
from dispatch.keeping.resting import resting_on
from dispatch.people.people import MACHINE
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.proof.erasure import (
    Erasure,
    case_subject,
    finding_subject,
    pass_subject,
    photo_subject,
)
from dispatch.sights.observation import Observation
from dispatch.wire import Sweep, canonical_bytes

_PAGE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something whose time is over: a case, a finding or a photo, by its id."""

    rule: Rule
    id: str


def due(*, now: datetime, profile: Profile, uow: UnitOfWork) -> Iterator[tuple[Due, Erasure]]:
    """Give what is over and nothing holds, with what would go; within the caller's transaction."""
    look = Expiry(now, profile.retention, uow)
    for rule, found in look.over():
        for id_ in found:
            erasure = look.erasure(rule, id_)
            if erasure is not None:
                yield Due(rule=rule, id=id_), erasure


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Something whose time is over and that a hold, or an appeal that waits, keeps.

    Args:
        case: the one that is held, or waits for the judgement.
        step: the hold or the appeal.
    """

    one: Due
    case: Case
    step: Step


def in_force(*, uow: UnitOfWork) -> Iterator[tuple[Case, Step]]:
    """Give every case that a hold, or an appeal that waits, keeps now, and that step."""
    for id_ in _pages(lambda after: uow.erasures.once_held(after=after, limit=_PAGE)):
        case = uow.cases.get(CaseId(id_))
        step = open_hold(case.history) or open_appeal(case.history)
        if step is not None:
            yield case, step


def pictures_of(case: Case, *, uow: UnitOfWork) -> frozenset[str]:
    """Give every redacted picture that a case may show."""
    seen = [_shown(each) for each in uow.observations.of_problem(case.problem)]
    taken = [results(photo) for photo in uow.photos.of_case(case.id)]
    return frozenset().union(*seen, *taken)


@dataclass(frozen=True, slots=True)
class Expiry:
    """What is over at a time by a city's rules, in one transaction."""

    now: datetime
    policy: RetentionPolicy
    uow: UnitOfWork

    def over(self) -> Iterator[tuple[Rule, Iterator[str]]]:
        """Give ids whose time is over by the dates alone, by rule."""
        erasures, before = self.uow.erasures, self._before

        def ended(status: Status, *rules: Rule) -> Iterator[str]:
            latest = max(before(rule) for rule in rules)
            return _pages(
                lambda after: erasures.ended_cases(status, before=latest, after=after, limit=_PAGE)
            )

        def unfiled(rule: Rule) -> Iterator[str]:
            return _pages(
                lambda after: erasures.unfiled_findings(
                    suppressed=rule is Rule.SUPPRESSED,
                    before=before(rule),
                    after=after,
                    limit=_PAGE,
                )
            )

        def photos(rule: Rule) -> Iterator[str]:
            of = erasures.public_photos if rule is Rule.PUBLIC_PHOTO else erasures.waiting_photos
            return _pages(lambda after: of(before=before(rule), after=after, limit=_PAGE))

        yield Rule.ORIGINAL, photos(Rule.ORIGINAL)
        yield Rule.PUBLIC_PHOTO, photos(Rule.PUBLIC_PHOTO)
        yield Rule.CLOSED, ended(Status.CLOSED, Rule.CLOSED)
        void = tuple(ended(Status.VOID, Rule.UNTRUE, Rule.NOT_FILED))
        for rule in (Rule.UNTRUE, Rule.NOT_FILED):
            yield rule, (id_ for id_ in void if self._rule_of_id(id_) is rule)
        yield Rule.SUPPRESSED, unfiled(Rule.SUPPRESSED)
        yield Rule.UNFILED, unfiled(Rule.UNFILED)
        yield (
            Rule.SWEEP,
            _pages(
                lambda after: erasures.old_passes(
                    before=before(Rule.SWEEP), after=after, limit=_PAGE
                )
            ),
        )

    def erasure(self, rule: Rule, id_: str) -> Erasure | None:
        """Give what goes with a case, a finding, a photo or a pass; None where it is not over."""
        if rule is Rule.SWEEP:
            return self._of_pass(id_)
        if rule in {Rule.SUPPRESSED, Rule.UNFILED}:
            return self._of_finding(rule, id_)
        if rule in {Rule.PUBLIC_PHOTO, Rule.ORIGINAL}:
            return self._of_photo(rule, PhotoId(id_))
        return self._of_case(rule, CaseId(id_))

    def cases(self, rule: Rule, id_: str) -> list[Case]:
        """Give the cases with which something stays; none of a finding without one."""
        if rule is Rule.SWEEP:
            return resting_on(id_, now=self.now, uow=self.uow)
        if rule in {Rule.SUPPRESSED, Rule.UNFILED}:
            return []
        if rule in {Rule.PUBLIC_PHOTO, Rule.ORIGINAL}:
            return [self.uow.cases.get(self.uow.photos.get(PhotoId(id_)).case)]
        return self._kin(self.uow.cases.get(CaseId(id_)))

    def keepers(self, one: Due) -> list[Kept]:
        """Give what keeps something whose time is over; nothing where it goes.

        The ground of a pass is kept by every case that rests on it, held or not.
        """
        by_itself = one.rule is Rule.SWEEP
        held = [
            (
                case,
                open_hold(case.history)
                or open_appeal(case.history)
                or (case.history[-1] if by_itself else None),
            )
            for case in self.cases(one.rule, one.id)
        ]
        return [Kept(one=one, case=case, step=step) for case, step in held if step is not None]

    def _of_case(self, rule: Rule, id_: CaseId) -> Erasure | None:
        case = self.uow.cases.get(id_)
        if not self._is_past(self._kin(case)):
            return None
        photos = self.uow.photos.of_case(id_)
        shown = pictures_of(case, uow=self.uow) - self._needed(photos, case)
        return self._new(case_subject(id_), rule, pictures=shown)

    def _of_photo(self, rule: Rule, id_: PhotoId) -> Erasure | None:
        photo = self.uow.photos.get(id_)
        case = self.uow.cases.get(photo.case)
        if is_held(case):
            return None
        if rule is Rule.ORIGINAL:
            over = photo.result is None and photo.taken_at < self._before(rule)
            return self._new(photo_subject(id_), rule, originals=(photo.sha256,)) if over else None
        if case.ended_at is None or case.ended_at >= self._before(rule):
            return None
        shown = results(photo) - self._needed((photo,), case)
        return self._new(photo_subject(id_), rule, pictures=shown)

    def _of_finding(self, rule: Rule, id_: str) -> Erasure | None:
        one = self.uow.observations.get(ObservationId(id_))
        if one is None or one.received_at >= self._before(rule):
            return None
        if one.problem is not None and self.uow.cases.of_problem(one.problem):
            return None
        shown = _shown(one) - self._seen_beside((one,))
        return self._new(finding_subject(id_), rule, pictures=shown)

    def _of_pass(self, id_: str) -> Erasure | None:
        sweeps = self.uow.sweeps.of_pass(id_)
        before = self._before(Rule.SWEEP)
        over = all(each.started_at < before for each in sweeps)
        if not sweeps or not over or resting_on(id_, now=self.now, uow=self.uow):
            return None
        return Erasure(
            subject=pass_subject(id_),
            rule=Rule.SWEEP,
            at=self.now,
            by=MACHINE.id,
            sweeps=tuple(sorted(f"{each.id} {_sum(each)}" for each in sweeps)),
        )

    def _new(
        self,
        subject: str,
        rule: Rule,
        *,
        pictures: frozenset[str] = frozenset(),
        originals: tuple[str, ...] = (),
    ) -> Erasure:
        left = pictures - self.uow.erasures.of_pictures(pictures).keys()
        return Erasure(
            subject=subject,
            rule=rule,
            at=self.now,
            by=MACHINE.id,
            pictures=tuple(sorted(left)),
            originals=originals,
        )

    def _needed(self, photos: Sequence[Photo], case: Case) -> frozenset[str]:
        """Give the pictures that something else shows whose time is not over."""
        kept = self._seen_beside(self.uow.observations.of_problem(case.problem))
        sharing = self.uow.erasures.sharing([photo.sha256 for photo in photos])
        for photo in photos:
            others = sharing.get(photo.sha256, frozenset()) - {case.id}
            if any(not self._is_past(self._kin(self.uow.cases.get(id_))) for id_ in others):
                kept |= results(photo)
        return kept

    def _seen_beside(self, ones: Sequence[Observation]) -> frozenset[str]:
        """Give pictures of sights that other sights share, as two in one frame do."""
        mine = frozenset().union(*(_shown(one) for one in ones))
        problems = {one.problem for one in ones}
        kept: frozenset[str] = frozenset()
        for pass_id in sorted({one.finding.pass_id for one in ones}):
            for other in self.uow.observations.of_pass(pass_id):
                own = other.problem in problems and other.problem is not None
                shared = _shown(other) & mine
                if shared and not own and other not in ones and not self._finding_is_past(other):
                    kept |= shared
        return kept

    def _finding_is_past(self, one: Observation) -> bool:
        cases = self.uow.cases.of_problem(one.problem) if one.problem else ()
        if cases:
            return self._is_past(cases)
        return one.received_at < min(self._before(Rule.SUPPRESSED), self._before(Rule.UNFILED))

    def _kin(self, case: Case) -> list[Case]:
        """Give the cases of a problem, and those that took their place."""
        found = {each.id: each for each in self.uow.cases.of_problem(case.problem)}
        waiting = list(found.values())
        while waiting:
            into = waiting.pop().merged_into
            if into is not None and into not in found:
                found[into] = self.uow.cases.get(into)
                waiting.append(found[into])
        return list(found.values())

    def _is_past(self, cases: Sequence[Case]) -> bool:
        return all(
            case.ended_at is not None
            and case.ended_at < self._before(rule_of(case))
            and not is_held(case)
            for case in cases
        )

    def _rule_of_id(self, id_: str) -> Rule:
        return rule_of(self.uow.cases.get(CaseId(id_)))

    def _before(self, rule: Rule) -> datetime:
        return self.policy.before(rule, self.now)


def rule_of(case: Case) -> Rule:
    """Give the rule by which an ended case's pictures go: how it ended says it."""
    if case.status is Status.CLOSED:
        return Rule.CLOSED
    ending = next(step for step in reversed(case.history) if step.before is not step.after)
    return Rule.UNTRUE if ending.action is Action.REFUTE else Rule.NOT_FILED


def is_held(case: Case) -> bool:
    """Say whether a hold, or an appeal that waits, keeps a case's evidence."""
    return open_hold(case.history) is not None or open_appeal(case.history) is not None


def _sum(sweep: Sweep) -> str:
    return hashlib.sha256(canonical_bytes(sweep)).hexdigest()


def _shown(one: Observation) -> frozenset[str]:
    return frozenset(picture.sha256 for picture in one.finding.evidence)


def results(photo: Photo) -> frozenset[str]:
    """Give the redacted pictures that the vision worker made of a photo."""
    result = photo.result
    return frozenset(picture.sha256 for picture in result.evidence) if result else frozenset()


def _pages(page: Callable[[str], Sequence[str]]) -> Iterator[str]:
    after = ""
    while found := page(after):
        yield from found
        after = found[-1]
