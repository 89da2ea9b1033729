"""Drone photos: tile by tile, nothing cut in two, nothing doubled."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detect.box import iou_matrix
from detect.detections import Detections
from detect.detector import Detector
from detect.tiling import detect_tiled, tiles

TILE = (100, 100)


class Blobs:
    """Finds every bright blob of its picture, as large as the picture shows it."""

    labels = ("sanitation.litter",)

    def __init__(self, *, coarsest: int = 10_000) -> None:
        self._coarsest = coarsest

    def detect(self, image: np.ndarray) -> Detections:
        grey = (image[..., 0] > 0).astype(np.uint8)
        count, _, stats, _ = cv2.connectedComponentsWithStats(grey)
        boxes = [(x, y, x + w, y + h) for x, y, w, h, _ in stats[1:].tolist()]
        if max(image.shape) > self._coarsest:
            count, boxes = 1, []
        # Larger pieces are surer.
        score = np.array([min(0.2 + 0.001 * (b[2] - b[0]), 0.9) for b in boxes], np.float32)
        order = np.argsort(-score, kind="stable")
        return Detections(
            xyxy=np.array(boxes, np.float32).reshape(-1, 4)[order],
            score=score[order],
            probability=score[order],
            label=np.zeros(count - 1, np.int64),
            labels=self.labels,
        )


def photo(*boxes: tuple[int, int, int, int], height: int = 300, width: int = 400) -> np.ndarray:
    image = np.zeros((height, width, 3), np.uint8)
    for left, top, right, bottom in boxes:
        image[top:bottom, left:right] = 255
    return image


@given(st.integers(1, 900), st.integers(1, 900), st.floats(0, 0.9))
def test_tiles_leave_no_ground_out(height, width, overlap) -> None:
    laid = tiles((height, width), TILE, overlap)

    seen = np.zeros((height, width), np.bool_)
    for left, top, right, bottom in laid.astype(int):
        assert right - left == min(100, width)
        assert bottom - top == min(100, height)
        seen[top:bottom, left:right] = True
    assert seen.all()


@given(st.integers(101, 900), st.floats(0, 0.8))
def test_neighbours_share_at_least_the_overlap(width, overlap) -> None:
    lefts = tiles((100, width), TILE, overlap)[:, 0]

    assert np.all(np.diff(lefts) <= 100 * (1 - overlap) + 1)


def test_a_photo_no_larger_than_a_tile_is_seen_once() -> None:
    found = detect_tiled(Blobs(), photo((5, 5, 20, 20)), tile=(300, 400), overlap=0.2)

    assert found.xyxy.tolist() == [[5, 5, 20, 20]]


@pytest.mark.parametrize("coarsest", [10_000, 200])
@pytest.mark.parametrize(
    "box",
    [
        (10, 10, 30, 30),
        (85, 40, 110, 60),
        (95, 95, 112, 112),
        (70, 70, 90, 90),
        (20, 120, 330, 150),
        (0, 0, 400, 300),
        (150, 20, 170, 290),
    ],
)
def test_a_thing_cut_by_tiles_is_found_once_and_whole(box, coarsest) -> None:
    found = detect_tiled(Blobs(coarsest=coarsest), photo(box), tile=TILE, overlap=0.25)

    assert found.xyxy.tolist() == [list(box)]


def test_two_things_beside_each_other_stay_two() -> None:
    boxes = ((70, 40, 88, 60), (92, 40, 112, 60))

    found = detect_tiled(Blobs(), photo(*boxes), tile=TILE, overlap=0.25)

    assert sorted(found.xyxy.tolist()) == [list(box) for box in boxes]


@pytest.mark.parametrize("seed", range(8))
def test_scattered_litter_is_counted_piece_by_piece(seed) -> None:
    rng = np.random.default_rng(seed)
    boxes: list[list[int]] = []
    while len(boxes) < 25:
        x, y, w, h = rng.integers((0, 0, 5, 5), (370, 270, 28, 28)).tolist()
        new = [x, y, x + w, y + h]
        around = np.add([new], [-2, -2, 2, 2])
        if not boxes or iou_matrix(around, np.array(boxes)).max() == 0:
            boxes.append(new)

    found = detect_tiled(Blobs(coarsest=200), photo(*boxes), tile=TILE, overlap=0.3)

    assert sorted(found.xyxy.tolist()) == sorted(boxes)
    assert np.all(np.diff(found.score) <= 0)


class Unsteady(Blobs):
    """Finds each blob up to 4 % of its size off on every side, as models do."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._rng = np.random.default_rng(seed)

    def detect(self, image: np.ndarray) -> Detections:
        exact = super().detect(image)
        sides = np.tile(exact.xyxy[:, 2:] - exact.xyxy[:, :2], 2)
        off = self._rng.uniform(-0.04, 0.04, exact.xyxy.shape) * sides
        limit = np.tile([image.shape[1], image.shape[0]], 2)
        return Detections(
            xyxy=np.clip(exact.xyxy + off, 0, limit).astype(np.float32),
            score=exact.score,
            probability=exact.probability,
            label=exact.label,
            labels=exact.labels,
        )


