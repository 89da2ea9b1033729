"""Fold the way from a frame's bytes to a model's numbers into its first convolutions."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from models.errors import ModelsError

BYTE_SCALE: Final = 1.0 / 255.0


class CannotFold(ModelsError):
    """A model's input is read by something that cannot take over scaling and channel order."""

    def __init__(self, found: str) -> None:
        super().__init__(
            f"模型输入由 {found} 读取，无法折叠；请在清单中保留 scale 与 channels 原值",
            f"the input is read by {found} and cannot be folded; "
            "leave scale and channels in the manifest as they are",
        )
        self.found = found


def fold_pixels(model: onnx.ModelProto) -> None:
    """Let a model of RGB between 0 and 1 take frames as they are decoded: bytes, blue first.

    A convolution is linear and pads with zero, so the first ones take over the factor and the
    order of channels exactly, but for rounding. Their weights stay in single precision: divided by
    255 they would fall below what half precision can hold. The manifest's input then says
    `scale` 1 and `channels` bgr.

    Raises:
        CannotFold: the input is read by anything but plain convolutions of constant weights.
    """
    graph = model.graph
    readers = [node for node in graph.node if graph.input[0].name in node.input]
    weights = dict(_weights(graph, node) for node in readers)
    for name, values in weights.items():
        folded = np.ascontiguousarray(values[:, ::-1] * np.float32(BYTE_SCALE))
        graph.initializer.append(numpy_helper.from_array(folded, f"{name}_folded"))
    for node in readers:
        node.input[1] = f"{node.input[1]}_folded"
    _drop_unread(graph, list(weights))


def _weights(graph: onnx.GraphProto, node: onnx.NodeProto) -> tuple[str, NDArray[np.float32]]:
    """Give the name and the values of a first convolution's weights, (out, 3, height, width)."""
    name = node.input[1] if node.op_type == "Conv" else ""
    cast = next((n for n in graph.node if n.op_type == "Cast" and n.output[0] == name), None)
    source = cast.input[0] if cast is not None else name
    found = next((t for t in graph.initializer if t.name == source), None)
    if found is None or list(found.dims)[1:2] != [3]:
        raise CannotFold(f"{node.op_type} {node.name}")
    return name, numpy_helper.to_array(found).astype(np.float32)


def _drop_unread(graph: onnx.GraphProto, names: Sequence[str]) -> None:
    """Remove the tensors of these names, and the casts that made them, if nothing reads them."""
    kept = [n for n in graph.node if n.op_type != "Cast" or n.output[0] not in names]
    read = {name for node in kept for name in node.input}
    tensors = [t for t in graph.initializer if t.name in read]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(kept)
    graph.initializer.extend(tensors)
