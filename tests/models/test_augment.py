"""Random views of labelled pictures."""

from pathlib import Path

import numpy as np
import pytest

from models.augment import view_of
from models.datasets import Picture

BIN = 3


def red_bin(box: tuple[float, float, float, float]) -> tuple[Picture, np.ndarray]:
    image = np.zeros((200, 320, 3), np.uint8)
    x1, y1, x2, y2 = (np.array(box) * (320, 200, 320, 200)).astype(int)
    image[y1:y2, x1:x2] = (0, 0, 255)
    picture = Picture(
        path=Path("bin.png"),
        source="bins",
        group="",
        known=frozenset({"asset.bin"}),
        boxes=np.array([box], np.float32),
        labels=np.array([BIN]),
        ignored_boxes=np.zeros((0, 4), np.float32),
        ignored_labels=np.zeros(0, np.int64),
    )
    return picture, image


@pytest.mark.parametrize("seed", range(12))
def test_a_box_stays_on_its_bin_whatever_the_view(seed: int) -> None:
    picture, image = red_bin((0.4, 0.4, 0.6, 0.7))

    view = view_of(picture, image, height=256, width=384, zoom=1.0, rng=np.random.default_rng(seed))

    assert view.image.shape == (256, 384, 3)
    if len(view.boxes):
        x1, y1, x2, y2 = view.boxes[0]
        middle = view.image[int(y1 + y2) // 2, int(x1 + x2) // 2].astype(int)
        # Light and channels may be disturbed, the paint still differs from black and grey.
        assert np.ptp(middle) > 40


def test_a_bin_mostly_cut_off_is_neither_there_nor_absent() -> None:
    picture, image = red_bin((0.0, 0.0, 0.2, 0.3))
    views = [
        view_of(picture, image, height=96, width=96, zoom=2.5, rng=np.random.default_rng(seed))
        for seed in range(40)
    ]

    cut = [v for v in views if not len(v.boxes)]

    assert cut
    assert all(len(v.boxes) + len(v.ignored_boxes) == 1 for v in views)
