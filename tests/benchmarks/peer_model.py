"""The shipped model as its peers read models: RGB between 0 and 1, class names in its metadata."""

from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from detect.manifest import ChannelOrder, Input, read_manifest


def write_peer_model(folder: Path, target: Path, *, shape: tuple[int, int]) -> Path:
    """Write a model folder's file of full precision for ultralytics, which folds nothing.

    Scaling and channel order go back out of the first convolutions; nothing else is touched.
    """
    manifest = read_manifest(folder)
    model = onnx.load(folder / manifest.file)
    _unfold(model.graph, manifest.input)
    onnx.helper.set_model_props(
        model,
        {
            "task": "detect",
            "stride": "32",
            "batch": "1",
            "imgsz": str(list(shape)),
            "names": str(dict(enumerate(manifest.labels))),
        },
    )
    onnx.save(model, str(target))
    return target


def _unfold(graph: onnx.GraphProto, part: Input) -> None:
    factor = np.float32(1 / (part.scale * 255))
    if factor != 1 or part.channels is ChannelOrder.BGR:
        step = -1 if part.channels is ChannelOrder.BGR else 1
        for node in [n for n in graph.node if part.name in n.input]:
            tensor = next(t for t in graph.initializer if t.name == node.input[1])
            values = numpy_helper.to_array(tensor)[:, ::step] / factor
            tensor.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(values), tensor.name))
