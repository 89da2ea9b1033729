"""Identity and verification against simulated truth; `python -m tests.benchmarks.trust`: tables."""

import itertools
import sys
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import numpy as np

from dispatch.identity.neighbourhood import resolve
from dispatch.simulation.drives import Drives, Thing, drive
from dispatch.simulation.repairs import RepairTrial, Tally, decided, handle, tally
from dispatch.simulation.vans import below_a_van
from dispatch.verification.judgement import verify
from dispatch.verification.policy import Policy, Prior
from dispatch.verification.verdict import Verdict
from tests.benchmarks.figure import Measured, benchmark

POLICY: Final = Policy(misplaced=0.07)
USUAL: Final = RepairTrial(bad=0.2, recall=0.8, stated=0.64)
COUNT: Final = 1500
HOW: Final = (
    f"simulated: {COUNT} handled problems, 20 % not repaired, 6 passes before and up to 7 after, "
    "true recall 0.8, card 0.64, closing at 0.99"
)
START: Final = datetime(2026, 11, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=16)
def simulated(trial: RepairTrial, count: int = COUNT) -> Tally:
    """Judge a simulated city with its true prior and tally the outcome."""
    handled = handle(count, trial, rng=np.random.default_rng(20261121))
    prior = Prior(bad=trial.bad * 1e4, good=(1.0 - trial.bad) * 1e4)
    said = [verify(each.target, looks=each.looks, prior=prior, policy=POLICY) for each in handled]
    return tally(handled, said, POLICY)


@benchmark(name="verify.false_closure_share", unit="share", goal="<= 0.01")
def false_closure_share() -> Measured:
    """Share of the cases closed by themselves whose problem is still there."""
    return Measured(value=simulated(USUAL).false_closures, how=HOW)


@benchmark(name="verify.auto_closed_share", unit="share", goal=">= 0.65")
def auto_closed_share() -> Measured:
    """Share of handled cases that close by themselves."""
    return Measured(value=simulated(USUAL).closed, how=HOW)


@benchmark(name="verify.cannot_tell_share", unit="share", goal="<= 0.15")
def cannot_tell_share() -> Measured:
    """Share of handled cases that stay open because it cannot be told."""
    return Measured(value=simulated(USUAL).cannot_tell, how=HOW)


@benchmark(name="verify.calibration_error", unit="share", goal="<= 0.02")
def calibration_error() -> Measured:
    """Mean distance between P(present) and the truth."""
    return Measured(value=simulated(USUAL).calibration_error, how=HOW + "; over ten bins")


@benchmark(name="verify.closed_below_a_van", unit="share", goal="== 0")
def closed_below_a_van() -> Measured:
    """Share of unrepaired problems below a van that stays, closed by themselves."""
    policy, count = Policy(), 100
    closed = 0
    for seed in range(count):
        one = below_a_van(passes=12, leaves_after=12, rng=np.random.default_rng(seed))
        told = verify(one.target, looks=one.looks, prior=Prior(), policy=policy)
        closed += decided(told, policy) is Verdict.REPAIRED
    how = f"simulated: {count} problems below a parked van, 12 passes, receiver error 1.5 m"
    return Measured(value=closed / count, how=how)


@lru_cache(maxsize=8)
def told_apart(spacing_m: float, streets: int = 20) -> tuple[float, float, float]:
    """Give pairwise precision, recall, and problems too many per true one."""
    together = wrong = missed = extra = 0
    for seed in range(streets):
        rng = np.random.default_rng(seed)
        things = [
            Thing(name=f"t{n}", east_m=n * spacing_m, north_m=float(rng.uniform(-3.0, 3.0)))
            for n in range(12)
        ]
        driven = drive(things, Drives(count=6), start=START, rng=rng)
        problems = resolve(driven.observations)
        extra += len(problems) - len(set(driven.truth.values()))
        home = {one: each.id for each in problems for one in each.observations}
        for a, b in itertools.combinations(sorted(home), 2):
            said, true = home[a] == home[b], driven.truth[a] == driven.truth[b]
            together += said and true
            wrong += said and not true
            missed += true and not said
    return together / (together + wrong), together / (together + missed), extra / (12 * streets)


STREETS: Final = "simulated: 20 streets, 12 potholes every {} m, 6 drives, receiver error 2 m"


@benchmark(name="identity.pairwise_precision", unit="share", goal=">= 0.98")
def pairwise_precision() -> Measured:
    """Of pairs of sights said to be one thing, the share that is."""
    return Measured(value=told_apart(4.0)[0], how=STREETS.format(4))


@benchmark(name="identity.pairwise_recall", unit="share", goal=">= 0.98")
def pairwise_recall() -> Measured:
    """Of pairs of sights of one thing, the share that is said to be."""
    return Measured(value=told_apart(4.0)[1], how=STREETS.format(4))


@benchmark(name="identity.duplicates", unit="share", goal="<= 0.02")
def duplicates() -> Measured:
    """Problems too many, per true one."""
    return Measured(value=told_apart(12.0)[2], how=STREETS.format(12))


def main() -> None:
    """Print the tables of docs/explanation: verification, then identity."""
    write = sys.stdout.write
    write("| bad repairs | true recall | card says | closed by itself | of these falsely ")
    write("| still there | of these wrongly | cannot tell |\n|---|---|---|---|---|---|---|---|\n")
    for bad, recall, stated in itertools.chain(
        itertools.product((0.05, 0.2, 0.4), (0.8,), (0.64, 0.96)),
        ((0.2, 0.6, 0.48), (0.2, 0.6, 0.72)),
    ):
        told = simulated(RepairTrial(bad=bad, recall=recall, stated=stated))
        write(f"| {bad:.0%} | {recall} | {stated} | {told.closed:.0%} | {told.false_closures:.1%} ")
        write(f"| {told.still_there:.0%} | {told.false_alarms:.0%} | {told.cannot_tell:.0%} |\n")
    write("\n| spacing | pairwise precision | pairwise recall | duplicates |\n|---|---|---|---|\n")
    for spacing_m in (2.5, 4.0, 6.0, 12.0):
        precision, recall, extra = told_apart(spacing_m)
        write(f"| {spacing_m} m | {precision:.3f} | {recall:.3f} | {extra:+.1%} |\n")


if __name__ == "__main__":
    main()
