"""A model's 8-bit file: what it is made from, what it keeps exact, and when it is refused."""

import hashlib
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from detect.detector import Detector
from detect.manifest import (
    Calibration,
    ClassEntry,
    Input,
    Manifest,
    OutputLayout,
    Precision,
    read_manifest,
)
from models.dataset.labelled_pictures import Picture
from models.export.float_parts import NothingToQuantise, float_parts, name_nodes
from models.export.quantise import CALIBRATING, TooFewPictures, quantise, spread

CHANNELS = 8
SHAPES = ((64, 96), (96, 96))


def network(*, convolutions: int, seed: int = 3) -> onnx.ModelProto:
    """Build a small network of the family: convolutions, then a decoding without weights.

    Its output is (1, 5, anchors): a box whose centre and size grow with position, and one score.
    """
    rng = np.random.default_rng(seed)
    nodes, stored, name = [], [], "images"
    for i in range(convolutions):
        out = 5 if i == convolutions - 1 else CHANNELS
        shape = (out, 3 if i == 0 else CHANNELS, 3, 3)
        even = np.sqrt(2 / np.prod(shape[1:]))
        values = rng.normal(0, even, shape).astype(np.float16)
        stored.append(numpy_helper.from_array(values, f"w{i}_half"))
        stored.append(numpy_helper.from_array(np.zeros(out, np.float32), f"b{i}"))
        nodes.append(helper.make_node("Cast", [f"w{i}_half"], [f"w{i}"], to=TensorProto.FLOAT))
        step = 2 if i == 0 else 1
        nodes.append(
            helper.make_node(
                "Conv", [name, f"w{i}", f"b{i}"], [f"c{i}"], pads=[1] * 4, strides=[step] * 2
            )
        )
        name = f"c{i}"
        if i < convolutions - 1:
            nodes.append(helper.make_node("Relu", [name], [f"r{i}"]))
            name = f"r{i}"
    return _finished(nodes, stored, name)


def _finished(nodes: list, stored: list, name: str) -> onnx.ModelProto:
    stored += [
        numpy_helper.from_array(np.array([0, 5, -1], np.int64), "flat"),
        numpy_helper.from_array(np.array([[[40.0]] * 2 + [[20.0]] * 2 + [[1.0]]], "f4"), "size"),
    ]
    nodes += [
        helper.make_node("Reshape", [name, "flat"], ["rows"]),
        helper.make_node("Sigmoid", ["rows"], ["shares"]),
        helper.make_node("Mul", ["shares", "size"], ["output"]),
    ]
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["n", 3, "h", "w"])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["n", 5, "anchors"])],
        stored,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def package(folder: Path, model: onnx.ModelProto) -> Path:
    folder.mkdir()
    onnx.save(model, str(folder / "model.onnx"))
    manifest = Manifest(
        name="small",
        version="0.1.0",
        licence="AGPL-3.0-or-later",
        file="model.onnx",
        sha256=hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest(),
        input=Input(name="images", shapes=SHAPES),
        output=OutputLayout.YOLO,
        classes=(
            ClassEntry(
                label="road.pothole", threshold=0.3, calibration=Calibration(measured_on="nothing")
            ),
        ),
    )
    (folder / "manifest.json").write_text(manifest.model_dump_json(), encoding="utf-8")
    return folder


def photo(path: Path, *, source: str = "street", seed: int = 0) -> Picture:
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (12, 18, 3), dtype=np.uint8)
    cv2.imwrite(str(path), cv2.resize(small, (144, 96), interpolation=cv2.INTER_CUBIC))
    return Picture(
        path=path,
        source=source,
        group=path.stem,
        known=frozenset({"road.pothole"}),
        boxes=np.zeros((0, 4), np.float32),
        labels=np.zeros(0, np.int64),
        ignored_boxes=np.zeros((0, 4), np.float32),
        ignored_labels=np.zeros(0, np.int64),
    )


