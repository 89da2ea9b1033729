"""Make the package of a model that a class was added to, out of the package it had before."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from detect.detector import Detector
from detect.manifest import (
    MANIFEST_FILE,
    Calibration,
    ClassEntry,
    Manifest,
    Precision,
    read_manifest,
)
from models.dataset.labelled_pictures import Picture
from models.evaluation.evaluate import FLOOR, Outcome, run
from models.evaluation.measures import Setting, false_alarms, recall_bands, scores, slices
from models.evaluation.profiles import Profile
from models.export.export import export_onnx, largest_score_difference
from models.packaging.filing import decide
from models.packaging.fitting import Fitted, fit
from models.packaging.packaging import FILE, parity_inputs
from models.registry.card import ClassRecall, DataSource, ModelCard, Training, read_card
from models.registry.card_text import write_card
from models.training.checkpoint import read_checkpoint
from models.training.restore import model_of

HELD_OUT: Final = "held-out photos of the added class"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the held-out photos say of the class."""

    fitted: Fitted
    outcome: Outcome
    setting: Setting


def package_added(
    before: Path,
    checkpoint: Path,
    target: Path,
    *,
    learnt: Sequence[Picture],
    held_out: Sequence[Picture],
    report: Callable[[str], None],
) -> ModelCard:
    """Write the package: what was said of the other classes stands, for their outputs do.

    The class is measured on photos that it was not learnt from, and asks a person first.

    Args:
        before: the package that the class was added to.
        learnt: pictures with the boxes of the class, as label 0.

    Raises:
        UnusableModel, UnusableCard: the package before is not whole.
        ExportDiffers: the exported file does not answer as the checkpoint does.
    """
    old, card = read_manifest(before), read_card(before)
    target.mkdir(parents=True, exist_ok=True)
    label = _export(checkpoint, target, old)
    parity = largest_score_difference(
        checkpoint, target / FILE, parity_inputs(held_out, old.input.shapes)
    )
    only = [replace(picture, known=frozenset({label})) for picture in held_out]
    told = _told(target, label, only)
    entry = ClassEntry(
        label=label,
        threshold=told.fitted.threshold,
        calibration=told.fitted.calibration,
        recall=recall_bands(
            told.outcome, label, threshold=told.fitted.threshold, measured_on="real"
        ),
    )
    manifest = _write(target, old, entry)
    spent = read_checkpoint(checkpoint)[1].hours
    new = _card(card, manifest, entry, told, learnt)
    training = Training(
        trained_on=f"{card.training.trained_on}; {label} added from {len(learnt)} photos",
        epochs=card.training.epochs,
        hours=(card.training.hours or 0.0) + spent,
        parity=parity,
    )
    new = new.model_copy(update={"training": training})
    write_card(target, new)
    found = next(score for score in new.scores if score.label == label)
    report(f"{label}: AP50 {found.ap50.value:.2f} ({found.ap50.low:.2f}–{found.ap50.high:.2f})")
    return new


def _export(checkpoint: Path, target: Path, old: Manifest) -> str:
    """Export, write a manifest with nothing known of the new class, and return its name."""
    label = str(tuple(model_of(checkpoint).names.values())[-1])
    export_onnx(checkpoint, target / FILE)
    unknown = ClassEntry(
        label=label, threshold=0.25, calibration=Calibration(measured_on="nothing yet")
    )
    _write(target, old, unknown)
    return label


def _write(target: Path, old: Manifest, entry: ClassEntry) -> Manifest:
    major, minor, _ = old.version.split(".")
    manifest = old.model_copy(
        update={
            "version": f"{major}.{int(minor) + 1}.0",
            "file": FILE,
            "sha256": hashlib.sha256((target / FILE).read_bytes()).hexdigest(),
            "int8": None,
            "classes": (*old.classes, entry),
        }
    )
    text = manifest.model_dump_json(indent=1)
    (target / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")
    return manifest


def _told(target: Path, label: str, held_out: Sequence[Picture]) -> _Told:
    detector = Detector(target, floor=FLOOR, precision=Precision.FP32)
    outcome = run(detector, held_out, numbered=(label,))
    fitted = fit(outcome, (label,))[0]
    profile = Profile(shape=detector.shape, precision=Precision.FP32)
    setting = Setting(
        on=HELD_OUT,
        profile=str(profile),
        thresholds={label: fitted.threshold},
        by_people=frozenset({label}),
    )
    return _Told(fitted=fitted, outcome=outcome, setting=setting)


def _card(
    card: ModelCard,
    manifest: Manifest,
    entry: ClassEntry,
    told: _Told,
    learnt: Sequence[Picture],
) -> ModelCard:
    label = entry.label
    photos = DataSource(
        name=f"added-{label.replace('.', '-')}",
        origin="the city's own photos",
        licence="the city's own",
        pictures=len(learnt),
        boxes={label: sum(len(picture.boxes) for picture in learnt)},
        labels_by="people",
        note=("本市为新类别拍摄和标注的照片", "photos taken and labelled by the city for it"),
    )
    weak = (
        f"{label} 是用 {len(learnt)} 张照片加上的，只在同一批留出的照片上量过，别处误报未量。",
        f"{label} was added from {len(learnt)} photos and measured on others of the same kind "
        "only; its false alarms elsewhere are unmeasured.",
    )
    return card.model_copy(
        update={
            "version": manifest.version,
            "sha256": manifest.sha256,
            "int8_sha256": None,
            "quantised": None,
            "labels": manifest.labels,
            "data": (*card.data, photos),
            "scores": (*card.scores, *scores(told.outcome, told.setting)),
            "slices": (*card.slices, *slices(told.outcome, told.setting)),
            "false_alarms": (*card.false_alarms, *false_alarms(told.outcome, told.setting)),
            "recall": (*card.recall, ClassRecall(label=label, bands=entry.recall)),
            "filing": (*card.filing, decide(told.fitted, ())),
            "weaknesses": (*card.weaknesses, weak),
        }
    )
