"""Evaluating a model on labelled pictures: a model that sees colours, on painted squares."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from detect.detector import Detector
from detect.manifest import Quantised
from models.commands import app
from models.corpus.corpus import Corpus
from models.corpus.recipe import Recipe, read_recipe
from models.dataset.labelled_pictures import Picture, read_yolo
from models.evaluation.evaluate import Judged, Outcome, run
from models.evaluation.evaluation import NothingInCommon, evaluate
from models.evaluation.measures import Setting, false_alarms, recall_bands, scores, slices
from models.evaluation.scoring import OVERLAPS, PictureMatch
from models.packaging import packaging
from models.registry.card import Training
from models.registry.registry import verify
from tests.detect.colour_model import CELL, write_manifest, write_model

POTHOLE, BIN, LITTER = "road.pothole", "asset.bin", "sanitation.litter"
SEEN = (POTHOLE, BIN, LITTER)
RECIPE = Path(__file__).parents[2] / "models" / "street-n.toml"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_model(tmp_path / "colours", labels=SEEN)


@pytest.fixture
def street(tmp_path: Path) -> Path:
    """Twelve pictures of two sources: each third shows a bright square, each third a faint one."""
    root = tmp_path / "street"
    for part in ("images", "labels"):
        (root / "val" / part).mkdir(parents=True)
    (root / "data.yaml").write_text("names:\n  0: pothole\n  1: bin\n")
    rows = ["split,image,source_set,labelled_classes,group,source_file"]
    for i in range(12):
        source, known, code = ("roads", "pothole", 0) if i % 2 else ("bins", "bin", 1)
        rows.append(f"val,{i:02}.png,{source},{known},g{i},x")
        paint(root, i, channel=2 - code, strength=(0, 250, 90)[i // 2 % 3], code=code)
    (root / "sources.csv").write_text("\n".join(rows) + "\n")
    return root


def paint(root: Path, i: int, *, channel: int, strength: int, code: int) -> None:
    image = np.zeros((64, 96, 3), np.uint8)
    image[:CELL, CELL : 2 * CELL, channel] = strength
    cv2.imwrite(str(root / "val/images" / f"{i:02}.png"), image)
    line = f"{code} 0.5 0.25 {1 / 3} 0.5\n" if strength else ""
    (root / "val/labels" / f"{i:02}.txt").write_text(line)


def setting_of(**changes: object) -> Setting:
    plain = Setting(
        on="val",
        profile="64x96 fp32",
        thresholds=dict.fromkeys(SEEN, 0.5),
        by_people=frozenset(SEEN),
    )
    return replace(plain, **changes)


def outcome_of(model: Path, street: Path) -> Outcome:
    return run(Detector(model, floor=0.01), read_yolo(street, split="val"))


def test_a_class_is_scored_where_it_is_labelled_and_everywhere(model: Path, street: Path) -> None:
    rows = scores(outcome_of(model, street), setting_of())

    told = {(s.label, s.scoring): (s.pictures, s.objects, s.recall.value) for s in rows}
    assert told == {
        (POTHOLE, "labelled classes only"): (6, 4, 0.5),
        (BIN, "labelled classes only"): (6, 4, 0.5),
        (POTHOLE, "every class everywhere"): (12, 4, 0.5),
        (BIN, "every class everywhere"): (12, 4, 0.5),
    }
    assert {s.ap50.value for s in rows} == {s.ap50_95 for s in rows} == {1.0}


def test_brightness_of_the_picture_itself_says_its_light(model: Path, street: Path) -> None:
    night = outcome_of(model, street)
    for path in (street / "val/images").iterdir():
        image = cv2.imread(str(path))
        cv2.imwrite(str(path), np.maximum(image, np.uint8(110)))

    assert {each.light for each in night.judged} == {"night"}
    assert {each.light for each in outcome_of(model, street).judged} == {"day"}


def test_each_size_light_and_source_stands_apart(model: Path, street: Path) -> None:
    rows = slices(outcome_of(model, street), setting_of())

    assert {(s.by, s.name, s.label, s.objects) for s in rows} == {
        ("size", "32–64 px", POTHOLE, 4),
        ("size", "32–64 px", BIN, 4),
        ("light", "night", POTHOLE, 4),
        ("light", "night", BIN, 4),
        ("source", "roads", POTHOLE, 4),
        ("source", "bins", BIN, 4),
    }


def judged(*, known: str, score: list[float], objects: int) -> Judged:
    match = PictureMatch(
        score=np.array(score),
        chance=np.array(score),
        true_at=np.zeros((len(OVERLAPS), len(score)), bool),
        took=np.full(len(score), -1),
        found_px=np.full(len(score), 20.0),
        found_at=np.full(objects, -1.0),
        size_px=np.full(objects, 20.0),
    )
    return Judged(source="s", light="day", known=frozenset({known}), matches={POTHOLE: match})


def test_false_alarms_count_where_the_class_is_labelled_and_absent() -> None:
    outcome = Outcome(
        judged=(
            judged(known=POTHOLE, score=[0.9, 0.6, 0.2], objects=0),
            judged(known=POTHOLE, score=[], objects=0),
            judged(known=POTHOLE, score=[0.9], objects=1),
            judged(known=BIN, score=[0.9], objects=0),
        )
    )

    (row,) = false_alarms(outcome, setting_of())

    assert (row.label, row.pictures, row.alarms, row.per_1000.value) == (POTHOLE, 2, 2, 1000.0)


def test_recall_is_told_by_size_and_light_and_bounded_from_below(model: Path, street: Path) -> None:
    (band,) = recall_bands(outcome_of(model, street), BIN, threshold=0.5, measured_on="real")

    assert (band.min_px, band.max_px, band.light) == (32.0, 64.0, "night")
    assert (band.objects, band.mean) == (4, 0.5)
    assert band.lower < band.mean
    assert band.concentration_assumed


def test_a_person_reads_the_evaluation_and_a_script_reads_the_same(
    model: Path, street: Path
) -> None:
    told = ["evaluate", "--model", str(model), "--data", str(street)]

    shown = CliRunner().invoke(app, told)
    parsed = json.loads(CliRunner().invoke(app, [*told, "--json"]).output)

    assert shown.exit_code == 0
    assert "坑洼" in shown.output
    assert parsed["profile"] == "64x96 fp32"
    assert parsed["unlabelled"] == [LITTER]
    assert [s["ap50"]["value"] for s in parsed["scores"]] == [1.0] * 4
    assert parsed["against"] is None


def test_a_model_stands_beside_the_one_before_it(model: Path, street: Path, tmp_path: Path) -> None:
    blind = write_model(tmp_path / "blind", labels=(BIN, POTHOLE, LITTER))

    found = evaluate(model, street, split="val", shape=None, precision=None, against=blind)

    assert found.against is not None
    assert found.against.mean.value == 1.0
    assert found.against.by_label[POTHOLE].low > 0.5


def test_a_photo_from_a_drone_is_looked_at_in_tiles_of_the_model_s_size(
    model: Path, tmp_path: Path
) -> None:
    root = tmp_path / "flight"
    for part in ("images", "labels"):
        (root / "val" / part).mkdir(parents=True)
    (root / "data.yaml").write_text("names:\n  0: pothole\n")
    photo = np.zeros((64, 416, 3), np.uint8)
    photo[:CELL, 128:160, 2] = 250
    cv2.imwrite(str(root / "val/images/a.png"), photo)
    (root / "val/labels/a.txt").write_text(f"0 {144 / 416} 0.25 {32 / 416} 0.5\n")

    recalls = [
        evaluate(model, root, split="val", shape=None, precision=None, against=None, in_tiles=tiles)
        .scores[0]
        .recall.value
        for tiles in (False, True)
    ]

    assert recalls == [0.0, 1.0]


def test_the_manifest_s_thresholds_are_the_ones_that_count(model: Path, street: Path) -> None:
    write_manifest(model, labels=SEEN)
    manifest = json.loads((model / "manifest.json").read_text())
    for entry in manifest["classes"]:
        entry["threshold"] = 0.2
    (model / "manifest.json").write_text(json.dumps(manifest))

    found = evaluate(model, street, split="val", shape=None, precision=None, against=None)

    assert {(s.threshold, s.recall.value) for s in found.scores} == {(0.2, 1.0)}


def test_pictures_without_any_class_of_the_model_are_refused(street: Path, tmp_path: Path) -> None:
    stranger = write_model(
        tmp_path / "stranger", labels=("traffic.person", "traffic.vehicle", LITTER)
    )

    with pytest.raises(NothingInCommon, match=r"traffic\.person"):
        evaluate(stranger, street, split="val", shape=None, precision=None, against=None)


@pytest.mark.parametrize(
    ("said", "message"),
    [("--shape=wide", "384x640"), ("--shape=96x96", "96"), ("--data=/nowhere", "data.yaml")],
)
def test_what_cannot_be_evaluated_is_refused_with_the_reason(
    model: Path, street: Path, said: str, message: str
) -> None:
    result = CliRunner().invoke(
        app, ["evaluate", "--model", str(model), "--data", str(street), said]
    )

    assert result.exit_code == 2
    assert message in result.output


@pytest.fixture
def recipe() -> Recipe:
    return read_recipe(RECIPE).model_copy(update={"labels": SEEN})


def corpus_of(pictures: tuple[Picture, ...], held_out: tuple[Picture, ...]) -> Corpus:
    return Corpus(learnt=(), held_out=held_out, validation=pictures, aerial=(), rendered=())


def packaged(model: Path, recipe: Recipe, corpus: Corpus) -> None:
    packaging.package(
        model,
        corpus=corpus,
        recipe=recipe,
        training=Training(trained_on="x", epochs=None, hours=None, parity=None),
        report=lambda _: None,
    )


def test_a_package_is_measured_in_floats_and_in_8_bits_and_may_then_be_activated(
    model: Path, street: Path, recipe: Recipe
) -> None:
    twin = (model / "model.onnx").read_bytes()
    (model / "model-int8.onnx").write_bytes(twin)
    int8 = Quantised(
        file="model-int8.onnx", sha256=hashlib.sha256(twin).hexdigest(), shapes=((64, 96),)
    )
    write_manifest(model, labels=SEEN, int8=int8)
    pictures = read_yolo(street, split="val")

    packaged(model, recipe, corpus_of(pictures, pictures))

    card = verify(model).card
    assert (
        {s.profile for s in card.scores} == {"64x96 fp32", "64x96 int8"} == set(card.ms_per_frame)
    )
    assert card.quantised is not None
    assert card.quantised.ap50_loss.value == 0.0
    assert (model / "card.md").read_text().startswith(f"# {recipe.name}")


@pytest.mark.parametrize(("before", "reason"), [(0.5, False), (0.96, True)])
def test_a_class_that_hardly_betters_the_baseline_says_why(
    model: Path, street: Path, recipe: Recipe, before: float, reason: bool
) -> None:
    pictures = read_yolo(street, split="val")
    assert recipe.card.baseline is not None
    baseline = recipe.card.baseline.model_copy(update={"ap50": {BIN: before}})
    card = recipe.card.model_copy(update={"baseline": baseline})

    packaged(model, recipe.model_copy(update={"card": card}), corpus_of(pictures, pictures))

    (row,) = verify(model).card.comparison
    assert (row.label, row.ours, row.reason is not None) == (BIN, 1.0, reason)


def test_a_drone_s_model_is_packaged_by_its_own_labels(tmp_path: Path, recipe: Recipe) -> None:
    labels = ("traffic.vehicle", "traffic.two_wheeler", LITTER)
    model = write_model(tmp_path / "drone", labels=labels)
    root = tmp_path / "flight"
    for part in ("images", "labels"):
        (root / "val" / part).mkdir(parents=True)
    (root / "data.yaml").write_text("names:\n  0: car\n")
    paint(root, 1, channel=2, strength=250, code=0)
    pictures = read_yolo(root, split="val", default_source="flight")
    overhead = recipe.model_copy(update={"labels": labels, "view": "overhead"})

    packaged(model, overhead, corpus_of(pictures, pictures))

    card = verify(model).card
    assert card.labels == labels
    assert {(s.label, s.kind) for s in card.scores} == {("traffic.vehicle", "real")}
    assert card.asks_a_person == labels


def test_validation_decides_no_threshold_and_no_calibration(
    model: Path, street: Path, recipe: Recipe
) -> None:
    everything = read_yolo(street, split="val")
    held_out, one, other = everything[:6], everything[6:], everything[8:]

    told = []
    for validation in (one, other):
        packaged(model, recipe, corpus_of(validation, held_out))
        classes = json.loads((model / "manifest.json").read_text())["classes"]
        told.append([(c["threshold"], c["calibration"]) for c in classes])

    assert told[0] == told[1]
    assert {c["calibration"]["measured_on"] for c in classes} == {"training pictures held out"}
