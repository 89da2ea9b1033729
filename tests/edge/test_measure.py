"""Sizes on the ground, with errors, or none at all."""

import math
from dataclasses import replace

import numpy as np
import pytest

from dispatch.wire import Method, NotObservable, Quantity, Unseen
from edge.findings.measure import Sizes, sizes_of
from edge.placing.camera import Camera, Mounting, enu_from_camera
from tests.edge.geotag_trials import pose, pose_error

DASH = Camera(
    width=1280,
    height=720,
    fx=1000.0,
    fy=1000.0,
    cx=640.0,
    cy=360.0,
    mounting=Mounting(height_above_ground_m=1.6),
)
POSE = pose(np.zeros(2), error=pose_error(pitch=math.radians(0.5)))


def _disc_box(
    *, ahead_m: float, right_m: float, radius_m: float
) -> tuple[float, float, float, float]:
    angle = np.linspace(0.0, 2.0 * math.pi, 200)
    rim = np.column_stack(
        [right_m + radius_m * np.cos(angle), ahead_m + radius_m * np.sin(angle), -1.6 + 0 * angle]
    )
    uv = DASH.project(rim @ enu_from_camera(POSE, DASH))
    return tuple(float(v) for v in (*uv.min(axis=0), *uv.max(axis=0)))  # type: ignore[return-value]


def _sizes(
    box: tuple[float, float, float, float], label: str = "road.pothole", camera: Camera = DASH
) -> Sizes:
    return sizes_of(box, label=label, pose=POSE, camera=camera, input_scale=0.5)


@pytest.mark.parametrize("ahead_m", [6.0, 9.0, 12.0])
@pytest.mark.parametrize("right_m", [-1.0, 0.0, 1.5])
def test_the_interval_of_a_pothole_s_sizes_holds_the_truth(ahead_m: float, right_m: float) -> None:
    left, top, right, bottom = _disc_box(ahead_m=ahead_m, right_m=right_m, radius_m=0.5)
    as_the_model_draws_it = (left - 2.0, top - 2.0, right + 2.0, bottom + 2.0)
    truth = {
        Quantity.AREA_M2: math.pi / 4.0,
        Quantity.LENGTH_M: 1.0,
        Quantity.WIDTH_M: 1.0,
    }

    measured = _sizes(as_the_model_draws_it).measured

    assert [each.quantity for each in measured] == list(truth)
    for each in measured:
        assert abs(each.value - truth[each.quantity]) < 2.0 * each.sigma
        assert each.sigma < 0.5 * each.value


def test_a_farther_pothole_is_measured_less_surely() -> None:
    near, far = (
        _sizes(_disc_box(ahead_m=ahead, right_m=0.0, radius_m=0.5)).measured[0]
        for ahead in (6.0, 13.0)
    )

    assert near.sigma / near.value < far.sigma / far.value


def test_the_error_of_shape_is_the_part_that_no_further_look_takes_away() -> None:
    area = _sizes(_disc_box(ahead_m=6.0, right_m=0.0, radius_m=0.5)).measured[0]

    assert area.of_shape is not None
    assert 0.0 < area.of_shape < area.sigma


def test_a_crack_has_a_length_and_the_ground_it_covers_but_no_width() -> None:
    told = _sizes((600.0, 500.0, 680.0, 530.0), "road.crack")

    length, area = told.measured
    assert (length.quantity, area.quantity) == (Quantity.LENGTH_M, Quantity.AREA_M2)
    assert 1.5 < length.value < 3.0
    assert NotObservable(quantity=Quantity.WIDTH_M, reason=Unseen.FINER_THAN_PIXELS) in (
        told.not_observable
    )


@pytest.mark.parametrize("quantity", [Quantity.DEPTH_M, Quantity.STEP_M])
def test_depth_and_steps_of_a_pothole_are_said_to_be_beyond_one_camera(quantity: Quantity) -> None:
    told = _sizes(_disc_box(ahead_m=6.0, right_m=0.0, radius_m=0.5))

    assert NotObservable(quantity=quantity, reason=Unseen.ONE_CAMERA) in told.not_observable


def test_a_heap_is_measured_by_its_footprint() -> None:
    told = _sizes((600.0, 400.0, 760.0, 500.0), "sanitation.garbage_pile")

    assert {each.method for each in told.measured} == {Method.FOOTPRINT}


@pytest.mark.parametrize(
    "box",
    [
        (600.0, 640.0, 680.0, 720.0),
        (600.0, 640.0, 680.0, 716.0),
        (0.0, 500.0, 80.0, 560.0),
        (600.0, 300.0, 680.0, 560.0),
        (600.0, 500.0, 601.0, 560.0),
    ],
    ids=["at the border", "nearly at the border", "at the side", "at the horizon", "a sliver"],
)
def test_what_is_cut_off_has_no_size_and_says_so(box: tuple[float, float, float, float]) -> None:
    told = _sizes(box)

    assert told.measured == ()
    assert NotObservable(quantity=Quantity.AREA_M2, reason=Unseen.CUT_OFF) in told.not_observable


def test_a_class_without_sizes_has_none_and_leaves_nothing_unsaid() -> None:
    told = _sizes((600.0, 500.0, 680.0, 560.0), "sanitation.bin_overflow")

    assert told == Sizes(measured=(), not_observable=())


def test_a_drone_of_unknown_height_measures_nothing() -> None:
    gimbal = replace(DASH, mounting=Mounting())

    assert _sizes((600.0, 300.0, 680.0, 380.0), camera=gimbal).measured == ()
