"""Turn a checkpoint into an ONNX file and check that both say the same."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from ultralytics import YOLO

from models.errors import ModelsError
from models.export.fold import fold_pixels

OPSET: Final = 17
SMALL_TENSOR: Final = 64
PARITY_TOLERANCE: Final = 0.02


class ExportDiffers(ModelsError):
    """The ONNX file does not answer as its checkpoint does."""

    def __init__(self, difference: float) -> None:
        super().__init__(
            f"导出的 ONNX 与检查点得分相差 {difference:.4f}（上限 {PARITY_TOLERANCE}），请勿使用",
            f"exported scores differ by {difference:.4f} from the checkpoint "
            f"(limit {PARITY_TOLERANCE}); do not use the file",
        )
        self.difference = difference


def export_onnx(checkpoint: Path, target: Path) -> Path:
    """Write a checkpoint as ONNX: any batch, any height and width that are multiples of 32.

    The model takes frames as they are decoded (`models/export/fold.py`). Convolution weights are
    stored in half precision and widened when a session is made, which halves the file; computing
    stays in single precision.
    """
    with tempfile.TemporaryDirectory() as folder:
        # The exporter writes beside its input.
        copy = Path(folder) / "model.pt"
        shutil.copy(checkpoint, copy)
        written = YOLO(str(copy)).export(
            format="onnx", opset=OPSET, simplify=True, dynamic=True, device="cpu", verbose=False
        )
        graph = onnx.load(written)
    _halve_weights(graph)
    fold_pixels(graph)
    onnx.checker.check_model(graph)
    onnx.save(graph, str(target))
    return target


def _halve_weights(model: onnx.ModelProto) -> None:
    graph = model.graph
    filters = {node.input[1] for node in graph.node if node.op_type == "Conv"}
    kept, casts = [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.name not in filters or values.size < SMALL_TENSOR:
            kept.append(tensor)
            continue
        half = f"{tensor.name}_half"
        kept.append(numpy_helper.from_array(values.astype(np.float16), half))
        casts.append(helper.make_node("Cast", [half], [tensor.name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)
    # The exporter leaves paths and dates there, which are nobody's business.
    del model.metadata_props[:]


def largest_score_difference(
    checkpoint: Path, exported: Path, inputs: Sequence[NDArray[np.float32]]
) -> float:
    """Return how far scores of checkpoint and ONNX file lie apart at most.

    Args:
        inputs: (1, 3, height, width) float32, RGB, 0 to 1, as the checkpoint takes them.

    Raises:
        ExportDiffers: they lie further apart than `PARITY_TOLERANCE`.
    """
    model = torch.load(checkpoint, map_location="cpu", weights_only=False)["model"].float().eval()
    session = onnxruntime.InferenceSession(str(exported), providers=["CPUExecutionProvider"])
    largest = 0.0
    for array in inputs:
        with torch.no_grad():
            expected = model(torch.from_numpy(array))[0].numpy()
        decoded = np.ascontiguousarray(array[:, ::-1] * np.float32(255))
        found = session.run(None, {session.get_inputs()[0].name: decoded})[0]
        largest = max(largest, float(np.abs(expected[:, 4:] - found[:, 4:]).max()))
    if largest > PARITY_TOLERANCE:
        raise ExportDiffers(largest)
    return largest
