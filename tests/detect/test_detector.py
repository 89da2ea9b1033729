"""The detector: what a frame shows, and which models and frames are refused."""

import contextlib
import hashlib
import json
import tracemalloc
from pathlib import Path

import cv2
import numpy as np
import pytest

import detect.detector as detector_module
from detect.decode import UnusableOutput
from detect.detector import Detector
from detect.manifest import OutputLayout, Precision, Quantised, UnusableModel
from detect.pixels import UnusableFrame
from detect.session import RunFailed
from tests.detect.colour_model import picture, write_manifest, write_model

RED, GREEN, BLUE = (0, 0, 255), (0, 255, 0), (255, 0, 0)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_model(tmp_path / "model")


def test_an_empty_street_shows_nothing(model: Path) -> None:
    found = Detector(model).detect(picture())

    assert len(found) == 0


@pytest.mark.parametrize(
    ("colour", "name"), [(RED, "colour.red"), (GREEN, "colour.green"), (BLUE, "colour.blue")]
)
def test_a_coloured_square_is_named_and_boxed(model: Path, colour, name) -> None:
    frame = picture()
    frame[32:64, 64:96] = colour

    found = Detector(model).detect(frame)

    assert [found.name_of(i) for i in range(len(found))] == [name]
    assert found.xyxy.tolist() == [[64, 32, 96, 64]]
    assert found.score.tolist() == [pytest.approx(1.0)]


def test_boxes_are_in_pixels_of_the_frame_whatever_its_size(model: Path) -> None:
    frame = picture(height=480, width=480)
    frame[240:480, 0:240] = RED

    found = Detector(model).detect(frame)

    assert found.xyxy[0, 1] == pytest.approx(240, abs=1)
    assert found.xyxy[0, 3] == pytest.approx(480, abs=1)
    assert Detector(model).input_scale(frame) == pytest.approx(64 / 480)


def test_the_padding_around_a_frame_shows_nothing(model: Path) -> None:
    wide = picture(height=30, width=96)

    found = Detector(model, floor=0.2).detect(wide)

    assert np.all(found.xyxy[:, 3] - found.xyxy[:, 1] > 0)
    assert np.all(found.xyxy[:, 3] <= 30)


def test_a_probability_follows_the_calibration_of_its_class(tmp_path: Path) -> None:
    folder = write_model(tmp_path, slope=2.0, offset=-1.0)
    frame = picture()
    frame[:32, :32] = (0, 0, 204)

    found = Detector(folder).detect(frame)

    odds = 2.0 * np.log(0.8 / 0.2) - 1.0
    assert found.score[0] == pytest.approx(0.8, abs=1e-4)
    assert found.probability[0] == pytest.approx(1 / (1 + np.exp(-odds)), abs=1e-4)


@pytest.mark.parametrize("batch", [1, 2, None])
def test_frames_together_give_what_they_give_alone(tmp_path: Path, batch) -> None:
    detector = Detector(write_model(tmp_path, batch=batch))
    frames = [picture(height=64 + 7 * i) for i in range(11)]
    for i, frame in enumerate(frames):
        frame[:32, : 8 * i] = RED

    together = detector.detect_batch(frames)

    for frame, found in zip(frames, together, strict=True):
        alone = detector.detect(frame)
        np.testing.assert_array_equal(found.xyxy, alone.xyxy)
        np.testing.assert_array_equal(found.score, alone.score)


def test_a_model_without_suppression_runs_by_its_layout(tmp_path: Path) -> None:
    detector = Detector(write_model(tmp_path, layout=OutputLayout.END_TO_END))
    frame = picture()
    frame[:32, 32:64] = RED

    found = detector.detect(frame)

    assert found.xyxy.tolist() == [[32, 0, 64, 32]]


def test_a_changed_model_file_is_refused(model: Path) -> None:
    (model / "model.onnx").write_bytes((model / "model.onnx").read_bytes() + b"\0")

    with pytest.raises(UnusableModel, match="哈希"):
        Detector(model)


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableModel, match="there is no manifest"):
        Detector(tmp_path)


