"""Random views of labelled pictures."""

from pathlib import Path

import numpy as np
import pytest

from models.corpus.augment import joined, still_views, view_of
from models.dataset.labelled_pictures import Picture

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


@pytest.mark.parametrize("level", [True, False])
@pytest.mark.parametrize("seed", range(12))
def test_a_box_stays_on_its_bin_whatever_the_view(seed: int, level: bool) -> None:
    picture, image = red_bin((0.4, 0.4, 0.6, 0.7))
    rng = np.random.default_rng(seed)

    view = view_of(picture, image, height=256, width=384, zoom=1.0, level=level, rng=rng)

    assert view.image.shape == (256, 384, 3)
    if len(view.boxes):
        x1, y1, x2, y2 = view.boxes[0]
        middle = view.image[int(y1 + y2) // 2, int(x1 + x2) // 2].astype(int)
        # Light and channels may be disturbed, the paint still differs from black and grey.
        assert np.ptp(middle) > 40


def test_a_bin_mostly_cut_off_is_neither_there_nor_absent() -> None:
    picture, image = red_bin((0.0, 0.0, 0.2, 0.3))
    views = [
        view_of(
            picture,
            image,
            height=96,
            width=96,
            zoom=2.5,
            level=True,
            rng=np.random.default_rng(seed),
        )
        for seed in range(40)
    ]

    cut = [v for v in views if not len(v.boxes)]

    assert cut
    assert all(len(v.boxes) + len(v.ignored_boxes) == 1 for v in views)


def test_a_small_thing_is_measured_in_tiles_that_show_it_whole_somewhere() -> None:
    picture, image = red_bin((0.45, 0.45, 0.55, 0.55))

    whole = still_views(picture, image, height=96, width=96, zoom=1.0)
    tiles = still_views(picture, image, height=96, width=96, zoom=3.0)

    assert [len(v.boxes) for v in whole] == [1]
    assert len(tiles) == 3 * 2
    assert sum(len(v.boxes) for v in tiles) >= 1
    for view in (v for v in tiles if len(v.boxes)):
        x1, y1, x2, y2 = view.boxes[0].round().astype(int)
        assert (view.image[y1 + 2 : y2 - 2, x1 + 2 : x2 - 2] == (0, 0, 255)).all()


def test_four_views_put_together_keep_every_box_on_its_bin() -> None:
    picture, image = red_bin((0.4, 0.4, 0.6, 0.7))
    view = still_views(picture, image, height=96, width=96, zoom=1.0)[0]

    mosaic = joined([view] * 4)

    assert mosaic.image.shape == (192, 192, 3)
    assert len(mosaic.boxes) == 4
    for x1, y1, x2, y2 in mosaic.boxes.round().astype(int):
        assert (mosaic.image[y1 + 2 : y2 - 2, x1 + 2 : x2 - 2] == (0, 0, 255)).all()
