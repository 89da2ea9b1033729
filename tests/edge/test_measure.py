"""Sizes on the ground, with errors, or none at all."""

import math
from dataclasses import replace

import numpy as np
import pytest

from dispatch.wire import Quantity
from edge.findings.measure import measure_box
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


@pytest.mark.parametrize("ahead_m", [6.0, 9.0, 12.0])
@pytest.mark.parametrize("right_m", [-1.0, 0.0, 1.5])
def test_a_round_pothole_has_the_area_of_its_circle(ahead_m: float, right_m: float) -> None:
    box = _disc_box(ahead_m=ahead_m, right_m=right_m, radius_m=0.5)

    measure = measure_box(box, label="road.pothole", pose=POSE, camera=DASH)

    assert measure is not None
    assert measure.quantity is Quantity.AREA_M2
    assert measure.value == pytest.approx(math.pi / 4.0, rel=0.06)
    assert 0.1 * measure.value < measure.sigma < measure.value


def test_a_farther_pothole_is_measured_less_surely() -> None:
    near, far = (
        measure_box(
            _disc_box(ahead_m=ahead, right_m=0.0, radius_m=0.5),
            label="road.pothole",
            pose=POSE,
            camera=DASH,
        )
        for ahead in (5.0, 13.0)
    )

    assert near is not None
    assert far is not None
    assert near.sigma < far.sigma


def test_a_crack_has_a_length() -> None:
    measure = measure_box((600.0, 500.0, 680.0, 530.0), label="road.crack", pose=POSE, camera=DASH)

    assert measure is not None
    assert measure.quantity is Quantity.LENGTH_M
    assert 1.5 < measure.value < 3.0


@pytest.mark.parametrize(
    ("box", "label"),
    [
        ((600.0, 500.0, 680.0, 560.0), "sanitation.bin_overflow"),
        ((600.0, 640.0, 680.0, 720.0), "road.pothole"),
        ((0.0, 500.0, 80.0, 560.0), "road.pothole"),
        ((600.0, 300.0, 680.0, 560.0), "road.pothole"),
        ((600.0, 500.0, 601.0, 560.0), "road.pothole"),
    ],
)
def test_what_has_no_measure_or_is_cut_off_or_reaches_the_horizon_has_no_size(
    box: tuple[float, float, float, float], label: str
) -> None:
    assert measure_box(box, label=label, pose=POSE, camera=DASH) is None


def test_a_drone_of_unknown_height_measures_nothing() -> None:
    gimbal = replace(DASH, mounting=Mounting())

    assert measure_box((600, 300, 680, 380), label="road.pothole", pose=POSE, camera=gimbal) is None
