"""What cannot be true is told from what is merely odd."""

from datetime import timedelta

import h3.api.basic_int as h3
import pytest

from dispatch import wire
from dispatch.city.profile import Profile
from dispatch.sights.plausibility import Fault, fault_of_finding, fault_of_sweep, grid_of, place_of
from tests.dispatch import making
from tests.dispatch.making import NOON, minutes

LATER = NOON + minutes(5)


def fault(
    found: wire.Finding, profile: Profile, *, mates: tuple[wire.Finding, ...] = ()
) -> Fault | None:
    where = found.position
    grid = None if where is None else grid_of(place_of(where), at=NOON, profile=profile)
    return fault_of_finding(found, grid=grid, at=LATER, mates=mates)


def test_an_ordinary_finding_is_not_doubted(profile: Profile) -> None:
    assert fault(making.finding(), profile) is None


def test_a_finding_without_a_position_is_not_doubted_for_it(profile: Profile) -> None:
    assert fault(making.without_position(making.finding()), profile) is None


def test_a_position_outside_every_grid_is_impossible(profile: Profile) -> None:
    far = making.finding(where=making.position(north_m=900_000.0))

    found = fault(far, profile)

    assert found is not None
    assert "网格" in found.zh
    assert "no grid" in found.en


def test_a_position_just_outside_whose_error_reaches_in_is_of_the_grid_next_to_it(
    profile: Profile,
) -> None:
    edge = min(grid.polygon.bounds[1] for grid in profile.grids.grids)
    lowest = next(g for g in profile.grids.grids if g.polygon.bounds[1] == edge)
    west, south, east, _ = lowest.polygon.bounds
    beyond = making.position(shared_m2=25.0).model_copy(
        update={"latitude": south - 2.0 / making.M_PER_DEGREE, "longitude": (west + east) / 2.0}
    )

    grid = grid_of(place_of(beyond), at=NOON, profile=profile)

    assert grid is not None


def test_a_time_ahead_of_the_centres_clock_is_impossible(profile: Profile) -> None:
    ahead = making.finding(at=LATER + timedelta(hours=1))

    found = fault(ahead, profile)

    assert found is not None
    assert "校准" in found.zh


def elsewhere(count: int, *, apart: timedelta = timedelta(seconds=1)) -> tuple[wire.Finding, ...]:
    return tuple(
        making.finding(
            f"mate{n}", at=NOON - (n + 1) * apart, where=making.position(north_m=6_000.0 + n)
        )
        for n in range(count)
    )


@pytest.mark.parametrize(("witnesses", "impossible"), [(0, False), (1, False), (2, True)])
def test_a_finding_far_from_its_pass_needs_two_witnesses_against_it(
    profile: Profile, witnesses: int, *, impossible: bool
) -> None:
    found = fault(making.finding(), profile, mates=elsewhere(witnesses))

    assert (found is not None) is impossible


def test_a_long_drive_is_no_jump(profile: Profile) -> None:
    mates = elsewhere(4, apart=minutes(10))

    assert fault(making.finding(), profile, mates=mates) is None


def test_a_single_wrong_fix_does_not_discredit_the_others(profile: Profile) -> None:
    wrong = elsewhere(1)
    right = tuple(making.finding(f"ok{n}", at=NOON - n * minutes(0.1)) for n in range(1, 4))

    assert fault(making.finding(), profile, mates=(*wrong, *right)) is None


def test_an_ordinary_sweep_is_not_doubted() -> None:
    assert fault_of_sweep(making.sweep(), at=LATER) is None


@pytest.mark.parametrize("cell", [17, h3.latlng_to_cell(30.0, 110.0, 12)])
def test_swept_ground_that_is_no_cell_of_its_resolution_is_impossible(cell: int) -> None:
    ground = making.sweep().hidden[0]
    hidden = ground.model_copy(update={"cells": wire.pack_cells([cell])})

    found = fault_of_sweep(making.sweep().model_copy(update={"hidden": (hidden,)}), at=LATER)

    assert found is not None
    assert "H3" in found.en


def test_a_sweep_ahead_of_the_centres_clock_is_impossible() -> None:
    assert fault_of_sweep(making.sweep(at=LATER + minutes(30)), at=LATER) is not None
