"""Judging detections against what people labelled."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.calibration import (
    FILING_PRECISION,
    balanced_threshold,
    calibrate,
    calibration_error,
    filing_threshold,
)
from models.evaluation.intervals import ap50, ap50_difference, rate_per_1000, share_of, wilson_lower
from models.evaluation.scoring import OVERLAPS, Curve, PictureMatch, curve, match, overlaps, rank

NOTHING = np.zeros((0, 4), np.float32)
HOLE = np.array([[10, 10, 30, 30]], np.float32)


def judged(found: list[list[float]], score: list[float], truth: np.ndarray) -> PictureMatch:
    boxes = np.array(found, np.float32).reshape(-1, 4)
    return match(boxes, np.array(score), truth, input_scale=0.5, unsure=NOTHING)


def fate(
    score: list[float], true: list[bool], objects: int, *, chance: float | None = None
) -> PictureMatch:
    taken = sorted((s for s, t in zip(score, true, strict=True) if t), reverse=True)
    return PictureMatch(
        score=np.array(score),
        chance=np.array(score) if chance is None else np.full(len(score), chance),
        true_at=np.tile(np.array(true, bool), (len(OVERLAPS), 1)),
        took=np.where(true, np.cumsum(true) - 1, -1),
        found_px=np.full(len(score), 20.0),
        found_at=np.array(taken + [-1.0] * (objects - len(taken))),
        size_px=np.full(objects, 20.0),
    )


def test_an_empty_street_with_no_finds_scores_nothing_wrong() -> None:
    line = curve([judged([], [], NOTHING)])

    assert line.objects == 0
    assert line.average_precision() == 0.0
    assert line.at(0.2) == (0.0, 0.0)


def test_a_pothole_found_twice_counts_once() -> None:
    result = judged([[10, 10, 30, 30], [11, 11, 30, 30]], [0.6, 0.9], HOLE)

    assert result.true.tolist() == [True, False]
    assert result.found_at.tolist() == [0.9]
    assert result.size_px.tolist() == [10.0]


def test_a_find_where_the_teacher_was_unsure_counts_for_nothing() -> None:
    result = match(HOLE, np.array([0.7]), NOTHING, input_scale=1.0, unsure=HOLE + np.float32(1))

    assert len(result.score) == 0


def test_a_box_beside_the_pothole_is_a_false_alarm() -> None:
    result = judged([[40, 10, 60, 30]], [0.9], HOLE)

    assert result.true.tolist() == [False]
    assert result.found_at.tolist() == [-1.0]


def test_average_precision_of_a_known_ranking() -> None:
    # True, false, true of two objects: precision 1 up to recall 0.5, then 2/3.
    line = curve([fate([0.9, 0.8, 0.7], [True, False, True], 2)])

    assert line.average_precision() == pytest.approx((51 + 50 * 2 / 3) / 101)
    assert line.at(0.75) == (0.5, 0.5)


@given(
    st.lists(st.tuples(st.floats(0.01, 0.99), st.booleans()), min_size=1, max_size=30),
    st.integers(0, 10),
)
def test_average_precision_is_a_share(finds: list[tuple[float, bool]], missed: int) -> None:
    score, true = [f[0] for f in finds], [f[1] for f in finds]

    line = curve([fate(score, true, sum(true) + missed)])

    assert 0.0 <= line.average_precision() <= 1.0
    assert (np.diff(line.recall) >= 0).all()


def test_a_loose_box_counts_only_where_looseness_is_allowed() -> None:
    loose = judged([[10, 10, 30, 24.4]], [0.9], HOLE)

    assert loose.true_at[:, 0].tolist() == [overlap <= 0.7 for overlap in OVERLAPS]
    assert rank([loose]).average_precisions() == pytest.approx([1.0] * 5 + [0.0] * 5)


def test_of_two_boxes_the_better_score_wins_loosely_and_the_tighter_one_strictly() -> None:
    result = judged([[10, 10, 30, 26], [10, 10, 30, 30]], [0.9, 0.6], HOLE)

    assert result.true_at[0].tolist() == [True, False]
    assert result.true_at[-1].tolist() == [False, True]


def test_a_large_find_is_no_false_alarm_among_the_small_ones() -> None:
    truth = np.array([[0, 0, 20, 20], [40, 40, 140, 140]], np.float32)
    whole = judged([[0, 0, 20, 20], [40, 40, 140, 140], [200, 0, 220, 20]], [0.9, 0.8, 0.7], truth)

    small = whole.of_size(4, 16)

    assert small.found_at.tolist() == [0.9]
    assert small.score.tolist() == [0.9, 0.7]
    assert small.true.tolist() == [True, False]
    assert small.took.tolist() == [0, -1]


def test_a_perfect_class_has_an_interval_that_ends_at_one() -> None:
    matches = [fate([0.9], [True], 1) for _ in range(10)]

    figure = ap50(matches, seed=1)

    assert (figure.low, figure.value, figure.high) == (1.0, 1.0, 1.0)


@given(st.lists(st.integers(0, 3), min_size=4, max_size=4))
def test_a_picture_drawn_twice_counts_as_two_pictures(drawn: list[int]) -> None:
    pictures = [
        fate([0.9, 0.4], [True, False], 2),
        fate([0.8, 0.3], [False, True], 1),
        fate([0.7], [True], 1),
        fate([], [], 1),
    ]
    copies = [each for each, times in zip(pictures, drawn, strict=True) for _ in range(times)]

    weighted = rank(pictures).curve(drawn=np.array(drawn)).average_precision()

    assert weighted == pytest.approx(curve(copies).average_precision())


def test_a_model_does_not_differ_from_itself() -> None:
    matches = [[fate([0.9, 0.5], [i % 2 == 0, True], 2) for i in range(12)]]

    figure = ap50_difference(matches, matches, seed=3)

    assert (figure.low, figure.value, figure.high) == (0.0, 0.0, 0.0)


def test_a_better_model_is_better_beyond_chance_on_the_same_pictures() -> None:
    hard = [[fate([0.9], [i % 3 == 0], 1) for i in range(60)]]
    good = [[fate([0.9], [i % 3 != 1], 1) for i in range(60)]]

    figure = ap50_difference(good, hard, seed=3)

    assert figure.low > 0.0


def test_no_false_alarm_in_a_hundred_frames_does_not_promise_none() -> None:
    figure = rate_per_1000(np.zeros(100, np.int64))

    assert figure.value == figure.low == 0.0
    assert figure.high == pytest.approx(36.9, rel=0.02)  # exact Poisson: 3.689 of 100 frames


def test_false_alarms_that_crowd_in_one_frame_say_less() -> None:
    spread, crowded = np.ones(50, np.int64), np.zeros(50, np.int64)
    crowded[0] = 50

    assert rate_per_1000(spread).value == rate_per_1000(crowded).value == 1000.0
    assert rate_per_1000(crowded).high > 2 * rate_per_1000(spread).high


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_share_lies_in_its_interval(hits: int, misses: int) -> None:
    figure = share_of(hits, hits + misses)

    assert 0.0 <= figure.low <= figure.value <= figure.high <= 1.0


def test_half_overlapping_boxes_share_a_third() -> None:
    shifted = HOLE + np.array([10, 0, 10, 0], np.float32)

    assert overlaps(HOLE, shifted)[0, 0] == pytest.approx(1 / 3)


def ranking(true: list[bool], objects: int) -> Curve:
    return curve([fate([0.95 - 0.01 * i for i in range(len(true))], true, objects)])


def test_a_precise_class_may_file_at_its_lowest_surely_precise_score() -> None:
    line = ranking([True] * 40 + [False] * 20, 50)

    threshold = filing_threshold(line)

    assert threshold is not None
    precision, recall = line.at(threshold)
    assert wilson_lower(precision, line.taken(threshold)) >= FILING_PRECISION
    assert recall == pytest.approx(0.8)


def test_a_few_lucky_finds_do_not_let_a_class_file() -> None:
    assert filing_threshold(ranking([True] * 8, 10)) is None


def test_a_class_full_of_false_alarms_asks_a_person() -> None:
    assert filing_threshold(ranking([False, True] * 8, 8)) is None


def test_a_class_never_seen_asks_a_person() -> None:
    assert filing_threshold(ranking([], 0)) is None
    assert balanced_threshold(ranking([], 0)) == 0.5


def test_a_class_that_asks_is_reported_where_finds_and_false_alarms_balance() -> None:
    line = ranking([True] * 5 + [False, True, True] + [False] * 20, 10)

    assert line.at(balanced_threshold(line)) == pytest.approx((7 / 8, 0.7))


def test_scores_that_promise_too_much_are_calibrated_down() -> None:
    matches = [fate([0.9] * 10, [True] * 2 + [False] * 8, 2) for _ in range(20)]

    fitted = calibrate(matches, measured_on="a test")

    odds = fitted.slope * np.log(0.9 / 0.1) + fitted.offset
    assert 1 / (1 + np.exp(-odds)) == pytest.approx(0.2, abs=0.05)


def test_without_evidence_scores_stay_as_they_are() -> None:
    fitted = calibrate([], measured_on="nothing")

    assert (fitted.slope, fitted.offset) == (1.0, 0.0)


@pytest.mark.parametrize(("chance", "error"), [(0.5, 0.0), (0.9, 0.4), (0.1, 0.4)])
def test_the_calibration_error_is_how_far_promises_lie_from_the_truth(
    chance: float, error: float
) -> None:
    matches = [fate([0.5] * 10, [True, False] * 5, 5, chance=chance) for _ in range(20)]

    assert calibration_error(matches) == pytest.approx(error)


def test_what_the_device_never_hands_on_does_not_spoil_calibration() -> None:
    assert calibration_error([fate([0.01], [False], 0, chance=1.0)]) == 0.0
    assert calibration_error([]) == 0.0


@given(st.integers(1, 500), st.integers(0, 500))
def test_the_lower_bound_never_overstates_recall(count: int, hits: int) -> None:
    share = min(hits, count) / count

    assert 0.0 <= wilson_lower(share, count) <= share + 1e-12
