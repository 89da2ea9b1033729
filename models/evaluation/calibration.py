"""From raw scores to decisions: thresholds and calibrated chances, on pictures held out."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from detect.manifest import Calibration
from models.evaluation.intervals import wilson_lower
from models.evaluation.scoring import Curve, Floats, PictureMatch

FILING_PRECISION: Final = 0.85
LEAST_RECALL: Final = 0.4
LOWEST: Final = 0.05
PRIOR_WEIGHT: Final = 2.0
MAX_STEPS: Final = 100
LONGEST_STEP: Final = 0.5
BINS: Final = 10
LEAST_SLOPE: Final = 0.05
MOST_SLOPE: Final = 20.0


def filing_threshold(line: Curve) -> float | None:
    """Return the lowest score from which a class may file by itself, None where there is none.

    From there precision is `FILING_PRECISION` by its one-sided 95 % lower bound, and recall useful.
    """
    precision, recall = line.precision, line.recall
    surely = np.array([wilson_lower(share, n) for n, share in enumerate(precision, start=1)])
    files = (line.score >= LOWEST) & (surely >= FILING_PRECISION) & (recall >= LEAST_RECALL)
    # The lowest score that still files gives the highest recall.
    return _rounded(line.score[np.flatnonzero(files)[-1]]) if files.any() else None


def balanced_threshold(line: Curve) -> float:
    """Return the score of the best F1, 0.5 where nothing was found or nothing was there."""
    usable = line.score >= LOWEST
    if line.objects == 0 or not usable.any():
        return 0.5
    precision, recall = line.precision[usable], line.recall[usable]
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    return _rounded(line.score[usable][int(np.argmax(f1))])


def _rounded(score: float) -> float:
    """Round down, so that the detection that set a threshold passes it."""
    return max(LOWEST, float(np.floor(score * 1e4) / 1e4))


def calibrate(matches: Sequence[PictureMatch], *, measured_on: str) -> Calibration:
    """Fit the chance of being true to the raw score, drawn towards leaving it as it is.

    Platt, J. (1999). Probabilistic outputs for support vector machines. Newton's method on the
    logistic loss of log-odds, with a Gaussian prior about slope 1 and offset 0.
    """
    score = np.concatenate([m.score for m in matches]) if matches else np.zeros(0)
    true = np.concatenate([m.true for m in matches]) if matches else np.zeros(0, bool)
    kept = score >= LOWEST
    slope, offset = _platt(score[kept], true[kept].astype(np.float64))
    return Calibration(slope=slope, offset=offset, measured_on=measured_on)


def _platt(score: Floats, true: Floats) -> tuple[float, float]:
    safe = np.clip(score, 1e-6, 1 - 1e-6)
    design = np.column_stack((np.log(safe / (1 - safe)), np.ones_like(safe)))
    weights = _newton(design, true, start=np.array([1.0, 0.0]), free=np.array([1.0, 1.0]))
    if not LEAST_SLOPE <= weights[0] <= MOST_SLOPE:
        start = np.array([np.clip(weights[0], LEAST_SLOPE, MOST_SLOPE), 0.0])
        weights = _newton(design, true, start=start, free=np.array([0.0, 1.0]))
    return float(weights[0]), float(np.clip(weights[1], -20.0, 20.0))


def _newton(design: Floats, true: Floats, *, start: Floats, free: Floats) -> Floats:
    """Minimise the loss over the weights that are free, held towards `start`."""
    weights = start.copy()
    for _ in range(MAX_STEPS):
        chance = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (chance - true) + PRIOR_WEIGHT * (weights - start)
        spread = design * free
        bend = (spread * (chance * (1 - chance))[:, None]).T @ spread + PRIOR_WEIGHT * np.eye(2)
        step = np.linalg.solve(bend, slope * free)
        # Far from the solution the curve is flat and a whole step would overshoot.
        step *= min(1.0, LONGEST_STEP / max(float(np.abs(step).max()), 1e-12))
        weights = weights - step
        if float(np.abs(step).max()) < 1e-8:
            break
    return weights


def calibration_error(matches: Sequence[PictureMatch]) -> float:
    """Return the expected calibration error of detections' chances, 0 without any.

    Of what `detect` hands on (raw score from `LOWEST`), sorted by chance and cut into `BINS` of
    equal counts: the mean over bins, by count, of how far the mean chance lies from the share that
    is true. Nixon, J. et al. (2019). Measuring calibration in deep learning (adaptive bins).
    """
    handed = [m.score >= LOWEST for m in matches]
    chance = np.concatenate(
        [np.zeros(0), *(m.chance[k] for m, k in zip(matches, handed, strict=True))]
    )
    true = np.concatenate([np.zeros(0), *(m.true[k] for m, k in zip(matches, handed, strict=True))])
    order = np.argsort(chance, kind="stable")
    gaps = [
        abs(float(chance[part].mean() - true[part].mean())) * len(part)
        for part in np.array_split(order, BINS)
        if len(part)
    ]
    return sum(gaps) / max(len(chance), 1)
