"""Make a model folder: weights, manifest and card, measured on pictures it did not learn from."""

import hashlib
import os
import platform
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detect.detector import Detector
from detect.letterbox import InputTensor
from detect.manifest import (
    MANIFEST_FILE,
    Calibration,
    ChannelOrder,
    ClassEntry,
    Input,
    Manifest,
    OutputLayout,
    Recall,
)
from models.augment import read_image
from models.calibration import FILING_PRECISION, calibrate, threshold_of
from models.card import CARD_FILE, ClassRecall, DataSource, ModelCard, Score, card_text
from models.corpus import Corpus
from models.datasets import Picture
from models.evaluate import FLOOR, Outcome, recall_bands, run, scores
from models.labels import STREET_LABELS, TRAFFIC_LABELS
from models.recipe import Recipe
from models.scoring import curve

FILE: Final = "model.onnx"
SHAPES: Final = ((384, 640), (640, 640))
SEED: Final = 11
TIMED_RUNS: Final = 15
PARITY_PICTURES: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRun:
    """What the card says of how a model came to be."""

    epochs: int
    hours: float
    parity: float


def package(folder: Path, *, corpus: Corpus, recipe: Recipe, training: TrainingRun) -> ModelCard:
    """Write manifest and card for `folder`/model.onnx.

    All at the default shape, the one devices run: thresholds and calibration on held-out training
    pictures, scores and recall on validation and on drawn frames of seeds not trained on. Scores
    at the larger shape stand beside them.

    Raises:
        UnusableModel: the ONNX file does not fit.
    """
    _write_manifest(folder, recipe, _provisional())
    held = run(Detector(folder, floor=FLOOR), corpus.held_out)
    decided = {name: threshold_of(curve(m)) for name, m in held.everywhere.items()}
    thresholds = {name: decided.get(name, (0.5, False))[0] for name in STREET_LABELS}
    real = run(Detector(folder, floor=FLOOR), corpus.validation)
    drawn = run(Detector(folder, floor=FLOOR), corpus.rendered)
    recall = {name: _recall(name, real, drawn, thresholds[name]) for name in STREET_LABELS}
    _write_manifest(folder, recipe, _entries(held, thresholds, recall))
    square = Detector(folder, shape=SHAPES[1], floor=FLOOR)
    larger, overhead = run(square, corpus.validation), run(square, corpus.aerial)
    card = ModelCard(
        name=recipe.name,
        version=recipe.version,
        licence=recipe.card.licence,
        sha256=_sha256(folder / FILE),
        purpose=recipe.card.purpose,
        labels=STREET_LABELS,
        data=_data(corpus.learnt, recipe),
        scores=_all_scores(real, larger, overhead, drawn, thresholds),
        recall=tuple(ClassRecall(label=n, bands=b) for n, b in recall.items()),
        weaknesses=recipe.card.weaknesses,
        does_not_know=recipe.card.does_not_know,
        asks_a_person=_asking(decided, real),
        trained_on=recipe.card.trained_on,
        epochs=training.epochs,
        hours=training.hours,
        machine=_this_machine(),
        ms_per_frame=_milliseconds(folder),
        parity=training.parity,
    )
    text = card.model_dump_json(indent=1)
    (folder / CARD_FILE).write_text(text + "\n", encoding="utf-8")
    (folder / "card.md").write_text(card_text(card), encoding="utf-8")
    return card


def _this_machine() -> str:
    """Return the processor's kind and cores and the system, without a host's name."""
    return f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, no GPU"


