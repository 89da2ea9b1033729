"""Which model a device patrols with: one whose card was measured on the very files it runs."""

import hashlib
import json
from pathlib import Path

import pytest

from detect.detector import Detector
from detect.manifest import Precision
from edge.opening import open_footage
from edge.pipeline import Pipeline
from edge.weights import NotActivated, activated, describe_model
from tests.edge import toy


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return toy.write_model(tmp_path / "model")


def restate(model: Path, **changes: object) -> None:
    card = json.loads((model / "card.json").read_text())
    (model / "card.json").write_text(json.dumps(card | changes))


def test_a_model_whose_card_speaks_of_it_may_patrol(model: Path) -> None:
    assert activated(model).name == "toy-colours"
    assert "toy-colours 1.0.0" in describe_model(model)


def test_a_model_without_a_card_may_not_patrol(model: Path) -> None:
    (model / "card.json").unlink()

    with pytest.raises(NotActivated, match="xunhuan-models card"):
        activated(model)


@pytest.mark.parametrize(
    "changes",
    [{"sha256": "0" * 64}, {"int8_sha256": "0" * 64}, {"version": "0.0.1"}, {"sha256": 7}],
)
def test_a_card_of_other_files_lets_no_model_patrol(
    model: Path, changes: dict[str, object]
) -> None:
    restate(model, **changes)

    with pytest.raises(NotActivated):
        activated(model)


def test_a_message_names_the_file_that_computed_not_its_twin(tmp_path: Path) -> None:
    folder = toy.write_model(tmp_path / "model")
    content = (folder / "model.onnx").read_bytes() + b"\x32\x04int8"
    (folder / "model-int8.onnx").write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text())
    twin = {"file": "model-int8.onnx", "sha256": hashlib.sha256(content).hexdigest()}
    manifest["int8"] = twin | {"shapes": manifest["input"]["shapes"]}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    video, track, camera = toy.write_drive(tmp_path / "drive")

    named = {
        precision: Pipeline(
            open_footage(
                video, telemetry=track, camera=camera, starts_at=None, explain=lambda zh, en: None
            ),
            Detector(folder, precision=precision),
            device="car-07",
        ).of.model.sha256
        for precision in Precision
    }

    assert named == {Precision.FP32: manifest["sha256"], Precision.INT8: twin["sha256"]}
