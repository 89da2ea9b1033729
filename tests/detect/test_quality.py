"""Frame quality: which frames may file and count as seen."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from detect.pixels import UnusableFrame
from detect.quality import QualityFault, judge


def asphalt(*, level: float = 110, seed: int = 0) -> np.ndarray:
    """Draw a road of stones of all sizes, with kerbs, a manhole and markings."""
    rng = np.random.default_rng(seed)
    road = np.full((360, 640), level, np.float32)
    for size in (1, 2, 4, 8, 16):
        stones = rng.normal(0, 0.12 * level, (360 // size + 1, 640 // size + 1)).astype(np.float32)
        large = cv2.resize(stones, None, fx=size, fy=size, interpolation=cv2.INTER_CUBIC)
        road += large[:360, :640]
    road[:, 90:100] *= 1.6
    road[:, 540:556] *= 0.5
    cv2.circle(road, (300, 220), 40, level * 0.4, -1)
    for top in range(20, 340, 80):
        road[top : top + 40, 310:322] = level * 1.9
    seen = np.clip(cv2.GaussianBlur(road, (0, 0), 0.8), 0, 255).astype(np.uint8)
    return np.repeat(seen[..., None], 3, axis=2)


def smeared(image: np.ndarray, length: int, *, down: bool) -> np.ndarray:
    return cv2.blur(image, (1, length) if down else (length, 1))


def test_a_sharp_road_by_day_is_usable() -> None:
    quality = judge(asphalt())

    assert quality.usable
    assert quality.light == "day"


@pytest.mark.parametrize("down", [True, False])
def test_a_road_smeared_by_motion_is_not_usable(down) -> None:
    quality = judge(smeared(asphalt(), 13, down=down))

    assert quality.reason is QualityFault.BLURRED


def test_the_more_a_road_is_smeared_the_less_sharp_it_is() -> None:
    figures = [judge(smeared(asphalt(), length, down=False)).sharpness for length in (1, 3, 7, 15)]

    assert figures == sorted(figures, reverse=True)


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (np.zeros((360, 640, 3), np.uint8), QualityFault.DARK),
        (np.full((360, 640, 3), 252, np.uint8), QualityFault.GLARING),
        (np.full((360, 640, 3), 120, np.uint8), QualityFault.FLAT),
    ],
)
def test_a_frame_that_shows_nothing_says_why(frame, reason) -> None:
    quality = judge(frame)

    assert (quality.usable, quality.reason) == (False, reason)
    assert quality.reason.zh


@pytest.mark.parametrize(("level", "light"), [(120, "day"), (58, "dim"), (32, "night")])
def test_light_is_told_by_brightness(level, light) -> None:
    assert judge(asphalt(level=level)).light == light


def test_the_camera_resolution_does_not_change_the_verdict() -> None:
    large = cv2.resize(asphalt(), (1920, 1080), interpolation=cv2.INTER_CUBIC)

    assert judge(large).sharpness == pytest.approx(judge(asphalt()).sharpness, abs=0.1)


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1)])
def test_a_sliver_of_a_frame_is_judged_too(size) -> None:
    assert judge(np.full(size, 120, np.uint8)).reason is QualityFault.FLAT


def test_a_frame_without_pixels_is_refused() -> None:
    with pytest.raises(UnusableFrame):
        judge(np.zeros((0, 640, 3), np.uint8))


@pytest.mark.samples
def test_real_photos_are_usable_until_they_are_shaken(samples: Path) -> None:
    photos = [
        cv2.imread(str(path)) for path in sorted((samples / "detection/val/images").glob("*"))[::9]
    ]

    sharp = np.mean([judge(photo).usable for photo in photos])
    shaken = np.mean([judge(smeared(photo, 11, down=False)).usable for photo in photos])

    assert len(photos) >= 30
    assert sharp >= 0.95
    assert shaken <= 0.1