def test_a_thing_of_which_two_tiles_share_a_strip_is_one() -> None:
    found = detect_tiled(Unsteady(4), photo((157, 0, 208, 12)), tile=TILE, overlap=0.3)

    assert len(found) == 1


@given(
    st.integers(0, 330), st.integers(0, 230), st.integers(12, 160), st.integers(12, 160), st.data()
)
def test_a_thing_anywhere_is_one_box_of_its_full_extent(x, y, wide, tall, data) -> None:
    box = (x, y, min(x + wide, 400), min(y + tall, 300))
    seed = data.draw(st.integers(0, 1000))

    found = detect_tiled(Unsteady(seed), photo(box), tile=TILE, overlap=0.3)

    assert len(found) == 1
    assert float(iou_matrix(found.xyxy, np.array([box], np.float32))[0, 0]) > 0.8


class Merging(Blobs):
    """From afar takes what lies close together for one thing, and is the surer of it."""

    def detect(self, image: np.ndarray) -> Detections:
        found = super().detect(image)
        if max(image.shape) <= max(TILE) or not len(found):
            return found
        low, high = found.xyxy[:, :2].min(axis=0), found.xyxy[:, 2:].max(axis=0)
        return Detections(
            xyxy=np.concatenate((low, high))[None],
            score=np.array([0.95], np.float32),
            probability=np.array([0.95], np.float32),
            label=np.zeros(1, np.int64),
            labels=self.labels,
        )


def test_what_lies_close_together_is_told_apart_by_the_nearest_look() -> None:
    boxes = ((30, 30, 50, 50), (52, 30, 72, 50))

    found = detect_tiled(Merging(), photo(*boxes), tile=TILE, overlap=0.25)

    assert sorted(found.xyxy.tolist()) == [list(box) for box in boxes]


def test_a_large_thing_is_not_lost_to_a_small_one_beside_its_middle() -> None:
    class Piled(Merging):
        """Near, only one bag is told from the pile; from afar the pile is seen."""

        def detect(self, image: np.ndarray) -> Detections:
            found = super().detect(image)
            return found if max(image.shape) > max(TILE) else found.take(np.arange(len(found)) < 1)

    found = detect_tiled(
        Piled(), photo((30, 30, 40, 40), (60, 60, 70, 70)), tile=TILE, overlap=0.25
    )

    assert [30, 30, 70, 70] in found.xyxy.tolist()


def test_two_classes_on_one_spot_are_both_kept() -> None:
    class Two(Blobs):
        labels = ("sanitation.litter", "asset.bin")

        def detect(self, image: np.ndarray) -> Detections:
            one = super().detect(image)
            return Detections(
                xyxy=np.repeat(one.xyxy, 2, axis=0),
                score=np.repeat(one.score, 2),
                probability=np.repeat(one.probability, 2),
                label=np.tile(np.array([0, 1]), len(one)),
                labels=self.labels,
            )

    found = detect_tiled(Two(), photo((90, 90, 110, 110)), tile=TILE, overlap=0.25)

    assert sorted(found.label.tolist()) == [0, 1]


def test_an_empty_meadow_shows_nothing() -> None:
    found = detect_tiled(Blobs(), photo(), tile=TILE, overlap=0.25)

    assert (len(found), found.labels) == (0, Blobs.labels)


@pytest.mark.samples
def test_a_real_drone_photo_is_seen_in_tiles(samples: Path, street_model: Path) -> None:
    image = cv2.imread(str(sorted((samples / "flights/brighton").glob("*.JPG"))[0]))
    detector = Detector(street_model)

    found = detect_tiled(detector, image, tile=(1536, 2048), overlap=0.2)

    assert found.labels == detector.labels
    assert len(found) == 0 or found.xyxy[:, [0, 2]].max() <= image.shape[1]
