"""An ONNX model that names what a frame shows."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detect.box import Letterbox, area
from detect.contract import batch_depth, check_shape
from detect.decode import Candidates, Reading, UnusableOutput, decode
from detect.detections import Detections
from detect.letterbox import InputTensor
from detect.manifest import Manifest, Precision, UnusableModel, read_manifest
from detect.openvino_session import OpenvinoSession, check_agreement
from detect.pixels import RawImage
from detect.provider import Provider, has_integer_dot_products
from detect.session import DoesNotLoad, OnnxSession, PassedOver, Session, providers_here

DEFAULT_FLOOR: Final = 0.05
"""Lowest score handed on: far below every filing threshold, for tracks and for what occludes."""

MOST_AT_ONCE: Final = 8
"""Frames of one batch: more gain nothing on a small computer and cost memory."""


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
        provider: Provider | None = None,
        seldom: bool = False,
    ) -> None:
        """Load a model.

        Args:
            folder: holds `manifest.json` and the ONNX files it names.
            threads: processor threads of one run; results depend on it in the last digits only.
            shape: (height, width) of the input, one of the manifest's; its first if not given.
            floor: lowest raw score that is handed on, 0 to 1.
            precision: what to compute in; what this machine runs best if not given: int8 where
                the model has it at this shape and a processor of integer dot products runs it.
            provider: where to run; the quickest that onnxruntime has here if not given. One that
                fails is passed over for the processor, see `passed_over`.
            seldom: it looks now and then only, and gives its memory back after each look.

        Raises:
            UnusableModel: the folder, the file or its inputs and outputs do not fit the manifest.
        """
        self.manifest: Manifest = read_manifest(folder)
        self.labels: tuple[str, ...] = self.manifest.labels
        self.shape: tuple[int, int] = shape or self.manifest.input.shapes[0]
        check_shape(folder, self.manifest, self.shape)
        providers = providers_here(provider)
        self.precision: Precision = precision or _quickest(self.manifest, self.shape, providers[0])
        _check_precision(folder, self.manifest, self.shape, self.precision)
        self._seldom = seldom
        self._tensor = InputTensor(self.shape, part=self.manifest.input)
        self._session, self._depth = self._open(folder, threads, providers)
        self._reading = Reading(
            layout=self.manifest.output,
            classes=len(self.labels),
            floor=floor,
            iou=self.manifest.suppression_iou,
            most=self.manifest.max_detections,
        )
        self._slope, self._offset = _calibration(self.manifest)

    @property
    def provider(self) -> Provider:
        """Where the model runs."""
        return self._session.provider

    @property
    def passed_over(self) -> tuple[PassedOver, ...]:
        """The providers that do not run the model here, and why."""
        return self._session.passed_over

    def _open(
        self, folder: Path, threads: int, providers: Sequence[Provider]
    ) -> tuple[Session, int | None]:
        """Open the model file where it shall run; give its fixed batch size, if it has one."""
        path = folder / self.manifest.file_of(self.precision)
        elsewhere = providers[0] is Provider.OPENVINO
        here = (Provider.CPU,) if elsewhere else providers
        try:
            opened = OnnxSession(path, threads=threads, providers=here, seldom=self._seldom)
        except DoesNotLoad as error:
            raise UnusableModel(folder, error.zh, error.en) from error
        depth = batch_depth(
            folder, self.manifest, shape=self.shape, inputs=opened.inputs, outputs=opened.outputs
        )
        if elsewhere:
            compiled = OpenvinoSession(path, shape=self.shape, threads=threads)
            check_agreement(
                folder, self.manifest, shape=self.shape, checked=compiled, reference=opened
            )
            return compiled, 1
        if opened.provider is not Provider.CPU:
            # An accelerator shows at its first run whether it works, and builds its engine then.
            self._tensor.reserve(depth or 1)
            opened.run(self._tensor.array)
        return opened, depth

    def detect(self, image: RawImage) -> Detections:
        """Find what one frame shows, best first.

        Raises:
            UnusableFrame: the frame is no picture.
            UnusableOutput: the model answered NaN or another shape than its manifest says.
            RunFailed: the run broke off.
        """
        return self.detect_batch((image,))[0]

    def detect_batch(self, images: Sequence[RawImage]) -> tuple[Detections, ...]:
        """Find what several frames show; they may differ in size.

        Raises:
            UnusableFrame: a frame is no picture.
            UnusableOutput: the model answered NaN or another shape than its manifest says.
            RunFailed: the run broke off.
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
        if self._seldom:
            self._tensor.release()
        return tuple(found)

    def input_scale(self, image: RawImage) -> float:
        """Give the model-input pixels per pixel of the frame."""
        return Letterbox.fit((image.shape[0], image.shape[1]), self.shape).scale

    def _run(self, frames: int) -> NDArray[np.float32]:
        # A model of fixed batch size runs full; what unused slots hold is not read.
        batch = self._tensor.array[: self._depth or frames]
        output = self._session.run(batch)
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


def _quickest(manifest: Manifest, shape: tuple[int, int], provider: Provider) -> Precision:
    """Give the precision that runs best: on a processor of integer dot products, int8."""
    quick = provider is Provider.CPU and has_integer_dot_products()
    return Precision.INT8 if quick and manifest.offers(Precision.INT8, shape) else Precision.FP32


def _check_precision(
    folder: Path, manifest: Manifest, shape: tuple[int, int], precision: Precision
) -> None:
    if not manifest.offers(precision, shape):
        size = f"{shape[0]}x{shape[1]}"
        raise UnusableModel(
            folder,
            f"没有 {size} 的 {precision.value} 文件；请改用 fp32，或先量化模型",
            f"there is no {precision.value} file for {size}; use fp32, or quantise the model first",
        )
