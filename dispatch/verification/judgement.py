"""Judge a handled problem: repaired, still there, recurred, or it cannot be told and why."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from dispatch.identity.rule import GATE
from dispatch.identity.sights import matrix, offset, place_of, position_of
from dispatch.sights.observation import Observation
from dispatch.verification.belief import (
    Belief,
    View,
    learnt,
    likelihood_absent,
    likelihood_present,
    screen,
    view_of,
)
from dispatch.verification.detectability import RANK_WEIGHTS
from dispatch.verification.evidence import Look, Target, Witness
from dispatch.verification.ground import Array, Ground, ground_round, resolutions_of, seen_of
from dispatch.verification.policy import Policy, Prior
from dispatch.verification.reasons import reason_of_all, reason_of_pass
from dispatch.verification.verdict import Assessment, Outcome, PassRecord, Verdict

LOOKED: Final = 0.05
"""A pass with a smaller chance of seeing the problem, were it there, has not inspected it."""
MOST_ODDS: Final = 10.0
"""Calibration rests on some hundred finds: beyond this, or below its inverse, it says no more."""
_DAY_S: Final = 86_400.0


def verify(
    target: Target,
    *,
    looks: Sequence[Look],
    prior: Prior,
    policy: Policy,
    witnesses: Sequence[Witness] = (),
    ruling: Verdict | None = None,
) -> Assessment:
    """Judge a handled problem from every look before and after the handling.

    The likelihoods are those of docs/explanation/verification.md. Place and detectability are
    integrated jointly over all passes: a problem placed 6 m off is missed by every pass alike,
    and what a model never saw, its silence does not clear.

    Args:
        looks: of all passes near the problem, in any order; those before the handling teach how
            easily it is seen.
        witnesses: what photos and people say, as evidence.
        ruling: a person's verdict, which outranks the numbers.
    """
    ground = _ground(target, looks, policy)
    earlier, before = _before(target, looks)
    after = sorted(
        (each for each in looks if each.at > target.handled_at),
        key=lambda each: (each.at, each.pass_id),
    )
    trial = _Trial(target=target, ground=ground, policy=policy)
    known = learnt(
        ground,
        earlier=[trial.view(each) for each in earlier],
        before=[trial.view(each) for each in before],
        policy=policy,
    )
    hides, views = screen(ground, [trial.view(each) for each in after])
    split = np.stack([1.0 - hides, hides])[:, :, None]
    where = split * known
    anew = ground.chance[:, None] * RANK_WEIGHTS[None, :]
    belief = Belief(
        prior=prior.mean,
        where=where,
        fresh=split * anew,
        policy=policy,
    )
    records = _follow(trial, belief, list(zip(after, views, strict=True)), witnesses, where)
    return _decide(belief, records, prior, policy, ruling)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    """One handled problem on its ground, under a policy."""

    target: Target
    ground: Ground
    policy: Policy

    def view(self, look: Look) -> View:
        """Lay a look over the ground."""
        seen = seen_of(
            self.ground,
            inspected=look.inspected,
            hidden=look.hidden,
            sigma_m=look.sigma_m,
        )
        hit = _hit(self.ground, look) if look.seen else None
        view = view_of(look, seen, size_m=self.target.size_m, hit=hit)
        if self.keeps_hour(look.at):
            return view
        return replace(view, detects=np.zeros_like(view.detects))

    def keeps_hour(self, at: datetime) -> bool:
        """Say whether a look came at the time of day at which the class shows itself."""
        if self.policy.hours is None:
            return True
        apart = (at - self.target.first_seen_at) % timedelta(days=1)
        return min(apart, timedelta(days=1) - apart) <= timedelta(hours=self.policy.hours)


def _ground(target: Target, looks: Sequence[Look], policy: Policy) -> Ground:
    reach = [3.0 * each.sigma_m for each in looks]
    cells = {cell for each in looks for cell in (*each.inspected, *each.hidden)}
    return ground_round(
        target.place,
        reach_m=max(reach, default=0.0),
        resolutions=resolutions_of(cells),
        misplaced=policy.misplaced,
    )


def _before(target: Target, looks: Sequence[Look]) -> tuple[list[Look], list[Look]]:
    """Part the looks before the handling: those that may precede the problem, those that do not.

    Without a known beginning the problem may be younger than a pass that missed it before its
    first sight. A first sight without a sweep says nothing of how easily it is seen.
    """
    past = [each for each in looks if each.at <= target.handled_at]
    past.sort(key=lambda each: (each.at, each.pass_id))
    swept = [each for each in past if each.inspected]
    if target.certain_since is not None:
        return [], [each for each in swept if each.at >= target.certain_since]
    first = next((each for each in past if each.seen), None)
    if first is None:
        return [], []
    earlier = swept[: swept.index(first)] if first.inspected else []
    return earlier, [each for each in swept if each.at >= first.at]


def _hit(ground: Ground, look: Look) -> Array:
    """Give (k + 1,) density of the sight's place under each spot times the area of the gate.

    Weighed by the odds that the find is true at all: a policy's false alarm chance is that of a
    find which is as likely false as true.
    """
    one = min(look.seen, key=lambda each: (_miss(ground, each), each.id))
    position = position_of(one)
    own = matrix(position.own) + matrix(position.shared)
    area = math.pi * GATE * math.sqrt(float(np.linalg.det(own + matrix(ground.place))))
    gap = offset(ground.place, place_of(one)) - ground.xy
    distance2 = np.einsum("ki,ij,kj->k", gap, np.linalg.inv(own), gap)
    height = area / (2.0 * math.pi * math.sqrt(float(np.linalg.det(own))))
    density = _odds(one) * height * np.exp(-0.5 * distance2)
    return np.append(density, 1.0)


def _odds(one: Observation) -> float:
    """Give the odds that a find is true, after calibration, kept within what a card can bear."""
    chance = one.finding.probabilities[one.finding.label]
    return min(max(chance / max(1.0 - chance, 1e-6), 1.0 / MOST_ODDS), MOST_ODDS)


def _miss(ground: Ground, one: Observation) -> float:
    return float(np.hypot(*offset(ground.place, place_of(one))))


def _follow(
    trial: _Trial,
    belief: Belief,
    looks: Sequence[tuple[Look, View]],
    witnesses: Sequence[Witness],
    where: Array,
) -> tuple[PassRecord, ...]:
    """Move the belief along everything that came since the handling, in time."""
    events: list[tuple[datetime, str, Witness | tuple[Look, View]]] = [
        *((each.at, each.source, each) for each in witnesses),
        *((pair[0].at, pair[0].pass_id, pair) for pair in looks),
    ]
    records: list[PassRecord] = []
    now = trial.target.handled_at
    for at, _, event in sorted(events, key=lambda each: each[:2]):
        belief.pass_time(max(0.0, (at - now).total_seconds()) / _DAY_S)
        now = max(now, at)
        if isinstance(event, Witness):
            belief.learn(*_word(event))
        else:
            look, view = event
            belief.learn(
                likelihood_present(view, trial.policy), likelihood_absent(view, trial.policy)
            )
            records.append(_record(trial, look, view, where, belief.present))
    return tuple(records)


def _word(witness: Witness) -> tuple[float, float]:
    """Give the likelihoods of a witness if present and if absent."""
    same = witness.same_place
    present, absent = 1.0 - witness.wrong_if_present, witness.wrong_if_absent
    if not witness.says_present:
        present, absent = witness.wrong_if_present, 1.0 - witness.wrong_if_absent
    # Of another place it says the same whatever is here.
    elsewhere = (1.0 - same) * (present + absent) / 2.0
    return same * present + elsewhere, same * absent + elsewhere


def _record(trial: _Trial, look: Look, view: View, where: Array, present: float) -> PassRecord:
    chance = where.sum(axis=(0, 2))
    clear = view.powers()
    power = float(np.einsum("hxu,hx,u->", where, clear, view.detects))
    outcome = Outcome.NOT_SEEN if power >= LOOKED else Outcome.NOT_INSPECTED
    inspected = float(np.einsum("hxu,hx->", where, clear))
    return PassRecord(
        pass_id=look.pass_id,
        at=look.at,
        outcome=Outcome.SEEN if look.seen else outcome,
        inspected=inspected,
        power=power,
        occluded=float(chance @ view.seen.occluded),
        size_px=view.size_px if view.size_px > 0.0 else None,
        present=present,
        reason=reason_of_pass(
            look,
            view,
            chance=chance,
            inspected=inspected,
            power=power,
            min_power=trial.policy.min_power,
            keeps_hour=trial.keeps_hour(look.at),
            sigma_m=trial.ground.place.sigma_m,
        ),
    )


def _decide(
    belief: Belief,
    records: tuple[PassRecord, ...],
    prior: Prior,
    policy: Policy,
    ruling: Verdict | None,
) -> Assessment:
    verdict = ruling or _verdict(belief, records, policy)
    return Assessment(
        verdict=verdict,
        reason=(
            reason_of_all(records, policy, screened=belief.screened)
            if verdict is Verdict.CANNOT_TELL
            else None
        ),
        present=belief.present,
        returned=belief.returned,
        prior=prior.mean,
        passes=records,
        by_person=ruling is not None,
    )


def _verdict(belief: Belief, records: Sequence[PassRecord], policy: Policy) -> Verdict:
    hits = [index for index, each in enumerate(records) if each.outcome is Outcome.SEEN]
    if hits and belief.present >= policy.open:
        judged = any(_is_repaired(records[: end + 1], policy) for end in range(hits[-1]))
        came_back = belief.returned > belief.present / 2.0
        return Verdict.RECURRED if judged or came_back else Verdict.STILL_THERE
    if belief.present <= 1.0 - policy.close and _has_looked(records, policy):
        return Verdict.REPAIRED
    return Verdict.CANNOT_TELL


def _is_repaired(records: Sequence[PassRecord], policy: Policy) -> bool:
    return records[-1].present <= 1.0 - policy.close and _has_looked(records, policy)


def _has_looked(records: Sequence[PassRecord], policy: Policy) -> bool:
    return any(each.power >= policy.min_power for each in records)
