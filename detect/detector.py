"""An ONNX model that names what a frame shows; the only place that runs onnxruntime."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as failures

from detect.box import Letterbox, area
from detect.decode import Candidates, Reading, UnusableOutput, decode
from detect.detections import Detections
from detect.letterbox import InputTensor
from detect.manifest import Manifest, OutputLayout, Precision, UnusableModel, read_manifest
from detect.pixels import RawImage
from detect.provider import has_integer_dot_products

DEFAULT_FLOOR: Final = 0.05
"""Lowest score handed on: far below every filing threshold, for tracks and for what occludes."""

MOST_AT_ONCE: Final = 8
"""Frames of one batch: more gain nothing on a small computer and cost memory."""

_LOAD_FAILURES: Final = (
    failures.Fail,
    failures.InvalidArgument,
    failures.InvalidGraph,
    failures.InvalidProtobuf,
    failures.NoModel,
    failures.NotImplemented,
    failures.RuntimeException,
)


class Detector:
    """A model folder, checked against its manifest and ready to run.

    One thread at a time: it reuses its input buffer. Two detectors may run side by side.
    """

    def __init__(
        self,
        folder: Path,
        *,
        threads: int = 2,
        shape: tuple[int, int] | None = None,
        floor: float = DEFAULT_FLOOR,
        precision: Precision | None = None,
    ) -> None:
        """Load a model.

        Args:
            folder: holds `manifest.json` and the ONNX file it names.
            threads: processor threads of one run; results depend on it in the last digits only.
            shape: (height, width) of the input, one of the manifest's; its first if not given.
            floor: lowest raw score that is handed on, 0 to 1.
            precision: what to compute in; what this machine runs best if not given: int8 where
                the model has it at this shape and the processor has integer dot products.

        Raises:
            UnusableModel: the folder, the file or its inputs and outputs do not fit the manifest.
        """
        self.manifest: Manifest = read_manifest(folder)
        self.labels: tuple[str, ...] = self.manifest.labels
        self.shape: tuple[int, int] = shape or self.manifest.input.shapes[0]
        if self.shape not in self.manifest.input.shapes:
            raise _differs(folder, "input.shapes", f"{self.manifest.input.shapes}", f"{self.shape}")
        self.precision: Precision = _precision(folder, self.manifest, self.shape, precision)
        self._session = _open(folder, self.manifest.file_of(self.precision), threads)
        self._depth = _check_input(self._session, folder, self.manifest, self.shape)
        self._output = _check_output(self._session, folder, self.manifest)
        self._tensor = InputTensor(self.shape, part=self.manifest.input)
        self._reading = Reading(
            layout=self.manifest.output,
            classes=len(self.labels),
            floor=floor,
            iou=self.manifest.suppression_iou,
            most=self.manifest.max_detections,
        )
        self._slope, self._offset = _calibration(self.manifest)

    def detect(self, image: RawImage) -> Detections:
        """Find what one frame shows, best first.

        Raises:
            UnusableFrame: the frame is no picture.
            UnusableOutput: the model answered NaN or another shape than its manifest says.
        """
        return self.detect_batch((image,))[0]

    def detect_batch(self, images: Sequence[RawImage]) -> tuple[Detections, ...]:
        """Find what several frames show; they may differ in size.

        Raises:
            UnusableFrame: a frame is no picture.
            UnusableOutput: the model answered NaN or another shape than its manifest says.
        """
        depth = self._depth or min(max(len(images), 1), MOST_AT_ONCE)
        self._tensor.reserve(depth)
        found: list[Detections] = []
        for start in range(0, len(images), depth):
            chunk = images[start : start + depth]
            fits = [self._tensor.fill(image, slot=slot) for slot, image in enumerate(chunk)]
            outputs = self._run(len(chunk))
            found += [
                self._detections(decode(output, self._reading), fit)
                for output, fit in zip(outputs, fits, strict=False)
            ]
        return tuple(found)

    def input_scale(self, image: RawImage) -> float:
        """Give the model-input pixels per pixel of the frame."""
        return Letterbox.fit((image.shape[0], image.shape[1]), self.shape).scale

    def _run(self, frames: int) -> NDArray[np.float32]:
        # A model of fixed batch size runs full; what unused slots hold is not read.
        batch = self._tensor.array[: self._depth or frames]
        answer = self._session.run([self._output], {self.manifest.input.name: batch})[0]
        output: NDArray[np.float32] = np.asarray(answer, np.float32)
        if output.ndim != 3 or output.shape[0] != len(batch):
            raise UnusableOutput(f"形状 {output.shape}", f"shape {output.shape}")
        return output

    def _detections(self, found: Candidates, fit: Letterbox) -> Detections:
        xyxy = fit.to_frame(found.xyxy)
        # A box that lies wholly in the padding shows nothing of the frame.
        real = area(xyxy) > 0
        score, label = np.clip(found.score[real], 0, 1), found.label[real]
        safe = np.clip(score.astype(np.float64), 1e-7, 1 - 1e-7)
        odds = self._slope[label] * np.log(safe / (1 - safe)) + self._offset[label]
        probability = (1 / (1 + np.exp(-odds))).astype(np.float32)
        return Detections(
            xyxy=xyxy[real], score=score, probability=probability, label=label, labels=self.labels
        )


def _calibration(manifest: Manifest) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    parts = [entry.calibration for entry in manifest.classes]
    return np.array([p.slope for p in parts]), np.array([p.offset for p in parts])


def _precision(
    folder: Path, manifest: Manifest, shape: tuple[int, int], asked: Precision | None
) -> Precision:
    """Give the asked precision if the model has it, or the one this processor runs best."""
    if asked is None:
        quick = manifest.offers(Precision.INT8, shape) and has_integer_dot_products()
        return Precision.INT8 if quick else Precision.FP32
    if not manifest.offers(asked, shape):
        size = f"{shape[0]}x{shape[1]}"
        raise UnusableModel(
            folder,
            f"没有 {size} 的 {asked.value} 文件；请改用 fp32，或先量化模型",
            f"there is no {asked.value} file for {size}; use fp32, or quantise the model first",
        )
    return asked


def _open(folder: Path, file: str, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Idle threads that spin take the processor from a second session (79 against 45 ms measured).
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(
            str(folder / file), options, providers=["CPUExecutionProvider"]
        )
    except _LOAD_FAILURES as error:
        said = str(error).splitlines()[0][:200]
        raise UnusableModel(
            folder, f"{file} 无法加载：{said}", f"{file} does not load: {said}"
        ) from error


def _check_input(
    session: onnxruntime.InferenceSession,
    folder: Path,
    manifest: Manifest,
    shape: tuple[int, int],
) -> int | None:
    """Check the model's input and give its fixed batch size, or None if any size runs."""
    inputs = session.get_inputs()
    names = [part.name for part in inputs]
    if names != [manifest.input.name]:
        raise _differs(folder, "input.name", manifest.input.name, f"{names}")
    dims, kind = list(inputs[0].shape), inputs[0].type
    if kind != "tensor(float)" or len(dims) != 4:
        raise _differs(folder, "input", "float (n, 3, h, w)", f"{kind} {dims}")
    for said, found in zip((3, *shape), dims[1:], strict=True):
        if isinstance(found, int) and found != said:
            raise _differs(folder, "input.shapes", f"(n, 3, {shape[0]}, {shape[1]})", f"{dims}")
    return dims[0] if isinstance(dims[0], int) else None


def _check_output(session: onnxruntime.InferenceSession, folder: Path, manifest: Manifest) -> str:
    """Check the model's first output and give its name."""
    first = session.get_outputs()[0]
    dims = list(first.shape)
    if first.type != "tensor(float)" or len(dims) != 3:
        raise _differs(folder, "output", "float (n, …, …)", f"{first.type} {dims}")
    axis, said = (1, 4 + len(manifest.classes))
    if manifest.output is OutputLayout.END_TO_END:
        axis, said = (2, 6)
    if isinstance(dims[axis], int) and dims[axis] != said:
        raise _differs(
            folder, "classes", f"{len(manifest.classes)} ({manifest.output.value})", f"{dims}"
        )
    return str(first.name)


def _differs(folder: Path, where: str, said: str, found: str) -> UnusableModel:
    return UnusableModel(
        folder,
        f"清单 {where} 是 {said}，模型文件是 {found}；请核对清单与权重",
        f"manifest {where} says {said}, the model file has {found}; check both",
    )
