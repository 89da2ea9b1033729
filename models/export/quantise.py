"""Put a model's 8-bit file beside its first one, calibrated on real frames.

8 bits mean QDQ: weights signed with a scale per channel, activations unsigned with a scale per
tensor, both simulated by pairs of nodes that a runtime turns into integer kernels
(Jacob, B. et al. (2018). Quantization and training of neural networks for efficient
integer-arithmetic-only inference. CVPR).
"""

import hashlib
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)

from detect.letterbox import InputTensor
from detect.manifest import MANIFEST_FILE, Input, Manifest, Quantised, read_manifest
from models.corpus.corpus import RENDERED
from models.dataset.labelled_pictures import Picture
from models.errors import ModelsError
from models.export.float_parts import float_parts, name_nodes
from models.pictures.image import read_image

INT8_FILE: Final = "model-int8.onnx"
CALIBRATING: Final = 96
"""Most pictures: from a third of it on, ranges hardly change."""

FEWEST: Final = 8
"""Pictures below which a range would be one scene's."""

_PREPARED: Final = ("onnx.quant.pre_process", "onnxruntime.quant")
"""Tells the quantiser that `_prepared` has done what it would advise."""


class TooFewPictures(ModelsError):
    """There are not enough pictures to learn the range of activations from."""

    def __init__(self, found: int) -> None:
        super().__init__(
            f"校准用的真实照片只有 {found} 张，至少要 {FEWEST} 张训练照片",
            f"{found} real pictures to calibrate on; give at least {FEWEST} to train on",
        )
        self.found = found


def quantise(folder: Path, learnt: Sequence[Picture]) -> Manifest:
    """Write `model-int8.onnx` into a model folder and enter it in the manifest.

    The same files and pictures give the same bytes.

    Args:
        folder: holds `manifest.json` and the file of full precision.
        learnt: pictures the model was trained on; drawn ones are passed over, and what measures
            it, held-out and validation pictures, must not be among them.

    Returns:
        The manifest as written.

    Raises:
        UnusableModel: the folder does not hold what its manifest says.
        TooFewPictures: there are fewer than `FEWEST` real ones.
        NothingToQuantise: the network is all first and last convolutions.
    """
    manifest = read_manifest(folder)
    real = [picture for picture in learnt if picture.source != RENDERED]
    frames = _frames(spread(real, CALIBRATING), manifest.input)
    target = folder / INT8_FILE
    _write(folder / manifest.file, target, _Frames(manifest.input.name, frames))
    entry = Quantised(
        file=INT8_FILE,
        sha256=hashlib.sha256(target.read_bytes()).hexdigest(),
        shapes=manifest.input.shapes,
    )
    stated = manifest.model_copy(update={"int8": entry})
    (folder / MANIFEST_FILE).write_text(stated.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return stated


def spread(pictures: Sequence[Picture], count: int) -> tuple[Picture, ...]:
    """Choose up to `count` pictures: the sources in turns, and evenly over each source.

    Raises:
        TooFewPictures: there are fewer than `FEWEST`.
    """
    if len(pictures) < FEWEST:
        raise TooFewPictures(len(pictures))
    sources: dict[str, list[Picture]] = defaultdict(list)
    for picture in sorted(pictures, key=lambda p: (p.source, p.group, p.path.name)):
        sources[picture.source].append(picture)
    shares = _shares([len(rows) for rows in sources.values()], min(count, len(pictures)))
    return tuple(
        rows[(2 * turn + 1) * len(rows) // (2 * share)]
        for rows, share in zip(sources.values(), shares, strict=True)
        for turn in range(share)
    )


def _shares(sizes: Sequence[int], count: int) -> list[int]:
    shares = [0] * len(sizes)
    while sum(shares) < count:
        open_ = [i for i, size in enumerate(sizes) if shares[i] < size]
        for i in open_[: count - sum(shares)]:
            shares[i] += 1
    return shares


def _frames(pictures: Sequence[Picture], part: Input) -> Iterator[NDArray[np.float32]]:
    """Give each picture as the model would get it, in the manifest's shapes by turns."""
    for index, picture in enumerate(pictures):
        shape = part.shapes[index % len(part.shapes)]
        tensor = InputTensor(shape, part=part)
        tensor.fill(read_image(picture.path, longest=max(shape)))
        yield tensor.array


class _Frames(CalibrationDataReader):  # type: ignore[misc] # onnxruntime has no types
    """Frames one by one, as the quantiser asks for them."""

    def __init__(self, name: str, frames: Iterator[NDArray[np.float32]]) -> None:
        self._name, self._frames = name, frames

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """Give the next frame by input name, or None after the last."""
        frame = next(self._frames, None)
        return None if frame is None else {self._name: frame}


def _write(source: Path, target: Path, frames: CalibrationDataReader) -> None:
    """Quantise one file into another.

    Ranges are means over frames of each frame's least and greatest value: one odd frame does not
    widen them for all.
    """
    model = _prepared(onnx.load(source))
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        onnx.save(model, str(plain))
        quantize_static(
            plain,
            target,
            frames,
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            weight_type=QuantType.QInt8,
            activation_type=QuantType.QUInt8,
            calibrate_method=CalibrationMethod.MinMax,
            nodes_to_exclude=float_parts(model.graph),
            extra_options={"CalibMovingAverage": True},
        )
    written = onnx.load(target)
    del written.metadata_props[:]
    onnx.checker.check_model(written)
    onnx.save(written, str(target))


def _prepared(model: onnx.ModelProto) -> onnx.ModelProto:
    """Give every node a name and store weights as they are computed with."""
    graph = model.graph
    name_nodes(graph)
    stored = {tensor.name: tensor for tensor in graph.initializer}
    casts = [n for n in graph.node if n.op_type == "Cast" and n.input[0] in stored]
    for cast in casts:
        values = numpy_helper.to_array(stored[cast.input[0]]).astype(np.float32)
        graph.initializer.append(numpy_helper.from_array(values, cast.output[0]))
        graph.node.remove(cast)
    read = {name for node in graph.node for name in node.input}
    kept = [tensor for tensor in graph.initializer if tensor.name in read]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    model.metadata_props.add(key=_PREPARED[0], value=_PREPARED[1])
    return model
