"""Make a checkpoint out of a shipped package again, to go on training or to add a class.

An exported model has its batch normalisation folded into the convolutions, so what the
normalisation measured is gone. It is measured anew on pictures, and set such that the function
stays the same in evaluation and close to it in training.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from ultralytics.nn.tasks import DetectionModel

from detect.manifest import ChannelOrder, Manifest, read_manifest
from models.corpus.augment import still_views
from models.corpus.batches import LONGEST_PX, stacked
from models.dataset.labelled_pictures import Picture
from models.pictures.image import read_image
from models.training.checkpoint import (
    Progress,
    UnusableCheckpoint,
    prepared,
    read_checkpoint,
    with_outputs,
    write_checkpoint,
)

BYTE: Final = 255.0
AT_ONCE: Final = 16
MEASURED: Final = 160
LEAST_VARIANCE: Final = 1e-6
SIZES: Final[Mapping[int, str]] = {16: "yolo11n.yaml", 32: "yolo11s.yaml"}
"""Architecture by the channels of its first layer."""
FIRST: Final = "model.0.conv.weight"
HIDDEN: Final = "model.23.cv3.0.2.weight"

Weights = Mapping[str, NDArray[np.float32]]


def restore(folder: Path, pictures: Sequence[Picture]) -> DetectionModel:
    """Return the model of a package as one that can be trained.

    Args:
        folder: a package with a YOLO11 n or s model that our export wrote.
        pictures: what normalisation is measured on; without any the model can be evaluated and
            built upon, but must not be trained itself.

    Raises:
        UnusableModel: the package is not whole.
        UnusableCheckpoint: its model is of another architecture.
    """
    manifest = read_manifest(folder)
    weights = _weights(folder / manifest.file, manifest)
    model = _empty(folder, weights, manifest.labels)
    _fill(model, weights)
    if pictures:
        _measure_normalisation(model, pictures, shape=manifest.input.shapes[0])
    return prepared(model, manifest.labels)


def model_of(path: Path) -> DetectionModel:
    """Return the model of a package's folder or of a checkpoint, to be built upon.

    Raises:
        UnusableModel, UnusableCheckpoint: there is none that can be built upon.
    """
    return restore(path, ()) if path.is_dir() else read_checkpoint(path)[0]


def checkpoint_of(folder: Path, pictures: Sequence[Picture], target: Path) -> Path:
    """Write a package's model as a checkpoint that a training can start from.

    Args:
        pictures: training pictures; some hundred of them, evenly spread, measure normalisation.

    Raises:
        UnusableModel, UnusableCheckpoint: the package cannot be restored.
    """
    few = pictures[:: max(1, len(pictures) // MEASURED)]
    model = restore(folder, few)
    write_checkpoint(target, model=model, progress=Progress(), going_on={})
    return target


def _weights(path: Path, manifest: Manifest) -> Weights:
    """Read convolution weights and biases by parameter name, for RGB between 0 and 1."""
    graph = onnx.load(path).graph
    tensors = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    halves = {n.output[0]: n.input[0] for n in graph.node if n.op_type == "Cast"}
    found = {}
    for node in (n for n in graph.node if n.op_type == "Conv"):
        for name in node.input[1:]:
            parameter = name.removesuffix("_folded")
            values = tensors.get(halves.get(name, name))
            if values is not None:
                found[parameter] = values.astype(np.float32)
    if FIRST in found:
        order = slice(None, None, -1 if manifest.input.channels is ChannelOrder.BGR else 1)
        found[FIRST] = found[FIRST][:, order] * np.float32(manifest.input.scale * BYTE)
    return found


def _empty(folder: Path, weights: Weights, labels: Sequence[str]) -> DetectionModel:
    known = FIRST in weights and HIDDEN in weights and len(weights[FIRST]) in SIZES
    if not known:
        raise UnusableCheckpoint(
            folder,
            "只能还原本程序导出的 YOLO11 n、s；加过类别的包请从原包重新加",
            "only YOLO11 n and s of our own export can be restored; "
            "add classes to the package they were added to",
        )
    hidden = weights[HIDDEN].shape[1]
    # The class branch's width follows from the number of classes it was first made for.
    model = DetectionModel(SIZES[len(weights[FIRST])], nc=hidden, verbose=False).eval()
    return with_outputs(model, len(labels))


def _fill(model: DetectionModel, weights: Weights) -> None:
    """Set every convolution; its normalisation passes values on, but for the bias."""
    with torch.no_grad():
        for name, module in model.named_modules():
            if isinstance(module, torch.nn.Conv2d) and f"{name}.bias" in weights:
                module.weight.copy_(torch.from_numpy(weights[f"{name}.weight"].copy()))
                bias = torch.from_numpy(weights[f"{name}.bias"].copy())
                if module.bias is not None:
                    module.bias.copy_(bias)
                    continue
                norm = model.get_submodule(name.removesuffix("conv") + "bn")
                norm.running_mean.zero_()
                norm.running_var.fill_(1 - norm.eps)
                norm.weight.fill_(1.0)
                norm.bias.copy_(bias)


def _measure_normalisation(
    model: DetectionModel, pictures: Sequence[Picture], *, shape: tuple[int, int]
) -> None:
    """Give each normalisation the mean and variance of what reaches it."""
    norms = {
        name: model.get_submodule(name.removesuffix("conv") + "bn")
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Conv2d)
        and name.endswith(".conv")
        and module.bias is None
        and "dfl" not in name
    }
    with _watching(model, norms) as sums, torch.inference_mode():
        for i in range(0, len(pictures), AT_ONCE):
            model(_input(pictures[i : i + AT_ONCE], shape))
    with torch.no_grad():
        for name, norm in norms.items():
            count, total, squares = sums[name]
            mean = total / count
            variance = (squares / count - mean**2).clamp(min=LEAST_VARIANCE)
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(variance)
            norm.weight.copy_((variance + norm.eps).sqrt())
            norm.bias.copy_(norm.bias.double() + mean)


@contextmanager
def _watching(
    model: DetectionModel, names: Mapping[str, torch.nn.Module]
) -> Iterator[Mapping[str, list[torch.Tensor]]]:
    """Sum count, values and squares per channel of the convolutions named, while it lasts."""
    sums = {name: [torch.zeros(()), torch.zeros(()), torch.zeros(())] for name in names}

    def watch(name: str) -> torch.utils.hooks.RemovableHandle:
        def add(_: object, __: object, output: torch.Tensor) -> None:
            values = output.double()
            parts = (
                torch.tensor(values.numel() / values.shape[1]),
                values.sum((0, 2, 3)),
                (values * values).sum((0, 2, 3)),
            )
            sums[name] = [old + new for old, new in zip(sums[name], parts, strict=True)]

        return model.get_submodule(name).register_forward_hook(add)

    hooks = [watch(name) for name in names]
    try:
        yield sums
    finally:
        for hook in hooks:
            hook.remove()


def _input(pictures: Sequence[Picture], shape: tuple[int, int]) -> torch.Tensor:
    height, width = shape
    views = [
        still_views(p, read_image(p.path, longest=LONGEST_PX), height=height, width=width, zoom=1)[
            0
        ]
        for p in pictures
    ]
    return torch.from_numpy(stacked(views)[0]).float() / BYTE
