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
from detect.manifest import (
    Quantised as QuantisedFile,
)
from models.commands import app
from models.corpus.recipe import read_recipe
from models.dataset.labels import PUBLIC_CODES, STREET_LABELS, TRAFFIC_LABELS
from models.evaluation.calibration import FILING_PRECISION
from models.packaging.stated import training_of
from models.registry.card import (
    CARD_FILE,
    ClassRecall,
    Comparison,
    DataSource,
    Estimate,
    FalseAlarms,
    Filing,
    ModelCard,
    Quantised,
    Score,
    Slice,
    Training,
    UnusableCard,
)
from models.registry.card_text import card_text
from models.registry.registry import SHIPPED, CardDisagrees, default_model, list_models, verify
from tests.detect.colour_model import write_model

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
HALF = Estimate(value=0.5, low=0.3, high=0.7)


def score(**changes: object) -> Score:
    plain = Score(
        label="road.pothole",
        on="val",
        profile="384x640 fp32",
        kind="real",
        scoring="labelled classes only",
        pictures=10,
        objects=3,
        ap50=HALF,
        ap50_95=0.3,
        threshold=0.2,
        detections=4,
        precision=HALF,
        recall=HALF,
        ece=0.05,
    )
    return plain.model_copy(update=changes)


def card_of(weights: bytes, int8: bytes) -> ModelCard:
    return ModelCard(
        name="tiny",
        version="0.0.1",
        licence="MIT",
        sha256=hashlib.sha256(weights).hexdigest(),
        int8_sha256=hashlib.sha256(int8).hexdigest(),
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
        scores=(score(), score(profile="384x640 int8")),
        slices=(
            Slice(
                label="road.pothole",
                on="val",
                profile="384x640 fp32",
                by="light",
                name="night",
                pictures=4,
                objects=2,
                ap50=0.4,
                precision=None,
                recall=0.0,
            ),
        ),
        false_alarms=(
            FalseAlarms(
                label="road.pothole",
                on="val",
                profile="384x640 fp32",
                pictures=100,
                alarms=2,
                per_1000=Estimate(value=20, low=2, high=72),
            ),
        ),
        recall=(ClassRecall(label="road.pothole", bands=(BAND,)),),
        filing=(
            Filing(
                label="road.pothole",
                may_file=False,
                held_out=HALF,
                measured=None,
                why=("精度不足", "not precise enough"),
            ),
        ),
        comparison=(
            Comparison(
                label="road.pothole", baseline=0.48, ours=0.5, reason=("训练短", "short training")
            ),
        ),
        compared_with="the one before",
        quantised=Quantised(
            sha256=hashlib.sha256(int8).hexdigest(),
            on="val",
            shape="384x640",
            ap50_loss=Estimate(value=0.004, low=-0.002, high=0.01),
            by_label={"road.pothole": 0.004},
        ),
        weaknesses=(("弱", "weak"),),
        does_not_know=(("井盖", "covers"),),
        training=Training(trained_on="nothing", epochs=0, hours=0.0, parity=0.0),
        machine="none",
        ms_per_frame={"384x640 fp32": 30.0},
    )


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = write_model(tmp_path / "tiny", shape=(384, 640), layout=OutputLayout.END_TO_END)
    weights = int8 = (folder / "model.onnx").read_bytes()
    (folder / "model-int8.onnx").write_bytes(int8)
    manifest = Manifest(
        name="tiny",
        version="0.0.1",
        licence="MIT",
        file="model.onnx",
        sha256=hashlib.sha256(weights).hexdigest(),
        int8=QuantisedFile(
            file="model-int8.onnx",
            sha256=hashlib.sha256(int8).hexdigest(),
            shapes=((384, 640),),
        ),
        input=Input(name="images", shapes=((384, 640),)),
        output=OutputLayout.END_TO_END,
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
    (folder / CARD_FILE).write_text(card_of(weights, int8).model_dump_json())
    return folder


def test_a_whole_package_may_be_activated(package: Path) -> None:
    model = verify(package)

    assert model.manifest.labels == model.card.labels == ("road.pothole",)


def test_a_model_without_a_card_cannot_be_activated(package: Path) -> None:
    (package / CARD_FILE).unlink()

    with pytest.raises(UnusableCard, match="没有卡片的模型不能启用"):
        verify(package)


@pytest.mark.parametrize("file", ["model.onnx", "model-int8.onnx"])
def test_weights_changed_after_measuring_cannot_be_activated(package: Path, file: str) -> None:
    (package / file).write_bytes(b"other weights")

    with pytest.raises(UnusableModel, match="hash"):
        verify(package)


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("version", "9.9.9", "version"),
        ("sha256", "0" * 64, "sha256"),
        ("recall", [{"label": "road.pothole", "bands": []}], "recall of road.pothole"),
    ],
)
def test_a_card_of_another_model_is_refused(
    package: Path, field: str, value: object, what: str
) -> None:
    card = json.loads((package / CARD_FILE).read_text())
    (package / CARD_FILE).write_text(json.dumps(card | {field: value}))

    with pytest.raises(CardDisagrees, match=what):
        verify(package)


def test_a_card_measured_at_other_thresholds_is_refused(package: Path) -> None:
    manifest = json.loads((package / MANIFEST_FILE).read_text())
    manifest["classes"][0]["threshold"] = 0.6
    (package / MANIFEST_FILE).write_text(json.dumps(manifest))

    with pytest.raises(CardDisagrees, match=r"threshold of road\.pothole"):
        verify(package)


