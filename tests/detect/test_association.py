"""Association: where a track is expected, and which detection continues it."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from detect.association import Boxed, affinity, first_of_each, pairs, warp
from tests.detect.road import FRAME, Camera, Thing, motion_between


def boxed(*rows: tuple[float, float, float, float], label: tuple[int, ...] = ()) -> Boxed:
    return Boxed(
        xyxy=np.array(rows, np.float32).reshape(-1, 4),
        label=np.array(label or [0] * len(rows), np.int64),
    )


def near(a: Boxed, b: Boxed, *, known: bool = True) -> np.ndarray:
    return affinity(a, b, height=FRAME[0], known=known)


def test_a_standing_camera_leaves_boxes_where_they_are() -> None:
    boxes = boxed((10, 20, 40, 60)).xyxy

    np.testing.assert_allclose(warp(boxes, np.eye(3)), boxes)


@pytest.mark.parametrize("thing", [Thing(0.5, 14), Thing(-1.5, 11), Thing(3, 18, high=1.1)])
def test_a_thing_on_the_road_is_expected_where_the_drive_takes_it(thing) -> None:
    before, now = Camera(), Camera(north=2.0)
    box = np.array([before.box(thing)], np.float32)

    expected = warp(box, motion_between(before, now).matrix)

    there = boxed(now.box(thing))
    followed = near(boxed(*expected.tolist()), there)[0, 0]
    assert followed > 1.4
    assert followed > near(boxed(*box.tolist()), there)[0, 0] + 0.3


def test_what_passes_below_the_camera_is_expected_nowhere() -> None:
    before, now = Camera(), Camera(north=8.0)
    box = np.array([before.box(Thing(0, 6))], np.float32)

    expected = warp(box, motion_between(before, now).matrix)

    assert (expected == -1).all()


def test_a_small_box_that_was_shaken_aside_is_still_the_same() -> None:
    assert near(boxed((600, 400, 620, 408)), boxed((600, 410, 620, 418)))[0, 0] > 0


def test_a_box_of_another_size_is_another_thing() -> None:
    assert near(boxed((600, 400, 620, 410)), boxed((560, 380, 680, 440)))[0, 0] == 0


def test_another_class_continues_a_track_only_where_the_boxes_overlap_well() -> None:
    track = boxed((100, 100, 200, 200), label=(1,))

    on_it = near(track, boxed((102, 100, 202, 200), label=(2,)))
    beside = near(track, boxed((160, 100, 260, 200), label=(2,)))

    assert 0 < on_it[0, 0] < near(track, boxed((102, 100, 202, 200), label=(1,)))[0, 0]
    assert beside[0, 0] == 0


def test_boxes_farther_apart_are_paired_when_the_motion_is_not_known() -> None:
    a, b = boxed((100, 400, 160, 440)), boxed((190, 400, 250, 440))

    assert near(a, b, known=True)[0, 0] == 0
    assert near(a, b, known=False)[0, 0] > 0


@given(
    arrays.arrays(
        np.float32,
        st.tuples(st.integers(0, 6), st.integers(0, 6)),
        elements=st.floats(0, 1, width=32),
    )
)
def test_every_pair_is_the_strongest_that_was_left(affinities) -> None:
    rows, columns = pairs(affinities)

    left = affinities.copy()
    expected = set()
    while left.size and left.max() > 0:
        row, column = np.unravel_index(left.argmax(), left.shape)
        expected.add((row, column))
        left[row], left[:, column] = 0, 0
    assert set(zip(rows.tolist(), columns.tolist(), strict=True)) == expected


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_pairs_do_not_depend_on_the_order_of_the_detections(order) -> None:
    affinities = np.array([[0.9, 0.8, 0.1], [0.85, 0.2, 0], [0, 0, 0.3]], np.float32)

    rows, columns = pairs(affinities[:, order])

    found = {(row, order[column]) for row, column in zip(rows, columns, strict=True)}
    assert found == {(0, 0), (1, 1), (2, 2)}


def test_a_bin_named_twice_is_one_bin() -> None:
    twice = boxed((10, 10, 60, 90), (11, 10, 60, 90), (200, 10, 250, 90), label=(2, 1, 1))

    assert first_of_each(twice).tolist() == [True, False, True]
