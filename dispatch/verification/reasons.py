"""Why a pass says little, and why all passes together leave it open."""

from collections.abc import Sequence

from dispatch.verification.belief import View
from dispatch.verification.evidence import Look
from dispatch.verification.ground import Array
from dispatch.verification.policy import Policy
from dispatch.verification.verdict import HIDDEN_REASONS, Outcome, PassRecord, Reason

_VAGUE_SIGMA_M = 3.0
_MOSTLY = 0.25


def reason_of_pass(
    look: Look,
    view: View,
    *,
    chance: Array,
    inspected: float,
    power: float,
    min_power: float,
    keeps_hour: bool,
    sigma_m: float,
) -> Reason | None:
    """Say why a pass says little of the problem; None where it would likely have seen it.

    Args:
        chance: (k + 1,) where the problem lies.
        inspected: chance that the pass inspected its ground.
        power: chance that it would have seen it.
        sigma_m: standard error of the problem's place.
    """
    if look.seen or power >= min_power:
        return None
    if not keeps_hour:
        return Reason.WRONG_HOUR
    if inspected < min_power:
        return _ground_reason(look, view, chance, sigma_m)
    return _model_reason(look, view)


def _model_reason(look: Look, view: View) -> Reason | None:
    if not look.bands:
        return Reason.RECALL_UNKNOWN
    if not any(band.light is look.light for band in look.bands):
        return Reason.DARK
    return None if view.detects.any() else Reason.TOO_SMALL


def _ground_reason(look: Look, view: View, chance: Array, sigma_m: float) -> Reason:
    shares = {why: float(chance @ share) for why, share in view.seen.hidden.items()}
    main = max(shares, key=lambda why: (shares[why], why))
    if shares[main] >= _MOSTLY:
        return HIDDEN_REASONS[main]
    if look.inspected and sigma_m > _VAGUE_SIGMA_M and view.seen.inspected.max() > _MOSTLY:
        return Reason.POSITION_VAGUE
    if shares[main] > float(chance @ view.seen.inspected):
        return HIDDEN_REASONS[main]
    return Reason.NOT_INSPECTED


def reason_of_all(records: Sequence[PassRecord], policy: Policy, *, screened: float) -> Reason:
    """Say why it cannot be told: what kept the pass that came nearest to telling.

    Args:
        screened: how much of P(present) is left because one thing may hide it from every pass.
    """
    if not records:
        return Reason.NOT_INSPECTED
    hits = [each for each in records if each.outcome is Outcome.SEEN]
    misses = [each for each in records if each.outcome is Outcome.NOT_SEEN]
    if hits:
        return Reason.CONFLICTING if misses else Reason.NOT_ENOUGH_PASSES
    best = max(records, key=lambda each: each.power)
    if best.power >= policy.min_power:
        return Reason.OCCLUDED if screened > 0.5 else Reason.NOT_ENOUGH_PASSES
    if screened > 0.5:
        return Reason.OCCLUDED
    if best.power > 0.0:
        return best.reason or Reason.NOT_ENOUGH_PASSES
    named = [each.reason for each in records if each.reason is not None]
    ranked = sorted(set(named), key=lambda each: (-named.count(each), each))
    return ranked[0] if ranked else Reason.NOT_ENOUGH_PASSES
