"""A city adds a class of its own; runs where the training extra is installed."""

# ruff: noqa: E402 (imports follow the check that the training extra is there)

from pathlib import Path

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the training extra is not installed")
pytest.importorskip("ultralytics", reason="the training extra is not installed")

from ultralytics.nn.tasks import DetectionModel

from detect.detector import Detector
from detect.manifest import Precision
from models.dataset.labelled_pictures import Picture, hold_out
from models.errors import BrokenDataset
from models.export.export import export_onnx, largest_score_difference
from models.packaging.added_package import package_added
from models.registry.registry import verify
from models.training.add_class import Adding, AlreadyKnown, TooFewPhotos, add_class, photos_of
from models.training.checkpoint import UnusableCheckpoint, prepared, start_model
from models.training.device import Device, Processor
from models.training.restore import model_of

# Torch and its companions warn of their own affairs.
pytestmark = pytest.mark.filterwarnings("default")

SHIPPED = Path(__file__).parents[2] / "models" / "weights" / "street-n"
STALL = "street.stall"
ROUNDING = 1e-5
KNOWN = ("asset.bin", "sanitation.litter")
CPU = Device.chosen(Processor.CPU, half=False, threads=1)
QUICK = Adding(label=STALL, steps=3, shapes=((64, 64),), half=False)


@pytest.fixture
def model() -> DetectionModel:
    torch.manual_seed(5)
    return prepared(DetectionModel("yolo11n.yaml", nc=len(KNOWN), verbose=False), KNOWN)


@pytest.fixture
def stalls(tmp_path: Path) -> Path:
    """A folder in our layout: 24 photos of a stall, and one of an empty pavement."""
    for part in ("images", "labels"):
        (tmp_path / "photos" / "train" / part).mkdir(parents=True)
    (tmp_path / "photos" / "data.yaml").write_text(f"path: .\nnames:\n  0: {STALL}\n")
    for i in range(25):
        image = np.full((64, 64, 3), 90 + i, np.uint8)
        image[16:48, 16:48] = (40, 40, 200)
        cv2.imwrite(str(tmp_path / f"photos/train/images/{i:02}.png"), image)
        box = "" if i == 24 else "0 0.5 0.5 0.5 0.5\n"
        (tmp_path / f"photos/train/labels/{i:02}.txt").write_text(box)
    return tmp_path / "photos"


def frame() -> torch.Tensor:
    return torch.rand(1, 3, 96, 64, generator=torch.Generator().manual_seed(1))


def answers(model: DetectionModel) -> torch.Tensor:
    with torch.inference_mode():
        return model.eval()(frame())[0]


def test_a_new_class_changes_nothing_of_what_the_model_says_of_the_others(
    model: DetectionModel, stalls: Path, tmp_path: Path
) -> None:
    before = answers(model).clone()

    last = add_class(
        model, photos_of(stalls, STALL), (), QUICK, out=tmp_path, device=CPU, report=print
    )

    grown = torch.load(last, weights_only=False)["model"]
    assert tuple(grown.names.values()) == (*KNOWN, STALL)
    after = answers(grown)
    assert torch.allclose(after[:, : 4 + len(KNOWN)], before, atol=ROUNDING)
    assert after.shape[1] == 4 + len(KNOWN) + 1


def test_a_second_class_can_be_added_after_the_first(
    model: DetectionModel, stalls: Path, tmp_path: Path
) -> None:
    photos = photos_of(stalls, STALL)
    first = add_class(model, photos, (), QUICK, out=tmp_path / "1", device=CPU, report=print)
    grown = torch.load(first, weights_only=False)["model"]
    before = answers(grown).clone()
    sign = Adding(label="street.sign", steps=2, shapes=((64, 64),), half=False)

    second = add_class(grown, photos, (), sign, out=tmp_path / "2", device=CPU, report=print)

    both = torch.load(second, weights_only=False)["model"]
    assert tuple(both.names.values()) == (*KNOWN, STALL, "street.sign")
    assert torch.allclose(answers(both)[:, :-1], before, atol=ROUNDING)


