"""Model outputs: which boxes are kept, in which order, and which outputs are refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detect.box import iou_matrix
from detect.decode import MOST_CANDIDATES, Reading, UnusableOutput, decode
from detect.manifest import OutputLayout


def reading(**changes: object) -> Reading:
    plain = {
        "layout": OutputLayout.YOLO,
        "classes": 2,
        "floor": 0.25,
        "iou": 0.5,
        "most": 300,
    }
    return Reading(**(plain | changes))


def anchors(*columns: tuple[float, ...]) -> np.ndarray:
    return np.array(columns, np.float32).reshape(-1, 6).T.copy()


def test_a_street_with_nothing_on_it_gives_no_boxes() -> None:
    found = decode(np.zeros((6, 8400), np.float32), reading())

    assert len(found.score) == 0


def test_a_box_is_given_by_its_corners_with_its_class() -> None:
    found = decode(anchors((100, 50, 20, 10, 0.2, 0.8)), reading())

    assert found.xyxy.tolist() == [[90, 45, 110, 55]]
    assert (found.label.tolist(), found.score.tolist()) == ([1], [pytest.approx(0.8)])


def test_a_score_on_the_floor_is_kept_and_one_below_is_not() -> None:
    found = decode(anchors((10, 10, 4, 4, 0.25, 0), (90, 90, 4, 4, 0.2499, 0)), reading())

    assert found.score.tolist() == [0.25]


def test_of_two_boxes_on_one_pothole_the_better_is_kept() -> None:
    found = decode(anchors((50, 50, 20, 20, 0.6, 0), (51, 50, 20, 20, 0.7, 0)), reading())

    assert found.score.tolist() == [pytest.approx(0.7)]


def test_two_classes_on_one_spot_are_both_kept() -> None:
    found = decode(anchors((50, 50, 20, 20, 0.6, 0), (50, 50, 20, 20, 0, 0.7)), reading())

    assert found.label.tolist() == [1, 0]


def test_an_anchor_that_is_two_classes_is_given_as_both() -> None:
    found = decode(anchors((50, 50, 20, 20, 0.3, 0.6)), reading())

    assert (found.label.tolist(), found.xyxy[0].tolist()) == ([1, 0], found.xyxy[1].tolist())


def test_equal_scores_keep_the_order_of_the_anchors() -> None:
    columns = [(x, 50, 4, 4, 0.5, 0) for x in (90, 10, 50, 30)]

    found = decode(anchors(*columns), reading())

    assert found.xyxy[:, 0].tolist() == [88, 8, 48, 28]


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(1, 400))
def test_what_is_kept_is_sorted_and_apart(seed, n) -> None:
    rng = np.random.default_rng(seed)
    output = np.vstack((rng.uniform(20, 300, (4, n)), rng.uniform(0, 1, (2, n)))).astype(np.float32)

    found = decode(output, reading())

    assert np.all(np.diff(found.score) <= 0)
    for label in (0, 1):
        boxes = found.xyxy[found.label == label]
        overlap = iou_matrix(boxes, boxes) - np.eye(len(boxes))
        assert not len(boxes) or overlap.max() <= 0.5 + 1e-4


def test_five_thousand_candidates_stay_within_bounds() -> None:
    rng = np.random.default_rng(3)
    output = np.vstack((rng.uniform(2, 640, (4, 5000)), rng.uniform(0.3, 1, (2, 5000))))

    found = decode(output.astype(np.float32), reading(most=200))

    best = np.sort(output[4:].ravel())[-MOST_CANDIDATES:]
    assert len(found.score) == 200
    assert found.score.min() >= best.min() - 1e-6


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("row", [0, 5])
def test_an_output_that_is_no_number_is_refused(bad, row) -> None:
    output = np.zeros((6, 100), np.float32)
    output[row, 7] = bad

    with pytest.raises(UnusableOutput, match="NaN"):
        decode(output, reading())


@pytest.mark.parametrize(
    ("layout", "shape"),
    [
        (OutputLayout.YOLO, (84, 100)),
        (OutputLayout.YOLO, (5, 100)),
        (OutputLayout.YOLO, (600,)),
        (OutputLayout.END_TO_END, (300, 7)),
    ],
)
def test_an_output_of_another_model_is_refused(layout, shape) -> None:
    with pytest.raises(UnusableOutput, match="核对清单"):
        decode(np.zeros(shape, np.float32), reading(layout=layout))


def test_an_end_to_end_model_needs_no_suppression() -> None:
    rows = [[10, 10, 30, 30, 0.4, 0], [11, 10, 31, 30, 0.9, 0], [0, 0, 5, 5, 0.1, 1]]

    found = decode(np.array(rows, np.float32), reading(layout=OutputLayout.END_TO_END))

    assert found.score.tolist() == [pytest.approx(0.9), pytest.approx(0.4)]
    assert found.xyxy[0].tolist() == [11, 10, 31, 30]


@pytest.mark.parametrize("label", [-1, 2])
def test_a_class_outside_the_manifest_is_refused(label) -> None:
    rows = np.array([[10, 10, 30, 30, 0.4, label]], np.float32)

    with pytest.raises(UnusableOutput, match="names 2"):
        decode(rows, reading(layout=OutputLayout.END_TO_END))


def test_corners_at_the_end_of_the_world_do_not_disturb_the_others() -> None:
    found = decode(anchors((1e30, 0, 1e30, 9, 0.9, 0), (50, 50, 20, 20, 0.6, 0)), reading())

    assert found.xyxy[1].tolist() == [40, 40, 60, 60]


@pytest.mark.parametrize("share_of_ties", [0.0, 0.5, 1.0])
def test_a_model_that_calls_every_anchor_an_object_still_gives_the_best_of_them(
    share_of_ties,
) -> None:
    rng = np.random.default_rng(8)
    scores = rng.uniform(0.3, 1, (9, 8400)).astype(np.float32)
    scores[rng.uniform(size=scores.shape) < share_of_ties] = 0.9
    output = np.vstack((rng.uniform(2, 640, (4, 8400)), scores)).astype(np.float32)

    found = decode(output, reading(classes=9, iou=0.99))

    order = np.argsort(-scores.ravel(), kind="stable")[:MOST_CANDIDATES]
    assert len(found.score) == 300
    assert set(found.score.tolist()) <= set(scores.ravel()[order].tolist())
    assert found.score[0] == scores.max()


def test_a_small_pothole_beside_the_edge_of_a_large_one_is_kept() -> None:
    found = decode(anchors((50, 50, 60, 60, 0.7, 0), (40, 40, 12, 12, 0.6, 0)), reading())

    assert len(found.score) == 2