def parity_inputs(pictures: Sequence[Picture]) -> list[NDArray[np.float32]]:
    """Return the checkpoint's inputs, (1, 3, height, width), of a few pictures in both shapes."""
    inputs = []
    for picture in pictures[:: max(1, len(pictures) // PARITY_PICTURES)]:
        image = read_image(picture.path, longest=max(SHAPES[0]))
        for shape in SHAPES:
            tensor = InputTensor(shape, part=Input(name="images", shapes=SHAPES))
            tensor.fill(image)
            inputs.append(tensor.array.copy())
    return inputs


def _provisional() -> tuple[ClassEntry, ...]:
    plain = Calibration(measured_on="nothing yet")
    return tuple(ClassEntry(label=n, threshold=0.25, calibration=plain) for n in STREET_LABELS)


def _entries(
    held: Outcome, thresholds: Mapping[str, float], recall: Mapping[str, tuple[Recall, ...]]
) -> tuple[ClassEntry, ...]:
    return tuple(
        ClassEntry(
            label=name,
            threshold=thresholds[name],
            calibration=calibrate(
                held.everywhere.get(name, ()), measured_on="training pictures held out"
            ),
            recall=recall[name],
        )
        for name in STREET_LABELS
    )


def _recall(name: str, real: Outcome, drawn: Outcome, threshold: float) -> tuple[Recall, ...]:
    return (
        *recall_bands(real.labelled.get(name, ()), threshold=threshold, measured_on="real"),
        *recall_bands(drawn.labelled.get(name, ()), threshold=threshold, measured_on="rendered"),
    )


def _asking(decided: Mapping[str, tuple[float, bool]], real: Outcome) -> tuple[str, ...]:
    """Return the classes that must not file by themselves.

    A class files only if it was precise enough where its threshold was set and on validation too.
    """
    precise = {
        name
        for name, (threshold, files) in decided.items()
        if files and curve(real.everywhere.get(name, ())).at(threshold)[0] >= FILING_PRECISION
    }
    return tuple(name for name in STREET_LABELS if name not in precise)


def _all_scores(
    real: Outcome,
    larger: Outcome,
    overhead: Outcome,
    drawn: Outcome,
    thresholds: Mapping[str, float],
) -> tuple[Score, ...]:
    people = frozenset(STREET_LABELS)
    street = people - TRAFFIC_LABELS
    return (
        *scores(real, thresholds, on="val at 384x640", by_people=street, seed=SEED),
        *scores(larger, thresholds, on="val at 640x640", by_people=street, seed=SEED),
        *scores(overhead, thresholds, on="aerial val at 640x640", by_people=people, seed=SEED),
        *scores(drawn, thresholds, on="drawn frames at 384x640", by_people=None, seed=SEED),
    )


def _data(pictures: Sequence[Picture], recipe: Recipe) -> tuple[DataSource, ...]:
    rows = []
    for name, source in recipe.sources.items():
        mine = [p for p in pictures if p.source == name]
        labels = Counter(STREET_LABELS[i] for p in mine for i in p.labels)
        rows.append(
            DataSource(
                name=name,
                origin=source.origin,
                licence=source.licence,
                pictures=len(mine),
                boxes=dict(sorted(labels.items())),
                labels_by=source.labels_by,
                note=source.note,
            )
        )
    return tuple(rows)


def _write_manifest(folder: Path, recipe: Recipe, classes: tuple[ClassEntry, ...]) -> None:
    manifest = Manifest(
        name=recipe.name,
        version=recipe.version,
        licence=recipe.card.licence,
        file=FILE,
        sha256=_sha256(folder / FILE),
        # As `models.fold` leaves the graph.
        input=Input(name="images", shapes=SHAPES, scale=1.0, channels=ChannelOrder.BGR),
        output=OutputLayout.YOLO,
        classes=classes,
    )
    text = manifest.model_dump_json(indent=1)
    (folder / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _milliseconds(folder: Path) -> dict[str, float]:
    """Return the median time per 1080p frame, one thread, per input shape."""
    frame = np.full((1080, 1920, 3), 127, np.uint8)
    result = {}
    for shape in SHAPES:
        detector = Detector(folder, shape=shape, threads=1)
        times = []
        for _ in range(TIMED_RUNS):
            began = time.perf_counter()
            detector.detect(frame)
            times.append(time.perf_counter() - began)
        result[f"{shape[0]}x{shape[1]}"] = round(float(np.median(times)) * 1e3, 1)
    return result
