"""Judging detections against what people labelled."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calibration import FILING_PRECISION, calibrate, threshold_of
from models.evaluate import recall_bands, wilson_lower
from models.scoring import Curve, PictureMatch, bootstrap_interval, curve, match, overlaps

NOTHING = np.zeros((0, 4), np.float32)
HOLE = np.array([[10, 10, 30, 30]], np.float32)


def judged(found: list[list[float]], score: list[float], truth: np.ndarray) -> PictureMatch:
    boxes = np.array(found, np.float32).reshape(-1, 4)
    return match(boxes, np.array(score), truth, input_scale=0.5, unsure=NOTHING)


def fate(score: list[float], true: list[bool], objects: int) -> PictureMatch:
    taken = sorted((s for s, t in zip(score, true, strict=True) if t), reverse=True)
    found_at = np.array(taken + [-1.0] * (objects - len(taken)))
    return PictureMatch(
        score=np.array(score),
        true=np.array(true, bool),
        found_at=found_at,
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


def test_a_perfect_class_has_an_interval_that_ends_at_one() -> None:
    matches = [fate([0.9], [True], 1) for _ in range(10)]

    assert bootstrap_interval(matches, rounds=20, seed=1) == (1.0, 1.0)


def test_half_overlapping_boxes_share_a_third() -> None:
    shifted = HOLE + np.array([10, 0, 10, 0], np.float32)

    assert overlaps(HOLE, shifted)[0, 0] == pytest.approx(1 / 3)


def ranking(true: list[bool], objects: int) -> Curve:
    return curve([fate([0.95 - 0.05 * i for i in range(len(true))], true, objects)])


def test_a_precise_class_may_file_at_its_lowest_precise_score() -> None:
    threshold, files = threshold_of(ranking([True] * 8 + [False] * 8, 10))

    assert files
    precision, recall = ranking([True] * 8 + [False] * 8, 10).at(threshold)
    assert precision >= FILING_PRECISION
    assert recall == pytest.approx(0.8)


def test_a_class_full_of_false_alarms_asks_a_person() -> None:
    _, files = threshold_of(ranking([False, True] * 8, 8))

    assert not files


def test_a_class_never_seen_asks_a_person() -> None:
    assert threshold_of(ranking([], 0)) == (0.5, False)


def test_scores_that_promise_too_much_are_calibrated_down() -> None:
    matches = [fate([0.9] * 10, [True] * 2 + [False] * 8, 2) for _ in range(20)]

    fitted = calibrate(matches, measured_on="a test")

    odds = fitted.slope * np.log(0.9 / 0.1) + fitted.offset
    assert 1 / (1 + np.exp(-odds)) == pytest.approx(0.2, abs=0.05)


def test_without_evidence_scores_stay_as_they_are() -> None:
    fitted = calibrate([], measured_on="nothing")

    assert (fitted.slope, fitted.offset) == (1.0, 0.0)


def test_recall_is_counted_by_size_and_bounded_from_below() -> None:
    small = PictureMatch(
        score=np.zeros(0),
        true=np.zeros(0, bool),
        found_at=np.array([-1.0, 0.3]),
        size_px=np.array([10.0, 12.0]),
    )
    large = PictureMatch(
        score=np.zeros(0),
        true=np.zeros(0, bool),
        found_at=np.array([0.9, 0.1]),
        size_px=np.array([50.0, 60.0]),
    )

    bands = recall_bands([small, large], threshold=0.2, measured_on="real")

    assert [(b.min_px, b.max_px, b.objects, b.mean) for b in bands] == [
        (4.0, 16.0, 2, 0.5),
        (32.0, 64.0, 2, 0.5),
    ]
    assert all(b.lower < b.mean for b in bands)


@given(st.integers(1, 500), st.integers(0, 500))
def test_the_lower_bound_never_overstates_recall(count: int, hits: int) -> None:
    share = min(hits, count) / count

    assert 0.0 <= wilson_lower(share, count) <= share + 1e-12
