"""State a model's card from what was measured."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from detect.manifest import Manifest, Precision
from models.corpus.recipe import Recipe
from models.dataset.labelled_pictures import Picture
from models.evaluation.compare import difference
from models.evaluation.evaluate import Outcome
from models.evaluation.measures import Setting, false_alarms, scores, slices
from models.packaging.filing import decide
from models.packaging.fitting import Fitted
from models.registry.card import (
    ClassRecall,
    Comparison,
    DataSource,
    ModelCard,
    Quantised,
    Score,
    Training,
)

EVERYWHERE: Final = "every class everywhere"
LABELLED: Final = "labelled classes only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One run over one set: what was set, and what came of it."""

    setting: Setting
    outcome: Outcome


def state(
    manifest: Manifest,
    *,
    recipe: Recipe,
    learnt: Sequence[Picture],
    fitted: Sequence[Fitted],
    outcomes: Sequence[Measured],
    training: Training,
    machine: str,
    ms_per_frame: Mapping[str, float],
) -> ModelCard:
    """Return the card.

    Args:
        outcomes: validation in the first profile, then in the others, then the further sets.
    """
    first = outcomes[0]
    rows = tuple(row for each in outcomes for row in scores(each.outcome, each.setting))
    on_validation = [s for s in rows if (s.on, s.scoring) == (first.setting.on, EVERYWHERE)]
    return ModelCard(
        name=manifest.name,
        version=manifest.version,
        licence=manifest.licence,
        sha256=manifest.sha256,
        int8_sha256=manifest.int8.sha256 if manifest.int8 else None,
        purpose=recipe.card.purpose,
        labels=manifest.labels,
        data=_data(learnt, recipe),
        scores=rows,
        slices=slices(first.outcome, first.setting),
        false_alarms=false_alarms(first.outcome, first.setting),
        recall=tuple(ClassRecall(label=e.label, bands=e.recall) for e in manifest.classes),
        filing=tuple(decide(each, on_validation) for each in fitted),
        comparison=_comparison(rows, recipe),
        compared_with=recipe.card.baseline.name if recipe.card.baseline else "",
        quantised=_quantised(manifest, outcomes),
        weaknesses=recipe.card.weaknesses,
        does_not_know=recipe.card.does_not_know,
        training=training,
        machine=machine,
        ms_per_frame=dict(ms_per_frame),
    )


def _data(pictures: Sequence[Picture], recipe: Recipe) -> tuple[DataSource, ...]:
    rows = []
    for name, source in recipe.sources.items():
        mine = [p for p in pictures if p.source == name]
        labels = Counter(recipe.numbered[i] for p in mine for i in p.labels)
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


def _comparison(rows: Sequence[Score], recipe: Recipe) -> tuple[Comparison, ...]:
    """Set AP50 on the first set and profile beside the baseline's."""
    baseline = recipe.card.baseline
    if baseline is None:
        return ()
    first = rows[0]
    ours = {
        s.label: s.ap50.value
        for s in rows
        if (s.on, s.profile, s.scoring) == (first.on, first.profile, LABELLED)
    }
    return tuple(
        Comparison(
            label=label,
            baseline=value,
            ours=ours[label],
            reason=None if ours[label] >= value + baseline.margin else baseline.behind,
        )
        for label, value in baseline.ap50.items()
        if label in ours
    )


def _quantised(manifest: Manifest, outcomes: Sequence[Measured]) -> Quantised | None:
    """Say what 8 bits lose on validation, at the first shape that both files have."""
    if manifest.int8 is None:
        return None
    height, width = manifest.int8.shapes[0]
    shape = f"{height}x{width}"
    on = outcomes[0].setting.on
    run = {each.setting.profile: each for each in outcomes if each.setting.on == on}
    floats = run[f"{shape} {Precision.FP32.value}"]
    people = [n for n in floats.outcome.labels if floats.setting.kind(n) == "real"]
    loss = difference(floats.outcome, run[f"{shape} {Precision.INT8.value}"].outcome, people)
    return Quantised(
        sha256=manifest.int8.sha256,
        on=on,
        shape=shape,
        ap50_loss=loss.mean,
        by_label={label: each.value for label, each in loss.by_label.items()},
    )