def test_the_model_with_the_new_class_is_exported_like_any_other(
    model: DetectionModel, stalls: Path, tmp_path: Path
) -> None:
    photos = photos_of(stalls, STALL)
    last = add_class(model, photos, (), QUICK, out=tmp_path, device=CPU, report=print)

    exported = export_onnx(last, tmp_path / "model.onnx")

    picture = frame().numpy().astype(np.float32)
    assert largest_score_difference(last, exported, [picture]) < 0.02


def test_the_shipped_model_learns_a_new_class_from_photos_alone(
    stalls: Path, tmp_path: Path
) -> None:
    photos = photos_of(stalls, STALL)
    longer = Adding(label=STALL, steps=60, shapes=((64, 64),), half=False)

    last = add_class(model_of(SHIPPED), photos, (), longer, out=tmp_path, device=CPU, report=print)

    grown = torch.load(last, weights_only=False)["model"].eval()
    inside, corner = (
        scores_at(grown, photos[0].path, (32, 32)),
        scores_at(grown, photos[0].path, (2, 2)),
    )
    assert inside > 0.1
    assert inside > 2 * corner


def scores_at(model: DetectionModel, path: Path, at: tuple[int, int]) -> float:
    """Return the best score of the last class among boxes that hold a pixel (x, y)."""
    image = cv2.imread(str(path))[..., ::-1].copy()
    with torch.inference_mode():
        output = model(torch.from_numpy(image).permute(2, 0, 1)[None].float() / 255)[0][0]
    near = ((output[:2] - torch.tensor(at)[:, None]).abs() < output[2:4] / 2).all(0)
    return float(output[-1][near].max()) if near.any() else 0.0


def test_the_new_package_can_be_activated_and_the_new_class_asks_a_person(
    stalls: Path, tmp_path: Path
) -> None:
    learnt, held_out = hold_out(photos_of(stalls, STALL), share=0.2)
    base = model_of(SHIPPED)
    last = add_class(base, learnt, (), QUICK, out=tmp_path, device=CPU, report=print)

    package_added(SHIPPED, last, tmp_path / "new", learnt=learnt, held_out=held_out, report=print)

    before, new = verify(SHIPPED), verify(tmp_path / "new")
    assert new.manifest.labels == (*before.manifest.labels, STALL)
    assert new.manifest.classes[:-1] == before.manifest.classes
    assert set(new.card.asks_a_person) == {*before.card.asks_a_person, STALL}
    frame = cv2.imread(str(stalls / "train" / "images" / "00.png"))
    old_finds, new_finds = (
        Detector(folder, floor=0.0001, precision=Precision.FP32).detect(frame)
        for folder in (SHIPPED, tmp_path / "new")
    )
    for i in range(len(before.manifest.labels)):
        old_best = old_finds.score[old_finds.label == i].max(initial=0.0)
        new_best = new_finds.score[new_finds.label == i].max(initial=0.0)
        assert new_best == pytest.approx(old_best, abs=0.005)


def test_a_class_the_model_knows_is_not_added_again(model: DetectionModel, stalls: Path) -> None:
    again = Adding(label="asset.bin")

    with pytest.raises(AlreadyKnown, match=r"asset\.bin"):
        add_class(model, photos_of(stalls, STALL), (), again, out=stalls, device=CPU, report=print)


def test_a_handful_of_photos_is_refused_with_how_many_are_needed(
    model: DetectionModel, stalls: Path
) -> None:
    few: tuple[Picture, ...] = photos_of(stalls, STALL)[:7]

    with pytest.raises(TooFewPhotos, match="only 7 photos"):
        add_class(model, few, (), QUICK, out=stalls, device=CPU, report=print)


def test_photos_with_a_class_that_nobody_knows_are_refused(stalls: Path) -> None:
    (stalls / "data.yaml").write_text("path: .\nnames:\n  0: banana\n")

    with pytest.raises(BrokenDataset, match="banana"):
        photos_of(stalls, STALL)


def test_a_checkpoint_with_an_added_class_can_start_no_training_that_would_drop_it(
    model: DetectionModel, stalls: Path, tmp_path: Path
) -> None:
    photos = photos_of(stalls, STALL)
    last = add_class(model, photos, (), QUICK, out=tmp_path, device=CPU, report=print)

    with pytest.raises(UnusableCheckpoint, match="an added class"):
        start_model(last, (*KNOWN, STALL))
