"""Street frames drawn for training."""

import numpy as np
import pytest

from models.dataset.labels import STREET_LABELS
from models.rendered.camera import Camera
from models.rendered.dataset import HELD_OUT_SEED, TRAIN_SEED, write_rendered
from models.rendered.scene import Frame, draw_frame


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    return [draw_frame(seed) for seed in range(4000, 4005)]


def camera(*, pitch: float = 0.2, yaw: float = 0.0) -> Camera:
    return Camera.looking(
        height_m=1.5, pitch=pitch, yaw=yaw, roll=0.02, width_px=640, height_px=384, fov=1.2
    )


def test_the_same_seed_draws_the_same_street(frames: list[Frame]) -> None:
    again = draw_frame(4001)

    assert np.array_equal(frames[1].image, again.image)
    assert frames[1].labels == again.labels
    assert not np.array_equal(frames[0].image, again.image)


def test_every_label_is_a_street_class_with_a_box_inside_the_frame(frames: list[Frame]) -> None:
    labels = {label for frame in frames for label in frame.labels}

    assert labels <= set(STREET_LABELS)
    assert "traffic.vehicle" in labels
    for frame in frames:
        assert frame.image.shape == (384, 640, 3)
        assert len(frame.labels) == len(frame.boxes)
        assert (frame.boxes >= 0).all()
        assert (frame.boxes <= 1).all()
        assert (frame.boxes[:, :2] < frame.boxes[:, 2:]).all()


def test_a_drawn_pothole_differs_from_the_road_around_it(frames: list[Frame]) -> None:
    contrasts = []
    for frame in frames:
        grey = frame.image.mean(2)
        for label, box in zip(frame.labels, frame.boxes, strict=True):
            if label == "road.pothole":
                x1, y1, x2, y2 = (box * (640, 384, 640, 384)).astype(int)
                wide = grey[max(y1 - 10, 0) : y2 + 10, max(x1 - 10, 0) : x2 + 10]
                contrasts.append(abs(float(grey[y1:y2, x1:x2].mean()) - float(wide.mean())))

    assert contrasts
    assert np.median(contrasts) > 1.5


@pytest.mark.parametrize("yaw", [-0.4, 0.0, 0.4])
def test_the_ground_under_a_pixel_is_seen_at_that_pixel(yaw: float) -> None:
    lens = camera(yaw=yaw)
    x, y = lens.ground_map()

    pixel = lens.ground_pixels(np.array([[x[300, 200], y[300, 200]]]))[0]

    assert pixel == pytest.approx([200.5, 300.5], abs=1e-6)


def test_the_road_ahead_lies_in_front_and_the_sky_has_no_ground() -> None:
    x, y = camera().ground_map()

    assert np.isnan(x[0, 320])
    assert y[380, 320] > 0
    assert x[380, 639] > x[380, 0]


def test_frames_that_measure_are_not_those_that_teach() -> None:
    recipe_frames = 450

    assert TRAIN_SEED + recipe_frames <= HELD_OUT_SEED


def test_drawn_frames_are_written_as_a_set_like_any_other(tmp_path) -> None:
    boxes = write_rendered(tmp_path, split="val", first_seed=HELD_OUT_SEED, count=2)

    lines = [
        line
        for file in (tmp_path / "val" / "labels").iterdir()
        for line in file.read_text().splitlines()
    ]
    assert len(lines) == boxes
    assert len(list((tmp_path / "val" / "images").iterdir())) == 2
