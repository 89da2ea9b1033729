"""Measure a model on labelled pictures, by the code that runs it on a device."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from detect.detector import Detector
from detect.manifest import Recall
from models.augment import Image, read_image
from models.card import Score
from models.datasets import Picture
from models.labels import STREET_LABELS
from models.scoring import PictureMatch, bootstrap_interval, curve, match

FLOOR: Final = 0.01
BANDS_PX: Final = ((4.0, 16.0), (16.0, 32.0), (32.0, 64.0), (64.0, 128.0), (128.0, 640.0))
ASSUMED_CONCENTRATION: Final = 4.0
ONE_SIDED_95: Final = 1.6449
BOOTSTRAP_ROUNDS: Final = 200
WHOLE_PX: Final = 4096

Scoring = Literal["labelled classes only", "every class everywhere"]
Matches = Mapping[str, tuple[PictureMatch, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What happened on a set: matches per class where it is labelled, and everywhere."""

    pictures: int
    labelled: Matches
    everywhere: Matches


def run(detector: Detector, pictures: Sequence[Picture]) -> Outcome:
    """Detect on every picture and match class by class.

    A picture's unlabelled classes count only in `everywhere`, where each detection of them is
    wrong; where a class is nobody's label in the whole set it stays out.
    """
    labelled: dict[str, list[PictureMatch]] = {name: [] for name in detector.labels}
    everywhere: dict[str, list[PictureMatch]] = {name: [] for name in detector.labels}
    for picture in pictures:
        image = read_image(picture.path, longest=WHOLE_PX)
        for name, result in _matches(detector, picture, image):
            everywhere[name].append(result)
            if name in picture.known:
                labelled[name].append(result)
    known = frozenset().union(*(p.known for p in pictures))
    return Outcome(
        pictures=len(pictures),
        labelled={n: tuple(m) for n, m in labelled.items() if n in known},
        everywhere={n: tuple(m) for n, m in everywhere.items() if n in known},
    )


def _matches(
    detector: Detector, picture: Picture, image: Image
) -> Iterable[tuple[str, PictureMatch]]:
    size = np.array([image.shape[1], image.shape[0]] * 2, np.float32)
    found = detector.detect(image)
    scale = detector.input_scale(image)
    for index, name in enumerate(detector.labels):
        ours = STREET_LABELS.index(name)
        mine = found.label == index
        yield (
            name,
            match(
                found.xyxy[mine],
                found.score[mine].astype(np.float64),
                picture.boxes[picture.labels == ours] * size,
                input_scale=scale,
                unsure=picture.ignored_boxes[picture.ignored_labels == ours] * size,
            ),
        )


def scores(
    outcome: Outcome,
    thresholds: Mapping[str, float],
    *,
    on: str,
    by_people: frozenset[str] | None,
    seed: int,
) -> tuple[Score, ...]:
    """Return both scorings of every class that has objects in the set.

    Args:
        on: what the set is called.
        by_people: classes whose boxes people drew, the others' are a teacher's; None where the
            pictures themselves are drawn.
    """
    both: tuple[tuple[Scoring, Matches], ...] = (
        ("labelled classes only", outcome.labelled),
        ("every class everywhere", outcome.everywhere),
    )
    rows = []
    for scoring, matches in both:
        for name, results in matches.items():
            line = curve(results)
            if line.objects == 0:
                continue
            value = line.average_precision()
            low, high = bootstrap_interval(results, rounds=BOOTSTRAP_ROUNDS, seed=seed)
            precision, recall = line.at(thresholds[name])
            rows.append(
                Score(
                    label=name,
                    measured_on=on,
                    kind=_kind(name, by_people),
                    scoring=scoring,
                    objects=line.objects,
                    ap50=value,
                    low=min(low, value),
                    high=max(high, value),
                    threshold=thresholds[name],
                    precision=precision,
                    recall=recall,
                )
            )
    return tuple(rows)


def _kind(name: str, by_people: frozenset[str] | None) -> Literal["real", "rendered", "teacher"]:
    if by_people is None:
        return "rendered"
    return "real" if name in by_people else "teacher"


def recall_bands(
    matches: Sequence[PictureMatch],
    *,
    threshold: float,
    measured_on: Literal["real", "rendered"],
) -> tuple[Recall, ...]:
    """Return recall by object size at a threshold, with its one-sided 95 % lower bound.

    The bound is Wilson's: Wilson, E. B. (1927). Probable inference, the law of succession, and
    statistical inference. J. Am. Stat. Assoc. 22. A size without objects has no row.
    """
    size = np.concatenate([m.size_px for m in matches]) if matches else np.zeros(0)
    found = np.concatenate([m.found_at for m in matches]) if matches else np.zeros(0)
    rows = []
    for low, high in BANDS_PX:
        inside = (size >= low) & (size < high)
        count = int(inside.sum())
        if count == 0:
            continue
        share = float((found[inside] >= threshold).mean())
        rows.append(
            Recall(
                min_px=low,
                max_px=high,
                mean=share,
                lower=min(share, wilson_lower(share, count)),
                concentration=ASSUMED_CONCENTRATION,
                objects=count,
                measured_on=measured_on,
            )
        )
    return tuple(rows)


def wilson_lower(share: float, count: int) -> float:
    """Return the lower end of Wilson's one-sided 95 % interval of a share of `count` trials."""
    z = ONE_SIDED_95
    middle = share + z * z / (2 * count)
    spread = z * float(np.sqrt(share * (1 - share) / count + z * z / (4 * count * count)))
    return max(0.0, (middle - spread) / (1 + z * z / count))


def text_of(rows: Sequence[Score]) -> str:
    """Return scores as a table of plain text."""
    head = f"{'class':26s} {'scoring':24s} {'n':>5s} {'AP50':>6s} {'95 %':>13s} {'P':>5s} {'R':>5s}"
    lines = [
        f"{r.label:26s} {r.scoring:24s} {r.objects:5d} {r.ap50:6.3f} "
        f"{r.low:6.3f}–{r.high:.3f} {r.precision:6.2f} {r.recall:5.2f}"
        for r in rows
    ]
    return "\n".join([head, *lines])
