"""Model packages: which may be activated, and what their cards say."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from detect.manifest import (
    MANIFEST_FILE,
    Calibration,
    ClassEntry,
    Input,
    Manifest,
    OutputLayout,
    Recall,
    UnusableModel,
)
from models.card import (
    CARD_FILE,
    ClassRecall,
    DataSource,
    ModelCard,
    Score,
    UnusableCard,
    card_text,
)
from models.commands import app
from models.labels import PUBLIC_CODES, STREET_LABELS
from models.recipe import read_recipe
from models.registry import SHIPPED, CardDisagrees, default_model, list_models, verify

ROOT = Path(__file__).parents[2]
BAND = Recall(
    min_px=16,
    max_px=32,
    mean=0.5,
    lower=0.4,
    concentration=4,
    objects=40,
    measured_on="real",
)


def card_of(weights: bytes) -> ModelCard:
    return ModelCard(
        name="tiny",
        version="0.0.1",
        licence="MIT",
        sha256=hashlib.sha256(weights).hexdigest(),
        purpose=("试验", "trial"),
        labels=("road.pothole",),
        data=(
            DataSource(
                name="none",
                origin="nowhere",
                licence="MIT",
                pictures=0,
                boxes={},
                labels_by="people",
                note=("无", "none"),
            ),
        ),
        scores=(
            Score(
                label="road.pothole",
                measured_on="val",
                kind="real",
                scoring="labelled classes only",
                objects=3,
                ap50=0.5,
                low=0.3,
                high=0.7,
                threshold=0.2,
                precision=0.6,
                recall=0.5,
            ),
        ),
        recall=(ClassRecall(label="road.pothole", bands=(BAND,)),),
        weaknesses=(("弱", "weak"),),
        does_not_know=(("井盖", "covers"),),
        asks_a_person=("road.pothole",),
        trained_on="nothing",
        epochs=0,
        hours=0.0,
        machine="none",
        ms_per_frame={"384x640": 30.0},
        parity=0.0,
    )


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder, weights = tmp_path / "tiny", b"not a network, but hashed like one"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(weights)
    manifest = Manifest(
        name="tiny",
        version="0.0.1",
        licence="MIT",
        file="model.onnx",
        sha256=hashlib.sha256(weights).hexdigest(),
        input=Input(name="images", shapes=((384, 640),)),
        output=OutputLayout.YOLO,
        classes=(
            ClassEntry(
                label="road.pothole",
                threshold=0.2,
                calibration=Calibration(measured_on="nothing"),
                recall=(BAND,),
            ),
        ),
    )
    (folder / MANIFEST_FILE).write_text(manifest.model_dump_json())
    (folder / CARD_FILE).write_text(card_of(weights).model_dump_json())
    return folder


def test_a_whole_package_may_be_activated(package: Path) -> None:
    model = verify(package)

    assert model.manifest.labels == model.card.labels == ("road.pothole",)


def test_a_model_without_a_card_cannot_be_activated(package: Path) -> None:
    (package / CARD_FILE).unlink()

    with pytest.raises(UnusableCard, match="没有卡片"):
        verify(package)


def test_weights_changed_after_signing_cannot_be_activated(package: Path) -> None:
    (package / "model.onnx").write_bytes(b"other weights")

    with pytest.raises(UnusableModel, match="hash"):
        verify(package)


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("version", "9.9.9", "version"),
        ("sha256", "0" * 64, "sha256"),
        ("labels", ["road.crack"], "labels"),
        ("recall", [], "recall of road.pothole"),
    ],
)
def test_a_card_of_another_model_is_refused(
    package: Path, field: str, value: object, what: str
) -> None:
    card = json.loads((package / CARD_FILE).read_text())
    (package / CARD_FILE).write_text(json.dumps(card | {field: value}))

    with pytest.raises(CardDisagrees, match=what):
        verify(package)


@pytest.mark.parametrize("field", ["weaknesses", "does_not_know", "scores", "data"])
def test_a_card_that_hides_something_is_refused(package: Path, field: str) -> None:
    card = json.loads((package / CARD_FILE).read_text())
    (package / CARD_FILE).write_text(json.dumps(card | {field: []}))

    with pytest.raises(UnusableCard, match=field):
        verify(package)


def test_a_broken_package_is_listed_with_its_fault(package: Path) -> None:
    (package / CARD_FILE).unlink()

    listed = list_models(package.parent)

    assert [(row.name, row.model) for row in listed] == [("tiny", None)]
    assert "卡片" in listed[0].fault


def test_no_models_is_an_empty_list(tmp_path: Path) -> None:
    assert list_models(tmp_path / "nowhere") == ()


def test_verifying_speaks_chinese_first_and_exits_by_result(package: Path) -> None:
    good = CliRunner().invoke(app, ["verify", str(package)])
    (package / CARD_FILE).unlink()
    bad = CliRunner().invoke(app, ["verify", str(package), "--json"])

    assert good.exit_code == 0
    assert "可以启用 / may be activated" in good.output
    assert bad.exit_code == 2
    assert json.loads(bad.output)["verified"] is False


def test_a_listing_for_scripts_is_json(package: Path) -> None:
    result = CliRunner().invoke(app, ["list", "--root", str(package.parent), "--json"])

    assert [row["verified"] for row in json.loads(result.output)] == [True]


def test_the_card_can_be_read_by_people(package: Path) -> None:
    text = card_text(verify(package).card)

    assert "| road.pothole | val (real) | labelled classes only | 3 | 0.50 (0.30–0.70)" in text
    assert "井盖 / covers" in text


def test_the_shipped_model_is_verified_small_and_knows_the_street() -> None:
    model = verify(default_model())

    assert model.manifest.labels == STREET_LABELS
    assert model.manifest.input.shapes[0] == (384, 640)
    assert (model.folder / model.manifest.file).stat().st_size <= 6_000_000
    assert {row.model is not None for row in list_models(SHIPPED)} == {True}


def test_the_shipped_card_keeps_photos_and_drawn_frames_apart() -> None:
    card = verify(default_model()).card

    assert {score.kind for score in card.scores} == {"real", "rendered", "teacher"}
    assert all(band.concentration == 4 for entry in card.recall for band in entry.bands), (
        "concentration is assumed until repeated views measure it"
    )


def test_the_shipped_recipe_names_every_source_and_known_classes() -> None:
    recipe = read_recipe(ROOT / "models" / "street-n.toml")

    assert {"rendered", "aerial-cars"} <= set(recipe.sources)
    assert recipe.absence("pothole-gopro-putri")[STREET_LABELS.index("road.crack")] == 0.0
    assert set(PUBLIC_CODES.values()) == set(STREET_LABELS)


def test_commands_and_drawing_need_neither_torch_nor_the_edge() -> None:
    code = (
        "import sys, models.commands, models.registry, models.rendered.dataset, models.evaluate;"
        "print([m for m in ('torch', 'ultralytics', 'onnx', 'edge') if m in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_the_training_streets_are_not_the_demo_streets() -> None:
    mine = [f.read_text() for f in (ROOT / "models" / "rendered").glob("*.py")]
    theirs = [f.read_text() for f in (ROOT / "edge" / "sources" / "street").glob("*.py")]

    assert mine
    assert not any("import edge" in text or "from edge" in text for text in mine)
    assert not any("models.rendered" in text for text in theirs)
    shared = {line for text in mine for line in text.splitlines() if len(line) > 60} & {
        line for text in theirs for line in text.splitlines() if len(line) > 60
    }
    assert not shared
