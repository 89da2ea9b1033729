"""A model file run by OpenVINO: optional, asked for by name, and checked before it is believed.

On processors with bfloat16 it computes in that, in about half of onnxruntime's time at fp32.
"""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detect.golden import golden_picture
from detect.letterbox import InputTensor
from detect.manifest import Manifest, OutputLayout, UnusableModel
from detect.provider import Provider
from detect.session import PassedOver, RunFailed, Session

TOLERANCE: Final = 0.05
"""Largest difference of a score from onnxruntime's on the golden picture.

`street-n` in bfloat16 differs by 0.034 there; its mean AP50 on 189 held-out training pictures falls
by 0.06 points, that of its worst class by 1.4.
"""


class OpenvinoSession:
    """A model file compiled by OpenVINO for one frame of one size."""

    def __init__(self, path: Path, *, shape: tuple[int, int], threads: int) -> None:
        """Compile a model file for the processor.

        Raises:
            UnusableModel: OpenVINO is not installed, or cannot compile the file.
        """
        try:
            import openvino
        except ImportError as error:
            raise UnusableModel(
                path.parent,
                "没有安装 openvino；请安装 xunhuan[openvino]，或改用 onnxruntime",
                "openvino is not installed; install xunhuan[openvino] or use onnxruntime",
            ) from error
        self.provider, self.passed_over = Provider.OPENVINO, tuple[PassedOver, ...]()
        self._path = path
        wanted = {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"}
        core = openvino.Core()
        try:
            model = core.read_model(str(path))
            model.reshape([1, 3, *shape])
            self._compiled = core.compile_model(model, "CPU", wanted)
        except RuntimeError as error:
            said = str(error).strip().splitlines()[-1][:200]
            raise UnusableModel(
                path.parent, f"OpenVINO 无法编译：{said}", f"OpenVINO cannot compile it: {said}"
            ) from error

    def run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give the first output for one frame, (1, 3, height, width).

        Raises:
            RunFailed: the run broke off.
        """
        try:
            answer = self._compiled([batch])[0]
        except RuntimeError as error:
            raise RunFailed(self._path, str(error).strip()[:200]) from error
        return np.asarray(answer, np.float32)


def check_agreement(
    folder: Path,
    manifest: Manifest,
    *,
    shape: tuple[int, int],
    checked: Session,
    reference: Session,
) -> float:
    """Run the golden picture through both and give the largest difference of a score.

    Raises:
        UnusableModel: it exceeds `TOLERANCE`.
    """
    tensor = InputTensor(shape, part=manifest.input)
    tensor.fill(golden_picture(height=shape[0], width=shape[1]))
    said, right = (_scores(s.run(tensor.array), manifest.output) for s in (checked, reference))
    difference = float(np.abs(said - right).max(initial=0.0)) if said.shape == right.shape else 1.0
    if not difference <= TOLERANCE:
        raise UnusableModel(
            folder,
            f"{checked.provider.value} 的得分与 {reference.provider.value} 相差 "
            f"{difference:.3f}（上限 {TOLERANCE}）；请改用 {reference.provider.value}",
            f"scores of {checked.provider.value} and {reference.provider.value} differ by "
            f"{difference:.3f} (limit {TOLERANCE}); use {reference.provider.value}",
        )
    return difference


def _scores(output: NDArray[np.float32], layout: OutputLayout) -> NDArray[np.float32]:
    if layout is OutputLayout.END_TO_END:
        # Rows of almost equal score may change places.
        return np.sort(output[..., 4])
    return output[:, 4:]
