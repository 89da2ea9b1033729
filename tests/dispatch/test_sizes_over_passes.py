"""What several looks at one thing say of its size together."""

import math
from collections.abc import Sequence

import pytest

from dispatch.identity.fusion import sizes_over, unseen_by_all
from dispatch.wire import Finding, Measure, NotObservable, Quantity, Unseen
from tests.edge.messages import finding_of

NO_WIDTH = NotObservable(quantity=Quantity.WIDTH_M, reason=Unseen.FINER_THAN_PIXELS)


def area(value: float, *, sigma: float = 0.2, of_shape: float | None = 0.16) -> Measure:
    return Measure(quantity=Quantity.AREA_M2, value=value, sigma=sigma, of_shape=of_shape)


def length(value: float) -> Measure:
    return Measure(quantity=Quantity.LENGTH_M, value=value, sigma=0.1)


def look(
    number: int,
    measure: Measure | None,
    *also: Measure,
    not_observable: Sequence[NotObservable] = (),
) -> Finding:
    return finding_of(number).model_copy(
        update={
            "measure": measure,
            "also_measured": also,
            "not_observable": tuple(not_observable),
        }
    )


def test_without_a_measure_nothing_is_known() -> None:
    assert sizes_over([]) == ()
    assert sizes_over([look(1, None)]) == ()


def test_many_looks_do_not_wear_off_what_the_shape_leaves_open() -> None:
    (size,) = sizes_over([look(number, area(0.8)) for number in range(1, 101)])

    assert size.value == pytest.approx(0.8)
    assert size.sigma == pytest.approx(math.hypot(0.16, 0.012), rel=0.01)


def test_looks_whose_error_is_all_their_own_average_out() -> None:
    (size,) = sizes_over([look(n, area(0.8, of_shape=None)) for n in range(1, 5)])

    assert size.sigma == pytest.approx(0.1)


def test_sizes_that_scatter_more_than_they_state_are_not_believed_more() -> None:
    (size,) = sizes_over(
        [
            look(1, area(0.4, sigma=0.01, of_shape=None)),
            look(2, area(0.8, sigma=0.01, of_shape=None)),
        ]
    )

    assert size.sigma > 0.1


def test_each_size_is_told_apart_and_that_by_which_most_know_it_comes_first() -> None:
    sizes = sizes_over([look(1, length(1.2), area(0.5)), look(2, length(1.4)), look(3, area(0.7))])

    assert [each.quantity for each in sizes] == [Quantity.LENGTH_M, Quantity.AREA_M2]
    assert sizes[0].value == pytest.approx(1.3)
    assert sizes[1].value == pytest.approx(0.6)


def test_what_one_look_measured_is_not_said_to_be_unobservable() -> None:
    cut = NotObservable(quantity=Quantity.AREA_M2, reason=Unseen.CUT_OFF)
    looks = [look(1, area(0.8)), look(2, None, not_observable=[cut, NO_WIDTH])]

    assert unseen_by_all(looks) == (NO_WIDTH,)


def test_the_error_of_shape_cannot_exceed_the_whole_error() -> None:
    with pytest.raises(ValueError, match="a part of sigma"):
        Measure(quantity=Quantity.AREA_M2, value=0.8, sigma=0.1, of_shape=0.2)
