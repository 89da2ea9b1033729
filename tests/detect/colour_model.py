"""A tiny ONNX detector that sees colours: red, green and blue squares are its three classes."""

import hashlib
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from detect.manifest import (
    Calibration,
    ClassEntry,
    Input,
    Manifest,
    OutputLayout,
)

CELL = 32
COLOURS = ("colour.red", "colour.green", "colour.blue")


def write_model(
    folder: Path,
    *,
    shape: tuple[int, int] = (64, 96),
    batch: int | None = 1,
    layout: OutputLayout = OutputLayout.YOLO,
    labels: tuple[str, ...] = COLOURS,
    nan: bool = False,
    **manifest: object,
) -> Path:
    """Write model and manifest: each cell of 32 px answers with the mean of its three channels."""
    folder.mkdir(parents=True, exist_ok=True)
    graph = (
        _end_to_end(shape, batch)
        if layout is OutputLayout.END_TO_END
        else _yolo(shape, batch, nan=nan)
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    write_manifest(folder, shape=shape, layout=layout, labels=labels, **manifest)
    return folder


def write_manifest(
    folder: Path,
    *,
    shape: tuple[int, int] = (64, 96),
    layout: OutputLayout = OutputLayout.YOLO,
    labels: tuple[str, ...] = COLOURS,
    slope: float = 1.0,
    offset: float = 0.0,
    **changes: object,
) -> None:
    """Write a manifest for the model file in a folder."""
    calibration = Calibration(slope=slope, offset=offset, measured_on="rendered")
    manifest = Manifest(
        name="colours",
        version="1.0.0",
        licence="AGPL-3.0-or-later",
        file="model.onnx",
        sha256=hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest(),
        input=Input(name="images", shapes=(shape,)),
        output=layout,
        classes=tuple(
            ClassEntry(label=label, threshold=0.5, calibration=calibration) for label in labels
        ),
    )
    body = manifest.model_copy(update=changes).model_dump_json()
    (folder / "manifest.json").write_text(body, encoding="utf-8")


def picture(*, height: int = 64, width: int = 96) -> np.ndarray:
    """Draw a black frame."""
    return np.zeros((height, width, 3), np.uint8)


def _centres(shape: tuple[int, int]) -> np.ndarray:
    y, x = np.mgrid[CELL // 2 : shape[0] : CELL, CELL // 2 : shape[1] : CELL].astype(np.float32)
    return np.stack((x.ravel(), y.ravel()))


def _pooled(batch: int | None) -> list[onnx.NodeProto]:
    return [
        helper.make_node(
            "AveragePool", ["images"], ["means"], kernel_shape=[CELL, CELL], strides=[CELL, CELL]
        ),
        helper.make_node("Reshape", ["means", "flat"], ["scores"]),
    ]


def _inputs(shape: tuple[int, int], batch: int | None) -> list[onnx.ValueInfoProto]:
    dims = [batch or "batch", 3, *shape]
    return [helper.make_tensor_value_info("images", TensorProto.FLOAT, dims)]


def _yolo(shape: tuple[int, int], batch: int | None, *, nan: bool) -> onnx.GraphProto:
    centres = _centres(shape)
    sides = np.full_like(centres, CELL)
    boxes = np.concatenate((centres, sides))[None]
    if nan:
        boxes[0, 0, 0] = np.nan
    nodes = [
        *_pooled(batch),
        # The boxes once for every frame of the batch.
        helper.make_node("ReduceSum", ["scores", "axis"], ["sums"], keepdims=1),
        helper.make_node("Mul", ["sums", "zero"], ["zeros"]),
        helper.make_node("Add", ["zeros", "boxes"], ["all_boxes"]),
        helper.make_node("Concat", ["all_boxes", "scores"], ["output0"], axis=1),
    ]
    constants = {
        "flat": np.array([0, 3, -1], np.int64),
        "axis": np.array([1], np.int64),
        "zero": np.array(0, np.float32),
        "boxes": boxes,
    }
    out = helper.make_tensor_value_info(
        "output0", TensorProto.FLOAT, [batch or "batch", 7, centres.shape[1]]
    )
    return _graph(nodes, shape, batch, out, constants)


def _end_to_end(shape: tuple[int, int], batch: int | None) -> onnx.GraphProto:
    """Answer each cell's red mean as class 0, in the end-to-end layout."""
    centres = _centres(shape)
    rows = np.concatenate((centres - CELL / 2, centres + CELL / 2)).T.astype(np.float32)[None]
    nodes = [
        *_pooled(batch),
        helper.make_node("Transpose", ["scores"], ["by_cell"], perm=[0, 2, 1]),
        helper.make_node("Slice", ["by_cell", "from", "to", "last"], ["red"]),
        helper.make_node("Mul", ["red", "zero"], ["zeros"]),
        helper.make_node("Add", ["zeros", "corners"], ["boxes"]),
        helper.make_node("Concat", ["boxes", "red", "zeros"], ["output0"], axis=2),
    ]
    constants = {
        "flat": np.array([0, 3, -1], np.int64),
        "from": np.array([0], np.int64),
        "to": np.array([1], np.int64),
        "last": np.array([2], np.int64),
        "zero": np.array(0, np.float32),
        "corners": rows,
    }
    out = helper.make_tensor_value_info(
        "output0", TensorProto.FLOAT, [batch or "batch", rows.shape[1], 6]
    )
    return _graph(nodes, shape, batch, out, constants)


def _graph(
    nodes: list[onnx.NodeProto],
    shape: tuple[int, int],
    batch: int | None,
    out: onnx.ValueInfoProto,
    constants: dict[str, np.ndarray],
) -> onnx.GraphProto:
    tensors = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    return helper.make_graph(nodes, "colours", _inputs(shape, batch), [out], tensors)
