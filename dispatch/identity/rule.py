"""The numbers by which two sights are taken for one thing."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from dispatch.ground.zone import GONE_AFTER_S
from dispatch.wire import MOVABLE

GATE: Final = 9.21
"""99 % point of chi-squared with two degrees of freedom."""
PASS_GATE: Final = 13.82
"""99.9 % point: a whole pass is its own witness, and 1 % of strangers a sight makes duplicates."""
CONCURRENT_GATE: Final = 1.39
"""50 % point: two tracks in the same frames are rarely one thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityRule:
    """How far apart, how unlike and how rare things are.

    Args:
        gate: squared distance within which two sights may be one thing, on arrival.
        pass_gate: the same where the error that a pass shares is known or cancels.
        concurrent_gate: the same for two tracks in the same frames.
        cap_m: no two sights farther apart than this are one thing, whatever their errors say.
        caps_m: the same for single labels.
        lasts_s: how long a thing of a label may go unseen and still be the same; for ever, if the
            label is not named.
        support: least cosine between two label distributions, 0..1.
        density_per_m2: how many things of one class lie on a square metre of street.
        stretch_s: within it the error of a receiver counts as constant.
        drift_s: time over which the error of a receiver is forgotten (e-fold).
        passes_read: once more passes than this have seen a neighbourhood, the older ones are
            condensed into gists.
        passes_kept: how many of the newest are left to be read.
    """

    gate: float = GATE
    pass_gate: float = PASS_GATE
    concurrent_gate: float = CONCURRENT_GATE
    cap_m: float = 15.0
    caps_m: Mapping[str, float] = field(default_factory=dict)
    lasts_s: Mapping[str, float] = field(default_factory=dict)
    support: float = 0.25
    density_per_m2: float = 2e-4
    stretch_s: float = 60.0
    drift_s: float = 1800.0
    passes_read: int = 8
    passes_kept: int = 4

    def cap(self, label: str) -> float:
        """Give the hard cap of a label, in metres."""
        return self.caps_m.get(label, self.cap_m)

    def lasts(self, label: str) -> float:
        """Give how long a thing of a label may go unseen and still be the same, in seconds."""
        return self.lasts_s.get(label, math.inf)

    def may_concern(self, one: str, other: str, *, apart_s: float) -> bool:
        """Say whether sights of two labels, so far apart in time, bear on each other's identity.

        What drives away bears on nothing that stays, and on its like only while it may stand there.
        """
        shortest, longest = sorted((self.lasts(one), self.lasts(other)))
        return math.isinf(shortest) or (apart_s <= shortest and math.isfinite(longest))


IDENTITY: Final = IdentityRule(lasts_s=dict.fromkeys(MOVABLE, GONE_AFTER_S))
