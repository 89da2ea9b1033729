"""Put a handled case before `dispatch.verification`: gather what is known, give its assessment."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from dispatch.case.case import Case
from dispatch.case.photo import Photo, PhotoPurpose
from dispatch.case.transition import Action
from dispatch.catalogue.catalog import CatalogClass
from dispatch.city.policies import VerificationPolicy
from dispatch.city.profile import Profile
from dispatch.ground.place import Place, cells_near
from dispatch.identity.fusion import fuse
from dispatch.identity.gate import may_be_one_place
from dispatch.loop.closing import CheckResult, of_this_round
from dispatch.loop.copied import after_photos, copies_in
from dispatch.loop.handover import stands_for
from dispatch.ports.unit_of_work import Question, UnitOfWork
from dispatch.sights.observation import Observation
from dispatch.sights.swept import REACH_M
from dispatch.verification.evidence import Recalls, Target, Witness, looks_of
from dispatch.verification.judgement import verify
from dispatch.verification.policy import Policy, Prior
from dispatch.verification.together import together
from dispatch.verification.verdict import Assessment, Verdict
from dispatch.wire import Finding, Measure, Quantity, Sweep

SWEEPS_READ: Final = 96
"""Sweeps near a case that are asked before its handling, and as many since: a season of daily
passes tells how easily a thing is seen, and what a year adds to it costs more than it says."""
DEFAULT_SIZE_M: Final = 0.7
"""Side of a class without measured size or threshold: a heap or a bin."""
LEAST_SHARE: Final = 0.25
"""What is left of a measured size at the least, however vague the measure."""
UNKNOWN_SAME_PLACE: Final = 0.5
SEEN: Final = 0.5
"""Chance from which the vision worker counts as having seen the class in a photo."""

_RULINGS: Final = {
    CheckResult.REPAIRED.value: Verdict.REPAIRED,
    CheckResult.STILL_THERE.value: Verdict.STILL_THERE,
}


def assess(case: Case, *, recalls: Recalls, profile: Profile, uow: UnitOfWork) -> Assessment | None:
    """Judge a handled case by all passes near it; None where it was never reported as done."""
    done = case.last_done
    label, detected = case.category.label, case.category.detected
    if done is None or label is None or detected is None:
        return None
    tally = uow.verdicts.count(Question.DONE_FALSE, label=label, who=case.department or "")
    checked = of_this_round(case, Action.CHECK)
    numbers = profile.verification
    policy = policy_for(case.category, numbers)
    prior = Prior(bad=numbers.prior_bad, good=numbers.prior_good)
    witnesses = _witnesses(case, detected, numbers, handled_at=done.at, uow=uow)
    said = []
    for spot in _spots(case, uow=uow):
        sweeps, cut = spot.sweeps(done.at, uow=uow)
        target = _target(spot.case, detected, spot.observations, handled_at=done.at)
        seen: Sequence[Observation] = spot.observations
        if cut:
            # The passes before those that are read had found it: since then it was there.
            target = replace(target, certain_since=target.first_seen_at)
            passes = {each.pass_id for each in sweeps}
            seen = [
                one
                for one in seen
                if one.finding.pass_id in passes or one.finding.captured_at > done.at
            ]
        assessment = verify(
            target,
            looks=looks_of(sweeps, seen, label=detected, recalls=recalls),
            prior=prior.updated(bad=tally.yes, good=tally.no),
            policy=policy,
            witnesses=witnesses,
            ruling=_RULINGS.get(str(checked.grounds.get("result"))) if checked else None,
        )
        said.append(assessment)
    return together(said, policy=policy)


@dataclass(slots=True, kw_only=True)
class _Spot:
    """Where the thing of a case was seen, of its own problem or of those merged into it.

    Args:
        case: whose place and size hold where observations tell none.
        cells: look-up cells of the cases whose problems are one thing there.
    """

    case: Case
    cells: set[int]
    observations: list[Observation]

    def sweeps(self, handled_at: datetime, *, uow: UnitOfWork) -> tuple[Sequence[Sweep], bool]:
        """Give the sweeps that touched the ground, the newest of those before the handling and
        of those since; and say whether passes were left out that came after its first sight.
        """
        near = {each for cell in self.cells for each in cells_near(cell, radius_m=REACH_M)}
        before = uow.sweeps.near(near, until=handled_at, latest=SWEEPS_READ)
        since = uow.sweeps.near(near, after=handled_at, latest=SWEEPS_READ)
        if len(before) < SWEEPS_READ or not self._was_seen(before[0].started_at):
            return [*before, *since], False
        # Of the oldest pass some sweeps may have been left out: it would seem to have missed.
        whole = [each for each in before if each.pass_id != before[0].pass_id]
        return [*whole, *since], True

    def _was_seen(self, before: datetime) -> bool:
        return any(one.finding.captured_at < before for one in self.observations)

    def may_be_at(self, place: Place) -> bool:
        """Say whether a thing placed so may be the one here, by where its sights lie."""
        here = _place_of(self.case, self.observations)
        return may_be_one_place(here, place)


def _spots(case: Case, *, uow: UnitOfWork) -> list[_Spot]:
    """Give the spot of a case, and one more for each merged problem that was seen elsewhere.

    Where only people saw it, the merge says that they meant the thing that lies here.
    """
    spots = [_Spot(case=case, cells={case.cell}, observations=_placed(case, uow=uow))]
    known = {case.problem}
    for each in stands_for(case, uow=uow):
        if each.problem in known:
            continue
        known.add(each.problem)
        observations = _placed(each, uow=uow)
        if not any(isinstance(one.finding, Finding) for one in observations):
            continue
        place = _place_of(each, observations)
        home = next((spot for spot in spots if spot.may_be_at(place)), None)
        if home is None:
            spots.append(_Spot(case=each, cells={each.cell}, observations=observations))
        else:
            home.cells.add(each.cell)
            home.observations.extend(observations)
    return spots


def _placed(case: Case, *, uow: UnitOfWork) -> list[Observation]:
    return [each for each in uow.observations.of_problem(case.problem) if each.cell]


def _place_of(case: Case, observations: Sequence[Observation]) -> Place:
    """Give where the thing of a case lies; what a person said outranks what was seen."""
    if not observations or case.place_was_corrected:
        return case.place
    return fuse([(case.problem, observations)])[0].place


def policy_for(category: CatalogClass, policy: VerificationPolicy) -> Policy:
    """Give a city's numbers as they apply to a class."""
    return Policy(
        close=policy.close_at,
        open=policy.open_at,
        false_alarm=policy.false_alarm,
        min_power=policy.min_power,
        hours=policy.hours if category.same_hour else None,
        vanish_per_day=policy.vanish_per_day if category.returns else 0.0,
        return_per_day=policy.return_per_day if category.returns else 0.0,
    )


