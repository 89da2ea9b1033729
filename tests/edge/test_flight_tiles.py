"""A flight's photos are cut by how fine they show the ground and how large things must be shown."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detect.manifest import Calibration, ClassEntry, Input, Manifest, OutputLayout, Recall
from edge.findings.tiling import LEAST_OVERLAP, tiling_of
from edge.needs import comfortable_scale
from edge.opening import open_footage
from edge.placing.camera import Camera
from edge.placing.pose import Pose
from tests.edge.geotag_trials import pose, pose_error

DRONE = Camera(width=4000, height=3000, fx=2400.0, fy=2400.0, cx=2000.0, cy=1500.0)
INPUT = (640, 640)


def model(*bands: tuple[float, float], label: str = "sanitation.garbage_pile") -> Manifest:
    """A model of one class of 1 m that has that recall from these sizes on."""
    ends = [low for low, _ in bands[1:]] + [1000.0]
    recall = tuple(
        Recall(
            min_px=low,
            max_px=end,
            mean=share,
            lower=share,
            concentration=4.0,
            objects=50,
            measured_on="real",
        )
        for (low, share), end in zip(bands, ends, strict=True)
    )
    return Manifest(
        name="test",
        version="1.0.0",
        licence="AGPL-3.0-or-later",
        file="model.onnx",
        sha256="0" * 64,
        input=Input(name="images", shapes=(INPUT,)),
        output=OutputLayout.YOLO,
        classes=(
            ClassEntry(
                label=label,
                threshold=0.3,
                calibration=Calibration(measured_on="nothing"),
                recall=recall,
            ),
        ),
    )


PILES = model((8.0, 0.1), (16.0, 0.4), (32.0, 0.7), (64.0, 0.72))
"""Sees a pile of 1 m as well as it ever does from 32 px on."""


def above(height_m: float, *, pitch_deg: float = -90.0) -> Pose:
    at = pose(np.zeros(2), error=pose_error(vertical_m=0.5), pitch=math.radians(pitch_deg))
    return replace(at, height_above_ground_m=height_m)


def test_the_size_that_counts_is_where_seeing_larger_gains_little() -> None:
    assert comfortable_scale(PILES, rendered=False) == pytest.approx(32.0)
    assert comfortable_scale(PILES, rendered=True) is None


def test_the_lower_the_flight_the_larger_the_tiles() -> None:
    tiles = [
        tiling_of(PILES, shape=INPUT, pose=above(h), camera=DRONE).tile[0]
        for h in (10.0, 20.0, 40.0, 60.0, 120.0)
    ]

    assert tiles == sorted(tiles, reverse=True)
    assert tiles[0] > 3 * INPUT[0]
    assert tiles[-1] == INPUT[0]


@pytest.mark.parametrize("height_m", [10.0, 25.0, 50.0])
def test_the_farthest_corner_still_shows_things_large_enough(height_m: float) -> None:
    tiling = tiling_of(PILES, shape=INPUT, pose=above(height_m), camera=DRONE)

    corner_m = height_m * math.hypot(1.0, 2500.0 / 2400.0)
    shown = 2400.0 / corner_m * tiling.input_scale
    assert shown == pytest.approx(32.0, rel=0.02)


def test_a_thing_to_be_filed_fits_into_what_neighbours_share() -> None:
    tiling = tiling_of(PILES, shape=INPUT, pose=above(20.0), camera=DRONE)

    pixels_of_two_metres = 2.0 * 2400.0 / (20.0 * math.hypot(1.0, 2500.0 / 2400.0))
    assert tiling.overlap >= LEAST_OVERLAP
    assert tiling.overlap * tiling.tile[0] >= pixels_of_two_metres * 0.99


@pytest.mark.parametrize(
    ("at", "manifest"),
    [
        (None, PILES),
        (above(20.0, pitch_deg=-10.0), PILES),
        (above(20.0), model((16.0, 0.01))),
    ],
    ids=["no pose", "the horizon in view", "no stated recall"],
)
def test_a_photo_of_unknown_scale_is_looked_at_as_it_is(
    at: Pose | None, manifest: Manifest
) -> None:
    tiling = tiling_of(manifest, shape=INPUT, pose=at, camera=DRONE)

    assert (tiling.tile, tiling.input_scale) == (INPUT, 1.0)


@pytest.mark.samples
def test_a_real_flight_is_cut_by_its_height(samples: Path) -> None:
    flight = open_footage(
        samples / "flights/brighton",
        telemetry=None,
        camera=None,
        starts_at=None,
        explain=lambda zh, en: None,
    )
    frame = next(iter(flight.source.frames()))

    tiling = tiling_of(
        PILES, shape=INPUT, pose=flight.telemetry.pose_at(frame.at), camera=flight.camera
    )

    # 2286 px at 40 m are 57 px a metre below, some 41 in the corners: 32 are enough.
    assert 1.2 * INPUT[0] < tiling.tile[0] < 1.6 * INPUT[0]
