"""Training on partly labelled sets; runs where the training extra is installed."""

# ruff: noqa: E402 (imports follow the check that the training extra is there)

import json
import sys
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the training extra is not installed")
pytest.importorskip("ultralytics", reason="the training extra is not installed")

from ultralytics.nn.tasks import DetectionModel

from models.corpus.recipe import Recipe, read_recipe
from models.dataset.labelled_pictures import Picture
from models.dataset.labels import STREET_LABELS
from models.export.export import export_onnx, largest_score_difference
from models.training.checkpoint import UnusableCheckpoint, read_checkpoint, start_model
from models.training.device import Device, NoSuchDevice, Processor
from models.training.partial_loss import PartialLabels
from models.training.train import train

# Torch and its companions warn of their own affairs.
pytestmark = pytest.mark.filterwarnings("default")

SIX = ("pothole", "road_crack", "garbage_pile", "bin", "bin_overflow", "litter")
RECIPE = Path(__file__).parents[2] / "models" / "street-n.toml"


@pytest.fixture(scope="module")
def six_classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(3)
    path = tmp_path_factory.mktemp("start") / "six.pt"
    model = DetectionModel("yolo11n.yaml", nc=6, verbose=False)
    model.names = dict(enumerate(SIX))
    torch.save({"model": model}, path)
    return path


@pytest.fixture
def one_bin(tmp_path: Path) -> tuple[Picture, ...]:
    image = np.full((64, 64, 3), 90, np.uint8)
    image[16:48, 16:48] = (40, 160, 40)
    cv2.imwrite(str(tmp_path / "bin.png"), image)
    picture = Picture(
        path=tmp_path / "bin.png",
        source="garbage-bin-overflow-cn",
        group="",
        known=frozenset({"asset.bin"}),
        boxes=np.array([[0.25, 0.25, 0.75, 0.75]], np.float32),
        labels=np.array([STREET_LABELS.index("asset.bin")]),
        ignored_boxes=np.array([[0.0, 0.0, 0.2, 0.2]], np.float32),
        ignored_labels=np.array([STREET_LABELS.index("traffic.person")]),
    )
    return (picture,) * 4


def quick(epochs: int) -> Recipe:
    changes = {"epochs": epochs, "batch": 2, "shapes": ((64, 64),), "freeze": 10}
    return read_recipe(RECIPE).model_copy(update=changes)


def test_a_class_nobody_labelled_there_costs_nothing_when_absent() -> None:
    loss = PartialLabels()
    loss.weight = torch.tensor([[[1.0, 0.0]]])
    logits = torch.full((1, 1, 2), 3.0)

    absent = loss(logits, torch.zeros(1, 1, 2))
    present = loss(logits, torch.ones(1, 1, 2))

    assert absent[0, 0, 0] > 0
    assert absent[0, 0, 1] == 0
    assert present[0, 0, 1] > 0


def test_a_model_learns_new_classes_without_forgetting_the_old(six_classes: Path) -> None:
    old = torch.load(six_classes, weights_only=False)["model"].state_dict()

    wide = start_model(six_classes, STREET_LABELS)

    name = "model.23.cv3.0.2.weight"
    assert wide.state_dict()[name].shape[0] == len(STREET_LABELS)
    assert torch.equal(wide.state_dict()[name][:6], old[name])
    assert torch.equal(wide.state_dict()["model.0.conv.weight"], old["model.0.conv.weight"])


def test_a_drone_s_model_takes_over_the_one_class_it_shares(six_classes: Path) -> None:
    old = torch.load(six_classes, weights_only=False)["model"].state_dict()

    narrow = start_model(six_classes, ("traffic.vehicle", "sanitation.litter"))

    name = "model.23.cv3.1.2.weight"
    assert tuple(narrow.names.values()) == ("traffic.vehicle", "sanitation.litter")
    assert torch.equal(narrow.state_dict()[name][1], old[name][SIX.index("litter")])
    assert not torch.equal(narrow.state_dict()[name][0], old[name][0])


def test_a_file_that_holds_no_detector_is_refused_by_name(tmp_path: Path) -> None:
    torch.save({"weights": 1}, tmp_path / "other.pt")

    with pytest.raises(UnusableCheckpoint, match=r"other\.pt.*没有检测模型"):
        start_model(tmp_path / "other.pt", STREET_LABELS)
    with pytest.raises(UnusableCheckpoint, match="there is no such file"):
        start_model(tmp_path / "none.pt", STREET_LABELS)


def test_a_checkpoint_of_another_version_says_to_start_from_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = ModuleType("models.gone")
    gone.Branch = type("Branch", (), {"__module__": "models.gone", "__qualname__": "Branch"})
    monkeypatch.setitem(sys.modules, "models.gone", gone)
    torch.save({"model": gone.Branch()}, tmp_path / "older.pt")
    monkeypatch.delitem(sys.modules, "models.gone")

    with pytest.raises(UnusableCheckpoint, match="another version or program wrote it"):
        start_model(tmp_path / "older.pt", STREET_LABELS)


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_who_asks_for_a_gpu_where_there_is_none_is_told_so() -> None:
    with pytest.raises(NoSuchDevice, match="--device cpu"):
        Device.chosen(Processor.CUDA, half=True, threads=1)

    assert Device.chosen(Processor.AUTO, half=False, threads=1).kind == "cpu"


def test_a_training_says_what_it_ran_on_and_draws_its_course(
    six_classes: Path, one_bin: tuple[Picture, ...], tmp_path: Path
) -> None:
    recipe = quick(2).model_copy(update={"half": True, "mosaic": 1.0, "batch": 4, "workers": 2})

    last = train(
        one_bin,
        recipe,
        start=six_classes,
        out=tmp_path,
        resume=False,
        report=lambda _: None,
        held_out=one_bin,
        processor=Processor.CPU,
    )

    epochs = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [sorted(epoch["ap50"]) for epoch in epochs] == [["asset.bin"]] * 2
    assert "bfloat16" in torch.load(last, weights_only=False)["progress"]["device"]
    drawn = (tmp_path / "curves.svg").read_text(encoding="utf-8")
    assert "asset.bin" in drawn
    assert drawn.count("<polyline") == 4


def test_a_stopped_training_goes_on_and_its_export_answers_alike(
    six_classes: Path, one_bin: tuple[Picture, ...], tmp_path: Path
) -> None:
    out, lines = tmp_path / "run", []

    first = train(one_bin, quick(1), start=six_classes, out=out, resume=False, report=lines.append)
    stopped_at = read_checkpoint(first)[1].epoch
    last = train(one_bin, quick(2), start=six_classes, out=out, resume=True, report=lines.append)
    exported = export_onnx(last, tmp_path / "model.onnx")

    assert (stopped_at, read_checkpoint(last)[1].epoch) == (1, 2)
    assert len((out / "log.jsonl").read_text().splitlines()) == 2
    picture = np.full((1, 3, 64, 96), 0.4, np.float32)
    assert largest_score_difference(last, exported, [picture]) < 0.02