def test_a_manifest_without_its_file_is_refused(model: Path) -> None:
    (model / "model.onnx").unlink()

    with pytest.raises(UnusableModel, match="缺少"):
        Detector(model)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format", 2),
        ("version", "one"),
        ("file", "../elsewhere.onnx"),
        ("classes", []),
        ("suppression_iou", 1.5),
        ("output", "boxes"),
        ("colour", "red"),
    ],
)
def test_a_manifest_that_says_too_little_or_too_much_is_refused(model: Path, field, value) -> None:
    path = model / "manifest.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(said | {field: value}), encoding="utf-8")

    with pytest.raises(UnusableModel, match=field):
        Detector(model)


def test_a_file_that_is_no_model_is_refused(model: Path) -> None:
    (model / "model.onnx").write_bytes(b"not a model at all")
    write_manifest(model)

    with pytest.raises(UnusableModel, match="无法加载"):
        Detector(model)


def test_a_truncated_model_is_refused(model: Path) -> None:
    path = model / "model.onnx"
    path.write_bytes(path.read_bytes()[:-200])
    write_manifest(model)

    with pytest.raises(UnusableModel, match="不能用"):
        Detector(model)


def test_a_manifest_with_other_classes_than_the_model_is_refused(tmp_path: Path) -> None:
    folder = write_model(tmp_path, labels=("colour.red", "colour.green"))

    with pytest.raises(UnusableModel, match="classes says 2"):
        Detector(folder)


def test_a_manifest_with_another_layout_than_the_model_is_refused(tmp_path: Path) -> None:
    model = write_model(tmp_path, shape=(64, 64))
    write_manifest(model, shape=(64, 64), layout=OutputLayout.END_TO_END)

    with pytest.raises(UnusableModel, match="end_to_end"):
        Detector(model)


def test_a_manifest_with_another_input_name_is_refused(tmp_path: Path) -> None:
    folder = write_model(tmp_path)
    path = folder / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"images"', '"frames"'), "utf-8")

    with pytest.raises(UnusableModel, match=r"input\.name"):
        Detector(folder)


def test_a_manifest_with_another_input_shape_is_refused(model: Path) -> None:
    write_manifest(model, shape=(96, 96))

    with pytest.raises(UnusableModel, match=r"input\.shapes"):
        Detector(model)


def test_a_shape_that_was_never_measured_is_refused(model: Path) -> None:
    with pytest.raises(UnusableModel, match=r"\(320, 320\)"):
        Detector(model, shape=(320, 320))


def test_a_model_that_answers_nan_is_refused(tmp_path: Path) -> None:
    detector = Detector(write_model(tmp_path, nan=True))

    with pytest.raises(UnusableOutput, match="NaN"):
        detector.detect(picture())


def test_a_frame_without_pixels_is_refused(model: Path) -> None:
    with pytest.raises(UnusableFrame):
        Detector(model).detect(np.zeros((0, 0, 3), np.uint8))


@pytest.mark.parametrize("seed", range(40))
def test_a_model_file_with_flipped_bits_is_refused_or_runs(model: Path, seed) -> None:
    rng = np.random.default_rng(seed)
    body = bytearray((model / "model.onnx").read_bytes())
    for place in rng.integers(0, len(body), 3):
        body[place] ^= 1 << int(rng.integers(0, 8))
    (model / "model.onnx").write_bytes(bytes(body))
    write_manifest(model)

    with contextlib.suppress(UnusableModel, UnusableOutput, RunFailed):
        found = Detector(model, threads=1).detect(picture())

        assert np.isfinite(found.xyxy).all()


@pytest.mark.parametrize("length", [0, 1, 100, 300, 500])
def test_a_model_file_cut_off_anywhere_is_refused(model: Path, length) -> None:
    path = model / "model.onnx"
    path.write_bytes(path.read_bytes()[:length])
    write_manifest(model)

    with pytest.raises(UnusableModel):
        Detector(model)


