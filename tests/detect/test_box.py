"""Boxes: their overlap, and the way from a frame into the model's input and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detect.box import Letterbox, area, clip, iou_matrix

SIDES = st.integers(1, 5000)


def boxes(*rows: tuple[float, float, float, float]) -> np.ndarray:
    return np.array(rows, np.float32).reshape(-1, 4)


@pytest.mark.parametrize(
    ("a", "b", "share"),
    [
        ((0, 0, 10, 10), (0, 0, 10, 10), 1.0),
        ((0, 0, 10, 10), (10, 0, 20, 10), 0.0),
        ((0, 0, 10, 10), (5, 0, 15, 10), 1 / 3),
        ((0, 0, 10, 10), (2, 2, 4, 4), 0.04),
        ((0, 0, 0, 0), (0, 0, 0, 0), 0.0),
    ],
)
def test_two_boxes_overlap_by_their_shared_ground(a, b, share) -> None:
    found = iou_matrix(boxes(a), boxes(b))

    assert found[0, 0] == pytest.approx(share)


def test_no_boxes_overlap_nothing() -> None:
    found = iou_matrix(boxes(), boxes((0, 0, 1, 1)))

    assert found.shape == (0, 1)


def test_a_box_turned_inside_out_covers_no_ground() -> None:
    assert area(boxes((10, 0, 0, 10)))[0] == 0


def test_a_box_ends_at_the_border_of_the_frame() -> None:
    cut = clip(boxes((-5, 3, 700, 500)), width=640, height=480)

    assert cut.tolist() == [[0, 3, 640, 480]]


def test_a_wide_frame_lies_centred_between_two_bands() -> None:
    fit = Letterbox.fit((1080, 1920), (640, 640))

    assert (fit.picture, fit.top, fit.left) == ((360, 640), 140, 0)
    assert fit.scale == pytest.approx(1 / 3)


@given(SIDES, SIDES, st.integers(1, 40), st.integers(1, 40))
def test_the_whole_frame_comes_back_from_the_input(height, width, rows, columns) -> None:
    fit = Letterbox.fit((height, width), (rows * 32, columns * 32))
    tall, wide = fit.picture
    inside = boxes((fit.left, fit.top, fit.left + wide, fit.top + tall))

    found = fit.to_frame(inside)

    assert fit.top + tall <= rows * 32
    assert fit.left + wide <= columns * 32
    assert found[0] == pytest.approx([0, 0, width, height], rel=1e-4)