def test_a_file_in_8_bits_that_nobody_measured_is_refused(package: Path) -> None:
    card = json.loads((package / CARD_FILE).read_text())
    (package / CARD_FILE).write_text(json.dumps(card | {"quantised": None, "int8_sha256": None}))

    with pytest.raises(CardDisagrees, match="int8"):
        verify(package)


@pytest.mark.parametrize(
    "field", ["weaknesses", "does_not_know", "scores", "data", "filing", "recall"]
)
def test_a_card_that_hides_something_is_refused(package: Path, field: str) -> None:
    card = json.loads((package / CARD_FILE).read_text())
    (package / CARD_FILE).write_text(json.dumps(card | {field: []}))

    with pytest.raises(UnusableCard, match=field):
        verify(package)


def test_a_card_of_an_earlier_version_says_how_to_renew_it(package: Path) -> None:
    card = json.loads((package / CARD_FILE).read_text())
    del card["format"]
    (package / CARD_FILE).write_text(json.dumps(card | {"trained_on": "then"}))

    with pytest.raises(UnusableCard, match="xunhuan-models card"):
        verify(package)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": 2}'])
def test_a_card_that_is_no_card_is_refused(package: Path, text: str) -> None:
    (package / CARD_FILE).write_text(text)

    with pytest.raises(UnusableCard):
        verify(package)


@pytest.mark.parametrize(("format_", "epochs"), [(1, 9), (2, 0)])
def test_measuring_again_keeps_what_is_known_of_the_training(
    package: Path, format_: int, epochs: int
) -> None:
    if format_ == 1:
        old = {"epochs": 9, "hours": 1.5, "parity": 0.001, "trained_on": "then"}
        (package / CARD_FILE).write_text(json.dumps(old))

    training = training_of(package, read_recipe(ROOT / "models" / "street-n.toml"))

    assert training.epochs == epochs


def test_a_model_nobody_trained_here_claims_no_training(package: Path) -> None:
    recipe = read_recipe(ROOT / "models" / "street-n.toml")
    (package / CARD_FILE).unlink()

    assert training_of(package, recipe).hours is None


def test_a_broken_package_is_listed_with_its_fault(package: Path) -> None:
    (package / CARD_FILE).unlink()

    listed = list_models(package.parent)

    assert [(row.name, row.model) for row in listed] == [("tiny", None)]
    assert "卡片" in listed[0].fault


def test_no_models_is_an_empty_list(tmp_path: Path) -> None:
    assert list_models(tmp_path / "nowhere") == ()


def test_verifying_runs_the_model_at_every_precision(package: Path) -> None:
    ran = json.loads(CliRunner().invoke(app, ["verify", str(package), "--json"]).output)["ran"]

    assert [(way["height"], way["width"], way["precision"]) for way in ran] == [
        (384, 640, "fp32"),
        (384, 640, "int8"),
    ]


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


def test_an_officer_reads_on_the_first_screen_what_the_model_is_good_for(package: Path) -> None:
    screen = card_text(verify(package).card).splitlines()[:12]

    assert "| 坑洼 pothole | 5.0 | 5.0 | 20 | 先问人 asks a person |" in screen


def test_an_engineer_finds_every_figure_below(package: Path) -> None:
    text = card_text(verify(package).card)

    for told in (
        "井盖 / covers",
        "not precise enough",
        "0.50 (0.30–0.70)",
        "0.004 (-0.002 … 0.010)",
        "short training",
        "| road.pothole | 0.40, –, 0.00 (2) |",
        "0.50 ≥ 0.40 (40; 4*)",
        str(verify(package).card.int8_sha256),
    ):
        assert told in text


def test_the_shipped_model_is_verified_small_and_knows_the_street() -> None:
    model = verify(default_model())

    assert model.manifest.labels == STREET_LABELS
    assert model.manifest.input.shapes[0] == (384, 640)
    assert (model.folder / model.manifest.file).stat().st_size <= 6_000_000
    assert {row.model is not None for row in list_models(SHIPPED)} == {True}


def test_the_shipped_card_keeps_photos_and_drawn_frames_apart() -> None:
    card = verify(default_model()).card

    assert {score.kind for score in card.scores} == {"real", "rendered", "teacher"}
    assert all(
        band.concentration_assumed
        for entry in card.recall
        for band in entry.bands
        if band.measured_on == "real"
    ), "nobody photographed the same things again and again"


def test_every_class_that_may_file_was_precise_enough_on_validation() -> None:
    card = verify(default_model()).card

    by_itself = [entry for entry in card.filing if entry.may_file]

    assert all(entry.measured.value >= FILING_PRECISION for entry in by_itself if entry.measured)
    assert not {entry.label for entry in by_itself} & TRAFFIC_LABELS
    assert {entry.label for entry in by_itself} == set(card.labels) - set(card.asks_a_person)


def test_the_shipped_recipe_names_every_source_and_known_classes() -> None:
    recipe = read_recipe(ROOT / "models" / "street-n.toml")

    assert {"rendered", "aerial-cars"} <= set(recipe.sources)
    assert recipe.absence("pothole-gopro-putri")[STREET_LABELS.index("road.crack")] == 0.0
    assert set(PUBLIC_CODES.values()) == set(STREET_LABELS)


def test_commands_and_drawing_need_neither_torch_nor_the_edge() -> None:
    code = (
        "import sys, models.commands, models.registry.registry;"
        "import models.rendered.dataset, models.evaluation.evaluate;"
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
