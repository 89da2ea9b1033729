"""What hides the street from the camera: told from the street by what goes by, and from nothing."""

import math
from collections.abc import Callable

import cv2
import numpy as np
import pytest

from detect.veil import LEAST_VIEWS, Veil, VeilSearch

HEIGHT, WIDTH, FOCAL = 180, 320, 225.0
HORIZON = 0.37
NOBODY = np.zeros((0, 4), np.float32)
Change = Callable[[np.ndarray], np.ndarray]


def street(*, rough: float = 20.0) -> np.ndarray:
    """Draw 20 m by 200 m of asphalt from above, 20 pixels a metre, with a solid line and a kerb."""
    rng = np.random.default_rng(4)
    ground = np.full((4000, 400), 105.0, np.float32)
    for size in (4, 16, 64):
        noise = rng.normal(0.0, rough / 2, (4000 // size + 1, 400 // size + 1)).astype(np.float32)
        large = cv2.resize(noise, None, fx=size, fy=size, interpolation=cv2.INTER_CUBIC)
        ground += large[:4000, :400]
    ground[:, 255:259] = 220.0
    ground[:, 110:118] *= 0.6
    for at in range(0, 4000, 120):
        ground[at : at + 50, 180:184] = 210.0
    return ground


def view(ground: np.ndarray, north: float, rng: np.random.Generator) -> np.ndarray:
    """Show the ground from 1.6 m above, that far along, under a bright sky, with grain."""
    lens = np.array([[FOCAL, 0, WIDTH / 2], [0, FOCAL, HEIGHT * HORIZON], [0, 0, 1.0]])
    # East, north ahead and 1 to camera coordinates; the ground's columns and rows to east, north.
    onto = lens @ np.array([[1.0, 0, 0], [0, 0, 1.6], [0, 1.0, 0]])
    metres = np.array([[0.05, 0, -10.0], [0, -0.05, 200.0 - north], [0, 0, 1.0]])
    near = ground[: 4000 - round((north + 1.5) * 20)]
    seen = cv2.warpPerspective(near, onto @ metres, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
    seen[: round(HEIGHT * HORIZON) + 1] = 200.0
    grainy = seen + rng.normal(0.0, 2.0, seen.shape)
    return np.clip(grainy, 0, 255).astype(np.uint8)


def look_through(
    change: Change = lambda image: image,
    *,
    views: int = 60,
    rough: float = 20.0,
    before: np.ndarray = NOBODY,
    step_m: float = 1.5,
) -> Veil | None:
    search, ground = VeilSearch((0.5, HORIZON)), street(rough=rough)
    rng = np.random.default_rng(9)
    for number in range(views):
        image = change(view(ground, step_m * number, rng))
        search.take(image, before=before)
    return search.veil


def shape(*, centre: tuple[int, int], axes: tuple[int, int], soft: float = 2.5) -> np.ndarray:
    drawn = np.zeros((HEIGHT, WIDTH), np.float32)
    cv2.ellipse(drawn, centre, axes, 0, 0, 360, 1.0, -1)
    return cv2.GaussianBlur(drawn, (0, 0), soft)


def laid_over(image: np.ndarray, part: np.ndarray, level: float, *, dense: float) -> np.ndarray:
    mixed = image * (1 - dense * part) + level * dense * part
    return np.clip(mixed, 0, 255).astype(np.uint8)


BLOB = shape(centre=(120, 130), axes=(22, 14))
BONNET = shape(centre=(160, 200), axes=(220, 48))
LOW = np.array([[0, HEIGHT * HORIZON + 20, WIDTH, HEIGHT]], np.float32)


def box_of(part: np.ndarray) -> np.ndarray:
    rows, columns = np.nonzero(part > 0.9)
    return np.array([[columns.min(), rows.min(), columns.max(), rows.max()]], np.float32)


def hidden(veil: Veil | None, box: np.ndarray) -> float:
    assert veil is not None
    return float(veil.over(box, (HEIGHT, WIDTH))[0])


def test_before_the_street_has_gone_by_nothing_is_said() -> None:
    soon = look_through(views=LEAST_VIEWS - 1)
    then = look_through(views=LEAST_VIEWS)

    assert soon is None
    assert then is not None


@pytest.mark.parametrize("rough", [20.0, 5.0, 0.5])
def test_a_clean_lens_hides_next_to_nothing(rough: float) -> None:
    veil = look_through(rough=rough)

    assert veil is not None
    assert veil.share < 0.03


@pytest.mark.parametrize("level", [30.0, 60.0, 105.0, 180.0])
def test_dirt_hides_the_ground_behind_it_whatever_its_shade(level: float) -> None:
    veil = look_through(lambda image: laid_over(image, BLOB, level, dense=0.95))

    assert hidden(veil, box_of(BLOB)) > 0.6
    assert veil is not None
    assert veil.share < 0.15


def test_a_bonnet_hides_the_ground_before_the_wheels_and_no_more() -> None:
    veil = look_through(lambda image: laid_over(image, BONNET, 45.0, dense=1.0))

    assert hidden(veil, np.array([[60, 168, 260, 178]], np.float32)) > 0.95
    assert hidden(veil, np.array([[60, 100, 260, 140]], np.float32)) < 0.05


def test_a_drop_that_only_bends_the_light_is_found_by_its_brightness() -> None:
    drop = shape(centre=(200, 120), axes=(8, 8), soft=1.5)

    veil = look_through(
        lambda image: laid_over(image, drop, 0.5 * float(image[:60].mean()) + 60, dense=0.6)
    )

    assert hidden(veil, box_of(drop)) > 0.5


def test_the_carriers_own_shadow_hides_nothing() -> None:
    shade = shape(centre=(160, 190), axes=(90, 60), soft=1.0)

    def shaded(image: np.ndarray) -> np.ndarray:
        return np.clip(image * (1 - 0.55 * shade), 0, 255).astype(np.uint8)

    veil = look_through(shaded)

    assert hidden(veil, np.array([[100, 150, 220, 178]], np.float32)) < 0.2


def test_changing_exposure_is_no_dirt() -> None:
    gains = iter(np.tile(np.linspace(0.6, 1.2, 20), 9))

    veil = look_through(lambda image: np.clip(image * next(gains), 0, 255).astype(np.uint8))

    assert veil is not None
    assert veil.share < 0.03


def test_a_picture_that_does_not_change_on_the_way_hides_everything() -> None:
    frozen = view(street(), 0.0, np.random.default_rng(1))

    veil = look_through(lambda image: frozen)

    assert hidden(veil, LOW) > 0.95


def test_the_car_ahead_is_no_dirt_on_the_lens() -> None:
    car = np.array([[130, 75, 190, 125]], np.float32)

    def followed(image: np.ndarray) -> np.ndarray:
        image = image.copy()
        image[75:126, 130:191] = 40
        return image

    veil = look_through(followed, before=car)

    assert hidden(veil, car) < 0.1


def test_a_wiped_lens_is_believed_again() -> None:
    search, ground = VeilSearch((0.5, HORIZON)), street()
    rng = np.random.default_rng(9)
    told = []
    for number in range(130):
        image = view(ground, 1.5 * (number % 60), rng)
        if number < 40:
            image = laid_over(image, BLOB, 50.0, dense=0.95)
        search.take(image, before=NOBODY)
        told.append(search.veil)

    assert hidden(told[39], box_of(BLOB)) > 0.6
    assert hidden(told[-1], box_of(BLOB)) < 0.1


def test_the_frames_size_does_not_matter() -> None:
    veil = look_through(
        lambda image: cv2.resize(
            laid_over(image, BLOB, 60.0, dense=0.95), (1280, 720), interpolation=cv2.INTER_CUBIC
        )
    )

    assert veil is not None
    assert float(veil.over(4 * box_of(BLOB), (720, 1280))[0]) > 0.6


def test_a_point_outside_the_picture_is_refused() -> None:
    for towards in ((1.2, 0.5), (0.5, -0.1), (math.nan, 0.5)):
        with pytest.raises(ValueError, match="not in the picture"):
            VeilSearch(towards)
