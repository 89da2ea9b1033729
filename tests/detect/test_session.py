"""Opening a model: where it runs, what happens when an accelerator fails, and OpenVINO's check."""

import logging
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from detect.detector import Detector
from detect.golden import golden_picture
from detect.manifest import OutputLayout, UnusableModel, read_manifest
from detect.openvino_session import TOLERANCE, check_agreement
from detect.provider import Provider
from detect.session import DoesNotLoad, OnnxSession, RunFailed
from tests.detect.colour_model import picture, write_model

RED = (0, 0, 255)
SHAPE = (64, 96)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_model(tmp_path / "model", shape=SHAPE)


class Answering:
    """A simulated way of running a model: it gives the processor's answer, moved by `error`."""

    def __init__(self, model: Path, *, error: float, provider: Provider) -> None:
        self._real = OnnxSession(model / "model.onnx", threads=1, providers=(Provider.CPU,))
        self._error = error
        self.provider, self.passed_over = provider, ()

    def run(self, batch: np.ndarray) -> np.ndarray:
        answer = self._real.run(batch).copy()
        answer[:, 4:, 1] += self._error
        return answer


def test_a_computer_without_an_accelerator_runs_models_on_its_processor(model: Path) -> None:
    detector = Detector(model)

    assert detector.provider is Provider.CPU
    assert detector.passed_over == ()


@pytest.mark.parametrize("asked", [Provider.CUDA, Provider.TENSORRT])
def test_an_accelerator_that_is_not_there_is_passed_over_and_said(model, asked, caplog) -> None:
    if asked.name in " ".join(onnxruntime.get_available_providers()).upper():
        pytest.skip(f"this machine's onnxruntime has {asked.value}")
    frame = picture()
    frame[32:64, 64:96] = RED

    with caplog.at_level(logging.WARNING):
        detector = Detector(model, provider=asked)

    assert detector.provider is Provider.CPU
    assert [(p.provider, "built without" in p.reason) for p in detector.passed_over] == [
        (asked, True)
    ]
    assert "不能运行" in caplog.text
    assert len(detector.detect(frame)) == 1


def test_an_accelerator_that_breaks_off_hands_its_frame_to_the_processor(model, caplog) -> None:
    session = OnnxSession(model / "model.onnx", threads=1, providers=(Provider.CPU,))
    batch = np.zeros((1, 3, *SHAPE), np.float32)
    expected = session.run(batch)
    session.provider, session._queue = Provider.CUDA, (Provider.CPU,)
    session._session = OnDeviceThatIsGone()

    with caplog.at_level(logging.WARNING):
        answer = session.run(batch)

    np.testing.assert_array_equal(answer, expected)
    assert session.provider is Provider.CPU
    assert "device is gone" in session.passed_over[0].reason
    assert "device is gone" in caplog.text


class OnDeviceThatIsGone:
    """A simulated session on a device that was pulled out."""

    def run(self, names, given, how):
        from onnxruntime.capi import onnxruntime_pybind11_state as failures

        raise failures.Fail("the device is gone\nat line 1")


def test_a_run_that_the_processor_refuses_is_a_named_error(model: Path) -> None:
    session = OnnxSession(model / "model.onnx", threads=1, providers=(Provider.CPU,))

    with pytest.raises(RunFailed, match=r"model\.onnx"):
        session.run(np.zeros((1, 3, 7, 7), np.float32))


def test_a_file_that_no_provider_reads_is_a_named_error(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"no model")

    with pytest.raises(DoesNotLoad, match="无法加载"):
        OnnxSession(tmp_path / "model.onnx", threads=1, providers=(Provider.CPU,))


def test_every_installation_draws_the_same_golden_picture() -> None:
    first, second = (golden_picture(height=64, width=96) for _ in range(2))

    np.testing.assert_array_equal(first, second)
    assert first.std() > 20


@pytest.mark.parametrize(
    ("error", "agrees"), [(0.0, True), (0.02, True), (-0.1, False), (np.nan, False)]
)
def test_another_way_of_running_a_model_is_believed_only_if_it_agrees(
    model: Path, error, agrees
) -> None:
    given = {
        "shape": SHAPE,
        "checked": Answering(model, error=error, provider=Provider.OPENVINO),
        "reference": Answering(model, error=0.0, provider=Provider.CPU),
    }

    if agrees:
        found = check_agreement(model, read_manifest(model), **given)
        assert found == pytest.approx(abs(error), abs=1e-6)
    else:
        with pytest.raises(UnusableModel, match="use cpu"):
            check_agreement(model, read_manifest(model), **given)


def test_openvino_that_is_not_installed_is_refused_with_what_to_install(model: Path) -> None:
    try:
        import openvino  # noqa: F401
    except ImportError:
        with pytest.raises(UnusableModel, match=r"xunhuan\[openvino\]"):
            Detector(model, provider=Provider.OPENVINO)
    else:
        pytest.skip("openvino is installed here")


@pytest.mark.parametrize("layout", list(OutputLayout))
def test_openvino_sees_what_onnxruntime_sees(tmp_path: Path, layout) -> None:
    pytest.importorskip("openvino", reason="the openvino extra is not installed")
    folder = write_model(tmp_path, shape=SHAPE, batch=None, layout=layout)
    frames = [picture() for _ in range(3)]
    for index, frame in enumerate(frames):
        frame[:32, : 32 * index] = RED

    theirs = Detector(folder, provider=Provider.OPENVINO)
    ours = Detector(folder, provider=Provider.CPU)

    assert theirs.provider is Provider.OPENVINO
    for found, expected in zip(theirs.detect_batch(frames), ours.detect_batch(frames), strict=True):
        np.testing.assert_allclose(found.xyxy, expected.xyxy, atol=0.5)
        np.testing.assert_allclose(found.score, expected.score, atol=TOLERANCE)
