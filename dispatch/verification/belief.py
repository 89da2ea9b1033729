"""What is believed of a handled problem: joint over its place, its detectability and its state.

Arrays are (screen, spot, rank):
    screen 0: nothing keeps standing before it; 1: the same thing hides it on every pass that
    reports something standing there.
    spot: where it lies (`Ground.spots`, then "farther off"). rank: how easily it is seen.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from dispatch.verification.detectability import RANK_WEIGHTS, detection_chances
from dispatch.verification.evidence import Look
from dispatch.verification.ground import Array, Ground, Seen
from dispatch.verification.policy import Policy

Mask = npt.NDArray[np.bool_]

SAME_SCREEN: Final = 0.02
"""A pass with a smaller share of the greatest chance of being hidden has looked past the thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One look, laid over the ground.

    Args:
        seen: what the pass saw of the spots.
        detects: (32,) chance of detection at each rank; zeros where the pass cannot tell.
        size_px: the problem's size in the picture.
        hit: (k + 1,) density of the sight's place under each spot times the gate's area, or None
            for a miss.
        screened: (k + 1,) bool: whether the thing that may hide the spot on all passes may have
            hidden it on this one.
    """

    seen: Seen
    detects: Array
    size_px: float
    hit: Array | None
    screened: Mask

    def powers(self) -> Array:
        """Give (screen, spot) the chance that the spot was inspected."""
        clear = self.seen.inspected
        return np.stack([clear, np.where(self.screened, 0.0, clear)])


def view_of(look: Look, seen: Seen, *, size_m: float, hit: Array | None) -> View:
    """Set the size in the picture against the card of the pass's model."""
    size_px = size_m * seen.pixels_per_metre
    return View(
        seen=seen,
        detects=detection_chances(look.bands, size_px=size_px, light=look.light),
        size_px=size_px,
        hit=hit,
        screened=np.zeros(len(seen.inspected), dtype=bool),
    )


def screen(ground: Ground, views: Sequence[View]) -> tuple[Array, tuple[View, ...]]:
    """Find what may hide a spot on all passes, and mark the passes it may have hidden it on.

    Passes err by themselves, but a van that keeps standing there does not: were every pass taken
    for a fresh draw, enough wobbling claims would "inspect" the ground below it. Its chance is
    the greatest that any pass gives, a bound that holds however the passes hang together.

    Returns:
        (k + 1,) the chance of such a thing, and the views with their marks.
    """
    if not views:
        return np.zeros_like(ground.chance), ()
    greatest = np.max([each.seen.occluded for each in views], axis=0)
    least = np.maximum(SAME_SCREEN * greatest, 1e-6)
    marked = (replace(each, screened=each.seen.occluded > least) for each in views)
    return greatest, tuple(marked)


def learnt(
    ground: Ground, *, earlier: Sequence[View], before: Sequence[View], policy: Policy
) -> Array:
    """Give (spot, rank) where it lies and how easily it is seen, from the looks before handling.

    It began before any one of the earlier looks or after all of them, each equally likely: the
    likelihood of their misses is the mean over these beginnings. With no earlier look the first
    sight counts in full; after many it says next to nothing, for whatever is there is found once.

    Args:
        earlier: misses before the first sight, in time, when it may not have been there yet.
        before: looks at which it surely was there.
    """
    belief = ground.chance[:, None] * RANK_WEIGHTS[None, :]
    run = np.ones_like(belief)
    total = np.ones_like(belief)
    for view in reversed(earlier):
        run = run * (1.0 - _hit_chance(view, policy))
        total = total + run
    belief = belief * total
    for view in before:
        hit = _hit_chance(view, policy)
        belief = belief * (hit if view.hit is not None else 1.0 - hit)
    return np.asarray(belief / belief.sum())


def _hit_chance(view: View, policy: Policy) -> Array:
    power = view.seen.inspected[:, None] * view.detects[None, :]
    return np.asarray(power + (1.0 - power) * policy.false_alarm)


def likelihood_present(view: View, policy: Policy) -> Array:
    """Give (screen, spot, rank) the likelihood of what a pass brought, were the problem there."""
    power = view.powers()[:, :, None] * view.detects
    if view.hit is None:
        return np.asarray((1.0 - power) * (1.0 - policy.false_alarm))
    # A hit where nothing was claimed still is a hit: sweeps claim less than cameras see.
    true_hit = np.maximum(power, policy.unclaimed) * view.hit[None, :, None]
    return np.asarray(true_hit + (1.0 - power) * policy.false_alarm)


def likelihood_absent(view: View, policy: Policy) -> float:
    """Give the likelihood of what a pass brought, were nothing there."""
    return 1.0 - policy.false_alarm if view.hit is None else policy.false_alarm


class Belief:
    """The chances of present, absent and returned, moved on by time and by evidence.

    Present and returned are kept apart: what came back after a true repair is no bad repair.
    """

    __slots__ = ("_absent", "_fresh", "_policy", "_present", "_returned")

    def __init__(self, *, prior: float, where: Array, fresh: Array, policy: Policy) -> None:
        """Start at the handling.

        Args:
            prior: P(present) before any look.
            where: (screen, spot, rank) of the handled problem, sums to 1.
            fresh: the same for one that returns: its detectability is not learnt yet.
        """
        self._present = prior * where
        self._absent = 1.0 - prior
        self._returned = np.zeros_like(where)
        self._fresh = fresh
        self._policy = policy

    @property
    def present(self) -> float:
        """Give P(it is there now), returned or never gone."""
        return float(self._present.sum() + self._returned.sum())

    @property
    def returned(self) -> float:
        """Give P(it was gone and has come back)."""
        return float(self._returned.sum())

    @property
    def screened(self) -> float:
        """Give how much of P(present) is left because one thing may hide it from every pass."""
        return float(self._present[1].sum() + self._returned[1].sum()) / max(self.present, 1e-300)

    def pass_time(self, days: float) -> None:
        """Let it vanish and return by itself at the rates of its class."""
        goes = -math.expm1(-self._policy.vanish_per_day * days)
        comes = -math.expm1(-self._policy.return_per_day * days)
        if goes == 0.0 and comes == 0.0:
            return
        gone = goes * self.present
        back = comes * self._absent
        self._present = (1.0 - goes) * self._present
        self._returned = (1.0 - goes) * self._returned + back * self._fresh
        self._absent = self._absent - back + gone

    def learn(self, if_present: Array | float, if_absent: float) -> None:
        """Weigh in one piece of evidence.

        Args:
            if_present: likelihood, (screen, spot, rank) or the same for all.
        """
        self._present = self._present * if_present
        self._returned = self._returned * if_present
        self._absent = self._absent * if_absent
        whole = self._absent + self.present
        self._present = self._present / whole
        self._returned = self._returned / whole
        self._absent = self._absent / whole
