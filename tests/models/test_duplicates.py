"""Which pictures show the same: copies however they were handled, and never two like streets."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.pictures.duplicates import Likeness, Pair, clusters, digest, same_bytes
from models.pictures.perceptual_hash import SYMMETRIES, turned
from models.pictures.seen import pairs_of, see
from models.rendered.scene import draw_frame

Change = Callable[[np.ndarray], np.ndarray]


@pytest.fixture(scope="module")
def street() -> np.ndarray:
    return draw_frame(730_001).image


def framed(image: np.ndarray) -> np.ndarray:
    return cv2.copyMakeBorder(image, 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=(200, 240, 220))


def watermarked(image: np.ndarray) -> np.ndarray:
    return cv2.putText(image.copy(), "NEWS", (30, 90), cv2.FONT_HERSHEY_SIMPLEX, 3, (0, 0, 255), 6)


def cropped(image: np.ndarray) -> np.ndarray:
    height, width = image.shape[:2]
    return image[height // 16 : -height // 16, width // 16 : -width // 16]


def shifted(image: np.ndarray) -> np.ndarray:
    height, width = image.shape[:2]
    return image[: height * 3 // 4, width // 4 :]


def pairs(tmp_path: Path, images: list[np.ndarray], groups: list[str]) -> list[Pair]:
    paths = []
    for number, image in enumerate(images):
        paths.append(tmp_path / f"{number}.jpg")
        cv2.imwrite(str(paths[-1]), image, [cv2.IMWRITE_JPEG_QUALITY, 70 + 10 * (number % 2)])
    seen = [
        see(path, split="train", source="", group=g) for path, g in zip(paths, groups, strict=True)
    ]
    return list(pairs_of(seen))


@pytest.mark.parametrize(
    "change",
    [
        lambda image: image,
        lambda image: cv2.resize(image, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA),
        lambda image: cv2.convertScaleAbs(image, alpha=0.7, beta=40),
        watermarked,
        framed,
        cropped,
        shifted,
    ],
    ids=["re-encoded", "smaller", "brighter", "watermarked", "framed", "cropped", "shifted"],
)
def test_a_copy_is_found_however_it_was_handled(
    tmp_path: Path, street: np.ndarray, change: Change
) -> None:
    found = pairs(tmp_path, [street, change(street)], ["a", "b"])

    assert [(pair.first, pair.second, pair.symmetry) for pair in found] == [(0, 1, 0)]


@pytest.mark.parametrize("symmetry", range(1, SYMMETRIES))
def test_a_mirrored_or_turned_copy_is_found(
    tmp_path: Path, street: np.ndarray, symmetry: int
) -> None:
    channels = turned(street.transpose(2, 0, 1), symmetry)
    changed = np.ascontiguousarray(channels.transpose(1, 2, 0))

    (pair,) = pairs(tmp_path, [street, changed], ["a", "b"])

    assert pair.likeness is Likeness.COPY
    assert pair.symmetry


def test_different_streets_are_not_alike(tmp_path: Path) -> None:
    streets = [draw_frame(seed).image for seed in range(730_010, 730_014)]

    assert not pairs(tmp_path, streets, [str(i) for i in range(len(streets))])


def test_one_watermark_on_two_streets_is_no_common_scene(tmp_path: Path) -> None:
    streets = [watermarked(draw_frame(seed).image) for seed in (730_030, 730_031)]

    assert not pairs(tmp_path, streets, ["a", "b"])


def test_pictures_that_show_nothing_are_not_alike(tmp_path: Path) -> None:
    grey = [np.full((90, 160, 3), value, np.uint8) for value in (0, 1, 128, 128)]

    assert not pairs(tmp_path, grey, ["a", "b", "c", "d"])
    assert not list(pairs_of([]))


def test_the_same_file_is_found_by_its_bytes(tmp_path: Path) -> None:
    for name, content in (("a", b"1"), ("b", b"2"), ("c", b"1"), ("d", b"1")):
        (tmp_path / name).write_bytes(content)

    found = same_bytes([digest(tmp_path / name) for name in "abcd"])

    assert [(pair.first, pair.second) for pair in found] == [(0, 2), (0, 3), (2, 3)]


def test_pictures_hang_together_through_others() -> None:
    assert clusters(6, [(3, 4), (1, 3), (5, 5)]) == [0, 1, 2, 1, 1, 5]
    assert clusters(0, []) == []
