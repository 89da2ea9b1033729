"""Which component of the registry a find is of: the one that fits, none, or a person says."""

import math
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.catalogue.component import (
    CHI2_99,
    AccuracyClass,
    Component,
    Condition,
    Standing,
    match_component,
    reach_m,
    squared_distance,
)
from dispatch.ground.place import EARTH_RADIUS_M, Place, cells_near

DAY = date(2026, 11, 20)
SEWER, GRATE = ("GB/T 47678.5-2026", "01002"), ("GB/T 47678.5-2026", "01004")
HERE = Place(latitude=30.0, longitude=110.0, ee=1.0, en=0.0, nn=1.0)
NORTH_DEG = 1.0 / math.radians(EARTH_RADIUS_M)


def cover(number: int, north_m: float, *, owner: str = "water", of: AccuracyClass) -> Component:
    return Component(
        id=f"99990101002{number:06d}",
        type=SEWER,
        latitude=30.0 + north_m * NORTH_DEG,
        longitude=110.0,
        accuracy=of,
        owner=owner,
        condition=Condition.INTACT,
        name="",
        valid_from=date(2026, 1, 1),
    )


def matched(*components: Component, place: Place = HERE, day: date = DAY) -> Standing:
    return match_component(place, components, types={SEWER}, day=day).standing


def test_without_any_component_the_find_is_of_an_unknown_one() -> None:
    assert matched() is Standing.UNKNOWN


@pytest.mark.parametrize("of", AccuracyClass)
def test_a_component_fits_as_far_as_both_errors_together_reach(of: AccuracyClass) -> None:
    # A disc of radius r spreads by r / 2 along each axis; the find itself by 1 m.
    reach = math.sqrt(CHI2_99 * (1.0 + of.bound_m**2 / 4.0))

    assert matched(cover(1, 0.99 * reach, of=of)) is Standing.KNOWN
    assert matched(cover(1, 1.01 * reach, of=of)) is Standing.UNKNOWN


def test_if_two_fit_none_is_taken_and_the_nearest_is_named_first() -> None:
    near, far = cover(2, 1.0, of=AccuracyClass.A), cover(1, -2.0, of=AccuracyClass.A)

    match = match_component(HERE, [far, near], types={SEWER}, day=DAY)

    assert match.standing is Standing.SEVERAL
    assert match.id is None
    assert match.fitting == (near.id, far.id)
    assert match.owner == "water"
    assert (
        match_component(HERE, [far, replace(near, owner="telecom")], types={SEWER}, day=DAY).owner
        is None
    )


def test_another_type_or_one_that_is_gone_does_not_stand_in_the_way() -> None:
    here = cover(1, 1.0, of=AccuracyClass.A)
    other, gone = replace(here, type=GRATE), replace(here, valid_until=date(2026, 6, 30))

    assert matched(here, other) is Standing.KNOWN
    assert matched(gone) is Standing.UNKNOWN
    assert matched(gone, day=date(2026, 6, 30)) is Standing.KNOWN


def test_the_shape_of_the_error_counts_and_not_only_its_size() -> None:
    along = Place(latitude=30.0, longitude=110.0, ee=0.04, en=0.0, nn=25.0)
    across = Place(latitude=30.0, longitude=110.0, ee=25.0, en=0.0, nn=0.04)
    north = cover(1, 8.0, of=AccuracyClass.A)

    assert matched(north, place=along) is Standing.KNOWN
    assert matched(north, place=across) is Standing.UNKNOWN


def test_a_vague_find_does_not_reach_over_the_whole_street() -> None:
    vague = replace(HERE, ee=2500.0, nn=2500.0)

    assert matched(cover(1, 59.0, of=AccuracyClass.C), place=vague) is Standing.KNOWN
    assert matched(cover(1, 61.0, of=AccuracyClass.C), place=vague) is Standing.UNKNOWN


@given(
    north_m=st.floats(-70.0, 70.0),
    sigma_m=st.floats(0.1, 40.0),
    of=st.sampled_from(AccuracyClass),
)
def test_whatever_fits_lies_in_the_cells_that_are_looked_up(
    north_m: float, sigma_m: float, of: AccuracyClass
) -> None:
    place = replace(HERE, ee=sigma_m**2, nn=sigma_m**2)
    component = cover(1, north_m, of=of)
    looked_up = cells_near(place.cell, radius_m=reach_m(place))

    if matched(component, place=place) is Standing.KNOWN:
        assert component.cell in looked_up
        assert squared_distance(place, component.place) < CHI2_99


def test_what_is_kept_with_the_case_reads_back_the_same() -> None:
    match = match_component(HERE, [cover(1, 1.0, of=AccuracyClass.B)], types={SEWER}, day=DAY)

    again = type(match).model_validate(match.written())

    assert again == match
    assert again.place is not None
    assert again.place.ee == 0.25
