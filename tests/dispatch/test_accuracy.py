"""The class of positional accuracy that a place reaches, told alike by devices and the centre."""

import pytest

from dispatch.ground.place import Place
from dispatch.wire import Covariance, Position, accuracy_class, ce90


def position(variance_m2: float) -> Position:
    half = Covariance(ee=variance_m2 / 2.0, en=0.0, nn=variance_m2 / 2.0)
    return Position(latitude=30.0, longitude=110.0, shared=half, own=half)


@pytest.mark.parametrize(
    ("ce90_m", "name"),
    [(0.1, "A"), (0.5, "A"), (0.51, "B"), (1.0, "B"), (1.01, "C"), (10.0, "C"), (10.01, None)],
)
def test_a_place_has_the_best_class_that_its_error_keeps_within(
    ce90_m: float, name: str | None
) -> None:
    assert accuracy_class(ce90_m) == name


@pytest.mark.parametrize(("sigma_m", "name"), [(0.2, "A"), (0.4, "B"), (2.0, "C"), (5.0, None)])
def test_the_class_of_a_finding_and_of_its_case_is_the_same(
    sigma_m: float, name: str | None
) -> None:
    found = position(sigma_m**2)
    kept = Place(latitude=30.0, longitude=110.0, ee=sigma_m**2, en=0.0, nn=sigma_m**2)

    assert found.accuracy == kept.accuracy == name
    assert found.ce90_m == pytest.approx(2.146 * sigma_m)


@pytest.mark.parametrize(
    ("ee", "en", "nn", "radius"),
    [
        (0.0, 0.0, 0.0, 0.0),
        (1.0, 0.0, 0.0, 1.6449),
        (1.0, 1.0, 1.0, 1.6449 * 2.0**0.5),
        (1.0, 0.0, 1.0, 2.146),
        (1.0, 0.0, 0.64, 1.9472),
    ],
    ids=["a point", "a line", "a slanting line", "a circle", "an ellipse"],
)
def test_the_radius_of_ninety_per_cent_is_that_of_the_normal_distribution(
    ee: float, en: float, nn: float, radius: float
) -> None:
    assert ce90(ee, en, nn) == pytest.approx(radius, rel=1e-4)
