"""What an outcome says of a model: scores, slices, false alarms, recall by size."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from detect.manifest import Recall
from detect.quality import Light
from models.evaluation.calibration import calibration_error
from models.evaluation.evaluate import Matches, Outcome
from models.evaluation.intervals import ap50, rate_per_1000, share_of, wilson_lower
from models.evaluation.scoring import Curve, PictureMatch, curve, rank
from models.registry.card import FalseAlarms, Score, Scoring, Slice

BANDS_PX: Final = ((4.0, 16.0), (16.0, 32.0), (32.0, 64.0), (64.0, 128.0), (128.0, 640.0))
LIGHTS: Final[tuple[Light, ...]] = ("day", "dim", "night")
ASSUMED_CONCENTRATION: Final = 4.0
SEED: Final = 11

By = Literal["size", "light", "source"]
Kind = Literal["real", "rendered", "teacher"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What was measured, and with which thresholds.

    Attributes:
        on: what the set is called; `profile` is like `384x640 fp32`.
        thresholds: per class the raw score from which it is reported.
        by_people: classes whose boxes people drew, the others' are a teacher's; None where the
            pictures themselves are drawn.
    """

    on: str
    profile: str
    thresholds: Mapping[str, float]
    by_people: frozenset[str] | None

    def kind(self, label: str) -> Kind:
        """Say whose word counts as truth for a class."""
        if self.by_people is None:
            return "rendered"
        return "real" if label in self.by_people else "teacher"


def scores(outcome: Outcome, setting: Setting) -> tuple[Score, ...]:
    """Return both scorings of every class that has objects in the set."""
    both: tuple[tuple[Scoring, Matches], ...] = (
        ("labelled classes only", outcome.labelled),
        ("every class everywhere", outcome.everywhere),
    )
    return tuple(
        _score(name, results, scoring, setting)
        for scoring, matches in both
        for name, results in matches.items()
        if _objects(results)
    )


def _score(name: str, results: Sequence[PictureMatch], scoring: Scoring, setting: Setting) -> Score:
    threshold = setting.thresholds[name]
    ranking = rank(results)
    line = ranking.curve()
    right, given = _hits(line, threshold)
    return Score(
        label=name,
        on=setting.on,
        profile=setting.profile,
        kind=setting.kind(name),
        scoring=scoring,
        pictures=len(results),
        objects=line.objects,
        ap50=ap50(results, seed=SEED),
        ap50_95=round(float(ranking.average_precisions().mean()), 4),
        threshold=threshold,
        detections=given,
        precision=share_of(right, given),
        recall=share_of(right, line.objects),
        ece=round(calibration_error(results), 4),
    )


def _hits(line: Curve, threshold: float) -> tuple[int, int]:
    """Return how many detections are right and how many there are, from a threshold on."""
    given = line.taken(threshold)
    return round(line.at(threshold)[0] * given), given


def _objects(results: Sequence[PictureMatch]) -> int:
    return sum(len(each.found_at) for each in results)


def slices(outcome: Outcome, setting: Setting) -> tuple[Slice, ...]:
    """Return how well each class is found by size, light and source, where it is labelled."""
    return tuple(
        _slice(by, part, name, matches, setting)
        for by, part, of_part in _parts(outcome)
        for name, matches in of_part.items()
        if _objects(matches)
    )


def _parts(outcome: Outcome) -> Iterable[tuple[By, str, Matches]]:
    whole = outcome.labelled
    for low, high in BANDS_PX:
        sized = {n: tuple(m.of_size(low, high) for m in matches) for n, matches in whole.items()}
        yield "size", f"{low:.0f}–{high:.0f} px", sized
    for light in LIGHTS:
        yield "light", light, outcome.in_light(light).labelled
    for source in sorted({each.source for each in outcome.judged}):
        yield "source", source, outcome.from_source(source).labelled


def _slice(
    by: By, part: str, name: str, matches: Sequence[PictureMatch], setting: Setting
) -> Slice:
    line = curve(matches)
    right, given = _hits(line, setting.thresholds[name])
    return Slice(
        label=name,
        on=setting.on,
        profile=setting.profile,
        by=by,
        name=part,
        pictures=len(matches),
        objects=line.objects,
        ap50=round(line.average_precision(), 4),
        precision=round(right / given, 4) if given else None,
        recall=round(right / line.objects, 4),
    )


def false_alarms(outcome: Outcome, setting: Setting) -> tuple[FalseAlarms, ...]:
    """Return detections at the threshold in the pictures that label a class and have none of it.

    A class that every picture labelling it also shows has no row.
    """
    rows = []
    for name, matches in outcome.labelled.items():
        bare = [each.score for each in matches if len(each.found_at) == 0]
        if not bare:
            continue
        counts = np.array([(score >= setting.thresholds[name]).sum() for score in bare])
        rows.append(
            FalseAlarms(
                label=name,
                on=setting.on,
                profile=setting.profile,
                pictures=len(bare),
                alarms=int(counts.sum()),
                per_1000=rate_per_1000(counts),
            )
        )
    return tuple(rows)


def recall_bands(
    outcome: Outcome, label: str, *, threshold: float, measured_on: Literal["real", "rendered"]
) -> tuple[Recall, ...]:
    """Return recall by object size and light at a threshold, with its one-sided 95 % lower bound.

    A size and light without objects has no row.
    """
    rows = []
    for light in LIGHTS:
        matches = outcome.in_light(light).labelled.get(label, ())
        size = np.concatenate([np.zeros(0), *(m.size_px for m in matches)])
        found = np.concatenate([np.zeros(0), *(m.found_at for m in matches)]) >= threshold
        for low, high in BANDS_PX:
            inside = (size >= low) & (size < high)
            if inside.any():
                share, count = float(found[inside].mean()), int(inside.sum())
                rows.append(
                    Recall(
                        min_px=low,
                        max_px=high,
                        light=light,
                        mean=round(share, 4),
                        lower=round(min(share, wilson_lower(share, count)), 4),
                        concentration=ASSUMED_CONCENTRATION,
                        objects=count,
                        measured_on=measured_on,
                    )
                )
    return tuple(rows)
