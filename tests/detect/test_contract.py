"""The contract: models of other people run by their manifests, or are refused with the reason."""

import hashlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from detect.contract import batch_depth
from detect.detector import Detector
from detect.manifest import (
    Calibration,
    ClassEntry,
    Input,
    Manifest,
    OutputLayout,
    UnusableModel,
)
from detect.session import Port

STREET = (
    "road.pothole",
    "road.crack",
    "sanitation.garbage_pile",
    "asset.bin",
    "sanitation.bin_overflow",
    "sanitation.litter",
)
COCO = tuple(f"coco.class{index}" for index in range(80))


def manifest_of(labels, shape, *, sha256="0" * 64, name="images", layout=OutputLayout.YOLO):
    plain = Calibration(measured_on="nothing")
    return Manifest(
        name="theirs",
        version="1.0.0",
        licence="theirs",
        file="theirs.onnx",
        sha256=sha256,
        input=Input(name=name, shapes=(shape,)),
        output=layout,
        classes=tuple(ClassEntry(label=x, threshold=0.3, calibration=plain) for x in labels),
    )


def brought(folder: Path, weights: Path, labels, shape, *, name="images") -> Path:
    body = weights.read_bytes()
    (folder / "theirs.onnx").write_bytes(body)
    manifest = manifest_of(labels, shape, sha256=hashlib.sha256(body).hexdigest(), name=name)
    (folder / "manifest.json").write_text(manifest.model_dump_json(), encoding="utf-8")
    return folder


def port(*dims: int | None, name: str = "images", kind: str = "tensor(float)") -> Port:
    return Port(name=name, kind=kind, dims=dims)


@pytest.mark.parametrize(
    ("layout", "given", "answer", "depth"),
    [
        (OutputLayout.YOLO, port(1, 3, 384, 640), port(1, 10, 5040), 1),
        (OutputLayout.YOLO, port(None, 3, None, None), port(None, None, None), None),
        (OutputLayout.YOLO, port(4, 3, 384, 640), port(4, 10, 5040), 4),
        (OutputLayout.END_TO_END, port(1, 3, 384, 640), port(1, 300, 6), 1),
        (OutputLayout.END_TO_END, port(None, 3, None, None), port(None, 300, 6), None),
    ],
)
def test_the_layouts_of_today_run_fixed_or_free(layout, given, answer, depth) -> None:
    manifest = manifest_of(STREET, (384, 640), layout=layout)

    found = batch_depth(
        Path("theirs"), manifest, shape=(384, 640), inputs=[given], outputs=[answer]
    )

    assert found == depth


@pytest.mark.parametrize(
    ("inputs", "outputs", "reason"),
    [
        ([port(1, 3, 384, 640, name="x")], [port(1, 10, 5040)], "input.name"),
        ([port(1, 3, 384, 640)] * 2, [port(1, 10, 5040)], "input.name"),
        ([port(1, 3, 640, 640)], [port(1, 10, 8400)], "input.shapes"),
        ([port(1, 1, 384, 640)], [port(1, 10, 5040)], "input.shapes"),
        ([port(1, 384, 640, 3)], [port(1, 10, 5040)], "input.shapes"),
        ([port(1, 3, 384, 640, kind="tensor(uint8)")], [port(1, 10, 5040)], "uint8"),
        ([port(1, 3, 384)], [port(1, 10, 5040)], "float"),
        ([port(1, 3, 384, 640)], [port(1, 11, 5040)], "classes says 6"),
        ([port(1, 3, 384, 640)], [port(1, 5040, 10)], "classes says 6"),
        ([port(1, 3, 384, 640)], [port(1, 10, 48, 80)], r"output \(yolo\)"),
        ([port(1, 3, 384, 640)], [port(1, 10, 5040, kind="tensor(float16)")], "float16"),
        ([port(1, 3, 384, 640)], [port(1, 10, 5040), port(1, 32, 96, 160)], r"output \(yolo\)"),
    ],
)
def test_what_is_not_as_the_manifest_says_is_refused_with_the_reason(
    inputs, outputs, reason
) -> None:
    with pytest.raises(UnusableModel, match=reason):
        batch_depth(
            Path("theirs"),
            manifest_of(STREET, (384, 640)),
            shape=(384, 640),
            inputs=inputs,
            outputs=outputs,
        )


@pytest.mark.samples
@pytest.mark.parametrize("file", ["best.onnx", "best-int8.onnx"])
def test_a_model_trained_elsewhere_finds_full_bins(samples: Path, tmp_path: Path, file) -> None:
    weights = samples / "weights" / "baseline-street-n" / file
    detector = Detector(brought(tmp_path, weights, STREET, (640, 640)))
    photos = sorted((samples / "detection/train/images").glob("gbo_*"))[:6]

    found = [detector.detect(cv2.imread(str(photo))) for photo in photos]

    names = {seen.name_of(i) for seen in found for i in np.flatnonzero(seen.score >= 0.6)}
    assert "sanitation.bin_overflow" in names


@pytest.mark.samples
@pytest.mark.parametrize(
    ("file", "labels", "shape", "name", "reason"),
    [
        ("baseline-street-n/best.onnx", STREET[:5], (640, 640), "images", "classes says 5"),
        ("baseline-street-n/best.onnx", STREET, (384, 640), "images", "input.shapes"),
        ("yolo11n-coco/yolo11n_coco_w8.onnx", STREET, (640, 640), "images", "classes says 6"),
        ("yolox-nano-coco/yolox_nano_coco_416.onnx", COCO, (416, 416), "images", "1, 3549, 85"),
        ("fastestdet-coco/FastestDet.onnx", COCO, (352, 352), "input.1", "85, 22, 22"),
        ("yunet-face/yunet_n_640_640.onnx", ("face.face",), (640, 640), "input", "cls_8"),
    ],
)
def test_a_real_model_of_another_kind_is_refused_with_the_reason(
    samples: Path, tmp_path: Path, file, labels, shape, name, reason
) -> None:
    folder = brought(tmp_path, samples / "weights" / file, labels, shape, name=name)

    with pytest.raises(UnusableModel, match=reason):
        Detector(folder)
