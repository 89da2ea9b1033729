"""Verdicts against truth: the table of the explanation, smaller and seeded."""

import numpy as np
import pytest
from scipy.stats import beta

from dispatch.simulation.repairs import RepairTrial, Tally, handle, tally
from dispatch.verification.detectability import (
    RANK_WEIGHTS,
    RANKS,
    RecallBand,
    beta_quantiles,
    detection_chances,
)
from dispatch.verification.judgement import verify
from dispatch.verification.policy import Policy, Prior
from dispatch.wire import Light

POLICY = Policy(misplaced=0.07)


def run(trial: RepairTrial, *, count: int, prior: Prior) -> Tally:
    handled = handle(count, trial, rng=np.random.default_rng(11))
    said = [verify(each.target, looks=each.looks, prior=prior, policy=POLICY) for each in handled]
    return tally(handled, said, POLICY)


@pytest.mark.parametrize(
    ("bad", "recall", "stated", "closed"),
    [(0.05, 0.8, 0.64, 0.80), (0.2, 0.8, 0.64, 0.60), (0.2, 0.6, 0.48, 0.34)],
)
def test_with_an_honest_card_hardly_a_closure_is_false(
    bad: float, recall: float, stated: float, closed: float
) -> None:
    trial = RepairTrial(bad=bad, recall=recall, stated=stated)

    told = run(trial, count=200, prior=Prior(bad=bad * 1e4, good=(1.0 - bad) * 1e4))

    assert told.false_closures <= 0.02
    assert told.closed >= closed
    assert told.calibration_error <= 0.03


def test_a_card_that_overstates_recall_closes_more_and_errs_more() -> None:
    prior = Prior(bad=4e3, good=6e3)

    honest = run(RepairTrial(bad=0.4, stated=0.64), count=200, prior=prior)
    boastful = run(RepairTrial(bad=0.4, stated=0.96), count=200, prior=prior)

    assert boastful.closed > honest.closed
    assert boastful.false_closures >= honest.false_closures


def test_a_model_that_sees_nothing_closes_nothing() -> None:
    told = run(RepairTrial(bad=0.2, stated=0.0), count=30, prior=Prior())

    assert told.closed == 0.0


@pytest.mark.parametrize(
    ("a", "b"), [(1.0, 1.0), (2.4, 1.6), (0.2, 3.8), (3.9, 0.1), (48.0, 12.0), (600.0, 400.0)]
)
def test_the_spread_of_detectability_is_the_beta_that_the_card_states(a: float, b: float) -> None:
    ours = np.array(beta_quantiles(a, b))

    assert ours == pytest.approx(beta.ppf(RANKS, a, b), abs=1e-9)
    assert RANK_WEIGHTS @ ours == pytest.approx(a / (a + b), abs=2e-3)


BANDS = (
    RecallBand(min_px=10.0, max_px=40.0, light=Light.DAY, lower=0.3, concentration=4.0),
    RecallBand(min_px=40.0, max_px=200.0, light=Light.DAY, lower=0.8, concentration=4.0),
)


@pytest.mark.parametrize(
    ("size_px", "light", "mean"),
    [
        (5.0, Light.DAY, 0.0),
        (20.0, Light.DAY, 0.3),
        (40.0, Light.DAY, 0.8),
        (900.0, Light.DAY, 0.8),
        (60.0, Light.NIGHT, 0.0),
    ],
)
def test_recall_is_read_at_the_size_in_the_picture_and_in_the_light_of_the_pass(
    size_px: float, light: Light, mean: float
) -> None:
    chances = detection_chances(BANDS, size_px=size_px, light=light)

    assert RANK_WEIGHTS @ chances == pytest.approx(mean, abs=2e-3)
