"""The input tensor: every kind of picture ends as the same numbers."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detect.letterbox import LONGEST_STEP, InputTensor
from detect.manifest import ChannelOrder, Input
from detect.pixels import UnusableFrame, as_grey

PAD = 114


def tensor(shape: tuple[int, int] = (64, 96), depth: int = 1) -> InputTensor:
    return InputTensor(shape, part=Input(name="images", shapes=(shape,), pad=PAD), depth=depth)


def noise(height: int, width: int, channels: int = 3, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels), np.uint8)


def test_a_frame_of_the_input_size_arrives_as_rgb_between_0_and_1() -> None:
    image = noise(64, 96)
    made = tensor()

    made.fill(image)

    expected = image[..., ::-1].transpose(2, 0, 1).astype(np.float32) / 255
    np.testing.assert_allclose(made.array[0], expected, atol=1e-6)


def test_the_tensor_equals_what_opencv_would_have_made() -> None:
    image = noise(108, 192)
    canvas = np.full((64, 96, 3), PAD, np.uint8)
    canvas[5:59] = cv2.resize(image, (96, 54), interpolation=cv2.INTER_LINEAR)
    made = tensor()

    made.fill(image)

    np.testing.assert_allclose(
        made.array, cv2.dnn.blobFromImage(canvas, 1 / 255, swapRB=True), atol=1e-6
    )


@given(
    st.sampled_from([1, 2, 3, 4, 5, 7, LONGEST_STEP, LONGEST_STEP + 2, 47]),
    st.integers(1, 2),
    st.integers(1, 3),
    st.integers(0, 2**32 - 1),
)
@settings(deadline=None, max_examples=60)
def test_a_frame_of_whole_steps_equals_what_opencv_would_have_made(step, rows, columns, seed):
    image = noise(step * 16 * rows, step * 32 * columns, seed=seed)
    made = tensor((32 * rows, 32 * columns))

    made.fill(image)

    small = cv2.resize(image, (32 * columns, 16 * rows), interpolation=cv2.INTER_LINEAR)
    expected = cv2.dnn.blobFromImage(small, 1 / 255, swapRB=True)
    np.testing.assert_allclose(made.array[:, :, 8 * rows : 24 * rows], expected, atol=1e-6)


@pytest.mark.parametrize("size", [(64, 96), (108, 192), (192, 288)])
def test_a_folded_model_is_given_the_bytes_as_they_were_decoded(size) -> None:
    image = noise(*size)
    folded = Input(name="images", shapes=((64, 96),), pad=PAD, scale=1.0, channels=ChannelOrder.BGR)
    bytes_, plain = InputTensor((64, 96), part=folded), tensor()

    bytes_.fill(image)
    plain.fill(image)

    np.testing.assert_allclose(bytes_.array[:, ::-1] / 255, plain.array, atol=1e-6)


def test_a_frame_leaves_nothing_behind_for_the_next_one() -> None:
    reused, fresh = tensor(), tensor()
    reused.fill(noise(90, 30))

    reused.fill(noise(30, 90, seed=2))
    fresh.fill(noise(30, 90, seed=2))

    np.testing.assert_array_equal(reused.array, fresh.array)


def test_frames_of_a_batch_do_not_touch_each_other() -> None:
    both, one = tensor(depth=2), tensor()

    both.fill(noise(64, 96), slot=0)
    both.fill(noise(20, 96, seed=2), slot=1)
    one.fill(noise(64, 96))

    np.testing.assert_array_equal(both.array[0], one.array[0])


def test_a_batch_may_grow_after_frames_were_seen() -> None:
    grown, made = tensor(), tensor(depth=2)
    grown.fill(noise(64, 96))

    grown.reserve(2)
    for each in (grown, made):
        each.fill(noise(64, 96))
        each.fill(noise(20, 96, seed=2), slot=1)

    np.testing.assert_array_equal(grown.array, made.array)


@pytest.mark.parametrize("turn", [np.s_[:, ::-1], np.s_[::2], np.s_[:, :, ::-1]])
def test_a_view_of_a_picture_counts_like_its_copy(turn) -> None:
    image = noise(128, 192)
    viewed, copied = tensor(), tensor()

    viewed.fill(image[turn])
    copied.fill(np.ascontiguousarray(image[turn]))

    np.testing.assert_array_equal(viewed.array, copied.array)


def test_a_grey_frame_equals_its_three_channels() -> None:
    grey = noise(64, 96, 1)
    plain, coloured = tensor(), tensor()

    plain.fill(grey)
    coloured.fill(np.repeat(grey, 3, axis=2))

    np.testing.assert_array_equal(plain.array, coloured.array)


def test_sixteen_bits_keep_their_upper_byte() -> None:
    deep, plain = tensor(), tensor()

    deep.fill(noise(64, 96).astype(np.uint16) * 256 + 77)
    plain.fill(noise(64, 96))

    np.testing.assert_array_equal(deep.array, plain.array)


def test_transparency_is_dropped() -> None:
    image = noise(64, 96, 4)
    clear, plain = tensor(), tensor()

    clear.fill(image)
    plain.fill(image[..., :3])

    np.testing.assert_array_equal(clear.array, plain.array)


@pytest.mark.parametrize(
    "broken",
    [
        np.zeros((0, 0, 3), np.uint8),
        np.zeros((0, 640, 3), np.uint8),
        np.zeros((640, 480, 2), np.uint8),
        np.zeros(640, np.uint8),
        np.zeros((4, 4, 3), np.float32),
        np.broadcast_to(np.uint8(0), (20_000, 20_000, 3)),
    ],
)
def test_an_array_that_is_no_picture_is_refused(broken) -> None:
    with pytest.raises(UnusableFrame, match="画面不能用"):
        tensor().fill(broken)


@pytest.mark.parametrize("size", [(1, 10_000), (10_000, 1), (1, 1)])
def test_the_thinnest_frame_still_has_a_place(size) -> None:
    fit = tensor().fill(noise(*size))

    assert min(fit.picture) >= 1


def test_grey_of_grey_is_the_same_picture() -> None:
    grey = noise(8, 8, 1)[..., 0]

    np.testing.assert_array_equal(as_grey(grey), grey)
