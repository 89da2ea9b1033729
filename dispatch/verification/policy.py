"""The numbers of a city and a class by which a repair is judged."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """The share of "done" reports of a class and department that were not: Beta(bad, good).

    Only verdicts given without regard to the machine's own belief may be counted in.
    """

    bad: float = 1.0
    good: float = 4.0

    @property
    def mean(self) -> float:
        """Give P(present) before any look."""
        return self.bad / (self.bad + self.good)

    def updated(self, *, bad: int, good: int) -> "Prior":
        """Count verdicts in."""
        return Prior(bad=self.bad + bad, good=self.good + good)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How sure is sure.

    Args:
        close: repaired at P(present) ≤ 1 - close.
        open: still there at P(present) ≥ open, on a hit.
        false_alarm: chance that a pass reports this class inside the gate where none is.
        min_power: a repair needs one pass that would have seen the problem with this chance.
        hours: for classes that keep hours: how far from the first sight's time of day a look may
            be; None for others.
        vanish_per_day: rate at which the class goes by itself.
        return_per_day: rate at which the class comes back at its place by itself.
        misplaced: chance that a problem does not lie within its stated error at all.
        unclaimed: least chance of a hit on a problem outside the ground that the pass claims.
    """

    close: float = 0.99
    open: float = 0.9
    false_alarm: float = 0.01
    min_power: float = 0.5
    hours: float | None = None
    vanish_per_day: float = 0.0
    return_per_day: float = 0.0
    misplaced: float = 0.01
    unclaimed: float = 0.1