def _target(
    case: Case, label: str, observations: Sequence[Observation], *, handled_at: datetime
) -> Target:
    before = [each for each in observations if each.finding.captured_at <= handled_at]
    known = fuse([(case.problem, before)])[0] if before else None
    return Target(
        label=label,
        place=known.place if known and not case.place_was_corrected else case.place,
        size_m=_size_m(case.category, (known.measure if known else None) or case.measure),
        first_seen_at=known.first_seen_at if known else case.reported_at,
        handled_at=handled_at,
    )


def _size_m(category: CatalogClass, measure: Measure | None) -> float:
    """Give a length that stands for the size: the measured one, or that of filing.

    One standard error is taken off: a thing taken for larger than it is would seem easier to see.
    """
    if measure is not None and measure.value > 0.0:
        least = max(measure.value - measure.sigma, LEAST_SHARE * measure.value)
        return _side(measure.quantity, least)
    return filing_side_m(category)


def filing_side_m(category: CatalogClass) -> float:
    """Give a length that stands for the least size that a class is filed from."""
    if category.threshold is not None:
        return _side(category.threshold.quantity, category.threshold.value)
    return DEFAULT_SIZE_M


def _side(quantity: Quantity, value: float) -> float:
    return math.sqrt(value) if quantity is Quantity.AREA_M2 else value


def _witnesses(
    case: Case, label: str, policy: VerificationPolicy, *, handled_at: datetime, uow: UnitOfWork
) -> list[Witness]:
    # What looks like an earlier picture does not show what was done since.
    copied = {each.photo for each in copies_in(case, uow=uow)}
    photos = [each for each in after_photos(case, uow=uow) if each.id not in copied]
    said = [_witness(each, label, policy, handled_at) for each in photos]
    return [each for each in said if each is not None]


def _witness(
    photo: Photo, label: str, policy: VerificationPolicy, handled_at: datetime
) -> Witness | None:
    result = photo.result
    if photo.purpose is not PhotoPurpose.AFTER or result is None or not result.readable:
        return None
    same = UNKNOWN_SAME_PLACE if result.same_place is None else result.same_place
    return Witness(
        source="after_photo",
        at=max(photo.taken_at, handled_at),
        says_present=result.seen.get(label, 0.0) >= SEEN,
        wrong_if_present=policy.photo_wrong_if_present,
        wrong_if_absent=policy.photo_wrong_if_absent,
        same_place=same,
    )
