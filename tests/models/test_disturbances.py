"""What light, weather and movement do to training pictures."""

from collections.abc import Callable

import numpy as np
import pytest

from models.corpus.disturbances import (
    DISTURBANCES,
    disturbed,
    glare,
    motion_blur,
    night,
    rain,
)
from models.pictures.image import Image


def street() -> Image:
    """A grey road with a bright stripe down its middle, as (120, 160, 3) BGR."""
    image = np.full((120, 160, 3), 120, np.uint8)
    image[:, 70:90] = 230
    return image


def contrast(image: Image) -> float:
    grey = image.mean(2)
    return float(grey[:, 75:85].mean() - grey[:, 20:40].mean())


@pytest.mark.parametrize("disturbance", [d for _, d in DISTURBANCES])
def test_every_disturbance_leaves_a_picture_of_the_same_kind_and_the_original_alone(
    disturbance: Callable[[Image, np.random.Generator], Image],
) -> None:
    image = street()

    changed = disturbance(image, np.random.default_rng(4))

    assert (changed.shape, changed.dtype) == (image.shape, np.uint8)
    assert (image == street()).all()
    assert (changed != image).any()


@pytest.mark.parametrize("seed", range(8))
def test_a_night_is_dark_and_the_road_marking_can_still_be_made_out(seed: int) -> None:
    dark = night(street(), np.random.default_rng(seed))

    assert dark.mean() < 0.75 * street().mean()
    assert contrast(dark) > 5


@pytest.mark.parametrize("seed", range(8))
def test_rain_takes_contrast_away(seed: int) -> None:
    assert contrast(rain(street(), np.random.default_rng(seed))) < contrast(street())


@pytest.mark.parametrize("seed", range(8))
def test_a_low_sun_burns_a_spot_and_veils_the_rest(seed: int) -> None:
    dazzled = glare(street(), np.random.default_rng(seed)).astype(int)

    assert (dazzled >= street()).all()
    assert dazzled.mean() > street().mean() + 2


def test_movement_smears_an_edge_without_changing_the_light() -> None:
    smeared = motion_blur(street(), np.random.default_rng(1))

    step = np.abs(np.diff(smeared[60, :, 0].astype(int))).max()
    assert step < 110
    assert smeared.mean() == pytest.approx(street().mean(), rel=0.05)


def test_one_seed_gives_one_picture() -> None:
    first, second = (disturbed(street(), np.random.default_rng(9)) for _ in range(2))

    assert (first == second).all()