@pytest.fixture
def photos(tmp_path: Path) -> list[Picture]:
    return [photo(tmp_path / f"{i}.png", seed=i) for i in range(12)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return package(tmp_path / "small", network(convolutions=10))


def test_a_device_can_run_the_8_bit_file_at_every_shape_and_gets_nearly_the_same(
    folder, photos
) -> None:
    quantise(folder, photos)

    frame = cv2.imread(str(photos[0].path))
    for shape in SHAPES:
        exact, coarse = (
            Detector(folder, shape=shape, precision=precision, floor=0.0).detect(frame)
            for precision in (Precision.FP32, Precision.INT8)
        )
        assert exact.score.max() - exact.score.min() > 0.2
        assert abs(exact.score.max() - coarse.score.max()) < 0.05
        assert abs(np.median(exact.score) - np.median(coarse.score)) < 0.05


def test_the_manifest_names_the_8_bit_file_with_its_hash_and_nothing_else_changes(
    folder, photos
) -> None:
    before = read_manifest(folder)

    written = quantise(folder, photos)

    after = read_manifest(folder)
    assert after == written
    assert after.int8 is not None
    assert after.int8.shapes == before.input.shapes
    assert after.model_copy(update={"int8": None}) == before


def test_the_same_model_and_photos_give_the_same_bytes(tmp_path, photos) -> None:
    hashes = set()
    for name, order in (("one", photos), ("two", photos[::-1])):
        made = quantise(package(tmp_path / name, network(convolutions=10)), order)
        assert made.int8 is not None
        hashes.add(made.int8.sha256)

    assert len(hashes) == 1


def test_the_first_and_last_convolutions_and_the_decoding_stay_exact(folder, photos) -> None:
    quantise(folder, photos)

    graph = onnx.load(folder / "model-int8.onnx").graph
    makers = {name: node for node in graph.node for name in node.output}
    coarse = [
        makers[n.input[1]].op_type == "DequantizeLinear" if n.input[1] in makers else False
        for n in graph.node
        if n.op_type == "Conv"
    ]
    last = makers[graph.output[0].name]
    assert coarse == [False] * 6 + [True] * 3 + [False]
    assert last.op_type == "Mul"


def test_weights_keep_a_scale_for_each_channel(folder, photos) -> None:
    quantise(folder, photos)

    graph = onnx.load(folder / "model-int8.onnx").graph
    scales = [
        numpy_helper.to_array(t)
        for t in graph.initializer
        if t.name.startswith("w") and t.name.endswith("_scale")
    ]
    assert [s.shape for s in scales] == [(CHANNELS,)] * 3


def test_a_network_that_is_all_beginning_and_end_is_not_quantised(tmp_path, photos) -> None:
    small = package(tmp_path / "tiny", network(convolutions=4))

    with pytest.raises(NothingToQuantise, match="fp32"):
        quantise(small, photos)

    assert read_manifest(small).int8 is None


def test_drawn_frames_do_not_calibrate(folder, tmp_path, photos) -> None:
    drawn = [photo(tmp_path / f"drawn{i}.png", source="rendered", seed=i) for i in range(20)]

    with pytest.raises(TooFewPictures, match="3"):
        quantise(folder, [*photos[:3], *drawn])


def test_a_small_source_calibrates_as_much_as_a_large_one(tmp_path) -> None:
    frames = [photo(tmp_path / f"a{i:03}.png", source="city", seed=i) for i in range(200)]
    few = [photo(tmp_path / f"b{i:03}.png", source="village", seed=i) for i in range(20)]

    chosen = spread([*frames, *few], CALIBRATING)

    villages = [p for p in chosen if p.source == "village"]
    cities = [p.path.name for p in chosen if p.source == "city"]
    assert len(chosen) == len({p.path for p in chosen}) == CALIBRATING
    assert len(villages) == 20
    assert cities[0] < "a010.png"
    assert cities[-1] > "a190.png"


def test_what_depends_only_on_a_shape_is_not_taken_for_the_end_of_the_network() -> None:
    model = network(convolutions=10)
    graph = model.graph
    name_nodes(graph)
    graph.node.insert(
        len(graph.node) - 3, helper.make_node("Shape", ["r7"], ["extent"], name="extent")
    )
    graph.node.append(helper.make_node("Identity", ["extent"], ["far"], name="far"))
    graph.output.append(helper.make_tensor_value_info("far", TensorProto.INT64, [4]))

    kept = float_parts(graph)

    convolutions = [n.name for n in graph.node if n.op_type == "Conv" and n.name in kept]
    assert len(convolutions) == 7


def test_the_8_bit_file_says_nothing_of_where_it_was_made(folder, photos) -> None:
    quantise(folder, photos)

    session = onnxruntime.InferenceSession(
        str(folder / "model-int8.onnx"), providers=["CPUExecutionProvider"]
    )
    assert session.get_modelmeta().custom_metadata_map == {}
