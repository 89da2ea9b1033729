"""A shipped package becomes a checkpoint again; runs where the training extra is installed."""

# ruff: noqa: E402 (imports follow the check that the training extra is there)

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the training extra is not installed")
pytest.importorskip("ultralytics", reason="the training extra is not installed")

import onnx

from detect.detector import Detector
from detect.manifest import Precision, UnusableModel, read_manifest
from models.dataset.labelled_pictures import NONE, Picture
from models.training.checkpoint import UnusableCheckpoint, read_checkpoint
from models.training.restore import checkpoint_of, model_of

# Torch and its companions warn of their own affairs.
pytestmark = pytest.mark.filterwarnings("default")

SHIPPED = Path(__file__).parents[2] / "models" / "weights" / "street-n"
SHAPE = (384, 640)


def road(seed: int) -> np.ndarray:
    """A frame of the default shape, (384, 640, 3) BGR, with a dark patch on grey."""
    rng = np.random.default_rng(seed)
    image = rng.normal(120, 12, (*SHAPE, 3)).clip(0, 255).astype(np.uint8)
    cv2.ellipse(image, (320, 260), (70, 30), 0, 0, 360, (40, 45, 50), -1)
    return image


def as_input(image: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(image[..., ::-1].copy()).permute(2, 0, 1)[None].float() / 255


@pytest.fixture
def frames(tmp_path: Path) -> list[Picture]:
    pictures = []
    for seed in range(6):
        cv2.imwrite(str(tmp_path / f"{seed}.png"), road(seed))
        pictures.append(
            Picture(
                path=tmp_path / f"{seed}.png",
                source="road",
                group="",
                known=frozenset(),
                boxes=NONE[0],
                labels=NONE[1],
                ignored_boxes=NONE[0],
                ignored_labels=NONE[1],
            )
        )
    return pictures


def best_scores(model: torch.nn.Module, image: np.ndarray) -> np.ndarray:
    with torch.inference_mode():
        return model.eval()(as_input(image))[0][0, 4:].amax(1).numpy()


def test_a_restored_model_says_what_the_package_says() -> None:
    model = model_of(SHIPPED)
    detector = Detector(SHIPPED, shape=SHAPE, floor=0.0001, precision=Precision.FP32)
    frame = road(1)

    found = detector.detect(frame)

    best = best_scores(model, frame)
    assert tuple(model.names.values()) == detector.labels
    for i in range(len(detector.labels)):
        mine = found.score[found.label == i]
        if len(mine):
            assert mine.max() == pytest.approx(best[i], abs=0.01)


def test_measuring_normalisation_anew_changes_no_answer(
    frames: list[Picture], tmp_path: Path
) -> None:
    plain = best_scores(model_of(SHIPPED), road(9))

    written = checkpoint_of(SHIPPED, frames, tmp_path / "start.pt")

    model, progress, _ = read_checkpoint(written)
    assert progress.epoch == 0
    assert best_scores(model, road(9)) == pytest.approx(plain, abs=1e-3)


def test_a_restored_model_answers_in_training_much_as_in_use(
    frames: list[Picture], tmp_path: Path
) -> None:
    model = read_checkpoint(checkpoint_of(SHIPPED, frames, tmp_path / "start.pt"))[0]
    batch = torch.cat([as_input(cv2.imread(str(p.path))) for p in frames])

    with torch.inference_mode():
        used = model.eval()(batch)[1]["scores"]
        training = model.train()(batch)["scores"]

    assert (training - used).abs().mean() < 0.5


def test_a_package_whose_hash_does_not_fit_is_not_restored(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "broken")
    with (tmp_path / "broken" / "model.onnx").open("ab") as file:
        file.write(b"0")

    with pytest.raises(UnusableModel, match="hash"):
        model_of(tmp_path / "broken")


def test_a_model_of_another_make_is_refused(tmp_path: Path) -> None:
    import hashlib

    folder = tmp_path / "other"
    shutil.copytree(SHIPPED, folder)
    graph = onnx.load(folder / "model.onnx")
    for node in graph.graph.node:
        node.input[:] = [name.replace("model.0.conv", "stem.conv") for name in node.input]
    for tensor in graph.graph.initializer:
        tensor.name = tensor.name.replace("model.0.conv", "stem.conv")
    onnx.save(graph, folder / "model.onnx")
    manifest = read_manifest(SHIPPED).model_copy(
        update={
            "sha256": hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest(),
            "int8": None,
        }
    )
    (folder / "manifest.json").write_text(manifest.model_dump_json())

    with pytest.raises(UnusableCheckpoint, match="only YOLO11"):
        model_of(folder)