@pytest.mark.parametrize(
    "kind",
    [
        lambda bgr: bgr[..., 0],
        lambda bgr: bgr[..., :1],
        lambda bgr: bgr.astype(np.uint16) * 257,
        lambda bgr: bgr[..., 0].astype(np.uint16) * 257,
        lambda bgr: np.dstack((bgr, np.zeros_like(bgr[..., 0]))),
        np.asfortranarray,
        lambda bgr: bgr[::-1][::-1],
        lambda bgr: np.repeat(bgr, 2, axis=1)[:, ::2],
    ],
    ids=[
        "grey",
        "grey of depth 1",
        "16 bits",
        "grey of 16 bits",
        "alpha",
        "columns",
        "turned",
        "skipping",
    ],
)
@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_frame_of_any_kind_shows_what_its_plain_copy_shows(model: Path, kind, step) -> None:
    frame = picture(height=64 * step, width=96 * step)
    frame[: 32 * step, : 32 * step] = 255
    expected = Detector(model).detect(frame)

    found = Detector(model).detect(kind(frame))

    assert len(expected) == 3
    np.testing.assert_array_equal(found.xyxy, expected.xyxy)
    np.testing.assert_allclose(found.score, expected.score, atol=1e-6)


def test_a_frame_of_a_hundred_megapixels_costs_no_second_copy(model: Path) -> None:
    frame = np.zeros((9_600, 10_400, 3), np.uint8)
    frame[:4800, :5200] = RED
    detector = Detector(model)

    tracemalloc.start()
    found = detector.detect(frame)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(found) >= 1
    assert most < frame.nbytes / 20


def test_a_frame_larger_than_any_camera_makes_is_refused(model: Path) -> None:
    bomb = np.broadcast_to(np.uint8(0), (50_000, 50_000, 3))

    with pytest.raises(UnusableFrame, match="make it smaller"):
        Detector(model).detect(bomb)


def test_two_detectors_give_the_same_bytes(model: Path) -> None:
    frame = np.random.default_rng(5).integers(0, 256, (480, 640, 3), np.uint8)

    first = Detector(model, floor=0.01).detect(frame)
    second = Detector(model, floor=0.01).detect(frame)

    assert len(first)
    assert first.xyxy.tobytes() == second.xyxy.tobytes()
    assert first.probability.tobytes() == second.probability.tobytes()


def with_int8(folder: Path, *, shapes=((64, 96),)) -> Path:
    """Give a model a second file of 8 bits; here it is the same network."""
    body = (folder / "model.onnx").read_bytes()
    (folder / "model-int8.onnx").write_bytes(body)
    digest = hashlib.sha256(body).hexdigest()
    entry = Quantised(file="model-int8.onnx", sha256=digest, shapes=shapes)
    write_manifest(folder, int8=entry)
    return folder


@pytest.mark.parametrize(
    ("dot_products", "runs"), [(True, Precision.INT8), (False, Precision.FP32)]
)
def test_a_model_computes_in_what_the_processor_is_quick_at(
    model: Path, monkeypatch, dot_products, runs
) -> None:
    monkeypatch.setattr(detector_module, "has_integer_dot_products", lambda: dot_products)

    assert Detector(with_int8(model)).precision is runs


def test_full_precision_can_be_asked_for(model: Path) -> None:
    assert Detector(with_int8(model), precision=Precision.FP32).precision is Precision.FP32


def test_int8_of_a_model_that_has_none_is_refused(model: Path) -> None:
    with pytest.raises(UnusableModel, match="quantise the model first"):
        Detector(model, precision=Precision.INT8)


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_a_model_whose_int8_file_is_not_the_measured_one_is_refused(model: Path, damage) -> None:
    path = with_int8(model) / "model-int8.onnx"
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b"\0")

    with pytest.raises(UnusableModel, match="model-int8"):
        Detector(model, precision=Precision.FP32)


def test_an_int8_shape_that_full_precision_does_not_run_is_refused(model: Path) -> None:
    with_int8(model, shapes=((64, 128),))

    with pytest.raises(UnusableModel, match=r"int8\.shapes"):
        Detector(model)


@pytest.mark.samples
def test_real_overflowing_bins_are_seen(samples: Path, street_model: Path) -> None:
    detector = Detector(street_model)
    photos = sorted((samples / "detection/val/images").glob("gbo_*"))[:24]
    name = "sanitation.bin_overflow"
    threshold = detector.manifest.entry(name).threshold

    seen = shown = 0
    for photo in photos:
        lines = (photo.parents[1] / "labels" / f"{photo.stem}.txt").read_text().splitlines()
        if not any(line.startswith("4 ") for line in lines):
            continue
        shown += 1
        found = detector.detect(cv2.imread(str(photo))).only([name])
        seen += bool(np.any(found.score >= threshold))

    assert shown >= 8
    assert seen / shown >= 0.6
