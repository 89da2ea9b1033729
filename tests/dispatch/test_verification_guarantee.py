"""How often automatic closing is wrong, known at any moment."""

import numpy as np
import pytest

from dispatch.verification.guarantee import (
    MoreWrongThanChecked,
    false_closure_bound,
    may_close_itself,
)
from dispatch.verification.policy import Prior


def test_before_any_check_nothing_is_promised() -> None:
    assert false_closure_bound(0, 0) == pytest.approx(1.0)
    assert not may_close_itself(checks=0, wrong=0, limit=0.5)


def test_some_four_hundred_clean_checks_promise_one_percent() -> None:
    assert not may_close_itself(checks=300, wrong=0, limit=0.01)
    assert may_close_itself(checks=400, wrong=0, limit=0.01)


def test_one_false_closure_costs_hundreds_of_clean_checks() -> None:
    assert not may_close_itself(checks=400, wrong=1, limit=0.01)
    assert false_closure_bound(400, 1) < 0.02
    assert may_close_itself(checks=900, wrong=1, limit=0.01)


@pytest.mark.parametrize(("checks", "wrong"), [(10, 0), (10, 1), (100, 3), (1000, 0), (1000, 400)])
def test_the_bound_lies_above_what_was_found_and_falls_with_clean_checks(
    checks: int, wrong: int
) -> None:
    bound = false_closure_bound(checks, wrong)

    assert wrong / checks < bound <= 1.0
    assert false_closure_bound(checks + 1, wrong) < bound
    assert false_closure_bound(checks + 1, wrong + 1) > bound


def test_the_bound_hardly_ever_falls_under_the_true_rate_however_often_it_is_looked_at() -> None:
    rate, runs, length = 0.05, 150, 400
    rng = np.random.default_rng(3)
    refuted = 0
    for _ in range(runs):
        wrong = np.cumsum(rng.random(length) < rate)
        moments = range(40, length, 40)
        refuted += any(false_closure_bound(n, int(wrong[n - 1])) < rate for n in moments)

    # At most 5 % in the long run; 150 runs stay under 10 % but for a chance of 1 in 100.
    assert refuted / runs < 0.1


def test_counts_that_cannot_be_are_refused() -> None:
    with pytest.raises(MoreWrongThanChecked, match="请核对抽查记录"):
        false_closure_bound(3, 4)


def test_verdicts_move_the_prior_of_a_department() -> None:
    prior = Prior(bad=1.0, good=4.0)

    assert prior.mean == pytest.approx(0.2)
    assert prior.updated(bad=0, good=45).mean == pytest.approx(0.02)
