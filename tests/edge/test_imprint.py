"""What a picture looks like: a copy is known for one however it was handled, nothing else is."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from dispatch.case.imprint import COPY_BITS, bits_apart, keys_of, keys_to_ask
from edge.evidence.imprint import imprint_of
from tests.edge import toy


@pytest.mark.parametrize(
    ("handle", "close"),
    [
        (lambda image: cv2.resize(image, None, fx=0.5, fy=0.5), True),
        (lambda image: image[9:-9, 12:-12], True),
        (lambda image: image[:, :-15], True),
        (lambda image: image[:, ::-1], True),
        (lambda image: image[9:-9, -12:12:-1], True),
        (lambda image: image[::-1], False),
        (lambda image: toy.road(40.0), False),
    ],
)
def test_a_picture_handled_a_little_keeps_its_imprint_and_another_has_its_own(
    handle: Callable[[np.ndarray], np.ndarray], close: bool
) -> None:
    image = toy.road(8.0)

    original, copy = imprint_of(image), imprint_of(handle(image))

    assert original is not None
    assert copy is not None
    apart = bits_apart(original, copy)
    assert apart <= COPY_BITS if close else apart > 2 * COPY_BITS
    assert keys_of(original).isdisjoint(keys_to_ask(copy)) is not close


def test_a_picture_that_shows_nothing_has_no_imprint() -> None:
    assert imprint_of(np.full((480, 640, 3), 90, np.uint8)) is None
