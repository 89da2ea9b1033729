"""Make a model folder: weights, manifest and card, measured on pictures it did not learn from."""

import hashlib
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
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
    read_manifest,
)
from models.corpus.corpus import Corpus
from models.corpus.recipe import Recipe
from models.dataset.labelled_pictures import Picture
from models.dataset.labels import TRAFFIC_LABELS
from models.evaluation.evaluate import FLOOR, Outcome, run
from models.evaluation.measures import Setting, recall_bands
from models.evaluation.profiles import Profile, ms_per_frame, profiles_of
from models.packaging.fitting import Fitted, fit
from models.packaging.stating import Measured, state
from models.pictures.image import read_image
from models.privacy.misses import state_misses
from models.registry.card import ModelCard, Training
from models.registry.card_text import write_card

FILE: Final = "model.onnx"
PARITY_PICTURES: Final = 6

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One run over one set."""

    on: str
    pictures: Sequence[Picture]
    profile: Profile
    by_people: frozenset[str] | None
    in_tiles: bool
    numbered: Sequence[str]


def first_manifest(folder: Path, recipe: Recipe) -> None:
    """Write a manifest for a freshly exported `folder`/model.onnx, with nothing measured yet."""
    plain = Calibration(measured_on="nothing yet")
    manifest = Manifest(
        name=recipe.name,
        version=recipe.version,
        licence=recipe.card.licence,
        file=FILE,
        sha256=hashlib.sha256((folder / FILE).read_bytes()).hexdigest(),
        # As `models.export.fold` leaves the graph.
        input=Input(name="images", shapes=recipe.runs_at, scale=1.0, channels=ChannelOrder.BGR),
        output=OutputLayout.YOLO,
        classes=tuple(
            ClassEntry(label=n, threshold=0.25, calibration=plain) for n in recipe.labels
        ),
    )
    _write(folder, manifest)


def package(
    folder: Path, *, corpus: Corpus, recipe: Recipe, training: Training, report: Report
) -> ModelCard:
    """Fit, measure and describe the model whose weights and manifest lie in `folder`.

    Thresholds and calibration come from held-out training pictures, all figures from validation
    and from drawn frames of seeds not trained on.

    Raises:
        UnusableModel: the files do not fit the manifest.
    """
    manifest = read_manifest(folder)
    fitted = _fit(folder, corpus.held_out, manifest, recipe, report)
    outcomes = _measure(folder, corpus, recipe, fitted, report)
    recall = {each.label: _recall(each, outcomes) for each in fitted}
    _write(folder, _with_classes(manifest, recipe, fitted, recall))
    if recipe.view == "privacy":
        state_misses(folder, corpus.validation)
    report("测速度 / timing")
    card = state(
        read_manifest(folder),
        recipe=recipe,
        learnt=corpus.learnt,
        fitted=fitted,
        outcomes=outcomes,
        training=training,
        machine=_this_machine(),
        ms_per_frame={str(p): ms_per_frame(folder, p) for p in profiles_of(manifest)},
    )
    write_card(folder, card)
    return card


def _fit(
    folder: Path,
    held_out: Sequence[Picture],
    manifest: Manifest,
    recipe: Recipe,
    report: Report,
) -> tuple[Fitted, ...]:
    """Set thresholds and calibration on held-out pictures, in floats at the default shape."""
    part = _Part(
        on="held out",
        pictures=held_out,
        profile=profiles_of(manifest)[0],
        by_people=None,
        in_tiles=recipe.view == "overhead",
        numbered=recipe.numbered,
    )
    return fit(_run(folder, part, report), manifest.labels)


def _measure(
    folder: Path, corpus: Corpus, recipe: Recipe, fitted: Sequence[Fitted], report: Report
) -> tuple[Measured, ...]:
    """Run each set once per profile; the first is validation in the first profile."""
    manifest = _with_classes(read_manifest(folder), recipe, fitted, {})
    _write(folder, manifest)
    thresholds = {each.label: each.threshold for each in fitted}
    return tuple(
        Measured(
            setting=Setting(
                on=part.on,
                profile=str(part.profile),
                thresholds=thresholds,
                by_people=part.by_people,
            ),
            outcome=_run(folder, part, report),
        )
        for part in _plan(manifest, corpus, recipe)
        if part.pictures
    )


def _plan(manifest: Manifest, corpus: Corpus, recipe: Recipe) -> tuple[_Part, ...]:
    profiles = profiles_of(manifest)
    overhead = recipe.view == "overhead"
    everything = frozenset(manifest.labels)
    validation = tuple(
        _Part(
            on="val",
            pictures=corpus.validation,
            profile=profile,
            by_people=everything if overhead else everything - TRAFFIC_LABELS,
            in_tiles=overhead,
            numbered=recipe.numbered,
        )
        for profile in profiles
    )
    aerial = _Part(
        on="aerial val, in tiles",
        pictures=() if overhead else corpus.aerial,
        profile=profiles[0],
        by_people=everything,
        in_tiles=True,
        numbered=recipe.numbered,
    )
    drawn = _Part(
        on="drawn frames",
        pictures=corpus.rendered,
        profile=profiles[0],
        by_people=None,
        in_tiles=overhead,
        numbered=recipe.numbered,
    )
    return (*validation, aerial, drawn)


def _run(folder: Path, part: _Part, report: Report) -> Outcome:
    began = time.perf_counter()
    profile = part.profile
    detector = Detector(folder, shape=profile.shape, floor=FLOOR, precision=profile.precision)
    outcome = run(detector, part.pictures, in_tiles=part.in_tiles, numbered=part.numbered)
    spent = time.perf_counter() - began
    report(f"{part.on}, {profile}: {len(part.pictures)} 张 / pictures, {spent:.0f} s")
    return outcome


def _recall(fitted: Fitted, outcomes: Sequence[Measured]) -> tuple[Recall, ...]:
    """Return recall on photos, of validation in the first profile, and on drawn frames."""
    label, threshold = fitted.label, fitted.threshold
    drawn = (each.outcome for each in outcomes if each.setting.by_people is None)
    return (
        *recall_bands(outcomes[0].outcome, label, threshold=threshold, measured_on="real"),
        *(
            band
            for outcome in drawn
            for band in recall_bands(outcome, label, threshold=threshold, measured_on="rendered")
        ),
    )


def _with_classes(
    manifest: Manifest,
    recipe: Recipe,
    fitted: Sequence[Fitted],
    recall: Mapping[str, tuple[Recall, ...]],
) -> Manifest:
    classes = tuple(
        ClassEntry(
            label=each.label,
            threshold=each.threshold,
            calibration=each.calibration,
            recall=recall.get(each.label, ()),
        )
        for each in fitted
    )
    stated = {"name": recipe.name, "version": recipe.version, "licence": recipe.card.licence}
    return manifest.model_copy(update={**stated, "classes": classes})


def _write(folder: Path, manifest: Manifest) -> None:
    text = manifest.model_dump_json(indent=1)
    (folder / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")


def _this_machine() -> str:
    """Return the processor's kind and cores and the system, without a host's name."""
    return f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}"


def parity_inputs(
    pictures: Sequence[Picture], shapes: Sequence[tuple[int, int]]
) -> list[NDArray[np.float32]]:
    """Return the checkpoint's inputs, (1, 3, height, width), of a few pictures in each shape."""
    inputs = []
    for picture in pictures[:: max(1, len(pictures) // PARITY_PICTURES)]:
        image = read_image(picture.path, longest=max(shapes[0]))
        for shape in shapes:
            tensor = InputTensor(shape, part=Input(name="images", shapes=tuple(shapes)))
            tensor.fill(image)
            inputs.append(tensor.array.copy())
    return inputs
