"""Recall per pass, from drives over rendered streets whose truth is known.

What a card states of pictures is too low for a pass, which sees a thing in many frames. Drives give
the share of objects that one pass finds, by their size at the best view, and how far that share
differs from object to object.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from detect.manifest import MANIFEST_FILE, ClassEntry, Recall
from models.errors import ModelsError
from models.evaluation.intervals import wilson_lower
from models.evaluation.measures import ASSUMED_CONCENTRATION, BANDS_PX
from models.registry.card import ClassRecall, ModelCard
from models.registry.card_text import write_card
from models.registry.registry import verify

LEAST_OBJECTS: Final = 8
"""Objects seen by several passes from which a concentration is told."""
PASS_BANDS_PX: Final = (
    (4.0, 6.0),
    (6.0, 8.0),
    (8.0, 12.0),
    (12.0, 16.0),
    *(band for band in BANDS_PX if band[0] >= 16.0),
)
"""Below 16 px recall rises so fast with size that a wider band would flatter its small end."""
_CONCENTRATIONS: Final = np.geomspace(0.5, 100.0, 60)


class UnreadableTrials(ModelsError):
    """A file of trials is missing or says something else."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"试验文件 {path} 不能用：{why}", f"the trials in {path} cannot be used: {why}"
        )


class Trial(BaseModel):
    """One object on one pass; `size_px` is 0 where the pass does not claim to have inspected it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    seed: int
    problem: str
    label: str
    size_px: float
    detected: bool
    hidden: bool


_TRIALS: Final = TypeAdapter(tuple[Trial, ...])


def read_trials(path: Path) -> tuple[Trial, ...]:
    """Read trials as JSON.

    Raises:
        UnreadableTrials: the file is missing or malformed.
    """
    try:
        return _TRIALS.validate_json(path.read_bytes())
    except OSError as error:
        raise UnreadableTrials(path, error.strerror or "unreadable") from error
    except ValidationError as error:
        raise UnreadableTrials(path, error.errors()[0]["msg"]) from error


def state_recall(folder: Path, trials: Sequence[Trial]) -> ModelCard:
    """Put recall per pass into a model's manifest and card, in place of that of drawn pictures.

    Classes without trials keep what they have.

    Raises:
        UnusableModel, UnusableCard, CardDisagrees: the folder is not whole.
    """
    model = verify(folder)
    told = recall_per_pass(trials)
    classes = tuple(_restated(entry, told) for entry in model.manifest.classes)
    manifest = model.manifest.model_copy(update={"classes": classes})
    recall = tuple(ClassRecall(label=each.label, bands=each.recall) for each in classes)
    card = model.card.model_copy(update={"recall": recall})
    (folder / MANIFEST_FILE).write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")
    write_card(folder, card)
    return card


def recall_per_pass(trials: Iterable[Trial]) -> Mapping[str, tuple[Recall, ...]]:
    """Give recall by class and size; a pass that claimed nothing of an object is no trial of it."""
    by_label: dict[str, list[Trial]] = defaultdict(list)
    for trial in trials:
        if trial.size_px > 0.0 and not trial.hidden:
            by_label[trial.label].append(trial)
    return {label: _bands(rows) for label, rows in sorted(by_label.items())}


def _restated(entry: ClassEntry, told: Mapping[str, tuple[Recall, ...]]) -> ClassEntry:
    if entry.label not in told:
        return entry
    real = tuple(band for band in entry.recall if band.measured_on != "rendered")
    return entry.model_copy(update={"recall": (*real, *told[entry.label])})


def _bands(trials: Sequence[Trial]) -> tuple[Recall, ...]:
    rows = []
    for low, high in PASS_BANDS_PX:
        inside = [each for each in trials if low <= each.size_px < high]
        if not inside:
            continue
        share = sum(each.detected for each in inside) / len(inside)
        objects = {(each.seed, each.problem) for each in inside}
        told = _concentration(trials, share)
        rows.append(
            Recall(
                min_px=low,
                max_px=high,
                mean=share,
                # Passes over one object are not independent: the bound counts objects.
                lower=min(share, wilson_lower(share, len(objects))),
                concentration=ASSUMED_CONCENTRATION if told is None else told,
                concentration_assumed=told is None,
                objects=len(objects),
                measured_on="rendered",
            )
        )
    return tuple(rows)


def _concentration(trials: Sequence[Trial], share: float) -> float | None:
    """Give a + b of the Beta over objects that makes their repeated passes likeliest.

    Beta-binomial: Skellam, J. G. (1948). J. R. Stat. Soc. B 10. None where too few objects were
    passed more than once, or where all were always found.
    """
    passes: dict[tuple[int, str], list[bool]] = defaultdict(list)
    for each in trials:
        passes[each.seed, each.problem].append(each.detected)
    repeated = [(sum(seen), len(seen)) for seen in passes.values() if len(seen) > 1]
    if len(repeated) < LEAST_OBJECTS or not 0.0 < share < 1.0:
        return None
    likelihood = [_log_likelihood(repeated, share, c) for c in _CONCENTRATIONS]
    return round(float(_CONCENTRATIONS[int(np.argmax(likelihood))]), 2)


def _log_likelihood(repeated: Sequence[tuple[int, int]], share: float, c: float) -> float:
    a, b = share * c, (1.0 - share) * c
    total = 0.0
    for hits, tried in repeated:
        total += sum(np.log(a + k) for k in range(hits))
        total += sum(np.log(b + k) for k in range(tried - hits))
        total -= sum(np.log(c + k) for k in range(tried))
    return float(total)
