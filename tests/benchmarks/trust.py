"""Identity and verification against simulated truth; `python -m tests.benchmarks.trust`: tables."""

import itertools
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import numpy as np

from dispatch.ground.place import Place
from dispatch.identity.fusion import fuse
from dispatch.identity.neighbourhood import resolve
from dispatch.identity.rule import IDENTITY
from dispatch.identity.sights import matrix, offset
from dispatch.ids import ProblemId
from dispatch.sights.problem import Problem
from dispatch.simulation.drives import Driven, Drives, Thing, drive
from dispatch.simulation.repairs import RepairTrial, Tally, decided, handle, tally
from dispatch.simulation.sighting import ORIGIN, Errors
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


HERE: Final = Place(latitude=ORIGIN[0], longitude=ORIGIN[1], ee=1.0, en=0.0, nn=1.0)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """Simulated streets of twelve potholes and how they are told apart."""

    spacing_m: float
    error_m: float = 2.0
    pass_gate: float = IDENTITY.pass_gate
    count: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How well: pairwise precision and recall, and problems too many per true one."""

    precision: float
    recall: float
    extra: float


@lru_cache(maxsize=16)
def told_apart(street: Street) -> Told:
    """Drive simulated streets six times and hold what is told against the truth."""
    pairs, extra = np.zeros(3), 0
    rule = replace(IDENTITY, pass_gate=street.pass_gate)
    for seed in range(street.count):
        rng = np.random.default_rng(seed)
        things = [
            Thing(name=f"t{n}", east_m=n * street.spacing_m, north_m=float(rng.uniform(-3.0, 3.0)))
            for n in range(12)
        ]
        drives = Drives(count=6, errors=Errors(shared_m=street.error_m))
        driven = drive(things, drives, start=START, rng=rng)
        problems = resolve(driven.observations, rule=rule)
        extra += len(problems) - len(set(driven.truth.values()))
        pairs += _pairs(problems, driven)
    together, wrong, missed = pairs
    return Told(
        precision=together / (together + wrong),
        recall=together / (together + missed),
        extra=extra / (12 * street.count),
    )


@lru_cache(maxsize=1)
def placed(streets: int = 300) -> tuple[float, float]:
    """Give the share of things in their stated 95 % ellipse, and metres off at the median.

    Things of one street err together, so there are many streets of three things.
    """
    inside: list[bool] = []
    off_m: list[float] = []
    things = [Thing(name=f"t{n}", east_m=12.0 * n, north_m=0.0) for n in range(3)]
    for seed in range(streets):
        driven = drive(things, Drives(count=6), start=START, rng=np.random.default_rng(seed))
        for thing in things:
            sights = [one for one in driven.observations if driven.truth[one.id] == thing.name]
            for problem in fuse([(ProblemId(thing.name), sights)]) if sights else ():
                gap = offset(HERE, problem.place) - np.array([thing.east_m, thing.north_m])
                inside.append(bool(gap @ np.linalg.inv(matrix(problem.place)) @ gap < 5.99))
                off_m.append(float(np.hypot(*gap)))
    return float(np.mean(inside)), float(np.median(off_m))


def _pairs(problems: Sequence[Problem], driven: Driven) -> tuple[int, int, int]:
    """Count the pairs of sights that are rightly together, wrongly together, wrongly apart."""
    home = {one: each.id for each in problems for one in each.observations}
    together = wrong = missed = 0
    for a, b in itertools.combinations(sorted(home), 2):
        said, true = home[a] == home[b], driven.truth[a] == driven.truth[b]
        together += said and true
        wrong += said and not true
        missed += true and not said
    return together, wrong, missed


STREETS: Final = "simulated: 20 streets, 12 potholes every {} m, 6 drives, receiver error 2 m"


@benchmark(name="identity.pairwise_precision", unit="share", goal=">= 0.98")
def pairwise_precision() -> Measured:
    """Of pairs of sights said to be one thing, the share that is."""
    return Measured(value=told_apart(Street(spacing_m=4.0)).precision, how=STREETS.format(4))


@benchmark(name="identity.pairwise_recall", unit="share", goal=">= 0.98")
def pairwise_recall() -> Measured:
    """Of pairs of sights of one thing, the share that is said to be."""
    return Measured(value=told_apart(Street(spacing_m=4.0)).recall, how=STREETS.format(4))


@benchmark(name="identity.ellipse95", unit="share", goal=">= 0.93")
def ellipse() -> Measured:
    """Share of problems that lie in their stated 95 % ellipse."""
    how = "simulated: 300 streets of 3 potholes, 6 drives, receiver error 2 m"
    return Measured(value=placed()[0], how=how)


@benchmark(name="identity.duplicates", unit="share", goal="<= 0.02")
def duplicates() -> Measured:
    """Problems too many, per true one."""
    return Measured(value=told_apart(Street(spacing_m=12.0)).extra, how=STREETS.format(12))


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
    write("\n| spacing | receiver error | gate | pairwise precision | pairwise recall ")
    write("| duplicates |\n|---|---|---|---|---|---|\n")
    streets = [Street(spacing_m=each) for each in (2.5, 4.0, 6.0, 12.0)]
    streets += [Street(spacing_m=4.0, pass_gate=9.21), Street(spacing_m=12.0, pass_gate=9.21)]
    streets.append(Street(spacing_m=12.0, error_m=4.0))
    for street in streets:
        apart = told_apart(street)
        write(f"| {street.spacing_m} m | {street.error_m} m | {street.pass_gate} ")
        write(f"| {apart.precision:.3f} | {apart.recall:.3f} | {apart.extra:+.1%} |\n")
    inside, off_m = placed()
    write(f"\nIn the 95 % ellipse: {inside:.1%}; off at the median: {off_m:.2f} m.\n")


if __name__ == "__main__":
    main()
