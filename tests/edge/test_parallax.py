"""Many sights of a thing never place it worse than the best of them, or than their crossing."""

import numpy as np
import pytest

from tests.edge.parallax_trials import ENOUGH_DEG, RTK, USUAL, drone, vehicle
from tests.edge.vehicle_trials import VehicleCell

TRIALS = 150
"""With strata a few per cent of CE90, and all three ways see the same errors."""


@pytest.mark.parametrize("cell", [RTK, USUAL])
def test_a_drive_that_hardly_turns_round_a_thing_is_no_worse_than_its_closest_sight(
    cell: VehicleCell,
) -> None:
    told = vehicle(cell, np.array([15.0, 13.0, 11.0]), TRIALS)

    assert told.parallax_deg < ENOUGH_DEG
    assert told.ours_m <= 1.01 * told.closest_m
    assert told.ours_m < 0.9 * told.triangulated_m


@pytest.mark.parametrize("cell", [RTK, USUAL])
def test_a_drive_past_a_thing_is_no_worse_than_the_crossing_of_its_sights(
    cell: VehicleCell,
) -> None:
    told = vehicle(cell, np.arange(20.0, 9.9, -2.0), TRIALS)

    assert told.parallax_deg >= ENOUGH_DEG
    assert told.ours_m <= 1.01 * told.triangulated_m
    assert told.ours_m <= 1.01 * told.closest_m


@pytest.mark.parametrize("baseline_m", [1.4, 5.4, 28.0])
def test_two_photos_of_a_flight_over_unsure_ground_are_no_worse_than_by_the_rule(
    baseline_m: float,
) -> None:
    told = drone(baseline_m=baseline_m, ground_m=3.0, gnss_m=0.03, n=TRIALS)

    assert told.ours_m <= 1.03 * told.rule_m
    assert told.ours_m < told.closest_m
